"""Taking a case, handing it to a unit, giving it back, assigning it."""

from datetime import date

import pytest
from django.utils import timezone

from cases.access import grant, seal
from cases.asking import ask
from cases.closing.actions import answer_orally
from cases.handling.actions.assign import accept, assign_handler, hand_to_unit, return_to_krm
from cases.lookup import visible_case
from cases.models import Case, Deadline, Directive, DirectivePoint, Event, Note
from cases.rules.assignments import AssignmentKind
from cases.rules.directives import LGF_COPY, PointKind
from cases.rules.lifecycle import Status
from cases.rules.registration import EmployeeData
from cases.statements.actions.asking import request_statement
from cases.workplace.forms.case import AssignForm
from cases.workplace.reading.steps import steps
from offices.errors import NotAllowed
from offices.models import Membership, RuleSet, Substitution, Unit, User
from tests import make
from tests.cast import TODAY, actor

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture
def krm(house):
    return actor("pankow.krm")


@pytest.fixture
def case(krm) -> Case:
    return make.case(krm)


def unit(number: str) -> Unit:
    return Unit.objects.get(office__slug="pankow", number=number)


def person(name: str) -> User:
    return User.objects.get(username=f"pankow.{name}")


def codes(case: Case) -> list[str]:
    return list(Event.objects.filter(case=case).order_by("seq").values_list("code", flat=True))[-1:]


def test_the_krm_takes_a_new_case_and_works_on_it(krm, case):
    accept(by=krm, case=case)

    case.refresh_from_db()
    assert (case.status, case.handler, case.version) == ("with_krm", krm.user, 2)
    assert codes(case) == ["case.accepted"]


def test_taking_it_twice_is_refused_with_the_state_of_the_case(krm, case):
    accept(by=krm, case=case)

    with pytest.raises(NotAllowed) as refusal:
        accept(by=krm, case=case)
    assert refusal.value.reason == (
        "„Übernehmen“ ist nicht möglich: Der Vorgang hat den Stand „In Bearbeitung beim KRM“."
    )
    assert codes(case) == ["case.accepted"]


def test_a_team_lead_does_not_take_new_cases(krm):
    case = make.case(krm, unit_id=unit("711").pk)
    with pytest.raises(NotAllowed, match="Ihre Rolle umfasst nicht"):
        accept(by=actor("pankow.tl"), case=case)


def test_a_deputy_takes_a_case_in_place_of_somebody(house):
    Substitution.objects.create(absent=person("krm"), deputy=person("expert"), from_on=TODAY, until_on=TODAY)
    deputy = actor("pankow.expert")
    case = make.case(deputy)

    accept(by=deputy, case=case)

    event = Event.objects.get(case=case, code="case.accepted")
    assert (event.by, event.for_user) == (person("expert"), person("krm"))


def test_handing_over_makes_the_team_lead_responsible_and_keeps_the_instruction(krm, case):
    hand_to_unit(by=krm, case=case, unit=unit("711"), handler=person("ma"), note="Bitte bis Freitag Stellung nehmen.")

    case.refresh_from_db()
    assert (case.status, case.unit.number, case.handler, case.responsible) == (
        "with_unit", "711", person("ma"), person("tl"),
    )  # fmt: skip
    note = Note.objects.get(case=case)
    assert (note.kind, note.text) == ("internal", "Bitte bis Freitag Stellung nehmen.")
    event = Event.objects.get(case=case, code="case.handed_to_unit")
    assert (event.note, event.data) == (note, {"unit": "711", "person": person("ma").pk})


def copies(case: Case) -> list[str]:
    return [row.user.username for row in case.assignments.filter(task=LGF_COPY).select_related("user")]


@pytest.mark.parametrize(("number", "told"), [("711", ["pankow.lgf"]), ("791", [])])
def test_the_lgf_is_told_once_of_what_goes_to_a_listed_bereich_pan21(krm, case, number, told):
    case = hand_to_unit(by=krm, case=case, unit=unit(number))
    hand_to_unit(by=krm, case=case, unit=unit(number), note="Noch einmal.")
    assert copies(case) == told


def test_a_statement_asked_for_without_a_verfuegung_tells_the_lgf_too_pan21(krm, case):
    request_statement(by=krm, case=case, unit=unit("711"), question="Was ist geschehen?", due_on=date(2026, 11, 30))
    assert copies(case) == ["pankow.lgf"]


def test_the_lead_who_is_responsible_is_the_one_of_that_day(krm, case):
    Membership.objects.filter(user=person("tl")).update(until_on=date(2026, 11, 22))
    Membership.objects.create(
        user=person("ma2"), office=case.office, unit=unit("711"), role="team_lead", from_on=date(2026, 11, 23)
    )

    hand_to_unit(by=krm, case=case, unit=unit("711"))

    case.refresh_from_db()
    assert case.responsible == person("ma2")


def test_without_a_lead_of_its_own_the_lead_above_is_responsible(krm, case):
    Membership.objects.filter(user=person("tl")).delete()

    hand_to_unit(by=krm, case=case, unit=unit("711"))

    case.refresh_from_db()
    assert (case.responsible, case.handler) == (person("bl"), None)


def test_the_desk_gets_a_follow_up_on_the_last_working_day_before_the_closure_is_due(krm, case):
    hand_to_unit(by=krm, case=case, unit=unit("711"))
    hand_to_unit(by=krm, case=case, unit=unit("712"))

    closure, looks = case.deadlines.get(kind="closure"), case.deadlines.filter(kind="follow_up")
    assert closure.due_on == date(2026, 12, 7)
    assert [(look.due_on, look.assignee, look.is_open) for look in looks] == [(date(2026, 12, 4), krm.user, True)]


def test_after_the_closure_is_due_the_follow_up_is_on_the_next_working_day(krm):
    case = make.case(krm, received_on=date(2026, 10, 1))
    hand_to_unit(by=krm, case=case, unit=unit("711"))

    assert case.deadlines.get(kind="follow_up").due_on == date(2026, 11, 24)


def test_a_handler_of_another_unit_is_refused_and_the_lead_is_named(krm, case):
    with pytest.raises(NotAllowed) as refusal:
        hand_to_unit(by=krm, case=case, unit=unit("711"), handler=person("ma2"))
    assert refusal.value.reason == (
        "Milan Arndt gehört nicht zur Einheit „711 Team Vermittlung A“. Die Leitung hat: Tobias Lindner."
    )
    case.refresh_from_db()
    assert (case.status, case.version) == ("new", 1)


def test_a_division_may_name_somebody_of_one_of_its_teams(krm, case):
    hand_to_unit(by=krm, case=case, unit=unit("71"), handler=person("ma"))

    case.refresh_from_db()
    assert (case.handler, case.responsible) == (person("ma"), person("bl"))


def test_a_unit_of_another_office_is_refused(krm, case):
    with pytest.raises(NotAllowed, match="gehört nicht zur Dienststelle"):
        hand_to_unit(by=krm, case=case, unit=Unit.objects.get(office__slug="gera", number="711"))


@pytest.mark.parametrize(("action", "where"), [(hand_to_unit, {"unit": "711"}), (assign_handler, {})])
def test_who_is_complained_about_never_works_on_the_case(krm, action, where):
    case = make.case(krm, employees=(EmployeeData(user_id=person("ma").pk),))
    units = {key: unit(number) for key, number in where.items()}
    with pytest.raises(NotAllowed) as refusal:
        action(by=krm, case=case, handler=person("ma"), **units)
    assert refusal.value.reason == ("Marta Adler ist von der Kundenreaktion selbst betroffen.")


def test_a_unit_whose_lead_is_complained_about_does_not_get_the_case(krm):
    case = make.case(krm, employees=(EmployeeData(user_id=person("tl").pk),))
    with pytest.raises(NotAllowed) as refusal:
        hand_to_unit(by=krm, case=case, unit=unit("711"))
    assert refusal.value.reason == (
        "Die Leitung der Einheit „711 Team Vermittlung A“ ist von der Kundenreaktion selbst betroffen. "
        "Bitte an die übergeordnete Einheit „71 Markt und Integration“ geben."
    )


def test_giving_back_needs_words_and_ends_the_follow_up_of_the_desk(krm, case):
    hand_to_unit(by=krm, case=case, unit=unit("711"), handler=person("ma"))
    worker = actor("pankow.ma")

    with pytest.raises(NotAllowed, match="was getan wurde"):
        return_to_krm(by=worker, case=case, note="  ")
    return_to_krm(by=worker, case=case, note="Bescheid ist am 23.11. ergangen, Kopie liegt bei.")

    case.refresh_from_db()
    assert (case.status, case.handler, case.responsible) == ("with_krm", None, person("tl"))
    assert Event.objects.get(case=case, code="case.returned_to_krm").note.text.startswith("Bescheid ist")
    look = case.deadlines.get(kind="follow_up")
    assert (look.met_on, look.met_by) == (TODAY, worker.user)


def test_the_lead_assigns_within_the_team_only(krm, case):
    hand_to_unit(by=krm, case=case, unit=unit("711"))
    lead = actor("pankow.tl")

    assign_handler(by=lead, case=case, handler=person("ma"))

    case.refresh_from_db()
    assert (case.handler, case.responsible) == (person("ma"), person("tl"))
    with pytest.raises(NotAllowed, match="gehört nicht zur Einheit"):
        assign_handler(by=lead, case=case, handler=person("ma2"))
    with pytest.raises(NotAllowed, match="bearbeitet den Vorgang schon"):
        assign_handler(by=lead, case=case, handler=person("ma"))


@pytest.mark.parametrize("name", ["admin", "revision", "controlling", "dsb"])
def test_roles_that_do_not_work_on_cases_are_not_assigned(krm, case, name):
    with pytest.raises(NotAllowed, match="keine Rolle, die Vorgänge bearbeitet"):
        assign_handler(by=krm, case=case, handler=person(name))


def test_a_sealed_case_goes_only_to_somebody_with_single_access(krm, case):
    seal(by=krm, case=case)
    with pytest.raises(NotAllowed, match="namentlich benannte"):
        hand_to_unit(by=krm, case=case, unit=unit("711"))
    with pytest.raises(NotAllowed, match="braucht zuerst einen Einzelzugriff"):
        hand_to_unit(by=krm, case=case, unit=unit("711"), handler=person("ma"))

    grant(by=krm, case=case, user=person("ma"))
    hand_to_unit(by=krm, case=case, unit=unit("711"), handler=person("ma"))

    case.refresh_from_db()
    assert case.handler == person("ma")


def test_the_responsible_lead_sees_the_case_even_where_leaders_see_none_of_their_own(krm, case):
    rule_set = RuleSet.objects.get(office=case.office)
    document = rule_set.document | {"visibility": rule_set.document["visibility"] | {"who": "krm_and_management_only"}}
    RuleSet.objects.filter(pk=rule_set.pk).update(document=document)
    hand_to_unit(by=krm, case=case, unit=unit("711"))

    seen = [name for name in ("tl", "tl2", "bl") if Case.objects.visible_to(actor(f"pankow.{name}")).exists()]
    assert seen == ["tl"]
    assign_handler(by=actor("pankow.tl"), case=case, handler=person("ma"))


def test_only_who_works_on_cases_is_offered_as_handler(krm, case):
    offered = {
        user.username.removeprefix("pankow.") for user in AssignForm(case=case, actor=krm).fields["handler"].queryset
    }
    assert offered == {"krm", "krm2", "gf", "lgf", "bl", "tl", "tl2", "ma", "ma2"}


def test_the_return_says_what_became_of_the_talk_in_one_step_gera11_gera25(krm, case):
    hand_to_unit(by=krm, case=case, unit=unit("711"))
    tl = actor("pankow.tl")
    return_to_krm(
        by=tl, case=case, note="Antrag bewilligt.", talk="held", talk_on=TODAY, talk_note="Persönlich erklärt."
    )

    case.refresh_from_db()
    assert (case.status, case.talk, case.talk_on) == ("with_krm", "held", TODAY)
    kept = [(note.kind, note.text) for note in case.notes.order_by("pk")]
    assert kept == [("contact", "Persönlich erklärt."), ("internal", "Antrag bewilligt.")]


@pytest.mark.parametrize(
    ("talk", "field"),
    [
        ({"talk": "held"}, "talk_note"),
        ({"talk": "held", "talk_note": "Ja.", "talk_on": date(2026, 12, 1)}, "talk_on"),
        ({"talk": "offerd"}, "talk"),
    ],
)
def test_a_talk_that_cannot_be_refuses_the_whole_return_at_its_field(krm, case, talk, field):
    hand_to_unit(by=krm, case=case, unit=unit("711"))
    with pytest.raises(NotAllowed) as refusal:
        return_to_krm(by=actor("pankow.tl"), case=case, note="Erledigt.", **talk)

    case.refresh_from_db()
    assert (refusal.value.field, case.status, case.talk, case.notes.count()) == (field, "with_unit", "", 0)


def test_the_return_ends_what_the_verfuegung_asked_of_the_unit_and_its_date_gera10(krm, case):
    tl = actor("pankow.tl")
    at = timezone.now()
    signed = {"drafted_at": at, "drafted_by": krm.user, "issued_at": at, "issued_by": krm.user}
    issued = Directive.objects.create(case=case, **signed)
    due = {
        "office": case.office,
        "case": case,
        "kind": Deadline.Kind.DIRECTIVE,
        "start_on": TODAY,
        "raw_on": TODAY,
        "due_on": TODAY,
        "rule": ".",
    }
    own, other = (
        DirectivePoint.objects.create(
            directive=issued, position=position, kind=PointKind.HANDLE, unit=unit(number),
            deadline=Deadline.objects.create(**due),
        )
        for position, number in ((1, "711"), (2, "712"))
    )  # fmt: skip
    for user in (tl.user, person("tl2")):
        ask(case, AssignmentKind.HANDLE, user, by=krm, directive=issued)
    hand_to_unit(by=krm, case=case, unit=unit("711"))
    return_to_krm(by=tl, case=case, note="Erledigt.")

    own.refresh_from_db()
    other.refresh_from_db()
    assert (own.done_on, own.done_by, own.deadline.met_on, other.done_on, other.deadline.met_on) == (
        TODAY, tl.user, TODAY, None, None,
    )  # fmt: skip
    assert list(case.events.filter(code="deadline.met").values_list("data__due_on", flat=True)) == [TODAY.isoformat()]
    assert [a.user for a in case.assignments.open().filter(kind=AssignmentKind.HANDLE)] == [person("tl2")]


def test_the_return_leads_on_to_the_dokumentationsblatt_gera9(client, krm):
    today = timezone.localdate()
    case = make.case(actor("pankow.krm", today), received_on=today)
    hand_to_unit(by=actor("pankow.krm", today), case=case, unit=unit("711"))
    client.force_login(person("tl"))
    page = client.post(f"/vorgaenge/{case.reference}/zurueckgeben/", {"note": "Erledigt.", "talk": ""}, follow=True)

    sheet = f"/vorgaenge/{case.reference}/dokumentationsblatt.pdf"
    assert f'<a href="{sheet}">' in page.content.decode()
    assert client.get(sheet)["Content-Type"] == "application/pdf"


# While it lies with the KRM


def lies_at_the_desk(krm, *, accepted: bool) -> Case:
    """Of team 711, with an Anliegen of team 712."""
    case = make.case(krm, unit_id=unit("711").pk)
    case.concerns.update(unit=unit("712"))
    return accept(by=krm, case=case) if accepted else case


@pytest.mark.parametrize("accepted", [False, True], ids=["new", "with the KRM"])
@pytest.mark.parametrize("who", ["pankow.tl", "pankow.tl2", "pankow.bl"])
def test_the_fachbereich_neither_moves_assigns_nor_answers_it_ger15_pan20(accepted, who):
    krm, lead = actor("pankow.krm"), actor(who)
    case = lies_at_the_desk(krm, accepted=accepted)
    attempts = [
        lambda: hand_to_unit(by=lead, case=case, unit=unit("712")),
        lambda: assign_handler(by=lead, case=case, handler=person("ma")),
        lambda: answer_orally(by=lead, case=case, on=TODAY, note_text="Alles besprochen."),
    ]
    for attempt in attempts:
        with pytest.raises(NotAllowed, match="liegt beim KRM"):
            attempt()
    found = {s.label: s.why_not or "" for s in steps(lead, visible_case(lead, case.reference))}
    labels = ("An Fachbereich geben", "Bearbeitung zuweisen", "Gespräch vermerken und beantworten")
    assert ["liegt beim KRM" in found[label] for label in labels] == [True] * 3


@pytest.mark.parametrize("kind", [AssignmentKind.HANDLE, AssignmentKind.TAKE_RUNG])
def test_who_is_asked_to_settle_it_answers_it_there(kind):
    krm = actor("pankow.krm")
    case = lies_at_the_desk(krm, accepted=True)
    ask(case, kind, person("tl"), by=krm)

    answer_orally(by=actor("pankow.tl"), case=case, on=TODAY, note_text="Alles besprochen.")

    assert Case.objects.get(pk=case.pk).status == Status.ANSWERED


def test_who_works_on_it_answers_it_there():
    krm = actor("pankow.krm")
    case = assign_handler(by=krm, case=lies_at_the_desk(krm, accepted=True), handler=person("tl"))

    answer_orally(by=actor("pankow.tl"), case=case, on=TODAY, note_text="Alles besprochen.")

    assert Case.objects.get(pk=case.pk).status == Status.ANSWERED


def test_the_geschaeftsfuehrung_decides_the_way_too():
    case = lies_at_the_desk(actor("pankow.krm"), accepted=False)

    case = hand_to_unit(by=actor("pankow.gf"), case=case, unit=case.unit)

    assert case.status == Status.WITH_UNIT
