"""Dienstaufsichtsbeschwerde: judged by content, and the four ways that the offices take it (K7)."""

from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.apart import kept_out
from cases.asking import tick
from cases.closing.actions import answer_orally, close, go_on
from cases.closing.reading import why_not_answer
from cases.directives.actions.drafting import draft_directive, save_directive
from cases.handling.actions.approval import present_result
from cases.handling.actions.assign import accept, hand_to_unit
from cases.handling.actions.escalate import climb
from cases.handling.actions.judge import judge_conduct
from cases.handling.actions.notes import add_note
from cases.handling.reading.conduct import conduct_way, unit_of_the_superior
from cases.letters.actions.writing import dispatch_letter, draft_letter, edit_letter
from cases.lookup import case_calendar, visible_case
from cases.models import Case, Deadline, Event, Letter, Note, Statement
from cases.rules.conduct import Stop
from cases.rules.directives import PointData, PointKind
from cases.rules.kinds import Channel, Kind, Outcome, Settlement
from cases.rules.registration import EmployeeData
from cases.rules.triage import Reason
from cases.signing.actions import issue_letter, submit_letter, withdraw_letter
from cases.statements.actions.asking import request_statement
from cases.statements.actions.way import edit_statement, hand_on, sign_statement
from cases.transfers.actions.triage import hand_over, hand_over_case, split_off
from cases.workplace.reading.steps import steps
from krm.demo.letters import seen_first
from offices.calendars import next_working_day
from offices.errors import NotAllowed
from offices.models import Membership, Substitution, Unit, User
from tests import make
from tests.cast import actor as actor_on

pytestmark = pytest.mark.usefixtures("house")

TODAY = timezone.localdate()
WHY = "Beanstandet wird, wie die Person behandelt wurde."


def acting(username: str):
    return actor_on(username, TODAY)


def person(username: str) -> User:
    return User.objects.get(username=username)


def unit(office: str, number: str) -> Unit:
    return Unit.objects.get(office__slug=office, number=number)


def complaint(office: str, about: str = "ma", **changes) -> Case:
    """About somebody of the house, registered by its KRM."""
    employees = (EmployeeData(user_id=person(f"{office}.{about}").pk),) if about else ()
    return make.case(acting(f"{office}.krm"), employees=employees, received_on=TODAY, **changes)


def judge(case: Case, *, is_conduct: bool = True, by: str = "") -> Case:
    return judge_conduct(by=acting(by or f"{case.office.slug}.krm"), case=case, is_conduct=is_conduct, reason=WHY)


def stops(case: Case, *, done: bool) -> list[Stop]:
    return [s.stop for s in conduct_way(Case.objects.get(pk=case.pk)) if s.is_done is done]


# Judging


def test_what_it_is_called_does_not_matter():
    case = judge(complaint("pankow", text="Ich beschwere mich: Er hat mich angeschrien."))

    note = Note.objects.get(case=case)
    event = Event.objects.get(case=case, code="case.judged")
    assert (case.kind, case.judged_on, case.judged_by) == (Kind.CONDUCT_COMPLAINT, TODAY, person("pankow.krm"))
    assert (note.kind, note.text) == (Note.Kind.REASON, WHY)
    assert (event.data, event.note) == ({"judgement": "Dienstaufsichtsbeschwerde"}, note)


def test_who_is_blamed_for_a_decision_leads_an_ordinary_complaint():
    case = judge(complaint("pankow", kind=Kind.CONDUCT_COMPLAINT), is_conduct=False)

    assert case.kind == Kind.COMPLAINT


def test_judging_twice_the_same_does_one_thing_and_a_better_judgement_is_possible():
    case = judge(complaint("pankow"))
    with pytest.raises(NotAllowed, match="schon als Dienstaufsichtsbeschwerde beurteilt"):
        judge(case)

    assert judge(case, is_conduct=False).kind == Kind.COMPLAINT
    assert Event.objects.filter(case=case, code="case.judged").count() == 2


def test_a_judgement_has_a_reason():
    with pytest.raises(NotAllowed, match="mit einem Satz begründen"):
        judge_conduct(by=acting("pankow.krm"), case=complaint("pankow"), is_conduct=True, reason="  ")


@pytest.mark.parametrize("kind", [Kind.PRAISE, Kind.PETITION])
def test_only_complaints_are_judged(kind):
    with pytest.raises(NotAllowed, match="Beurteilt wird eine Beschwerde"):
        judge(complaint("pankow", kind=kind))


@pytest.mark.parametrize("who", ["pankow.gf", "pankow.tl", "pankow.vz", "gera.gf"])
def test_others_than_the_krm_do_not_judge(who):
    with pytest.raises(NotAllowed):
        judge(complaint(who.split(".")[0]), by=who)


def test_who_is_complained_about_does_not_judge():
    with pytest.raises(NotAllowed, match="nicht \\(mehr\\) zugänglich"):
        judge(complaint("pankow", about="krm2"), by="pankow.krm2")


def test_where_k7_names_who_judges_a_deputy_of_that_role_may():
    case = complaint("gera")
    Substitution.objects.create(absent=person("gera.krm"), deputy=person("gera.expert"), from_on=TODAY, until_on=TODAY)

    assert judge(case, by="gera.expert").judged_by == person("gera.expert")


def test_in_germersheim_it_becomes_no_case_and_the_sentence_says_where_it_goes():
    case = complaint("germersheim")

    with pytest.raises(NotAllowed) as refusal:
        judge(case)

    assert refusal.value.reason == (
        "Dienstaufsichtsbeschwerden werden hier nicht als Vorgang geführt (K7); bitte als Kein KRM abgeben an: "
        "Geschäftsführung."
    )
    assert judge(case, is_conduct=False).kind == Kind.COMPLAINT


def test_against_the_geschaeftsfuehrung_germersheim_names_the_dienstherr():
    with pytest.raises(NotAllowed, match="Bundesagentur für Arbeit als Dienstherr der Geschäftsführung"):
        judge(complaint("germersheim", about="gf"))


# The page


def test_the_page_shows_the_words_beside_both_possibilities(client):
    case = complaint("gera", text="Herr Adler hat mich ausgelacht.")
    client.force_login(person("gera.krm"))
    url = reverse("cases:judge", args=[case.reference])

    page = client.get(url).content.decode()
    response = client.post(url, {"is_conduct": "conduct", "reason": WHY})

    assert "Herr Adler hat mich ausgelacht." in page
    assert "das persönliche Verhalten von Beschäftigten" in page
    assert "Regelwerk K7" in page
    assert response.url == case.get_absolute_url()
    assert Case.objects.get(pk=case.pk).kind == Kind.CONDUCT_COMPLAINT


def test_a_refused_judgement_comes_back_at_its_field_with_the_way_out(client):
    case = complaint("germersheim")
    client.force_login(person("germersheim.krm"))

    response = client.post(reverse("cases:judge", args=[case.reference]), {"is_conduct": "conduct", "reason": WHY})

    assert response.status_code == 422
    assert "abgeben an: Geschäftsführung" in response.context["form"].errors["is_conduct"][0]
    assert f"?case={case.reference}&amp;reason=conduct_complaint" in response.content.decode()


# The four ways


def test_germersheim_hands_it_to_the_geschaeftsfuehrung():
    case = complaint("germersheim")

    transfer = hand_over_case(by=acting("germersheim.krm"), case=case, reason=Reason.CONDUCT_COMPLAINT)

    assert transfer.recipient == "Geschäftsführung"


def test_sgb_iii_hands_the_whole_wording_to_the_interner_service_and_closes_without_judgement():
    krm, case = acting("berlin-nord.krm"), judge(complaint("berlin-nord"))
    accept(by=krm, case=case)
    transfer = split_off(by=krm, case=case, reason=Reason.CONDUCT_COMPLAINT, text=case.text)
    assert (transfer.recipient, transfer.text) == ("Interner Service", case.text)
    assert stops(case, done=False) == [Stop.HANDED_TO, Stop.CLOSED]
    hand_over(by=krm, transfer=transfer, way="Hauspost")
    add_note(by=krm, case=case, kind=Note.Kind.WAIVER, text="Verzichtet auf eine Antwort.")
    result = {"outcome_reason": "Abgegeben an den Internen Service.", "settlement": Settlement.WAIVED}

    with pytest.raises(NotAllowed, match="nicht bewertbar"):
        close(by=krm, case=case, outcome=Outcome.UPHELD, **result)
    close(by=krm, case=case, outcome=Outcome.NOT_ASSESSABLE, **result)

    assert stops(case, done=False) == []


def test_sgb_iii_page_proposes_the_whole_wording(client):
    case = judge(complaint("berlin-nord"))
    client.force_login(person("berlin-nord.krm"))

    page = client.get(f"{reverse('cases:transfer_new')}?case={case.reference}&reason=conduct_complaint")

    form = page.context["form"]
    assert (form["extent"].value(), form["text"].value(), form["recipient"].value()) == (
        "part", case.text, "Interner Service",
    )  # fmt: skip
    assert not page.context["is_case_here"]


@pytest.mark.parametrize(
    ("about", "number"),
    [
        pytest.param("ma", "711", id="of an employee: the Teamleitung"),
        pytest.param("tl", "71", id="of the Teamleitung: the Bereichsleitung"),
        pytest.param("bl", None, id="of the Bereichsleitung: nobody of the units"),
        pytest.param("krm2", None, id="of somebody without a unit"),
        pytest.param("gf", None, id="against the Geschäftsführung"),
        pytest.param("", None, id="of somebody known by name only"),
    ],
)
def test_pankow_proposes_the_unit_of_the_superior_who_is_not_complained_about(about, number):
    found = unit_of_the_superior(complaint("pankow", about=about), TODAY)

    assert (found and found.number) == number


def test_two_complained_about_in_one_line_lead_to_the_next_one_up():
    case = complaint("pankow", about="ma")
    case.complained_about.create(user=person("pankow.tl"))

    assert unit_of_the_superior(case, TODAY).number == "71"


def test_pankow_gives_it_to_the_superior_and_the_page_has_chosen_her(client):
    case = judge(complaint("pankow"))
    client.force_login(person("pankow.krm"))
    page = client.get(reverse("cases:hand_to_unit", args=[case.reference]))
    assert page.context["form"].initial["unit"] == unit("pankow", "711")

    hand_to_unit(by=acting("pankow.krm"), case=case, unit=unit("pankow", "711"))

    assert Case.objects.get(pk=case.pk).responsible == person("pankow.tl")
    assert stops(case, done=False) == [Stop.SIGNED]


def test_gera_the_whole_way_with_both_contributions_and_the_signature_of_the_geschaeftsfuehrung():
    krm, tl, bl, gf = (acting(f"gera.{name}") for name in ("krm", "tl", "bl", "gf"))
    case = complaint("gera")
    accept(by=krm, case=case)
    case = judge(case)
    tick(by=gf, assignment=case.assignments.get(user=gf.user))
    assert stops(case, done=True) == [Stop.NOTED, Stop.JUDGED]

    day = next_working_day(case_calendar(case), TODAY + timedelta(days=3))
    request_statement(by=krm, case=case, unit=unit("gera", "711"), question="Was geschah am Montag?", due_on=day)
    for kind in ("employee", "assessment"):
        assert "fehlen noch freigegebene Beiträge" in why_not_answer(Case.objects.get(pk=case.pk))
        _write_and_approve(Statement.objects.get(case=case, kind=kind), tl, bl)
    assert why_not_answer(Case.objects.get(pk=case.pk)) is None
    assert stops(case, done=False) == [Stop.SIGNED]

    _answer(case, krm, gf)

    assert stops(case, done=False) == []
    assert Case.objects.get(pk=case.pk).answered_on == TODAY


# Who stands in for a person it is about


@pytest.fixture
def deputy_of_the_person(house) -> User:
    """Who stood in for the Mitarbeiter until today, and is back beside them from now on."""
    deputy = person("gera.ma2")
    Substitution.objects.create(absent=person("gera.ma"), deputy=deputy, from_on=TODAY, until_on=TODAY)
    return deputy


@pytest.mark.parametrize("kind", [Kind.COMPLAINT, Kind.CONDUCT_COMPLAINT])
def test_who_stands_in_for_the_person_handles_no_dienstaufsichtsbeschwerde_b4_8(deputy_of_the_person, kind):
    krm, case = acting("gera.krm"), complaint("gera", kind=kind)
    is_refused = kind == Kind.CONDUCT_COMPLAINT
    with pytest.raises(NotAllowed, match="vertritt eine betroffene Person") if is_refused else nullcontext():
        hand_to_unit(by=krm, case=case, unit=unit("gera", "712"), handler=deputy_of_the_person)
    assert deputy_of_the_person.pk not in kept_out(case, TODAY)


def test_nor_on_a_rung_nor_by_verfuegung_nor_from_the_desk_b4_8(deputy_of_the_person):
    krm, case = acting("gera.krm"), complaint("gera", kind=Kind.CONDUCT_COMPLAINT, channel="phone")
    handle = PointData(PointKind.HANDLE, "klären", person_id=deputy_of_the_person.pk, due_on=TODAY)
    directive = draft_directive(by=krm, case=case)
    with pytest.raises(NotAllowed, match="vertritt eine betroffene Person"):
        save_directive(
            by=krm, directive=directive, expected_version=1, points=[handle], lead_unit=None, signature_level="",
            must_present="",
        )  # fmt: skip
    with pytest.raises(NotAllowed, match="übernehmen darf; sie wird übergangen"):
        climb(by=krm, case=case, number=1, person=deputy_of_the_person, on=TODAY, way="phone", note="Besprochen.")
    Substitution.objects.create(absent=person("gera.ma"), deputy=krm.user, from_on=TODAY, until_on=TODAY)
    with pytest.raises(NotAllowed, match="vertritt eine betroffene Person"):
        accept(by=krm, case=case)


def test_who_stood_in_since_the_eingang_approves_nothing_and_the_next_one_above_does_b4_8(house):
    krm, case = acting("gera.krm"), complaint("gera", kind=Kind.CONDUCT_COMPLAINT)
    Substitution.objects.create(absent=person("gera.ma"), deputy=person("gera.bl"), from_on=TODAY, until_on=TODAY)
    day = next_working_day(case_calendar(case), TODAY + timedelta(days=3))
    asked = {"case": case, "unit": unit("gera", "711"), "question": "Was geschah?", "due_on": day}
    with pytest.raises(NotAllowed, match="gibt jemand anders frei") as refusal:
        request_statement(by=krm, approver=person("gera.bl"), **asked)
    assert refusal.value.field == "approver"
    statement = request_statement(by=krm, **asked)[0]
    assert station_names(statement) == ["gera.tl", "gera.gf"]


def test_nor_does_who_became_a_deputy_after_being_asked_b4_8(house):
    krm, tl, bl = (acting(f"gera.{name}") for name in ("krm", "tl", "bl"))
    case = complaint("gera", kind=Kind.CONDUCT_COMPLAINT)
    day = next_working_day(case_calendar(case), TODAY + timedelta(days=3))
    statement = request_statement(by=krm, case=case, unit=unit("gera", "711"), question="Was?", due_on=day)[0]
    Substitution.objects.create(absent=person("gera.ma"), deputy=bl.user, from_on=TODAY, until_on=TODAY)
    with pytest.raises(NotAllowed, match="einer betroffenen Person unterstellt oder vertritt sie"):
        _write_and_approve(statement, tl, bl)


def station_names(statement: Statement) -> list[str]:
    return [station.user.username for station in statement.stations.all()]


def _write_and_approve(statement: Statement, tl, bl) -> None:
    saved = edit_statement(by=tl, statement=statement, expected_version=statement.version, text="So ist es gewesen.")
    handed = hand_on(by=tl, statement=saved, expected_version=saved.version)
    sign_statement(by=bl, statement=handed, expected_version=handed.version)


def _answer(case: Case, krm, gf) -> None:
    case = Case.objects.get(pk=case.pk)
    letter = draft_letter(by=krm, case=case, kind=Letter.Kind.FINAL)
    body = "wir haben Ihre Beschwerde geprüft. Es tut uns leid."
    letter = edit_letter(by=krm, letter=letter, expected_version=letter.version, body=body, consulted=True)
    with pytest.raises(NotAllowed, match="zeichnet: Geschäftsführung"):
        issue_letter(by=krm, letter=letter, expected_version=letter.version, dated_on=TODAY)
    letter = submit_letter(by=krm, letter=letter, expected_version=letter.version)
    letter = issue_letter(by=gf, letter=letter, expected_version=letter.version, dated_on=TODAY)
    dispatch_letter(by=krm, letter=letter, sent_on=TODAY, way=Letter.Way.POST)


# Nobody answers before the judgement and the contributions are there


def draft_answer(case: Case, krm) -> Letter:
    letter = draft_letter(by=krm, case=Case.objects.get(pk=case.pk), kind=Letter.Kind.FINAL)
    body = "wir haben Ihre Beschwerde geprüft."
    return edit_letter(by=krm, letter=letter, expected_version=letter.version, body=body, consulted=True)


def in_writing(case: Case, krm) -> None:
    letter = draft_answer(case, krm)
    submit_letter(by=krm, letter=letter, expected_version=letter.version)


def in_a_talk(case: Case, krm) -> None:
    answer_orally(by=krm, case=case, on=TODAY, note_text="Alles besprochen.", consulted=True)


@pytest.mark.parametrize("answer", [in_a_talk, in_writing])
def test_a_complaint_not_judged_yet_is_not_answered_gera27(answer):
    with pytest.raises(NotAllowed, match="noch nicht beurteilt, ob es nach dem Inhalt"):
        answer(complaint("gera", kind=Kind.CONDUCT_COMPLAINT), acting("gera.krm"))


@pytest.mark.parametrize("answer", [in_a_talk, in_writing])
def test_without_both_contributions_it_is_not_answered_gera27(answer):
    krm, tl, bl = (acting(f"gera.{name}") for name in ("krm", "tl", "bl"))
    case = judge(complaint("gera"))
    with pytest.raises(
        NotAllowed, match="fehlen noch freigegebene Beiträge: die Stellungnahme der betroffenen Person,"
    ):
        answer(case, krm)
    contributed(case, krm, tl, bl)

    answer(Case.objects.get(pk=case.pk), krm)


def contributed(case: Case, krm, tl, bl) -> None:
    day = next_working_day(case_calendar(case), TODAY + timedelta(days=3))
    place = unit(case.office.slug, "711")
    asked = {"unit": place, "question": "Was geschah am Montag?", "due_on": day}
    for statement in request_statement(by=krm, case=Case.objects.get(pk=case.pk), **asked):
        _write_and_approve(Statement.objects.get(pk=statement.pk), tl, bl)


def test_who_signed_it_as_an_ordinary_answer_does_not_stand_under_a_dienstaufsichtsbeschwerde_k7():
    krm, tl, bl, gf = (acting(f"gera.{name}") for name in ("krm", "tl", "bl", "gf"))
    case = complaint("gera")
    letter = draft_answer(case, krm)
    letter = issue_letter(by=krm, letter=letter, expected_version=letter.version, dated_on=TODAY)
    judge(case)
    send = {"by": krm, "sent_on": TODAY, "way": Letter.Way.POST}
    with pytest.raises(NotAllowed, match="fehlen noch freigegebene Beiträge"):
        dispatch_letter(letter=letter, **send)
    contributed(case, krm, tl, bl)

    with pytest.raises(NotAllowed, match=r"Gezeichnet hat: KRM-Beauftragte/r\. Inzwischen zeichnet .*Geschäftsführung"):
        dispatch_letter(letter=letter, **send)

    letter = withdraw_letter(by=krm, letter=letter, note="Jetzt zeichnet die Geschäftsführung.")
    letter = submit_letter(by=krm, letter=letter, expected_version=letter.version)
    letter = issue_letter(by=gf, letter=letter, expected_version=letter.version, dated_on=TODAY)
    assert dispatch_letter(letter=letter, **send).sent_on == TODAY


# An answered case that turns out to be one


@pytest.fixture
def answered_too_early() -> Case:
    """Answered in a talk as an ordinary complaint, then judged a Dienstaufsichtsbeschwerde."""
    case = complaint("gera")
    in_a_talk(case, acting("gera.krm"))
    return judge(Case.objects.get(pk=case.pk))


def test_an_answered_case_is_worked_on_again_and_the_answer_stays(answered_too_early):
    krm, tl, bl, gf = (acting(f"gera.{name}") for name in ("krm", "tl", "bl", "gf"))
    closure = answered_too_early.deadlines.get(kind=Deadline.Kind.CLOSURE)
    day = Case.objects.get(pk=answered_too_early.pk).answered_on

    case = go_on(by=krm, case=answered_too_early, reason="Beide Beiträge fehlen noch.")

    look = case.deadlines.get(kind=Deadline.Kind.FOLLOW_UP)
    assert (case.status, case.round, case.answered_on, case.settlement) == ("with_krm", 1, day, Settlement.CONVERSATION)
    assert (closure.met_on, look.is_open, look.assignee) == (TODAY, True, krm.user)
    assert Event.objects.get(case=case, code="case.went_on").note.text == "Beide Beiträge fehlen noch."
    contributed(case, krm, tl, bl)
    _answer(case, krm, gf)
    assert Case.objects.get(pk=case.pk).answered_on == day


def test_a_second_letter_follows_the_one_that_was_sent():
    krm, tl, bl, gf = (acting(f"gera.{name}") for name in ("krm", "tl", "bl", "gf"))
    case = complaint("gera")
    letter = draft_answer(case, krm)
    first = issue_letter(by=krm, letter=letter, expected_version=letter.version, dated_on=TODAY)
    dispatch_letter(by=krm, letter=first, sent_on=TODAY, way=Letter.Way.POST)
    case = judge(Case.objects.get(pk=case.pk))
    assert draft_letter(by=krm, case=case, kind=Letter.Kind.FINAL) == first
    case = go_on(by=krm, case=case, reason="Es geht um das Verhalten.")
    contributed(case, krm, tl, bl)

    _answer(case, krm, gf)

    assert [x.issued_by for x in case.letters.filter(kind=Letter.Kind.FINAL)] == [krm.user, gf.user]


def test_going_on_needs_a_reason_and_an_answered_case(answered_too_early):
    krm = acting("gera.krm")
    with pytest.raises(NotAllowed, match="Bitte begründen"):
        go_on(by=krm, case=answered_too_early, reason=" ")
    with pytest.raises(NotAllowed, match="„Weiter bearbeiten“ ist nicht möglich"):
        go_on(by=krm, case=complaint("gera"), reason="Etwas fehlt.")


def test_the_page_leads_out_of_answered(client, answered_too_early):
    client.force_login(person("gera.krm"))
    page, url = answered_too_early.get_absolute_url(), reverse("cases:go_on", args=[answered_too_early.reference])
    found = visible_case(acting("gera.krm"), answered_too_early.reference)
    prominent = [step.url for step in steps(acting("gera.krm"), found) if step.prominent]
    closing = client.get(reverse("cases:close", args=[answered_too_early.reference]))
    gaps = {gap["key"]: gap["url"] for gap in closing.context["gaps"]}
    refused = client.post(url, {"reason": ""})

    assert (prominent, gaps["contributions"]) == ([url], url)
    assert "Bitte begründen, warum der Vorgang weiter bearbeitet wird." in refused.content.decode()
    assert client.post(url, {"reason": "Beide Beiträge fehlen."}).url == page
    assert Case.objects.get(pk=answered_too_early.pk).status == "with_krm"


def test_the_page_says_why_it_is_not_answered_yet(client):
    case = judge(complaint("gera"))
    letter = draft_answer(case, acting("gera.krm"))
    client.force_login(person("gera.krm"))
    found = visible_case(acting("gera.krm"), case.reference)
    why = {step.label: step.why_not for step in steps(acting("gera.krm"), found)}

    page = client.get(reverse("cases:letter", args=[letter.pk])).content.decode()

    assert "fehlen noch freigegebene Beiträge" in why["Gespräch vermerken und beantworten"]
    assert "fehlen noch freigegebene Beiträge" in page
    assert reverse("cases:letter_submit", args=[letter.pk]) not in page


# Signed by the Geschäftsführung, also where no letter says the result


RESULT = {"outcome": Outcome.UPHELD, "outcome_reason": "Der Ton war falsch.", "settlement": Settlement.CONVERSATION}


@pytest.mark.parametrize("office", ["gera", "pankow"])
def test_what_is_answered_in_a_talk_is_approved_by_the_geschaeftsfuehrung_before_it_is_closed(office):
    krm, tl, bl, gf = (acting(f"{office}.{name}") for name in ("krm", "tl", "bl", "gf"))
    case = judge(complaint(office, channel=Channel.EMAIL))
    seen_first(case, TODAY)
    contributed(case, krm, tl, bl)
    in_a_talk(case, krm)
    asked = case.assignments.get(kind="approve_result")
    with pytest.raises(NotAllowed, match="noch nicht abgezeichnet: Geschäftsführung zeichnet die Antwort oder billigt"):
        close(by=krm, case=case, verbis=True, **RESULT)
    assert (asked.user, asked.note.text) == (gf.user, "Alles besprochen.")

    tick(by=gf, assignment=asked)

    assert Stop.SIGNED in stops(case, done=True)
    assert close(by=krm, case=case, verbis=True, **RESULT).status == "closed"


def test_a_letter_that_the_krm_signed_before_it_was_judged_is_not_enough(client):
    krm, tl, bl, gf = (acting(f"gera.{name}") for name in ("krm", "tl", "bl", "gf"))
    case = complaint("gera")
    letter = draft_answer(case, krm)
    letter = issue_letter(by=krm, letter=letter, expected_version=letter.version, dated_on=TODAY)
    dispatch_letter(by=krm, letter=letter, sent_on=TODAY, way=Letter.Way.POST)
    case = judge(Case.objects.get(pk=case.pk))
    assert Stop.SIGNED in stops(case, done=False)
    contributed(go_on(by=krm, case=case, reason="Beiträge fehlen."), krm, tl, bl)
    url = reverse("cases:present_result", args=[case.reference])
    client.force_login(krm.user)
    gaps = client.get(reverse("cases:close", args=[case.reference])).context["gaps"]
    assert {gap["key"]: gap["url"] for gap in gaps}["signed"] == url

    assert client.post(url, {"note": ""}).status_code == 422
    client.post(url, {"note": "Der Ton war falsch; Gespräch mit der Mitarbeiterin ist geführt."})
    asked = case.assignments.get(kind="approve_result")
    again = client.post(url, {"note": "Noch einmal."})
    tick(by=gf, assignment=asked)

    assert "liegt dort schon vor" in again.content.decode()
    assert Stop.SIGNED in stops(case, done=True)


def test_an_ordinary_complaint_is_laid_before_nobody(client):
    case = complaint("gera")
    in_a_talk(case, acting("gera.krm"))
    assert not case.assignments.filter(kind="approve_result").exists()
    with pytest.raises(NotAllowed, match="muss niemand ein Ergebnis billigen"):
        present_result(by=acting("gera.krm"), case=case, note="Ergebnis.")


def test_nobody_else_approves_and_without_a_geschaeftsfuehrung_the_page_says_so():
    krm, tl, bl = (acting(f"gera.{name}") for name in ("krm", "tl", "bl"))
    case = judge(complaint("gera"))
    contributed(case, krm, tl, bl)
    asked = present_result(by=krm, case=Case.objects.get(pk=case.pk), note="Der Ton war falsch.")
    with pytest.raises(NotAllowed):
        tick(by=krm, assignment=asked)
    Membership.objects.filter(user=person("gera.gf")).update(until_on=TODAY - timedelta(days=1))
    other = judge(complaint("gera"))
    contributed(other, krm, tl, bl)

    with pytest.raises(NotAllowed, match="Niemand ist da"):
        present_result(by=krm, case=Case.objects.get(pk=other.pk), note="Der Ton war falsch.")


def test_the_geschaeftsfuehrung_is_told_once_and_never_where_it_is_concerned():
    case = judge(complaint("gera"))
    judge(case, is_conduct=False)
    judge(case)
    assert [a.user.username for a in case.assignments.all()] == ["gera.gf"]

    against = judge(complaint("gera", about="gf"))

    assert list(against.assignments.all()) == []
    assert stops(against, done=False) == [Stop.HANDED_TO]


def test_a_geschaeftsfuehrung_of_another_day_is_not_told():
    Membership.objects.filter(user=person("gera.gf")).update(until_on=TODAY - timedelta(days=1))

    assert list(judge(complaint("gera")).assignments.all()) == []
