"""The lines of the two logs. Codes, random keys and hashes only: never a name or a text.

Nothing here is written through the ORM: `writing.write` calls `log_access` of PostgreSQL,
and a trigger gives each line its number, time, previous hash and hash.
"""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q

from omzien.people.rules.roles import Actor

CODE = r"^[a-z][a-z0-9_.-]*$"
KEY = r"^([0-9a-f][0-9a-f-]*)?$"  # a number or a UUID: no word fits in it
ACTOR = r"^([0-9a-f][0-9a-f-]{35}|visitor|system)$"


class AccessLines(models.QuerySet["AccessLine"]):
    """Named sets of access lines."""

    def visible_to(self, actor: Actor) -> "AccessLines":
        """Return the whole log for who oversees it, and for others what is about themselves."""
        if actor.may_all("log.read"):
            return self
        return self.filter(about=actor.person) if actor.person else self.none()

    def done_by(self, actor: Actor) -> "AccessLines":
        """Return what `actor` did themselves, in any role, for who may look that up."""
        if not actor.may("access.own_acts") or actor.person is None:
            return self.none()
        return self.filter(actor=str(actor.person))


class AccessLine(models.Model):
    """Somebody did something with somebody's data, or was refused (BIO2 8.15.01, NEN 7513)."""

    municipality = models.CharField(max_length=6)
    number = models.BigIntegerField()
    at = models.DateTimeField()
    action = models.CharField(max_length=12)
    object_kind = models.CharField(max_length=40)
    object_id = models.CharField(max_length=36, blank=True)
    result = models.CharField(max_length=12)
    channel = models.CharField(max_length=8)
    # Keyed, with a key of one day: the same visitor is the same visitor within that day only.
    address_hash = models.CharField(max_length=24, blank=True)
    actor = models.CharField(max_length=36)
    role = models.CharField(max_length=40)
    organisation = models.CharField(max_length=36, blank=True)
    purpose = models.CharField(max_length=40)  # a code of rules/processing.py
    on_behalf_of = models.UUIDField(null=True)
    # The person's key; empty where there are several: then the processing lines tell.
    about = models.UUIDField(null=True)
    operation_id = models.CharField(max_length=16)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = AccessLines.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "number"], name="access_line_number"),
            models.CheckConstraint(
                name="access_line_holds_codes",
                condition=Q(
                    action__regex=CODE,
                    object_kind__regex=CODE,
                    object_id__regex=KEY,
                    actor__regex=ACTOR,
                    role__regex=CODE,
                    organisation__regex=KEY,
                    purpose__regex=CODE,
                    address_hash__regex=r"^([0-9a-f]{24})?$",
                    operation_id__regex=r"^[0-9a-f]{16}$",
                ),
            ),
        ]
        indexes = [
            models.Index(
                fields=["about", "at"], condition=Q(about__isnull=False), name="access_about"
            ),
            models.Index(fields=["operation_id"], name="access_operation"),
            # What one worker did, newest first: somebody is in one municipality.
            models.Index(fields=["actor", "number"], name="access_actor"),
            # Lines come in the order of time: a few pages of this say where a day is, and
            # writing a line costs nothing more.
            BrinIndex(fields=["at"], name="access_at", autosummarize=True, pages_per_range=16),
        ]

    def __str__(self) -> str:
        return f"{self.municipality} {self.number}: {self.actor} {self.action} {self.object_kind}"


class ProcessingLine(models.Model):
    """One processing of the data of one person, without who did it (Logboek Dataverwerkingen).

    A processing of nobody's or of several persons' data has a line without a person; each of
    several persons then has a line below it (`parent_operation_id`), as the standard asks.
    """

    municipality = models.CharField(max_length=6)
    number = models.BigIntegerField()
    trace_id = models.CharField(max_length=32)
    operation_id = models.CharField(max_length=16)
    parent_operation_id = models.CharField(max_length=16, null=True)
    foreign_trace_id = models.CharField(max_length=32, null=True)
    foreign_operation_id = models.CharField(max_length=16, null=True)
    foreign_entity = models.CharField(max_length=200, null=True)
    status_code = models.SmallIntegerField()
    name = models.CharField(max_length=60)
    start_time = models.DateTimeField()
    end_time = models.DateTimeField()
    resource = models.CharField(max_length=40)
    processing_activity = models.CharField(max_length=40)
    data_subject_id = models.CharField(max_length=64, null=True)
    # The `operation_id` of the access line: the link between the two logs, and no user.
    access_operation_id = models.CharField(max_length=16)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "number"], name="processing_line_number"
            ),
            models.CheckConstraint(
                name="processing_line_holds_codes",
                condition=Q(
                    trace_id__regex=r"^[0-9a-f]{32}$",
                    operation_id__regex=r"^[0-9a-f]{16}$",
                    access_operation_id__regex=r"^[0-9a-f]{16}$",
                    name__regex=CODE,
                    processing_activity__regex=CODE,
                    resource__regex=r"^[a-z]+@[0-9a-z.+-]+$",
                    status_code__in=(0, 1, 2),
                )
                & (Q(data_subject_id=None) | Q(data_subject_id__regex=r"^[0-9a-f]{64}$"))
                & (Q(parent_operation_id=None) | Q(parent_operation_id__regex=r"^[0-9a-f]{16}$"))
                & (Q(foreign_trace_id=None) | Q(foreign_trace_id__regex=r"^[0-9a-f]{32}$"))
                & (Q(foreign_operation_id=None) | Q(foreign_operation_id__regex=r"^[0-9a-f]{16}$"))
                & (Q(foreign_entity=None) | Q(foreign_entity__regex=r"^[a-z]+:[!-?A-~]+$")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["data_subject_id"],
                condition=Q(data_subject_id__isnull=False),
                name="processing_subject",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.municipality} {self.number}: {self.name}"


class LogHead(models.Model):
    """The last number and hash of one log of one municipality: shows that the end was cut off."""

    municipality = models.CharField(max_length=6)
    log = models.CharField(max_length=12)
    number = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, blank=True, default="")  # the hash before it
    # The last line that went because its term was over, and its hash: the first line left follows.
    start_number = models.BigIntegerField(db_default=0)
    start_hash = models.CharField(max_length=64, db_default="0" * 64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "log"], name="one_head_per_log")
        ]

    def __str__(self) -> str:
        return f"{self.municipality} {self.log} {self.number} {self.hash}"
