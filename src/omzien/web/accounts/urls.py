"""Addresses of signing in and out."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from omzien.web.accounts import looking, views

urlpatterns = [
    path("aanmelden", views.SignIn.as_view(), name="sign-in"),
    path("afmelden", LogoutView.as_view(), name="sign-out"),
    path("account/wie-keek", looking.who_looked_page, name="who-looked"),
]
