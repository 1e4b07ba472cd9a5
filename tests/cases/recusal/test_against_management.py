"""A complaint against the Geschäftsführung: nobody who leads the house sees, finds, counts or gets it (PAN-7, B4-8)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.access import grant, seal
from cases.asking import ask
from cases.documents import add_document
from cases.handling.actions.assign import accept, assign_handler, hand_to_unit
from cases.handling.actions.notes import set_follow_up
from cases.handling.reading.conduct import conduct_way
from cases.handling.reading.ladder import is_on_ladder
from cases.letters.actions.writing import dispatch_letter, draft_letter
from cases.lookup import visible_case
from cases.models import Assignment, Case, Event, Letter, Transfer
from cases.recusal.actions.complained_about import name_employee, unname_employee
from cases.rules.assignments import AssignmentKind
from cases.rules.kinds import Kind
from cases.rules.lifecycle import Status
from cases.rules.registration import EmployeeData
from cases.rules.transfers import TransferData
from cases.rules.triage import Reason
from cases.transfers.actions.triage import hand_over, hand_over_case, register_transfer, split_off
from cases.workplace.forms.case import AssignForm, GrantForm, NameEmployeeForm
from cases.workplace.reading.groups import day_of
from cases.workplace.reading.start_page import start_page
from cases.workplace.reading.steps import steps
from offices.errors import NotAllowed
from offices.models import Membership, Office, Substitution, Unit, User
from offices.models.units import Employer
from tests import make, scene
from tests.cast import actor as actor_on

pytestmark = pytest.mark.usefixtures("house")

HOUSE = [
    "krm", "krm2", "gf", "lgf", "bl", "tl", "tl2", "ma", "ma2", "expert", "vz", "dsb", "traeger", "controlling",
    "revision", "admin",
]  # fmt: skip
TODAY = timezone.localdate()
LEADING = ["gf", "lgf", "bl", "tl", "tl2", "vz"]


def acting(name: str, office: str = "pankow"):
    return actor_on(f"{office}.{name}", TODAY)


def person(name: str, office: str = "pankow") -> User:
    return User.objects.get(username=f"{office}.{name}")


def unit(number: str = "711") -> Unit:
    return Unit.objects.get(office__slug="pankow", number=number)


def about(name: str, office: str = "pankow") -> dict:
    return {"employees": (EmployeeData(user_id=person(name, office).pk),), "received_on": TODAY}


def sees(name: str, case: Case) -> bool:
    return Case.objects.visible_to(acting(name)).filter(pk=case.pk).exists()


def unname(case: Case, entry) -> None:
    """By the two people it takes where somebody leads."""
    for name in ("krm", "krm2"):
        unname_employee(by=acting(name), case=Case.objects.get(pk=case.pk), entry=entry)


def deputise(absent: str, deputy: str) -> None:
    Substitution.objects.create(absent=person(absent), deputy=person(deputy), from_on=TODAY, until_on=TODAY)


@pytest.fixture
def krm(house):
    return acting("krm")


@pytest.fixture
def case(krm) -> Case:
    """Complains about the Geschäftsführung and lies within unit 711."""
    return make.case(krm, unit_id=unit().pk, **about("gf"))


@pytest.fixture
def ordinary(krm) -> Case:
    return make.case(krm, unit_id=unit().pk, received_on=TODAY)


# Who sees it


def test_only_the_krm_sees_it(case):
    assert [who for who in HOUSE if sees(who, case)] == ["krm", "krm2"]


def test_a_complaint_about_anybody_else_stays_visible_to_the_leaders(krm):
    case = make.case(krm, unit_id=unit().pk, **about("tl"))

    assert not case.against_management
    assert sees("gf", case)


@pytest.mark.parametrize(
    ("absent", "deputy", "sees_it"),
    [
        pytest.param("gf", "krm2", True, id="KRM for GF sees it from her own seat"),
        pytest.param("gf", "expert", False, id="expert for GF"),
        pytest.param("gf", "ma", False, id="employee for GF"),
        pytest.param("krm", "expert", True, id="expert for KRM"),
        pytest.param("krm", "gf", False, id="GF for KRM"),
        pytest.param("krm", "tl", False, id="TL for KRM"),
        pytest.param("krm", "vz", False, id="Vorzimmer for KRM"),
        pytest.param("tl", "ma", False, id="employee for TL"),
        pytest.param("bl", "tl2", False, id="TL for BL"),
    ],
)
def test_deputies_see_it_only_from_a_seat_apart(case, absent, deputy, sees_it):
    deputise(absent, deputy)

    assert sees(deputy, case) is sees_it


def test_who_comes_to_lead_the_house_later_loses_sight_of_it_that_day(case):
    Membership.objects.create(
        user=person("krm2"), office=case.office, role="team_lead", unit=unit("721"), from_on=TODAY
    )

    assert not sees("krm2", case)


@pytest.mark.parametrize("who", LEADING)
def test_no_page_of_it_exists_for_leaders(client, krm, case, who):
    accept(by=krm, case=case)
    document = add_document(by=krm, case=case, file=scene.FILE)
    letter = draft_letter(by=krm, case=case, kind=Letter.Kind.ACKNOWLEDGEMENT)
    look = set_follow_up(by=krm, case=case, working_days=2, task="nachfragen")
    transfer = split_off(by=krm, case=case, reason=Reason.AGAINST_MANAGEMENT, text=case.text)
    urls = [
        *(reverse(f"cases:{name}", args=[case.reference]) for name in (
            "detail", "edit", "hand_to_unit", "assign", "employees", "access", "judge", "answer", "close",
        )),
        reverse("cases:document", args=[document.pk]),
        *(reverse(f"cases:{name}", args=[letter.pk]) for name in ("letter", "letter_pdf")),
        reverse("cases:transfer", args=[transfer.reference]),
        reverse("cases:transfer_receipt", args=[transfer.reference]),
        f"{reverse('cases:transfer_new')}?case={case.reference}",
        reverse("cases:deadline_extend", args=[case.deadlines.first().pk]),
    ]  # fmt: skip
    client.force_login(person(who))

    assert {client.get(url).status_code for url in urls} == {404}
    assert client.post(reverse("cases:follow_up_done", args=[look.pk])).status_code == 404


@pytest.mark.parametrize("who", LEADING)
def test_leaders_neither_find_nor_count_it(client, case, who):
    client.force_login(person(who))
    pages = [
        "/", reverse("cases:list"), f"{reverse('cases:list')}?q={case.reference}",
        f"{reverse('cases:list')}?q=Öztürk", reverse("cases:log"),
    ]  # fmt: skip

    for url in pages:
        content = client.get(url).content.decode()
        assert case.get_absolute_url() not in content
        assert case.subject not in content


@pytest.mark.parametrize(
    ("absent", "deputy", "status"),
    [("krm", "gf", 404), ("krm", "tl", 404), ("gf", "expert", 404), ("gf", "krm2", 200), ("krm", "expert", 200)],
)
def test_deputies_find_and_open_it_only_from_a_seat_apart(client, case, absent, deputy, status):
    deputise(absent, deputy)
    client.force_login(person(deputy))
    listed = client.get(f"{reverse('cases:list')}?q={case.reference}").content.decode()

    assert client.get(case.get_absolute_url()).status_code == status
    assert (case.get_absolute_url() in listed) is (status == 200)
    assert (start_count(deputy) > 0) is (status == 200)


def start_count(name: str) -> int:
    return sum(group.count for group in start_page(day_of(acting(name))))


@pytest.mark.parametrize("who", LEADING)
def test_no_group_of_the_start_page_counts_it(case, who):
    assert (start_count("krm"), start_count(who)) == (1, 0)


# Registering


def test_a_leader_who_registers_it_gets_the_number_and_nothing_more(client):
    case = make.case(acting("tl"), unit_id=unit().pk, **about("gf"))
    client.force_login(person("tl"))

    assert case.against_management
    assert client.get(reverse("cases:registered", args=[case.reference])).status_code == 200
    assert client.get(case.get_absolute_url()).status_code == 404


def test_a_sealed_one_is_never_opened_to_the_geschaeftsfuehrung_or_the_leader_who_registers_it():
    case = make.case(acting("tl"), is_sealed=True, **about("gf"))

    assert sorted(g.user.username for g in case.caseusergrant_set.all()) == ["pankow.krm", "pankow.krm2"]


def test_a_sealed_one_that_nobody_could_open_is_refused():
    Membership.objects.filter(office__slug="pankow", role="krm_officer").update(until_on=TODAY - timedelta(days=1))

    with pytest.raises(NotAllowed, match="könnte niemand öffnen"):
        make.case(acting("tl"), is_sealed=True, **about("gf"))


def test_the_log_says_that_leaders_are_shut_out_and_names_nobody(case):
    assert Event.objects.get(case=case, code="case.management_shut_out").data == {}


@pytest.mark.parametrize(
    ("employer", "recipient"),
    [
        (Employer.FEDERAL_AGENCY, "Bundesagentur für Arbeit als Dienstherr der Geschäftsführung"),
        (Employer.MUNICIPALITY, "Kommune als Dienstherr der Geschäftsführung"),
    ],
)
def test_where_it_is_no_case_registering_names_the_dienstherr_and_not_the_geschaeftsfuehrung(employer, recipient):
    Office.objects.filter(slug="germersheim").update(management_employer=employer)

    with pytest.raises(NotAllowed) as refusal:
        make.case(acting("krm", "germersheim"), kind=Kind.CONDUCT_COMPLAINT, **about("gf", "germersheim"))

    assert refusal.value.reason.endswith(f"bitte als Kein KRM abgeben an: {recipient}.")


def test_the_hints_beside_the_form_name_the_dienstherr_too(client):
    client.force_login(person("krm", "germersheim"))
    typed = {
        "office": "germersheim", "kind": "conduct_complaint", "subject": "", "text": "Er brüllt.",
        "employee-0-user": person("gf", "germersheim").pk,
    }  # fmt: skip

    content = client.post(reverse("cases:register_hints"), typed).content.decode()

    assert "Bundesagentur für Arbeit als Dienstherr der Geschäftsführung" in content
    assert "geht an: <strong>Geschäftsführung</strong>" not in content


# Naming later


def test_naming_shuts_the_leaders_out_at_once_and_un_naming_lets_them_in_again(krm, ordinary):
    assert sees("tl", ordinary)
    entry = name_employee(by=krm, case=ordinary, user=person("gf"))
    assert [who for who in LEADING if sees(who, ordinary)] == []

    unname(ordinary, entry)

    assert [who for who in LEADING if sees(who, ordinary)] == LEADING
    codes = Event.objects.filter(case=ordinary, code__startswith="case.management").order_by("seq")
    assert [event.code for event in codes] == ["case.management_shut_out", "case.management_let_in"]


def test_it_stays_apart_while_another_of_the_geschaeftsfuehrung_is_named(krm, ordinary):
    Membership.objects.create(user=person("traeger"), office=ordinary.office, role="management", from_on=TODAY)
    first = name_employee(by=krm, case=ordinary, user=person("gf"))
    name_employee(by=krm, case=ordinary, user=person("traeger"))

    unname(ordinary, first)

    assert Case.objects.get(pk=ordinary.pk).against_management
    assert not sees("gf", ordinary)


def test_a_second_leader_can_still_be_named(krm, case):
    names = [user.username for user in NameEmployeeForm(case=case, actor=krm).fields["user"].queryset]

    assert "pankow.bl" in names
    name_employee(by=krm, case=case, user=person("bl"))


def test_naming_takes_everything_out_of_the_leaders_hands(krm, ordinary):
    accept(by=krm, case=ordinary)
    hand_to_unit(by=krm, case=ordinary, unit=unit(), handler=person("ma"))
    grant(by=krm, case=ordinary, user=person("lgf"))
    grant(by=krm, case=ordinary, user=person("expert"))
    look = set_follow_up(by=acting("gf"), case=ordinary, working_days=2, task="nachfragen", assignee=person("gf"))
    to_note = ask(ordinary, AssignmentKind.TAKE_NOTE, person("tl2"), by=krm)

    name_employee(by=krm, case=ordinary, user=person("gf"))

    ordinary = Case.objects.get(pk=ordinary.pk)
    look.refresh_from_db()
    to_note.refresh_from_db()
    assert (ordinary.status, ordinary.handler, ordinary.responsible) == (Status.WITH_KRM, None, None)
    assert [g.user.username for g in ordinary.caseusergrant_set.all()] == ["pankow.expert"]
    assert (look.assignee, to_note.is_open) == (None, False)
    assert not sees("ma", ordinary)


@pytest.mark.parametrize("status", [Status.WITH_MANAGEMENT, Status.IN_SIGNATURE])
def test_what_lies_with_the_geschaeftsfuehrung_comes_back_unsigned(krm, ordinary, status):
    accept(by=krm, case=ordinary)
    letter = draft_letter(by=krm, case=ordinary, kind=Letter.Kind.FINAL)
    Letter.objects.filter(pk=letter.pk).update(submitted_at=timezone.now(), submitted_by=krm.user)
    ask(ordinary, AssignmentKind.SIGN_LETTER, person("gf"), by=krm, letter=letter)
    Case.objects.filter(pk=ordinary.pk).update(status=status)

    name_employee(by=krm, case=ordinary, user=person("gf"))

    letter.refresh_from_db()
    assert Case.objects.get(pk=ordinary.pk).status == Status.WITH_KRM
    assert (letter.submitted_at, letter.state) == (None, "Entwurf")
    assert not Assignment.objects.open().filter(case=ordinary).exists()


def test_the_geschaeftsfuehrung_that_answers_for_the_case_need_not_give_it_away_first(krm, ordinary):
    Case.objects.filter(pk=ordinary.pk).update(responsible=person("gf"))

    name_employee(by=krm, case=ordinary, user=person("gf"))

    assert Case.objects.get(pk=ordinary.pk).responsible is None


def test_a_sealed_case_is_not_left_to_nobody(krm, ordinary):
    seal(by=krm, case=ordinary)
    Membership.objects.create(user=person("krm"), office=ordinary.office, role="lgf", unit=unit("72"), from_on=TODAY)

    with pytest.raises(NotAllowed, match="sonst niemand Zugriff"):
        name_employee(by=acting("krm"), case=ordinary, user=person("gf"))


# Never out of everybody's sight


@pytest.fixture
def desk_that_leads(house) -> None:
    """The one KRM-Beauftragte of the house leads a Bereich as well."""
    Membership.objects.filter(user=person("krm2")).update(until_on=TODAY - timedelta(days=1))
    office = Office.objects.get(slug="pankow")
    Membership.objects.create(user=person("krm"), office=office, role="division_lead", unit=unit("72"), from_on=TODAY)


@pytest.mark.parametrize(
    "attempt",
    [
        pytest.param(lambda krm, case: name_employee(by=krm, case=case, user=person("gf")), id="naming"),
        pytest.param(lambda krm, case: make.case(krm, **about("gf")), id="registering"),
        pytest.param(
            lambda krm, case: split_off(by=krm, case=case, reason=Reason.AGAINST_MANAGEMENT, text=case.text),
            id="splitting off",
        ),
        pytest.param(
            lambda krm, case: hand_over_case(by=krm, case=case, reason=Reason.AGAINST_MANAGEMENT), id="handing over"
        ),
    ],
)
def test_where_the_desk_leads_too_a_vertretung_comes_first(ordinary, desk_that_leads, attempt):
    with pytest.raises(NotAllowed, match="zuerst für das KRM eine Vertretung eintragen"):
        attempt(acting("krm"), ordinary)

    assert not Case.objects.get(pk=ordinary.pk).against_management
    deputise("krm", "expert")
    attempt(acting("krm"), ordinary)
    assert sees("expert", Case.objects.filter(against_management=True).get())


def test_a_vertretung_before_the_leaders_door_is_none(ordinary, desk_that_leads):
    deputise("krm", "vz")

    with pytest.raises(NotAllowed, match="könnte niemand"):
        name_employee(by=acting("krm"), case=ordinary, user=person("gf"))


def test_the_last_one_of_the_desk_is_not_named_beside_the_geschaeftsfuehrung(case):
    Membership.objects.filter(user=person("krm2")).update(until_on=TODAY - timedelta(days=1))

    with pytest.raises(NotAllowed, match="könnte niemand"):
        name_employee(by=acting("krm"), case=case, user=person("krm"))


# Into nobody's hands


@pytest.mark.parametrize("who", LEADING)
def test_nobody_near_the_geschaeftsfuehrung_gets_it_into_hands(krm, case, who):
    accept(by=krm, case=case)
    user = person(who)
    refused = [
        lambda: grant(by=krm, case=case, user=user),
        lambda: assign_handler(by=krm, case=case, handler=user),
        lambda: set_follow_up(by=krm, case=case, working_days=2, task="nachfragen", assignee=user),
        lambda: ask(case, AssignmentKind.TAKE_NOTE, user, by=krm),
    ]
    for attempt in refused:
        with pytest.raises(NotAllowed, match=r"selbst betroffen|gehört zur Leitung des Hauses"):
            attempt()
    offered = [form(case=case, actor=krm).fields[field].queryset for form, field in (
        (AssignForm, "handler"), (GrantForm, "user"),
    )]  # fmt: skip
    assert [user in people for people in offered] == [False, False]


def test_it_goes_to_no_unit_because_every_unit_has_a_leader(krm, case):
    with pytest.raises(NotAllowed, match="bleibt beim KRM"):
        hand_to_unit(by=krm, case=case, unit=unit(), handler=person("ma"))


def test_a_single_employee_can_still_be_asked(krm, case):
    accept(by=krm, case=case)
    assign_handler(by=krm, case=case, handler=person("ma"))

    assert [who for who in HOUSE if sees(who, case)] == ["krm", "krm2", "ma"]


# To the Dienstherr


def test_after_the_dienstherr_the_krm_confirms_and_answers_without_verfuegung_unit_or_ladder(krm):
    case = make.case(krm, kind=Kind.CONDUCT_COMPLAINT, **about("gf"))
    accept(by=krm, case=case)
    assert next_step(krm, case) == "Dem Dienstherrn vorlegen"
    hand_over(
        by=krm, transfer=split_off(by=krm, case=case, reason=Reason.AGAINST_MANAGEMENT, text="Alles."), way="Post"
    )
    assert next_step(krm, case) == "Eingangsbestätigung schreiben"
    letter = draft_letter(by=krm, case=case, kind=Letter.Kind.ACKNOWLEDGEMENT)
    dispatch_letter(by=krm, letter=make.signed(krm, letter), sent_on=TODAY, way=Letter.Way.POST)
    assert next_step(krm, case) == "Abschlussschreiben schreiben"

    case = visible_case(krm, case.reference)
    offered = {step.label: step.why_not for step in steps(krm, case)}
    assert "bleibt beim KRM (PAN-7)" in offered["An Fachbereich geben"]
    assert "Nächste Stufe der Leiter" not in offered
    assert not is_on_ladder(case)
    assert [station.is_done for station in conduct_way(case)] == [True, True]


def next_step(by, case: Case) -> str:
    return next(step.label for step in steps(by, visible_case(by, case.reference)) if step.prominent)


def test_it_goes_to_the_dienstherr_whole_while_the_case_stays(krm, case):
    transfer = split_off(by=krm, case=case, reason=Reason.AGAINST_MANAGEMENT, text=case.text)
    hand_over(by=krm, transfer=transfer, way="Post")

    assert (transfer.recipient, transfer.text) == ("Dienstvorgesetzte/r der Geschäftsführung", case.text)
    assert Case.objects.get(pk=case.pk).is_open
    assert [who for who in HOUSE if Transfer.objects.visible_to(acting(who)).filter(pk=transfer.pk)] == ["krm", "krm2"]


@pytest.mark.parametrize("action", ["split_off", "hand_over_case"])
def test_handing_to_the_dienstherr_shuts_the_leaders_out_though_only_the_words_name_them(krm, ordinary, action):
    if action == "split_off":
        split_off(by=krm, case=ordinary, reason=Reason.AGAINST_MANAGEMENT, text=ordinary.text)
    else:
        hand_over_case(by=krm, case=ordinary, reason=Reason.AGAINST_MANAGEMENT)

    assert [who for who in LEADING if sees(who, ordinary)] == []


def test_un_naming_does_not_undo_what_went_to_the_dienstherr(krm, ordinary):
    entry = name_employee(by=krm, case=ordinary, user=person("gf"))
    split_off(by=krm, case=Case.objects.get(pk=ordinary.pk), reason=Reason.AGAINST_MANAGEMENT, text="Alles")

    unname(ordinary, entry)

    assert not sees("gf", ordinary)


@pytest.mark.parametrize(
    ("absent", "deputy", "sees_it"),
    [("", "krm", True), ("", "gf", False), ("", "vz", False), ("krm", "gf", False), ("gf", "expert", False)],
)
def test_an_abgabe_that_never_was_a_case_is_out_of_the_leaders_sight_as_well(absent, deputy, sees_it):
    data = TransferData(reason=Reason.AGAINST_MANAGEMENT, subject="Über den GF", text="Er brüllt.", received_on=TODAY)
    transfer = register_transfer(by=acting("krm"), office=Office.objects.get(slug="pankow"), data=data)
    if absent:
        deputise(absent, deputy)

    assert Transfer.objects.visible_to(acting(deputy)).filter(pk=transfer.pk).exists() is sees_it


def test_the_page_proposes_the_whole_wording_and_lets_the_case_stay(client, case):
    client.force_login(person("krm"))
    url = f"{reverse('cases:transfer_new')}?case={case.reference}&reason=against_management"

    page = client.get(url)
    form = page.context["form"]

    assert (form["extent"].value(), form["text"].value()) == ("part", case.text)
    assert form["recipient"].value() == "Dienstvorgesetzte/r der Geschäftsführung"
    assert "bleibt bestehen" in page.content.decode()
    sent = {
        "proposed_for": "against_management", "reason": "against_management", "extent": "part", "text": case.text,
        "recipient": "Dienstvorgesetzte/r der Geschäftsführung",
    }  # fmt: skip
    response = client.post(url, sent)
    assert response.url == Transfer.objects.get(case=case).get_absolute_url()
