"""URLs of directives."""

from django.urls import URLPattern, path

from cases.directives.views import directive, sheets

urlpatterns: list[URLPattern] = [
    path(
        "vorgaenge/<reference:reference>/dokumentationsblatt.pdf",
        sheets.documentation_sheet,
        name="documentation_sheet",
    ),
    path("vorgaenge/<reference:reference>/verfuegung/", directive.directive, name="directive"),
    path("vorgaenge/<reference:reference>/verfuegung/vorlage/", directive.directive_present, name="directive_present"),
    path("vorgaenge/<reference:reference>/verfuegung/gilt/", directive.directive_issue, name="directive_issue"),
    path("vorgaenge/<reference:reference>/verfuegung/zurueck/", directive.directive_return, name="directive_return"),
    path("vorgaenge/<reference:reference>/verfuegung/weg/", directive.directive_discard, name="directive_discard"),
    path("verfuegungen/punkte/<int:pk>/erledigt/", directive.point_done, name="point_done"),
    path("verfuegungen/<int:pk>/blatt.pdf", directive.directive_sheet, name="directive_sheet"),
]
