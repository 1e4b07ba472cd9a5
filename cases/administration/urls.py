"""URLs of administration."""

from django.urls import URLPattern, path

from cases.administration.views import accounts, people, rule_sets, substitutions, topics, units
from cases.administration.views.log import log

urlpatterns: list[URLPattern] = [
    path("protokoll/", log, name="log"),
    path("zugang/<str:uidb64>/<str:token>/", accounts.ChoosePassword.as_view(), name="choose_password"),
    path("passwort/", accounts.own_password, name="own_password"),
    path("regelwerke/<int:pk>/neue-fassung/", rule_sets.rule_set_new, name="rule_set_new"),
    path("themen/", topics.topics, name="topics"),
    path("themen/neu/", topics.topic_new, name="topic_new"),
    path("themen/<int:pk>/", topics.topic, name="topic"),
    path("vertretungen/", substitutions.substitutions, name="substitutions"),
    path("vertretungen/neu/", substitutions.substitution_new, name="substitution_new"),
    path("vertretungen/<int:pk>/beenden/", substitutions.substitution_end, name="substitution_end"),
    path("personen/", people.people, name="people"),
    path("personen/neu/", people.person_new, name="person_new"),
    path("personen/<int:pk>/", people.person, name="person"),
    path("personen/<int:pk>/zugangslink/", accounts.access_link, name="access_link"),
    path("personen/<int:pk>/rolle/", people.membership_new, name="membership_new"),
    path("personen/rollen/<int:pk>/beenden/", people.membership_end, name="membership_end"),
    path("einheiten/", units.units, name="units"),
    path("einheiten/neu/", units.unit_new, name="unit_new"),
    path("einheiten/<int:pk>/", units.unit, name="unit"),
]
