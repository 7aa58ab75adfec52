"""All addresses."""

from django.urls import include, path

urlpatterns = [
    path("", include("omzien.web.urls")),
    path("", include("omzien.api.urls")),
]
handler404 = "omzien.web.pages.views.not_found"
handler500 = "omzien.web.pages.views.broken"
handler400 = "omzien.web.pages.views.bad_request"
handler429 = "omzien.web.pages.views.too_many"  # where django-allauth counts too many
