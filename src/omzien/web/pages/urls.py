"""Addresses of the pages about the site itself."""

from django.urls import path

from omzien.web.pages import style, views

urlpatterns = [
    path("over", views.about, name="about"),
    path("privacy", views.privacy, name="privacy"),
    path("toegankelijkheid", views.accessibility, name="accessibility"),
    path("open-data", views.open_data, name="open-data"),
    path("op-je-eigen-site", views.embed_code, name="embed-code"),
    path("inbedden", views.embedded, name="embedded"),
    path("taal", views.choose_language, name="choose-language"),
    path("stijlgids", style.style_guide, name="style-guide"),
    path(".well-known/security.txt", views.security_txt, name="security-txt"),
    path("gezond", views.healthy, name="healthy"),
    path("demo/post", views.demo_mail, name="demo-mail"),
]
