"""Areas are shared reference data: readable by all, owned by no municipality."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Municipality(models.Model):
    """A municipality; `host` is set for those that this installation serves."""

    code = models.CharField(primary_key=True, max_length=6)  # CBS, "GM1948"
    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=80, unique=True)
    host = models.CharField(max_length=120, unique=True, null=True)
    editors_email = models.EmailField(blank=True)  # where the editors of the directory read mail
    # What the functional manager chose, by the codes of `choices/table.py`; what is not here is
    # as Omzien ships it. The version rises with every change, so that other processes notice.
    settings = models.JSONField(default=dict)
    settings_version = models.PositiveIntegerField(default=0)
    # Its villages were changed on a page: loading the shipped ones again leaves them alone.
    keeps_villages = models.BooleanField(default=False)

    class Meta:
        ordering = ["name", "pk"]
        verbose_name_plural = "municipalities"

    def __str__(self) -> str:
        return self.name


class SettingVersion(models.Model):
    """What one setting, or one thing of a village, was and became. Rows are only added.

    Who did it, when and how stands in the fact with the same version: a fact holds no values.
    """

    municipality = models.CharField(max_length=6)  # its CBS code; no key, as in the journal
    version = models.PositiveIntegerField()  # the municipality's `settings_version` after it
    code = models.CharField(max_length=140)  # of `choices/table.py`, or "village.<slug>.<field>"
    # null: nothing was chosen, so that it is as Omzien ships it
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "version", "code"], name="one_line_per_setting_and_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.municipality} {self.version} {self.code}"


class Wijk(models.Model):
    """A CBS wijk in one year's edition."""

    code = models.CharField(max_length=8)  # "WK194802"
    year = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="wijken")
    outline = models.JSONField(null=True)
    figures = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "year"], name="one_wijk_per_year")]
        ordering = ["code", "pk"]

    def __str__(self) -> str:
        return self.name


class Buurt(models.Model):
    """A CBS buurt in one year's edition, with its key figures.

    `figures` holds CBS kerncijfers by their plain name (`areas/rules.py: FIGURES`);
    a figure that is absent is unknown or suppressed, never zero.
    """

    code = models.CharField(max_length=10)  # "BU19480201"
    year = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    wijk_code = models.CharField(max_length=8)
    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="buurten")
    outline = models.JSONField(null=True)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    figures = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "year"], name="one_buurt_per_year")]
        indexes = [models.Index(fields=["municipality", "year"])]
        ordering = ["code", "pk"]
        verbose_name_plural = "buurten"

    def __str__(self) -> str:
        return self.name


class Village(models.Model):
    """A village or town part (kern): a named set of buurten, as residents know it."""

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="villages")
    slug = models.SlugField(max_length=80)
    name = models.CharField(max_length=80)
    also_called = ArrayField(models.CharField(max_length=80), default=list)
    buurt_codes = ArrayField(models.CharField(max_length=10), default=list)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "slug"], name="one_village_per_slug")
        ]
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class Postcode(models.Model):
    """A four-digit postcode with its centre and the buurten it lies in (dominant ones)."""

    pc4 = models.CharField(primary_key=True, max_length=4)
    town = models.CharField(max_length=80)
    lat = models.FloatField()
    lon = models.FloatField()
    buurt_codes = ArrayField(models.CharField(max_length=10), default=list)

    class Meta:
        ordering = ["pc4"]

    def __str__(self) -> str:
        return self.pc4
