"""One unit of work: entries and files go with its rows, who projects is told once, and a lost race is tried again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from cases import seams
from cases.handling.actions.notes import add_note
from cases.models import Case, Event, EventChain, Note
from cases.recording import locked, save
from cases.unit_of_work import Busy, action, unit_of_work
from offices.errors import NotAllowed
from offices.queries import Actor
from offices.roles import Permission
from tests import make
from tests.cast import actor

pytestmark = pytest.mark.usefixtures("house")
TEXT = "Rückruf erbeten, bitte nach 14 Uhr"


@pytest.fixture
def desk() -> Actor:
    return actor("pankow.krm")


@pytest.fixture
def case(desk: Actor) -> Case:
    return make.case(desk)


def raised(sqlstate: str, times: int) -> Callable[[], None]:
    """Let PostgreSQL itself end the transaction as often as this, as it does when two people meet."""
    left = [times]

    def meet() -> None:
        if left[0]:
            left[0] -= 1
            with connection.cursor() as cursor:
                cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '{sqlstate}'; END $$")

    return meet


@contextmanager
def projecting(project: Callable[[seams.Changes], None]) -> Iterator[None]:
    seams.PROJECTIONS.add(project)
    try:
        yield
    finally:
        seams.PROJECTIONS.remove(project)


@action
def note_twice(*, by: Actor, case: Case, then: Callable[[], None] = lambda: None) -> None:
    add_note(by=by, case=case, kind=Note.Kind.INTERNAL, text="eins")
    add_note(by=by, case=case, kind=Note.Kind.INTERNAL, text="zwei")
    then()


def test_entries_are_written_when_the_action_ends_in_their_order(desk, case):
    before = Event.objects.count()
    seen = []
    note_twice(by=desk, case=case, then=lambda: seen.append(Event.objects.count()))

    assert seen == [before]
    first, second = Event.objects.filter(case=case, code="note.added").order_by("seq")
    assert (second.seq, second.previous) == (first.seq + 1, first.hash)
    assert EventChain.objects.get(office=case.office).head == second.hash


def test_entries_of_a_part_that_was_refused_go_with_it(desk, case):
    @action
    def refused() -> None:
        add_note(by=desk, case=case, kind=Note.Kind.INTERNAL, text="zwei")
        raise NotAllowed("Nein.")

    before = Event.objects.count()
    with unit_of_work():
        add_note(by=desk, case=case, kind=Note.Kind.INTERNAL, text="eins")
        with pytest.raises(NotAllowed):
            refused()

    assert Event.objects.count() == before + 1
    assert [note.text for note in case.notes.all()] == ["eins"]


def test_a_projection_is_told_once_of_each_changed_case_in_the_same_transaction(desk, case):
    other = make.case(desk)
    told: list[seams.Changes] = []
    with projecting(told.append):
        note_twice(by=desk, case=case)
        with unit_of_work():
            add_note(by=desk, case=other, kind=Note.Kind.INTERNAL, text="drei")
            save(locked(case, by=desk, permission=Permission.NOTE))  # without an entry: changed as well
    assert [changes.cases for changes in told] == [(case.pk,), (other.pk, case.pk)]


def test_what_a_projection_refuses_is_not_done(desk, case):
    def broken(changes: seams.Changes) -> None:
        raise ZeroDivisionError

    with projecting(broken), pytest.raises(ZeroDivisionError):
        note_twice(by=desk, case=case)
    assert not case.notes.exists()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
class TestLostRaces:
    @pytest.mark.parametrize("sqlstate", ["40P01", "40001"])
    def test_once_is_tried_again(self, desk, case, sqlstate):
        note_twice(by=desk, case=case, then=raised(sqlstate, times=1))
        assert [note.text for note in case.notes.order_by("pk")] == ["eins", "zwei"]
        assert Event.objects.filter(case=case, code="note.added").count() == 2

    def test_twice_is_a_refusal_that_changed_nothing(self, desk, case):
        with pytest.raises(Busy, match="nichts gespeichert"):
            note_twice(by=desk, case=case, then=raised("40P01", times=2))
        assert not case.notes.exists()

    def test_another_error_is_not_tried_again(self, desk, case):
        meet = raised("57014", times=1)
        with pytest.raises(OperationalError):
            note_twice(by=desk, case=case, then=meet)
        meet()  # nothing is left to raise

    def test_within_a_transaction_of_somebody_else_it_is_theirs_to_try_again(self, desk, case):
        with pytest.raises(OperationalError), transaction.atomic():
            note_twice(by=desk, case=case, then=raised("40P01", times=1))
        assert not case.notes.exists()

    def test_arguments_are_as_they_were_for_the_second_try(self, case):
        meet, fresh = raised("40P01", times=1), Note(case=case, round=1, kind=Note.Kind.INTERNAL, text="neu")

        @action
        def keep(notes: list[Note], seen: list[tuple[int | None, bool]]) -> None:
            seen.append((notes[0].pk, notes[0]._state.adding))
            notes[0].at = timezone.now()
            notes[0].save()
            meet()

        seen: list[tuple[int | None, bool]] = []
        keep([fresh], seen)
        assert seen == [(None, True), (None, True)]
        assert [note.pk for note in case.notes.all()] == [fresh.pk]

    def test_a_page_keeps_what_was_typed(self, client, desk, case):
        """Notes cannot be stored for a while: what was written stands in the field again, with the sentence."""
        client.force_login(desk.user)
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE FUNCTION lost() RETURNS trigger AS $$ BEGIN"
                " RAISE EXCEPTION 'lost' USING ERRCODE = '40P01'; END $$ LANGUAGE plpgsql"
            )
            cursor.execute("CREATE TRIGGER lost BEFORE INSERT ON cases_note FOR EACH ROW EXECUTE FUNCTION lost()")
        try:
            url = reverse("cases:note", args=[case.reference])
            answer = client.post(url, {"kind": Note.Kind.INTERNAL, "text": TEXT})
        finally:
            with connection.cursor() as cursor:
                cursor.execute("DROP TRIGGER lost ON cases_note")
                cursor.execute("DROP FUNCTION lost()")

        assert answer.status_code == 422
        page = answer.content.decode()
        assert TEXT in page
        assert "nichts gespeichert" in page
        assert not case.notes.exists()
