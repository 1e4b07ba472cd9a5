"""URLs of recusal."""

from django.urls import URLPattern, path

from cases.recusal import views as complained_about

urlpatterns: list[URLPattern] = [
    path("vorgaenge/<reference:reference>/betroffene/", complained_about.employees, name="employees"),
    path(
        "vorgaenge/<reference:reference>/betroffene/<int:pk>/entfernen/",
        complained_about.employee_remove,
        name="employee_remove",
    ),
]
