"""URLs of petitions and of the routes they go."""

from django.urls import URLPattern

app_name = "petitions"

urlpatterns: list[URLPattern] = []
