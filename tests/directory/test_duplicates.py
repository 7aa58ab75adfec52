"""Suggestions of duplicates: found when told in other words, silent when only related."""

import json
import random
import time
from importlib.resources import files

import pytest

from omzien.directory.actions.importing import import_file
from omzien.directory.duplicates import Candidate, find_pairs
from omzien.directory.models import Service
from omzien.directory.queries.duplicates import suggested_duplicates
from omzien.journal.isolation import working_for


def corpus():
    text = files("omzien.demo").joinpath("data", "meierijstad.jsonl").read_text(encoding="utf-8")
    found = []
    for line in map(json.loads, text.splitlines()):
        contact = line["contact"]
        found.append(
            Candidate(
                id=line["id"],
                title=line["title"],
                provider=line["provider"],
                postcode="5481 AB" if line["address"] else "",
                street=line["address"] or "",
                phones=(contact["phone"] or "",),
                emails=(contact["email"] or "",),
                websites=(contact["url"] or "",),
            )
        )
    return found


def retold(one, rng):
    """The same entry as another person would have typed it."""
    title = one.title
    change = rng.randrange(5)
    if change == 0 and len(title) > 6:
        at = rng.randrange(1, len(title) - 2)
        title = title[:at] + title[at + 1] + title[at] + title[at + 2 :]
    elif change == 1:
        title = title.upper()
    elif change == 2:
        title = f"{title} {rng.choice(['Schijndel', 'Veghel', '2026'])}"
    elif change == 3:
        title = " ".join(reversed(title.split()))
    phones = tuple(p.replace("0413-", "+31 (0)413 ").replace(" ", "") for p in one.phones)
    provider = rng.choice([one.provider, f"Stichting {one.provider}", one.provider.upper()])
    keep = rng.random() < 0.8
    return Candidate(
        id=f"{one.id}-again",
        title=title,
        provider=provider,
        street=one.street,
        postcode=one.postcode.replace(" ", ""),
        phones=phones if keep else (),
        emails=one.emails if keep else (),
    )


def test_of_retold_entries_most_are_found_and_few_others():
    rng = random.Random(7)
    base = corpus()
    doubles = [retold(one, rng) for one in rng.sample(base, 100)]
    pairs = find_pairs(base + doubles, most=1000)
    true = {frozenset((d.id, d.id.removesuffix("-again"))) for d in doubles}
    hit = {frozenset((pair.first, pair.second)) for pair in pairs} & true
    recall, precision = len(hit) / len(true), len(hit) / len(pairs)
    assert recall >= 0.9 and precision >= 0.85, (recall, precision)


def test_two_thousand_entries_take_seconds():
    base = corpus()
    many = [
        Candidate(f"{one.id}-{n}", f"{one.title} {n}", f"{one.provider} {n}", street=f"{n}")
        for n in range(7)
        for one in base
    ]
    start = time.perf_counter()
    find_pairs(many)
    assert time.perf_counter() - start < 8


def test_two_programmes_of_one_desk_are_no_duplicates():
    desk = {"provider": "Gemeente", "phones": ("0413-555 101",), "emails": ("loket@m.example",)}
    one = Candidate("1", "Cursus geldzaken voor jongeren", **desk)
    other = Candidate("2", "Cursus geldzaken voor ouderen", **desk)
    assert find_pairs([one, other]) == []


def test_nothing_gives_nothing():
    assert find_pairs([]) == []
    assert find_pairs([Candidate("1", ""), Candidate("2", "")]) == []


@pytest.mark.django_db
def test_an_import_suggests_and_never_merges(world, tmp_path):
    path = tmp_path / "aanbod.csv"
    path.write_text(
        "titel;omschrijving;aanbieder\n"
        "Open huiskamer de Kersetuin;Koffie op woensdag;Buurtgroep de Kersentuin\n"
    )
    report = import_file(municipality=world.meierijstad, path=path, by="system", dry_run=False)
    (pair,) = report.duplicates
    assert {pair.first_title, pair.second_title} == {
        "Open huiskamer de Kersetuin",
        world.huiskamer.title,
    }
    with working_for("GM1948"):
        assert Service.objects.filter(municipality="GM1948").count() == 3
        assert len(suggested_duplicates(world.meierijstad)) == 1
