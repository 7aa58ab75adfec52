"""Addresses of the APIs."""

from django.urls import include, path

urlpatterns = [
    path("", include("omzien.api.hsds.urls")),
    path("", include("omzien.api.v1.urls")),
]
