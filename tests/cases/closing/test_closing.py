"""Answered in conversation, closed and filed, taken up again."""

from datetime import date, timedelta

import pytest

from cases.closing.actions import answer_orally, close, reopen
from cases.deadlines.actions.moving import pause
from cases.handling.actions.assign import accept, hand_to_unit
from cases.handling.actions.notes import add_note, set_follow_up
from cases.letters.actions.writing import draft_letter
from cases.models import Case, Concern, Event, Letter, Note
from cases.rules.kinds import Channel, Kind, Outcome, Settlement
from cases.rules.registration import ConcernData
from cases.rules.triage import Reason
from cases.transfers.actions.triage import hand_over, split_off
from offices.errors import NotAllowed
from offices.models import Unit
from tests import make
from tests.cast import TODAY, actor

FRIDAY = date(2026, 11, 20)
UPHELD = {"outcome": Outcome.UPHELD, "outcome_reason": "Der Antrag lag sechs Wochen."}

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture
def krm():
    return actor("pankow.krm")


def talked(by, case: Case, on: date = TODAY) -> Case:
    answer_orally(by=by, case=case, on=on, note_text="Am Telefon erklärt, warum es dauerte.")
    return Case.objects.get(pk=case.pk)


def closed(by, case: Case, **changes) -> Case:
    case = talked(by, case)
    return close(by=by, case=case, **(UPHELD | {"settlement": Settlement.CONVERSATION} | changes))


def deadlines(case: Case, round_number: int = 1) -> dict[str, tuple]:
    return {d.kind: (d.start_on, d.met_on, d.cancelled_on) for d in case.deadlines.filter(round=round_number)}


def codes(case: Case) -> list[str]:
    return list(case.events.order_by("seq").values_list("code", flat=True))


def test_a_talk_answers_the_case_and_ends_its_deadlines_gera11(krm):
    case = talked(krm, make.case(krm, received_on=FRIDAY))
    assert deadlines(case) == {
        "acknowledgement": (FRIDAY, TODAY, None),
        "closure": (FRIDAY, TODAY, None),
        "interim": (FRIDAY, None, TODAY),
    }
    assert (case.status, case.answered_on, case.settlement, case.next_due_on) == (
        "answered", TODAY, "conversation", None,
    )  # fmt: skip
    note = case.notes.get()
    assert (note.kind, note.text) == ("contact", "Am Telefon erklärt, warum es dauerte.")
    assert Event.objects.get(code="note.contact").note == note


@pytest.mark.parametrize(
    ("on", "text", "sentence"),
    [
        (TODAY + timedelta(days=1), "Text", "nicht in der Zukunft"),
        (FRIDAY, "Text", "nicht vor dem Eingang"),
        (TODAY, "  ", "was besprochen wurde"),
    ],
)
def test_an_impossible_talk_is_refused(krm, on, text, sentence):
    with pytest.raises(NotAllowed, match=sentence):
        answer_orally(by=krm, case=make.seen(krm), on=on, note_text=text)


def test_in_gera_the_krm_consults_the_teamleitung_before_a_talk_and_who_works_in_the_team_need_not_gera5(house):
    krm, tl = actor("gera.krm"), actor("gera.tl")
    cases = [make.seen(krm, unit_id=Unit.objects.get(office__slug="gera", number="711").pk) for _ in range(2)]
    with pytest.raises(NotAllowed, match="Rücksprache mit Teamleitung ist gehalten") as refusal:
        answer_orally(by=krm, case=cases[0], on=TODAY, note_text="Erklärt.")
    assert refusal.value.field == "consulted"
    answer_orally(by=krm, case=cases[0], on=TODAY, note_text="Erklärt.", consulted=True)
    accept(by=krm, case=cases[1])
    hand_to_unit(by=krm, case=cases[1], unit=cases[1].unit)
    answer_orally(by=tl, case=cases[1], on=TODAY, note_text="Erklärt.")


def test_a_case_is_answered_once(krm):
    case = talked(krm, make.seen(krm))
    with pytest.raises(NotAllowed, match="„Als beantwortet vermerken“ ist nicht möglich"):
        answer_orally(by=krm, case=case, on=TODAY, note_text="Noch einmal.")
    assert case.notes.count() == 1


def test_a_letter_after_the_talk_restarts_no_clock(krm):
    case = make.seen(krm, received_on=FRIDAY)
    make.directed(krm, case)
    case = talked(krm, case, on=FRIDAY)
    make.answered(krm, case)
    case.refresh_from_db()
    assert (case.answered_on, case.settlement) == (FRIDAY, "conversation")
    assert deadlines(case)["closure"] == (FRIDAY, FRIDAY, None)


def test_closing_files_the_case_and_fixes_its_retention_pan37_b4_9(krm):
    case = closed(krm, make.seen(krm))
    case.refresh_from_db()
    assert (case.status, case.closed_on, case.closed_by, case.file_reference, case.retention_until) == (
        "closed", TODAY, krm.user, f"II-6001 {case.reference}", date(2036, 12, 31),
    )  # fmt: skip
    assert (case.outcome, case.outcome_reason, case.next_due_on) == ("upheld", "Der Antrag lag sechs Wochen.", None)
    assert codes(case)[-1] == "case.closed"


def test_closing_ends_every_open_deadline_and_keeps_the_answer_as_its_day(krm):
    case = make.case(krm, received_on=FRIDAY)
    set_follow_up(by=krm, case=case, due_on=date(2026, 12, 1), task="Nachfragen")
    make.directed(krm, case)
    case = talked(krm, case, on=FRIDAY)
    close(by=krm, case=case, settlement=Settlement.CONVERSATION, **UPHELD)
    assert deadlines(case) == {
        "acknowledgement": (FRIDAY, FRIDAY, None),
        "closure": (FRIDAY, FRIDAY, None),
        "interim": (FRIDAY, None, TODAY),
        "follow_up": (TODAY, None, TODAY),
    }
    assert case.deadlines.open().count() == 0


def repeated(by, case: Case, reference: str, on: date | None = None) -> Case:
    asked = {"settlement": Settlement.REPEATED, "repeated_reference": reference, "repeated_on": on}
    return close(by=by, case=case, **asked, **UPHELD)


def test_a_repeated_matter_is_closed_by_reference_and_meets_its_deadline_b2_2(krm):
    earlier = closed(krm, make.seen(krm))
    case = make.seen(krm, received_on=FRIDAY)
    repeated(krm, case, f" {earlier.reference.lower()} ")
    case.refresh_from_db()
    assert deadlines(case)["closure"] == (FRIDAY, TODAY, None)
    assert case.outcome_reason.endswith(f"\nBereits beschieden: {earlier.reference}")


def test_an_abgabe_proves_an_earlier_answer_as_well_b2_2(krm):
    case = make.seen(krm)
    transfer = split_off(by=krm, case=case, reason=Reason.OBJECTION, text="Teil 2")
    again = make.seen(krm)
    with pytest.raises(NotAllowed, match="nicht belegt"):
        repeated(krm, again, transfer.reference)
    hand_over(by=krm, transfer=transfer, way="Hauspost")
    assert repeated(krm, again, transfer.reference).status == "closed"


def test_what_is_open_elsewhere_unknown_or_the_case_itself_proves_nothing_b2_2(krm):
    case, open_one = make.seen(krm), make.case(krm)
    elsewhere = make.seen(actor("germersheim.krm"))
    closed(actor("germersheim.krm"), elsewhere)
    for reference in ("x", "", "a\x00b", case.reference, open_one.reference, elsewhere.reference):
        with pytest.raises(NotAllowed, match="Der frühere Bescheid ist nicht belegt"):
            repeated(krm, case, reference)


def test_what_was_answered_before_krm_is_named_with_its_day_b2_2(krm):
    case = make.seen(krm, received_on=FRIDAY)
    with pytest.raises(NotAllowed, match="vor dem Eingang") as refusal:
        repeated(krm, case, "Akte 12", TODAY)
    assert refusal.value.field == "repeated_on"
    with pytest.raises(NotAllowed, match="nicht belegt"):
        repeated(krm, case, " ", date(2021, 3, 5))
    case = repeated(krm, case, "Akte 12", date(2021, 3, 5))
    assert case.outcome_reason.endswith("Bereits beschieden: Akte 12 vom 05.03.2021")


def test_everything_missing_is_said_at_once_and_nothing_changes(krm):
    case = make.seen(krm)
    pause(by=krm, case=case, category="other", reason="Akte fehlt", from_on=TODAY)
    with pytest.raises(NotAllowed) as refused:
        close(by=krm, case=case, settlement=Settlement.LETTER)
    assert refused.value.reason == (
        "Der Vorgang ruht; bitte zuerst fortsetzen. Das Ergebnis fehlt. Die Begründung des Ergebnisses fehlt. "
        "Das Abschlussschreiben ist noch nicht versandt."
    )
    case.refresh_from_db()
    assert (case.status, case.closed_on) == ("new", None)


def test_an_issued_letter_must_leave_before_the_case_is_closed(krm):
    case = make.seen(krm)
    letter = draft_letter(by=krm, case=case, kind=Letter.Kind.ACKNOWLEDGEMENT)
    make.signed(krm, letter)
    with pytest.raises(NotAllowed, match=r"^Ein Schreiben ist ausgefertigt, aber nicht versandt\.$"):
        closed(krm, case)


def test_drafts_are_discarded_with_the_closing(krm):
    case = make.seen(krm)
    draft_letter(by=krm, case=case, kind=Letter.Kind.ACKNOWLEDGEMENT)
    closed(krm, case)
    assert (case.letters.count(), codes(case).count("letter.discarded")) == (0, 1)


def test_a_named_person_cannot_be_left_without_an_answer_b2_2(krm):
    with pytest.raises(NotAllowed, match="sie muss erfahren"):
        close(by=krm, case=make.seen(krm), settlement=Settlement.NONE_NEEDED, **UPHELD)


def test_an_anonymous_complaint_is_closed_without_an_answer(krm):
    case = make.seen(krm, is_anonymous=True, person=None)
    case = close(by=krm, case=case, settlement=Settlement.NONE_NEEDED, **UPHELD)
    assert (case.status, case.answered_on) == ("closed", None)


@pytest.mark.parametrize("kind", [Kind.PRAISE, Kind.SUGGESTION])
def test_praise_and_suggestions_are_not_judged_whatever_is_handed_in_b1_6(krm, kind):
    case = closed(krm, make.seen(krm, kind=kind))
    assert (case.outcome, [c.outcome for c in case.concerns.all()], case.file_reference) == (
        "not_applicable", ["not_applicable"], f"II-6000 {case.reference}",
    )  # fmt: skip


def test_an_opinion_card_has_its_own_place_in_the_file_plan_pan18(krm):
    case = make.seen(krm, channel=Channel.OPINION_CARD, person=None, is_anonymous=True)
    case = close(by=krm, case=case, settlement=Settlement.NONE_NEEDED, **UPHELD)
    plan = case.rule_set.parameters.file_plan
    assert case.file_reference == f"{plan.reference_for('opinion_card')} {case.reference}"


def test_each_concern_has_its_own_outcome_or_that_of_the_case(krm):
    topics = list(krm.offices[min(krm.office_ids())].topics.order_by("pk")[:2])
    case = make.seen(krm, concerns=tuple(ConcernData(nature=t.nature, topic_id=t.pk) for t in topics))
    first, second = case.concerns.all()
    closed(krm, case, outcome=Outcome.PARTLY_UPHELD, concern_outcomes={second.pk: Outcome.NOT_UPHELD})
    assert [c.outcome for c in Concern.objects.filter(case=case)] == ["partly_upheld", "not_upheld"]


def test_the_sgb3_standard_closes_a_conduct_complaint_as_not_assessable_blog5():
    by = actor("berlin-nord.krm")
    case = talked(by, make.seen(by, kind=Kind.CONDUCT_COMPLAINT))
    apart = split_off(by=by, case=case, reason=Reason.CONDUCT_COMPLAINT, text="Der Ton am Schalter.")
    hand_over(by=by, transfer=apart, way="Hauspost")
    values = {"settlement": Settlement.CONVERSATION, "outcome_reason": "Abgegeben an den Internen Service."}
    with pytest.raises(NotAllowed, match=r"^Nach dem Regelwerk endet eine Dienstaufsichtsbeschwerde"):
        close(by=by, case=case, outcome=Outcome.UPHELD, **values)
    assert close(by=by, case=case, outcome=Outcome.NOT_ASSESSABLE, **values).outcome == "not_assessable"


@pytest.mark.parametrize("username", ["pankow.tl", "pankow.gf", "pankow.vz"])
def test_only_the_krm_closes_ger23_pan25(krm, username):
    case = talked(krm, make.seen(krm, unit_id=None))
    Case.objects.filter(pk=case.pk).update(unit=case.office.units.get(number="711"))
    with pytest.raises(NotAllowed, match="abschließen und wieder aufnehmen"):
        close(by=actor(username), case=case, settlement=Settlement.CONVERSATION, **UPHELD)


def test_a_case_is_closed_once(krm):
    case = closed(krm, make.seen(krm))
    with pytest.raises(NotAllowed, match="Abgeschlossen"):
        close(by=actor("pankow.krm2"), case=case, settlement=Settlement.CONVERSATION, **UPHELD)
    assert codes(case).count("case.closed") == 1


def test_a_case_with_the_unit_comes_back_to_the_krm_first(krm):
    case = make.seen(krm)
    Case.objects.filter(pk=case.pk).update(status="with_unit")
    with pytest.raises(NotAllowed, match="Beim Fachbereich"):
        close(by=krm, case=case, settlement=Settlement.CONVERSATION, **UPHELD)


def test_a_reopened_case_keeps_its_eingang_and_gets_new_deadlines_from_today(krm):
    case = closed(krm, make.seen(krm, received_on=FRIDAY))
    later = actor("pankow.krm", date(2026, 12, 14))
    case = reopen(by=later, case=case, reason="Neue Unterlagen.")
    case.refresh_from_db()
    assert (case.status, case.round, case.received_on, case.turn_since) == (
        "with_krm", 2, FRIDAY, date(2026, 12, 14),
    )  # fmt: skip
    assert deadlines(case, 2) == {
        "closure": (date(2026, 12, 14), None, None),
        "interim": (date(2026, 12, 14), None, None),
    }
    closure = case.deadlines.get(round=2, kind="closure")
    assert (closure.due_on, case.next_due_on) == (date(2026, 12, 29), date(2026, 12, 29))


def test_reopening_takes_the_result_back_and_keeps_it_as_a_note(krm):
    case = closed(krm, make.seen(krm))
    reference = case.file_reference
    case = reopen(by=krm, case=case, reason="Neue Unterlagen.")
    case.refresh_from_db()
    cleared = ("outcome", "outcome_reason", "settlement", "file_reference", "answered_on", "closed_on", "closed_by",
               "retention_until")  # fmt: skip
    assert [name for name in cleared if getattr(case, name)] == []
    assert [c.outcome for c in case.concerns.all()] == [""]
    note = case.notes.get(kind=Note.Kind.REASON)
    assert note.text == (
        "Neue Unterlagen.\n\nBisheriges Ergebnis (Durchgang 1): berechtigt.\nBegründung: Der Antrag lag sechs Wochen.\n"
        f"Erledigung: Gespräch mit Vermerk.\nAbgeschlossen am 23.11.2026, Aktenzeichen {reference}."
    )
    event = Event.objects.get(case=case, code="case.reopened")
    assert (event.note, event.data) == (note, {"round": 2})


def test_the_talk_of_the_first_round_does_not_prove_the_second(krm):
    case = reopen(by=krm, case=closed(krm, make.seen(krm)), reason="Neue Unterlagen.")
    with pytest.raises(NotAllowed, match=r"^Der Vermerk über das Gespräch fehlt\.$"):
        close(by=krm, case=case, settlement=Settlement.CONVERSATION, **UPHELD)
    add_note(by=krm, case=case, kind=Note.Kind.CONTACT, text="Noch einmal gesprochen.")
    assert close(by=krm, case=case, settlement=Settlement.CONVERSATION, **UPHELD).status == "closed"


def test_a_second_round_can_have_its_own_final_letter(krm):
    case = make.seen(krm)
    first = make.answered(krm, case)
    case = close(by=krm, case=case, settlement=Settlement.LETTER, **UPHELD)
    case = reopen(by=krm, case=case, reason="Die Nachzahlung fehlt noch.")
    second = draft_letter(by=krm, case=case, kind=Letter.Kind.FINAL)
    assert (second.round, second.pk == first.pk) == (2, False)


@pytest.mark.parametrize(("reason", "sentence"), [("", "begründen"), ("Noch einmal", "ist nicht möglich")])
def test_reopening_needs_a_reason_and_a_closed_case(krm, reason, sentence):
    case = make.seen(krm)
    case = case if reason else closed(krm, case)
    with pytest.raises(NotAllowed, match=sentence):
        reopen(by=krm, case=case, reason=reason)
