"""The Verfügung from draft to its last point: presented, issued once, by whom K19 names, also „i. V.“."""

from contextlib import nullcontext
from datetime import date
from io import BytesIO

import pdfplumber
import pytest
from django.db.models import Q

from cases.access import grant, seal
from cases.administration.actions.rule_sets import change_rules
from cases.directives.actions.drafting import (
    discard_directive,
    draft_directive,
    issue_directive,
    present_directive,
    return_directive,
    save_directive,
)
from cases.directives.actions.points import finish_point
from cases.directives.reading.directive import point_data
from cases.directives.reading.sheets import directive_pdf
from cases.handling.actions.assign import hand_to_unit
from cases.models import Assignment, Case, Deadline, Directive, Event
from cases.rules.directives import PointData, PointKind
from cases.rules.kinds import Channel, Kind
from cases.rules.registration import EmployeeData
from cases.rules.triage import Reason
from cases.signing.actions import withdraw_letter
from cases.transfers.actions.triage import hand_over_case
from offices.errors import ChangedMeanwhile, NotAllowed
from offices.models import RuleSet, Substitution, Unit, User
from offices.roles import Role
from offices.rules.changes import with_changes
from tests import make
from tests.cast import TODAY, actor

pytestmark = pytest.mark.usefixtures("house")

FILE = PointData(PointKind.FILE)
FRIDAY, SATURDAY = date(2026, 11, 27), date(2026, 11, 28)


@pytest.fixture
def krm(house):
    return actor("pankow.krm")


def person(name: str) -> User:
    return User.objects.get(username=f"pankow.{name}")


def unit(number: str, slug: str = "pankow") -> Unit:
    return Unit.objects.get(office__slug=slug, number=number)


def drafted(krm, number: str = "711", **changes) -> Directive:
    return draft_directive(by=krm, case=make.case(krm, unit_id=unit(number).pk, **changes))


def saved(by, directive: Directive, *points: PointData, **changes) -> Directive:
    head = {"lead_unit": directive.lead_unit, "signature_level": directive.signature_level, "must_present": ""}
    values = {"expected_version": directive.version, "points": points or point_data(directive)} | head | changes
    return save_directive(by=by, directive=directive, **values)


def presented(krm, **changes) -> Directive:
    return present_directive(by=krm, directive=drafted(krm, **changes), expected_version=1)


def handle(text: str = "mit der Kundin sprechen", **changes) -> PointData:
    return PointData(PointKind.HANDLE, text, **({"unit_id": unit("711").pk, "due_on": FRIDAY} | changes))


def to_handle(krm, *points: PointData, **head) -> Directive:
    """Issued by the KRM, as an e-mail is, with points that somebody handles."""
    directive = drafted(krm, channel=Channel.EMAIL)
    return issued(krm, saved(krm, directive, *(points or (handle(),)), FILE, **head))


def now(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def asked(case: Case) -> set[tuple[str, str]]:
    """Kind and person of what is still to be done, without what was told at registration."""
    told = Q(kind="take_note", directive__isnull=True)
    open_ones = Assignment.objects.open().filter(case=case).exclude(told)
    return {(kind, name.split(".")[1]) for kind, name in open_ones.values_list("kind", "user__username")}


def sheet(directive: Directive) -> str:
    with pdfplumber.open(BytesIO(directive_pdf(directive))) as pdf:
        return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


def issued(by, directive: Directive) -> Directive:
    return issue_directive(by=by, directive=directive, expected_version=directive.version)


@pytest.mark.parametrize("act", [present_directive, issue_directive])
def test_what_is_signed_leaves_or_is_taken_back_before_a_further_verfuegung_pan23(krm, act):
    channel = Channel.LETTER if act == present_directive else Channel.EMAIL
    letter = make.signed(krm, make.answer(krm, make.case(krm, channel=channel, unit_id=unit("711").pk)))
    further = draft_directive(by=krm, case=now(letter.case))

    with pytest.raises(NotAllowed, match="erst versenden oder zurücknehmen"):
        act(by=krm, directive=further, expected_version=further.version)
    withdraw_letter(by=krm, letter=letter, note="Es fehlt etwas.")
    act(by=krm, directive=further, expected_version=further.version)


@pytest.mark.parametrize(("number", "copies"), [("711", ["lgf"]), ("791", [])])
def test_the_draft_copies_the_lgf_for_listed_bereiche_and_is_there_once_pan21(krm, number, copies):
    directive = drafted(krm, number)

    found = directive.points.filter(kind=PointKind.COPY).values_list("person__username", flat=True)
    assert list(found) == [f"pankow.{name}" for name in copies]
    assert draft_directive(by=krm, case=directive.case) == directive


def test_a_letter_is_issued_by_the_deputy_of_the_geschaeftsfuehrung_i_v_and_only_once_pan20(krm):
    directive = drafted(krm)
    with pytest.raises(NotAllowed, match="Geschäftsführung"):
        issued(krm, directive)
    directive = present_directive(by=krm, directive=directive, expected_version=directive.version)
    Substitution.objects.create(absent=person("gf"), deputy=person("krm2"), from_on=TODAY, until_on=TODAY)

    done = issued(actor("pankow.krm2"), directive)

    assert (done.issued_by, done.issued_for) == (person("krm2"), person("gf"))
    assert (done.case.status, done.case.unit.number, done.case.responsible) == ("with_unit", "711", person("tl"))
    asked = Assignment.objects.open().filter(case=done.case).values_list("kind", "user__username")
    assert {("write_statement", "pankow.tl"), ("take_note", "pankow.lgf")} <= set(asked)
    assert "issue_directive" not in {kind for kind, _ in asked}
    with pytest.raises(NotAllowed, match="schon abverfügt"):
        issued(actor("pankow.krm2"), directive)


def test_who_saves_second_is_shown_the_points_and_overwrites_nothing(krm):
    directive = drafted(krm, channel=Channel.EMAIL)
    first, second = ([PointData(PointKind.NOTE, text), PointData(PointKind.FILE)] for text in ("eins", "zwei"))
    values = {"lead_unit": None, "signature_level": "team_lead", "must_present": "", "expected_version": 1}
    save_directive(by=krm, directive=directive, points=first, **values)

    with pytest.raises(ChangedMeanwhile):
        save_directive(by=actor("pankow.krm2"), directive=directive, points=second, **values)
    assert directive.points.get(position=1).text == "eins"


def test_an_email_is_issued_by_the_krm_and_handled_points_bring_the_case_back_pan26(krm):
    directive = drafted(krm, channel=Channel.EMAIL, kind=Kind.SUGGESTION)
    done = issued(krm, directive)
    point = done.points.get(kind=PointKind.HANDLE)

    finish_point(by=actor("pankow.tl"), point=point)

    done.case.refresh_from_db()
    assert (done.issued_for, done.case.status) == (None, "with_krm")
    with pytest.raises(NotAllowed, match="schon erledigt"):
        finish_point(by=krm, point=point)


def test_a_dienstaufsichtsbeschwerde_asks_for_both_contributions_gera27(krm):
    done = issued(krm, drafted(krm, channel=Channel.EMAIL, kind=Kind.CONDUCT_COMPLAINT))

    assert sorted(done.case.statements.values_list("kind", flat=True)) == ["assessment", "employee"]


def test_a_vorlagepflichtige_email_goes_to_the_geschaeftsfuehrung_pan26(krm):
    base = RuleSet.objects.get(office__slug="pankow")
    listed = {"first_stop": {"must_present": ["Presse"]}}
    rules = with_changes(base.parameters, readings={}, values=listed, source="vor Ort")
    change_rules(by=krm, base=base, parameters=rules, valid_from=TODAY, reason="Anlage 2")
    directive = drafted(krm, channel=Channel.EMAIL)

    directive = save_directive(
        by=krm,
        directive=directive,
        expected_version=directive.version,
        points=point_data(directive),
        lead_unit=directive.lead_unit,
        signature_level="management",
        must_present="Presse",
    )

    with pytest.raises(NotAllowed, match="Geschäftsführung"):
        issued(krm, directive)
    assert issued(actor("pankow.gf"), directive).issued_by == person("gf")


def test_the_geschaeftsfuehrung_gives_it_back_with_a_note_and_only_then_the_krm_may_change_it_pan20(krm):
    directive, gf = presented(krm), actor("pankow.gf")
    with pytest.raises(NotAllowed, match="liegt bei der Geschäftsführung"):
        saved(krm, directive)
    with pytest.raises(NotAllowed, match="was an der Verfügung zu ändern ist") as refused:
        return_directive(by=gf, directive=directive, note=" ")
    assert (refused.value.field, asked(directive.case)) == ("note", {("issue_directive", "gf")})

    back = return_directive(by=gf, directive=directive, note="Bitte das Team 712 beteiligen.")

    assert (back.state, asked(back.case)) == ("Entwurf", set())
    told = back.case.events.get(code="directive.returned")
    assert (told.note.text, told.by) == ("Bitte das Team 712 beteiligen.", person("gf"))
    assert saved(krm, back).version == back.version + 1


def test_the_geschaeftsfuehrung_changes_what_is_presented_and_issues_it_as_changed_pan20(krm):
    directive, gf = presented(krm), actor("pankow.gf")

    changed = saved(gf, directive, handle("sofort anrufen"), FILE, signature_level=Role.DIVISION_LEAD)
    done = issued(gf, changed)

    assert done.signature_level == Role.DIVISION_LEAD
    assert done.points.get(kind=PointKind.HANDLE).text == "sofort anrufen"
    assert asked(done.case) >= {("handle", "tl")}


def test_a_draft_is_discarded_but_not_while_the_geschaeftsfuehrung_has_it(krm):
    directive = presented(krm)
    with pytest.raises(NotAllowed, match="liegt"):
        discard_directive(by=krm, directive=directive)
    back = return_directive(by=actor("pankow.gf"), directive=directive, note="nicht nötig")

    discard_directive(by=krm, directive=back)

    assert not back.case.directives.exists()
    assert back.case.events.filter(code="directive.discarded").count() == 1
    with pytest.raises(NotAllowed, match="inzwischen verworfen"):
        saved(krm, back)


def test_two_units_need_a_federfuehrung_whose_lead_is_responsible_and_both_are_asked_gera10(krm):
    directive = drafted(krm, channel=Channel.EMAIL)
    parts = [PointData(PointKind.STATEMENT, "Was war?", unit_id=unit(n).pk, due_on=FRIDAY) for n in ("711", "712")]
    co_sign = PointData(PointKind.CO_SIGN, unit_id=unit("712").pk)
    directive = saved(krm, directive, *parts, co_sign, FILE, lead_unit=None)
    with pytest.raises(NotAllowed, match="Federführung"):
        issued(krm, directive)

    done = issued(krm, saved(krm, directive, *parts, co_sign, FILE, lead_unit=unit("712")))

    case = now(done.case)
    assert (case.unit, case.responsible, case.status) == (unit("712"), person("tl2"), "with_unit")
    assert asked(case) >= {("write_statement", "tl"), ("write_statement", "tl2")}
    assert done.points.get(kind=PointKind.CO_SIGN).unit == unit("712")


def test_the_proposal_for_two_units_leads_with_that_of_the_case_and_lets_the_other_co_sign_gera10(krm):
    case = make.case(krm, unit_id=unit("711").pk)
    case.concerns.update(unit=unit("712"))
    points = draft_directive(by=krm, case=case).points

    statements = points.filter(kind=PointKind.STATEMENT).values_list("unit__number", flat=True)
    assert list(statements) == ["711", "712"]
    assert "Federführung" in points.get(kind=PointKind.STATEMENT, unit=unit("711")).text
    assert points.get(kind=PointKind.CO_SIGN).unit == unit("712")


def test_a_point_to_handle_is_a_date_and_an_assignment_of_the_lead(krm):
    done = to_handle(krm)

    point = done.points.get(kind=PointKind.HANDLE)
    found = Assignment.objects.open().get(case=done.case, kind="handle")
    assert (found.user, found.due_on, point.deadline.due_on) == (person("tl"), FRIDAY, FRIDAY)
    assert (point.deadline.kind, point.deadline.assignee) == (Deadline.Kind.DIRECTIVE, person("tl"))
    assert (now(done.case).unit, now(done.case).responsible) == (unit("711"), person("tl"))


@pytest.mark.parametrize("who", ["tl", "krm"])
def test_lead_and_desk_tick_it_off_which_ends_date_and_assignment(krm, who):
    done = to_handle(krm)

    finish_point(by=actor(f"pankow.{who}"), point=done.points.get(kind=PointKind.HANDLE))

    point = done.points.get(kind=PointKind.HANDLE)
    assert (point.done_on, point.done_by, point.deadline.met_on) == (TODAY, person(who), TODAY)
    met = done.case.events.filter(code="deadline.met").values_list("data__due_on", "data__met_on")
    assert list(met) == [(FRIDAY.isoformat(), TODAY.isoformat())]
    assert ("handle", "tl") not in asked(done.case)
    assert now(done.case).status == "with_krm"


def test_who_is_asked_in_place_of_the_lead_complained_about_ticks_it_off(krm):
    employees = (EmployeeData(user_id=person("tl").pk),)
    directive = drafted(krm, channel=Channel.EMAIL, employees=employees)
    done = issued(krm, saved(krm, directive, handle(), FILE))
    point = done.points.get(kind=PointKind.HANDLE)
    assert point.deadline.assignee == person("bl")

    assert finish_point(by=actor("pankow.bl"), point=point).done_by == person("bl")


def test_the_last_point_to_handle_gives_the_case_back_and_not_the_first(krm):
    done = to_handle(krm, handle("anrufen"), handle("Bescheid prüfen"))
    first, second = done.points.filter(kind=PointKind.HANDLE)

    finish_point(by=actor("pankow.tl"), point=first)
    assert (now(done.case).status, ("handle", "tl") in asked(done.case)) == ("with_unit", True)
    finish_point(by=actor("pankow.tl"), point=second)
    assert (now(done.case).status, ("handle", "tl") in asked(done.case)) == ("with_krm", False)


def test_a_ticked_wiedervorlage_takes_the_case_from_nobody(krm):
    look = PointData(PointKind.FOLLOW_UP, "Rücklauf prüfen", due_on=FRIDAY)
    done = to_handle(krm, handle(unit_id=None, person_id=person("bl").pk), look, lead_unit=None)
    finish_point(by=actor("pankow.bl"), point=done.points.get(kind=PointKind.HANDLE))
    hand_to_unit(by=krm, case=done.case, unit=unit("711"), handler=person("ma"))

    finish_point(by=krm, point=done.points.get(kind=PointKind.FOLLOW_UP))

    kept = now(done.case)
    assert (kept.status, kept.handler) == ("with_unit", person("ma"))


def test_what_an_earlier_verfuegung_asked_takes_the_case_from_no_unit_that_has_it_now(krm):
    done = to_handle(krm)
    hand_to_unit(by=krm, case=done.case, unit=unit("712"), handler=person("ma2"))

    finish_point(by=krm, point=done.points.get(kind=PointKind.HANDLE))

    kept = now(done.case)
    assert (kept.status, kept.unit.number, kept.handler) == ("with_unit", "712", person("ma2"))


def test_whoever_is_not_named_ticks_nothing_off(krm):
    point = to_handle(krm).points.get(kind=PointKind.HANDLE)
    with pytest.raises(NotAllowed, match="wer darin genannt ist"):
        finish_point(by=actor("pankow.gf"), point=point)


def test_what_a_person_handles_without_a_unit_leaves_the_case_with_the_krm(krm):
    directive = drafted(krm, channel=Channel.EMAIL)
    named = handle(unit_id=None, person_id=person("bl").pk)
    done = issued(krm, saved(krm, directive, named, FILE, lead_unit=None))

    assert now(done.case).status == "with_krm"
    assert asked(done.case) >= {("handle", "bl")}
    finish_point(by=actor("pankow.bl"), point=done.points.get(kind=PointKind.HANDLE))
    assert now(done.case).status == "with_krm"


def test_a_statement_is_not_ticked_off(krm):
    done = issued(krm, drafted(krm, channel=Channel.EMAIL))
    with pytest.raises(NotAllowed, match="Freigabe"):
        finish_point(by=krm, point=done.points.get(kind=PointKind.STATEMENT))


def test_nothing_is_ticked_off_in_a_draft(krm):
    with pytest.raises(NotAllowed, match="noch nicht abverfügt"):
        finish_point(by=krm, point=drafted(krm).points.first())


def test_a_case_against_the_geschaeftsfuehrung_is_directed_by_the_krm_and_asks_no_leader_pan7(krm):
    directive = draft_directive(
        by=krm, case=make.case(krm, employees=(EmployeeData(user_id=person("gf").pk),), unit_id=unit("711").pk)
    )
    assert directive.lead_unit is None
    assert not directive.points.filter(kind__in=[PointKind.STATEMENT, PointKind.HANDLE, PointKind.COPY]).exists()
    assert "Vorlage an" in directive.points.get(kind=PointKind.LETTER).text
    with pytest.raises(NotAllowed, match="zeichnet das KRM selbst"):
        present_directive(by=krm, directive=directive, expected_version=1)
    with pytest.raises(NotAllowed):
        issued(actor("pankow.gf"), directive)
    with pytest.raises(NotAllowed, match="gehört zur Leitung"):
        saved(krm, directive, handle(unit_id=None, person_id=person("tl").pk), FILE)

    assert issued(krm, directive).issued_by == krm.user
    assert asked(directive.case) == set()


def test_who_saves_second_reads_both_versions_of_what_differs(krm):
    directive = drafted(krm, channel=Channel.EMAIL)
    saved(krm, directive, PointData(PointKind.NOTE, "eins"), FILE, lead_unit=unit("712"))

    with pytest.raises(ChangedMeanwhile) as conflict:
        saved(actor("pankow.krm2"), directive, PointData(PointKind.NOTE, "zwei"), FILE)
    assert conflict.value.version == 2
    assert conflict.value.differences == {
        "Federführung": (str(unit("712")), str(unit("711"))),
        "Punkte": (
            "1. Vermerk: eins\n2. Kopie z.K., Lars Gerber: Kopie an die LGF\n3. z.d.A.",
            "1. Vermerk: zwei\n2. z.d.A.",
        ),
    }
    with pytest.raises(ChangedMeanwhile):
        issue_directive(by=krm, directive=directive, expected_version=1)


def test_what_is_sealed_is_asked_of_those_named_only(krm):
    directive = drafted(krm, channel=Channel.EMAIL)
    directive = saved(krm, directive, handle(), FILE)
    seal(by=krm, case=directive.case)
    with pytest.raises(NotAllowed, match=r"nicht \(mehr\) zugänglich"):
        issued(actor("pankow.krm2"), directive)
    with pytest.raises(NotAllowed, match="keine Leitung"):
        issued(krm, directive)
    assert asked(directive.case) == set()
    grant(by=krm, case=directive.case, user=person("tl"))

    assert asked(issued(krm, directive).case) == {("handle", "tl")}


def test_a_unit_that_nobody_leads_is_named_before_it_is_presented(krm):
    directive = drafted(krm, "721")
    with pytest.raises(NotAllowed, match="Punkt 2: „721 .* hat keine Leitung"):
        present_directive(by=krm, directive=directive, expected_version=1)


@pytest.mark.parametrize("kind", [PointKind.CO_SIGN, PointKind.COPY])
def test_nor_does_it_co_sign_or_get_a_copy(krm, kind):
    with pytest.raises(NotAllowed, match="„721 .* hat keine Leitung"):
        issued(krm, saved(krm, drafted(krm, channel=Channel.EMAIL), PointData(kind, unit_id=unit("721").pk), FILE))


def test_another_one_in_the_same_round_counts_on_and_holds_what_the_first_asked(krm):
    first = to_handle(krm)
    second = draft_directive(by=krm, case=first.case)
    assert (second.number, str(second)) == (2, "Verfügung 2")

    issued(krm, saved(krm, second, handle("auch den Bescheid prüfen"), FILE))

    finish_point(by=actor("pankow.tl"), point=first.points.get(kind=PointKind.HANDLE))
    assert (now(first.case).status, ("handle", "tl") in asked(first.case)) == ("with_unit", True)
    finish_point(by=actor("pankow.tl"), point=second.points.get(kind=PointKind.HANDLE))
    assert now(first.case).status == "with_krm"


@pytest.mark.parametrize(
    ("due_on", "why"), [(SATURDAY, "kein Arbeitstag"), (date(2026, 11, 20), "liegt in der Vergangenheit")]
)
def test_what_is_kept_may_lack_a_day_but_is_not_issued_b3_5(krm, due_on, why):
    directive = saved(krm, drafted(krm, channel=Channel.EMAIL), handle(due_on=due_on), FILE)
    with pytest.raises(NotAllowed, match=why):
        issued(krm, directive)
    assert asked(directive.case) == set()


def test_everything_that_is_missing_is_said_at_once(krm):
    directive = saved(krm, drafted(krm, channel=Channel.EMAIL), PointData(PointKind.HANDLE), signature_level="")
    with pytest.raises(NotAllowed) as refused:
        issued(krm, directive)
    for sentence in ("wer das Abschlussschreiben zeichnet", "Punkt 1: Bitte angeben"):
        assert sentence in refused.value.reason


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"signature_level": "employee"}, "signature_level"), ({"must_present": "Presse"}, "must_present")],
)
def test_what_the_rules_do_not_list_is_refused_at_its_field(krm, changes, field):
    with pytest.raises(NotAllowed) as refused:
        saved(krm, drafted(krm), **changes)
    assert refused.value.field == field


def test_units_and_people_of_other_offices_are_refused(krm):
    directive = drafted(krm)
    with pytest.raises(NotAllowed, match="gehört nicht zur Dienststelle"):
        saved(krm, directive, handle(unit_id=unit("711", "gera").pk), FILE)
    with pytest.raises(NotAllowed, match="gehört nicht zur Dienststelle"):
        saved(krm, directive, handle(person_id=User.objects.get(username="gera.tl").pk), FILE)


@pytest.mark.parametrize(("kind", "is_refused"), [("handle", True), ("co_sign", True), ("copy", False)])
def test_only_who_works_on_cases_handles_or_co_signs(krm, kind, is_refused):
    point = PointData(PointKind(kind), "prüfen", person_id=person("controlling").pk, due_on=FRIDAY)
    refusal = pytest.raises(NotAllowed, match="keine Rolle, die Vorgänge bearbeitet") if is_refused else nullcontext()
    with refusal:
        saved(krm, drafted(krm), point, FILE)


def test_nobody_complained_about_gets_a_point_b4_8(krm):
    directive = drafted(krm, employees=(EmployeeData(user_id=person("tl").pk),))
    assert directive.lead_unit == unit("71")  # the team's lead is complained about
    with pytest.raises(NotAllowed, match="selbst betroffen"):
        saved(krm, directive, handle(unit_id=None, person_id=person("tl").pk), FILE)


def test_a_case_handed_over_takes_the_presented_draft_with_it(krm):
    directive = presented(krm)
    hand_over_case(by=krm, case=directive.case, reason=Reason.OBJECTION)

    assert not Directive.objects.filter(pk=directive.pk).exists()
    assert asked(directive.case) == set()
    assert Event.objects.filter(case=directive.case, code="directive.discarded").count() == 1


def test_a_closed_case_takes_the_unfinished_draft_with_it_and_keeps_the_issued_one(krm):
    case = make.case(krm)
    held = make.directed(krm, case)
    draft_directive(by=krm, case=now(case))
    make.answered(krm, now(case))

    make.closed(krm, now(case))

    assert list(case.directives.all()) == [held]


def test_the_sheet_of_a_draft_has_room_for_a_signature_that_of_an_issued_one_says_who_signed_pan20(krm):
    directive = presented(krm)
    text = sheet(directive)
    for words in (directive.case.reference, "Intern, nicht zur Herausgabe", "Unterschrift", "Stellungnahme", "Wv."):
        assert words in text
    assert "Abverfügt am" not in text
    Substitution.objects.create(absent=person("gf"), deputy=person("krm2"), from_on=TODAY, until_on=TODAY)

    text = sheet(issued(actor("pankow.krm2"), directive))

    assert f"von {person('krm2')} i. V. für {person('gf')}" in text
    assert "Unterschrift" not in text
    assert str(unit("711")) in text
