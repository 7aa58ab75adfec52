"""Addresses of discussions."""

from django.urls import path

from omzien.web.discussions import views

urlpatterns = [
    path("werk/vraag/<uuid:key>/overleg", views.discussions_page, name="discussions"),
    path("werk/overleg/<uuid:key>/besluit", views.decide_page, name="decide"),
    path("werk/overleg/<uuid:key>/wijzig", views.change_discussion, name="change-discussion"),
    path("werk/overleg", views.anonymous_page, name="anonymous-discussions"),
]
