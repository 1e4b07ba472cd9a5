"""URLs of deadlines."""

from django.urls import URLPattern, path

from cases.deadlines.views import calendar_change, moving

urlpatterns: list[URLPattern] = [
    path("fristen/<int:pk>/verlaengern/", moving.extend, name="deadline_extend"),
    path("vorgaenge/<reference:reference>/ruhen/", moving.pause, name="case_pause"),
    path("vorgaenge/<reference:reference>/fortsetzen/", moving.resume, name="case_resume"),
    path("kalender/", calendar_change.days, name="days"),
    path("kalender/neu/", calendar_change.day_new, name="day_new"),
    path("kalender/<int:pk>/entfernen/", calendar_change.day_remove, name="day_remove"),
]
