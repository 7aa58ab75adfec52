"""Addresses of the resident's own pages."""

from django.urls import path

from omzien.web.mine import mandates, moves, views

urlpatterns = [
    path("mijn-vragen", views.my_questions_page, name="my-questions"),
    path("mijn-vragen/machtigingen", mandates.mandates_page, name="mandates"),
    path("mijn-vragen/machtigingen/antwoord", mandates.answer_mandate, name="answer-mandate"),
    path("mijn-vragen/<uuid:key>", views.my_question_page, name="my-question"),
    path("mijn-vragen/<uuid:key>/bijlage/<int:number>", views.my_attachment, name="my-attachment"),
    path("mijn-vragen/<uuid:key>/notitie", views.my_note, name="my-note"),
    path("mijn-vragen/<uuid:key>/stop", moves.stop, name="my-stop"),
    path("mijn-vragen/<uuid:key>/weer-open", moves.open_again, name="my-reopen"),
    path("mijn-vragen/<uuid:key>/deel-niet-meer", moves.share_no_more, name="share-no-more"),
    path("mijn-vragen/<uuid:key>/wacht-niet-meer", moves.wait_no_more, name="my-wait-off"),
    path("mijn-vragen/<uuid:key>/bestand.<str:form>", moves.my_file, name="my-file"),
]
