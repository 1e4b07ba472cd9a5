"""Every URL against every role: who reads, who is refused with a sentence, for whom it does not exist.

A new URL without a row fails. Everybody not named in a row gets 404; who is not signed in gets the login page.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from cases.asking import ask
from cases.letters.actions.writing import draft_letter
from cases.models import Assignment, Case, Event, Letter, Transfer
from cases.recusal.actions.complained_about_transfer import name_on_transfer
from cases.rules.assignments import AssignmentKind
from cases.rules.triage import Reason
from krm.demo import house as demo_house
from offices.calendars import Period, Unit, due
from offices.models import Membership, Substitution
from offices.queries import calendar_for
from offices.roles import Role
from petitions.models import DecisionOption
from tests import scene as scenes
from tests.scene import Scene

DESK = {"krm", "krm2"}
LEADERS = {"gf", "lgf", "tl", "tl2"}
READERS = DESK | LEADERS | {"vz"}
COMPLAINED_ABOUT = "bl"
EVALUATING = DESK | {"gf"}
HOUSE = READERS | {
    COMPLAINED_ABOUT, "ma", "ma2", "expert", "dsb", "traeger", "controlling", "revision", "admin",
}  # fmt: skip
STRANGERS = {"gera.krm", "gera.gf", "germersheim.revision", "berlin-nord.admin"}
EVERYBODY = {f"pankow.{part}" for part in HOUSE} | STRANGERS
REGISTERING = HOUSE - {"dsb", "traeger", "controlling", "revision", "admin"}

Arguments = Callable[[Scene], tuple]
Data = Callable[[Scene], dict[str, Any]]


@dataclass(frozen=True)
class Row:
    """`reads`: GET 200. `refused`: GET or POST answered with the sentence why not. `does`: POST takes effect.

    `everywhere`: the page has no office of its own; people of other offices read theirs. `post_only`: GET is 405.
    """

    args: Arguments = lambda scene: ()
    reads: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    does: set[str] = field(default_factory=set)
    data: Data = lambda scene: {}
    everywhere: bool = False
    post_only: bool = False


def case_of(name: str) -> Arguments:
    return lambda scene: (getattr(scene, name).reference,)


def directed(name: str) -> Arguments:
    return lambda scene: (getattr(scene, name).case.reference,)


def pk_of(name: str) -> Arguments:
    return lambda scene: (getattr(scene, name).pk,)


LETTER = {
    "recipient": "Erika Muster\nLindenstraße 7\n13187 Berlin", "subject": "Ihre Nachricht", "salutation": "Guten Tag,",
    "body": "vielen Dank.", "contact_name": "Karin Ahrens", "contact_phone": "030 1", "signature": "Karin Ahrens",
}  # fmt: skip


PERSON = {
    "first_name": "Milan", "last_name": "Arndt-Neu", "username": "pankow.ma2", "email": "ma2@pankow.example",
    "is_active": "on",
}  # fmt: skip


def person_pk(part: str) -> Arguments:
    return lambda scene: (scenes.person(f"pankow.{part}").pk,)


def iso(scene: Scene) -> str:
    return scene.today.isoformat()


def in_five_days(scene: Scene) -> str:
    """Five Arbeitstage from now."""
    return due(calendar_for(scene.privacy.office), scene.today, Period(5, Unit.WORKING_DAYS)).due_on.isoformat()


def in_a_week(scene: Scene) -> str:
    calendar = calendar_for(scene.unit.office)
    return due(calendar, scene.deadline.due_on, Period(5, Unit.WORKING_DAYS)).due_on.isoformat()


def sheet_of(name: str) -> Data:
    """The page of a draft Verfügung, sent as it stands."""

    def data(scene: Scene) -> dict[str, Any]:
        directive, points = getattr(scene, name), getattr(scene, name).points.all()
        sent = {"version": directive.version, "lead_unit": directive.lead_unit_id}
        sent |= {"signature_level": directive.signature_level, "must_present": directive.must_present}
        sent |= {"punkt-TOTAL_FORMS": len(points), "punkt-INITIAL_FORMS": len(points)}
        names = {"kind": "kind", "text": "text", "unit": "unit_id", "person": "person_id", "due_on": "due_on"}
        for row, point in enumerate(points):
            sent |= {f"punkt-{row}-{name}": getattr(point, source) or "" for name, source in names.items()}
        return sent

    return data


PETITION = {
    "requester": "bundestag", "competence": "federal", "topic": "benefits", "form": "single", "supporters": 1,
}  # fmt: skip
BY_THE_DESK = {"reads": DESK, "does": DESK, "refused": READERS - DESK}


def of_petition(scene: Scene) -> tuple:
    return (scene.petition.case.reference,)


EVERYWHERE = {"reads": HOUSE, "everywhere": True}
WITHOUT_SIGNING_IN = {"login", "logout", "cases:calendar_feed", "cases:choose_password"}
ROWS: dict[str, Row] = {
    # Everybody's
    "home": Row(**EVERYWHERE),
    "login": Row(),
    "logout": Row(does=HOUSE, everywhere=True, post_only=True),
    "offices:due_dates": Row(**EVERYWHERE),
    "offices:rule_sets": Row(**EVERYWHERE),
    "offices:rule_set": Row(pk_of("rule_set"), reads=HOUSE),
    "offices:roles": Row(**EVERYWHERE),
    "cases:days": Row(**EVERYWHERE),
    "cases:list": Row(**EVERYWHERE),
    # Petitions
    "petitions:register": Row(**EVERYWHERE),
    "petitions:petition": Row(of_petition, reads=READERS),
    "petitions:open": Row(case_of("unopened"), **BY_THE_DESK, data=lambda s: PETITION),
    "petitions:edit": Row(of_petition, **BY_THE_DESK, data=lambda s: PETITION | {"number": "Pet 1"}),
    "petitions:request_new": Row(
        of_petition, **BY_THE_DESK,
        data=lambda s: {
            "kind": "state", "answer_form": "oral", "dated_on": iso(s), "received_on": iso(s), "originals": 1,
        },
    ),
    "petitions:decision_new": Row(
        of_petition, **BY_THE_DESK,
        data=lambda s: {
            "option": DecisionOption.objects.filter(
                office=s.unit.office_id, requester=s.petition.requester
            )[1].pk,
            "decided_on": iso(s),
        },
    ),
    "petitions:waiver": Row(
        of_petition, **BY_THE_DESK,
        data=lambda s: {"on": iso(s), "reasons": "Umzug", "paper": SimpleUploadedFile("verzicht.pdf", scenes.PDF)},
    ),
    "petitions:request": Row(pk_of("begun"), reads=READERS),
    "petitions:start": Row(pk_of("unbegun"), does=DESK, refused=READERS - DESK, post_only=True),
    "petitions:extend": Row(
        pk_of("begun"), reads=DESK | {"gf"}, does=DESK | {"gf"}, refused=READERS - DESK - {"gf"},
        data=lambda s: {
            "new_due_on": (s.begun.due_on + timedelta(days=14)).isoformat(), "reason": "Schreiben", "dated_on": iso(s),
            "received_on": iso(s),
        },
    ),
    "petitions:answer": Row(
        pk_of("files_request"), **BY_THE_DESK, data=lambda s: {"on": iso(s), "note": "Akten übersandt"}
    ),
    "petitions:refuse": Row(
        pk_of("files_request"), **BY_THE_DESK,
        data=lambda s: {"on": iso(s), "authority": "BMAS", "reason": "Geheimhaltung nach Gesetz"},
    ),
    "petitions:withdraw": Row(pk_of("begun"), **BY_THE_DESK, data=lambda s: {"reason": "zurückgenommen"}),
    "petitions:replan": Row(pk_of("begun"), **BY_THE_DESK, data=lambda s: {"reason": "anderer Weg"}),
    "petitions:reopen": Row(
        lambda s: (s.to_send.request_id,), **BY_THE_DESK,
        data=lambda s: {"key": "all/house/krm/register", "reason": "noch einmal"},
    ),
    "petitions:station": Row(pk_of("station"), reads=READERS),
    "petitions:receive": Row(pk_of("to_receive"), does=DESK, refused=READERS - DESK, post_only=True),
    "petitions:pass_on": Row(pk_of("station"), does=DESK, refused=READERS - DESK, post_only=True),
    "petitions:give_back": Row(
        pk_of("to_send"), does=DESK, refused=READERS - DESK, post_only=True,
        data=lambda s: {"to": "all/house/team_lead/draft", "reason": "Zahlen fehlen."},
    ),
    "petitions:skip": Row(
        pk_of("station"), does=DESK, refused=READERS - DESK, post_only=True, data=lambda s: {"reason": "eilt"}
    ),
    "petitions:dispatch": Row(
        pk_of("to_send"), does=DESK, refused=READERS - DESK, post_only=True,
        data=lambda s: {
            "documents": [d.pk for d in s.to_send.documents.all()], "copies": 1, "way": "post", "sent_on": iso(s),
        },
    ),
    "petitions:remark": Row(
        pk_of("station"), does=READERS - {"tl2"}, refused={"tl2"}, post_only=True,
        data=lambda s: {"text": "Bitte rasch."},
    ),
    "petitions:document": Row(lambda s: (s.at_agency.pk, s.station_file.pk), reads=READERS),
    "petitions:statement": Row(pk_of("to_draft"), reads=READERS),
    "petitions:statement_paper": Row(pk_of("to_draft"), post_only=True),
    "petitions:checklist": Row(pk_of("to_check"), reads=READERS),
    "petitions:checklist_items": Row(reads=DESK, everywhere=True),
    "petitions:checklist_item_new": Row(reads=DESK, everywhere=True),
    "petitions:checklist_item": Row(pk_of("checklist_item"), reads=DESK),
    "petitions:station_dossier": Row(pk_of("station"), reads=READERS),
    "petitions:dossier": Row(of_petition, reads=READERS),
    "petitions:waiver_form": Row(of_petition, reads=READERS),
    "petitions:notice_read": Row(pk_of("station_notice"), post_only=True),
    "petitions:report": Row(pk_of("decision"), **BY_THE_DESK, data=lambda s: {"on": iso(s), "note": "abgeholfen"}),
    "petitions:told": Row(pk_of("decision"), **BY_THE_DESK, data=lambda s: {"on": iso(s), "settlement": "letter"}),
    # Notices
    "cases:notices": Row(**EVERYWHERE),
    "cases:notices_read": Row(post_only=True, everywhere=True),
    "cases:notice_open": Row(pk_of("notice"), post_only=True),
    "cases:notice_settings": Row(**EVERYWHERE),
    "cases:calendar_new": Row(post_only=True, everywhere=True),
    "cases:calendar_revoke": Row(post_only=True, everywhere=True),
    "cases:calendar_feed": Row(lambda scene: ("unbekannt",)),
    "cases:choose_password": Row(lambda scene: ("unbekannt", "unbekannt"), **EVERYWHERE),
    "cases:own_password": Row(**EVERYWHERE),
    # Registering
    "cases:register": Row(reads=REGISTERING, refused=HOUSE - REGISTERING, everywhere=True),
    "cases:register_draft": Row(post_only=True, everywhere=True),
    "cases:register_discard": Row(post_only=True, everywhere=True),
    "cases:register_hints": Row(post_only=True, everywhere=True),
    "cases:register_earlier": Row(post_only=True, everywhere=True),
    "cases:registered": Row(case_of("new"), reads={"krm"}),
    # Kein KRM
    "cases:transfers": Row(reads=DESK | {"gf", "vz", "dsb"}, everywhere=True),
    "cases:transfer_new": Row(reads=DESK, refused={"gf", "vz"}, everywhere=True),
    "cases:transfer": Row(case_of("transfer"), reads=DESK | {"gf", "vz"}),
    "cases:transfer_edit": Row(case_of("transfer"), reads=DESK, refused={"gf", "vz"}),
    "cases:transfer_wording": Row(case_of("transfer"), reads=DESK | {"gf", "vz"}),
    "cases:transfer_hand_over": Row(
        case_of("transfer"), does=DESK, refused={"gf", "vz"}, data=lambda s: {"way": "Hauspost"}, post_only=True
    ),
    "cases:transfer_receiver": Row(
        case_of("privacy"), does=DESK, refused={"gf", "vz", "tl", "dsb"}, post_only=True,
        data=lambda s: {"receiver": scenes.person("pankow.dsb").pk, "due_on": in_five_days(s)},
    ),
    "cases:transfer_receipt": Row(case_of("transfer"), refused=DESK | {"gf", "vz"}),
    "cases:transfer_letter": Row(case_of("transfer"), does=DESK | {"gf"}, refused={"vz"}, post_only=True),
    "cases:transfer_answer": Row(
        case_of("privacy"), does=DESK | {"dsb"}, refused={"gf", "vz", "tl"}, post_only=True
    ),
    "cases:transfer_ask": Row(
        case_of("privacy"), does=DESK | {"dsb"}, refused={"gf", "vz", "tl"}, post_only=True,
        data=lambda s: {"user": scenes.person("pankow.tl2").pk, "task": "Stellung nehmen"},
    ),
    "cases:transfer_asked_done": Row(
        lambda s: (s.privacy.reference, s.privacy_asked.pk), does={"tl"}, refused=DESK | {"gf", "vz", "dsb"},
        post_only=True,
    ),
    "cases:transfer_employees": Row(
        case_of("complaint"), reads={"krm"}, does={"krm"}, refused={"gf", "vz"}, data=lambda s: {"name": "Frau Grün"}
    ),
    "cases:transfer_employee_remove": Row(
        lambda s: (s.complaint.reference, s.complaint.complained_about.get(name="Herr Blau").pk),
        does={"krm"}, refused={"gf", "vz"}, post_only=True,
    ),
    "cases:on_the_spot": Row(reads=REGISTERING, everywhere=True),
    # One case
    "cases:detail": Row(case_of("working"), reads=READERS),
    "cases:documentation_sheet": Row(case_of("working"), reads=READERS),
    "cases:edit": Row(case_of("working"), reads=DESK, refused=READERS - DESK),
    "cases:wording": Row(case_of("working"), reads=READERS),
    "cases:accept": Row(case_of("new"), does=DESK, refused=READERS - DESK, post_only=True),
    "cases:hand_to_unit": Row(
        case_of("working"), reads=DESK | {"gf"}, does=DESK | {"gf"}, refused={"lgf", "tl", "tl2", "vz"},
        data=lambda s: {"unit": s.unit.pk, "note": "Bitte prüfen"},
    ),
    "cases:return_to_krm": Row(
        case_of("at_unit"), reads=DESK | {"gf", "lgf", "tl", "ma"}, does=DESK | {"gf", "lgf", "tl", "ma"},
        refused={"tl2", "vz"}, data=lambda s: {"note": "Mit der Kundin gesprochen."},
    ),
    "cases:assign": Row(
        case_of("at_unit"), reads=DESK | {"gf", "tl"}, does=DESK | {"gf", "tl"},
        refused={"lgf", "tl2", "vz", "ma"}, data=lambda s: {"handler": scenes.person("pankow.tl").pk},
    ),
    "cases:escalate": Row(
        case_of("at_unit"), reads=READERS | {"ma"}, does=DESK | {"gf", "lgf", "tl", "ma"},
        data=lambda s: {
            "number": 1, "seat": scenes.person("pankow.tl").memberships.get().pk, "on": iso(s), "way": "phone",
            "note": "Erläutert, ohne Erfolg.",
        },
    ),
    "cases:talk": Row(
        case_of("at_unit"), reads=DESK | {"gf", "lgf", "tl", "ma"}, does=DESK | {"gf", "lgf", "tl", "ma"},
        refused={"tl2", "vz"}, data=lambda s: {"talk": "offered", "on": iso(s)},
    ),
    "cases:praise": Row(
        case_of("praise"), reads=DESK | {"gf", "tl"}, does=DESK | {"gf", "tl"}, refused={"lgf", "tl2", "vz"},
        data=lambda s: {"unit": s.unit.office.units.get(number="712").pk},
    ),
    "cases:assignments_noted": Row(post_only=True, everywhere=True),
    "cases:assignment_done": Row(pk_of("to_tick"), does={"tl"}, refused=READERS - {"tl"}, post_only=True),
    "cases:employees": Row(
        case_of("working"), reads=DESK, refused=READERS - DESK, does=DESK, data=lambda s: {"name": "Frau Grün"}
    ),
    "cases:employee_remove": Row(
        lambda s: (s.working.reference, s.working.complained_about.get().pk),
        does=DESK,
        refused=READERS - DESK,
        post_only=True,
    ),
    "cases:access": Row(case_of("working"), reads=DESK, refused=READERS - DESK),
    "cases:access_withdraw": Row(
        lambda s: (s.sealed.reference, scenes.person("pankow.dsb").pk), does={"krm", "dsb"}, post_only=True
    ),
    "cases:judge": Row(
        case_of("working"), reads=DESK, does=DESK, refused=READERS - DESK,
        data=lambda s: {"is_conduct": "ordinary", "reason": "Es geht um die Sache."},
    ),
    "cases:present_result": Row(
        case_of("conduct"), reads=DESK, does=DESK, refused=READERS - DESK,
        data=lambda s: {"note": "Der Ton war falsch."},
    ),
    "cases:seal": Row(
        case_of("working"), does=DESK, refused=READERS - DESK, data=lambda s: {"sure": "yes"}, post_only=True
    ),
    "cases:note": Row(
        case_of("working"), does=READERS - {"tl2"}, refused={"tl2"},
        data=lambda s: {"kind": "internal", "text": "Rückruf erbeten"}, post_only=True,
    ),
    "cases:follow_up": Row(
        case_of("working"), does=READERS - {"tl2"}, refused={"tl2"},
        data=lambda s: {"task": "nachfragen", "working_days": 2}, post_only=True,
    ),
    "cases:follow_up_done": Row(pk_of("follow_up"), does=READERS - {"tl2"}, refused={"tl2"}, post_only=True),
    "cases:document_add": Row(
        case_of("working"), does=READERS - {"tl2"}, refused={"tl2"}, post_only=True,
        data=lambda s: {"category": "incoming", "files": SimpleUploadedFile("a.pdf", scenes.PDF)},
    ),
    "cases:document": Row(pk_of("document"), reads=READERS),
    # Letters and closing
    "cases:letter_draft": Row(
        lambda s: (s.at_unit.reference, "final"), does=DESK | {"gf", "lgf", "tl"}, refused={"tl2", "vz", "ma"},
        post_only=True,
    ),
    "cases:letter": Row(pk_of("draft"), reads=READERS),
    "cases:letter_pdf": Row(pk_of("draft"), reads=READERS),
    "cases:letter_preview": Row(pk_of("draft"), post_only=True),
    "cases:letter_block": Row(pk_of("draft"), post_only=True),
    "cases:letter_statement": Row(lambda s: (s.to_sign.pk, s.statement.pk), post_only=True),
    "cases:letter_issue": Row(
        pk_of("draft"), does=DESK, refused=READERS - DESK, post_only=True,
        data=lambda s: LETTER | {"version": s.draft.version, "dated_on": iso(s)},
    ),
    "cases:letter_submit": Row(
        pk_of("draft"), does=DESK | {"gf", "lgf", "tl"}, refused={"tl2", "vz"}, post_only=True,
        data=lambda s: LETTER | {"version": s.draft.version},
    ),
    "cases:letter_co_sign": Row(
        pk_of("to_co_sign"), does={"tl"}, refused=(READERS | {"bl"}) - {"tl"}, post_only=True,
        data=lambda s: {"version": s.to_co_sign.version},
    ),
    "cases:letter_sign": Row(
        pk_of("to_sign"), does={"gf"}, refused=READERS - {"gf"}, post_only=True,
        data=lambda s: {"version": s.to_sign.version},
    ),
    "cases:letter_return": Row(
        pk_of("to_sign"), does={"gf"}, refused=READERS - {"gf"}, post_only=True,
        data=lambda s: {"note": "Bitte kürzer."},
    ),
    "cases:sign_desk": Row(**EVERYWHERE),
    "cases:letter_dispatch": Row(
        pk_of("issued"), does=DESK | {"vz"}, refused=LEADERS, post_only=True,
        data=lambda s: {"sent_on": iso(s), "way": "post"},
    ),
    "cases:letter_withdraw": Row(
        pk_of("issued"), does=DESK | {"gf"}, refused={"lgf", "tl", "tl2", "vz"}, post_only=True,
        data=lambda s: {"note": "Das Datum stimmt nicht."},
    ),
    "cases:letter_discard": Row(pk_of("draft"), does=DESK | {"gf", "lgf", "tl"}, refused={"tl2", "vz"}, post_only=True),
    "cases:answer": Row(
        case_of("working"), reads=DESK | {"gf"}, does=DESK | {"gf"}, refused={"lgf", "tl", "tl2", "vz"},
        data=lambda s: {"on": iso(s), "note_text": "Am Telefon erläutert."},
    ),
    "cases:close": Row(
        case_of("answered"), reads=DESK, does=DESK, refused=READERS - DESK,
        data=lambda s: {"outcome": "upheld", "outcome_reason": "zu lange gedauert", "settlement": "letter"},
    ),
    "cases:go_on": Row(
        case_of("answered"), reads=DESK, does=DESK, refused=READERS - DESK,
        data=lambda s: {"reason": "Ein Beitrag fehlt."},
    ),
    "cases:reopen": Row(
        case_of("closed"), reads=DESK, does=DESK, refused=READERS - DESK, data=lambda s: {"reason": "neue Unterlagen"}
    ),
    # Statements
    "cases:statement_request": Row(
        case_of("asked"), reads=DESK | {"gf"}, does=DESK | {"gf"}, refused=READERS - DESK - {"gf"},
        data=lambda s: {"unit": s.unit.pk, "question": "Warum?", "working_days": 3},
    ),
    "cases:statement": Row(pk_of("statement"), reads=READERS),
    "cases:statement_hand_on": Row(
        pk_of("statement"), does={"tl"}, refused=READERS - {"tl"}, post_only=True,
        data=lambda s: {"text": "Sechs Wochen.", "version": s.statement.version},
    ),
    "cases:statement_sign": Row(
        pk_of("to_approve"), does={"gf"}, refused=READERS - {"gf"}, post_only=True,
        data=lambda s: {"version": s.to_approve.version},
    ),
    "cases:statement_return": Row(
        pk_of("to_approve"), does={"gf"}, refused=READERS - {"gf"}, post_only=True,
        data=lambda s: {"to_position": 1, "note": "Bitte genauer."},
    ),
    "cases:statement_withdraw": Row(
        pk_of("statement"), does=DESK | {"gf"}, refused=READERS - DESK - {"gf"}, post_only=True,
        data=lambda s: {"reason": "Hat sich erledigt."},
    ),
    "cases:statement_delegate": Row(
        pk_of("statement"), does={"tl"}, refused=READERS - {"tl"}, post_only=True,
        data=lambda s: {"user": scenes.person("pankow.ma").pk},
    ),
    "cases:statement_file": Row(
        pk_of("statement"), does={"tl"}, refused=READERS - {"tl"}, post_only=True,
        data=lambda s: {"version": s.statement.version, "files": SimpleUploadedFile("a.pdf", scenes.PDF + b" ")},
    ),
    "cases:statement_file_remove": Row(
        lambda s: (s.statement.pk, s.statement_file.pk), does={"tl"}, refused=READERS - {"tl"}, post_only=True,
        data=lambda s: {"version": s.statement.version},
    ),
    # The Verfügung
    "cases:directive": Row(
        case_of("new"), reads=READERS, does=DESK | {"gf"}, refused=READERS - DESK - {"gf"},
    ),
    "cases:directive_present": Row(
        directed("directive"), does=DESK | {"gf"}, refused=READERS - DESK - {"gf"}, post_only=True,
        data=sheet_of("directive"),
    ),
    "cases:directive_issue": Row(
        directed("to_issue"), does={"gf"}, refused=READERS - {"gf"}, post_only=True, data=sheet_of("to_issue")
    ),
    "cases:directive_return": Row(
        directed("to_issue"), does={"gf"}, refused=READERS - {"gf"}, post_only=True,
        data=lambda s: {"note": "Bitte das Team 712 beteiligen."},
    ),
    "cases:directive_discard": Row(
        directed("directive"), does=DESK | {"gf"}, refused=READERS - DESK - {"gf"}, post_only=True
    ),
    "cases:point_done": Row(pk_of("point"), does=DESK | {"tl"}, refused=READERS - DESK - {"tl"}, post_only=True),
    "cases:directive_sheet": Row(pk_of("directive"), reads=READERS),
    # Deadlines
    "cases:deadline_extend": Row(
        pk_of("deadline"), reads=DESK | {"gf"}, does=DESK | {"gf"}, refused=READERS - DESK - {"gf"},
        data=lambda s: {"new_due_on": in_a_week(s), "reason": "Rückfrage"},
    ),
    "cases:case_pause": Row(
        case_of("working"), reads=DESK | {"gf"}, does=DESK | {"gf"}, refused=READERS - DESK - {"gf"},
        data=lambda s: {"category": "other", "reason": "Akte beim Gericht", "from_on": iso(s)},
    ),
    "cases:case_resume": Row(case_of("working"), reads=DESK | {"gf"}, refused=READERS - DESK - {"gf"}),
    # Calendar and house
    "cases:log": Row(reads={"revision"}, everywhere=True),
    "cases:day_new": Row(reads=DESK | {"admin"}, everywhere=True),
    "cases:day_remove": Row(pk_of("closing"), reads=DESK | {"admin"}, does=DESK | {"admin"}),
    "cases:rule_set_new": Row(pk_of("rule_set"), reads=DESK),
    # Figures and reports
    "reporting:dashboard": Row(reads=DESK | LEADERS | {COMPLAINED_ABOUT}, everywhere=True),
    "reporting:houses": Row(everywhere=True),
    "reporting:number": Row(everywhere=True),
    "reporting:definitions": Row(reads=DESK | LEADERS | {COMPLAINED_ABOUT}, everywhere=True),
    "reporting:reports": Row(reads=EVALUATING, everywhere=True),
    "reporting:report_new": Row(
        reads=DESK, does=DESK, everywhere=True,
        data=lambda s: {
            "office": s.unit.office_id, "recipient": "Beirat", "audience": "internal", "from_on": iso(s),
            "until_on": iso(s),
        },
    ),
    "reporting:report": Row(pk_of("report"), reads=EVALUATING),
    "reporting:report_texts": Row(
        pk_of("report"), reads=DESK, does=DESK, data=lambda s: {"version": s.report.version, "summary": "Ruhig."}
    ),
    "reporting:report_count": Row(pk_of("report"), does=DESK, refused={"gf"}, post_only=True),
    "reporting:report_stop": Row(pk_of("report"), does=DESK, refused={"gf"}, post_only=True),
    "reporting:report_present": Row(
        pk_of("report"), does=DESK, refused={"gf"}, post_only=True, data=lambda s: {"version": s.report.version}
    ),
    "reporting:report_return": Row(
        pk_of("presented"), does={"gf"}, refused=DESK, post_only=True, data=lambda s: {"note": "Bitte kürzer."}
    ),
    "reporting:report_approve": Row(
        pk_of("presented"), does={"gf"}, refused=DESK, post_only=True, data=lambda s: {"version": s.presented.version}
    ),
    "reporting:report_sent": Row(
        pk_of("approved"), does=DESK, refused={"gf"}, post_only=True, data=lambda s: {"on": iso(s), "way": "E-Mail"}
    ),
    "reporting:report_due": Row(
        pk_of("report"), does=DESK, refused={"gf"}, post_only=True, data=lambda s: {"due_on": iso(s)}
    ),
    "reporting:report_discard": Row(pk_of("report"), does=DESK, refused={"gf"}, post_only=True),
    "reporting:report_pdf": Row(pk_of("report"), reads=EVALUATING),
    "reporting:report_xlsx": Row(pk_of("report"), reads=EVALUATING),
    "reporting:surveys": Row(reads=EVALUATING | {"controlling"}, everywhere=True),
    "reporting:survey_new": Row(
        reads=DESK | {"controlling"}, does=DESK | {"controlling"}, everywhere=True,
        data=lambda s: {
            "dienststelle": "pankow", "year": s.today.year - 1, "half": "2", "grade": "2,4", "answers": "100",
        },
    ),
    "reporting:survey_import": Row(
        reads=DESK | {"controlling"}, does=DESK | {"controlling"}, everywhere=True,
        data=lambda s: {"dienststelle": "pankow", "rows": f"{s.today.year - 1};2;2,4;100"},
    ),
    "reporting:households_new": Row(
        reads=DESK | {"controlling"}, does=DESK | {"controlling"}, everywhere=True,
        data=lambda s: {"dienststelle": "pankow", "year": s.today.year - 1, "number": "9000"},
    ),
    "reporting:measures": Row(reads=EVALUATING, everywhere=True),
    "reporting:measure_new": Row(
        reads=DESK, does=DESK, everywhere=True,
        data=lambda s: {
            "dienststelle": "pankow", "cause": "Beschwerden", "what": "Aushang", "due_on": iso(s), "check_on": iso(s),
        },
    ),
    "reporting:measure": Row(pk_of("measure"), reads=EVALUATING, does=DESK, data=lambda s: {"on": iso(s)}),
    "reporting:relief": Row(
        reads=EVALUATING, does={"gf"}, everywhere=True,
        data=lambda s: {"dienststelle": "pankow", "reason": "Hinweise"},
    ),
    # Routes of petitions
    "petitions:routes": Row(**EVERYWHERE),
    "petitions:route_set": Row(pk_of("route_set"), reads=HOUSE),
    "petitions:route_set_new": Row(pk_of("route_set"), reads=DESK),
    "petitions:representatives": Row(
        lambda s: ("land",), reads=DESK, does=DESK, everywhere=True,
        data=lambda s: {"users": scenes.person("pankow.traeger").pk},
    ),
    "petitions:decision_options": Row(
        reads=DESK, does=DESK, everywhere=True,
        data=lambda s: {
            "entscheidung-TOTAL_FORMS": 1, "entscheidung-INITIAL_FORMS": 1, "entscheidung-0-label": "Würdigung",
            "entscheidung-0-option": s.unit.office.decision_options.filter(requester="bundestag")[2].pk,
        },
    ),
    "petitions:competence": Row(reads=READERS | {COMPLAINED_ABOUT, "ma", "ma2", "dsb"}, everywhere=True),
    "cases:topics": Row(reads=DESK, everywhere=True),
    "cases:topic_new": Row(
        reads=DESK, everywhere=True, does=DESK,
        data=lambda s: {"office": s.unit.office_id, "group": "Neu", "name": "Neu", "nature": "matter"},
    ),
    "cases:topic": Row(
        pk_of("topic"), reads=DESK, does=DESK, data=lambda s: {"group": "Neu", "name": "Neu", "nature": "matter"}
    ),
    "cases:hand_on": Row(
        reads=DESK | {"gf"}, does=DESK | {"gf"}, everywhere=True,
        data=lambda s: {
            "office": s.unit.office_id, "leaver": scenes.person("pankow.ma").pk,
            "successor": scenes.person("pankow.tl").pk,
        },
    ),
    "cases:hand_on_reason": Row(
        does=DESK | {"gf"}, refused=DESK | {"gf"}, everywhere=True, post_only=True,
        data=lambda s: {
            "office": s.unit.office_id, "leaver": scenes.person("pankow.tl").pk,
            "successor": scenes.person("pankow.tl2").pk, "reason": "Wechselt ins Projekt.",
        },
    ),
    "cases:text_blocks": Row(reads=DESK, everywhere=True),
    "cases:text_block_new": Row(
        reads=DESK, everywhere=True, does=DESK,
        data=lambda s: {"office": s.unit.office_id, "name": "Neu", "text": "Guten Tag {name}"},
    ),
    "cases:text_block": Row(
        pk_of("text_block"), reads=DESK, does=DESK, data=lambda s: {"name": "Neu", "text": "Guten Tag {name}"}
    ),
    "cases:substitutions": Row(**EVERYWHERE),
    "cases:substitution_new": Row(**EVERYWHERE),
    "cases:substitution_end": Row(
        pk_of("substitution"), reads=DESK | {"gf", "admin", "tl2"}, does=DESK | {"gf", "admin", "tl2"}
    ),
    "cases:people": Row(reads={"admin"}, everywhere=True),
    "cases:person_new": Row(reads={"admin"}, everywhere=True),
    "cases:person": Row(person_pk("ma2"), reads={"admin"}, does={"admin"}, data=lambda s: PERSON),
    "cases:access_link": Row(person_pk("ma2"), reads={"admin"}, does={"admin"}),
    "cases:membership_new": Row(
        person_pk("ma2"), reads={"admin"}, does={"admin"},
        data=lambda s: {"office": s.unit.office_id, "role": "team_lead", "unit": s.unit.pk, "from_on": iso(s)},
    ),
    "cases:membership_end": Row(
        pk_of("membership"), reads={"admin"}, does={"admin"}, data=lambda s: {"until_on": iso(s)}
    ),
    "technical": Row(reads={"admin"}, everywhere=True),
    "mail_again": Row(pk_of("mail"), does={"admin"}, post_only=True),
    "mails_again": Row(reads={"admin"}, does={"admin"}, everywhere=True, post_only=True),
    "task_done": Row(pk_of("technical_task"), does={"admin"}, post_only=True),
    "cases:units": Row(reads={"admin"}, everywhere=True),
    "cases:unit_new": Row(
        reads={"admin"}, does={"admin"}, everywhere=True,
        data=lambda s: {"number": "799", "name": "Neu", "kind": "team", "office": s.unit.office_id},
    ),
    "cases:unit": Row(
        pk_of("unit"), reads={"admin"}, does={"admin"},
        data=lambda s: {"number": "711", "name": "Anders", "kind": "team", "is_active": "on"},
    ),
}  # fmt: skip


def url_patterns(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[str]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            yield prefix + pattern.name
        else:
            yield from url_patterns(pattern, f"{pattern.namespace}:" if pattern.namespace else prefix)


def people_of(row: Row, group: set[str]) -> set[str]:
    """Usernames of a group; people of other offices have the same roles on pages without an office of their own."""
    here = {f"pankow.{part}" for part in group}
    return here | {who for who in STRANGERS if row.everywhere and who.split(".")[1] in group}


def without_tokens(response) -> str:
    return re.sub(r"[A-Za-z0-9]{64}|PAN-\d+-\d+", "", response.content.decode())


def test_every_url_has_its_row():
    assert sorted(url_patterns()) == sorted(ROWS)


def status_of_get(client, url: str) -> int:
    response = client.get(url)
    if response.streaming:
        list(response.streaming_content)  # which closes the file
    return response.status_code


def differences(expected: dict, found: dict) -> dict:
    """What a row promises and what came instead, for the message of a failing test."""
    return {who: f"expected {expected[who]}, got {found[who]}" for who in expected if expected[who] != found[who]}


# Their rows are those of somebody else of the table but for one to five, or those of another stranger.
LIKE_SOMEBODY = {
    "gera.gf", "germersheim.revision", "pankow.krm2", "pankow.ma2", "pankow.tl2", "pankow.traeger",
}  # fmt: skip
PARTS = [sorted(EVERYBODY - LIKE_SOMEBODY)[part::4] for part in range(4)]  # tried side by side
REST = [sorted(LIKE_SOMEBODY)[part::2] for part in range(2)]
of_each_part = pytest.mark.parametrize(
    "people", [*PARTS, *(pytest.param(people, marks=pytest.mark.long) for people in REST)], ids=lambda people: people[0]
)


@of_each_part
def test_reading(client, scene, people):
    wrong = {}
    urls = {name: reverse(name, args=row.args(scene)) for name, row in ROWS.items() if name != "login"}
    found: dict[str, dict[str, int]] = {name: {} for name in urls}
    for who in people:
        client.force_login(scenes.person(who))
        for name, url in urls.items():
            found[name][who] = status_of_get(client, url)
    for name, answers in found.items():
        row = ROWS[name]
        expected = dict.fromkeys(people, 405 if row.post_only else 404)
        if not row.post_only:
            expected |= dict.fromkeys(people_of(row, row.refused) & expected.keys(), 409)
            expected |= dict.fromkeys(people_of(row, row.reads) & expected.keys(), 200)
        if wrong_here := differences(expected, answers):
            wrong[name] = wrong_here

    assert wrong == {}


@of_each_part
def test_acting(client, scene, people):
    """POST takes effect for those named, is refused for others who see it, and is 404 for the rest; nothing else."""
    wrong = {}
    acting = {name: row for name, row in ROWS.items() if row.does and name != "logout"}
    effects: dict[str, dict[str, str]] = {name: {} for name in acting}
    for who in people:
        client.force_login(scenes.person(who))
        for name, row in acting.items():
            effects[name][who] = effect_of_post(client, reverse(name, args=row.args(scene)), row.data(scene))
    for name, row in acting.items():
        expected = dict.fromkeys(people, "404")
        expected |= dict.fromkeys(people_of(row, row.refused | row.reads) & expected.keys(), "refused")
        expected |= dict.fromkeys({f"pankow.{part}" for part in row.does} & expected.keys(), "happened")
        if wrong_here := differences(expected, effects[name]):
            wrong[name] = wrong_here

    assert wrong == {}


def effect_of_post(client, url: str, data: dict) -> str:
    """What a POST did, seen from the log; undone afterwards."""
    happened, status = answer_to_post(client, url, data)
    if happened:
        return "happened"
    return "404" if status == 404 else "refused" if status < 500 else str(status)


def answer_to_post(client, url: str, data: dict) -> tuple[bool, int]:
    """Whether a POST left an entry in the log, and its status; undone afterwards."""
    with transaction.atomic():
        before = Event.objects.count()
        status = client.post(url, data).status_code
        happened = Event.objects.count() > before
        transaction.set_rollback(True)
    return happened, status


OF_AN_ABGABE = sorted(name for name in ROWS if name.startswith("cases:transfer_")) + ["cases:transfer"]


def test_whom_an_abgabe_is_about_reads_and_changes_nothing_of_it(client, scene):
    """Every page and every step of an Abgabe, with the one that is about the second officer of the KRM (B4-8)."""
    about = replace(scene, transfer=scene.complaint, privacy=scene.complaint)
    urls = {name: reverse(name, args=ROWS[name].args(about)) for name in OF_AN_ABGABE if name != "cases:transfer_new"}
    urls["cases:document"] = reverse("cases:document", args=[scene.complaint.documents.get().pk])
    found = {}
    for who in ("pankow.krm", "pankow.krm2"):
        client.force_login(scenes.person(who))
        read = {name: status_of_get(client, url) for name, url in urls.items()}
        done = {name: effect_of_post(client, url, ROWS[name].data(scene)) for name, url in urls.items()}
        listed = scene.complaint.reference in client.get(reverse("cases:transfers")).content.decode()
        found[who] = (set(read.values()), set(done.values()), listed)

    assert found["pankow.krm2"] == ({404, 405}, {"404", "refused"}, False)
    assert 200 in found["pankow.krm"][0]
    assert "happened" in found["pankow.krm"][1]
    assert found["pankow.krm"][2]


@dataclass(frozen=True)
class Task:
    """What is open to a contributor whose kind of task is named, as `Row` says it; every other address is 404."""

    reads: set[str]
    does: set[str]
    refused: set[str] = field(default_factory=set)


ASKED = Task(reads={"cases:detail"}, does={"cases:note", "cases:document_add"})
SETTLING = Task(
    reads=ASKED.reads | {"cases:escalate", "cases:document"},
    does=ASKED.does | {"cases:follow_up", "cases:follow_up_done"},
    refused={
        "cases:hand_to_unit", "cases:return_to_krm", "cases:assign", "cases:talk", "cases:answer",
        "cases:letter_draft", "cases:escalate",
    },
)  # fmt: skip
CONTRIBUTORS = {
    "asked": (AssignmentKind.TAKE_NOTE, ASKED),
    "approving": (AssignmentKind.APPROVE_RESULT, ASKED),
    "on a rung": (AssignmentKind.TAKE_RUNG, SETTLING),
    "handling": (AssignmentKind.HANDLE, SETTLING),
}
LIKE_ANOTHER = ("approving", "handling")


@pytest.mark.parametrize(
    ("kind", "task"),
    [
        pytest.param(*task, id=name, marks=[pytest.mark.long] if name in LIKE_ANOTHER else [])
        for name, task in CONTRIBUTORS.items()
    ],
)
def test_a_contributor_gets_their_part_and_afterwards_is_a_stranger_again(client, scene, kind, task):
    """Somebody asked about every case of the scene: the addresses that are theirs, and no other; then none (K18)."""
    krm = scenes.acting("pankow.krm", scene.today)
    cases = [one for one in vars(scene).values() if isinstance(one, Case) and one != scene.sealed]
    cases += [one.case for one in (scene.directive, scene.to_issue, scene.to_co_sign, scene.to_sign)]
    client.force_login(scenes.person("pankow.ma2"))
    asked = [ask(one, kind, scenes.person("pankow.ma2"), by=krm) for one in cases]
    rows = {
        name: row for name, row in ROWS.items()
        if not row.everywhere and name != "login" and "ma2" not in row.reads | row.refused
    }  # fmt: skip
    wrong = {name: found for name, row in rows.items() if (found := _not_as_open_to(client, scene, name, row, task))}
    assert wrong == {}
    Assignment.objects.filter(pk__in=[one.pk for one in asked]).update(done_on=scene.today)

    nothing = Task(reads=set(), does=set())
    wrong = {name: found for name, row in rows.items() if (found := _not_as_open_to(client, scene, name, row, nothing))}
    assert wrong == {}
    assert not Case.objects.visible_to(scenes.acting("pankow.ma2", scene.today)).exists()


def _not_as_open_to(client, scene: Scene, name: str, row: Row, task: Task) -> str:
    """What a contributor got at this address, where it is not what their task opens; else empty."""
    url = reverse(name, args=row.args(scene))
    read = status_of_get(client, url)
    happened, posted = answer_to_post(client, url, row.data(scene))
    expected = {200} if name in task.reads else {405, 409} if name in task.refused else {404, 405}
    answers = {409, 422} if name in task.refused else {404, 405}
    as_said = read in expected and (happened if name in task.does else not happened and posted in answers)
    return "" if as_said else f"GET {read}, POST {posted}{' took effect' if happened else ''}"


# Columns of people who are in a house and yet not, over all rows, reading and writing

ALL_ROWS = sorted(ROWS.keys() - {"login", "logout"})
# Of what has an address of its own: what belongs to the house and to no case or Abgabe
OF_THE_HOUSE = {
    "offices:rule_set", "cases:rule_set_new", "petitions:route_set", "petitions:route_set_new",
    "cases:day_remove", "cases:topic", "cases:text_block",
    "cases:substitution_end", "cases:person", "cases:access_link", "cases:membership_new", "cases:membership_end",
    "cases:unit", "mail_again", "task_done", "cases:calendar_feed", "cases:choose_password",
    "petitions:checklist_item",
    *(name for name in ROWS if name.startswith("reporting:")),
}  # fmt: skip
OF_A_MATTER = sorted(name for name in ALL_ROWS if not ROWS[name].everywhere and name not in OF_THE_HOUSE)
# What is there for whoever has an account, with or without a seat: about oneself, or of no house
WITHOUT_A_SEAT = {
    "home", "offices:due_dates", "cases:days", "cases:list", "cases:notices", "cases:notice_settings",
    "cases:choose_password", "cases:own_password", "cases:sign_desk", "petitions:register",
}  # fmt: skip


def column(client, scene: Scene, who: str, names: list[str], **args: Arguments) -> dict[str, tuple[int, int, bool]]:
    """By row: the answers to reading and to writing, and whether writing left an entry in the log; undone afterwards.

    `args` say for a row of which matter it is instead.
    """
    client.force_login(scenes.person(who))
    found = {}
    for name in names:
        row = ROWS[name]
        url = reverse(name, args=args.get(name, row.args)(scene))
        read = status_of_get(client, url)
        with transaction.atomic():
            before = Event.objects.count()
            done = client.post(url, row.data(scene)).status_code
            happened = Event.objects.count() > before
            transaction.set_rollback(True)
        found[name] = (read, done, happened)
    return found


def ajar(found: dict[str, tuple[int, int, bool]]) -> dict[str, tuple[int, int, bool]]:
    """The rows that were not shut: answered with anything but that there is no such page, or no such way to it."""
    return {name: row for name, row in found.items() if not ({*row[:2]} <= {404, 405}) or row[2]}


@pytest.mark.parametrize("who", ["pankow.krm", "pankow.tl", "pankow.ma", "pankow.admin"])
def test_who_left_yesterday_finds_nothing_but_their_own_account(client, scene, who):
    """With everything still in their hands: cases, statements, letters, requests (B4-1)."""
    yesterday = scene.today - timedelta(days=1)
    Membership.objects.filter(user=scenes.person(who)).update(from_on=yesterday, until_on=yesterday)
    found = column(client, scene, who, ALL_ROWS)

    assert ajar({name: found[name] for name in found if not ROWS[name].everywhere}) == {}
    assert {name for name, row in found.items() if row[0] == 200} == WITHOUT_A_SEAT
    assert [name for name, row in found.items() if row[2]] == []


@pytest.mark.parametrize("by_leaders", [True, pytest.param(False, marks=pytest.mark.long)])
def test_a_deputy_for_the_desk_entered_by_the_leadership_finds_nothing_against_it(client, scene, by_leaders):
    """Every case and Abgabe is against the Geschäftsführung; the rest of the desk's house is open (PAN-7)."""
    Case.objects.update(against_management=True)
    Transfer.objects.update(reason=Reason.AGAINST_MANAGEMENT)
    krm, expert = scenes.person("pankow.krm"), scenes.person("pankow.expert")
    Substitution.objects.create(
        absent=krm, deputy=expert, from_on=scene.today, until_on=scene.today, by_leaders=by_leaders
    )
    found = column(client, scene, expert.username, OF_A_MATTER)
    house = sorted(OF_THE_HOUSE)

    assert bool(ajar(found)) is not by_leaders
    assert column(client, scene, expert.username, house) == column(client, scene, krm.username, house)


def test_an_administrator_with_a_vertretung_for_the_desk_is_an_administrator(client, scene):
    """As rows of the past have it; today's actions enter none that brings both together (B4-12)."""
    krm, expert = scenes.person("pankow.krm"), scenes.person("pankow.expert")
    Substitution.objects.create(absent=krm, deputy=expert, from_on=scene.today, until_on=scene.today)
    Membership.objects.filter(user=expert).update(role=Role.SYSADMIN)
    found = column(client, scene, expert.username, ALL_ROWS)

    assert ajar({name: found[name] for name in OF_A_MATTER}) == {}
    assert found == column(client, scene, "pankow.admin", ALL_ROWS)


def test_whom_abgaben_are_about_finds_nothing_of_them_nor_of_their_letters(client, scene):
    """Each Abgabe of the scene names the second officer; the letters are one that waits and one that is a draft."""
    krm = scenes.acting("pankow.krm", scene.today)
    letter = draft_letter(by=krm, transfer=scene.privacy, kind=Letter.Kind.DATA_PROTECTION)
    for matter in (scene.transfer, scene.privacy):
        name_on_transfer(by=krm, transfer=matter, user=scenes.person("pankow.krm2"))
    names = [name for name in ROWS if name.startswith("cases:letter") and name != "cases:letter_draft"]
    names += [name for name in OF_AN_ABGABE if name != "cases:transfer_new"] + ["cases:document"]
    args = dict.fromkeys(names, lambda s: (letter.pk,)) | {name: ROWS[name].args for name in OF_AN_ABGABE}
    args["cases:letter_statement"] = lambda s: (letter.pk, s.statement.pk)
    args["cases:document"] = lambda s: (s.complaint.documents.get().pk,)

    assert ajar(column(client, scene, "pankow.krm2", names, **args)) == {}
    assert {"cases:letter", "cases:transfer", "cases:document"} <= ajar(
        column(client, scene, "pankow.krm", names, **args)
    ).keys()


def test_who_is_not_signed_in_gets_the_login_page(client, scene):
    answers = {}
    for name, row in ROWS.items():
        url = reverse(name, args=row.args(scene))
        if name not in WITHOUT_SIGNING_IN:
            locations = {client.get(url).headers.get("Location"), client.post(url).headers.get("Location")}
            answers[name] = locations == {f"{reverse('login')}?next={url}"}

    assert [name for name, asks_to_sign_in in answers.items() if not asks_to_sign_in] == []


def test_the_table_has_rows_for_roles_of_every_kind():
    roles = {part: role for part, role, *_ in demo_house.PEOPLE}

    assert {roles[part] for part in HOUSE} == set(Role)


def test_a_deputy_reads_and_acts_within_the_dates_only(client, scene):
    expert, url = scenes.person("pankow.expert"), reverse("cases:detail", args=[scene.working.reference])
    client.force_login(expert)
    before = client.get(url).status_code
    Substitution.objects.create(
        absent=scenes.person("pankow.krm"), deputy=expert, from_on=scene.today, until_on=scene.today
    )
    during = client.get(url)
    Substitution.objects.update(from_on=scene.today - timedelta(days=2), until_on=scene.today - timedelta(days=1))

    assert [before, during.status_code, client.get(url).status_code] == [404, 200, 404]
    assert "in Vertretung für Karin Ahrens" in during.content.decode()


def test_sealed_case_exists_for_those_named_only(client, scene):
    url = reverse("cases:detail", args=[scene.sealed.reference])
    readers = set()
    for who in EVERYBODY:
        client.force_login(scenes.person(who))
        if client.get(url).status_code == 200:
            readers.add(who)

    assert readers == {"pankow.krm", "pankow.dsb"}


def test_numbers_that_never_were_look_like_those_of_others(client, scene):
    client.force_login(scenes.person("gera.krm"))
    other = client.get(reverse("cases:detail", args=[scene.working.reference]))
    never = client.get(reverse("cases:detail", args=["PAN-2026-99999"]))

    assert (other.status_code, never.status_code) == (404, 404)
    assert without_tokens(other) == without_tokens(never)
