"""Addresses of the links in a mail."""

from django.urls import path

from omzien.directory.actions.links import CHANGE, CONFIRM, STOP
from omzien.web.freshness import views

urlpatterns = [
    path("bevestig/<str:token>", views.confirm_page, name=CONFIRM),
    path("wijzig/<str:token>", views.change_page, name=CHANGE),
    path("gestopt/<str:token>", views.stop_page, name=STOP),
    path("bevestig/<str:token>/nieuw", views.new_link, {"purpose": CONFIRM}, name="new-confirm"),
    path("wijzig/<str:token>/nieuw", views.new_link, {"purpose": CHANGE}, name="new-change"),
    path("gestopt/<str:token>/nieuw", views.new_link, {"purpose": STOP}, name="new-stop"),
]
