"""A day that somebody fills in."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from omzien.web.days import Day


@pytest.mark.parametrize("year", [1, 206, 1850, 2206, 9999])
def test_a_year_that_nobody_means_is_asked_again(year):
    with pytest.raises(ValidationError, match="Klopt het jaar"):
        Day().clean(f"31-12-{year:04}")


@pytest.mark.parametrize("days", [-365 * 100, -1, 0, 365 * 20])
def test_days_of_a_life_are_taken(days):
    day = timezone.localdate() + timedelta(days)
    assert Day().clean(f"{day:%d-%m-%Y}") == day
