"""Addresses of entries."""

from django.urls import path

from omzien.web.entries import views

urlpatterns = [
    path("aanbod/<slug:slug>", views.entry, name="entry"),
    path("aanbod/<slug:slug>/agenda.ics", views.entry_calendar, name="entry-calendar"),
    path("aanbod/<slug:slug>/klopt-niet", views.report_entry, name="report"),
    path("aanbod/<slug:slug>/bewaar", views.keep, name="keep"),
    path("bewaard", views.shortlist, name="shortlist"),
]
