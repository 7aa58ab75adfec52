"""Addresses of entries."""

from django.urls import path

from omzien.web.entries import own, views

urlpatterns = [
    path("aanbod/<slug:slug>", views.entry, name="entry"),
    path("aanbod/<slug:slug>/agenda.ics", views.entry_calendar, name="entry-calendar"),
    path("aanbod/<slug:slug>/klopt-niet", views.report_entry, name="report"),
    path("aanbod/<slug:slug>/bewaar", views.keep, name="keep"),
    path("bewaard", views.shortlist, name="shortlist"),
    path("mijn-aanbod", own.own_entries, name="own-entries"),
    path("mijn-aanbod/<uuid:key>/klopt", own.confirm_own, name="confirm-own"),
    path("mijn-aanbod/<uuid:key>/plek", own.own_capacity, name="own-capacity"),
    path("mijn-aanbod/<uuid:key>/gestopt", own.stop_own, name="stop-own"),
    path("mijn-aanbod/<uuid:key>", own.change_own, name="change-own"),
]
