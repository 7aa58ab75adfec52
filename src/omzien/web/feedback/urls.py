"""Address of the opinion form."""

from django.urls import path

from omzien.web.feedback import views

urlpatterns = [path("mening", views.feedback, name="feedback")]
