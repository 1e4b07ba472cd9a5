"""URLs of handling."""

from django.urls import URLPattern, path

from cases.handling.views import assign as working
from cases.handling.views import conduct
from cases.handling.views import ladder as escalation

urlpatterns: list[URLPattern] = [
    path("vorgaenge/<reference:reference>/uebernehmen/", working.accept, name="accept"),
    path("vorgaenge/<reference:reference>/uebergeben/", working.hand_to_unit, name="hand_to_unit"),
    path("vorgaenge/<reference:reference>/zurueckgeben/", working.return_to_krm, name="return_to_krm"),
    path("vorgaenge/<reference:reference>/zuweisen/", working.assign_handler, name="assign"),
    path("vorgaenge/<reference:reference>/eskalation/", escalation.escalate, name="escalate"),
    path("vorgaenge/<reference:reference>/gespraech/", escalation.talk, name="talk"),
    path("vorgaenge/<reference:reference>/lob/", escalation.praise, name="praise"),
    path("auftraege/kenntnis/", escalation.assignments_noted, name="assignments_noted"),
    path("auftraege/<int:pk>/erledigt/", escalation.assignment_done, name="assignment_done"),
    path("vorgaenge/<reference:reference>/zugriff/", working.single_access, name="access"),
    path("vorgaenge/<reference:reference>/zugriff/<int:pk>/entziehen/", working.withdraw, name="access_withdraw"),
    path("vorgaenge/<reference:reference>/beurteilung/", conduct.judge, name="judge"),
    path("vorgaenge/<reference:reference>/ergebnis-vorlegen/", conduct.present_result, name="present_result"),
    path("vorgaenge/<reference:reference>/schuetzen/", working.seal, name="seal"),
]
