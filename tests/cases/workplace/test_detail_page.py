"""The page of one case: what it shows to whom, in how many queries, and how its forms come back."""

from datetime import date, datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.access import grant, seal
from cases.closing.actions import answer_orally, close, go_on
from cases.deadlines.actions.moving import extend, pause
from cases.deadlines.actions.watch import watch
from cases.documents import add_document
from cases.handling.actions.assign import accept, hand_to_unit, return_to_krm
from cases.handling.actions.notes import add_note, set_follow_up
from cases.lookup import visible_case
from cases.models import Case, Deadline
from cases.rules.kinds import Channel
from cases.rules.registration import EmployeeData, PersonData, UploadedFile
from cases.workplace.reading.steps import steps
from krm.demo.letters import directed
from offices.models import Membership, Substitution, Unit, User
from tests import make
from tests.cast import TODAY, actor

pytestmark = pytest.mark.usefixtures("house")
LIMIT = 30


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """The pages ask the clock; these tests are about Monday, 23.11.2026."""
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Europe/Berlin")))


@pytest.fixture
def krm(house):
    return actor("pankow.krm")


@pytest.fixture
def case(krm) -> Case:
    return make.case(krm)


@pytest.fixture
def as_(client):
    def login(name: str):
        client.force_login(User.objects.get(username=f"pankow.{name}"))
        return client

    return login


def page(client, case: Case, query: str = "") -> str:
    answer = client.get(f"{case.get_absolute_url()}{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def prominent(name: str, case: Case) -> list[tuple[str, str | None]]:
    by = actor(f"pankow.{name}")
    return [(s.label, s.why_not) for s in steps(by, visible_case(by, case.reference)) if s.prominent]


def fill(case: Case, krm, count: int) -> None:
    for n in range(count):
        add_note(by=krm, case=case, kind="internal", text=f"Vermerk {n}")
        set_follow_up(by=krm, case=case, working_days=n + 1, task=f"Aufgabe {n}", assignee=krm.user)
        other = watch(by=krm, office=case.office, case=case, label=f"Termin {n}", due_on=date(2027, 3, 1))
        content = f"Blatt {n}".encode()
        file = UploadedFile(f"{n}.txt", "text/plain", content, sha256(content).hexdigest())
        add_document(by=krm, case=case, file=file)
        extend(by=krm, deadline=other, new_due_on=date(2028, 3, 1), reason="Urlaub")


@pytest.mark.parametrize("name", ["krm", "tl"])
def test_the_number_of_queries_does_not_grow_with_the_case(django_assert_max_num_queries, as_, krm, name):
    case = make.case(krm, unit_id=Unit.objects.get(office__slug="pankow", number="711").pk)
    client = as_(name)
    page(client, case)
    counts = []
    for more in (1, 29):
        fill(case, krm, more)
        with django_assert_max_num_queries(LIMIT) as counted:
            page(client, case)
        counts.append(len(counted))
    assert counts[0] == counts[1]


def test_strangers_the_person_complained_about_and_those_without_access_to_a_sealed_case_get_404(as_, krm):
    about = User.objects.get(username="pankow.tl")
    case = make.case(krm, employees=(EmployeeData(user_id=about.pk),))
    seal(by=krm, case=case)
    grant(by=krm, case=case, user=User.objects.get(username="pankow.bl"))

    statuses = {name: as_(name).get(case.get_absolute_url()).status_code for name in ("krm", "bl", "krm2", "tl", "ma")}
    assert statuses == {"krm": 200, "bl": 200, "krm2": 404, "tl": 404, "ma": 404}


def test_the_next_step_follows_the_state_of_the_case(krm, case):
    seen = [prominent("krm", case)]
    accept(by=krm, case=case)
    seen.append(prominent("krm", case))
    hand_to_unit(by=krm, case=case, unit=Unit.objects.get(office=case.office, number="711"))
    seen += [prominent("krm", case), prominent("tl", case)]
    return_to_krm(by=actor("pankow.tl"), case=case, note="Erledigt.")
    answer_orally(by=krm, case=case, on=TODAY, note_text="Ergebnis mitgeteilt.")
    seen.append(prominent("krm", case))
    go_on(by=krm, case=case, reason="Die Verfügung fehlt.")
    seen.append(prominent("krm", case))
    directed(krm, case)
    answer_orally(by=krm, case=case, on=TODAY, note_text="Ergebnis mitgeteilt.")
    seen.append(prominent("krm", case))
    close(by=krm, case=case, outcome="upheld", outcome_reason="Verzögerung bestätigt.", settlement="conversation")
    seen.append(prominent("krm", case))

    assert seen == [
        [("Übernehmen", None)],
        [("Verfügung schreiben", None)],
        [("Eingangsbestätigung schreiben", None)],
        [("An KRM zurückgeben", None)],
        [("Weiter bearbeiten", None)],
        [("Verfügung schreiben", None)],
        [("Abschließen", None)],
        [],
    ]


def test_what_an_answered_case_no_longer_allows_says_so_on_its_button(krm):
    case = make.case(krm, channel="phone", unit_id=Unit.objects.get(office__slug="pankow", number="711").pk)
    accept(by=krm, case=case)
    answer_orally(by=krm, case=case, on=TODAY, note_text="Ergebnis mitgeteilt.")
    found = {step.label: step.why_not or "" for step in steps(krm, visible_case(krm, case.reference))}

    labels = ("Verfügung schreiben", "Stellungnahme anfordern", "Nächste Stufe der Leiter")
    assert ["den Stand „Beantwortet“" in found[label] for label in labels] == [True, True, True]


def test_without_an_acknowledgement_owed_the_reply_is_next_and_for_the_nameless_closing(krm):
    known = make.case(krm, channel="phone")
    nameless = make.case(krm, channel="email", is_anonymous=True, person=None)
    letter = make.case(krm, is_anonymous=True, person=None)
    for case in (known, nameless, letter):
        accept(by=krm, case=case)

    assert [prominent("krm", case) for case in (known, nameless, letter)] == [
        [("Abschlussschreiben schreiben", None)],
        [("Abschließen", None)],
        [("Verfügung schreiben", None)],  # PAN-20
    ]


def test_an_acknowledgement_that_nobody_is_owed_can_still_be_written_gera18(krm):
    case = make.case(krm, channel="phone")
    accept(by=krm, case=case)
    found = {s.label: s.prominent for s in steps(krm, visible_case(krm, case.reference)) if s.why_not is None}

    assert (found["Eingangsbestätigung schreiben"], found["Abschlussschreiben schreiben"]) == (False, True)


def test_what_somebody_may_not_do_is_shown_with_the_reason(as_, case):
    assert prominent("vz", case) == [("Übernehmen", "Ihre Rolle umfasst nicht: über KRM oder Kein KRM entscheiden.")]
    html = page(as_("vz"), case)
    assert html.count("Ihre Rolle umfasst nicht: über KRM oder Kein KRM entscheiden.") == 2  # accept, hand over


def test_the_next_step_names_the_rule_of_the_office_that_asks_for_it(as_, krm, case):
    accept(by=krm, case=case)
    assert "Regelwerk K1: Eingangsbestätigung, 3 Arbeitstage (Konzept März 2019, 4.4.1)" in page(as_("krm"), case)


def test_letters_go_to_the_bevollmaechtigte_person(as_, krm):
    case = make.case(krm, representative=PersonData(last_name="Kanzler", first_name="Ruth"))
    assert "Schreiben gehen an Ruth Kanzler" in page(as_("krm"), case)


def test_the_timeline_is_filtered_by_link_and_by_htmx(as_, krm, case):
    add_note(by=krm, case=case, kind="internal", text="Nur fürs Haus.")
    add_note(by=krm, case=case, kind="contact", text="Rückruf bei Frau Öztürk.")
    client = as_("krm")

    shown = {}
    for key in ("alle", "kontakt", "intern", "system"):
        html = page(client, case, f"?verlauf={key}")
        shown[key] = ("Nur fürs Haus." in html, "Rückruf bei Frau Öztürk." in html, "Frist Abschluss bis" in html)
    assert shown == {
        "alle": (True, True, True), "kontakt": (False, True, False), "intern": (True, False, False),
        "system": (False, False, True),
    }  # fmt: skip
    part = client.get(f"{case.get_absolute_url()}?verlauf=kontakt", headers={"HX-Request": "true"}).content.decode()
    assert ("<html" in part, "Rückruf bei Frau Öztürk." in part) == (False, True)


def test_internal_notes_carry_a_label_of_their_own(as_, krm, case):
    add_note(by=krm, case=case, kind="internal", text="Nur fürs Haus.")
    add_note(by=krm, case=case, kind="contact", text="Rückruf.")
    html = page(as_("krm"), case)
    assert (html.count("Interner Vermerk, bleibt im Haus"), html.count("Kontakt mit der Person</p>")) == (1, 1)


def test_the_timeline_names_who_got_the_case_and_who_acted_in_place_of_whom(as_, krm, house):
    people = {name: User.objects.get(username=f"pankow.{name}") for name in ("krm", "expert", "ma")}
    Membership.objects.filter(user=people["expert"]).update(from_on=TODAY)
    Substitution.objects.create(absent=people["krm"], deputy=people["expert"], from_on=TODAY, until_on=TODAY)
    case = make.case(krm)
    unit = Unit.objects.get(office=case.office, number="711")
    hand_to_unit(by=actor("pankow.expert"), case=case, unit=unit, handler=people["ma"])

    html = " ".join(page(as_("krm2"), case).split())
    assert "An den Fachbereich 711 gegeben: Marta Adler" in html
    assert 'Elke Xander <abbr title="in Vertretung">i.&nbsp;V.</abbr> für Karin Ahrens' in html


def test_each_deadline_says_why_and_what_was_extended(as_, krm, case):
    closure = case.deadlines.get(kind=Deadline.Kind.CLOSURE)
    extend(by=krm, deadline=closure, new_due_on=date(2026, 12, 14), reason="Akte wird angefordert.")
    html = " ".join(page(as_("krm"), case).split())
    assert closure.rule in html
    assert "Verlängert vom Mo 07.12.2026 auf den Mo 14.12.2026 durch Karin Ahrens am Mo 23.11.2026" in html


def test_a_resting_case_says_so_and_offers_to_go_on(as_, krm, case):
    pause(by=krm, case=case, category="awaiting_person", reason="Vollmacht fehlt.", from_on=TODAY)
    html = page(as_("krm"), case)
    assert "Der Vorgang ruht seit Mo 23.11.2026" in html
    assert reverse("cases:case_resume", args=[case.reference]) in html


def test_only_the_desk_is_shown_other_cases_of_the_person(as_, krm, case):
    other = make.case(krm, subject="Früheres Anliegen")
    assert [other.reference in page(as_(name), case) for name in ("krm", "tl")] == [True, False]


@pytest.mark.parametrize(
    ("url_name", "data", "field"),
    [
        ("note", {"kind": "internal", "text": " "}, "note_form"),
        ("follow_up", {"task": "Rückruf wegen Vollmacht", "due_on": "2026-11-28"}, "follow_up_form"),
    ],
)
def test_a_refused_form_comes_back_with_its_words(as_, case, url_name, data, field):
    answer = as_("krm").post(reverse(f"cases:{url_name}", args=[case.reference]), data)
    assert (answer.status_code, answer.context[field].is_bound, bool(answer.context[field].errors)) == (422, True, True)
    assert data.get("task", "") in answer.content.decode()


def test_notes_and_follow_ups_are_written_on_the_page(as_, case):
    client = as_("krm")
    client.post(reverse("cases:note", args=[case.reference]), {"kind": "contact", "text": "Rückruf."})
    follow_up = {"task": "Nachfragen", "working_days": "3", "assignee": str(actor("pankow.krm").user_id)}
    client.post(reverse("cases:follow_up", args=[case.reference]), follow_up)
    look = case.deadlines.get(kind="follow_up")

    done = reverse("cases:follow_up_done", args=[look.pk])
    assert [client.post(done).status_code, client.post(done).status_code] == [302, 409]
    look.refresh_from_db()
    assert (case.notes.get().kind, look.due_on, look.met_on) == ("contact", date(2026, 11, 26), TODAY)


def test_who_hands_a_case_back_and_no_longer_sees_it_lands_on_the_start_page(as_, krm, case):
    worker = User.objects.get(username="pankow.ma")
    hand_to_unit(by=krm, case=case, unit=Unit.objects.get(office=case.office, number="711"), handler=worker)
    answer = as_("ma").post(reverse("cases:return_to_krm", args=[case.reference]), {"note": "Erledigt."})
    assert (answer.status_code, answer.url) == (302, "/")


def test_the_second_of_two_editors_finds_the_own_words_the_differences_and_a_way_on(as_, krm, case):
    client = as_("krm2")
    url = reverse("cases:edit", args=[case.reference])
    form = client.get(url).context["forms"]
    data = {"version": "1"}
    for part in form.all:
        data |= {part[name].html_name: part[name].value() or "" for name in part.fields}
    accept(by=krm, case=case)

    refused = client.post(url, data | {"subject": "Mein Betreff"})
    html = refused.content.decode()
    assert refused.status_code == 422
    assert refused.context["differences"] == {"Betreff": (case.subject, "Mein Betreff")}
    assert ('value="Mein Betreff"' in html, 'name="version" value="2"' in html) == (True, True)

    saved = client.post(url, data | {"subject": "Mein Betreff", "version": "2"})
    case.refresh_from_db()
    assert (saved.status_code, case.subject, case.handler, case.version) == (302, "Mein Betreff", krm.user, 3)


def test_the_pages_of_each_step_open(as_, krm, case):
    client = as_("krm")
    hand_to_unit(by=krm, case=case, unit=Unit.objects.get(office=case.office, number="711"))
    names = ("hand_to_unit", "return_to_krm", "assign", "access", "edit")
    statuses = [client.get(reverse(f"cases:{name}", args=[case.reference])).status_code for name in names]
    assert statuses == [200] * 5


def test_a_case_is_sealed_only_after_a_confirmation(as_, case):
    client = as_("krm")
    url = reverse("cases:seal", args=[case.reference])
    statuses = []
    for data in ({}, {"sure": "yes"}):
        statuses.append((client.post(url, data).status_code, Case.objects.get(pk=case.pk).is_sealed))
    assert statuses == [(409, False), (302, True)]


def test_a_resting_case_leads_back_to_work_where_one_may_and_else_stays_with_the_unit(krm, case):
    accept(by=krm, case=case)
    hand_to_unit(by=krm, case=case, unit=Unit.objects.get(office__slug="pankow", number="711"))
    pause(by=krm, case=case, category="other", reason="Gutachten", from_on=TODAY)
    assert prominent("krm", case) == [("Bearbeitung fortsetzen", None)]
    assert prominent("tl", case) == [("An KRM zurückgeben", None)]


def test_nobody_talks_to_a_card_and_nothing_rests_once_it_is_answered(krm, case):
    card = make.case(krm, channel=Channel.OPINION_CARD, is_anonymous=True, person=None)
    answered = accept(by=krm, case=case)
    answer_orally(by=krm, case=answered, on=TODAY, note_text="Am Telefon erklärt.")
    labels = [{step.label for step in steps(krm, visible_case(krm, each.reference))} for each in (card, answered)]
    assert "Gespräch vermerken und beantworten" not in labels[0]
    assert "Ruhen lassen" not in labels[1]


def test_the_unit_does_not_tick_off_the_wiedervorlage_of_the_desk(as_, krm, case):
    hand_to_unit(by=krm, case=accept(by=krm, case=case), unit=Unit.objects.get(office__slug="pankow", number="711"))
    look = case.deadlines.get(kind="follow_up")
    button = reverse("cases:follow_up_done", args=[look.pk])
    assert [button in page(as_(name), case) for name in ("tl", "krm", "krm2")] == [False, True, True]


def test_the_next_step_links_to_the_rule_and_names_the_unit_whose_turn_it_is(as_, krm, case):
    hand_to_unit(by=krm, case=accept(by=krm, case=case), unit=Unit.objects.get(office__slug="pankow", number="711"))
    shown = page(as_("tl"), case)
    assert "Am Zug: <strong>711 Team Vermittlung A</strong>" in shown
    assert f'<a href="{reverse("offices:rule_set", args=[case.rule_set_id])}#K1">Regelwerk K1: ' in shown
