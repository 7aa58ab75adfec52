"""Addresses of what is acute, of worries about somebody and of early signals."""

from django.urls import path

from omzien.web.signals import crisis, early, emergency, worries

urlpatterns = [
    path("zorgen", worries.worried_page, name="worried"),
    path("zorgen/verstuurd", worries.sent_page, name="worried-sent"),
    path("werk/acuut", crisis.crises_page, name="crises"),
    path("werk/vraag/<uuid:key>/acuut", crisis.crisis_page, name="crisis"),
    path("werk/noodinzage", emergency.break_glass_page, name="break-glass"),
    path("werk/noodinzages", emergency.emergencies_page, name="emergency-readings"),
    path("werk/noodinzages/<uuid:key>/nagekeken", emergency.review_page, name="review-emergency"),
    path("werk/signalen", worries.signals_page, name="signals"),
    path("werk/signaal/<uuid:key>", worries.signal_page, name="signal"),
    path("werk/vroegsignalen", early.early_page, name="early-signals"),
    path("werk/vroegsignalen/voorbeeld.csv", early.template, name="early-template"),
    path("werk/vroegsignaal/<uuid:key>", early.early_signal_page, name="early-signal"),
]
