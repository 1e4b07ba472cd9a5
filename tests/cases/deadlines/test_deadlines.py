"""Extending deadlines, resting and going on."""

from datetime import date

import pytest

from cases.deadlines.actions.moving import extend, pause, resume
from cases.models import Case, Deadline, Event
from offices.errors import NotAllowed
from tests import make
from tests.cast import actor

RECEIVED = date(2026, 11, 16)
pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture
def krm(house):
    return actor("pankow.krm")


@pytest.fixture
def case(krm) -> Case:
    return make.case(krm, received_on=RECEIVED)


def closure(case: Case) -> Deadline:
    return case.deadlines.get(kind=Deadline.Kind.CLOSURE)


def test_extension_keeps_the_old_date_the_reason_and_the_person_beside_the_new_one(krm, case):
    extension = extend(
        by=krm, deadline=closure(case), new_due_on=date(2026, 12, 10), reason="Rückfrage beim Fachbereich."
    )

    assert (extension.old_due_on, extension.new_due_on, extension.by) == (
        date(2026, 11, 30), date(2026, 12, 10), krm.user,
    )  # fmt: skip
    assert closure(case).due_on == date(2026, 12, 10)
    assert Event.objects.filter(case=case, code="deadline.extended").get().data["old"] == "2026-11-30"


def test_a_deadline_that_has_passed_can_still_be_extended(krm, case):
    acknowledgement = case.deadlines.get(kind=Deadline.Kind.ACKNOWLEDGEMENT)
    assert acknowledgement.due_on < krm.today

    extend(by=krm, deadline=acknowledgement, new_due_on=date(2026, 11, 25), reason="Anschrift fehlte.")

    acknowledgement.refresh_from_db()
    assert acknowledgement.due_on == date(2026, 11, 25)


@pytest.mark.parametrize(
    ("new_due_on", "reason", "sentence"),
    [
        (date(2026, 11, 30), "Grund", "muss nach dem 30.11.2026 liegen"),
        (date(2026, 12, 12), "Grund", r"ist kein Arbeitstag \(Samstag\). Möglich wäre: Freitag, 11.12.2026"),
        (date(2026, 12, 10), "  ", "Bitte die Verlängerung begründen"),
    ],
)
def test_extension_is_refused_with_a_sentence(krm, case, new_due_on, reason, sentence):
    with pytest.raises(NotAllowed, match=sentence):
        extend(by=krm, deadline=closure(case), new_due_on=new_due_on, reason=reason)


def test_met_deadline_cannot_be_extended(krm, case):
    Deadline.objects.filter(pk=closure(case).pk).update(met_on=krm.today)

    with pytest.raises(NotAllowed, match="schon erledigt"):
        extend(by=krm, deadline=closure(case), new_due_on=date(2026, 12, 10), reason="Grund")


def test_team_leader_may_not_extend(case):
    with pytest.raises(NotAllowed, match="Fristen verlängern"):
        extend(by=actor("pankow.tl"), deadline=closure(case), new_due_on=date(2026, 12, 10), reason="Grund")


def test_rest_moves_open_deadlines_by_its_working_days(krm, case):
    pause(by=krm, case=case, category="awaiting_person", reason="Unterlagen fehlen.", from_on=date(2026, 11, 18))
    case.refresh_from_db()
    assert case.next_due_on is None

    resume(by=krm, case=case, resumed_on=date(2026, 11, 23))

    assert closure(case).due_on == date(2026, 12, 3)  # Wed, Thu and Fri rested
    case.refresh_from_db()
    assert case.next_due_on == min(d.due_on for d in case.deadlines.open())


def test_two_rests_add_up(krm, case):
    for from_on, resumed_on in [(date(2026, 11, 17), date(2026, 11, 18)), (date(2026, 11, 19), date(2026, 11, 23))]:
        pause(by=krm, case=case, category="other", reason="Grund", from_on=from_on)
        resume(by=krm, case=case, resumed_on=resumed_on)

    assert closure(case).due_on == date(2026, 12, 3)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"category": ""}, "Bitte den Anlass des Ruhens wählen"),
        ({"reason": " "}, "Bitte das Ruhen begründen"),
        ({"from_on": date(2026, 11, 24)}, "nicht in der Zukunft beginnen"),
        ({"from_on": date(2026, 11, 15)}, "nicht vor dem Eingang beginnen"),
        ({"planned_until": date(2026, 11, 20)}, "muss in der Zukunft liegen"),
    ],
)
def test_rest_is_refused_with_a_sentence(krm, case, changes, sentence):
    values = {"category": "other", "reason": "Grund", "from_on": date(2026, 11, 18)} | changes

    with pytest.raises(NotAllowed, match=sentence):
        pause(by=krm, case=case, **values)


def test_case_that_rests_cannot_rest_again(krm, case):
    pause(by=krm, case=case, category="other", reason="Grund", from_on=date(2026, 11, 18))

    with pytest.raises(NotAllowed, match="ruht schon"):
        pause(by=krm, case=case, category="other", reason="Grund", from_on=date(2026, 11, 19))


def test_next_rest_cannot_begin_before_the_last_one_ended(krm, case):
    pause(by=krm, case=case, category="other", reason="Grund", from_on=date(2026, 11, 17))
    resume(by=krm, case=case, resumed_on=date(2026, 11, 20))

    with pytest.raises(NotAllowed, match="vor dem Ende des vorigen Ruhens"):
        pause(by=krm, case=case, category="other", reason="Grund", from_on=date(2026, 11, 19))


@pytest.mark.parametrize(
    ("resumed_on", "sentence"),
    [(date(2026, 11, 24), "nicht in der Zukunft"), (date(2026, 11, 17), "nicht vor dem Beginn")],
)
def test_resuming_on_an_impossible_day_is_refused(krm, case, resumed_on, sentence):
    pause(by=krm, case=case, category="other", reason="Grund", from_on=date(2026, 11, 18))

    with pytest.raises(NotAllowed, match=sentence):
        resume(by=krm, case=case, resumed_on=resumed_on)


def test_case_that_does_not_rest_cannot_be_resumed(krm, case):
    with pytest.raises(NotAllowed, match="ruht nicht"):
        resume(by=krm, case=case, resumed_on=date(2026, 11, 23))
