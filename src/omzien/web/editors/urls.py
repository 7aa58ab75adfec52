"""Addresses of the editors."""

from django.urls import path

from omzien.web.editors import views

urlpatterns = [
    path("redactie", views.queue_page, name="editors"),
    path("redactie/melding/<uuid:key>", views.settle, name="settle-report"),
    path("redactie/wijziging/<uuid:key>/goed", views.approve, name="approve-edit"),
    path("redactie/wijziging/<uuid:key>/afwijzen", views.reject, name="reject-edit"),
    path("redactie/aanbod/<uuid:key>/klopt", views.confirm_entry, name="editor-confirm"),
    path("redactie/aanbod/<uuid:key>", views.edit_page, name="editor-change"),
    path("redactie/mail/<uuid:key>/opnieuw", views.mail_again, name="mail-again"),
]
