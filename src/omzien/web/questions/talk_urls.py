"""Addresses of the worker's side of a conversation."""

from django.urls import path

from omzien.web.questions import conversation, mandates, texts

urlpatterns = [
    path("werk/vraag/<uuid:key>/gesprek", conversation.conversation_page, name="conversation"),
    path("werk/vraag/<uuid:key>/notitie", conversation.note_down, name="note-down"),
    path("werk/vraag/<uuid:key>/bijlage/<int:number>", conversation.attachment, name="attachment"),
    path("werk/vraag/<uuid:key>/machtigingen", mandates.mandates_page, name="question-mandates"),
    path("werk/vraag/<uuid:key>/machtigingen/stil", mandates.suspend, name="suspend-mandate"),
    path("beheer/standaardteksten", texts.texts_page, name="standard-texts"),
    path("beheer/standaardteksten/<uuid:key>", texts.text_page, name="standard-text"),
    path("beheer/standaardteksten/<uuid:key>/weg", texts.remove, name="remove-standard-text"),
]
