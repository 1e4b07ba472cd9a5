"""The log cannot be changed unnoticed: what the models refuse, and what `verify_events` finds."""

import json
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from cases.models import Event, EventChain
from cases.models.append_only import AppendOnlyError
from cases.recording import record
from cases.rules.chain import digest
from offices.models import Office, Substitution, User
from offices.roles import Permission
from tests import make
from tests.cast import TODAY, actor

pytestmark = pytest.mark.usefixtures("house")
LAST = 8


@pytest.fixture
def krm(house):
    return actor("pankow.krm")


@pytest.fixture
def chain(krm) -> EventChain:
    """Eight entries in the log of Pankow and three in that of Gera."""
    make.case(krm)
    make.case(krm)
    make.case(actor("gera.krm"))
    chain = EventChain.objects.get(office__slug="pankow")
    assert chain.seq == LAST
    return chain


def sql(statement: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount >= 1


def verify(**options) -> tuple[list[str], str]:
    """The lines printed, and the error with which it exits 1 ("" where all is well)."""
    out, said = StringIO(), ""
    try:
        call_command("verify_events", stdout=out, **options)
    except CommandError as error:
        said = str(error) if error.returncode == 1 else f"{error.returncode}: {error}"
    return out.getvalue().splitlines(), said


def break_in_pankow() -> str:
    """What is said about Pankow's log; Gera's is said to be sound whatever happened in Pankow."""
    lines, error = verify()
    assert lines[1] == "gera: 4 Einträge, unversehrt."
    assert error == "Das Protokoll ist nicht unversehrt: pankow."
    return lines[3]


def test_sound_logs_are_said_to_be_sound(chain):
    assert verify() == (
        [
            "berlin-nord: 0 Einträge, unversehrt.",
            "gera: 4 Einträge, unversehrt.",
            "germersheim: 0 Einträge, unversehrt.",
            "pankow: 8 Einträge, unversehrt.",
            "rd-bb: 0 Einträge, unversehrt.",
        ],
        "",
    )


def test_one_office_can_be_verified_alone(chain):
    assert verify(office="gera") == (["gera: 4 Einträge, unversehrt."], "")


def test_unknown_office_is_refused(chain):
    assert verify(office="nirgendwo") == ([], "Eine Dienststelle „nirgendwo“ gibt es nicht.")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("code", "case.closed"),
        ("at", datetime(2020, 1, 1, tzinfo=UTC)),
        ("data", json.dumps({"received_on": "2020-01-01"})),
        ("by_id", None),
        ("case_id", None),
    ],
)
def test_changed_entry_is_found(chain, column, value):
    sql(f"UPDATE cases_event SET {column} = %s WHERE office_id = %s AND seq = 3", value, chain.office_id)  # noqa: S608
    assert break_in_pankow() == "pankow: Eintrag 3 wurde verändert."


def test_entry_changed_together_with_its_hash_is_found_at_the_next(chain):
    event = Event.objects.get(office=chain.office_id, seq=3)
    event.code = "case.closed"
    forged = digest(event.previous, event.content())
    sql("UPDATE cases_event SET code = %s, hash = %s WHERE id = %s", event.code, forged, event.pk)
    assert break_in_pankow() == "pankow: Eintrag 4 schließt nicht an seinen Vorgänger an."


def test_deleted_entry_is_found(chain):
    sql("DELETE FROM cases_event WHERE office_id = %s AND seq = 3", chain.office_id)
    assert break_in_pankow() == "pankow: Eintrag 3 fehlt, gefunden wurde 4."


def test_entries_cut_off_at_the_end_are_found(chain):
    sql("DELETE FROM cases_event WHERE office_id = %s AND seq > 6", chain.office_id)
    assert break_in_pankow() == "pankow: Eintrag 7 fehlt, nach dem Kopf der Kette gibt es 8."


def test_entry_inserted_in_between_is_found(chain):
    for seq in range(LAST, 2, -1):  # one by one, because places are unique
        sql("UPDATE cases_event SET seq = %s WHERE office_id = %s AND seq = %s", seq + 1, chain.office_id, seq)
    insert_copy(chain, of=2, at=3)
    assert break_in_pankow() == "pankow: Eintrag 3 schließt nicht an seinen Vorgänger an."


def test_entry_appended_past_the_head_is_found(chain):
    last = Event.objects.get(office=chain.office_id, seq=LAST)
    insert_copy(chain, of=LAST, at=LAST + 1)
    added = Event.objects.get(office=chain.office_id, seq=LAST + 1)
    forged = digest(last.hash, added.content())
    sql("UPDATE cases_event SET previous = %s, hash = %s WHERE id = %s", last.hash, forged, added.pk)
    assert break_in_pankow() == "pankow: Eintrag 9 passt nicht zum Kopf der Kette."


def insert_copy(chain: EventChain, *, of: int, at: int) -> None:
    columns = "office_id, case_id, transfer_id, at, code, by_id, for_user_id, note_id, data, previous, hash"
    sql(
        f"INSERT INTO cases_event (seq, {columns}) SELECT %s, {columns} FROM cases_event "  # noqa: S608
        "WHERE office_id = %s AND seq = %s",
        at,
        chain.office_id,
        of,
    )


def test_reordered_entries_are_found(chain):
    for old, new in ((3, 99), (4, 3), (99, 4)):
        sql("UPDATE cases_event SET seq = %s WHERE office_id = %s AND seq = %s", new, chain.office_id, old)
    assert break_in_pankow() == "pankow: Eintrag 3 schließt nicht an seinen Vorgänger an."


def test_lost_head_is_found(chain):
    sql("DELETE FROM cases_eventchain WHERE office_id = %s", chain.office_id)
    assert break_in_pankow() == "pankow: Eintrag 8 passt nicht zum Kopf der Kette."


def test_log_is_read_in_a_fixed_number_of_queries(chain, django_assert_num_queries):
    with django_assert_num_queries(3):
        verify(office="pankow")


def test_content_comes_back_from_the_database_as_it_was_hashed(krm, monkeypatch):
    """Microseconds, order of keys, nested values and umlauts survive SQLite and PostgreSQL."""
    moment = datetime(2026, 3, 29, 0, 59, 59, 123457, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: moment)
    data = {"z": 1, "a": ["ä", "ß", {"y": None, "b": True}], "m": 2.5, "due_on": "2026-11-23"}
    record("tally.counted", by=krm, office_id=min(krm.office_ids()), **data)
    stored = Event.objects.get()
    assert (stored.at, stored.data) == (moment, data)
    assert digest(stored.previous, stored.content()) == stored.hash
    assert verify(office="pankow") == (["pankow: 1 Einträge, unversehrt."], "")


def test_entries_follow_each_other_office_by_office(chain):
    pankow = list(Event.objects.filter(office=chain.office_id).order_by("seq"))
    assert [event.seq for event in pankow] == list(range(1, LAST + 1))
    assert [event.previous for event in pankow[1:]] == [event.hash for event in pankow[:-1]]
    assert (chain.seq, chain.head) == (LAST, pankow[-1].hash)


def test_entries_can_neither_be_changed_nor_deleted(chain):
    event = Event.objects.first()
    for attempt in (
        event.save,
        event.delete,
        Event.objects.all().delete,
        lambda: Event.objects.update(code="case.closed"),
        lambda: Event.objects.bulk_update([event], ["code"]),
    ):
        with pytest.raises(AppendOnlyError), transaction.atomic():
            attempt()
    assert Event.objects.count() == LAST + 4


def test_unknown_code_is_a_bug(krm):
    with pytest.raises(KeyError):
        record("case.vanished", by=krm, office_id=min(krm.office_ids()))
    assert Event.objects.count() == 0


def test_entry_of_a_deputy_names_the_person_represented(krm):
    absent, deputy = (User.objects.get(username=f"pankow.{name}") for name in ("krm", "expert"))
    Substitution.objects.create(absent=absent, deputy=deputy, from_on=TODAY, until_on=TODAY)
    pankow = Office.objects.get(slug="pankow").pk
    for name in ("expert", "krm"):
        record("tally.counted", by=actor(f"pankow.{name}"), office_id=pankow, permission=Permission.TRIAGE)
    assert [(e.by_id, e.for_user_id) for e in Event.objects.order_by("seq")] == [
        (deputy.pk, absent.pk),
        (absent.pk, None),
    ]
