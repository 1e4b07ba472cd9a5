"""Correcting a case, also when two do it at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from cases.handling.actions.assign import accept, hand_to_unit
from cases.handling.actions.judge import judge_conduct
from cases.models import Case, Deadline, Event, Person
from cases.rules.kinds import Channel
from cases.workplace.actions import edit_case
from offices.errors import ChangedMeanwhile, NotAllowed
from offices.models import Membership, Substitution, Unit, User
from offices.roles import Role
from tests import make
from tests.cast import TODAY, actor

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture
def krm(house):
    return actor("pankow.krm")


@pytest.fixture
def case(krm) -> Case:
    return make.case(krm)


def save(by, case, version=1, **changes):
    return edit_case(by=by, case=case, expected_version=version, changes=changes)


def stands_in_for_the_krm(username: str, day: date) -> None:
    """Of which the Vorzimmer keeps the files only (K23)."""
    absent, deputy = (User.objects.get(username=name) for name in ("pankow.krm", username))
    Substitution.objects.create(absent=absent, deputy=deputy, from_on=day, until_on=day)


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


@pytest.mark.parametrize(("before", "after"), [("complaint", "conduct_complaint"), ("conduct_complaint", "praise")])
def test_what_is_a_dienstaufsichtsbeschwerde_is_judged_and_not_edited_k7(krm, before, after):
    case = make.case(krm, kind=before)
    with pytest.raises(NotAllowed, match="nach dem Inhalt beurteilt") as refusal:
        save(krm, case, kind=after)
    assert refusal.value.field == "kind"


def test_germersheim_says_where_a_dienstaufsichtsbeschwerde_goes_ger7(house):
    krm = actor("germersheim.krm")
    with pytest.raises(NotAllowed, match="als Kein KRM abgeben"):
        save(krm, make.case(krm), kind="conduct_complaint")


def test_another_kind_is_judged_anew(krm, case):
    judge_conduct(by=krm, case=case, is_conduct=False, reason="Es geht um die Bearbeitung.")
    save(krm, case, version=2, kind="suggestion")

    case.refresh_from_db()
    assert (case.kind, case.judged_on, case.judged_by) == ("suggestion", None, None)


def test_the_vorzimmer_edits_for_the_krm_and_leaves_the_kind_k23(krm, case):
    stands_in_for_the_krm("pankow.vz", TODAY)
    deputy = actor("pankow.vz")
    save(deputy, case, subject="Neuer Betreff")
    with pytest.raises(NotAllowed, match="Ihre Rolle umfasst nicht: über KRM oder Kein KRM"):
        save(deputy, case, version=2, kind="praise")


@pytest.mark.parametrize(
    ("name", "kind", "offered"),
    [("krm", "complaint", True), ("krm", "conduct_complaint", False), ("vz", "complaint", False)],
)
def test_the_page_offers_a_kind_to_whom_it_is_open_and_says_why_not_otherwise(client, name, kind, offered):
    today = timezone.localdate()
    case = make.case(actor("pankow.krm", today), kind=kind, received_on=today)
    if name == "vz":
        stands_in_for_the_krm("pankow.vz", today)
    client.force_login(User.objects.get(username=f"pankow.{name}"))
    field = client.get(reverse("cases:edit", args=[case.reference])).context["forms"].case["kind"]

    assert (not field.field.disabled, bool(field.help_text)) == (offered, True)
    assert offered is not ("conduct_complaint" in dict(field.field.choices))


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


class TestPetition:
    """Pankow presents petitions on the same day (PAN-28)."""

    def presentations(self, case) -> list[tuple[date, bool]]:
        rows = case.deadlines.filter(kind=Deadline.Kind.PRESENTATION).order_by("pk")
        return [(row.due_on, row.is_open) for row in rows]

    def test_a_case_that_turns_out_to_be_one_is_presented_on_that_day(self, case):
        tomorrow = date(2026, 11, 24)
        save(actor("pankow.krm", tomorrow), case, kind="petition")
        assert self.presentations(case) == [(tomorrow, True)]
        case.refresh_from_db()
        assert case.next_due_on == tomorrow

    def test_what_is_none_after_all_need_not_be_presented(self, krm):
        case = make.case(krm, kind="petition")
        save(krm, case, kind="complaint")
        assert self.presentations(case) == [(TODAY, False)]
        save(krm, case, version=2, kind="petition")
        assert self.presentations(case) == [(TODAY, False), (TODAY, True)]

    def test_what_the_management_has_seen_is_not_presented_again(self, krm):
        case = make.case(krm, kind="petition")
        case.deadlines.filter(kind=Deadline.Kind.PRESENTATION).update(met_on=TODAY)
        save(krm, case, kind="submission")
        save(krm, case, version=2, kind="petition")
        assert self.presentations(case) == [(TODAY, False)]

    def test_it_comes_in_time_also_where_no_management_is_there(self, krm):
        Membership.objects.filter(role=Role.MANAGEMENT).update(until_on=date(2026, 11, 1))
        assert self.presentations(make.case(krm, kind="petition")) == [(TODAY, True)]

    def test_other_offices_do_not_ask_for_it(self):
        gera = actor("gera.krm")
        case = make.case(gera)
        save(gera, case, kind="petition")
        assert self.presentations(case) == []
