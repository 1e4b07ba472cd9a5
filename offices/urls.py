"""URLs of the house: calendar, rules, roles, people."""

from django.urls import URLPattern, path

from offices.views import due_dates, roles, rule_sets

app_name = "offices"

urlpatterns: list[URLPattern] = [
    path("fristenrechner/", due_dates.due_dates, name="due_dates"),
    path("regelwerke/", rule_sets.rule_sets, name="rule_sets"),
    path("regelwerke/<int:pk>/", rule_sets.rule_set, name="rule_set"),
    path("rollen/", roles.roles, name="roles"),
]
