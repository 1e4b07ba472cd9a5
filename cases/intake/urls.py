"""URLs of intake."""

from django.urls import URLPattern, path

from cases.intake import views as register

urlpatterns: list[URLPattern] = [
    path("erfassen/", register.register, name="register"),
    path("erfassen/entwurf/", register.draft, name="register_draft"),
    path("erfassen/verwerfen/", register.discard, name="register_discard"),
    path("erfassen/hinweise/", register.register_hints, name="register_hints"),
    path("erfassen/fruehere/", register.register_earlier, name="register_earlier"),
    path("erfassen/erfasst/<reference:reference>/", register.registered, name="registered"),
]
