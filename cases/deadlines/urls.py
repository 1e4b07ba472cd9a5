"""URLs of deadlines."""

from django.urls import URLPattern, path

from cases.deadlines.views import calendar_change as days
from cases.deadlines.views import moving as deadlines

urlpatterns: list[URLPattern] = [
    path("fristen/<int:pk>/verlaengern/", deadlines.extend, name="deadline_extend"),
    path("vorgaenge/<reference:reference>/ruhen/", deadlines.pause, name="case_pause"),
    path("vorgaenge/<reference:reference>/fortsetzen/", deadlines.resume, name="case_resume"),
    path("kalender/", days.days, name="days"),
    path("kalender/neu/", days.day_new, name="day_new"),
    path("kalender/<int:pk>/entfernen/", days.day_remove, name="day_remove"),
]
