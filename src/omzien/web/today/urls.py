"""Addresses of the hats and of the page on which everybody lands."""

from django.urls import path

from omzien.web.accounts.doors import here
from omzien.web.today import demo, views

urlpatterns = [
    path("vandaag", views.today_page, name="today"),
    path("rol", views.hats_page, name="hats"),
    path("demo/rollen", here(demo.choose_role), name="demo-roles"),
    path("rol/kies", views.put_on, name="put-on"),
]
