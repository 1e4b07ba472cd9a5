"""URLs of statements."""

from django.urls import URLPattern, path

from cases.statements import views as statements

urlpatterns: list[URLPattern] = [
    path("vorgaenge/<reference:reference>/stellungnahme/neu/", statements.statement_request, name="statement_request"),
    path("stellungnahmen/<int:pk>/", statements.statement, name="statement"),
    path("stellungnahmen/<int:pk>/weitergeben/", statements.statement_hand_on, name="statement_hand_on"),
    path("stellungnahmen/<int:pk>/zeichnen/", statements.statement_sign, name="statement_sign"),
    path("stellungnahmen/<int:pk>/zurueckgeben/", statements.statement_return, name="statement_return"),
    path("stellungnahmen/<int:pk>/zurueckziehen/", statements.statement_withdraw, name="statement_withdraw"),
    path("stellungnahmen/<int:pk>/uebertragen/", statements.statement_delegate, name="statement_delegate"),
    path("stellungnahmen/<int:pk>/anlage/", statements.statement_file, name="statement_file"),
    path(
        "stellungnahmen/<int:pk>/anlage/<int:document>/entfernen/",
        statements.statement_file_remove,
        name="statement_file_remove",
    ),
]
