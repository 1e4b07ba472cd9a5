"""URLs of cases, grouped by what somebody is doing."""

from django.urls import URLPattern

app_name = "cases"

urlpatterns: list[URLPattern] = [
    # Registering
    # Kein KRM
    # One case
    # Letters and closing
    # Finding one's work
    # Calendar and house
]
