"""URLs of recusal."""

from django.urls import URLPattern, path

from cases.recusal import views

urlpatterns: list[URLPattern] = [
    path("vorgaenge/<reference:reference>/betroffene/", views.employees, name="employees"),
    path(
        "vorgaenge/<reference:reference>/betroffene/<int:pk>/entfernen/",
        views.employee_remove,
        name="employee_remove",
    ),
]
