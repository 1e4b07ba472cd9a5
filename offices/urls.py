"""URLs of the house: calendar, rules, roles, people."""

from django.urls import URLPattern

app_name = "offices"

urlpatterns: list[URLPattern] = []
