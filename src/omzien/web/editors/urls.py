"""Addresses of the editors."""

from django.urls import path

from omzien.web.editors import thesaurus, views

urlpatterns = [
    path("redactie", views.queue_page, name="editors"),
    path("redactie/melding/<uuid:key>", views.settle, name="settle-report"),
    path("redactie/wijziging/<uuid:key>/goed", views.approve, name="approve-edit"),
    path("redactie/wijziging/<uuid:key>/afwijzen", views.reject, name="reject-edit"),
    path("redactie/aanbod/<uuid:key>/klopt", views.confirm_entry, name="editor-confirm"),
    path("redactie/aanbod/<uuid:key>", views.edit_page, name="editor-change"),
    path("redactie/woorden", thesaurus.words_page, name="words"),
    path("redactie/woorden/<int:key>/weg", thesaurus.remove, name="remove-words"),
    path("redactie/mail/<uuid:key>/opnieuw", views.mail_again, name="mail-again"),
]
