"""URLs of statements."""

from django.urls import URLPattern, path

from cases.statements import views

urlpatterns: list[URLPattern] = [
    path("vorgaenge/<reference:reference>/stellungnahme/neu/", views.statement_request, name="statement_request"),
    path("stellungnahmen/<int:pk>/", views.statement, name="statement"),
    path("stellungnahmen/<int:pk>/weitergeben/", views.statement_hand_on, name="statement_hand_on"),
    path("stellungnahmen/<int:pk>/zeichnen/", views.statement_sign, name="statement_sign"),
    path("stellungnahmen/<int:pk>/zurueckgeben/", views.statement_return, name="statement_return"),
    path("stellungnahmen/<int:pk>/zurueckziehen/", views.statement_withdraw, name="statement_withdraw"),
    path("stellungnahmen/<int:pk>/uebertragen/", views.statement_delegate, name="statement_delegate"),
    path("stellungnahmen/<int:pk>/anlage/", views.statement_file, name="statement_file"),
    path(
        "stellungnahmen/<int:pk>/anlage/<int:document>/entfernen/",
        views.statement_file_remove,
        name="statement_file_remove",
    ),
]
