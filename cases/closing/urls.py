"""URLs of closing."""

from django.urls import URLPattern, path

from cases.closing import views as closing

urlpatterns: list[URLPattern] = [
    path("vorgaenge/<reference:reference>/antwort/", closing.answer, name="answer"),
    path("vorgaenge/<reference:reference>/abschliessen/", closing.close, name="close"),
    path("vorgaenge/<reference:reference>/weiter-bearbeiten/", closing.go_on, name="go_on"),
    path("vorgaenge/<reference:reference>/wieder-aufnehmen/", closing.reopen, name="reopen"),
]
