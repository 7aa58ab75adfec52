"""From an incoming entry to one that may come in, or to faults that a person can mend.

Every fault names the row, the field as the person knows it, what is wrong, and what to do.
"""

import hashlib
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from omzien.directory.importing import values, words
from omzien.directory.importing.rows import (
    Checked,
    Findings,
    Incoming,
    IncomingPlace,
    IncomingProvider,
    Wrong,
)
from omzien.directory.rules import is_free
from omzien.kernel.ladder import Rung
from omzien.kernel.text import fold

Check = Callable[[Any], Any]

# Columns of Service with their name on screen and their check.
FACTS: dict[str, tuple[str, Check]] = {
    "status": ("status", values.status),
    "keywords": ("trefwoorden", values.listed(60)),
    "audience": ("doelgroep", values.listed(80)),
    "languages": ("talen", values.languages),
    "age_min": ("leeftijd van", values.age),
    "age_max": ("leeftijd tot en met", values.age),
    "eligibility": ("voorwaarden", values.short(values.LONGEST)),
    "cost": ("kosten", values.line(200)),
    "needs_referral": ("verwijzing nodig", values.flag),
    "without_appointment": ("zonder afspraak", values.maybe),
    "is_meeting_place": ("ontmoetingsplek", values.flag),
    "wheelchair": ("rolstoel", values.maybe),
    "waiting": ("wachttijd", values.line(200)),
    "capacity": ("plaatsen vrij", values.count),
    "capacity_on": ("plaatsen vrij op", values.day),
    "reach": ("bereik", values.reach),
    "email": ("e-mail", values.email),
    "website": ("website", values.url),
    "owner_email": ("e-mail beheerder", values.email),
    "contacts_checked_on": ("contact gecontroleerd op", values.past_day),
    "checked_on": ("gecontroleerd op", values.past_day),
    "is_demo": ("voorbeeld", values.flag),
}
EMPTY: dict[str, Any] = {
    "status": "active", "reach": "municipality", "keywords": [], "audience": [], "languages": [],
    "needs_referral": False, "is_meeting_place": False, "is_demo": False, "eligibility": "",
    "cost": "", "waiting": "", "email": "", "website": "", "owner_email": "",
}  # fmt: skip
TOPICS = "onderwerpen"  # how a person knows that field
MOST_PARTS = 100  # phones, times or places of one entry; more is no entry
PLACE_LIMITS = {"name": 200, "street": 200, "town": 80}
PLACE_LABELS = {"name": "naam plek", "street": "straat", "town": "plaats"}


@dataclass(frozen=True)
class Village:
    """A village as an entry names it: its row, or None where nobody knows it."""

    id: int
    name: str


@dataclass
class Checker:
    """Checks entries one by one and remembers the numbers that it has seen."""

    findings: Findings
    villages: Mapping[str, Village] = field(default_factory=dict)
    prefix: str = ""
    """Goes before every number, so that two sources that both count from 1 stay apart."""
    _seen: dict[str, int] = field(default_factory=dict)
    _left_out: dict[str, str] = field(default_factory=dict)

    def all(self, rows: Iterable[Incoming]) -> Iterator[Checked]:
        """Yield what may come in; what may not is in the findings."""
        for row in rows:
            found = self.one(row)
            # A reader may have found a fault in a part of the row, and left that part out.
            if found is not None and row.row not in self.findings.rows:
                yield found

    def one(self, row: Incoming) -> Checked | None:
        """Return the entry with every value checked, or None after a fault."""
        before = self.findings.faulty
        self._left_out = {}
        title = self._value(row.row, "titel", "title", values.line(200), row.title, "")
        text = self._value(
            row.row, "omschrijving", "description", values.short(values.LONGEST),
            row.description, "",
        )  # fmt: skip
        for name, value in (("titel", title), ("omschrijving", text)):
            if not value and self.findings.faulty == before:
                self.findings.fault(row.row, name, _("Dit veld is leeg. Vul het in."))
        provider = self._provider(row)
        facts = self._facts(row)
        checked = Checked(
            row=row.row,
            external_id=self._number(row, title, provider.name),
            title=title,
            description=text,
            provider=provider,
            topics=self._topics(row),
            rung=self._rung(row),
            facts=facts,
            phones=self._phones(row),
            schedules=None
            if row.schedules is None
            else tuple(dict.fromkeys(row.schedules[:MOST_PARTS])),
            places=self._places(row),
            slug=row.slug,
            source=_storable(dict(row.source)),
            left_out=_storable(self._left_out),
        )
        return checked if self.findings.faulty == before else None

    def _value(self, row: int, label: str, key: str, check: Check, raw: Any, empty: Any) -> Any:
        try:
            return check(raw)
        except Wrong as wrong:
            self.findings.wrong(row, label, wrong.sentence, key=key)
            self._left_out[key] = str(raw)[:2000]
            return empty

    def _number(self, row: Incoming, title: str, provider: str) -> str:
        number = self._value(row.row, "nummer", "id", values.line(120), row.external_id, "")
        made = not number
        if made:
            number = "zonder-nummer-" + _short_hash(fold(provider), fold(title))
        first = self._seen.setdefault(number, row.row)
        if first != row.row:
            self.findings.fault(
                row.row,
                _("titel") if made else _("nummer"),
                _("Aanbieder en titel zijn dezelfde als op regel %(first)d. Geef ze een nummer.")
                % {"first": first}
                if made
                else _('Nummer "%(number)s" staat ook op regel %(first)d. Maak ze verschillend.')
                % {"number": number[:60], "first": first},
            )
        return f"{self.prefix}{number}"[:120]

    def _provider(self, row: Incoming) -> IncomingProvider:
        raw = row.provider
        found = IncomingProvider(
            name=self._value(
                row.row, "aanbieder", "provider", values.line(200), raw.name, "?"
            ),
            kind=self._value(
                row.row, "soort aanbieder", "kind",
                lambda kind: words.one_of(kind, words.KINDS) if kind else "", raw.kind, "",
            ),
            description=self._value(
                row.row, "omschrijving aanbieder", "provider", values.short(values.LONGEST),
                raw.description, "",
            ),
            email=self._value(row.row, "e-mail aanbieder", "email", values.email, raw.email, ""),
            website=self._value(
                row.row, "website aanbieder", "website", values.url, raw.website, ""
            ),
            phone=self._value(
                row.row, "telefoon aanbieder", "phone", values.phone, raw.phone, ""
            ),
            external_id=f"{self.prefix}{raw.external_id}"[:120] if raw.external_id else "",
        )  # fmt: skip
        if not found.name:
            self.findings.fault(
                row.row, _("aanbieder"), _("Dit veld is leeg. Vul in wie dit aanbiedt.")
            )
        return found

    def _facts(self, row: Incoming) -> dict[str, Any]:
        facts = {}
        for name, raw in row.facts.items():
            if name in FACTS:
                label, check = FACTS[name]
                facts[name] = self._value(row.row, label, name, check, raw, EMPTY.get(name))
        if "cost" in facts:
            facts["is_free"] = is_free(facts["cost"])
        youngest, oldest = facts.get("age_min"), facts.get("age_max")
        if youngest is not None and oldest is not None and youngest > oldest:
            self.findings.wrong(
                row.row,
                _("leeftijd van"),
                _("De laagste leeftijd (%(low)d) is hoger dan de hoogste (%(high)d). Draai ze om.")
                % {"low": youngest, "high": oldest},
                key="age_min",
            )
            facts |= {"age_min": None, "age_max": None}
        if facts.get("capacity") is not None and facts.get("capacity_on") is None:
            self.findings.wrong(
                row.row, _("plaatsen vrij op"), _("Vul ook in op welke dag dit zo was."),
                key="capacity",
            )  # fmt: skip
            facts["capacity"] = None
        return facts | self._village(row)

    def _village(self, row: Incoming) -> dict[str, Any]:
        if "village" not in row.facts:
            return {}
        text = self._value(row.row, "kern", "village", values.plain, row.facts["village"], "")
        names = [name.strip() for name in text.split("|") if name.strip()]
        found = [self._known_village(row, name) for name in names]
        return {"village": found[0] if found else None}  # the first is home

    def _known_village(self, row: Incoming, name: str) -> int | None:
        found = self.villages.get(fold(name))
        if found is None:
            near = words.nearest(fold(name), list(self.villages))
            hint = _(" Bedoel je %(near)s?") % {"near": self.villages[near].name} if near else ""
            self.findings.wrong(
                row.row, _("kern"),
                _('Kern "%(name)s" ken ik niet in deze gemeente.%(hint)s')
                % {"name": name[:60], "hint": hint},
                key="village",
            )  # fmt: skip
        return found.id if found else None

    def _topics(self, row: Incoming) -> tuple[str, ...] | None:
        if row.topics is None:
            return None
        found = [
            self._value(row.row, TOPICS, "topics", words.topic, raw, "")
            for raw in row.topics
            if raw.strip()
        ]
        return tuple(dict.fromkeys(code for code in found if code))

    def _rung(self, row: Incoming) -> Rung | None:
        code = self._value(
            row.row, "trede", "rung",
            lambda raw: words.one_of(raw, {k: v.value for k, v in words.RUNGS.items()}),
            row.rung, "",
        ) if row.rung.strip() else ""  # fmt: skip
        return Rung(code) if code else None

    def _phones(self, row: Incoming) -> tuple[tuple[str, str], ...] | None:
        if row.phones is None:
            return None
        note = values.line(120)
        found = [
            (
                self._value(row.row, "telefoon", "phone", values.phone, number, ""),
                self._value(row.row, "telefoon", "phone", lambda raw: note(raw)[:120], text, ""),
            )
            for number, text in row.phones[:MOST_PARTS]
        ]
        return tuple(dict.fromkeys(pair for pair in found if pair[0]))

    def _places(self, row: Incoming) -> tuple[IncomingPlace, ...] | None:
        if row.places is None:
            return None
        return tuple(self._place(row.row, place) for place in row.places[:MOST_PARTS])

    def _place(self, row: int, raw: IncomingPlace) -> IncomingPlace:
        village = self.villages.get(fold(raw.village)) if raw.village else None
        texts = {
            name: self._value(
                row, PLACE_LABELS[name], "place", values.line(most), getattr(raw, name), ""
            )
            for name, most in PLACE_LIMITS.items()
        }
        dutch = fold(raw.country) in ("nl", "nederland", "")
        return replace(
            raw,
            **texts,
            postcode=self._value(
                row, "postcode", "postcode", values.postcode if dutch else values.line(12),
                raw.postcode, "",
            ),
            lat=self._value(
                row, "breedtegraad", "lat", lambda v: values.degrees(v, 90), raw.lat, None
            ),
            lon=self._value(
                row, "lengtegraad", "lon", lambda v: values.degrees(v, 180), raw.lon, None
            ),
            village=village and village.id,
            left=_storable(raw.left),
        )  # fmt: skip


def _short_hash(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:20]


def _storable(value: Any, depth: int = 0) -> Any:
    """Return JSON that PostgreSQL can keep: no NUL, no lone surrogates, no infinity, not deep."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "ignore").decode()
    if isinstance(value, Mapping):
        if depth > 30:
            return {}
        return {_storable(str(k)): _storable(v, depth + 1) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [] if depth > 30 else [_storable(v, depth + 1) for v in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, bool | int):
        return value
    return str(value)
