"""What is handed over inside the house is a task with a date on the „Mein Tag“ of who takes it over (K7 to K12)."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from cases.models import Assignment, Case, Deadline, Mail, Notice, Transfer
from cases.notices.actions.preview import preview
from cases.notices.actions.sweep import sweep
from cases.notices.reading.own_dates import own_dates
from cases.notices.reading.page import in_sight
from cases.outbox.actions.mailing import compose
from cases.outbox.actions.sending import send_due
from cases.recusal.actions.complained_about import name_employee
from cases.recusal.actions.complained_about_transfer import name_on_transfer
from cases.rules.assignments import AssignmentKind
from cases.rules.registration import EmployeeData
from cases.rules.transfers import TransferData
from cases.rules.triage import Reason
from cases.transfers.actions.data_protection import finish_request
from cases.transfers.actions.inside import change_receiver
from cases.transfers.actions.triage import hand_over, hand_over_case, register_transfer, split_off
from cases.transfers.reading.receivers import receivers, usual_day, usual_receiver
from cases.workplace.reading.groups import Group, day_of
from cases.workplace.reading.start_page import start_page
from cases.workplace.reading.story import LEAVING
from offices.errors import NotAllowed
from offices.models import Membership, Office, Substitution, Unit, User
from tests import make
from tests.cast import TODAY, actor

pytestmark = pytest.mark.usefixtures("house")

DUE = date(2026, 11, 26)  # three Arbeitstage from TODAY
LATER = date(2026, 12, 1)
HOUSE = ["krm", "krm2", "gf", "lgf", "bl", "tl", "tl2", "ma", "ma2", "expert", "vz", "dsb", "revision", "admin"]
# office, reason, who can take it over: „zuständiger Fachbereich“, „Datenschutzbeauftragte/r“, „Geschäftsführung“ …
INSIDE = [
    ("pankow", Reason.INQUIRY, {"bl", "tl", "tl2"}, "Bereichsleitung 71"),
    ("pankow", Reason.CONDUCT_COMPLAINT, {"bl", "tl", "tl2"}, "Bereichsleitung 71"),
    ("pankow", Reason.DATA_PROTECTION, {"dsb"}, "Datenschutz"),
    ("gera", Reason.INQUIRY, {"bl", "tl", "tl2"}, "Bereichsleitung 71"),
    ("gera", Reason.DATA_PROTECTION, {"dsb"}, "Datenschutz"),
    ("germersheim", Reason.CONDUCT_COMPLAINT, {"gf"}, "Geschäftsführung"),
    ("germersheim", Reason.DATA_PROTECTION, {"dsb"}, "Datenschutz"),
    ("berlin-nord", Reason.INQUIRY, {"bl", "tl", "tl2"}, "Bereichsleitung 71"),
    ("berlin-nord", Reason.DATA_PROTECTION, {"dsb"}, "Datenschutz"),
]
OUTSIDE = [
    ("pankow", Reason.OBJECTION), ("pankow", Reason.LAWSUIT), ("pankow", Reason.AGAINST_MANAGEMENT),
    ("gera", Reason.CORRUPTION), ("germersheim", Reason.OBJECTION), ("berlin-nord", Reason.CONDUCT_COMPLAINT),
]  # fmt: skip


def person(name: str) -> User:
    return User.objects.get(username=name if "." in name else f"pankow.{name}")


def register(reason: Reason, office: str = "pankow", **changes) -> Transfer:
    values = {"subject": "Eine Frage", "text": "Wortlaut", "received_on": TODAY} | changes
    data = TransferData(reason=reason, **values)
    return register_transfer(by=actor(f"{office}.krm"), office=Office.objects.get(slug=office), data=data)


def given(receiver: str = "tl", reason: Reason = Reason.INQUIRY, **changes) -> Transfer:
    transfer = register(reason, **changes)
    return hand_over(by=actor("pankow.krm"), transfer=transfer, way="E-Akte", receiver=person(receiver), due_on=DUE)


def task(transfer: Transfer) -> Assignment:
    return transfer.assignments.get(kind=AssignmentKind.TAKE_OVER)


def sees(name: str, transfer: Transfer, today: date = TODAY) -> bool:
    return Transfer.objects.visible_to(actor(f"pankow.{name}", today)).filter(pk=transfer.pk).exists()


def on_my_day(name: str) -> list[str]:
    groups = {group.group: group for group in start_page(day_of(actor(name)))}
    return [row.assignment.to_do for row in groups[Group.ASKED].rows] if Group.ASKED in groups else []


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 10, tzinfo=ZoneInfo("Europe/Berlin"))


def mails() -> None:
    sweep(at(TODAY))
    compose(at(TODAY))


def deputise(absent: str, deputy: str, from_on: date = TODAY) -> None:
    Substitution.objects.create(absent=person(absent), deputy=person(deputy), from_on=from_on, until_on=LATER)


@pytest.mark.parametrize(("office", "reason", "who", "to"), INSIDE)
def test_what_the_rules_give_to_the_house_is_a_task_of_whoever_takes_it_over(office, reason, who, to):
    transfer, krm = register(reason, office), actor(f"{office}.krm")
    candidates = receivers(transfer, TODAY)
    assert {user.username.partition(".")[2] for user in candidates} == who
    receiver = candidates.get(username=f"{office}.{min(who)}")

    hand_over(by=krm, transfer=transfer, way="Hauspost", receiver=receiver, due_on=DUE)

    asked = task(transfer)
    assert (asked.user, asked.due_on, asked.get_absolute_url()) == (receiver, DUE, transfer.get_absolute_url())
    entry = transfer.events.get(code="transfer.handed_inside")
    assert entry.sentence.startswith(f"Im Haus übergeben an {to}")
    assert not {event.code for event in transfer.events.all()} & LEAVING
    assert on_my_day(receiver.username) == ["Abgabe übernehmen"]
    assert [on_my_day(f"{office}.{name}") for name in ("ma", "expert", "revision")] == [[], [], []]


@pytest.mark.parametrize(("office", "reason"), OUTSIDE)
def test_what_goes_to_another_body_leaves_the_house_as_before(office, reason):
    transfer = register(reason, office)
    assert not receivers(transfer, TODAY).exists()
    with pytest.raises(NotAllowed, match="kann diese Abgabe nicht übernehmen"):
        hand_over(by=actor(f"{office}.krm"), transfer=transfer, way="Post", receiver=person(f"{office}.tl"), due_on=DUE)
    hand_over(by=actor(f"{office}.krm"), transfer=transfer, way="Post")
    assert {event.code for event in transfer.events.all()} & LEAVING == {"transfer.handed_over"}
    assert not transfer.assignments.exists()
    assert not Deadline.objects.filter(transfer=transfer).exists()


@pytest.mark.parametrize(
    ("receiver", "due_on", "field", "words"),
    [
        (None, None, "receiver", "wer die Abgabe im Haus übernimmt"),
        ("tl", None, "due_on", "bis wann"),
        ("tl", TODAY - timedelta(days=1), "due_on", "Vergangenheit"),
        ("tl", date(2026, 11, 28), "due_on", "kein Arbeitstag"),
        ("ma", DUE, "receiver", "kann diese Abgabe nicht übernehmen"),
        ("gera.tl", DUE, "receiver", "kann diese Abgabe nicht übernehmen"),
    ],
)
def test_without_a_person_and_an_arbeitstag_it_is_not_handed_over(receiver, due_on, field, words):
    transfer = register(Reason.INQUIRY)
    with pytest.raises(NotAllowed, match=words) as refused:
        hand_over(
            by=actor("pankow.krm"), transfer=transfer, way="E-Akte", due_on=due_on,
            receiver=person(receiver) if receiver else None,
        )  # fmt: skip
    assert refused.value.field == field
    transfer.refresh_from_db()
    assert transfer.handed_over_at is None


def test_another_recipient_entered_by_the_desk_may_be_outside():
    transfer = register(Reason.INQUIRY, recipient="Familienkasse")
    hand_over(by=actor("pankow.krm"), transfer=transfer, way="Post")
    assert transfer.events.filter(code="transfer.handed_over").exists()


def test_where_nobody_has_the_role_it_stays_in_the_house_all_the_same():
    Membership.objects.filter(role="dpo").update(until_on=TODAY - timedelta(days=1))
    transfer = register(Reason.DATA_PROTECTION)
    hand_over(by=actor("pankow.krm"), transfer=transfer, way="Hauspost")
    assert transfer.events.get(code="transfer.handed_inside").sentence.startswith("Im Haus übergeben an Datenschutz")


def test_the_lead_of_the_unit_and_three_arbeitstage_are_proposed():
    unit = Unit.objects.get(office__slug="pankow", number="712")
    case = make.case(actor("pankow.krm"), unit_id=unit.pk)
    transfer = hand_over_case(by=actor("pankow.krm"), case=case, reason=Reason.INQUIRY)
    assert usual_receiver(transfer, receivers(transfer, TODAY), TODAY) == person("tl2")
    assert usual_receiver(register(Reason.INQUIRY), receivers(transfer, TODAY), TODAY) is None
    assert usual_day(transfer, TODAY) == DUE


def test_a_whole_case_is_seen_by_the_desk_alone_and_the_abgabe_by_who_takes_it_over():
    unit = Unit.objects.get(office__slug="pankow", number="711")
    case = make.case(actor("pankow.krm"), unit_id=unit.pk)
    transfer = hand_over_case(by=actor("pankow.krm"), case=case, reason=Reason.INQUIRY)
    assert not {event.code for event in case.events.all()} & LEAVING
    make.handed_over(actor("pankow.krm"), transfer)

    assert {name for name in HOUSE if sees(name, transfer)} == {"krm", "krm2", "gf", "vz", "tl"}
    case_seen = {n for n in HOUSE if Case.objects.visible_to(actor(f"pankow.{n}")).filter(pk=case.pk).exists()}
    assert case_seen == {"krm", "krm2", "gf", "vz"}
    finish_request(by=actor("pankow.tl"), assignment=task(transfer))
    assert not sees("tl", transfer)


@pytest.mark.parametrize("where", ["abgabe", "case"])
def test_who_is_complained_about_never_receives_it(where):
    krm, about = actor("pankow.krm"), (EmployeeData(user_id=person("tl").pk),)
    if where == "abgabe":
        transfer = register(Reason.INQUIRY, employees=about)
    else:
        transfer = hand_over_case(by=krm, case=make.case(krm, employees=about), reason=Reason.INQUIRY)
    assert person("tl") not in receivers(transfer, TODAY)
    with pytest.raises(NotAllowed, match="kann diese Abgabe nicht übernehmen"):
        hand_over(by=krm, transfer=transfer, way="E-Akte", receiver=person("tl"), due_on=DUE)


def test_where_all_are_complained_about_another_recipient_is_needed():
    transfer = register(Reason.DATA_PROTECTION, employees=(EmployeeData(user_id=person("dsb").pk),))
    with pytest.raises(NotAllowed, match="ausgeschlossen"):
        hand_over(by=actor("pankow.krm"), transfer=transfer, way="Hauspost")


def test_who_is_named_later_loses_it_and_it_goes_to_somebody_else():
    transfer, krm = given("tl"), actor("pankow.krm")
    name_on_transfer(by=krm, transfer=transfer, user=person("tl"))
    assert (task(transfer).cancelled_on, sees("tl", transfer)) == (TODAY, False)
    assert transfer.deadlines.get().cancelled_on == TODAY

    change_receiver(by=krm, transfer=transfer, receiver=person("tl2"), due_on=LATER)

    assert on_my_day("pankow.tl2") == ["Abgabe übernehmen"]
    assert transfer.deadlines.open().get().assignee == person("tl2")
    with pytest.raises(NotAllowed, match="kann diese Abgabe nicht übernehmen"):
        change_receiver(by=krm, transfer=transfer, receiver=person("tl"), due_on=LATER)


def test_naming_somebody_on_the_case_it_came_from_takes_it_back_too():
    krm = actor("pankow.krm")
    case = make.case(krm)
    transfer = make.handed_over(krm, _split(case))
    name_employee(by=krm, case=case, user=task(transfer).user)
    assert (task(transfer).cancelled_on, transfer.deadlines.get().cancelled_on) == (TODAY, TODAY)


def _split(case: Case) -> Transfer:
    return split_off(by=actor("pankow.krm"), case=case, reason=Reason.INQUIRY, text="Eine Frage.")


def test_taking_it_over_ends_the_task_and_its_date():
    transfer = given()
    finish_request(by=actor("pankow.tl"), assignment=task(transfer))
    assert (task(transfer).done_by, transfer.deadlines.get().met_on) == (person("tl"), TODAY)
    assert "Übernahme der Abgabe: erledigt" in [event.sentence for event in transfer.events.all()]
    with pytest.raises(NotAllowed, match="schon übernommen"):
        change_receiver(by=actor("pankow.krm"), transfer=transfer, receiver=person("tl2"), due_on=LATER)


def test_who_stands_in_takes_it_over_in_their_place():
    deputise("tl", "tl2")
    transfer = given()
    assert on_my_day("pankow.tl2") == ["Abgabe übernehmen"]
    mails()
    assert list(Mail.objects.values_list("to__username", flat=True)) == ["pankow.tl2"]
    finish_request(by=actor("pankow.tl2"), assignment=task(transfer))
    done = transfer.events.get(code="assignment.done")
    assert (done.by, done.for_user) == (person("tl2"), person("tl"))


@pytest.mark.parametrize("who", ["tl2", "gf", "krm", "ma"])
def test_nobody_else_takes_it_over(who):
    with pytest.raises(NotAllowed):
        finish_request(by=actor(f"pankow.{who}"), assignment=task(given()))


def test_it_is_told_by_mail_with_the_number_the_day_and_where(settings):
    settings.BASE_URL = "https://krm.example"
    transfer = given(subject="Frage von Frau Öztürk")
    mails()
    mail = Mail.objects.get()
    assert (mail.to, mail.subject) == (person("tl"), f"KRM: Abgabe übernehmen {transfer.reference} erbeten")
    assert f"- Abgabe übernehmen {transfer.reference}, bis 26.11.2026" in mail.text
    assert f"https://krm.example{transfer.get_absolute_url()}" in mail.text
    assert "Öztürk" not in mail.text


def told(day: date) -> list[str]:
    last = Notice.objects.order_by("pk").values_list("pk", flat=True).last() or 0
    foreseen = sorted(n.recipient.username for n in preview(at(day)).notices if not n.was_skipped)
    sweep(at(day))
    found = sorted(Notice.objects.told().filter(pk__gt=last).values_list("recipient__username", flat=True))
    assert foreseen == found
    return found


def test_it_is_reminded_and_when_late_told_to_the_desk_that_gave_it_and_each_step_once():
    given()
    desk = ["pankow.krm", "pankow.krm2"]
    days = {day: told(day) for day in (date(2026, 11, n) for n in range(24, 31))}
    assert {day.day: names for day, names in days.items() if names} == {
        25: ["pankow.tl"], 26: ["pankow.tl"], 27: [*desk, "pankow.tl"],
    }  # fmt: skip
    assert told(LATER) == [*desk, "pankow.tl"]
    assert told(LATER) == []


def test_a_deputy_it_is_about_is_not_reminded_but_the_desk():
    given(employees=(EmployeeData(user_id=person("ma").pk),))
    deputise("tl", "ma")
    assert told(DUE) == ["pankow.krm", "pankow.krm2"]
    assert not in_sight(actor("pankow.ma")).exists()
    assert not own_dates(actor("pankow.ma")).exists()


@pytest.mark.parametrize("new", [LATER, date(2026, 11, 25)])
def test_another_day_is_told_once_with_both_and_the_old_mail_does_not_go_out(new):
    transfer = given()
    mails()
    old = Mail.objects.get()

    change_receiver(by=actor("pankow.krm"), transfer=transfer, receiver=person("tl"), due_on=new)
    change_receiver(by=actor("pankow.krm"), transfer=transfer, receiver=person("tl"), due_on=new)
    send_due(at(TODAY))
    mails()
    mails()

    old.refresh_from_db()
    assert old.state == Mail.State.DROPPED
    mail = Mail.objects.exclude(pk=old.pk).get()
    assert mail.subject == f"KRM: Abgabe übernehmen {transfer.reference} Datum geändert"
    assert f"{transfer.reference}, jetzt bis {new:%d.%m.%Y}, vorher bis 26.11.2026" in mail.text
    assert (task(transfer).due_on, transfer.deadlines.get().due_on) == (new, new)
    assert transfer.events.filter(code="deadline.changed").count() == 1


def test_the_former_receiver_no_longer_sees_it():
    transfer = given("tl")
    change_receiver(by=actor("pankow.krm"), transfer=transfer, receiver=person("tl2"), due_on=LATER)
    assert (sees("tl", transfer), sees("tl2", transfer)) == (False, True)
    assert transfer.events.filter(code="transfer.handed_inside").count() == 2


@pytest.mark.parametrize("who", ["tl", "gf", "vz", "dsb"])
def test_only_the_desk_changes_it(who):
    with pytest.raises(NotAllowed):
        change_receiver(by=actor(f"pankow.{who}"), transfer=given(), receiver=person("tl2"), due_on=LATER)


def test_what_left_the_house_gets_no_receiver():
    transfer = hand_over(by=actor("pankow.krm"), transfer=register(Reason.OBJECTION), way="Post")
    with pytest.raises(NotAllowed, match="nicht im Haus übergeben"):
        change_receiver(by=actor("pankow.krm"), transfer=transfer, receiver=person("tl"), due_on=LATER)


# As pages


def test_the_desk_fills_in_who_and_until_when_and_keeps_what_was_typed(client):
    transfer = register(Reason.INQUIRY, received_on=actor("pankow.krm").today)
    client.force_login(person("krm"))
    url = reverse("cases:transfer_hand_over", args=[transfer.reference])
    answer = client.post(url, {"way": "E-Akte", "receiver": person("tl").pk, "due_on": "2001-01-01"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Der 01.01.2001 liegt in der Vergangenheit." in page
    assert f'<option value="{person("tl").pk}" selected>' in page


def test_the_receiver_finds_the_button_and_strangers_find_nothing(client):
    transfer = given()
    client.force_login(person("tl"))
    page = client.get(transfer.get_absolute_url()).content.decode()
    done = reverse("cases:transfer_asked_done", args=[transfer.reference, task(transfer).pk])
    assert done in page
    assert reverse("cases:transfer_receiver", args=[transfer.reference]) not in page
    assert "Hat das Haus verlassen" not in page
    assert transfer.reference in client.get(reverse("home")).content.decode()

    client.force_login(person("tl2"))
    assert client.get(transfer.get_absolute_url()).status_code == 404
    assert transfer.reference not in client.get(reverse("home")).content.decode()
