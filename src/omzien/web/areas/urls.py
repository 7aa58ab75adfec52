"""Addresses of areas, agendas and feeds."""

from django.urls import path

from omzien.web.areas import feeds, views

urlpatterns = [
    path("gebied", views.areas, name="areas"),
    path("gebied/<slug:slug>", views.area, name="area"),
    path("gebied/<slug:slug>/agenda.ics", feeds.area_calendar, name="area-calendar"),
    path("gebied/<slug:slug>/nieuw.atom", feeds.area_feed, name="area-feed"),
    path("onderwerp/<slug:code>/agenda.ics", feeds.topic_calendar, name="topic-calendar"),
    path("onderwerp/<slug:code>/nieuw.atom", feeds.topic_feed, name="topic-feed"),
    path("agenda", views.agenda_page, name="agenda"),
    path("kaart.json", views.map_data, name="map-data"),
]
