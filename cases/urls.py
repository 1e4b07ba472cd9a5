"""URLs of cases, grouped by what somebody is doing."""

from django.urls import URLPattern, path, register_converter
from django.urls.converters import StringConverter

from cases.views import (
    accounts,
    calendar,
    case,
    closing,
    complained_about,
    conduct,
    days,
    deadlines,
    directives,
    documents,
    escalation,
    hand_on,
    handing_over,
    letters,
    notes,
    notices,
    on_the_spot,
    people,
    register,
    rule_sets,
    sheets,
    signing,
    statements,
    substitutions,
    text_blocks,
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
    path("kein-krm/<reference:reference>/antwort/", handing_over.transfer_answer, name="transfer_answer"),
    path("kein-krm/<reference:reference>/beteiligen/", handing_over.transfer_ask, name="transfer_ask"),
    path(
        "kein-krm/<reference:reference>/beteiligt/<int:pk>/",
        handing_over.transfer_asked_done,
        name="transfer_asked_done",
    ),
    path("kein-krm/<reference:reference>/betroffene/", handing_over.transfer_employees, name="transfer_employees"),
    path(
        "kein-krm/<reference:reference>/betroffene/<int:pk>/entfernen/",
        handing_over.transfer_employee_remove,
        name="transfer_employee_remove",
    ),
    path("vor-ort-erledigt/", on_the_spot.on_the_spot, name="on_the_spot"),
    # One case
    path("vorgaenge/<reference:reference>/", case.detail, name="detail"),
    path("vorgaenge/<reference:reference>/bearbeiten/", case.edit, name="edit"),
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
    path("vorgaenge/<reference:reference>/betroffene/", complained_about.employees, name="employees"),
    path(
        "vorgaenge/<reference:reference>/betroffene/<int:pk>/entfernen/",
        complained_about.employee_remove,
        name="employee_remove",
    ),
    path("vorgaenge/<reference:reference>/beurteilung/", conduct.judge, name="judge"),
    path("vorgaenge/<reference:reference>/ergebnis-vorlegen/", conduct.present_result, name="present_result"),
    path("vorgaenge/<reference:reference>/schuetzen/", working.seal, name="seal"),
    path("vorgaenge/<reference:reference>/vermerk/", notes.note, name="note"),
    path("vorgaenge/<reference:reference>/wiedervorlage/", notes.follow_up, name="follow_up"),
    path("wiedervorlagen/<int:pk>/erledigt/", notes.follow_up_done, name="follow_up_done"),
    path(
        "vorgaenge/<reference:reference>/dokumentationsblatt.pdf",
        sheets.documentation_sheet,
        name="documentation_sheet",
    ),
    path("vorgaenge/<reference:reference>/unterlagen/", documents.document_add, name="document_add"),
    path("unterlagen/<int:pk>/", documents.document, name="document"),
    # Letters and closing
    path("vorgaenge/<reference:reference>/schreiben/<str:kind>/", letters.letter_draft, name="letter_draft"),
    path("schreiben/<int:pk>/", letters.letter, name="letter"),
    path("schreiben/<int:pk>/pdf/", letters.letter_file, name="letter_pdf"),
    path("schreiben/<int:pk>/ansicht/", letters.letter_preview, name="letter_preview"),
    path("schreiben/<int:pk>/baustein/", letters.letter_block, name="letter_block"),
    path("schreiben/<int:pk>/stellungnahme/<int:statement>/", letters.letter_statement, name="letter_statement"),
    path("schreiben/<int:pk>/ausfertigen/", letters.letter_issue, name="letter_issue"),
    path("schreiben/<int:pk>/zur-zeichnung/", signing.letter_submit, name="letter_submit"),
    path("schreiben/<int:pk>/mitzeichnen/", signing.letter_co_sign, name="letter_co_sign"),
    path("schreiben/<int:pk>/zeichnen/", signing.letter_sign, name="letter_sign"),
    path("schreiben/<int:pk>/zurueckgeben/", signing.letter_return, name="letter_return"),
    path("zeichnen/", signing.sign_desk, name="sign_desk"),
    path("schreiben/<int:pk>/versand/", letters.letter_dispatch, name="letter_dispatch"),
    path("schreiben/<int:pk>/zurueck/", letters.letter_withdraw, name="letter_withdraw"),
    path("schreiben/<int:pk>/verwerfen/", letters.letter_discard, name="letter_discard"),
    # Statements
    path("vorgaenge/<reference:reference>/verfuegung/", directives.directive, name="directive"),
    path("vorgaenge/<reference:reference>/verfuegung/vorlage/", directives.directive_present, name="directive_present"),
    path("vorgaenge/<reference:reference>/verfuegung/gilt/", directives.directive_issue, name="directive_issue"),
    path("vorgaenge/<reference:reference>/verfuegung/zurueck/", directives.directive_return, name="directive_return"),
    path("vorgaenge/<reference:reference>/verfuegung/weg/", directives.directive_discard, name="directive_discard"),
    path("verfuegungen/punkte/<int:pk>/erledigt/", directives.point_done, name="point_done"),
    path("verfuegungen/<int:pk>/blatt.pdf", directives.directive_sheet, name="directive_sheet"),
    path("vorgaenge/<reference:reference>/stellungnahme/neu/", statements.statement_request, name="statement_request"),
    path("stellungnahmen/<int:pk>/", statements.statement, name="statement"),
    path("stellungnahmen/<int:pk>/weitergeben/", statements.statement_hand_on, name="statement_hand_on"),
    path("stellungnahmen/<int:pk>/zeichnen/", statements.statement_sign, name="statement_sign"),
    path("stellungnahmen/<int:pk>/zurueckgeben/", statements.statement_return, name="statement_return"),
    path("stellungnahmen/<int:pk>/zurueckziehen/", statements.statement_withdraw, name="statement_withdraw"),
    path("stellungnahmen/<int:pk>/uebertragen/", statements.statement_delegate, name="statement_delegate"),
    path("stellungnahmen/<int:pk>/anlage/", statements.statement_file, name="statement_file"),
    path(
        "stellungnahmen/<int:pk>/anlage/<int:document>/entfernen/",
        statements.statement_file_remove,
        name="statement_file_remove",
    ),
    # Answering and closing
    path("vorgaenge/<reference:reference>/antwort/", closing.answer, name="answer"),
    path("vorgaenge/<reference:reference>/abschliessen/", closing.close, name="close"),
    path("vorgaenge/<reference:reference>/weiter-bearbeiten/", closing.go_on, name="go_on"),
    path("vorgaenge/<reference:reference>/wieder-aufnehmen/", closing.reopen, name="reopen"),
    # Deadlines
    path("fristen/<int:pk>/verlaengern/", deadlines.extend, name="deadline_extend"),
    path("vorgaenge/<reference:reference>/ruhen/", deadlines.pause, name="case_pause"),
    path("vorgaenge/<reference:reference>/fortsetzen/", deadlines.resume, name="case_resume"),
    # Finding one's work
    path("vorgaenge/", case_list, name="list"),
    path("protokoll/", log, name="log"),
    # Notices
    path("mitteilungen/", notices.notices, name="notices"),
    path("mitteilungen/gelesen/", notices.notices_read, name="notices_read"),
    path("mitteilungen/<int:pk>/oeffnen/", notices.notice_open, name="notice_open"),
    path("mitteilungen/einstellungen/", notices.notice_settings, name="notice_settings"),
    path("mitteilungen/einstellungen/kalender/", notices.calendar_new, name="calendar_new"),
    path("mitteilungen/einstellungen/kalender/widerrufen/", notices.calendar_revoke, name="calendar_revoke"),
    path("kalender/<str:token>.ics", calendar.calendar_feed, name="calendar_feed"),
    # One's own account
    path("zugang/<str:uidb64>/<str:token>/", accounts.ChoosePassword.as_view(), name="choose_password"),
    path("passwort/", accounts.own_password, name="own_password"),
    # Calendar and house
    path("kalender/", days.days, name="days"),
    path("kalender/neu/", days.day_new, name="day_new"),
    path("kalender/<int:pk>/entfernen/", days.day_remove, name="day_remove"),
    path("regelwerke/<int:pk>/neue-fassung/", rule_sets.rule_set_new, name="rule_set_new"),
    path("themen/", topics.topics, name="topics"),
    path("themen/neu/", topics.topic_new, name="topic_new"),
    path("themen/<int:pk>/", topics.topic, name="topic"),
    path("uebergaben/", hand_on.hand_on, name="hand_on"),
    path("textbausteine/", text_blocks.text_blocks, name="text_blocks"),
    path("textbausteine/neu/", text_blocks.text_block_new, name="text_block_new"),
    path("textbausteine/<int:pk>/", text_blocks.text_block, name="text_block"),
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
