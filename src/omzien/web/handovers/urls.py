"""Addresses of handovers."""

from django.urls import path

from omzien.web.handovers import advice, along, exports, links, lists, offering, sharing, standing

urlpatterns = [
    path("werk/vraag/<uuid:key>/overdragen", offering.offer_page, name="offer"),
    path("werk/vraag/<uuid:key>/samen", along.along_page, name="along"),
    path("werk/raad/<uuid:key>", advice.consult_page, name="consult"),
    path("werk/overdrachten", lists.handovers_page, name="handovers"),
    path("werk/overdrachten.ndjson", exports.team_file, name="handovers-fhir"),
    path("werk/overdracht/<uuid:key>", standing.handover_page, name="handover"),
    path("werk/overdracht/<uuid:key>/fhir.json", exports.one_file, name="handover-fhir"),
    path("werk/overdracht/<uuid:key>/afspraak.ics", exports.calendar, name="handover-calendar"),
    path("mijn-vragen/<uuid:key>/delen", sharing.sharing_page, name="my-sharing"),
    path("mijn-vragen/<uuid:key>/afspraak.ics", exports.own_calendar, name="my-calendar"),
    path("overdracht/<str:token>", links.link_page, name="handover-link"),
    path("overdracht/<str:token>/afspraak.ics", links.link_calendar, name="link-calendar"),
]
