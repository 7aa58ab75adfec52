"""Addresses of the links in a mail."""

from django.urls import path

from omzien.directory.actions.links import CHANGE, CONFIRM
from omzien.web.freshness import views

urlpatterns = [
    path("bevestig/<str:token>", views.confirm_page, name=CONFIRM),
    path("wijzig/<str:token>", views.change_page, name=CHANGE),
    path("bevestig/<str:token>/nieuw", views.new_link, {"purpose": CONFIRM}, name="new-confirm"),
    path("wijzig/<str:token>/nieuw", views.new_link, {"purpose": CHANGE}, name="new-change"),
]
