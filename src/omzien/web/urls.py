"""Addresses of the pages."""

from django.urls import include, path

from omzien.web.answers import views as answers

urlpatterns = [
    path("", answers.home, name="home"),
    path("antwoord", answers.answer_page, name="answer"),
    path("", include("omzien.web.asking.urls")),
    path("", include("omzien.web.routing.urls")),
    path("", include("omzien.web.pages.urls")),
    path("", include("omzien.web.entries.urls")),
    path("", include("omzien.web.areas.urls")),
    path("", include("omzien.web.feedback.urls")),
    path("", include("omzien.web.freshness.urls")),
    path("", include("omzien.web.editors.urls")),
    path("", include("omzien.web.accounts.urls")),
    path("", include("omzien.web.today.urls")),
    path("", include("omzien.web.people.urls")),
    path("", include("omzien.web.privacy.urls")),
    path("", include("omzien.web.choices.urls")),
    path("", include("omzien.web.plans.urls")),
    path("", include("omzien.web.signals.urls")),
    path("", include("omzien.web.discussions.urls")),
    path("", include("omzien.web.aftercare.urls")),
    path("", include("omzien.web.questions.urls")),
    path("", include("omzien.web.mine.urls")),
    path("", include("omzien.web.questions.talk_urls")),
    path("", include("omzien.web.handovers.urls")),
    path("", include("omzien.web.mediation.urls")),
    path("", include("omzien.web.prints.urls")),
]
