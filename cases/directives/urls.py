"""URLs of directives."""

from django.urls import URLPattern, path

from cases.directives.views import directive as directives
from cases.directives.views import sheets

urlpatterns: list[URLPattern] = [
    path(
        "vorgaenge/<reference:reference>/dokumentationsblatt.pdf",
        sheets.documentation_sheet,
        name="documentation_sheet",
    ),
    path("vorgaenge/<reference:reference>/verfuegung/", directives.directive, name="directive"),
    path("vorgaenge/<reference:reference>/verfuegung/vorlage/", directives.directive_present, name="directive_present"),
    path("vorgaenge/<reference:reference>/verfuegung/gilt/", directives.directive_issue, name="directive_issue"),
    path("vorgaenge/<reference:reference>/verfuegung/zurueck/", directives.directive_return, name="directive_return"),
    path("vorgaenge/<reference:reference>/verfuegung/weg/", directives.directive_discard, name="directive_discard"),
    path("verfuegungen/punkte/<int:pk>/erledigt/", directives.point_done, name="point_done"),
    path("verfuegungen/<int:pk>/blatt.pdf", directives.directive_sheet, name="directive_sheet"),
]
