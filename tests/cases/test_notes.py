"""Notes, records of contacts, Wiedervorlagen."""

from datetime import date

import pytest
from django.test import Client

from cases.asking import tick
from cases.handling.actions.assign import accept, assign_handler
from cases.handling.actions.notes import add_note, finish_follow_up, set_follow_up
from cases.models import Case, Deadline, Event
from cases.rules.registration import EmployeeData
from cases.workplace.forms.case import NoteForm
from offices.errors import NotAllowed
from offices.models import User
from tests import make
from tests.cast import TODAY, actor

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture
def krm(house):
    return actor("pankow.krm")


@pytest.fixture
def case(krm) -> Case:
    return make.case(krm)


@pytest.mark.parametrize(
    ("kind", "code"), [("internal", "note.added"), ("contact", "note.contact"), ("waiver", "note.waiver")]
)
def test_a_note_stands_in_the_log_by_its_id_and_not_by_its_words(krm, case, kind, code):
    note = add_note(by=krm, case=case, kind=kind, text=" Rückruf am Montag vereinbart. ")

    event = Event.objects.get(case=case, code=code)
    assert (event.note, event.data, note.text, note.round) == (note, {}, "Rückruf am Montag vereinbart.", 1)


@pytest.mark.parametrize(("kind", "text"), [("internal", " \n"), ("reason", "Text"), ("", "Text")])
def test_empty_notes_and_other_kinds_are_refused(krm, case, kind, text):
    with pytest.raises(NotAllowed):
        add_note(by=krm, case=case, kind=kind, text=text)
    assert list(case.notes.all()) == []


def test_somebody_who_does_not_see_the_case_writes_no_note(case):
    with pytest.raises(NotAllowed, match="nicht .mehr. zugänglich"):
        add_note(by=actor("gera.krm"), case=case, kind="internal", text="Text")


def test_a_follow_up_in_three_working_days_skips_the_weekend(krm, case):
    look = set_follow_up(by=krm, case=case, working_days=5, task="Rückruf", assignee=krm.user)

    assert (look.due_on, look.amount, look.unit, look.assignee, look.task) == (
        date(2026, 11, 30), 5, "working_days", krm.user, "Rückruf",
    )  # fmt: skip
    assert look.rule == (
        "5 Arbeitstage ab dem Tag nach dem Eintrag (Montag, 23.11.2026); das Ende fällt auf Montag, 30.11.2026."
    )


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (date(2026, 11, 28), "Der 28.11.2026 ist kein Arbeitstag (Samstag). Möglich wäre: Freitag, 27.11.2026."),
        (
            date(2026, 12, 25),
            "Der 25.12.2026 ist kein Arbeitstag (Erster Weihnachtstag). Möglich wäre: Donnerstag, 24.12.2026.",
        ),
        (date(2026, 11, 22), "Der 22.11.2026 liegt in der Vergangenheit."),
    ],
)
def test_a_typed_day_must_be_a_working_day_ahead_and_the_one_before_is_offered(krm, case, typed, sentence):
    with pytest.raises(NotAllowed) as refusal:
        set_follow_up(by=krm, case=case, due_on=typed, task="Rückruf")
    assert refusal.value.reason == sentence
    assert case.deadlines.filter(kind="follow_up").count() == 0


def test_on_a_sunday_the_next_working_day_is_offered_because_the_one_before_is_past(case):
    sunday = actor("pankow.krm", today=date(2026, 11, 29))
    with pytest.raises(NotAllowed, match=r"Möglich wäre: Montag, 30\.11\.2026"):
        set_follow_up(by=sunday, case=case, due_on=sunday.today, task="Rückruf")


@pytest.mark.parametrize(
    "when", [{}, {"due_on": TODAY, "working_days": 1}, {"working_days": 0}, {"due_on": date(2999, 1, 4)}]
)
def test_a_follow_up_needs_one_possible_time(krm, case, when):
    with pytest.raises(NotAllowed):
        set_follow_up(by=krm, case=case, task="Rückruf", **when)


def test_a_follow_up_goes_to_people_of_the_office_whom_the_case_is_not_about(krm):
    about = User.objects.get(username="pankow.ma")
    case = make.case(krm, employees=(EmployeeData(user_id=about.pk),))
    with pytest.raises(NotAllowed, match="selbst betroffen"):
        set_follow_up(by=krm, case=case, working_days=1, task="Rückruf", assignee=about)
    with pytest.raises(NotAllowed, match="gehört nicht zur Dienststelle"):
        set_follow_up(by=krm, case=case, working_days=1, task="Rückruf", assignee=actor("gera.krm").user)


def test_a_follow_up_is_finished_once(krm, case):
    look = set_follow_up(by=krm, case=case, working_days=1, task="Rückruf")
    finish_follow_up(by=krm, deadline=look)
    old_page = Deadline.objects.get(pk=look.pk)

    with pytest.raises(NotAllowed, match="schon erledigt"):
        finish_follow_up(by=actor("pankow.krm2"), deadline=old_page)

    look.refresh_from_db()
    assert (look.met_on, look.met_by) == (TODAY, krm.user)
    assert Event.objects.filter(case=case, code="follow_up.done").count() == 1


def test_other_deadlines_are_not_finished_by_hand(krm, case):
    with pytest.raises(NotAllowed, match="endet mit dem Schreiben"):
        finish_follow_up(by=krm, deadline=case.deadlines.get(kind="closure"))


def test_a_follow_up_is_no_standard_deadline_of_the_case(krm, case):
    before = case.next_due_on
    set_follow_up(by=krm, case=case, due_on=TODAY, task="Rückruf")
    accept(by=krm, case=case)

    case.refresh_from_db()
    assert case.next_due_on == before


def person(name: str) -> User:
    return User.objects.get(username=f"pankow.{name}")


def client_of(name: str) -> Client:
    client = Client()
    client.force_login(person(name))
    return client


class TestMentions:
    def test_a_colleague_is_asked_to_read_the_note_once_and_its_words_stand_only_in_the_note(self, krm, case):
        note = add_note(by=krm, case=case, kind="internal", text="Frau Groß ruft an", mentions=[person("gf")])

        (asked,) = case.assignments.all()
        assert (asked.kind, asked.user, asked.note, asked.to_do) == (
            "read_mention",
            person("gf"),
            note,
            "Vermerk lesen",
        )
        event = Event.objects.get(case=case, code="assignment.made")
        assert "Groß" not in str(event.data)

    def test_a_mention_ends_by_saying_so(self, krm, case):
        add_note(by=krm, case=case, kind="internal", text="Bitte lesen", mentions=[person("gf")])
        done = tick(by=actor("pankow.gf"), assignment=case.assignments.get())
        assert (done.is_open, done.done_by) == (False, person("gf"))

    def test_who_does_not_see_the_case_is_refused_and_nothing_is_kept(self, krm, case):
        with pytest.raises(NotAllowed, match="Marta Adler sieht diesen Vorgang nicht") as refusal:
            add_note(by=krm, case=case, kind="internal", text="Text", mentions=[person("gf"), person("ma")])
        assert refusal.value.field == "mentions"
        assert (case.notes.count(), case.assignments.count()) == (0, 0)

    def test_a_mention_gives_no_access(self, krm, case):
        assign_handler(by=krm, case=accept(by=krm, case=case), handler=person("ma"))
        add_note(by=krm, case=case, kind="internal", text="Text", mentions=[person("ma")])
        assign_handler(by=krm, case=case, handler=krm.user)

        assert case.assignments.open().filter(user=person("ma")).exists()
        assert not Case.objects.visible_to(actor("pankow.ma")).filter(pk=case.pk).exists()

    def test_nobody_is_pointed_to_a_complaint_about_themselves(self, krm):
        case = make.case(krm, employees=(EmployeeData(user_id=person("gf").pk),))
        with pytest.raises(NotAllowed, match="sieht diesen Vorgang nicht"):
            add_note(by=krm, case=case, kind="internal", text="Text", mentions=[person("gf")])
        offered = NoteForm(case=case, actor=krm).fields["mentions"].queryset
        assert not offered.filter(pk__in=[person("gf").pk, krm.user.pk, person("revision").pk]).exists()

    def test_the_page_says_at_the_field_who_does_not_see_the_case_and_keeps_the_words(self, case):
        data = {"kind": "internal", "text": "Nicht verlieren", "mentions": [person("ma").pk, person("gf").pk]}
        response = client_of("krm").post(f"/vorgaenge/{case.reference}/vermerk/", data)

        form = response.context["note_form"]
        assert response.status_code == 422
        assert form.errors["mentions"] == ["Marta Adler sieht diesen Vorgang nicht; ein Hinweis öffnet ihn nicht."]
        page = response.content.decode()
        assert "Nicht verlieren" in page
        assert f'value="{person("gf").pk}"' in page

    def test_the_page_asks_those_ticked(self, case):
        data = {"kind": "internal", "text": "Bitte lesen", "mentions": [person("gf").pk]}
        response = client_of("krm").post(f"/vorgaenge/{case.reference}/vermerk/", data)

        assert response.status_code == 302
        assert [asked.user for asked in case.assignments.open()] == [person("gf")]


def test_an_internal_note_is_told_from_a_contact_by_a_word_and_a_shape(krm, case):
    add_note(by=krm, case=case, kind="internal", text="Nur für uns")
    add_note(by=krm, case=case, kind="contact", text="Am Telefon gesagt")
    page = client_of("krm").get(f"/vorgaenge/{case.reference}/").content.decode()

    internal, contact = page.index("Nur für uns"), page.index("Am Telefon gesagt")
    assert 'class="krm-note krm-note--internal"' in page[internal - 300 : internal]
    assert "Interner Vermerk, bleibt im Haus" in page[internal - 300 : internal]
    assert 'class="krm-note krm-note--contact"' in page[contact - 300 : contact]
    assert "Interner Vermerk" not in page[contact - 300 : contact]
