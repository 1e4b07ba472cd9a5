"""URLs of intake."""

from django.urls import URLPattern, path

from cases.intake import views

urlpatterns: list[URLPattern] = [
    path("erfassen/", views.register, name="register"),
    path("erfassen/entwurf/", views.draft, name="register_draft"),
    path("erfassen/verwerfen/", views.discard, name="register_discard"),
    path("erfassen/hinweise/", views.register_hints, name="register_hints"),
    path("erfassen/fruehere/", views.register_earlier, name="register_earlier"),
    path("erfassen/erfasst/<reference:reference>/", views.registered, name="registered"),
]
