"""URLs of handling."""

from django.urls import URLPattern, path

from cases.handling.views import assign, conduct, ladder

urlpatterns: list[URLPattern] = [
    path("vorgaenge/<reference:reference>/uebernehmen/", assign.accept, name="accept"),
    path("vorgaenge/<reference:reference>/uebergeben/", assign.hand_to_unit, name="hand_to_unit"),
    path("vorgaenge/<reference:reference>/zurueckgeben/", assign.return_to_krm, name="return_to_krm"),
    path("vorgaenge/<reference:reference>/zuweisen/", assign.assign_handler, name="assign"),
    path("vorgaenge/<reference:reference>/eskalation/", ladder.escalate, name="escalate"),
    path("vorgaenge/<reference:reference>/gespraech/", ladder.talk, name="talk"),
    path("vorgaenge/<reference:reference>/lob/", ladder.praise, name="praise"),
    path("auftraege/kenntnis/", ladder.assignments_noted, name="assignments_noted"),
    path("auftraege/<int:pk>/erledigt/", ladder.assignment_done, name="assignment_done"),
    path("vorgaenge/<reference:reference>/zugriff/", assign.single_access, name="access"),
    path("vorgaenge/<reference:reference>/zugriff/<int:pk>/entziehen/", assign.withdraw, name="access_withdraw"),
    path("vorgaenge/<reference:reference>/beurteilung/", conduct.judge, name="judge"),
    path("vorgaenge/<reference:reference>/ergebnis-vorlegen/", conduct.present_result, name="present_result"),
    path("vorgaenge/<reference:reference>/schuetzen/", assign.seal, name="seal"),
]
