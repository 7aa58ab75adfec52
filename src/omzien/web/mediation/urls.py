"""Addresses of neighbour mediation."""

from django.urls import path

from omzien.web.mediation import mediating, mine, reporting, work

urlpatterns = [
    path("buurtbemiddeling", reporting.report_page, name="mediation-report"),
    path("buurtbemiddeling/verstuurd", reporting.reported_page, name="mediation-reported"),
    path("mijn-bemiddeling", mine.my_mediations_page, name="my-mediations"),
    path("mijn-bemiddeling/<uuid:key>", mine.my_mediation_page, name="my-mediation"),
    path("mijn-bemiddeling/<uuid:key>/gesprek.ics", mine.my_calendar, name="my-mediation-talk"),
    path("bemiddelen", mediating.mediations_page, name="mediations"),
    path("bemiddelen/<uuid:key>", mediating.mediating_page, name="mediating"),
    path("bemiddelen/<uuid:key>/gesprek.ics", mediating.mediator_calendar, name="mediator-talk"),
    path("werk/bemiddeling", work.cases_page, name="mediation-cases"),
    path("werk/bemiddeling/verwijzen", reporting.refer_page, name="mediation-refer"),
    path("werk/bemiddeling/verwezen", reporting.referred_page, name="mediation-referred"),
    path("werk/bemiddeling/<uuid:key>", work.case_page, name="mediation"),
    path("werk/bemiddeling/<uuid:key>/gesprek.ics", work.case_calendar, name="mediation-talk"),
    path("werk/bemiddelaars", work.mediators_page, name="mediators"),
]
