"""The chain: by hand what each step does, and by random sequences over all routes what no step may ever do."""

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from offices.calendars import Calendar
from offices.errors import NotAllowed
from petitions.rules import chain as steps
from petitions.rules.chain import Chain, open_next
from petitions.rules.planning import Plan, plan
from petitions.rules.presets import load, offices
from petitions.rules.routes import Matter
from petitions.rules.vocabulary import Competence, LegalArea, Outcome, PetitionKind, Requester, Topic

MONDAY = date(2026, 5, 4)
OUTSIDE = date(2026, 9, 30)
JOIN = "all/house/krm/join"
REGISTER, DIRECT = "all/house/krm/register", "all/house/management/direct"
DRAFT, CHECK = "all/house/team_lead/draft", "all/house/krm/check"
AGENCY, RD = "all/up/agency/agree", "all/up/regional_directorate/agree"
SIGN, DISPATCH = "all/house/management/sign", "all/house/krm/dispatch"


def planned(
    office="pankow",
    competence=Competence.FEDERAL,
    *,
    requester=Requester.BUNDESTAG,
    topic=Topic.OTHER,
    legal_area=LegalArea.SGB2,
    outside_due_on=OUTSIDE,
) -> Plan:
    preset = load(office)
    matter = Matter(PetitionKind.PETITION, requester, competence, topic, legal_area)
    calendar = Calendar(preset.about.state)
    return plan(preset.routes, matter, received_on=MONDAY, outside_due_on=outside_due_on, calendar=calendar)


def started(*args, **kwargs) -> Chain:
    return steps.start(planned(*args, **kwargs), MONDAY)


def open_keys(chain: Chain) -> list[str]:
    return [station.key for station in open_next(chain)]


def passed_until(chain: Chain, *keys: str, on: date = MONDAY) -> Chain:
    """Passes whatever is open until just these are."""
    for _ in range(100):
        if set(open_keys(chain)) == set(keys):
            return chain
        chain = steps.pass_on(chain, next(key for key in open_keys(chain) if key not in keys), on)
    raise AssertionError(f"{keys} were never open")


def outcomes(chain: Chain, key: str) -> list[tuple[int, Outcome | None]]:
    return [(row.round, row.outcome) for row in chain.rows if row.key == key]


def refusal(step, *args) -> str:
    with pytest.raises(NotAllowed) as refused:
        step(*args)
    return refused.value.reason


def test_those_it_came_through_have_passed_it_on_and_the_first_of_the_house_has_it():
    chain = started()
    arrived = [row.key for row in chain.rows if row.outcome == Outcome.PASSED_ON]
    assert arrived == [
        "all/down/bundestag/request",
        "all/down/bmas/forward",
        "all/down/regional_directorate/forward",
        "all/down/agency/forward",
    ]
    assert open_keys(chain) == [REGISTER]
    assert chain.current(REGISTER).opened_on == MONDAY


def test_passing_on_opens_the_next_on_that_day_and_nothing_else():
    chain = steps.pass_on(started(), REGISTER, date(2026, 5, 5))
    assert open_keys(chain) == [DIRECT]
    assert (chain.current(REGISTER).done_on, chain.current(DIRECT).opened_on) == (date(2026, 5, 5), date(2026, 5, 5))
    assert [row.key for row in chain.rows if row.is_open] == [DIRECT]


def test_whoever_only_takes_note_has_noted_it_and_the_next_opens():
    chain = passed_until(started("germersheim"), "all/house/management/note")
    chain = steps.pass_on(chain, "all/house/management/note", MONDAY)
    assert outcomes(chain, "all/house/management/note") == [(1, Outcome.NOTED)]
    assert open_keys(chain) == [DRAFT]


def test_chain_that_everybody_passes_is_finished_and_nobody_has_it():
    chain = passed_until(started())
    assert (chain.is_finished, open_next(chain), chain.round) == (True, (), 1)


def test_body_outside_confirms_the_receipt_once_and_the_house_does_not():
    chain = passed_until(started(), AGENCY)
    received = steps.confirm_receipt(chain, AGENCY, date(2026, 5, 6))
    assert received.current(AGENCY).received_on == date(2026, 5, 6)
    assert refusal(steps.confirm_receipt, received, AGENCY, MONDAY) == (
        "Der Empfang ist schon am 06.05.2026 bestätigt."
    )
    assert refusal(steps.confirm_receipt, passed_until(started(), SIGN), SIGN, MONDAY) == (
        "Den Empfang bestätigen nur Stellen außerhalb des Hauses."
    )
    assert (
        refusal(steps.pass_on, received, AGENCY, date(2026, 5, 5)) == "Das kann nicht vor dem 06.05.2026 gewesen sein."
    )


def test_return_goes_to_any_earlier_station_as_a_new_round_and_leaves_the_old_rows():
    before = passed_until(started(), RD)
    chain = steps.give_back(before, RD, DRAFT, "Der Sachverhalt fehlt.", date(2026, 5, 20))
    assert open_keys(chain) == [DRAFT]
    assert (outcomes(chain, DRAFT), outcomes(chain, AGENCY), outcomes(chain, RD), outcomes(chain, DIRECT)) == (
        [(1, Outcome.PASSED_ON), (2, None)],
        [(1, Outcome.PASSED_ON), (2, None)],
        [(1, Outcome.RETURNED), (2, None)],
        [(1, Outcome.PASSED_ON)],
    )
    returned = next(row for row in chain.rows if row.outcome == Outcome.RETURNED)
    assert (returned.returned_to, returned.reason) == (DRAFT, "Der Sachverhalt fehlt.")
    assert [row for row in chain.rows if row.is_done and row.key != RD] == [row for row in before.rows if row.is_done]
    assert outcomes(chain, SIGN) == [(1, None)]


def test_return_needs_a_note_a_turn_and_a_station_before_it():
    chain = passed_until(started(), RD)
    assert refusal(steps.give_back, chain, RD, DRAFT, " ", MONDAY) == "Bitte sagen, warum es zurückgeht."
    assert refusal(steps.give_back, chain, RD, SIGN, "x", MONDAY) == "Zurück geht es nur an eine Station davor."
    assert refusal(steps.give_back, chain, RD, RD, "x", MONDAY) == "Zurück geht es nur an eine Station davor."
    assert refusal(steps.give_back, chain, SIGN, DRAFT, "x", MONDAY) == "Diese Station ist nicht an der Reihe."
    assert refusal(steps.give_back, chain, RD, "moon", "x", MONDAY) == (
        "Diese Station gehört nicht zum Weg dieser Petition."
    )


def test_skipped_station_stays_skipped_in_every_later_round():
    chain = passed_until(started(), DRAFT)
    chain = steps.skip(chain, CHECK, "KRM hat selbst geschrieben.", MONDAY)
    assert open_keys(chain) == [DRAFT]
    chain = passed_until(chain, RD)
    chain = steps.give_back(chain, RD, DRAFT, "Bitte kürzen.", MONDAY)
    assert open_keys(steps.pass_on(chain, DRAFT, MONDAY)) == [AGENCY]
    assert outcomes(chain, CHECK) == [(1, Outcome.SKIPPED)]
    assert refusal(steps.reopen, chain, CHECK, "x", MONDAY) == "Eine übersprungene Station bleibt übersprungen."
    at_rd = passed_until(chain, RD)
    assert refusal(steps.give_back, at_rd, RD, CHECK, "x", MONDAY) == "Eine übersprungene Station bleibt übersprungen."


def test_skipping_who_has_it_opens_the_next():
    chain = steps.skip(passed_until(started(), DRAFT), DRAFT, "Nichts zu prüfen.", MONDAY)
    assert open_keys(chain) == [CHECK]


@pytest.mark.parametrize(
    ("office", "competence", "topic", "key", "rule"),
    [
        ("pankow", Competence.FEDERAL, Topic.LABOUR_MARKET_ADMISSION, "all/up/av32/release", "H-11"),
        ("pankow", Competence.FEDERAL, Topic.OTHER, RD, "PAN-30"),
        ("germersheim", Competence.OWNERS_ASSEMBLY, Topic.OTHER, "all/up/district/authorise", "GER-29"),
        ("gera", Competence.FEDERAL, Topic.OTHER, SIGN, "GERA-26, K21"),
        ("gera", Competence.FEDERAL, Topic.COLLECTION, "all/up/central/forward", "H-10"),
        ("gera", Competence.MIXED, Topic.OTHER, JOIN, "B2-9"),
    ],
)
def test_what_a_rule_demands_cannot_be_skipped(office, competence, topic, key, rule):
    chain = started(office, competence, topic=topic)
    assert refusal(steps.skip, chain, key, "Eilt.", MONDAY) == f"Diese Station darf nicht fehlen ({rule})."


def test_skip_needs_a_reason_and_a_station_that_is_not_done():
    chain = passed_until(started(), CHECK)
    assert refusal(steps.skip, chain, CHECK, "", MONDAY) == "Bitte sagen, warum die Station übersprungen wird."
    assert refusal(steps.skip, chain, DRAFT, "x", MONDAY) == "Diese Station ist schon erledigt."


def test_finished_chain_is_taken_up_again_at_the_station_named():
    chain = steps.reopen(passed_until(started()), SIGN, "Ergänzung des Ausschusses.", date(2026, 7, 1))
    assert (open_keys(chain), chain.round) == ([SIGN], 2)
    assert outcomes(chain, RD) == [(1, Outcome.PASSED_ON)]


def test_taking_up_an_earlier_station_takes_it_from_who_has_it():
    chain = steps.reopen(passed_until(started(), RD), CHECK, "Fehler gefunden.", MONDAY)
    assert (open_keys(chain), outcomes(chain, RD)) == ([CHECK], [(1, Outcome.RETURNED), (2, None)])


def test_only_what_had_its_turn_can_be_taken_up_again():
    chain = passed_until(started(), DRAFT)
    assert refusal(steps.reopen, chain, SIGN, "x", MONDAY) == "Diese Station war noch nicht an der Reihe."
    assert refusal(steps.reopen, chain, DRAFT, "x", MONDAY) == "Diese Station ist schon an der Reihe."
    assert refusal(steps.reopen, chain, REGISTER, "", MONDAY) == ("Bitte sagen, warum es noch einmal geöffnet wird.")


def test_withdrawn_chain_waits_and_goes_on_where_it_stood():
    chain = steps.withdraw(passed_until(started(), CHECK), "Petition zurückgenommen.", MONDAY)
    assert (open_next(chain), chain.withdrawn_because) == ((), "Petition zurückgenommen.")
    stopped = "Hier geht es nicht weiter; es lässt sich wieder öffnen."
    assert refusal(steps.pass_on, chain, CHECK, MONDAY) == stopped
    assert refusal(steps.skip, chain, CHECK, "x", MONDAY) == stopped
    assert refusal(steps.withdraw, chain, "x", MONDAY) == stopped
    assert refusal(steps.replan, chain, planned(), "x", MONDAY) == stopped
    assert open_keys(steps.reopen(chain, CHECK, "Doch nicht.", MONDAY)) == [CHECK]
    assert open_keys(steps.reopen(chain, DRAFT, "Doch nicht.", MONDAY)) == [DRAFT]


def test_finished_chain_is_neither_withdrawn_nor_planned_anew():
    chain = passed_until(started())
    done = "Alle Stationen sind erledigt; es lässt sich wieder öffnen."
    assert refusal(steps.withdraw, chain, "x", MONDAY) == done
    assert refusal(steps.replan, chain, planned(), "x", MONDAY) == done


# Parts


def test_parts_run_beside_each_other_and_the_joint_step_waits_for_the_last():
    chain = passed_until(started("gera", Competence.MIXED), *(f"{part}/house/team_lead/draft" for part in PARTS))
    assert open_keys(chain) == [f"{part}/house/team_lead/draft" for part in PARTS]
    chain = passed_until(chain, "municipal/house/team_lead/draft")
    assert JOIN not in open_keys(chain)
    chain = passed_until(chain, "municipal/up/municipality/check")
    assert open_keys(steps.pass_on(chain, "municipal/up/municipality/check", MONDAY)) == [JOIN]


PARTS = ("federal", "municipal", "owners_assembly")


def test_return_inside_a_part_leaves_the_others_alone():
    chain = passed_until(started("gera", Competence.MIXED), *(f"{part}/house/krm/write" for part in PARTS))
    chain = steps.give_back(
        chain, "municipal/house/krm/write", "municipal/house/team_lead/draft", "Zahlen fehlen.", MONDAY
    )
    assert open_keys(chain) == [
        "federal/house/krm/write",
        "municipal/house/team_lead/draft",
        "owners_assembly/house/krm/write",
    ]


def test_return_to_before_the_parts_calls_all_of_them_back():
    chain = passed_until(started("gera", Competence.MIXED), *(f"{part}/house/krm/write" for part in PARTS))
    chain = steps.give_back(chain, "municipal/house/krm/write", REGISTER, "Nicht wir.", MONDAY)
    assert open_keys(chain) == [REGISTER]
    assert outcomes(chain, "federal/house/krm/write") == [(1, Outcome.RETURNED), (2, None)]
    again = [f"{part}/house/team_lead/draft" for part in PARTS]
    assert open_keys(passed_until(chain, *again)) == again


def test_return_from_the_joint_step_to_one_part_leaves_the_others_standing():
    chain = passed_until(started("gera", Competence.MIXED), JOIN)
    chain = steps.give_back(chain, JOIN, "federal/house/krm/write", "Passt nicht zusammen.", MONDAY)
    assert open_keys(chain) == ["federal/house/krm/write"]
    assert open_keys(passed_until(chain, JOIN)) == [JOIN]
    assert refusal(steps.give_back, chain, "federal/house/krm/write", "municipal/house/krm/write", "x", MONDAY) == (
        "Zurück geht es nur an eine Station davor."
    )


def test_parts_that_are_named_are_the_only_ones():
    preset = load("gera")
    parts = (Competence.FEDERAL, Competence.MUNICIPAL)
    matter = Matter(PetitionKind.PETITION, Requester.BUNDESTAG, Competence.MIXED, Topic.OTHER, LegalArea.SGB2, parts)
    found = plan(preset.routes, matter, received_on=MONDAY, outside_due_on=OUTSIDE, calendar=Calendar("TH"))
    assert {station.part for station in found.stations} == {None, *parts}


# Another route, other dates


def test_extension_is_a_new_version_of_the_plan_and_moves_nobody():
    before = passed_until(started(), CHECK)
    chain = steps.replan(before, planned(outside_due_on=date(2026, 10, 30)), "Verlängert bis 30.10.", MONDAY)
    assert (len(chain.plans), chain.plans[0], chain.rows) == (2, before.plans[0], before.rows)
    assert chain.planned[-1].planned_on == date(2026, 10, 30)


def test_another_route_keeps_what_is_done_and_goes_on_where_it_differs():
    chain = passed_until(started(competence=Competence.MUNICIPAL), CHECK)
    chain = steps.replan(chain, planned(), "Doch Sache der BA.", MONDAY)
    assert open_keys(chain) == [CHECK]
    assert open_keys(steps.pass_on(chain, CHECK, MONDAY)) == [AGENCY]


def test_what_was_signed_before_a_new_station_is_signed_again_after_it():
    chain = passed_until(started(competence=Competence.MUNICIPAL), DISPATCH)
    chain = steps.replan(chain, planned(), "Doch Sache der BA.", MONDAY)
    assert open_keys(chain) == [AGENCY]
    assert outcomes(chain, SIGN) == [(1, Outcome.PASSED_ON), (2, None)]
    assert outcomes(chain, DISPATCH) == [(1, Outcome.NOTED), (2, None)]
    assert open_keys(passed_until(chain, SIGN)) == [SIGN]


def test_who_had_it_and_is_not_on_the_new_route_has_it_no_longer():
    chain = passed_until(started(), AGENCY)
    chain = steps.replan(chain, planned(competence=Competence.MUNICIPAL), "Sache der Kommune.", MONDAY)
    assert (open_keys(chain), outcomes(chain, AGENCY)) == ([SIGN], [(1, Outcome.NOTED), (2, None)])
    back = steps.replan(chain, planned(), "Doch Sache der BA.", MONDAY)
    assert open_keys(back) == [AGENCY]


def test_what_was_skipped_stays_skipped_on_another_route():
    chain = passed_until(started(competence=Competence.MUNICIPAL), CHECK)
    chain = passed_until(steps.skip(chain, DISPATCH, "Geht elektronisch.", MONDAY), SIGN)
    chain = steps.replan(chain, planned(), "Doch Sache der BA.", MONDAY)
    assert (open_keys(chain), outcomes(chain, DISPATCH)) == ([AGENCY], [(1, Outcome.SKIPPED)])


# Whatever happens


ROUTES = [
    (office, matter)
    for office in offices()
    for matter in (
        Matter(PetitionKind.PETITION, requester, competence, topic, legal_area)
        for requester in (Requester.BUNDESTAG, Requester.LANDTAG, Requester.REGIONAL_DIRECTORATE)
        for competence in Competence
        for topic in Topic
        for legal_area in LegalArea
    )
]
reasons = st.sampled_from(["Grund", "Ein anderer Grund"])
picks = st.integers(0, 30)


@cache
def plan_of(office: str, matter: Matter) -> Plan:
    preset = load(office)
    calendar = Calendar(preset.about.state)
    return plan(preset.routes, matter, received_on=MONDAY, outside_due_on=OUTSIDE, calendar=calendar)


class AnyChain(RuleBasedStateMachine):
    """Random steps over all routes of all offices; what is refused changes nothing."""

    @initialize(route=st.sampled_from(ROUTES), passed=st.integers(0, 30))
    def begin(self, route, passed):
        """Somewhere on the way, so that the joint step and the end are as near as the beginning."""
        self.office, self.day = route[0], MONDAY
        self.chain = steps.start(plan_of(*route), MONDAY)
        for _ in range(passed):
            if ready := open_next(self.chain):
                self.chain = steps.pass_on(self.chain, ready[-1].key, MONDAY)

    def attempt(self, step, *args):
        before = self.chain
        self.day += timedelta(days=1)
        try:
            self.chain = step(before, *args, self.day)
        except NotAllowed:
            return
        kept = {(r.key, r.round): r for r in self.chain.rows}
        for row in before.rows:
            if row.is_done:
                assert kept[row.key, row.round] == row, "a finished row has changed"
            if row.outcome == Outcome.SKIPPED:
                assert self.chain.current(row.key) == row, "what is skipped is so for good"

    def any_key(self, pick: int) -> str:
        return self.chain.planned[pick % len(self.chain.planned)].key

    def any_open(self, pick: int) -> str:
        found = open_keys(self.chain)
        assume(found)
        return found[pick % len(found)]

    @rule(pick=picks)
    def pass_on(self, pick):
        self.attempt(steps.pass_on, self.any_open(pick))

    @rule(pick=picks)
    def pass_on_again(self, pick):
        self.attempt(steps.pass_on, self.any_open(pick))

    @rule(pick=picks, to=picks, reason=reasons)
    def give_back(self, pick, to, reason):
        key = self.any_open(pick)
        before = self.chain.before(self.chain.station(key))
        assume(before)
        self.attempt(steps.give_back, key, before[to % len(before)].key, reason)

    @rule(pick=picks, reason=reasons)
    def skip(self, pick, reason):
        self.attempt(steps.skip, self.any_key(pick), reason)

    @rule(pick=picks, reason=reasons)
    def reopen(self, pick, reason):
        self.attempt(steps.reopen, self.any_key(pick), reason)

    @rule(reason=reasons)
    def withdraw(self, reason):
        self.attempt(steps.withdraw, reason)

    @rule(route=st.sampled_from(ROUTES), reason=reasons)
    def replan(self, route, reason):
        self.attempt(lambda chain, why, on: steps.replan(chain, plan_of(self.office, route[1]), why, on), reason)

    @invariant()
    def never_two_open_in_one_branch_and_never_none_while_unfinished(self):
        chain = self.chain
        ready = open_next(chain)
        for part in {None, *(station.part for station in chain.planned)}:
            assert len([s for s in ready if s.part == part]) <= 1
        if any(station.part is None for station in ready):
            assert len(ready) == 1
        assert bool(ready) == (not chain.is_finished and not chain.withdrawn_on)

    @invariant()
    def the_open_rows_are_those_whose_turn_it_is(self):
        opened = [row.key for row in self.chain.rows if row.is_open]
        assert self.chain.withdrawn_on or sorted(opened) == sorted(open_keys(self.chain))

    @invariant()
    def one_row_a_station_and_round(self):
        assert len({(row.key, row.round) for row in self.chain.rows}) == len(self.chain.rows)

    @invariant()
    def what_is_done_stands_on_what_is_done(self):
        for station in self.chain.planned:
            if self.chain.current(station.key).outcome in (Outcome.PASSED_ON, Outcome.NOTED):
                assert all(self.chain.current(other.key).is_done for other in self.chain.before(station))

    @invariant()
    def the_joint_step_is_open_exactly_when_all_parts_stand(self):
        chain = self.chain
        parts = [s for s in chain.planned if s.part]
        if not parts or chain.withdrawn_on:
            return
        joint = next(s for s in chain.planned[chain.planned.index(parts[-1]) :] if s.part is None)
        all_stand = all(chain.current(s.key).is_done for s in parts)
        assert (joint in open_next(chain)) == (all_stand and not chain.current(joint.key).is_done)

    def teardown(self):
        """There is no dead end."""
        if not hasattr(self, "chain"):
            return
        chain, day = self.chain, self.day
        if chain.withdrawn_on:
            had = next(s for s in chain.planned if chain.current(s.key).is_open)
            chain = steps.reopen(chain, had.key, "Weiter.", day)
        for _ in chain.planned:
            if ready := open_next(chain):
                chain = steps.pass_on(chain, ready[0].key, day)
        assert chain.is_finished


AnyChain.TestCase.settings = settings(
    max_examples=100, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
TestAnyChain = AnyChain.TestCase


@settings(deadline=None, max_examples=40)
@given(st.sampled_from(ROUTES))
def test_every_route_is_walked_to_its_end_without_a_return(route):
    chain = passed_until(steps.start(plan_of(*route), MONDAY))
    assert chain.is_finished
    assert chain == replace(chain, rows=tuple(row for row in chain.rows if row.round == 1))
