"""Correcting a case, also when two do it at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection

from cases.actions.assign import accept, hand_to_unit
from cases.actions.edit import edit_case
from cases.models import Case, Event, Person
from cases.rules.kinds import Channel
from offices.errors import ChangedMeanwhile, NotAllowed
from offices.models import Unit
from tests import make
from tests.cast import actor

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture
def krm(house):
    return actor("pankow.krm")


@pytest.fixture
def case(krm) -> Case:
    return make.case(krm)


def save(by, case, version=1, **changes):
    return edit_case(by=by, case=case, expected_version=version, changes=changes)


def test_the_log_names_the_fields_and_not_their_values(krm, case):
    save(krm, case, subject="Neuer Betreff", kind="praise", person_last_name="Öz")

    case.refresh_from_db()
    assert (case.subject, case.kind, case.version) == ("Neuer Betreff", "praise", 2)
    assert Event.objects.get(case=case, code="case.edited").data == {"fields": "Betreff, Art, Nachname"}
    person = case.persons.get()
    assert (person.last_name, person.search_name) == ("Öz", "öz erika")


def test_saving_what_is_already_stored_changes_nothing(krm, case):
    save(krm, case, subject=case.subject, text=f"{case.text}\r\n", person_city="Berlin")

    case.refresh_from_db()
    assert (case.version, Event.objects.filter(code="case.edited").count()) == (1, 0)


def test_who_saves_second_is_shown_both_values_and_nothing_is_written(krm, case):
    save(krm, case, subject="Von Karin", kind="submission")
    other = actor("pankow.krm2")

    with pytest.raises(ChangedMeanwhile) as refusal:
        save(other, case, subject="Von Jonas", kind="complaint", written_on=date(2026, 11, 20))

    assert refusal.value.differences == {
        "Betreff": ("Von Karin", "Von Jonas"),
        "Art": ("Eingabe", "Beschwerde"),
        "Schreiben vom": ("(leer)", "20.11.2026"),
    }
    assert refusal.value.version == 2
    case.refresh_from_db()
    assert (case.subject, case.written_on, case.version) == ("Von Karin", None, 2)


def test_a_second_deliberate_save_on_the_version_that_was_shown_holds(krm, case):
    save(krm, case, subject="Von Karin")
    save(actor("pankow.krm2"), case, version=2, subject="Von Jonas")

    case.refresh_from_db()
    assert (case.subject, case.version) == ("Von Jonas", 3)


def test_an_acceptance_in_between_counts_as_a_change(krm, case):
    accept(by=krm, case=case)
    with pytest.raises(ChangedMeanwhile):
        save(actor("pankow.krm2"), case, subject="Von Jonas")


@pytest.mark.parametrize("field", ["received_on", "reached_krm_on", "channel", "status", "person_search_name", "x"])
def test_the_eingang_and_other_fields_are_not_edited(krm, case, field):
    with pytest.raises(NotAllowed, match="nach der Erfassung nicht mehr geändert"):
        save(krm, case, **{field: date(2026, 11, 2)})


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"subject": " "}, "Bitte einen Betreff angeben."),
        ({"text": ""}, "Der Wortlaut oder die Gesprächsnotiz fehlt."),
        ({"written_on": date(2026, 11, 24)}, "Das Datum liegt in der Zukunft."),
        ({"person_last_name": ""}, "Bitte einen Nachnamen oder eine Organisation angeben."),
        ({"representative_city": "Berlin"}, "Bitte einen Nachnamen oder eine Organisation angeben."),
    ],
)
def test_impossible_values_are_refused_with_a_sentence(krm, case, changes, sentence):
    with pytest.raises(NotAllowed) as refusal:
        save(krm, case, **changes)
    assert refusal.value.reason == sentence
    case.refresh_from_db()
    assert case.version == 1


def test_a_bevollmaechtigte_person_comes_with_the_first_name_and_goes_with_the_last_value(krm, case):
    save(krm, case, representative_last_name="Kanzler", representative_city="Berlin")
    assert case.persons.get(capacity=Person.Capacity.REPRESENTATIVE).city == "Berlin"

    save(krm, case, version=2, representative_last_name="", representative_city="")
    assert list(case.persons.values_list("capacity", flat=True)) == ["complainant"]


def test_an_anonymous_case_gets_no_person_afterwards(krm):
    case = make.case(krm, is_anonymous=True, person=None)
    with pytest.raises(NotAllowed, match="ohne Person erfasst"):
        save(krm, case, person_last_name="Öz")


def test_the_wish_for_an_acknowledgement_brings_and_ends_its_deadline_where_the_rules_leave_it_open(krm):
    case = make.case(krm, channel=Channel.EMAIL)
    assert case.deadlines.filter(kind="acknowledgement").count() == 0

    save(krm, case, wants_acknowledgement=True)
    deadline = case.deadlines.get(kind="acknowledgement")
    case.refresh_from_db()
    assert (deadline.due_on, case.next_due_on) == (date(2026, 11, 26), date(2026, 11, 26))

    save(krm, case, version=2, wants_acknowledgement=False)
    deadline.refresh_from_db()
    case.refresh_from_db()
    assert (deadline.cancelled_on, case.next_due_on) == (krm.today, date(2026, 12, 7))

    save(krm, case, version=3, wants_acknowledgement=True)
    deadline.refresh_from_db()
    assert deadline.is_open is True


def test_while_a_unit_has_the_case_another_unit_gets_it_only_by_handing_over(krm, case):
    first, second = (Unit.objects.get(office=case.office, number=number) for number in ("711", "712"))
    save(krm, case, unit=second)
    hand_to_unit(by=krm, case=case, unit=first)
    with pytest.raises(NotAllowed, match="durch Übergabe"):
        save(krm, case, version=3, unit=second)


def test_a_unit_of_another_office_is_refused(krm, case):
    with pytest.raises(NotAllowed, match="gehört nicht zur Dienststelle"):
        save(krm, case, unit=Unit.objects.filter(office__slug="gera")[0])


def test_a_team_lead_does_not_edit(case):
    with pytest.raises(NotAllowed, match="Ihre Rolle umfasst nicht"):
        save(actor("pankow.tl"), case, subject="Neu")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_the_same_moment_one_is_told(krm, case):
    start = Barrier(2)

    def attempt(by):
        try:
            start.wait(timeout=10)
            save(by, case, subject=f"Von {by.user}")
            return "saved"
        except ChangedMeanwhile as refusal:
            return refusal.differences["Betreff"][1]
        finally:
            connection.close()

    people = [krm, actor("pankow.krm2")]
    with ThreadPoolExecutor(max_workers=2) as pool:
        results = dict(zip(people, pool.map(attempt, people), strict=True))

    case.refresh_from_db()
    [winner] = [by for by, result in results.items() if result == "saved"]
    [loser] = [by for by in people if by != winner]
    assert (case.subject, case.version, results[loser]) == (f"Von {winner.user}", 2, f"Von {loser.user}")
