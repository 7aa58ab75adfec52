"""Addresses of what is meant for paper."""

from django.urls import path

from omzien.web.prints import views

urlpatterns = [
    path("werk/vraag/<uuid:key>/afdruk", views.question, name="question-print"),
    path("werk/vraag/<uuid:key>/plan/afdruk", views.plan, name="plan-print"),
    path("mijn-vragen/<uuid:key>/afdruk", views.my_question, name="my-question-print"),
    path("mijn-vragen/<uuid:key>/plan/afdruk", views.my_plan, name="my-plan-print"),
    path("account/gegevens/afdruk", views.own_data, name="own-print"),
]
