"""What is no case is registered apart, keeps its original Eingang, and is handed over once, with proof."""

from datetime import date, timedelta

import pytest

from cases.asking import ask, tick
from cases.deadlines.actions.moving import pause
from cases.handling.actions.escalate import climb
from cases.letters.actions.writing import draft_letter, edit_letter
from cases.models import Case, ConcernedEmployee, Counter, Escalation, Letter, RegistrationDraft, Transfer
from cases.rules.assignments import AssignmentKind
from cases.rules.deadlines import Level
from cases.rules.kinds import Channel, Kind
from cases.rules.lifecycle import Status
from cases.rules.transfers import TransferData, objection_signal, transfer_problems
from cases.rules.triage import Reason
from cases.transfers.actions.triage import hand_over, hand_over_case, register_transfer, split_off
from cases.transfers.reading.receipt import receipt_context, receipt_pdf
from krm.demo.letters import signed, submitted
from offices.errors import NotAllowed
from offices.models import Substitution, Unit, User
from tests import make
from tests.cast import TODAY, actor


def data(**changes) -> TransferData:
    values = {"reason": Reason.OBJECTION, "subject": "Widerspruch gegen Aufhebungsbescheid", "received_on": TODAY}
    return TransferData(**values | changes)


def register(house, slug="pankow", **changes) -> Transfer:
    return register_transfer(by=actor(f"{slug}.krm"), office=house[slug], data=data(**changes))


def codes(events) -> list[str]:
    return list(events.order_by("seq").values_list("code", flat=True))


# Registering


@pytest.mark.parametrize(
    ("slug", "reason", "recipient"),
    [
        ("pankow", Reason.OBJECTION, "Rechtsbehelfsstelle 791/792"),
        ("pankow", Reason.LAWSUIT, "SGG-Stelle"),
        ("pankow", Reason.INQUIRY, "zuständiger Fachbereich"),
        ("pankow", Reason.DATA_PROTECTION, "Datenschutzbeauftragte/r"),
        ("germersheim", Reason.OBJECTION, "Widerspruchsstelle / Sachgebiet SGG"),
        ("germersheim", Reason.LAWSUIT, "Sachgebiet SGG"),
        ("germersheim", Reason.CONDUCT_COMPLAINT, "Geschäftsführung"),
        ("gera", Reason.CORRUPTION, "Ansprechperson für Korruptionsprävention"),
        ("gera", Reason.REGULATORY_OFFENCE, "zuständige Stelle für Ordnungswidrigkeiten"),
        ("berlin-nord", Reason.BENEFIT_FRAUD, "zuständige Stelle für Leistungsmissbrauch"),
    ],
)
def test_the_rules_of_the_office_name_who_gets_it(house, slug, reason, recipient):
    assert register(house, slug, reason=reason).recipient == recipient


def test_the_officer_may_send_it_elsewhere(house):
    assert register(house, recipient="Rechtsbehelfsstelle 792, Frau Muster").recipient == (
        "Rechtsbehelfsstelle 792, Frau Muster"
    )


def test_without_anybody_to_hand_it_to_it_is_refused(house):
    with pytest.raises(NotAllowed, match="an wen abgegeben wird"):
        register(house, reason=Reason.NOT_OURS)


def test_numbers_run_in_a_series_of_their_own(house):
    case = make.case(actor("pankow.krm"))
    first, second = register(house), register(house, subject="Widerspruch gegen Minderung")
    assert [case.reference, first.reference, second.reference] == [
        "PAN-2026-00001",
        "PAN-KK-2026-00001",
        "PAN-KK-2026-00002",
    ]
    assert sorted(Counter.objects.values_list("series", "last")) == [("", 1), ("KK", 2)]


def test_a_transfer_is_no_case(house):
    register(house)
    assert Case.objects.count() == 0


def test_the_same_sent_twice_is_registered_once(house):
    first = register(house, person=make.PERSON)
    with pytest.raises(NotAllowed, match=f"soeben schon erfasst worden: {first.reference}"):
        register(house, person=make.PERSON)
    assert Transfer.objects.count() == 1
    assert Counter.objects.get(series="KK").last == 1


def test_the_person_is_kept_with_the_name_for_looking_up(house):
    person = register(house, person=make.PERSON).persons.get()
    assert (str(person), person.search_name, person.case) == ("Erika Öztürk-Groß", "öztürk-gross erika", None)


def test_it_ends_the_registration_that_was_begun(house):
    krm = actor("pankow.krm")
    RegistrationDraft.objects.create(user=krm.user, data={}, saved_at="2026-11-23T08:00:00Z")
    register(house)
    assert RegistrationDraft.objects.count() == 0


def test_registering_is_in_the_log_with_reason_and_eingang(house):
    event = register(house, received_on=date(2026, 11, 20)).events.get()
    assert (event.code, event.data) == (
        "transfer.registered",
        {"reason": "Widerspruch", "received_on": "2026-11-20"},
    )


@pytest.mark.parametrize("who", ["pankow.vz", "pankow.ma", "pankow.gf", "gera.krm"])
def test_only_the_krm_of_the_office_decides(house, who):
    with pytest.raises(NotAllowed, match="über KRM oder Kein KRM entscheiden"):
        register_transfer(by=actor(who), office=house["pankow"], data=data())


# The Widerspruchsfrist


def test_the_period_of_an_objection_is_computed_and_kept(house):
    """Posted Mon 30.11.2026, known Fri 04.12., a month later Mon 04.01.2027."""
    by = actor("pankow.krm", date(2026, 12, 10))
    received = date(2026, 12, 7)
    transfer = register_transfer(
        by=by, office=house["pankow"], data=data(received_on=received, decision_on=date(2026, 11, 30))
    )
    assert (transfer.objection_until, transfer.received_on) == (date(2027, 1, 4), received)


def test_its_end_moves_off_a_holiday_of_the_land(house):
    """Posted Wed 04.02.2026, known Sun 08.02., raw end Sun 08.03.: in Berlin Mon 09.03. (08.03. is a holiday too)."""
    transfer = register(house, decision_on=date(2026, 2, 4))
    assert transfer.objection_until == date(2026, 3, 9)


def test_without_the_bescheid_no_period_is_invented(house):
    transfer = register(house)
    assert (transfer.decision_on, transfer.objection_until) == (None, None)


def test_other_reasons_have_no_objection_period(house):
    transfer = register(house, reason=Reason.INQUIRY, decision_on=date(2026, 11, 2))
    assert (transfer.decision_on, transfer.objection_until) == (None, None)


@pytest.mark.parametrize(
    ("today", "level", "text"),
    [
        (date(2026, 12, 23), Level.LATER, "noch 12 Tage"),
        (date(2026, 12, 30), Level.SOON, "noch 5 Tage"),
        (date(2027, 1, 3), Level.SOON, "noch 1 Tag"),
        (date(2027, 1, 4), Level.TODAY, "endet heute"),
        (date(2027, 1, 5), Level.OVERDUE, "seit 1 Tag abgelaufen"),
        (date(2027, 1, 14), Level.OVERDUE, "seit 10 Tagen abgelaufen"),
    ],
)
def test_the_rest_of_the_period_is_told_in_days(today, level, text):
    signal = objection_signal(date(2027, 1, 4), today)
    assert (signal.level, signal.text) == (level, text)


@pytest.mark.parametrize(
    ("dates", "field"),
    [
        ({"received_on": TODAY + timedelta(days=1)}, "received_on"),
        ({"written_on": TODAY, "received_on": TODAY - timedelta(days=1)}, "written_on"),
        ({"decision_on": TODAY + timedelta(days=1)}, "decision_on"),
        ({"decision_on": date(1990, 12, 31)}, "decision_on"),
        ({"decision_on": TODAY, "received_on": TODAY - timedelta(days=1)}, "decision_on"),
    ],
)
def test_impossible_dates_are_named_at_their_field_and_refused(house, dates, field):
    given = {"written_on": None, "received_on": TODAY, "decision_on": None} | dates
    problems = transfer_problems(**given, today=TODAY)
    assert list(problems) == [field]
    with pytest.raises(NotAllowed) as refusal:
        register(house, **given)
    assert refusal.value.reason == problems[field]


# A registered case leaves


def test_a_case_that_is_none_ends_and_its_deadlines_fall_away(house):
    krm = actor("pankow.krm")
    case = make.case(krm, received_on=date(2026, 11, 20), channel=Channel.EMAIL)
    open_before = case.deadlines.open().count()
    transfer = hand_over_case(by=krm, case=case, reason=Reason.OBJECTION, decision_on=date(2026, 11, 9))
    case.refresh_from_db()
    assert (case.status, case.closed_on, case.closed_by, case.next_due_on) == (
        Status.TRANSFERRED,
        TODAY,
        krm.user,
        None,
    )
    assert open_before == 2
    assert list(case.deadlines.values_list("cancelled_on", flat=True)) == [TODAY, TODAY]
    assert codes(case.events)[-3:] == ["deadline.cancelled", "deadline.cancelled", "case.handed_over"]
    assert (transfer.case, transfer.received_on, transfer.channel, transfer.text) == (
        case,
        date(2026, 11, 20),
        Channel.EMAIL,
        case.text,
    )
    assert transfer.objection_until == date(2026, 12, 14)
    assert [str(p) for p in transfer.persons.all()] == [str(p) for p in case.persons.all()] == ["Erika Öztürk-Groß"]


def test_a_resting_case_no_longer_rests_when_it_leaves(house):
    krm = actor("pankow.krm")
    case = make.case(krm)
    pause(by=krm, case=case, category="other", reason="Rückfrage", from_on=TODAY)
    hand_over_case(by=krm, case=case, reason=Reason.OBJECTION)
    assert case.pauses.get().resumed_on == TODAY
    assert codes(case.events)[-2:] == ["case.resumed", "case.handed_over"]


def test_a_case_leaves_only_once(house):
    krm = actor("pankow.krm")
    case = make.case(krm)
    hand_over_case(by=krm, case=case, reason=Reason.OBJECTION)
    with pytest.raises(NotAllowed, match="Abgegeben"):
        hand_over_case(by=krm, case=case, reason=Reason.INQUIRY)
    assert Transfer.objects.count() == 1


def test_a_refused_hand_over_leaves_the_case_as_it_was(house):
    krm = actor("pankow.krm")
    case = make.case(krm)
    with pytest.raises(NotAllowed, match="an wen abgegeben wird"):
        hand_over_case(by=krm, case=case, reason=Reason.NOT_OURS)
    case.refresh_from_db()
    assert (case.status, case.deadlines.filter(cancelled_on__isnull=False).count()) == (Status.NEW, 0)


def test_only_the_data_protection_part_leaves_and_the_case_goes_on(house):
    krm = actor("pankow.krm")
    case = make.case(krm)
    version = case.version
    transfer = split_off(by=krm, case=case, reason=Reason.DATA_PROTECTION, text="Akte lag offen am Empfang.")
    case.refresh_from_db()
    assert (case.status, case.is_open, case.version) == (Status.NEW, True, version)
    assert case.deadlines.open().count() == 3
    assert (transfer.case, transfer.text, transfer.recipient) == (
        case,
        "Akte lag offen am Empfang.",
        "Datenschutzbeauftragte/r",
    )
    assert case.events.latest("seq").code == "case.split"
    assert case.events.latest("seq").data == {"transfer_reference": transfer.reference}


def test_the_same_part_is_split_off_once_and_never_without_words(house):
    krm = actor("pankow.krm")
    case = make.case(krm)
    split_off(by=krm, case=case, reason=Reason.DATA_PROTECTION, text="Akte lag offen.")
    with pytest.raises(NotAllowed, match="schon abgetrennt"):
        split_off(by=krm, case=case, reason=Reason.DATA_PROTECTION, text="Akte lag offen.")
    with pytest.raises(NotAllowed, match="welcher Teil"):
        split_off(by=krm, case=case, reason=Reason.DATA_PROTECTION, text="  ")
    assert case.transfers.count() == 1


# What others were asked to do


def on_rung_one(krm) -> Case:
    case = make.case(krm, channel=Channel.PHONE, unit_id=Unit.objects.get(office__slug="pankow", number="711").pk)
    climb(by=krm, case=case, number=1, on=TODAY, way=Escalation.Way.PHONE, note="Erläutert, ohne Erfolg.")
    return Case.objects.get(pk=case.pk)


def test_with_the_whole_case_goes_what_was_asked_of_people(house):
    krm = actor("pankow.krm")
    case = on_rung_one(krm)
    note = ask(case, AssignmentKind.TAKE_NOTE, actor("pankow.bl").user, by=krm)
    draft_letter(by=krm, case=case, kind=Letter.Kind.ACKNOWLEDGEMENT)
    assert {a.kind for a in case.assignments.open()} == {"take_rung", "take_note"}

    hand_over_case(by=krm, case=case, reason=Reason.NOT_OURS, recipient="Sozialamt")

    assert not case.assignments.open().exists()
    assert case.letters.count() == 0
    with pytest.raises(NotAllowed, match="nicht .mehr. zugänglich"):
        tick(by=actor("pankow.bl"), assignment=note)


@pytest.mark.parametrize(
    ("walk", "sentence"), [(signed, "ausgefertigt, aber nicht versandt"), (submitted, "wartet noch auf die Zeichnung")]
)
def test_a_letter_that_is_signed_or_waits_for_it_keeps_the_case(house, walk, sentence):
    krm = actor("gera.krm")
    case = make.case(krm, kind=Kind.PETITION)
    letter = draft_letter(by=krm, case=case, kind=Letter.Kind.INTERIM)
    letter = edit_letter(
        by=krm, letter=letter, expected_version=letter.version, expected_on=date(2026, 12, 14),
        body=f"{make.ANSWER} Antwort bis 14.12.2026.",
    )  # fmt: skip
    walk(krm, letter)

    with pytest.raises(NotAllowed, match=sentence):
        hand_over_case(by=krm, case=case, reason=Reason.NOT_OURS, recipient="Sozialamt")
    assert Case.objects.get(pk=case.pk).status == Status.NEW


@pytest.mark.parametrize("action", [hand_over_case, split_off])
def test_who_does_not_decide_cannot_let_a_case_leave(house, action):
    case = make.case(actor("pankow.krm"))
    part = {"text": "Ein Teil."} if action == split_off else {}
    with pytest.raises(NotAllowed, match="über KRM oder Kein KRM entscheiden"):
        action(by=actor("pankow.vz"), case=case, reason=Reason.OBJECTION, **part)


# Handing over


def test_handing_over_notes_when_by_whom_and_how_once(house):
    krm = actor("pankow.krm")
    transfer = hand_over(by=krm, transfer=register(house), way="Hauspost")
    assert (transfer.handed_over_by, transfer.way, transfer.handed_over_at is not None) == (krm.user, "Hauspost", True)
    with pytest.raises(NotAllowed, match=f"{transfer.reference} ist schon abgegeben"):
        hand_over(by=actor("pankow.krm2"), transfer=transfer, way="Fax")
    transfer.refresh_from_db()
    assert transfer.way == "Hauspost"
    assert codes(transfer.events) == ["transfer.registered", "transfer.handed_over"]


def test_the_log_does_not_name_the_recipient(house):
    transfer = register(house, recipient="Rechtsbehelfsstelle 792, Frau Muster")
    hand_over(by=actor("pankow.krm"), transfer=transfer, way="Hauspost")

    assert [set(event.data) for event in transfer.events.order_by("seq")] == [{"reason", "received_on"}, set()]


def test_the_story_of_the_case_tells_of_the_hand_over(house):
    krm = actor("pankow.krm")
    case = make.case(krm)
    transfer = split_off(by=krm, case=case, reason=Reason.DATA_PROTECTION, text="Akte lag offen.")
    make.handed_over(krm, transfer, way="E-Akte")
    assert codes(case.events)[-2:] == ["case.split", "transfer.handed_inside"]


def test_the_deputy_hands_over_in_place_of_the_officer(house):
    krm, expert = User.objects.get(username="pankow.krm"), User.objects.get(username="pankow.expert")
    Substitution.objects.create(absent=krm, deputy=expert, from_on=TODAY, until_on=TODAY)
    transfer = hand_over(by=actor("pankow.expert"), transfer=register(house), way="Hauspost")
    event = transfer.events.latest("seq")
    assert (event.by, event.for_user) == (expert, krm)
    assert receipt_context(transfer, actor("pankow.krm"))["event"].for_user == krm


@pytest.mark.parametrize("who", ["pankow.vz", "pankow.ma", "gera.krm"])
def test_others_cannot_hand_over(house, who):
    transfer = register(house)
    with pytest.raises(NotAllowed):
        hand_over(by=actor(who), transfer=transfer, way="Hauspost")
    assert Transfer.objects.pending().count() == 1


# The Beleg


def test_there_is_no_beleg_before_the_hand_over(house):
    with pytest.raises(NotAllowed, match="sobald die Abgabe vermerkt ist"):
        receipt_pdf(register(house), actor("pankow.krm"))


def test_the_beleg_carries_the_original_eingang_and_the_rule(house):
    transfer = register(house, received_on=date(2026, 11, 20), decision_on=date(2026, 11, 9), person=make.PERSON)
    transfer = hand_over(by=actor("pankow.krm"), transfer=transfer, way="Hauspost")
    context = receipt_context(transfer, actor("pankow.krm"))
    assert (context["letterhead"].office_name, context["title"]) == (
        "Jobcenter Berlin Pankow",
        f"Abgabe-Beleg {transfer.reference}",
    )
    assert (context["rule"].key, context["rule"].source) == ("K10", "Konzept März 2019, 2.6")
    assert (str(context["person"]), context["keeps_period"]) == ("Erika Öztürk-Groß", True)
    assert receipt_pdf(transfer, actor("pankow.krm"))[:5] == b"%PDF-"


def test_the_beleg_says_when_the_eingang_was_too_late(house):
    transfer = register(house, decision_on=date(2026, 9, 1))
    assert receipt_context(transfer, actor("pankow.krm"))["keeps_period"] is False


# Who sees the desk


@pytest.mark.parametrize(
    ("who", "seen"),
    [("krm", 1), ("krm2", 1), ("gf", 1), ("vz", 1), ("bl", 0), ("tl", 0), ("ma", 0), ("dsb", 0), ("revision", 0)],
)
def test_the_desk_is_seen_by_krm_management_and_vorzimmer(house, who, seen):
    register(house)
    assert Transfer.objects.visible_to(actor(f"pankow.{who}")).count() == seen


def test_another_office_sees_nothing_of_it(house):
    register(house)
    assert Transfer.objects.visible_to(actor("germersheim.krm")).count() == 0


def test_what_left_a_sealed_case_is_seen_only_by_those_who_see_the_case(house):
    krm = actor("pankow.krm")
    split_off(
        by=krm, case=make.case(krm, is_sealed=True), reason=Reason.DATA_PROTECTION, text="Daten einer Beschäftigten."
    )
    seen = {who: Transfer.objects.visible_to(actor(f"pankow.{who}")).count() for who in ("krm", "krm2", "gf", "vz")}
    assert seen == {"krm": 1, "krm2": 0, "gf": 0, "vz": 0}


def test_the_person_complained_about_does_not_see_the_part_that_left(house):
    krm, other = actor("pankow.krm"), actor("pankow.krm2")
    case = make.case(krm, kind=Kind.COMPLAINT)
    split_off(by=krm, case=case, reason=Reason.DATA_PROTECTION, text="Frau Ahrens nennt er nicht.")
    assert Transfer.objects.visible_to(other).count() == 1
    ConcernedEmployee.objects.create(case=case, user=other.user)
    assert Transfer.objects.visible_to(other).count() == 0
