"""Who has which role; giving one and ending one."""

import uuid
from contextlib import suppress
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from omzien.messages.invitations import NoAddress, invite, tell_of_role
from omzien.messages.steps import free_of_second_step
from omzien.people.actions.memberships import (
    appoint,
    appoint_newcomer,
    end_membership,
    may_give,
)
from omzien.people.logs.reading import note, origin_of
from omzien.people.models import Absence, Membership, Organisation, Person, Team
from omzien.people.refusals import (
    HasEnded,
    HasNoTeam,
    NeedsTeam,
    NotOwnOrganisation,
    Refused,
    WrongDates,
    WrongTeam,
)
from omzien.people.rules.looking import Action, Result
from omzien.people.rules.roles import IN_A_TEAM, WITHOUT_MEMBERSHIP, Actor, Role
from omzien.people.rules.steps import Reason
from omzien.web.days import Day
from omzien.web.doors import needs
from omzien.web.freshness.forms import Line
from omzien.web.logged import logged
from omzien.web.people.refused import said
from omzien.web.request import Request, town_of
from omzien.web.today.roles import ROLE_NAMES

# What nobody does any more once the last one with a role is gone.
UNSEEN = {
    Role.CONNECTOR: gettext_lazy(
        "Bewoners zien deze verbinder niet meer. Een dorp zonder andere verbinder staat daarna "
        "bij de coördinator."
    )
}
NOBODY = {
    Role.CHIEF_EDITOR: gettext_lazy(
        "Daarna heeft niemand deze rol: meldingen en wijzigingen van aanbod blijven liggen."
    ),
    Role.POLICY_OFFICER: gettext_lazy(
        "Daarna heeft niemand deze rol: verzoeken om te wissen, lijsten en voorstellen voor een "
        "route blijven liggen."
    ),
    Role.FUNCTIONAL_MANAGER: gettext_lazy(
        "Daarna heeft niemand deze rol: niemand geeft nog rollen of past instellingen aan."
    ),
    Role.PRIVACY_OFFICER: gettext_lazy(
        "Daarna heeft niemand deze rol: niemand kijkt de logboeken na of houdt wissen tegen."
    ),
    Role.TECHNICAL_ADMIN: gettext_lazy(
        "Daarna heeft niemand deze rol: Omzien wist dan alleen zelf, bij het dagelijkse werk."
    ),
}
SOMEBODY_ELSE = "else"
# Where somebody mends what was refused; else at the role.
AT_FIELD: dict[type[Refused], str] = {
    HasNoTeam: "team",
    NeedsTeam: "team",
    WrongTeam: "team",
    NotOwnOrganisation: "organisation",
    HasEnded: "organisation",
    WrongDates: "ends_on",
}
REASONS = {
    Reason.LOST: gettext_lazy("De telefoon of sleutel is kwijt of stuk, en de herstelcodes ook"),
    Reason.REPLACED: gettext_lazy("Er is een nieuwe telefoon; de oude is niet meer te gebruiken"),
    Reason.STOLEN: gettext_lazy("De telefoon of sleutel is gestolen"),
}


class AppointForm(forms.Form):
    """Somebody who is known here or new, and the role that they get."""

    person = forms.ModelChoiceField(Person.objects.none(), required=False)
    name = Line(most=120)
    email = forms.EmailField(
        required=False, error_messages={"invalid": gettext_lazy("Dit is geen mailadres.")}
    )
    phone = Line(most=40)
    meant = forms.ChoiceField(required=False)
    role = forms.ChoiceField(error_messages={"required": gettext_lazy("Kies een rol.")})
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        error_messages={"required": gettext_lazy("Kies een organisatie.")},
    )
    team = forms.ModelChoiceField(Team.objects.none(), required=False)
    ends_on = Day(required=False)

    def __init__(self, *arguments: Any, actor: Actor, **more: Any) -> None:
        """Offer only what this actor may give."""
        super().__init__(*arguments, **more)
        teams = Team.objects.visible_to(actor).live()
        people = Person.objects.visible_to(actor).exclude(pk__in=[actor.person])
        can = people.exclude(account__is_active=False)
        organisations = Organisation.objects.given_by(actor)
        self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]
        self.fields["person"].queryset = can.order_by("name")  # type: ignore[attr-defined]
        self.fields["person"].label_from_instance = _named  # type: ignore[attr-defined]
        self.same = _with_address(people, self._address())
        self.fields["meant"].choices = [  # type: ignore[attr-defined]
            *((str(one.pk), _named(one)) for one in self.same),
            (SOMEBODY_ELSE, _("Iemand anders, met hetzelfde mailadres")),
        ]
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            (role.value, ROLE_NAMES[role]) for role in Role if _is_offered(actor, role, teams)
        ]

    def _address(self) -> str:
        """Return the address that was filled in, "" where it is none."""
        with suppress(ValidationError):
            return str(self.fields["email"].clean(self.data.get("email", "")))
        return ""

    def clean(self) -> dict[str, Any]:
        """Ask for a name and an address where nobody was chosen."""
        cleaned = super().clean() or {}
        if cleaned.get("person"):
            return cleaned
        if not (cleaned.get("name") and cleaned.get("email")):
            self.add_error("name", _("Kies iemand, of vul een naam en een mailadres in."))
        elif self.same:
            self._ask_who_is_meant(cleaned)
        return cleaned

    def _ask_who_is_meant(self, cleaned: dict[str, Any]) -> None:
        meant = cleaned.get("meant")
        if not meant:
            self.add_error("meant", _("Dit mailadres is hier al bekend. Zeg wie je bedoelt."))
        cleaned["person"] = next((one for one in self.same if str(one.pk) == meant), None)


def _named(person: Person) -> str:
    return ", ".join(filter(None, [person.name, person.email]))


def _with_address(people: Any, address: str) -> list[Person]:
    """Return who has this address already, of the people that the actor may see."""
    address = address.strip()
    if not address:
        return []
    mine = Q(email__iexact=address) | Q(account__email__iexact=address)
    return list(people.filter(mine))


def _is_offered(actor: Actor, role: Role, teams: Any) -> bool:
    if role in WITHOUT_MEMBERSHIP:
        return False
    return may_give(actor, role, None) or any(may_give(actor, role, team) for team in teams)


def _everybody(request: Request) -> list[uuid.UUID]:
    seen = Membership.objects.visible_to(request.actor).live(on=timezone.localdate())
    return list(seen.order_by().values_list("person", flat=True).distinct())


@needs("colleague.read")
@require_safe
@logged(purpose="account", kind="membership", about=_everybody)
def members_page(request: Request) -> HttpResponse:
    """Show who has which role, per team."""
    today = timezone.localdate()
    visible = Membership.objects.visible_to(request.actor).live(on=today)
    managed = set(Membership.objects.managed_by(request.actor).values_list("pk", flat=True))
    rows = visible.select_related("person__account", "organisation", "team").order_by(
        "team__name", "person__name", "pk"
    )
    context = {
        "rows": [(one, ROLE_NAMES[Role(one.role)], one.pk in managed) for one in rows],
        "may_appoint": bool(request.actor.may("membership.manage")),
        "may_free": bool(request.actor.may("second_step.remove")),
        "may_shut": bool(request.actor.may("account.close")),
        "may_reopen": bool(request.actor.may("account.reopen")),
        "may_organise": bool(request.actor.may("organisation.manage")),
    }
    return render(request, "people/members.html", context)


def _who_may_be_chosen(request: Request) -> list[uuid.UUID]:
    return list(Person.objects.visible_to(request.actor).values_list("pk", flat=True))


@needs("membership.manage")
@require_http_methods(["GET", "POST"])
@logged(purpose="account", kind="membership", about=_who_may_be_chosen)
def appoint_page(request: Request) -> HttpResponse:
    """Give somebody a role."""
    form = AppointForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            _appoint(request, form.cleaned_data)
        except Refused as refusal:
            form.add_error(AT_FIELD.get(type(refusal), "role"), said(refusal))
        else:
            messages.success(request, _("De rol is gegeven. Hij geldt vanaf nu."))
            return HttpResponseRedirect(reverse("members"))
    context = {"form": form, "in_a_team": [ROLE_NAMES[role] for role in sorted(IN_A_TEAM)]}
    return render(request, "people/appoint.html", context, status=400 if form.errors else 200)


@transaction.atomic
def _appoint(request: Request, wanted: dict[str, Any]) -> None:
    known = wanted.pop("person")
    wanted.pop("meant")
    newcomer = {name: wanted.pop(name) for name in ("name", "email", "phone")}
    wanted |= {
        "role": Role(wanted["role"]),
        "starts_on": timezone.localdate(),
        "by": request.actor,
    }
    if known:
        tell_of_role(membership=appoint(person=known, **wanted), by=request.actor)
        return
    given = appoint_newcomer(municipality=town_of(request), **newcomer, **wanted)
    invite(person=given.person, by=request.actor)


@needs("membership.manage")
@require_POST
def send_invitation(request: Request, key: uuid.UUID) -> HttpResponse:
    """Mail somebody, once more, the link with which they make a way to sign in."""
    managed = Membership.objects.managed_by(request.actor).filter(pk=key, ended_at=None)
    membership = managed.select_related("person__municipality").first()
    if membership is None:
        raise Http404
    try:
        invite(person=membership.person, by=request.actor)
    except NoAddress:
        messages.error(request, _("Van deze persoon is geen mailadres bekend."))
    except Refused as refusal:
        messages.error(request, said(refusal))
    else:
        messages.success(request, _("De uitnodiging is onderweg. Zij werkt zeven dagen."))
    return HttpResponseRedirect(reverse("members"))


@needs("membership.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: Request, key: uuid.UUID) -> HttpResponse:
    """Say what stops when a role ends, and end it at once."""
    managed = Membership.objects.managed_by(request.actor).filter(pk=key)
    membership = managed.select_related("person", "organisation", "team").first()
    if membership is None:
        raise Http404
    if request.method != "POST" and not membership.ended_at:
        note_reading(request, "membership", membership.person, Action.READ)
        return render(request, "people/end.html", what_stops(membership))
    try:
        end_membership(membership=membership, by=request.actor)
    except Refused as refusal:
        messages.error(request, said(refusal))
    else:
        messages.success(request, _("De rol is beëindigd. Hij geldt nergens meer."))
    return HttpResponseRedirect(reverse("members"))


def what_stops(membership: Membership) -> dict[str, Any]:
    """Return the role, for whom it covers now or later, and which other roles go on."""
    today = timezone.localdate()
    covered = Absence.objects.filter(cover=membership, last_on__gte=today)
    live = Membership.objects.live(on=today)
    others = live.filter(person=membership.person_id)
    is_last = not live.filter(role=membership.role).exclude(pk=membership.pk).exists()
    return {
        "membership": membership,
        "role": ROLE_NAMES[Role(membership.role)],
        "unseen": UNSEEN.get(Role(membership.role), ""),
        "nobody": NOBODY.get(Role(membership.role), "") if is_last else "",
        "covered": [one.membership.person.name for one in covered],
        "others": [ROLE_NAMES[Role(one.role)] for one in others.exclude(pk=membership.pk)],
    }


class SecondStepForm(forms.Form):
    """Why, and that it was made sure who asks."""

    reason = forms.ChoiceField(
        choices=list(REASONS.items()),
        error_messages={"required": gettext_lazy("Kies wat er is gebeurd.")},
    )
    is_sure = forms.BooleanField(
        error_messages={
            "required": gettext_lazy("Controleer eerst dat deze persoon het zelf vraagt.")
        }
    )


@needs("second_step.remove")
@require_http_methods(["GET", "HEAD", "POST"])
def second_step_page(request: Request, key: uuid.UUID) -> HttpResponse:
    """Take away the second step of somebody who lost it, with a reason."""
    membership = managed_role(request, key, "second_step.remove")
    person = membership.person
    form = SecondStepForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reason = Reason(form.cleaned_data["reason"])
            free_of_second_step(person=person, reason=reason, by=request.actor)
        except Refused as refusal:
            form.add_error(None, said(refusal))
        else:
            note_reading(request, "second-step", person, Action.CHANGE)
            messages.success(
                request, _("De tweede stap is weg. Deze persoon krijgt daarover een mail.")
            )
            return HttpResponseRedirect(reverse("members"))
    note_reading(request, "second-step", person, Action.READ)
    context = {"form": form, "person": person, "role": ROLE_NAMES[Role(membership.role)]}
    status = 400 if form.errors else 200
    return render(request, "people/second_step.html", context, status=status)


def managed_role(request: Request, key: uuid.UUID, verb: str, **more: bool) -> Membership:
    """Return the role of now that the reader manages under a verb, with whose it is.

    `more` is what else must be so. Raises Http404.
    """
    managed = Membership.objects.managed_by(request.actor, verb).filter(pk=key, **more)
    live = managed.live(on=timezone.localdate())
    found = live.select_related("person__municipality", "person__account").first()
    if found is None:
        raise Http404
    return found


def note_reading(request: Request, kind: str, person: Person, action: Action) -> None:
    """Write that somebody's role was looked at or changed. Raises LogUnavailable."""
    note(
        request.actor,
        purpose="account",
        object=(kind, person.pk),
        action=action,
        result=Result.ALLOWED,
        about=[person.pk],
        origin=origin_of(request),
    )
