"""Addresses of people, teams, absence and the access review, and of the role table."""

from django.urls import path

from omzien.web.people import absences, closing, members, reopening, reviews, roles, teams

urlpatterns = [
    path("rollen", roles.roles_page, name="roles"),
    path("beheer/mensen", members.members_page, name="members"),
    path("beheer/mensen/nieuw", members.appoint_page, name="appoint"),
    path("beheer/mensen/<uuid:key>/nodig-uit", members.send_invitation, name="invite"),
    path("beheer/mensen/<uuid:key>/eindig", members.end, name="end-membership"),
    path("beheer/mensen/<uuid:key>/tweede-stap", members.second_step_page, name="free-step"),
    path("beheer/mensen/<uuid:key>/sluit", closing.shut_page, name="shut-out"),
    path("beheer/mensen/heropen", reopening.by_mail_page, name="reopen-by-mail"),
    path("beheer/mensen/<uuid:key>/heropen", reopening.member_page, name="reopen-account"),
    path("beheer/teams", teams.teams_page, name="teams"),
    path("beheer/teams/nieuw", teams.team_page, name="new-team"),
    path("beheer/teams/<uuid:key>", teams.team_page, name="team"),
    path("beheer/teams/<uuid:key>/archiveer", teams.archive, name="archive-team"),
    path("beheer/organisaties", teams.organisations_page, name="organisations"),
    path("beheer/organisaties/<uuid:key>", teams.organisation_page, name="organisation"),
    path("beheer/organisaties/<uuid:key>/hef-op", teams.end, name="end-organisation"),
    path("beheer/organisaties/<uuid:key>/neem-weer", teams.reopen, name="reopen-organisation"),
    path("beheer/afwezig", absences.absences_page, name="absences"),
    path("beheer/afwezig/<uuid:key>/terug", absences.back, name="be-back"),
    path("beheer/toegang", reviews.review_page, name="review"),
    path("beheer/toegang/<uuid:key>", reviews.answer, name="answer-review"),
]
