"""URLs of petitions and of the routes they go."""

from django.urls import URLPattern, path

from petitions.views import competence, decision_options, routes

app_name = "petitions"

urlpatterns: list[URLPattern] = [
    path("berichtswege/", routes.routes, name="routes"),
    path("berichtswege/<int:pk>/", routes.route_set, name="route_set"),
    path("berichtswege/<int:pk>/neue-fassung/", routes.route_set_new, name="route_set_new"),
    path("berichtswege/stelle/<str:body>/", routes.representatives, name="representatives"),
    path("berichtswege/entscheidungen/", decision_options.decision_options, name="decision_options"),
    path("petitionen/zustaendigkeit/", competence.competence, name="competence"),
]
