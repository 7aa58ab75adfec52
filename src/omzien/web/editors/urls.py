"""Addresses of the editors."""

from django.urls import path

from omzien.web.editors import importing, opinions, questions, thesaurus, views

urlpatterns = [
    path("redactie", views.queue_page, name="editors"),
    path("redactie/melding/<uuid:key>", views.settle, name="settle-report"),
    path("redactie/wijziging/<uuid:key>/goed", views.approve, name="approve-edit"),
    path("redactie/wijziging/<uuid:key>/afwijzen", views.reject, name="reject-edit"),
    path("redactie/aanbod", views.entries_page, name="editor-entries"),
    path("redactie/aanbod/nieuw", views.new_page, name="editor-new"),
    path("redactie/aanbod/<uuid:key>/klopt", views.confirm_entry, name="editor-confirm"),
    path("redactie/aanbod/<uuid:key>", views.edit_page, name="editor-change"),
    path("redactie/aanbod/<uuid:key>/weg", views.take_off_page, name="editor-take-off"),
    path("redactie/aanbod/<uuid:key>/terug", views.put_entry_back, name="editor-put-back"),
    path("redactie/woorden", thesaurus.words_page, name="words"),
    path("redactie/woorden/<int:key>/weg", thesaurus.remove, name="remove-words"),
    path("redactie/importeren", importing.import_page, name="import"),
    path("redactie/importeren/voorbeeld.<str:ending>", importing.template, name="import-template"),
    path("redactie/importeren/<uuid:key>", importing.file_page, name="import-file"),
    path("redactie/importeren/<uuid:key>/op-de-site", importing.confirm, name="import-confirm"),
    path("redactie/importeren/<uuid:key>/weg", importing.discard, name="import-discard"),
    path("redactie/importeren/<uuid:key>/terug", importing.undo, name="import-undo"),
    path("redactie/importeren/<uuid:key>/fouten.csv", importing.faults, name="import-faults"),
    path("redactie/meningen", opinions.opinions_page, name="opinions"),
    path("redactie/vragen", questions.questions_page, name="questions"),
    path("redactie/vragen.csv", questions.questions_csv, name="questions-csv"),
    path("redactie/mail/<uuid:key>/opnieuw", views.mail_again, name="mail-again"),
]
