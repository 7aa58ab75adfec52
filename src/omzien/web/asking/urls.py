"""Addresses of asking a person for help."""

from django.urls import path

from omzien.web.asking import receipt, views, worker

urlpatterns = [
    path("vraag", views.ask_page, name="ask"),
    path("vraag/ontvangen", receipt.asked_page, name="asked"),
    path("werk/nieuwe-vraag", worker.ask_for_page, name="ask-for"),
]
