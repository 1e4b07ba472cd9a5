"""The sweep: who is told what on which day, once, through absences, rests, missed days and two runs at once."""

from collections import Counter
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cases.access import seal
from cases.deadlines.actions.calendar_change import add_closing
from cases.deadlines.actions.moving import extend, pause, resume
from cases.deadlines.actions.watch import done, watch
from cases.handling.actions.assign import accept, assign_handler, hand_to_unit
from cases.handling.actions.notes import set_follow_up
from cases.leaving.actions.hand_on import hand_on_person
from cases.models import Deadline, Event, Notice
from cases.models.deadline import UNPLANNED
from cases.notices.actions.sweep import sweep
from cases.notices.reading.recipients import Houses
from cases.outbox.reading import offices_with_unreached
from cases.rules.directives import PointData, PointKind
from cases.statements.actions.asking import delegate, request_statement
from krm.demo.letters import directed
from offices.errors import NotAllowed
from offices.models import Closing, Membership, Office, RuleSet, Substitution, Unit, User
from offices.roles import Role
from offices.rules.values import ReminderStep
from offices.rules.vocabulary import Moment, Recipient
from tests.cast import TODAY, actor
from tests.make import answered, case, closed

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("house")]
BERLIN = ZoneInfo("Europe/Berlin")


def at(day: date, hour: int = 8) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=BERLIN)


def told(on: date | None = None) -> list[tuple[str, str, str]]:
    """(who, what, how urgent) in the order in which it was told."""
    of_deadlines = Notice.objects.told().filter(deadline__isnull=False)
    notices = of_deadlines.select_related("deadline", "recipient").order_by("pk")
    return [
        (n.recipient.username, n.deadline.kind, n.urgency)
        for n in notices
        if on is None or n.created_at.astimezone(BERLIN).date() == on
    ]


@pytest.fixture
def desk():
    return actor("pankow.krm")


@pytest.fixture
def matter(desk):
    """A Pankow letter received today: acknowledgement in 3 Arbeitstagen, closure in 10, accepted by the desk."""
    return accept(by=desk, case=case(desk))


def closure_of(matter) -> Deadline:
    return matter.deadlines.get(kind=Deadline.Kind.CLOSURE)


class TestSteps:
    def test_a_letter_is_recalled_two_days_before_on_the_day_and_one_level_higher_each_time(self, matter):
        due_on = closure_of(matter).due_on
        matter.deadlines.exclude(kind=Deadline.Kind.CLOSURE).update(cancelled_on=TODAY)
        hand_to_unit(by=actor("pankow.krm"), case=matter, unit=Unit.objects.get(number="711", office=matter.office))
        Deadline.objects.filter(kind=Deadline.Kind.FOLLOW_UP).update(cancelled_on=TODAY)
        days = {}
        for ordinal in range((due_on - TODAY).days + 12):
            day = TODAY + timedelta(days=ordinal)
            sweep(at(day))
            if new := told(day):
                days[day] = sorted(who for who, _, _ in new)
        assert due_on == date(2026, 12, 7)
        assert days == {
            date(2026, 12, 3): ["pankow.krm", "pankow.krm2", "pankow.tl"],
            date(2026, 12, 7): ["pankow.krm", "pankow.krm2", "pankow.tl"],
            date(2026, 12, 8): ["pankow.bl", "pankow.krm", "pankow.krm2", "pankow.tl"],
            date(2026, 12, 10): ["pankow.gf", "pankow.krm", "pankow.krm2", "pankow.tl"],
            date(2026, 12, 14): ["pankow.gf", "pankow.krm", "pankow.krm2", "pankow.tl"],
        }
        assert closure_of(matter).next_step_on is None

    @pytest.mark.parametrize(
        ("holder", "above"),
        [("ma", ["tl", "bl", "gf"]), ("tl", ["bl", "gf", "gf"]), ("bl", ["gf"] * 3), ("krm", ["gf"] * 3)],
    )
    def test_each_time_one_level_above_whoever_has_it_in_hand(self, desk, matter, holder, above):
        person, unit = (
            User.objects.get(username=f"pankow.{holder}"),
            Unit.objects.get(number="711", office=matter.office),
        )
        hand_to_unit(by=desk, case=matter, unit=unit, handler=person if holder == "ma" else None)
        Deadline.objects.exclude(case=matter, kind=Deadline.Kind.CLOSURE).update(cancelled_on=TODAY)
        Deadline.objects.filter(case=matter).update(assignee=person, due_on=TODAY)
        told_above = []
        for day in (date(2026, 11, 24), date(2026, 11, 26), date(2026, 11, 30)):
            sweep(at(day))
            told_above.append([who for who, _, _ in told(day) if who != person.username])
        assert told_above == [[f"pankow.{who}"] for who in above]

    def test_a_second_run_tells_nothing_and_writes_nothing(self, matter):
        day = closure_of(matter).due_on
        sweep(at(day))
        before = told(), Event.objects.count()
        report = sweep(at(day, 9))
        assert (report.told, report.looked_at) == (0, 0)
        assert (told(), Event.objects.count()) == before

    def test_after_days_without_a_run_only_the_most_urgent_step_is_told_and_the_others_are_recorded(self, matter):
        closure = closure_of(matter)
        matter.deadlines.exclude(pk=closure.pk).update(cancelled_on=TODAY)
        report = sweep(at(date(2026, 12, 10)))  # 3 Arbeitstage late: steps -2, 0 and +1 were missed
        notices = Notice.objects.filter(deadline=closure)
        assert set(notices.told().values_list("step", flat=True)) == {3}
        assert set(notices.filter(was_skipped=True).values_list("step", flat=True)) == {-2, 0, 1}
        assert report.passed == notices.filter(was_skipped=True).count() > 0
        entry = Event.objects.get(case=matter, code="deadline.told")
        assert entry.data["passed"] == ["2 AT vorher", "am Tag", "1 AT danach"]
        assert not notices.filter(was_skipped=True).exclude(mailing=Notice.Mailing.NONE).exists()

    def test_what_is_done_in_time_is_never_recalled(self, desk, matter):
        answered(desk, matter)
        closed(desk, matter)
        for days in range(40):
            sweep(at(TODAY + timedelta(days=days)))
        assert told() == []

    @pytest.mark.parametrize(
        ("day", "hour"),
        [
            (date(2026, 12, 5), 8),  # Saturday
            (date(2026, 12, 25), 8),  # holiday
            (date(2026, 12, 7), 6),  # before the hour of the office
        ],
    )
    def test_nobody_is_told_on_days_off_or_before_the_hour(self, matter, day, hour):
        Deadline.objects.filter(case=matter).update(due_on=TODAY)
        assert sweep(at(day, hour)).looked_at == 0
        assert told() == []

    def test_a_dienstfreier_tag_of_the_office_is_silent(self, matter):
        day = closure_of(matter).due_on
        Closing.objects.create(
            office=matter.office,
            name="Umzug",
            from_on=day,
            until_on=day,
            kind=Closing.Kind.CLOSED,
            created_at=at(TODAY),
        )
        assert sweep(at(day)).looked_at == 0
        sweep(at(date(2026, 12, 4)))
        assert ("pankow.krm", "closure", "ahead") in told(date(2026, 12, 4))


class TestWhatIsAskedOfAUnit:
    """Told are the people asked, then the line above them; the desk has its own deadlines."""

    def days(self, kind: str, days: list[date]) -> list[list[tuple[str, str]]]:
        found = []
        for day in days:
            sweep(at(day))
            found.append([(who, urgency) for who, what, urgency in told(day) if what == kind])
        return found

    def test_a_statement_is_chased_with_the_team_then_with_the_bereichsleitung(self, desk, matter):
        unit = Unit.objects.get(number="711", office=matter.office)
        request_statement(by=desk, case=matter, unit=unit, question="Warum dauert es?", due_on=date(2026, 11, 30))

        assert self.days(
            "statement", [date(2026, 11, 26), date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 3)]
        ) == [
            [("pankow.tl", "ahead")],
            [("pankow.tl", "today")],
            [("pankow.tl", "overdue"), ("pankow.bl", "overdue")],
            [("pankow.tl", "overdue"), ("pankow.gf", "overdue")],
        ]

    def test_who_was_given_it_to_write_has_the_team_lead_above(self, desk, matter):
        unit = Unit.objects.get(number="711", office=matter.office)
        due_on = date(2026, 11, 30)
        [asked] = request_statement(by=desk, case=matter, unit=unit, question="Warum dauert es?", due_on=due_on)
        delegate(by=actor("pankow.tl"), statement=asked, user=User.objects.get(username="pankow.ma"))

        assert self.days("statement", [due_on, date(2026, 12, 1), date(2026, 12, 3)]) == [
            [("pankow.ma", "today")],
            [("pankow.ma", "overdue"), ("pankow.tl", "overdue")],
            [("pankow.ma", "overdue"), ("pankow.bl", "overdue")],
        ]

    def test_the_date_of_a_point_of_the_verfuegung(self, desk, matter):
        unit = Unit.objects.get(number="711", office=matter.office)
        friday = date(2026, 11, 27)
        point = PointData(PointKind.HANDLE, "mit der Kundin sprechen", unit_id=unit.pk, due_on=friday)
        directed(desk, matter, points=(point, PointData(PointKind.FILE)), unit=unit)

        assert self.days("directive", [date(2026, 11, 25), friday, date(2026, 11, 30)]) == [
            [("pankow.tl", "ahead")],
            [("pankow.tl", "today")],
            [("pankow.tl", "overdue"), ("pankow.bl", "overdue")],
        ]


class TestMovedDates:
    def test_an_extended_deadline_is_recalled_anew(self, desk, matter):
        closure = closure_of(matter)
        sweep(at(closure.due_on))
        extend(by=desk, deadline=closure, new_due_on=date(2026, 12, 16), reason="Rückfrage")
        closure.refresh_from_db()
        assert (closure.next_step, closure.next_step_on) == (0, UNPLANNED)
        sweep(at(date(2026, 12, 14)))
        assert [entry for entry in told(date(2026, 12, 14)) if entry[1] == "closure"] == [
            ("pankow.krm", "closure", "ahead")
        ]

    def test_what_rests_is_not_recalled_but_the_end_of_the_rest_is(self, desk, matter):
        pause(
            by=desk,
            case=matter,
            category="awaiting_person",
            reason="Unterlagen fehlen",
            from_on=TODAY,
            planned_until=date(2026, 12, 9),
        )
        for days in range(20):
            sweep(at(TODAY + timedelta(days=days)))
        assert {kind for _, kind, _ in told()} == {"rest"}
        resume(by=actor("pankow.krm", date(2026, 12, 14)), case=matter, resumed_on=date(2026, 12, 14))
        closure = closure_of(matter)
        assert closure.due_on > date(2026, 12, 14)
        sweep(at(closure.due_on))
        assert ("pankow.krm", "closure", "today") in told(closure.due_on)
        assert not matter.deadlines.open().filter(kind=Deadline.Kind.REST).exists()

    def test_a_rest_of_which_nobody_said_when_it_ends_is_looked_at_again(self, desk, matter):
        pause(by=desk, case=matter, category="other", reason="offen", from_on=TODAY)
        rest = matter.deadlines.get(kind=Deadline.Kind.REST)
        assert rest.due_on == date(2026, 12, 7)  # ten Arbeitstage

    def test_a_new_day_off_moves_the_steps_too(self, desk, matter):
        sweep(at(TODAY))
        day = date(2026, 12, 3)  # the step of 2 Arbeitstage before
        closing = Closing(office=matter.office, name="Umzug", from_on=day, until_on=day, kind=Closing.Kind.HOLIDAY)
        add_closing(by=desk, closing=closing)
        closure = closure_of(matter)
        assert (closure.due_on, closure.next_step_on) == (date(2026, 12, 8), UNPLANNED)
        sweep(at(TODAY, 9))
        closure.refresh_from_db()
        assert closure.next_step_on == date(2026, 12, 4)

    def test_a_day_off_entered_after_the_last_step_has_them_told_of_the_new_day(self, desk, matter):
        last = TODAY
        while closure_of(matter).next_step_on is not None:
            last += timedelta(days=1)
            sweep(at(last))
        from_on, until_on = closure_of(matter).due_on, last + timedelta(days=3)
        closing = Closing(
            office=matter.office, name="Brand", from_on=from_on, until_on=until_on, kind=Closing.Kind.HOLIDAY
        )
        add_closing(by=actor("pankow.krm", last), closing=closing)
        moved = closure_of(matter)
        assert moved.due_on > last

        sweep(at(moved.due_on))

        assert (actor("pankow.krm").user.username, "closure", "today") in told(moved.due_on)

    def test_a_petition_is_presented_to_the_management_on_the_same_day(self, desk):
        petition = case(desk, kind="petition")
        row = petition.deadlines.get(kind=Deadline.Kind.PRESENTATION)
        assert row.due_on == TODAY
        sweep(at(TODAY, 10))
        assert ("pankow.krm", "presentation", "today") in told()
        sweep(at(TODAY + timedelta(days=1)))
        assert ("pankow.gf", "presentation", "overdue") in told()


class TestNewHands:
    """All steps were told of something that then goes into other hands: whoever has it now is told, nobody twice."""

    def test_somebody_else_of_the_unit(self, desk, matter):
        hand_to_unit(by=desk, case=matter, unit=Unit.objects.get(number="711", office=matter.office))
        Deadline.objects.exclude(case=matter, kind=Deadline.Kind.CLOSURE).update(cancelled_on=TODAY)
        last = TODAY
        while closure_of(matter).next_step_on is not None:
            last += timedelta(days=1)
            sweep(at(last))
        before = Counter(told())

        clerk = User.objects.get(username="pankow.ma")
        assign_handler(by=actor("pankow.tl", last), case=matter, handler=clerk)
        sweep(at(last, 9))
        sweep(at(last, 10))

        assert Counter(told()) - before == Counter({("pankow.ma", "closure", "overdue"): 1})

    def test_a_case_that_lies_with_all_of_the_desk_again_when_a_unit_is_asked(self, desk, matter):
        Deadline.objects.exclude(kind=Deadline.Kind.CLOSURE).update(cancelled_on=TODAY)
        last = TODAY
        while closure_of(matter).next_step_on is not None:
            last += timedelta(days=1)
            sweep(at(last))
        before, unit = Counter(told()), Unit.objects.get(number="711", office=matter.office)

        by, due_on = actor("pankow.krm", last), last + timedelta(days=14)
        request_statement(by=by, case=matter, unit=unit, question="Warum dauert es?", due_on=due_on)
        sweep(at(last, 9))

        assert Counter(told()) - before == Counter({("pankow.krm2", "closure", "overdue"): 1})

    def test_a_wiedervorlage_that_is_handed_on(self, desk, matter):
        look = set_follow_up(by=desk, case=matter, working_days=1, task="nachfragen", assignee=desk.user)
        last = TODAY
        while Deadline.objects.get(pk=look.pk).next_step_on is not None:
            last += timedelta(days=1)
            sweep(at(last))
        successor = User.objects.get(username="pankow.krm2")
        Membership.objects.filter(user=desk.user).update(until_on=last + timedelta(days=30))
        hand_on_person(by=actor("pankow.krm", last), office=matter.office, leaver=desk.user, successor=successor)

        sweep(at(last, 9))

        assert ("pankow.krm2", "follow_up", "overdue") in told(last)


class TestPeople:
    def absent(self, who: str, deputy: str, until: date = date(2026, 12, 31)) -> None:
        people = {u.username: u for u in User.objects.filter(username__in=[who, deputy])}
        Substitution.objects.create(absent=people[who], deputy=people[deputy], from_on=TODAY, until_on=until)

    def look(self, matter) -> list[tuple[str, str | None]]:
        """(who, in place of) told of the closure on the day it is due."""
        closure = closure_of(matter)
        sweep(at(closure.due_on))
        rows = Notice.objects.told().filter(deadline=closure).order_by("recipient__username")
        return list(rows.values_list("recipient__username", "in_place_of__username"))

    def test_the_deputy_is_told_and_marked_and_the_story_says_so(self, matter):
        self.absent("pankow.krm", "pankow.krm2")
        assert self.look(matter) == [("pankow.krm2", "pankow.krm")]
        entry = Event.objects.filter(case=matter, code="deadline.told").last()
        assert entry.data["told"] == "1 Person in Vertretung"

    def test_a_chain_ends_with_who_is_there(self, matter):
        self.absent("pankow.krm", "pankow.krm2")
        self.absent("pankow.krm2", "pankow.expert")
        assert self.look(matter) == [("pankow.expert", "pankow.krm")]

    def test_in_a_circle_the_next_level_is_told(self, matter):
        self.absent("pankow.krm", "pankow.krm2")
        self.absent("pankow.krm2", "pankow.krm")
        assert self.look(matter) == [("pankow.gf", None)]

    def test_who_left_is_not_told(self, matter):
        User.objects.filter(username="pankow.krm").update(is_active=False)
        assert self.look(matter) == [("pankow.krm2", None)]

    def test_a_past_deputy_is_not_told(self, matter):
        self.absent("pankow.krm", "pankow.krm2", until=TODAY)
        assert self.look(matter) == [("pankow.krm", None)]

    def test_who_it_complains_about_is_never_told_not_even_as_deputy(self, desk, matter):
        hand_to_unit(by=desk, case=matter, unit=Unit.objects.get(number="711", office=matter.office))
        leader = User.objects.get(username="pankow.tl")
        matter.complained_about.create(user=leader)
        self.absent("pankow.bl", "pankow.tl")
        for days in range(40):
            sweep(at(TODAY + timedelta(days=days)))
        assert "pankow.tl" not in {who for who, _, _ in told()}
        assert {who for who, _, urge in told() if urge == "overdue"} >= {"pankow.krm", "pankow.gf"}

    def test_a_case_against_the_management_is_told_to_nobody_who_leads(self, matter):
        matter.against_management = True
        matter.save(update_fields=["against_management"])
        for days in range(40):
            sweep(at(TODAY + timedelta(days=days)))
        assert {who for who, _, _ in told()} == {"pankow.krm", "pankow.krm2"}

    def test_a_sealed_case_is_told_to_those_named(self, desk, matter):
        seal(by=desk, case=matter)
        for days in range(40):
            sweep(at(TODAY + timedelta(days=days)))
        assert {who for who, _, _ in told()} == {"pankow.krm"}

    def test_where_a_level_has_nobody_the_next_one_is_told(self, desk, matter):
        hand_to_unit(by=desk, case=matter, unit=Unit.objects.get(number="711", office=matter.office))
        Membership.objects.filter(role=Role.DIVISION_LEAD, office=matter.office).update(until_on=TODAY)
        sweep(at(date(2026, 12, 10)))
        assert "pankow.gf" in {who for who, kind, _ in told() if kind == "closure"}


class TestOtherDates:
    def test_a_date_that_another_part_registers_needs_nothing_else(self, desk):
        office = Office.objects.get(slug="pankow")
        row = watch(
            by=desk,
            office=office,
            label="Quartalsbericht",
            due_on=TODAY,
            subject="III. Quartal 2026",
            path="/berichte/3/",
            role=Role.KRM_OFFICER,
        )
        sweep(at(TODAY))
        assert {who for who, kind, _ in told() if kind == "other"} == {"pankow.krm", "pankow.krm2"}
        assert done(by=desk, deadline=row)
        assert not done(by=desk, deadline=row)
        assert sweep(at(date(2026, 11, 24))).told == 0

    def test_such_a_date_knows_no_rest_and_no_end_of_the_case(self, desk, matter):
        due_on = date(2026, 12, 9)
        external = watch(by=desk, office=matter.office, label="PetA-Termin", due_on=due_on, case=matter)
        pause(by=desk, case=matter, category="other", reason="Akte beim Gericht", from_on=TODAY)
        sweep(at(date(2026, 12, 7)))
        assert ("pankow.krm", "other", "ahead") in told(date(2026, 12, 7))

        resume(by=actor("pankow.krm", date(2026, 12, 8)), case=matter, resumed_on=date(2026, 12, 8))
        krm = actor("pankow.krm", date(2026, 12, 8))
        matter.refresh_from_db()
        answered(krm, matter)
        closed(krm, matter)

        external.refresh_from_db()
        assert (external.due_on, external.is_open) == (due_on, True)
        sweep(at(due_on))
        assert ("pankow.krm", "other", "today") in told(due_on)

    def test_a_date_of_which_nobody_can_be_told_is_looked_at_every_day_until_somebody_is_there(self, desk):
        office = Office.objects.get(slug="pankow")
        Membership.objects.filter(role__in=[Role.CONTROLLING, Role.MANAGEMENT], office=office).update(until_on=TODAY)
        day = date(2026, 11, 24)
        steps = (ReminderStep(Moment.ON_THE_DAY, (Recipient.RESPONSIBLE,)),)
        label = {"label": "Quartalsbericht", "subject": "III. Quartal 2026"}
        row = watch(by=desk, office=office, due_on=day, role=Role.CONTROLLING, steps=steps, **label)
        assert (sweep(at(day)).unreached, sweep(at(day, 9)).unreached) == (1, 0)
        somebody = User.objects.get(username="pankow.ma")
        Membership.objects.create(user=somebody, office=office, role=Role.CONTROLLING, from_on=date(2026, 11, 26))

        assert offices_with_unreached() == 1
        assert [sweep(at(day + timedelta(days=n))).unreached for n in (1, 2)] == [1, 0]
        assert offices_with_unreached() == 0

        assert [n.recipient for n in row.notices.all()] == [somebody]

    @pytest.mark.parametrize(
        "changes", [{"due_on": date(2101, 1, 3)}, {"label": "x" * 201}, {"subject": "x" * 121}], ids=lambda c: min(c)
    )
    def test_what_no_sweep_could_work_on_is_refused(self, desk, changes):
        values = {"label": "Bericht", "subject": "2026", "due_on": TODAY, "role": Role.KRM_OFFICER} | changes
        with pytest.raises(NotAllowed):
            watch(by=desk, office=Office.objects.get(slug="pankow"), **values)

    def test_a_date_without_anybody_is_refused(self, desk):
        office = Office.objects.get(slug="pankow")
        with pytest.raises(Exception, match="braucht einen Gegenstand"):
            watch(by=desk, office=office, label="Bericht", due_on=TODAY)


class TestCost:
    def test_the_queries_do_not_grow_with_the_deadlines(self, desk, django_assert_max_num_queries):
        for _ in range(3):
            case(desk)
        day = date(2026, 12, 7)
        with django_assert_max_num_queries(40):
            assert sweep(at(day)).looked_at == 9
        for _ in range(12):
            case(desk)
        with django_assert_max_num_queries(40):
            assert sweep(at(day)).looked_at == 36


class TestBrokenRows:
    def test_one_broken_row_holds_up_nobody_elses(self, desk, matter, caplog):
        """Steps as data that make no sense can only come from outside; they are said, and the others are told."""
        office = Office.objects.get(slug="pankow")
        row = watch(by=desk, office=office, label="Bericht", due_on=TODAY, subject="2026", role=Role.KRM_OFFICER)
        Deadline.objects.filter(pk=row.pk).update(steps=[{"moment": "nie", "tells": []}])
        report = sweep(at(closure_of(matter).due_on))
        assert report.failed == 1
        assert "pankow.krm" in {who for who, kind, _ in told() if kind == "closure"}
        assert "gescheitert" in caplog.text
        row.refresh_from_db()
        assert row.next_step_on == UNPLANNED

    def test_an_office_whose_rules_cannot_be_read_stops_no_other(self, desk, matter, caplog):
        """Rules are checked when entered; what a later version of KRM cannot read is still no reason to wait."""
        case(actor("germersheim.krm"))
        for rule_set in RuleSet.objects.filter(office__slug="germersheim"):
            rule_set.document["reminders"]["hour"] = "early"
            rule_set.save(update_fields=["document"])

        report = sweep(at(closure_of(matter).due_on))

        assert "pankow.krm" in {who for who, kind, _ in told() if kind == "closure"}
        assert report.troubled == {Office.objects.get(slug="germersheim").pk}
        assert "ist nicht zu lesen" in caplog.text

    def test_an_office_in_which_it_fails_stops_no_other(self, desk, matter, caplog, monkeypatch):
        germersheim = case(actor("germersheim.krm")).office

        class Broken(Houses):
            def read(self, office_ids):
                if germersheim.pk in office_ids:
                    raise ValueError("broken")
                super().read(office_ids)

        monkeypatch.setattr("cases.notices.actions.sweep.Houses", Broken)

        report = sweep(at(closure_of(matter).due_on))

        assert "pankow.krm" in {who for who, kind, _ in told() if kind == "closure"}
        assert report.troubled == {germersheim.pk}
        assert report.failed == Deadline.objects.filter(office=germersheim, next_step_on=UNPLANNED).count() > 0
        assert "ist gescheitert" in caplog.text
