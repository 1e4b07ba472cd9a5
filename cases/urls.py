"""URLs of cases: each subject brings its own, below one name."""

from django.urls import URLResolver, include, path, register_converter
from django.urls.converters import StringConverter

app_name = "cases"


class ReferenceConverter(StringConverter):
    """The number of a case or an Abgabe; what no database can look up is no such number."""

    regex = r"[^/\x00]{1,24}"


register_converter(ReferenceConverter, "reference")

urlpatterns: list[URLResolver] = [
    path("", include("cases.administration.urls")),
    path("", include("cases.closing.urls")),
    path("", include("cases.deadlines.urls")),
    path("", include("cases.directives.urls")),
    path("", include("cases.handling.urls")),
    path("", include("cases.intake.urls")),
    path("", include("cases.leaving.urls")),
    path("", include("cases.letters.urls")),
    path("", include("cases.notices.urls")),
    path("", include("cases.recusal.urls")),
    path("", include("cases.signing.urls")),
    path("", include("cases.statements.urls")),
    path("", include("cases.transfers.urls")),
    path("", include("cases.workplace.urls")),
]
