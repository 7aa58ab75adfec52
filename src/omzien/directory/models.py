"""The social map. One model of provider for all: equal treatment is in the data model."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from omzien.areas.models import Municipality, Village
from omzien.directory import rules
from omzien.directory.terms import terms_of
from omzien.kernel.ladder import Rung
from omzien.kernel.recurrence import Recurrence
from omzien.kernel.workdays import add_working_days
from omzien.people.models import Organisation
from omzien.people.rules.roles import Actor, Scope


class Domain(models.Model):
    """A life domain ("Geld en rondkomen"): shared reference data."""

    code = models.CharField(primary_key=True, max_length=30)
    label_nl = models.CharField(max_length=80)
    label_en = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.label_nl


class Topic(models.Model):
    """A topic within a domain ("Schulden"): shared reference data with stable codes."""

    code = models.CharField(primary_key=True, max_length=30)
    domain = models.ForeignKey(Domain, models.PROTECT, related_name="topics")
    label_nl = models.CharField(max_length=80)
    label_en = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.label_nl


class Provider(models.Model):
    """Who offers something: an organisation, a club, a company or five neighbours."""

    class Kind(models.TextChoices):
        MUNICIPALITY = "municipality"
        FOUNDATION = "foundation"
        ASSOCIATION = "association"
        WELFARE = "welfare"
        HEALTH = "health"
        EDUCATION = "education"
        COMPANY = "company"
        CHURCH = "church"
        INFORMAL = "informal"
        INITIATIVE = "initiative"
        NATIONAL = "national"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE, null=True)
    # Whose editors keep its entries, and whose initiators its initiative.
    organisation = models.ForeignKey(Organisation, models.SET_NULL, null=True)
    name = models.CharField(max_length=200)
    sort_name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=Kind)
    description = models.TextField(blank=True)
    email = models.EmailField(blank=True)
    website = models.URLField(blank=True, max_length=500)
    phone = models.CharField(max_length=60, blank=True)
    external_id = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["sort_name", "pk"]
        indexes = [models.Index(fields=["municipality", "sort_name"])]

    def __str__(self) -> str:
        return self.name


PLACES = ["town", "street", "name", "pk"]  # the order of places, wherever they stand


class Place(models.Model):
    """Where something happens. A hidden address (a shelter) is never shown or exported."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE, null=True)
    name = models.CharField(max_length=200, blank=True)
    street = models.CharField(max_length=200, blank=True)
    postcode = models.CharField(max_length=12, blank=True)
    town = models.CharField(max_length=80, blank=True)
    village = models.ForeignKey(Village, models.SET_NULL, null=True)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    wheelchair = models.BooleanField(null=True)
    is_hidden = models.BooleanField(default=False)
    external_id = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = PLACES

    def __str__(self) -> str:
        return "(geheim adres)" if self.is_hidden else f"{self.street}, {self.town}"


class ServiceQuerySet(models.QuerySet["Service"]):
    """Named sets of services."""

    def visible_to(self, actor: Actor) -> ServiceQuerySet:
        """Return what `actor` may see: everybody what is published and has not left; who keeps
        entries also the own ones that are not, and who keeps the directory all of them.
        """
        reach = actor.may("directory.change")
        if Scope.ALL in reach:
            return self
        if Scope.OWN in reach and actor.organisation:
            return self.published() | self.filter(provider__organisation=actor.organisation)
        return self.published()

    def kept_by(self, actor: Actor) -> ServiceQuerySet:
        """Return the entries that `actor` keeps true: of the own organisation, or all of them."""
        reach = actor.may("directory.change")
        if Scope.ALL in reach:
            return self.filter(municipality=actor.municipality)
        if Scope.OWN in reach and actor.organisation:
            return self.filter(provider__organisation=actor.organisation)
        return self.none()

    def published(self) -> ServiceQuerySet:
        """Return the services that stand in the public directory."""
        return self.filter(status__in=[Service.Status.ACTIVE, Service.Status.PAUSED], left_on=None)

    def due(self, *, on: date, terms: rules.Terms) -> ServiceQuerySet:
        """Return the services of which something must be checked again on a day."""
        contacts = on - timedelta(days=terms.contacts_days)
        return self.filter(
            Q(checked_on=None)
            | Q(checked_on__lte=on - timedelta(days=terms.all_days))
            | Q(contacts_checked_on__lte=contacts)
            | Q(contacts_checked_on=None, checked_on__lte=contacts)
        )

    def about(self, *topics: str) -> ServiceQuerySet:
        """Return the services that carry any of the topic codes."""
        return self.filter(topics__overlap=list(topics))

    def in_village(self, village: int) -> ServiceQuerySet:
        """Return what a village (key) has: what is at home there, and what has a place there that
        may be shown.
        """
        places = ServicePlace.objects.filter(place__village=village, place__is_hidden=False)
        return self.filter(Q(village=village) | Q(pk__in=places.values("service")))

    def with_details(self) -> ServiceQuerySet:
        """Fetch all that a full entry shows in a fixed number of queries."""
        places = models.Prefetch("places", Place.objects.select_related("village"))
        return self.select_related("provider", "village").prefetch_related(
            places, "schedules", "phones"
        )

    def with_hsds(self) -> ServiceQuerySet:
        """Fetch all that an HSDS object holds in a fixed number of queries (4)."""
        order = [f"place__{field}" for field in PLACES]
        links = ServicePlace.objects.select_related("place").order_by(*order)
        return self.select_related("provider", "village", "municipality").prefetch_related(
            models.Prefetch("serviceplace_set", links), "schedules", "phones"
        )


class Service(models.Model):
    """One entry of the social map: what someone can get or do, from one provider."""

    class Status(models.TextChoices):
        DRAFT = "draft"
        ACTIVE = "active"
        PAUSED = "paused"  # HSDS: temporarily closed
        WITHDRAWN = "withdrawn"  # HSDS: defunct

    class Reach(models.TextChoices):
        VILLAGES = "villages"
        MUNICIPALITY = "municipality"
        REGION = "region"
        NATIONAL = "national"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE, null=True)
    provider = models.ForeignKey(Provider, models.CASCADE, related_name="services")
    slug = models.SlugField(max_length=100)
    title = models.CharField(max_length=200)
    sort_title = models.CharField(max_length=120)
    description = models.TextField()
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    rung = models.CharField(max_length=12, choices=[(r.value, r.value) for r in Rung])
    topics = ArrayField(models.CharField(max_length=30), default=list)
    keywords = ArrayField(models.CharField(max_length=60), default=list)
    audience = ArrayField(models.CharField(max_length=80), default=list)
    languages = ArrayField(models.CharField(max_length=5), default=list)
    age_min = models.PositiveSmallIntegerField(null=True)
    age_max = models.PositiveSmallIntegerField(null=True)
    eligibility = models.TextField(blank=True)
    cost = models.CharField(max_length=200, blank=True)
    is_free = models.BooleanField(null=True)
    needs_referral = models.BooleanField(default=False)
    without_appointment = models.BooleanField(null=True)
    is_meeting_place = models.BooleanField(default=False)
    wheelchair = models.BooleanField(null=True)
    waiting = models.CharField(max_length=200, blank=True)
    capacity = models.PositiveIntegerField(null=True)
    capacity_on = models.DateField(null=True)
    reach = models.CharField(max_length=12, choices=Reach, default=Reach.MUNICIPALITY)
    village = models.ForeignKey(Village, models.SET_NULL, null=True, related_name="+")
    village_ids = ArrayField(models.BigIntegerField(), default=list)  # with reach `villages`
    places = models.ManyToManyField(Place, through="ServicePlace", related_name="services")
    email = models.EmailField(blank=True)
    website = models.URLField(blank=True, max_length=500)
    # Freshness (M03): who keeps it true, and when that was last done.
    owner_email = models.EmailField(blank=True)
    contacts_checked_on = models.DateField(null=True)
    checked_on = models.DateField(null=True)
    left_on = models.DateField(null=True)
    is_demo = models.BooleanField(default=False)
    external_id = models.CharField(max_length=120, blank=True)
    extra = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        ordering = ["sort_title", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "slug"], name="one_entry_per_slug", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(age_min=None) | Q(age_max=None) | Q(age_min__lte=F("age_max")),
                name="youngest_is_not_older_than_oldest",
            ),
            models.CheckConstraint(
                condition=Q(capacity=None) | Q(capacity_on__isnull=False),
                name="capacity_has_a_date",
            ),
        ]
        indexes = [
            models.Index(fields=["municipality", "sort_title"]),
            models.Index(fields=["municipality", "changed_at"]),
            models.Index(fields=["municipality", "checked_on"]),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_public(self) -> bool:
        """Tell whether it stands in the public directory."""
        return self.left_on is None and self.status in (self.Status.ACTIVE, self.Status.PAUSED)

    @property
    def kept_by(self) -> str:
        """Return who keeps the entry true: "provider", or "editors" where no owner is known."""
        return "provider" if self.owner_email else "editors"

    @property
    def due_on(self) -> date:
        """Return the first day on which something must be checked again."""
        return rules.due_on(
            contacts_checked_on=self.contacts_checked_on,
            checked_on=self.checked_on,
            added_on=timezone.localdate(self.created_at),
            terms=terms_of(self.municipality_id),
        )


class Capacity(models.Model):
    """Whether there is room, as who keeps the entry said it last."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    service = models.OneToOneField(Service, models.CASCADE, related_name="room")
    value = models.CharField(max_length=12, choices=[(c, c) for c in rules.Capacity])
    explanation = models.CharField(max_length=200, blank=True)
    as_of = models.DateField()

    def __str__(self) -> str:
        return f"{self.value} ({self.as_of})"

    def on(self, day: date) -> rules.Capacity:
        """Return what is known of the room on a day."""
        return rules.capacity_on(self.value, as_of=self.as_of, on=day)


class ServicePlace(models.Model):
    """A service at a place (HSDS: service_at_location)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE, null=True)
    service = models.ForeignKey(Service, models.CASCADE)
    place = models.ForeignKey(Place, models.CASCADE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service", "place"], name="once_per_place")]

    def __str__(self) -> str:
        return f"{self.service_id} @ {self.place_id}"


class Phone(models.Model):
    """A telephone number of a service."""

    municipality = models.ForeignKey(Municipality, models.CASCADE, null=True)
    service = models.ForeignKey(Service, models.CASCADE, related_name="phones")
    number = models.CharField(max_length=60)
    note = models.CharField(max_length=120, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.number


class Schedule(models.Model):
    """When a service is open or an activity takes place, after RFC 5545.

    `is_activity` tells a gathering that goes on the agenda from opening hours.
    """

    municipality = models.ForeignKey(Municipality, models.CASCADE, null=True)
    service = models.ForeignKey(Service, models.CASCADE, related_name="schedules")
    is_activity = models.BooleanField(default=False)
    first_on = models.DateField()
    starts = models.TimeField()
    ends = models.TimeField()
    rule = models.CharField(max_length=200, blank=True)
    except_on = ArrayField(models.DateField(), default=list)
    also_on = ArrayField(models.DateField(), default=list)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["first_on", "starts", "pk"]

    def __str__(self) -> str:
        return f"{self.starts:%H:%M}-{self.ends:%H:%M} {self.rule}"

    @property
    def recurrence(self) -> Recurrence:
        """Return the rule as the kernel computes with it."""
        return Recurrence(
            first_on=self.first_on,
            starts=self.starts,
            ends=self.ends,
            rule=self.rule,
            except_on=tuple(self.except_on),
            also_on=tuple(self.also_on),
        )


class IndexVersion(models.Model):
    """A counter that moves with every change that search must notice."""

    municipality = models.ForeignKey(Municipality, models.CASCADE, null=True)
    version = models.BigIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality"], name="one_version", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.municipality_id}: {self.version}"


class SearchTokens(models.Model):
    """The analysed words of one service, so that a process only has to load them.

    `tokens` maps a token to its field weight times its count; `topics` to the weight a
    topic has for the entry (1.0 when an editor chose it, less when suggested).
    """

    service = models.OneToOneField(Service, models.CASCADE, primary_key=True, related_name="search")
    municipality = models.ForeignKey(Municipality, models.CASCADE, null=True)
    tokens = models.JSONField(default=dict)
    topics = models.JSONField(default=dict)
    version = models.BigIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["municipality", "version"])]

    def __str__(self) -> str:
        return str(self.service_id)


class Synonym(models.Model):
    """A line of the thesaurus: a plain word and the words it also stands for."""

    municipality = models.ForeignKey(Municipality, models.CASCADE, null=True)
    word = models.CharField(max_length=80)
    means = ArrayField(models.CharField(max_length=80))

    class Meta:
        ordering = ["word"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "word"], name="one_line_per_word", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.word} = {', '.join(self.means)}"


class QuestionCount(models.Model):
    """How often was asked in an area, and how often that found little. Never the text."""

    class Kind(models.TextChoices):
        ASKED = "asked"  # every question, also those that found a lot
        NOTHING = "nothing"
        WEAK = "weak"

    municipality = models.ForeignKey(Municipality, models.CASCADE)
    month = models.DateField()
    area = models.CharField(max_length=80, blank=True)
    topic = models.CharField(max_length=30, blank=True)
    kind = models.CharField(max_length=10, choices=Kind)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "month", "area", "topic", "kind"], name="one_count"
            )
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.area} {self.topic} {self.kind}: {self.count}"


STOPPED = "stopped"  # in `Edit.changes`: the owner says that it is no more, with why


class Edit(models.Model):
    """A change proposed by the owner of an entry; the approved version stays public."""

    class State(models.TextChoices):
        WAITING = "waiting"
        APPROVED = "approved"
        REJECTED = "rejected"
        REPLACED = "replaced"  # by a newer proposal of the same owner

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    service = models.ForeignKey(Service, models.CASCADE, related_name="edits")
    changes = models.JSONField()
    proposed_by = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["service"], condition=Q(state="waiting"), name="one_waiting_edit"
            )
        ]

    def __str__(self) -> str:
        return f"{self.service_id} ({self.state})"

    @property
    def says_stopped(self) -> bool:
        """Tell whether the owner says that the entry stopped."""
        return STOPPED in self.changes

    @property
    def due_on(self) -> date:
        """Return the day by which the editors decide: as long as they have for a report."""
        terms = terms_of(self.municipality_id)
        since = timezone.localdate(self.created_at)
        return add_working_days(since, terms.report_working_days, terms.closed)


class Report(models.Model):
    """A resident says "Klopt dit niet?": the entry is wrong. Has a clock."""

    class Outcome(models.TextChoices):
        CHANGED = "changed"
        CORRECT = "correct"
        REMOVED = "removed"
        PASSED_ON = "passed-on"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    service = models.ForeignKey(Service, models.CASCADE, related_name="reports")
    about = models.CharField(max_length=20)
    text = models.TextField(blank=True, max_length=2000)
    due_on = models.DateField()
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="")
                | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="closed_report_has_an_outcome",
            )
        ]

    def __str__(self) -> str:
        return f"{self.service_id} {self.about}"


class Reminder(models.Model):
    """A request to the owner to confirm an entry. `due_on` names the round it belongs to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    service = models.ForeignKey(Service, models.CASCADE, related_name="reminders")
    what = models.CharField(max_length=10)  # contacts | all
    due_on = models.DateField()
    step = models.PositiveSmallIntegerField()  # 0, 1, 2: days 0, 14, 21
    sent_on = models.DateField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["due_on", "step", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["service", "due_on", "step"], name="one_reminder_per_step"
            )
        ]

    def __str__(self) -> str:
        return f"{self.service_id} {self.what} {self.step}"


class ImportRun(models.Model):
    """One import: what was read, what will be done or was done, and every fault found."""

    class State(models.TextChoices):
        RUNNING = "running"
        CHECKED = "checked"
        DONE = "done"
        REFUSED = "refused"
        TAKEN_BACK = "taken-back"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE, null=True)
    kind = models.CharField(max_length=20)
    file_name = models.CharField(max_length=200)
    is_dry_run = models.BooleanField(default=True)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    rows = models.PositiveIntegerField(default=0)
    report = models.JSONField(default=dict)
    started_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-started_at", "pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name} ({self.state})"


class ImportBefore(models.Model):
    """What an import changed of one entry or one provider, as it was; kept for a month.

    `before` is empty for a provider that the import made, and None when somebody's data in it
    was erased. `stamp` says how the import left the thing (`queries/import_files.py`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="before")
    service = models.ForeignKey(Service, models.CASCADE, null=True, related_name="+")
    provider = models.ForeignKey(Provider, models.CASCADE, null=True, related_name="+")
    before = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    stamp = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "service"], name="one_before_per_entry"),
            models.UniqueConstraint(fields=["run", "provider"], name="one_before_per_provider"),
            models.CheckConstraint(
                condition=Q(service=None, provider__isnull=False)
                | Q(service__isnull=False, provider=None),
                name="before_is_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.service_id or self.provider_id}"


class ImportFileManager(models.Manager["ImportFile"]):
    """Leaves the file itself where it is until somebody asks for it."""

    def get_queryset(self) -> models.QuerySet[ImportFile]:
        """Return files without their contents."""
        return super().get_queryset().defer("content", "faults")


class ImportFile(models.Model):
    """A file that an editor uploaded, between its trial and the button, for a day at most.

    Once it is on the site only its page stays, for a month: to take the import back.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    file_name = models.CharField(max_length=200)
    ending = models.CharField(max_length=8)  # ".csv": tells how to read it
    digest = models.CharField(max_length=64)
    content = models.BinaryField(null=True)
    faults = models.BinaryField(null=True)  # all of them, as packed CSV
    state = models.CharField(
        max_length=10,
        choices=[(s.value, s.value) for s in rules.FileState],
        default=rules.FileState.CHECKING,
    )
    run = models.ForeignKey(ImportRun, models.SET_NULL, null=True)
    step = models.CharField(max_length=10, blank=True)
    rows_done = models.PositiveIntegerField(default=0)
    rows_total = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    good_only = models.BooleanField(default=False)  # somebody chose the good rows, without the rest
    language = models.CharField(max_length=5, default="nl")
    asked_by = models.CharField(max_length=60)  # who uploaded it, then who pressed the button
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    objects = ImportFileManager()

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(content__isnull=False)
                | ~Q(state__in=["checking", "checked", "partly", "writing"]),
                name="file_that_waits_has_its_content",
            ),
            models.UniqueConstraint(
                fields=["municipality", "digest"],
                condition=Q(state__in=["checking", "checked", "partly", "writing"]),
                name="one_waiting_file_of_a_content",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.state})"

    def state_at(self, now: datetime) -> rules.FileState:
        """Return the state, also of a file that is a day old and was not swept up yet."""
        state = rules.FileState(self.state)
        is_old = self.created_at <= now - rules.FILE_KEPT
        return rules.FileState.GONE if is_old and state not in rules.FILE_ON_SITE else state
