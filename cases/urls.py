"""URLs of cases, grouped by what somebody is doing."""

from django.urls import URLPattern, path

from cases.views import days, deadlines

app_name = "cases"

urlpatterns: list[URLPattern] = [
    # Registering
    # Kein KRM
    # One case
    # Letters and closing
    # Deadlines
    path("fristen/<int:pk>/verlaengern/", deadlines.extend, name="deadline_extend"),
    path("vorgaenge/<str:reference>/ruhen/", deadlines.pause, name="case_pause"),
    path("vorgaenge/<str:reference>/fortsetzen/", deadlines.resume, name="case_resume"),
    # Finding one's work
    # Calendar and house
    path("kalender/", days.days, name="days"),
    path("kalender/neu/", days.day_new, name="day_new"),
    path("kalender/<int:pk>/entfernen/", days.day_remove, name="day_remove"),
]
