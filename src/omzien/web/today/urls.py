"""Addresses of the hats and of the page on which everybody lands."""

from django.urls import path

from omzien.web.today import views

urlpatterns = [
    path("vandaag", views.today_page, name="today"),
    path("rol", views.hats_page, name="hats"),
    path("rol/kies", views.put_on, name="put-on"),
]
