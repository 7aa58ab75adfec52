"""Addresses of the settings of a municipality, and of its style sheet."""

from django.urls import path

from omzien.web.choices import files, theme, views, villages

urlpatterns = [
    path("thema/<slug:version>.css", theme.stylesheet, name="theme"),
    path("beheer/instellingen", views.start_page, name="settings"),
    path("beheer/instellingen/geschiedenis", views.history_page, name="settings-history"),
    path(
        "beheer/instellingen/geschiedenis/<int:version>", views.change_page, name="settings-change"
    ),
    path("beheer/instellingen/bestand", files.file_page, name="settings-file"),
    path("beheer/instellingen/bestand/download", files.download, name="settings-download"),
    path("beheer/instellingen/bestand/neem-over", files.take_over, name="settings-take-over"),
    path("beheer/instellingen/dorpen", villages.villages_page, name="villages"),
    path("beheer/instellingen/dorpen/<slug:slug>", villages.village_page, name="village"),
    path("beheer/instellingen/dorpen/<slug:slug>/weg", villages.remove, name="remove-village"),
    path("beheer/instellingen/<slug:code>", views.group_page, name="settings-group"),
    path("beheer/instellingen/<slug:code>/terug", views.reset, name="settings-reset"),
]
