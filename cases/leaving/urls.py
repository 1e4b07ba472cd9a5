"""URLs of leaving."""

from django.urls import URLPattern, path

from cases.leaving import views as hand_on

urlpatterns: list[URLPattern] = [
    path("uebergaben/", hand_on.hand_on, name="hand_on"),
    path("uebergaben/grund/", hand_on.hand_on_reason, name="hand_on_reason"),
]
