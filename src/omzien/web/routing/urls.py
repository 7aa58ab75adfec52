"""Addresses of the routes."""

from django.urls import path

from omzien.web.routing import proposals, views

urlpatterns = [
    path("beheer/routes", views.routes_page, name="routes"),
    path("beheer/routes/nieuw", views.new_route, name="new-route"),
    path("beheer/routes/voorstel", proposals.propose_page, name="propose-route"),
    path("beheer/routes/voorstellen", proposals.proposals_page, name="route-proposals"),
    path("beheer/routes/voorstel/<uuid:key>", proposals.answer, name="answer-route"),
    path("beheer/routes/voorstel/<uuid:key>/trek-in", proposals.withdraw, name="withdraw-route"),
    path("beheer/routes/advies", proposals.advise_page, name="advise-routes"),
    path("beheer/routes/advies/<uuid:key>", proposals.give_advice, name="give-advice"),
    path("beheer/routes/<uuid:key>/schuif", views.move, name="move-route"),
    path("beheer/routes/<uuid:key>/weg", views.remove, name="remove-route"),
]
