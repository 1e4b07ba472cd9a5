"""Statements: asked of a unit, written, handed on, co-signed, approved by somebody else, returned, withdrawn."""

import hashlib
from datetime import date, timedelta

import pytest

from cases.closing.reading import answer_facts
from cases.deadlines.actions.moving import extend
from cases.handling.actions.assign import hand_to_unit, return_to_krm
from cases.handling.actions.escalate import climb
from cases.leaving.actions.hand_on import hand_on_unit
from cases.models import Assignment, Case, ConcernedEmployee, Deadline, Event, Statement
from cases.rules.kinds import Kind
from cases.rules.registration import EmployeeData, UploadedFile
from cases.rules.triage import Reason
from cases.statements.actions.asking import delegate, request_statement, withdraw_statement
from cases.statements.actions.way import (
    add_statement_file,
    edit_statement,
    hand_on,
    remove_statement_file,
    return_statement,
    sign_statement,
)
from cases.statements.reading.way import approved_texts
from cases.transfers.actions.triage import hand_over_case
from offices.errors import ChangedMeanwhile, NotAllowed
from offices.models import Membership, Office, Substitution, Unit, User
from tests import make
from tests.cast import TODAY, actor

pytestmark = pytest.mark.usefixtures("house")

DUE = date(2026, 11, 30)  # a Monday
TEXT = "Der Antrag lag vollständig vor, die Bearbeitung hat sich verzögert."


def unit(number: str, slug: str = "pankow") -> Unit:
    return Unit.objects.get(office__slug=slug, number=number)


def person(name: str, slug: str = "pankow") -> User:
    return User.objects.get(username=f"{slug}.{name}")


def file(name: str, content: bytes = b"%PDF-1.4 a") -> UploadedFile:
    return UploadedFile(name, "application/pdf", content, hashlib.sha256(content).hexdigest())


@pytest.fixture
def krm(house):
    return actor("pankow.krm")


@pytest.fixture
def tl(house):
    return actor("pankow.tl")


@pytest.fixture
def bl(house):
    return actor("pankow.bl")


@pytest.fixture
def case(krm) -> Case:
    return make.case(krm)


def asked(by, case: Case, **changes) -> Statement:
    values = {"unit": unit("711"), "question": "Warum dauert der Antrag so lange?", "due_on": DUE} | changes
    return request_statement(by=by, case=case, **values)[0]


def now(statement: Statement) -> Statement:
    return Statement.objects.select_related("case", "deadline").get(pk=statement.pk)


def write(by, statement: Statement, text: str = TEXT) -> Statement:
    return edit_statement(by=by, statement=statement, expected_version=now(statement).version, text=text)


def pass_on(by, statement: Statement) -> Statement:
    return hand_on(by=by, statement=statement, expected_version=now(statement).version)


def sign(by, statement: Statement) -> Statement:
    return sign_statement(by=by, statement=statement, expected_version=now(statement).version)


def written(by, statement: Statement, text: str = TEXT) -> Statement:
    write(by, statement, text)
    return pass_on(by, statement)


def signatures(statement: Statement) -> list[tuple]:
    rows = statement.signatures.valid().order_by("pk")
    return [(row.kind, row.by.username, row.role) for row in rows]


def codes(case: Case, *prefixes: str) -> list[str]:
    rows = Event.objects.filter(case=case).order_by("seq").values_list("code", flat=True)
    return [code for code in rows if code.startswith(prefixes or ("statement", "signature"))]


def asked_now(statement: Statement) -> list[tuple[str, str]]:
    return [(a.kind, a.user.username) for a in Assignment.objects.open().filter(statement=statement)]


# Asked


def test_the_lead_of_the_unit_is_asked_until_the_day_and_the_case_goes_to_the_fachbereich(krm, case):
    statement = asked(krm, case)

    stations = [(s.position, s.part, s.user.username) for s in statement.stations.all()]
    assert stations == [(1, "draft", "pankow.tl"), (2, "approve", "pankow.bl")]
    deadline = Deadline.objects.get(case=case, kind=Deadline.Kind.STATEMENT)
    assert (deadline.due_on, deadline.assignee, statement.deadline) == (DUE, person("tl"), deadline)
    row = Assignment.objects.get(statement=statement)
    assert (row.kind, row.user, row.due_on) == ("write_statement", person("tl"), DUE)
    case.refresh_from_db()
    assert (case.status, case.unit, case.next_due_on) == ("with_unit", unit("711"), min(DUE, case.next_due_on))
    assert codes(case) == ["statement.requested"]


def test_co_signers_stand_between_in_their_order_and_nobody_twice(krm, case):
    people = [person("lgf"), person("tl"), person("tl2"), person("lgf"), person("gf")]
    statement = asked(krm, case, co_signers=people, approver=person("gf"))

    stations = [(s.part, s.user.username) for s in statement.stations.all()]
    assert stations == [
        ("draft", "pankow.tl"), ("co_sign", "pankow.lgf"), ("co_sign", "pankow.tl2"), ("approve", "pankow.gf"),
    ]  # fmt: skip


def test_who_is_complained_about_is_passed_over_and_the_next_lead_above_writes(krm):
    case = make.case(krm, employees=(EmployeeData(user_id=person("tl").pk),))
    statement = asked(krm, case)

    stations = [(s.part, s.user.username) for s in statement.stations.all()]
    assert stations == [("draft", "pankow.bl"), ("approve", "pankow.gf")]


def test_where_nobody_of_the_leaders_is_free_the_krm_approves(krm):
    Membership.objects.filter(user=person("gf")).delete()
    statement = asked(krm, make.case(krm, employees=(EmployeeData(user_id=person("bl").pk),)))

    assert statement.stations.get(part="approve").user == person("krm")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"question": "  "}, "Bitte angeben, wozu die Einheit Stellung nehmen soll."),
        ({"due_on": date(2026, 11, 28)}, "kein Arbeitstag .* Möglich wäre: Freitag, 27.11.2026"),
        ({"due_on": date(2026, 11, 20)}, "liegt in der Vergangenheit"),
    ],
)
def test_a_request_needs_a_question_and_a_possible_day(krm, case, changes, sentence):
    with pytest.raises(NotAllowed, match=sentence):
        asked(krm, case, **changes)
    assert not Statement.objects.exists()


def test_neither_drafter_nor_person_complained_about_nor_somebody_without_a_role_can_be_a_station(krm):
    case = make.case(krm, employees=(EmployeeData(user_id=person("ma").pk),))
    for changes in (
        {"approver": person("tl")}, {"approver": person("ma")}, {"co_signers": [person("ma")]},
        {"co_signers": [person("dsb")]},
    ):  # fmt: skip
        with pytest.raises(NotAllowed):
            asked(krm, case, **changes)
    assert not Statement.objects.exists()


def test_asking_the_same_twice_is_refused(krm, case):
    asked(krm, case)
    with pytest.raises(NotAllowed, match="schon angefordert"):
        asked(krm, case)
    assert Statement.objects.count() == 1


def test_only_who_directs_asks_for_statements(tl, case):
    with pytest.raises(NotAllowed, match="Ihre Rolle umfasst nicht"):
        asked(tl, case)


# Written, handed on, approved


def test_written_handed_on_approved_and_back_with_the_krm(krm, tl, bl, case):
    statement = written(tl, asked(krm, case))
    assert asked_now(statement) == [("approve_statement", "pankow.bl")]

    sign(bl, statement)

    statement = now(statement)
    assert (statement.approved_by, statement.position) == (person("bl"), 2)
    assert signatures(statement) == [("approval", "pankow.bl", "division_lead")]
    assert (statement.deadline.met_on, statement.deadline.met_by) == (TODAY, person("bl"))
    assert (statement.case.status, asked_now(statement)) == ("with_krm", [])
    assert codes(case) == ["statement.requested", "statement.handed_on", "statement.approved"]
    assert [(a.title, a.text) for a in approved_texts(statement.case)] == [
        ("Stellungnahme, 711 Team Vermittlung A", TEXT)
    ]


def test_clicking_twice_hands_on_and_approves_once(krm, tl, bl, case):
    statement = asked(krm, case)
    write(tl, statement)
    version = now(statement).version
    hand_on(by=tl, statement=statement, expected_version=version)
    with pytest.raises(NotAllowed):
        hand_on(by=tl, statement=statement, expected_version=version)
    version = now(statement).version
    sign_statement(by=bl, statement=statement, expected_version=version)
    with pytest.raises(NotAllowed, match="schon freigegeben"):
        sign_statement(by=bl, statement=statement, expected_version=version)

    assert (statement.versions.count(), statement.signatures.count()) == (1, 1)
    assert codes(case) == ["statement.requested", "statement.handed_on", "statement.approved"]


def test_an_empty_statement_is_not_handed_on(krm, tl, case):
    with pytest.raises(NotAllowed, match="noch leer"):
        pass_on(tl, asked(krm, case))


def test_whoever_saves_second_is_shown_both_texts_and_nothing_is_lost(krm, tl, case):
    statement = asked(krm, case)
    version = now(statement).version
    edit_statement(by=tl, statement=statement, expected_version=version, text="Erste Fassung")

    with pytest.raises(ChangedMeanwhile) as refusal:
        edit_statement(by=tl, statement=statement, expected_version=version, text="Zweite Fassung")

    assert refusal.value.differences == {"Text": ("Erste Fassung", "Zweite Fassung")}
    assert now(statement).text == "Erste Fassung"


def test_what_was_read_is_what_is_signed(krm, tl, bl, case):
    statement = written(tl, asked(krm, case))
    version = now(statement).version
    return_statement(by=bl, statement=statement, to_position=1, note="Bitte kürzer.")
    written(tl, statement, "Kürzer.")

    with pytest.raises(ChangedMeanwhile):
        sign_statement(by=bl, statement=statement, expected_version=version)
    assert now(statement).approved_at is None


def test_only_whose_turn_it_is_acts(krm, tl, bl, case):
    statement = asked(krm, case)
    for other in (bl, krm, actor("pankow.gf")):
        with pytest.raises(NotAllowed, match="liegt bei Tobias Lindner"):
            write(other, statement)
    written(tl, statement)
    for other in (krm, actor("pankow.gf")):
        with pytest.raises(NotAllowed, match="liegt bei Birgit Lorenz"):
            sign(other, statement)


def test_an_extended_day_is_the_one_on_the_desk_of_whose_turn_it_is(krm, tl, case):
    statement = written(tl, asked(krm, case))
    later = date(2026, 12, 2)

    extend(by=krm, deadline=statement.deadline, new_due_on=later, reason="Akte fehlt noch.")

    rows = Assignment.objects.filter(statement=statement).order_by("pk")
    assert [(row.user, row.due_on) for row in rows] == [(person("tl"), DUE), (person("bl"), later)]


# Four eyes


def test_the_author_cannot_approve_not_even_in_place_of_somebody(krm, tl, case):
    Substitution.objects.create(absent=person("bl"), deputy=person("tl"), from_on=TODAY, until_on=TODAY)
    deputy = actor("pankow.tl")
    statement = written(deputy, asked(krm, case))

    with pytest.raises(NotAllowed, match="Sie haben an diesem Text geschrieben"):
        sign(deputy, statement)
    assert now(statement).approved_at is None


def test_who_wrote_for_an_absent_lead_is_an_author_too_even_when_the_lead_hands_it_on(krm, tl, case):
    Substitution.objects.create(absent=person("tl"), deputy=person("tl2"), from_on=TODAY, until_on=TODAY)
    statement = asked(krm, case)
    write(actor("pankow.tl2"), statement)
    Substitution.objects.all().delete()
    pass_on(tl, statement)
    Substitution.objects.create(absent=person("bl"), deputy=person("tl2"), from_on=TODAY, until_on=TODAY)

    with pytest.raises(NotAllowed, match="Sie haben an diesem Text geschrieben"):
        sign(actor("pankow.tl2"), statement)


def test_a_lead_does_not_approve_in_place_of_another_what_a_deputy_wrote_for_them(krm, tl, case):
    Substitution.objects.create(absent=person("tl"), deputy=person("tl2"), from_on=TODAY, until_on=TODAY)
    statement = written(actor("pankow.tl2"), asked(krm, case))
    Substitution.objects.all().delete()
    Substitution.objects.create(absent=person("bl"), deputy=person("tl"), from_on=TODAY, until_on=TODAY)

    with pytest.raises(NotAllowed, match="wurde für Sie geschrieben"):
        sign(actor("pankow.tl"), statement)
    assert now(statement).approved_at is None


def test_the_approver_does_not_write_for_an_absent_drafter(krm, case):
    Substitution.objects.create(absent=person("tl"), deputy=person("bl"), from_on=TODAY, until_on=TODAY)
    statement = asked(krm, case)

    with pytest.raises(NotAllowed, match="Bitte übertragen Sie das Schreiben"):
        write(actor("pankow.bl"), statement)
    delegate(by=actor("pankow.bl"), statement=statement, user=person("ma"))
    assert asked_now(statement) == [("write_statement", "pankow.ma")]


def test_a_present_deputy_approves_and_it_says_in_whose_place(krm, tl, case):
    statement = written(tl, asked(krm, case))
    Substitution.objects.create(absent=person("bl"), deputy=person("tl2"), from_on=TODAY, until_on=TODAY)

    sign(actor("pankow.tl2"), statement)

    signature = statement.signatures.get()
    assert (signature.by, signature.for_user, signature.role) == (person("tl2"), person("bl"), "division_lead")
    event = Event.objects.get(case=case, code="statement.approved")
    assert (event.by, event.for_user) == (person("tl2"), person("bl"))


def test_a_deputy_of_yesterday_or_of_tomorrow_cannot_approve(krm, tl, case):
    statement = written(tl, asked(krm, case))
    first, last = TODAY + timedelta(days=1), TODAY + timedelta(days=3)
    Substitution.objects.create(absent=person("bl"), deputy=person("tl2"), from_on=first, until_on=last)

    for day in (TODAY, last + timedelta(days=1)):
        with pytest.raises(NotAllowed, match="liegt bei Birgit Lorenz"):
            sign(actor("pankow.tl2", day), statement)
    sign(actor("pankow.tl2", last), statement)
    assert now(statement).approved_by == person("tl2")


def test_the_person_complained_about_cannot_act_even_as_a_deputy(krm, tl):
    case = make.case(krm, employees=(EmployeeData(user_id=person("tl2").pk),))
    statement = written(tl, asked(krm, case))
    Substitution.objects.create(absent=person("bl"), deputy=person("tl2"), from_on=TODAY, until_on=TODAY)

    with pytest.raises(NotAllowed, match="nicht .mehr. zugänglich"):
        sign(actor("pankow.tl2"), statement)


def test_who_is_named_as_complained_about_later_is_asked_nothing_more(krm, tl, case):
    statement = asked(krm, case)
    write(tl, statement)
    ConcernedEmployee.objects.create(case=case, user=person("bl"))

    with pytest.raises(NotAllowed, match="Birgit Lorenz ist von der Kundenreaktion selbst betroffen"):
        pass_on(tl, statement)


# Signatures belong to one exact text


def co_signed(krm, tl, case) -> Statement:
    """Written by TL and co-signed by LGF, it lies with BL for approval."""
    statement = written(tl, asked(krm, case, co_signers=[person("lgf")]))
    return sign(actor("pankow.lgf"), statement)


def test_a_changed_comma_voids_what_was_signed(krm, tl, bl, case):
    statement = co_signed(krm, tl, case)
    return_statement(by=bl, statement=statement, to_position=1, note="Komma fehlt.")

    written(tl, statement, TEXT.replace(", ", " "))

    assert signatures(statement) == []
    assert codes(case, "signature") == ["signature.voided"]
    assert asked_now(statement) == [("co_sign_statement", "pankow.lgf")]


def test_a_changed_file_voids_what_was_signed(krm, tl, bl, case):
    statement = asked(krm, case, co_signers=[person("lgf")])
    document = add_statement_file(by=tl, statement=statement, file=file("Aktenauszug.pdf"))
    written(tl, statement)
    sign(actor("pankow.lgf"), statement)
    return_statement(by=bl, statement=statement, to_position=1, note="Bitte andere Anlage.")

    remove_statement_file(by=tl, statement=statement, document=document)

    assert signatures(statement) == []
    assert case.documents.get() == document
    add_statement_file(by=tl, statement=statement, file=file("Neu.pdf", b"%PDF-1.4 b"))
    with pytest.raises(NotAllowed, match="liegt der Stellungnahme schon bei"):
        add_statement_file(by=tl, statement=statement, file=file("Nochmal.pdf", b"%PDF-1.4 b"))


def test_who_signed_the_same_text_is_not_asked_again_after_a_return(krm, tl, bl, case):
    statement = co_signed(krm, tl, case)
    return_statement(by=bl, statement=statement, to_position=1, note="Stimmt das Datum?")

    pass_on(tl, statement)

    assert asked_now(statement) == [("approve_statement", "pankow.bl")]
    assert signatures(statement) == [("co_signature", "pankow.lgf", "lgf")]
    assert statement.versions.count() == 1


@pytest.mark.parametrize(("to", "whose"), [(1, "pankow.tl"), (2, "pankow.lgf")])
def test_it_is_returned_to_any_earlier_station_with_a_note(krm, tl, bl, case, to, whose):
    statement = co_signed(krm, tl, case)
    with pytest.raises(NotAllowed, match="was zu ändern ist"):
        return_statement(by=bl, statement=statement, to_position=to, note="  ")

    return_statement(by=bl, statement=statement, to_position=to, note="Bitte die Dauer nennen.")

    row = Assignment.objects.open().get(statement=statement)
    assert (row.user.username, row.note.text, row.note.kind) == (whose, "Bitte die Dauer nennen.", "internal")
    assert Event.objects.get(case=case, code="statement.returned").note == row.note


@pytest.mark.parametrize("to", [0, 3, 4])
def test_it_is_not_returned_to_the_own_station_or_a_later_one(krm, tl, bl, case, to):
    statement = co_signed(krm, tl, case)
    with pytest.raises(NotAllowed, match="frühere Station"):
        return_statement(by=bl, statement=statement, to_position=to, note="Bitte ändern.")


def test_a_co_signer_who_gets_it_back_signs_again(krm, tl, bl, case):
    statement = co_signed(krm, tl, case)
    return_statement(by=bl, statement=statement, to_position=2, note="Wirklich einverstanden?")
    assert signatures(statement) == []

    sign(actor("pankow.lgf"), statement)
    sign(bl, statement)

    assert [kind for kind, *_ in signatures(statement)] == ["co_signature", "approval"]


# The desk checks


def approved(krm, tl, bl, case, **changes) -> Statement:
    statement = asked(krm, case, **changes)
    written(tl, statement)
    return sign(bl, statement)


def test_the_desk_returns_an_approved_one_and_it_is_approved_anew(krm, tl, bl, case):
    statement = approved(krm, tl, bl, case)
    first = statement.deadline_id

    return_statement(by=krm, statement=statement, to_position=1, note="Die zweite Frage ist offen.")

    statement = now(statement)
    assert (statement.approved_at, statement.approved_by, statement.case.status) == (None, None, "with_unit")
    assert (statement.deadline.pk != first, statement.deadline.due_on, statement.deadline.is_open) == (True, DUE, True)
    assert (asked_now(statement), signatures(statement)) == ([("write_statement", "pankow.tl")], [])
    pass_on(tl, statement)
    assert now(statement).approved_at is None
    sign(bl, statement)
    assert (now(statement).approved_by, now(statement).case.status) == (person("bl"), "with_krm")


def test_a_return_after_the_day_sets_the_next_arbeitstag(krm, tl, bl, case):
    statement = approved(krm, tl, bl, case, due_on=TODAY)
    friday = actor("pankow.krm", date(2026, 11, 27))

    return_statement(by=friday, statement=statement, to_position=1, note="Unvollständig.")

    assert now(statement).deadline.due_on == date(2026, 11, 30)


def test_only_who_directs_returns_an_approved_one(krm, tl, bl, case):
    statement = approved(krm, tl, bl, case)
    with pytest.raises(NotAllowed, match="Ihre Rolle umfasst nicht"):
        return_statement(by=bl, statement=statement, to_position=1, note="Doch noch etwas.")


def test_the_case_waits_for_the_last_statement(krm, tl, bl, case):
    first, second = asked(krm, case), asked(krm, case, question="Und die Auszahlung?")
    for statement in (first, second):
        assert now(statement).case.status == "with_unit"
        written(tl, statement)
        sign(bl, statement)
    assert now(second).case.status == "with_krm"


def test_who_handles_by_directive_keeps_the_case(krm, tl, bl, case):
    statement = asked(krm, case)
    Assignment.objects.create(case=case, kind="handle", user=person("tl"), since_on=TODAY)
    written(tl, statement)
    sign(bl, statement)
    assert now(statement).case.status == "with_unit"


@pytest.mark.parametrize("handler", ["ma2", None])
def test_what_one_unit_contributes_takes_the_case_from_no_other_that_got_it_meanwhile(krm, tl, bl, case, handler):
    statement = asked(krm, case)
    hand_to_unit(by=krm, case=case, unit=unit("712"), handler=handler and person(handler))
    written(tl, statement)
    sign(bl, statement)

    kept = now(statement).case
    assert (kept.status, kept.unit.number, kept.handler) == ("with_unit", "712", handler and person(handler))


def test_a_unit_that_took_over_from_a_dissolved_one_gives_the_case_back_with_the_last_contribution(krm, tl, bl, case):
    statement = asked(krm, case)
    written(tl, statement)
    hand_on_unit(by=krm, unit=unit("711"), successor_unit=unit("712"))
    Unit.objects.filter(pk=unit("711").pk).update(is_active=False)
    sign(bl, statement)
    assert now(statement).case.status == "with_krm"


def test_a_withdrawn_statement_leaves_whoever_stands_on_a_rung_at_work(krm):
    case = make.case(krm, channel="phone", unit_id=unit("711").pk)
    statement = asked(krm, case)
    climb(by=krm, case=case, number=1, on=TODAY, way="phone", note="Zweimal erläutert.")
    withdraw_statement(by=krm, statement=statement, reason="Hat sich erledigt.")

    kept = now(statement).case
    assert (kept.status, kept.handler) == ("with_unit", person("tl"))


def test_a_unit_that_gave_the_case_back_does_not_get_it_by_the_statement_of_another(krm, tl, bl):
    case = make.case(krm)
    hand_to_unit(by=krm, case=case, unit=unit("712"))
    return_to_krm(by=krm, case=case, note="Geprüft, Vermerk liegt bei.")
    statement = asked(krm, case)
    written(tl, statement)
    sign(bl, statement)

    back = now(statement).case
    assert (back.status, back.unit.number) == ("with_krm", "712")


# Given to somebody else, withdrawn


def test_the_lead_lets_somebody_of_the_unit_write(krm, tl, bl, case):
    statement = asked(krm, case)
    delegate(by=tl, statement=statement, user=person("ma"))

    assert asked_now(statement) == [("write_statement", "pankow.ma")]
    assert now(statement).deadline.assignee == person("ma")
    with pytest.raises(NotAllowed, match="liegt bei Marta Adler"):
        write(tl, statement)
    written(actor("pankow.ma"), statement)
    sign(bl, statement)


@pytest.mark.parametrize(
    ("who", "sentence"), [("ma2", "gehört nicht zur Einheit"), ("bl", "zeichnet"), ("tl", "schreibt .* schon")]
)
def test_only_somebody_of_the_unit_who_does_not_sign_can_write(krm, tl, case, who, sentence):
    statement = asked(krm, case)
    with pytest.raises(NotAllowed, match=sentence):
        delegate(by=tl, statement=statement, user=person(who))


def test_a_person_complained_about_cannot_be_given_it_to_write(krm, tl):
    case = make.case(krm, employees=(EmployeeData(user_id=person("ma").pk),))
    statement = asked(krm, case)
    with pytest.raises(NotAllowed, match="selbst betroffen"):
        delegate(by=tl, statement=statement, user=person("ma"))


def test_a_withdrawn_statement_ends_what_was_asked_and_the_case_returns(krm, tl, case):
    statement = asked(krm, case)
    with pytest.raises(NotAllowed, match="Bitte begründen"):
        withdraw_statement(by=krm, statement=statement, reason="")

    withdraw_statement(by=krm, statement=statement, reason="Hat sich erledigt.")

    statement = now(statement)
    assert (statement.withdrawn_on, statement.case.status, asked_now(statement)) == (TODAY, "with_krm", [])
    assert statement.deadline.cancelled_on == TODAY
    with pytest.raises(NotAllowed, match="zurückgezogen"):
        write(tl, statement)


def test_a_case_that_is_handed_over_takes_open_statements_with_it(krm, case):
    statement = asked(krm, case)
    hand_over_case(by=krm, case=case, reason=Reason.NOT_OURS, recipient="Sozialamt")

    statement = now(statement)
    assert (statement.withdrawn_on, asked_now(statement)) == (TODAY, [])
    assert codes(case) == ["statement.requested", "statement.withdrawn"]


def test_a_case_already_with_a_unit_stays_there(krm, case):
    hand_to_unit(by=krm, case=case, unit=unit("721"))
    asked(krm, case)
    case.refresh_from_db()
    assert (case.status, case.unit.number) == ("with_unit", "721")


# Each office's way


def test_a_germersheim_team_lead_sees_the_one_case_she_was_asked_about(house):
    krm, office = actor("germersheim.krm"), Office.objects.get(slug="germersheim")
    about, other = make.case(krm), make.case(krm)
    statement = asked(krm, about, unit=unit("711", office.slug))
    tl, stranger = actor("germersheim.tl"), actor("germersheim.tl2")

    assert list(Case.objects.visible_to(tl)) == [about]
    assert list(Case.objects.visible_to(stranger)) == []
    written(tl, statement)
    assert list(Case.objects.visible_to(tl)) == []  # with the task the access ends (K18)
    assert list(Case.objects.visible_to(actor("germersheim.bl"))) == [about]
    assert other not in Case.objects.visible_to(actor("germersheim.bl"))
    withdraw_statement(by=krm, statement=statement, reason="Nicht mehr nötig.")
    assert list(Case.objects.visible_to(actor("germersheim.bl"))) == []


def test_a_gera_conduct_complaint_needs_both_contributions_by_the_superior(house):
    krm, ma = actor("gera.krm"), person("ma", "gera")
    case = make.case(krm, kind=Kind.CONDUCT_COMPLAINT, employees=(EmployeeData(user_id=ma.pk),))
    both = request_statement(by=krm, case=case, unit=unit("711", "gera"), question="Was ist geschehen?", due_on=DUE)
    tl, bl = actor("gera.tl"), actor("gera.bl")

    assert [s.kind for s in both] == ["employee", "assessment"]
    assert [a.to_do for a in Assignment.objects.filter(user=tl.user).order_by("pk")] == [
        "Stellungnahme der betroffenen Person schreiben",
        "fachliche Abschlusswertung schreiben",
    ]
    assert not Case.objects.visible_to(actor("gera.ma")).filter(pk=case.pk).exists()
    for statement, text in zip(
        both, ("Ich habe die Frage nicht verstanden.", "Der Ton war unangemessen."), strict=True
    ):
        assert answer_facts(Case.objects.get(pk=case.pk)).missing_contributions
        written(tl, statement, text)
        sign(bl, statement)

    assert answer_facts(Case.objects.get(pk=case.pk)).missing_contributions == ()
    assert [(a.title, a.text) for a in approved_texts(case)] == [
        ("Stellungnahme von Marta Adler, 711 Team Vermittlung A", "Ich habe die Frage nicht verstanden."),
        ("Fachliche Abschlusswertung, 711 Team Vermittlung A", "Der Ton war unangemessen."),
    ]
    assert now(both[1]).case.status == "with_krm"
