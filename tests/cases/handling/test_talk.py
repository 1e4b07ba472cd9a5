"""The personal talk: offered, held, declined, not suitable; and what each leaves behind."""

from datetime import timedelta

import pytest

from cases.closing.actions import answer_orally
from cases.handling.actions.talk import note_talk
from cases.models import Case, Event, Note
from cases.rules.kinds import Talk
from offices.errors import NotAllowed
from tests import make
from tests.cast import TODAY, actor

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture
def case() -> Case:
    return make.case(actor("gera.krm"), received_on=TODAY - timedelta(days=4))


def enter(case: Case, talk: str = Talk.OFFERED, who: str = "krm", **changes) -> Case:
    values = {"on": TODAY, "note": "Am 26. November, 10 Uhr angeboten."} | changes
    return note_talk(by=actor(f"gera.{who}"), case=case, talk=talk, **values)


@pytest.mark.parametrize(
    ("talk", "kind"),
    [("offered", "internal"), ("held", "contact"), ("declined", "internal"), ("not_suitable", "internal")],
)
def test_what_was_said_is_a_contact_and_everything_else_stays_in_the_house(case, talk, kind):
    enter(case, talk)
    case.refresh_from_db()
    assert (case.talk, case.talk_on, case.status, case.version) == (talk, TODAY, "new", 2)
    assert [note.kind for note in case.notes.all()] == [kind]


def test_the_log_says_what_became_of_it(case):
    enter(case, Talk.DECLINED, on=TODAY - timedelta(days=1), note="")
    event = Event.objects.get(case=case, code="case.talk")
    assert event.sentence == "Persönliches Gespräch: angeboten und abgelehnt (So 22.11.2026)"
    assert (event.note, Note.objects.count()) == (None, 0)


@pytest.mark.parametrize(
    ("talk", "sentence"), [("held", "was besprochen wurde"), ("not_suitable", "warum ein Gespräch nicht möglich")]
)
def test_a_talk_and_a_reason_against_it_need_words(case, talk, sentence):
    with pytest.raises(NotAllowed, match=sentence) as refusal:
        enter(case, talk, note=" ")
    assert refusal.value.field == "note"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"on": TODAY + timedelta(days=1)}, "in der Zukunft"),
        ({"on": TODAY - timedelta(days=5)}, "vor dem Eingang"),
        ({"talk": "perhaps"}, "was aus dem Gespräch geworden ist"),
    ],
)
def test_what_cannot_be_is_refused(case, changes, sentence):
    with pytest.raises(NotAllowed, match=sentence):
        enter(case, **changes)


@pytest.mark.parametrize("talk", list(Talk))
def test_a_second_click_enters_nothing(case, talk):
    enter(case, talk)
    with pytest.raises(NotAllowed, match="schon so vermerkt"):
        enter(case, talk)
    assert (Event.objects.filter(code="case.talk").count(), case.notes.count()) == (1, 1)


def test_after_the_offer_comes_the_talk_and_never_the_other_way_round(case):
    enter(case, Talk.OFFERED)
    enter(case, Talk.HELD, note="Alles erklärt, Termin vereinbart.")
    enter(case, Talk.HELD, note="Zweites Gespräch nach der Neuberechnung.")
    with pytest.raises(NotAllowed, match="dass ein Gespräch stattgefunden hat"):
        enter(case, Talk.DECLINED)


def test_who_answers_in_a_talk_has_held_it(case):
    answer_orally(by=actor("gera.krm"), case=case, on=TODAY, note_text="Ergebnis erläutert.", consulted=True)
    case.refresh_from_db()
    assert (case.talk, case.talk_on) == ("held", TODAY)


def test_who_does_not_work_on_the_case_enters_no_talk(case):
    with pytest.raises(NotAllowed, match="bearbeiten und zurückgeben"):
        enter(case, who="vz")
