"""What closing asks beyond outcome and answer: where it comes from, and that every gap leads to where it is entered."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.asking import ask, tick
from cases.closing.actions import answer_orally, close, reopen
from cases.closing.reading import closing_facts
from cases.deadlines.actions.moving import pause
from cases.directives.actions.drafting import draft_directive
from cases.handling.actions.approval import present_result
from cases.handling.actions.assign import hand_to_unit, return_to_krm
from cases.handling.actions.notes import add_note
from cases.handling.actions.praise import pass_on_praise
from cases.handling.actions.talk import note_talk
from cases.letters.actions.writing import draft_letter
from cases.models import Assignment, Case, Directive, DirectivePoint, Letter, Note, Statement, Transfer
from cases.rules.assignments import AssignmentKind
from cases.rules.completeness import REQUIREMENTS, missing
from cases.rules.directives import PointKind
from cases.rules.kinds import Channel, Kind, Outcome, Settlement, Talk
from cases.rules.lifecycle import Step
from cases.rules.triage import Reason
from cases.statements.actions.asking import request_statement, withdraw_statement
from cases.statements.actions.way import edit_statement, hand_on, sign_statement
from cases.transfers.actions.triage import hand_over, split_off
from offices.errors import NotAllowed
from offices.models import Unit, User
from offices.queries import Actor, actor_for
from tests import make

pytestmark = pytest.mark.usefixtures("house")

ENTERED = {"outcome": Outcome.UPHELD, "outcome_reason": "Der Antrag lag zu lange.", "settlement": Settlement.WAIVED}


def acting(username: str) -> Actor:
    return actor_for(User.objects.get(username=username), timezone.localdate())


def waived(by: Actor, **changes) -> Case:
    """A case to which nothing but what the rules ask is missing: its person wants no answer."""
    case = make.seen(by, received_on=by.today, **changes)
    add_note(by=by, case=case, kind=Note.Kind.WAIVER, text="Eine Antwort ist nicht gewünscht.")
    return now(case)


def now(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def gaps(case: Case, **changes) -> list[str]:
    facts = closing_facts(now(case), **(ENTERED | changes))
    return [gap.key for gap in missing(Step.CLOSE, facts)]


def unit(slug: str, number: str) -> Unit:
    return Unit.objects.get(office__slug=slug, number=number)


def handed_over(by: Actor, case: Case, reason: Reason) -> Transfer:
    apart = split_off(by=by, case=case, reason=reason, text="Dieser Teil gehört woanders hin.", recipient="dorthin")
    return hand_over(by=by, transfer=apart, way="Hauspost")


def asked(by: Actor, case: Case, number: str = "711") -> list[Statement]:
    due_on = by.today + timedelta(days=(7 - by.today.weekday()) % 7 or 7)  # a Monday
    where = unit(case.office.slug, number)
    return request_statement(by=by, case=case, unit=where, question="Was ist geschehen?", due_on=due_on)


def approved(statement: Statement) -> None:
    for station in statement.stations.order_by("position"):
        by = actor_for(station.user, timezone.localdate())
        current = Statement.objects.get(pk=statement.pk)
        if station.part == "draft":
            current = edit_statement(by=by, statement=current, expected_version=current.version, text="So war es.")
            hand_on(by=by, statement=current, expected_version=current.version)
        else:
            sign_statement(by=by, statement=current, expected_version=current.version)


def verfuegung(by: Actor, case: Case, number: int = 1) -> Directive:
    at = timezone.now()
    signed = {"drafted_at": at, "drafted_by": by.user, "issued_at": at, "issued_by": by.user}
    return Directive.objects.create(case=case, number=number, **signed)


def test_alternatives_are_kept_with_the_case_and_with_a_former_result_ger22():
    krm = acting("pankow.krm")
    case = waived(krm)
    refused = ENTERED | {"outcome": Outcome.NOT_UPHELD}
    with pytest.raises(NotAllowed, match="welche Alternativen geprüft wurden"):
        close(by=krm, case=case, **refused)
    case = close(by=krm, case=case, alternatives=" Ratenzahlung angeboten. ", **refused)
    assert case.alternatives == "Ratenzahlung angeboten."
    case = reopen(by=krm, case=case, reason="Neue Unterlagen.")
    assert case.alternatives == ""
    assert "Geprüfte Alternativen: Ratenzahlung angeboten." in case.notes.get(kind=Note.Kind.REASON).text


def test_the_verbis_tick_becomes_a_day_and_is_asked_anew_after_reopening_gera16():
    gera = acting("gera.krm")
    case = waived(gera)
    note_talk(by=gera, case=case, talk=Talk.DECLINED, on=gera.today)
    assert gaps(case) == ["verbis"]
    case = close(by=gera, case=case, verbis=True, **ENTERED)
    assert case.verbis_on == gera.today
    case = reopen(by=gera, case=case, reason="Neue Unterlagen.")
    assert case.verbis_on is None
    assert f"In VerBIS vermerkt am {gera.today:%d.%m.%Y}." in case.notes.get(kind=Note.Kind.REASON).text


def test_where_the_rules_ask_no_tick_none_is_kept():
    krm = acting("pankow.krm")
    assert close(by=krm, case=waived(krm), verbis=True, objection_settled=True, **ENTERED).verbis_on is None


def test_a_widerspruch_beside_the_case_ends_with_it_pan9():
    krm = acting("pankow.krm")
    case = waived(krm)
    handed_over(krm, case, Reason.OBJECTION)
    assert gaps(case) == ["objection"]
    case = close(by=krm, case=case, objection_settled=True, **ENTERED)
    assert case.objection_settled
    case = reopen(by=krm, case=case, reason="Neue Unterlagen.")
    assert not case.objection_settled
    assert "Der Widerspruch wurde einheitlich abgeschlossen." in case.notes.get(kind=Note.Kind.REASON).text


def test_elsewhere_a_widerspruch_goes_its_own_way_k10():
    krm = acting("germersheim.krm")
    case = waived(krm)
    handed_over(krm, case, Reason.OBJECTION)
    assert gaps(case) == []


@pytest.mark.parametrize("talk", [Talk.OFFERED, Talk.HELD, Talk.DECLINED, Talk.NOT_SUITABLE])
def test_in_gera_the_talk_is_named_whatever_became_of_it_gera11(talk):
    gera = acting("gera.krm")
    case = waived(gera)
    assert gaps(case, verbis=True) == ["talk"]
    note_talk(by=gera, case=case, talk=talk, on=gera.today, note="Besprochen.")
    assert gaps(case, verbis=True) == []


def test_the_answer_in_a_talk_is_the_talk_gera11():
    gera = acting("gera.krm")
    case = make.seen(gera, received_on=gera.today)
    answer_orally(by=gera, case=case, on=gera.today, note_text="Alles besprochen.", consulted=True)
    assert gaps(case, settlement=Settlement.CONVERSATION, verbis=True) == []


def seen_by_management(krm: Actor, case: Case) -> None:
    """The result, laid before the Geschäftsführung and approved by it."""
    asked = present_result(by=krm, case=now(case), note="Der Ton war falsch.")
    tick(by=actor_for(asked.user, krm.today), assignment=asked)


def test_in_gera_a_conduct_complaint_needs_the_judgement_and_both_contributions_gera27():
    gera = acting("gera.krm")
    case = waived(gera, kind=Kind.CONDUCT_COMPLAINT)
    note_talk(by=gera, case=case, talk=Talk.DECLINED, on=gera.today)
    assert gaps(case, verbis=True) == ["judgement", "contributions", "signed"]
    Case.objects.filter(pk=case.pk).update(judged_on=gera.today, judged_by=gera.user)
    employee, assessment = asked(gera, case)
    approved(employee)
    assert gaps(case, verbis=True) == ["statements", "contributions", "signed"]
    approved(assessment)
    assert gaps(case, verbis=True) == ["signed"]
    seen_by_management(gera, case)
    assert gaps(case, verbis=True) == []


def test_in_pankow_the_superior_has_written_pan7():
    krm = acting("pankow.krm")
    case = waived(krm, kind=Kind.CONDUCT_COMPLAINT)
    employee, assessment = asked(krm, case)
    approved(assessment)
    assert gaps(case) == ["statements", "signed"]
    withdraw_statement(by=krm, statement=employee, reason="Die Person ist ausgeschieden.")
    assert gaps(case) == ["signed"]
    seen_by_management(krm, case)
    assert gaps(case) == []


def test_what_was_approved_before_reopening_does_not_count_again():
    krm = acting("pankow.krm")
    case = waived(krm, kind=Kind.CONDUCT_COMPLAINT)
    for statement in asked(krm, case):
        approved(statement)
    seen_by_management(krm, case)
    case = reopen(by=krm, case=close(by=krm, case=now(case), **ENTERED), reason="Neues Gespräch nötig.")
    assert gaps(case) == ["contributions", "signed", "answer_waived"]


def test_under_the_sgb3_standard_it_is_handed_to_the_interner_service_with_proof_blog5():
    by = acting("berlin-nord.krm")
    case = waived(by, kind=Kind.CONDUCT_COMPLAINT)
    ends = {"outcome": Outcome.NOT_ASSESSABLE}
    apart = split_off(by=by, case=case, reason=Reason.CONDUCT_COMPLAINT, text="Der Ton am Schalter.")
    assert gaps(case, **ends) == ["handed_to_service"]
    make.handed_over(by, apart)
    assert gaps(case, **ends) == []


def test_against_the_management_it_is_handed_to_the_dienstherr_with_proof_pan7():
    krm = acting("pankow.krm")
    case = waived(krm, kind=Kind.CONDUCT_COMPLAINT)
    Case.objects.filter(pk=case.pk).update(against_management=True)
    assert gaps(case) == ["handed_to_employer"]
    handed_over(krm, now(case), Reason.AGAINST_MANAGEMENT)
    assert gaps(case) == []


def test_a_lob_has_reached_the_lead_through_the_management_ger24():
    krm = acting("germersheim.krm")
    team = krm.offices[min(krm.office_ids())].units.filter(parent__isnull=False, is_active=True)[0]
    case = make.seen(krm, received_on=krm.today, kind=Kind.PRAISE, unit_id=team.pk)
    thanks = {"settlement": Settlement.NONE_NEEDED, "outcome": "", "outcome_reason": ""}
    assert gaps(case, **thanks) == ["praise"]
    row = pass_on_praise(by=krm, case=case, unit=team)
    assert gaps(case, **thanks) == ["praise"]
    tick(by=actor_for(row.user, krm.today), assignment=row)
    last = Assignment.objects.open().get(case=case)
    assert gaps(case, **thanks) == ["praise"]
    tick(by=actor_for(last.user, krm.today), assignment=last)
    assert gaps(case, **thanks) == []


def test_a_lob_that_belongs_to_no_unit_needs_no_lead_pan18():
    krm = acting("pankow.krm")
    case = make.seen(krm, received_on=krm.today, kind=Kind.PRAISE)
    assert gaps(case, settlement=Settlement.NONE_NEEDED, outcome="", outcome_reason="") == []


def test_an_open_statement_is_named_and_keeps_the_case_open_ger16():
    krm = acting("pankow.krm")
    case = waived(krm)
    statement = asked(krm, case)[0]
    facts = closing_facts(now(case), **ENTERED)
    assert facts.open_statements == ("Stellungnahme (711)",)
    approved(statement)
    assert gaps(case) == []


def test_a_letter_that_waits_for_its_signature_keeps_the_case_open_k21():
    krm = acting("pankow.krm")
    case = waived(krm)
    letter = make.answer(krm, case)
    assert gaps(case) == []
    Letter.objects.filter(pk=letter.pk).update(submitted_at=timezone.now(), submitted_by=krm.user)
    assert gaps(case) == ["signature"]


def test_handling_by_verfuegung_is_open_until_its_last_point_is_done_gera10_pan21():
    krm, tl = acting("pankow.krm"), acting("pankow.tl")
    case = waived(krm)
    made = verfuegung(krm, case)
    point = DirectivePoint.objects.create(
        directive=made, position=1, kind=PointKind.HANDLE, unit=unit("pankow", "712"), text="Bitte prüfen."
    )
    ask(case, AssignmentKind.HANDLE, tl.user, by=krm, directive=made)
    assert closing_facts(now(case), **ENTERED).open_handling == (str(tl.user),)
    hand_to_unit(by=krm, case=case, unit=unit("pankow", "711"))
    return_to_krm(by=tl, case=case, note="Erledigt, Nachweis liegt bei.")
    assert closing_facts(now(case), **ENTERED).open_handling == (str(point.unit),)
    DirectivePoint.objects.filter(pk=point.pk).update(done_on=krm.today, done_by=krm.user)
    assert gaps(case) == []


def test_only_the_last_verfuegung_counts():
    krm = acting("pankow.krm")
    case = waived(krm)
    DirectivePoint.objects.create(directive=verfuegung(krm, case), position=1, kind=PointKind.HANDLE, text="Prüfen.")
    assert gaps(case) == ["handling"]
    DirectivePoint.objects.create(
        directive=verfuegung(krm, case, number=2), position=1, kind=PointKind.NOTE, text="Kein Auftrag mehr."
    )
    assert gaps(case) == []


# The page: every gap leads to where it is entered


def ordinary(slug: str = "pankow", **changes) -> Case:
    return make.seen(acting(f"{slug}.krm"), received_on=timezone.localdate(), **changes)


def at_rest_without_concern() -> Case:
    case, krm = ordinary(), acting("pankow.krm")
    case.concerns.all().delete()
    pause(by=krm, case=case, category="other", reason="Akte fehlt", from_on=krm.today)
    return case


def with_letters_and_a_widerspruch() -> Case:
    """One letter waits for its signature, one is signed and not sent."""
    case, krm = ordinary(), acting("pankow.krm")
    answer = make.answer(krm, case)
    Letter.objects.filter(pk=answer.pk).update(submitted_at=timezone.now(), submitted_by=krm.user)
    acknowledgement = draft_letter(by=krm, case=case, kind=Letter.Kind.ACKNOWLEDGEMENT)
    Letter.objects.filter(pk=acknowledgement.pk).update(
        issued_at=timezone.now(), issued_by=krm.user, dated_on=krm.today
    )
    handed_over(krm, case, Reason.OBJECTION)
    return case


def with_the_unit_at_work() -> Case:
    case, krm = ordinary(), acting("pankow.krm")
    asked(krm, case)
    ask(case, AssignmentKind.HANDLE, acting("pankow.tl").user, by=krm)
    Case.objects.filter(pk=case.pk).update(status="with_krm")
    return case


def against_the_management() -> Case:
    case = ordinary(kind=Kind.CONDUCT_COMPLAINT)
    Case.objects.filter(pk=case.pk).update(against_management=True)
    return case


def waiting_at_the_desk() -> Case:
    case = ordinary("berlin-nord", kind=Kind.CONDUCT_COMPLAINT)
    by = acting("berlin-nord.krm")
    split_off(by=by, case=case, reason=Reason.CONDUCT_COMPLAINT, text="Der Ton am Schalter.")
    return case


@pytest.mark.parametrize(
    ("changes", "owed"),
    [
        ({"channel": Channel.LETTER}, True),
        ({"channel": Channel.FAX}, True),
        ({"channel": Channel.LETTER, "is_anonymous": True, "person": None}, True),
        ({"channel": Channel.EMAIL}, False),
        ({"channel": Channel.EMAIL, "kind": Kind.PETITION}, True),  # PAN-28
        ({"channel": Channel.PHONE}, False),
        ({"channel": Channel.LETTER, "kind": Kind.SUGGESTION}, True),
        ({"channel": Channel.LETTER, "kind": Kind.PRAISE}, False),  # reaches the Geschäftsführung on a way of its own
        ({"channel": Channel.OPINION_CARD, "is_anonymous": True, "person": None}, False),
    ],
)
def test_what_k19_brings_to_the_geschaeftsfuehrung_ends_only_with_her_verfuegung_pan20(changes, owed):
    krm = acting("pankow.krm")
    case = waived(krm, **changes)
    assert ("directive" in gaps(case)) is owed
    if owed:
        make.directed(krm, case)
        assert "directive" not in gaps(case)


def test_a_verfuegung_that_is_to_be_presented_is_waited_for_pan26():
    krm = acting("pankow.krm")
    case = waived(krm, channel=Channel.EMAIL)
    draft = draft_directive(by=krm, case=case)
    assert "directive" not in gaps(case)
    Directive.objects.filter(pk=draft.pk).update(must_present="Presse")
    assert "directive" in gaps(case)


def test_in_a_later_round_the_verfuegung_on_the_letter_still_counts():
    krm = acting("pankow.krm")
    case = waived(krm, channel=Channel.LETTER)
    make.directed(krm, case)
    case = reopen(by=krm, case=close(by=krm, case=now(case), **ENTERED), reason="Neue Unterlagen.")
    assert "directive" not in gaps(case)


def test_in_gera_the_geschaeftsfuehrung_has_seen_what_came_in_writing_gera17():
    krm, gf = acting("gera.krm"), acting("gera.gf")
    case = make.case(krm, received_on=krm.today)
    facts = closing_facts(case, **ENTERED)
    assert (facts.unseen_by, "seen" in gaps(case)) == ((str(gf.user),), True)
    tick(by=gf, assignment=case.assignments.get(kind="see_first"))
    assert "seen" not in gaps(case)
    assert "seen" not in gaps(make.case(krm, received_on=krm.today, channel=Channel.PHONE))
    assert "seen" not in gaps(make.case(gf, received_on=krm.today))


SCENES: dict[str, tuple[Callable[[], Case], dict[str, str]]] = {
    "nothing entered": (ordinary, {}),
    "resting": (at_rest_without_concern, {}),
    "refused": (ordinary, {"outcome": Outcome.NOT_UPHELD}),
    "not fitting": (ordinary, {"outcome": Outcome.NOT_APPLICABLE}),
    "letters": (with_letters_and_a_widerspruch, {"settlement": Settlement.LETTER}),
    "talked": (ordinary, {"settlement": Settlement.CONVERSATION}),
    "waived": (ordinary, {"settlement": Settlement.WAIVED}),
    "repeated": (ordinary, {"settlement": Settlement.REPEATED}),
    "no answer": (ordinary, {"settlement": Settlement.NONE_NEEDED}),
    "unit at work": (with_the_unit_at_work, {}),
    "gera": (lambda: ordinary("gera", kind=Kind.CONDUCT_COMPLAINT), {}),
    "sgb3": (lambda: ordinary("berlin-nord", kind=Kind.CONDUCT_COMPLAINT), {"outcome": Outcome.UPHELD}),
    "sgb3, split off": (waiting_at_the_desk, {}),
    "against management": (against_the_management, {}),
    "letter": (lambda: ordinary(channel=Channel.LETTER), {}),
    "gera, unseen": (lambda: make.case(acting("gera.krm"), received_on=timezone.localdate()), {}),
    "lob": (lambda: ordinary(kind=Kind.PRAISE, unit_id=unit("pankow", "711").pk), {}),
}


@pytest.mark.parametrize("name", SCENES)
def test_every_gap_leads_the_krm_to_where_it_is_entered(client, name):
    build, entered = SCENES[name]
    case = build()
    client.force_login(User.objects.get(username=f"{case.office.slug}.krm"))
    page = client.post(reverse("cases:close", args=[case.reference]), entered)
    found = page.context["gaps"]
    assert found
    for gap in found:
        address, _, fragment = gap["url"].partition("#")
        target = client.get(address) if address else page
        assert (gap["key"], target.status_code) == (gap["key"], 200 if address else page.status_code)
        assert not fragment or f'id="{fragment}"' in target.content.decode(), gap


def test_the_scenes_reach_every_line_of_the_table(client):
    reached = set()
    for build, entered in SCENES.values():
        case = build()
        client.force_login(User.objects.get(username=f"{case.office.slug}.krm"))
        page = client.post(reverse("cases:close", args=[case.reference]), entered)
        reached |= {gap["key"] for gap in page.context["gaps"]}
    assert {requirement.key for requirement in REQUIREMENTS[Step.CLOSE]} - reached == set()


def test_the_page_warns_of_the_widerspruch_by_its_number_pan9(client):
    case = with_letters_and_a_widerspruch()
    client.force_login(User.objects.get(username="pankow.krm"))
    page = client.get(reverse("cases:close", args=[case.reference])).content.decode()
    warning = re.search(r"krm-notice--warning.*?</div>", page, re.DOTALL).group(0)
    assert Transfer.objects.get(case=case).reference in warning


def test_what_no_rule_asks_stands_not_on_the_page(client):
    client.force_login(User.objects.get(username="pankow.krm"))
    form = client.get(reverse("cases:close", args=[ordinary().reference])).context["form"]
    assert [name for name in ("verbis", "objection_settled") if name in form.fields] == []


def test_all_that_is_asked_is_entered_on_the_page(client):
    gera = acting("gera.krm")
    case = waived(gera)
    note_talk(by=gera, case=case, talk=Talk.DECLINED, on=gera.today)
    client.force_login(gera.user)
    sent = ENTERED | {"outcome": Outcome.NOT_UPHELD, "alternatives": "Keine: Das Gesetz lässt keine zu."}
    page = client.post(reverse("cases:close", args=[case.reference]), sent)
    assert [gap["key"] for gap in page.context["gaps"]] == ["verbis"]
    assert page.context["form"]["alternatives"].value() == "Keine: Das Gesetz lässt keine zu."
    assert client.post(reverse("cases:close", args=[case.reference]), sent | {"verbis": "on"}).status_code == 302
    closed = now(case)
    assert (closed.status, closed.verbis_on, closed.alternatives) == (
        "closed", gera.today, "Keine: Das Gesetz lässt keine zu.",
    )  # fmt: skip
