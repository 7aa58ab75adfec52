"""Addresses of the register, of one's own data, and of what is erased when."""

from django.urls import path

from omzien.web.privacy import data, logs, retention, views

urlpatterns = [
    path("privacy/register", views.register_page, name="register"),
    path("account/gegevens", data.own_data, name="own-data"),
    path("account/gegevens/wissen", data.ask_erasure, name="ask-erasure"),
    path("account/gegevens/wissen/intrekken", data.withdraw_erasure, name="withdraw-erasure"),
    path("account/gegevens.<str:form>", data.own_file, name="own-file"),
    path("beheer/gegevens", data.find_person, name="find-person"),
    path("beheer/gegevens/<uuid:key>", data.data_of, name="data-of"),
    path("beheer/gegevens/<uuid:key>.<str:form>", data.file_of, name="file-of"),
    path("beheer/logboek", logs.log_page, name="access-log"),
    path("beheer/bewaren", retention.retention_page, name="retention"),
    path("beheer/bewaren/vasthouden", retention.place_hold, name="place-hold"),
    path("beheer/bewaren/los/<uuid:key>", retention.lift_hold, name="lift-hold"),
    path("beheer/bewaren/<uuid:key>/goedkeuren", retention.approve_list, name="approve-list"),
    path("beheer/bewaren/<uuid:key>/afwijzen", retention.refuse, name="refuse-request"),
    path("beheer/bewaren/<uuid:key>/uitvoeren", retention.run_list, name="run-list"),
]
