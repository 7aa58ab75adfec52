"""Addresses of aftercare, objections and leaving."""

from django.urls import path

from omzien.web.aftercare import leaving, objections, views

urlpatterns = [
    path("nazorg/<str:token>", views.aftercare_page, name="aftercare"),
    path("werk/nazorg", views.calls_page, name="aftercare-calls"),
    path("werk/nazorg/<uuid:key>/antwoord", views.called, name="aftercare-called"),
    path("mijn-vragen/<uuid:key>/niet-eens", objections.object_page, name="object"),
    path("werk/bezwaren", objections.objections_page, name="objections"),
    path("werk/bezwaar/<uuid:key>", objections.objection_page, name="objection"),
    path("werk/vraag/<uuid:key>/afscheid", leaving.leaving_page, name="leaving"),
]
