"""Addresses of those who work on questions."""

from django.urls import path

from omzien.web.questions import closed, deeds, finding, inbox, lists, load, question, same

urlpatterns = [
    path("werk", inbox.inbox_page, name="inbox"),
    path("werk/lijst", lists.list_page, name="work-list"),
    path("werk/zoek", finding.find_page, name="find-question"),
    path("werk/lijst/bewaar", lists.keep_filter, name="keep-filter"),
    path("werk/lijst/<uuid:key>/weg", lists.drop_filter, name="drop-filter"),
    path("werk/afgerond", closed.closed_page, name="closed-questions"),
    path("werk/afgerond/<uuid:key>/heropen", deeds.open_again, name="reopen-question"),
    path("werk/werklast", load.caseload_page, name="caseload"),
    path("werk/werklast/teams", load.totals_page, name="caseload-totals"),
    path("werk/taak/<uuid:key>/klaar", deeds.task_done, name="finish-task"),
    path("werk/vraag/<uuid:key>", question.question_page, name="question"),
    path("werk/vraag/<uuid:key>/zelfde-persoon", same.same_page, name="same-person"),
    *(
        path(f"werk/vraag/<uuid:key>/{deed.path}", deeds.view_of(deed), name=deed.name)
        for deed in deeds.DEEDS
    ),
]
