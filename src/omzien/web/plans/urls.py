"""Addresses of the own network, the plan, measuring and who cares for somebody."""

from django.urls import path

from omzien.web.plans import carers, measuring, network, plans

urlpatterns = [
    path("mijn-netwerk", network.my_network, name="my-network"),
    path("werk/vraag/<uuid:key>/netwerk", network.network_of, name="network-of"),
    path("mijn-vragen/<uuid:key>/plan", plans.my_plan, name="my-plan"),
    path("werk/vraag/<uuid:key>/plan", plans.plan, name="plan"),
    path("mijn-vragen/<uuid:key>/meten/<str:name>", measuring.my_measure, name="my-measure"),
    path("werk/vraag/<uuid:key>/meten/<str:name>", measuring.measure_page, name="measure"),
    path("werk/vraag/<uuid:key>/school", carers.school, name="school-signal"),
    path("beheer/meetlijsten", measuring.instruments, name="instruments"),
    path("zorg-je-voor-iemand", carers.load_check, name="load-check"),
]
