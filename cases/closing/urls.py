"""URLs of closing."""

from django.urls import URLPattern, path

from cases.closing import views

urlpatterns: list[URLPattern] = [
    path("vorgaenge/<reference:reference>/antwort/", views.answer, name="answer"),
    path("vorgaenge/<reference:reference>/abschliessen/", views.close, name="close"),
    path("vorgaenge/<reference:reference>/weiter-bearbeiten/", views.go_on, name="go_on"),
    path("vorgaenge/<reference:reference>/wieder-aufnehmen/", views.reopen, name="reopen"),
]
