"""URLs of cases, grouped by what somebody is doing."""

from django.urls import URLPattern, path, register_converter
from django.urls.converters import StringConverter

from cases.views import (
    case,
    closing,
    complained_about,
    days,
    deadlines,
    documents,
    handing_over,
    letters,
    notes,
    on_the_spot,
    people,
    register,
    rule_sets,
    substitutions,
    topics,
    transfers,
    units,
    working,
)
from cases.views.list import case_list
from cases.views.log import log

app_name = "cases"


class ReferenceConverter(StringConverter):
    """The number of a case or an Abgabe; what no database can look up is no such number."""

    regex = r"[^/\x00]{1,24}"


register_converter(ReferenceConverter, "reference")

urlpatterns: list[URLPattern] = [
    # Registering
    path("erfassen/", register.register, name="register"),
    path("erfassen/entwurf/", register.draft, name="register_draft"),
    path("erfassen/verwerfen/", register.discard, name="register_discard"),
    path("erfassen/hinweise/", register.register_hints, name="register_hints"),
    path("erfassen/fruehere/", register.register_earlier, name="register_earlier"),
    path("erfassen/erfasst/<reference:reference>/", register.registered, name="registered"),
    # Kein KRM
    path("kein-krm/", transfers.transfers, name="transfers"),
    path("kein-krm/neu/", transfers.transfer_new, name="transfer_new"),
    path("kein-krm/<reference:reference>/", handing_over.transfer, name="transfer"),
    path("kein-krm/<reference:reference>/bearbeiten/", handing_over.transfer_edit, name="transfer_edit"),
    path("kein-krm/<reference:reference>/abgeben/", handing_over.transfer_hand_over, name="transfer_hand_over"),
    path("kein-krm/<reference:reference>/beleg.pdf", handing_over.transfer_receipt, name="transfer_receipt"),
    path("kein-krm/<reference:reference>/abgabenachricht/", handing_over.transfer_letter, name="transfer_letter"),
    path("vor-ort-erledigt/", on_the_spot.on_the_spot, name="on_the_spot"),
    # One case
    path("vorgaenge/<reference:reference>/", case.detail, name="detail"),
    path("vorgaenge/<reference:reference>/bearbeiten/", case.edit, name="edit"),
    path("vorgaenge/<reference:reference>/uebernehmen/", working.accept, name="accept"),
    path("vorgaenge/<reference:reference>/uebergeben/", working.hand_to_unit, name="hand_to_unit"),
    path("vorgaenge/<reference:reference>/zurueckgeben/", working.return_to_krm, name="return_to_krm"),
    path("vorgaenge/<reference:reference>/zuweisen/", working.assign_handler, name="assign"),
    path("vorgaenge/<reference:reference>/zugriff/", working.single_access, name="access"),
    path("vorgaenge/<reference:reference>/zugriff/<int:pk>/entziehen/", working.withdraw, name="access_withdraw"),
    path("vorgaenge/<reference:reference>/betroffene/", complained_about.employees, name="employees"),
    path(
        "vorgaenge/<reference:reference>/betroffene/<int:pk>/entfernen/",
        complained_about.employee_remove,
        name="employee_remove",
    ),
    path("vorgaenge/<reference:reference>/schuetzen/", working.seal, name="seal"),
    path("vorgaenge/<reference:reference>/vermerk/", notes.note, name="note"),
    path("vorgaenge/<reference:reference>/wiedervorlage/", notes.follow_up, name="follow_up"),
    path("wiedervorlagen/<int:pk>/erledigt/", notes.follow_up_done, name="follow_up_done"),
    path("vorgaenge/<reference:reference>/unterlagen/", documents.document_add, name="document_add"),
    path("unterlagen/<int:pk>/", documents.document, name="document"),
    # Letters and closing
    path("vorgaenge/<reference:reference>/schreiben/<str:kind>/", letters.letter_draft, name="letter_draft"),
    path("schreiben/<int:pk>/", letters.letter, name="letter"),
    path("schreiben/<int:pk>/pdf/", letters.letter_file, name="letter_pdf"),
    path("schreiben/<int:pk>/ansicht/", letters.letter_preview, name="letter_preview"),
    path("schreiben/<int:pk>/ausfertigen/", letters.letter_issue, name="letter_issue"),
    path("schreiben/<int:pk>/versand/", letters.letter_dispatch, name="letter_dispatch"),
    path("schreiben/<int:pk>/zurueck/", letters.letter_withdraw, name="letter_withdraw"),
    path("schreiben/<int:pk>/verwerfen/", letters.letter_discard, name="letter_discard"),
    path("vorgaenge/<reference:reference>/antwort/", closing.answer, name="answer"),
    path("vorgaenge/<reference:reference>/abschliessen/", closing.close, name="close"),
    path("vorgaenge/<reference:reference>/wieder-aufnehmen/", closing.reopen, name="reopen"),
    # Deadlines
    path("fristen/<int:pk>/verlaengern/", deadlines.extend, name="deadline_extend"),
    path("vorgaenge/<reference:reference>/ruhen/", deadlines.pause, name="case_pause"),
    path("vorgaenge/<reference:reference>/fortsetzen/", deadlines.resume, name="case_resume"),
    # Finding one's work
    path("vorgaenge/", case_list, name="list"),
    path("protokoll/", log, name="log"),
    # Calendar and house
    path("kalender/", days.days, name="days"),
    path("kalender/neu/", days.day_new, name="day_new"),
    path("kalender/<int:pk>/entfernen/", days.day_remove, name="day_remove"),
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
    path("personen/<int:pk>/passwort/", people.person_password, name="person_password"),
    path("personen/<int:pk>/rolle/", people.membership_new, name="membership_new"),
    path("personen/rollen/<int:pk>/beenden/", people.membership_end, name="membership_end"),
    path("einheiten/", units.units, name="units"),
    path("einheiten/neu/", units.unit_new, name="unit_new"),
    path("einheiten/<int:pk>/", units.unit, name="unit"),
]
