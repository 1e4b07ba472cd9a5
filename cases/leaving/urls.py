"""URLs of leaving."""

from django.urls import URLPattern, path

from cases.leaving import views

urlpatterns: list[URLPattern] = [
    path("uebergaben/", views.hand_on, name="hand_on"),
    path("uebergaben/grund/", views.hand_on_reason, name="hand_on_reason"),
]
