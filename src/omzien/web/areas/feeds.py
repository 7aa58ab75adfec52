"""Calendars (RFC 5545) and Atom feeds (RFC 4287) per area and per topic."""

from collections.abc import Iterable

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_safe

from omzien.choices.queries import dutch_label
from omzien.directory.language.topics import all_topics
from omzien.directory.models import Service, ServiceQuerySet
from omzien.directory.queries.calendars import calendar_of, named
from omzien.people.rules.roles import PUBLIC
from omzien.web.areas.views import village_of
from omzien.web.doors import switched
from omzien.web.request import Request

NEWEST = 30


@switched("feeds")
@require_safe
def area_calendar(request: Request, slug: str) -> HttpResponse:
    """Give the activities of a village as a calendar to subscribe to."""
    village = village_of(request, slug)
    services = Service.objects.visible_to(PUBLIC).in_village(village.id)
    return _calendar(request, f"Agenda {village.name}", services)


@switched("feeds")
@require_safe
def topic_calendar(request: Request, code: str) -> HttpResponse:
    """Give the activities on a topic as a calendar to subscribe to."""
    label = _topic(request, code)
    return _calendar(request, f"Agenda: {label}", Service.objects.visible_to(PUBLIC).about(code))


@switched("feeds")
@require_safe
def area_feed(request: Request, slug: str) -> HttpResponse:
    """Give what changed in a village as an Atom feed."""
    village = village_of(request, slug)
    found = Service.objects.visible_to(PUBLIC).in_village(village.id)
    address = reverse("area", args=[slug])
    return _feed(
        request, f"Nieuw in {village.name}", address, found.order_by("-changed_at", "pk")[:NEWEST]
    )


@switched("feeds")
@require_safe
def topic_feed(request: Request, code: str) -> HttpResponse:
    """Give what changed on a topic as an Atom feed."""
    label = _topic(request, code)
    found = Service.objects.visible_to(PUBLIC).about(code).order_by("-changed_at", "pk")[:NEWEST]
    address = f"{reverse('answer')}?topic={code}"
    return _feed(request, f"Nieuw over: {label}", address, found)


def _topic(request: Request, code: str) -> str:
    if code not in all_topics() or request.municipality is None:
        raise Http404
    return dutch_label(code, request.municipality)


def _calendar(request: Request, name: str, services: ServiceQuerySet) -> HttpResponse:
    """Return the activities of services; when they are open is no event."""
    found = services.filter(schedules__is_activity=True).distinct().with_details()
    events = ((s, one) for s in found for one in s.schedules.all() if one.is_activity)
    text = calendar_of(events, name=name, origin=_origin(request))
    return HttpResponse(text, content_type="text/calendar; charset=utf-8")


def _feed(request: Request, title: str, address: str, services: Iterable[Service]) -> HttpResponse:
    origin = _origin(request)
    services = list(services)
    title = named(title, services)
    feed = Atom1Feed(
        title=title,
        link=origin + address,
        description=title,
        language="nl",
        feed_url=origin + request.path,
    )
    for service in services:
        feed.add_item(
            title=service.title,
            link=origin + reverse("entry", args=[service.slug]),
            description=service.description[:500],
            unique_id=f"urn:uuid:{service.pk}",
            updateddate=service.changed_at,
            pubdate=service.created_at,
        )
    return HttpResponse(
        feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8"
    )


def _origin(request: Request) -> str:
    return f"{request.scheme}://{request.get_host()}"
