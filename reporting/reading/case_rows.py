"""The rows of many cases as rules/fact.py wants them, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from django.db.models import F, FilteredRelation, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from cases.models import Case, Deadline, DeadlineExtension, EarlierRound, Escalation, Pause
from cases.rules.lifecycle import Status
from offices.calendars import Calendar
from offices.queries import calendar_for
from reporting.rules.fact import CaseRows, ConcernRow, Dates, Fact, RoundRow, facts_of
from reporting.rules.vocabulary import End

WATCHED = (Deadline.Kind.ACKNOWLEDGEMENT, Deadline.Kind.INTERIM, Deadline.Kind.CLOSURE)
_DATES = ("first_due_on", "due_on", "met_on", "cancelled_on")
_OF_CASE = (
    "pk", "office_id", "kind", "channel", "legal_area", "unit_id", "received_on", "is_anonymous", "is_sealed",
    "against_management", "round", "opened_on", "closed_on", "status", "answered_on", "outcome", "settlement", "talk",
    "alternatives", "rests_since", "highest",
)  # fmt: skip

_OF_CONCERN = ("concerns__position", "concerns__nature", "concerns__topic_id", "concerns__unit_id", "concerns__outcome")


@dataclass
class Calendars:
    """How long ended rounds took, in Arbeitstagen as each case's rules count them; read once for each office."""

    _of_case: dict[int, Calendar] = field(default_factory=dict)
    _by_office: dict[tuple[int, bool], Calendar] = field(default_factory=dict)

    def read(self, case_ids: Iterable[int]) -> None:
        """Two queries, and one for each office that was not read before; none for no cases."""
        wanted = set(case_ids) - self._of_case.keys()
        cases = Case.objects.select_related("office", "rule_set").only("office__state", "rule_set__document")
        for case in cases.filter(pk__in=wanted) if wanted else ():
            counts = case.rule_set.parameters.closed_days_are_working_days
            key = (case.office_id, counts)
            if key not in self._by_office:
                self._by_office[key] = calendar_for(case.office, closed_days_are_working_days=counts)
            self._of_case[case.pk] = self._by_office[key]

    def working_days(self, case_id: int, received_on: date, ended_on: date) -> int:
        calendar = self._of_case[case_id]
        days = range(received_on.toordinal() + 1, ended_on.toordinal() + 1)
        return sum(calendar.is_working_day(date.fromordinal(day)) for day in days)


def case_rows(case_ids: Sequence[int]) -> list[CaseRows]:
    """One query; three more where one of the cases was taken up again."""
    cases: dict[int, dict[str, Any]] = {}
    concerns: dict[int, list[ConcernRow]] = defaultdict(list)
    for row in _cases(case_ids):
        cases[row["pk"]] = row
        if row["concerns__position"] is not None:
            concerns[row["pk"]].append(ConcernRow(*(row[name] for name in _OF_CONCERN)))
    earlier = _earlier([case["pk"] for case in cases.values() if case["round"] > 1])
    return [_rows(case, tuple(concerns[pk]), earlier.get(pk, ())) for pk, case in cases.items()]


def facts_from(rows: CaseRows, calendars: Calendars, known: dict[tuple[int, int], Fact]) -> list[Fact]:
    """The facts of a case; how long a round took is counted when it ends and stays, whatever holiday comes later."""

    def working_days(each: RoundRow) -> int:
        before = known.get((each.number, 0))
        if before and before.ended_on == each.ended_on and before.working_days is not None:
            return before.working_days
        assert each.ended_on is not None  # noqa: S101 - asked for closed rounds only
        calendars.read([rows.case_id])
        return calendars.working_days(rows.case_id, rows.received_on, each.ended_on)

    return list(facts_of(rows, working_days))


def _cases(case_ids: Sequence[int]) -> Any:
    """A row for each concern of a case, and one for a case without any."""
    return _all_cases().filter(pk__in=case_ids)


@cache
def _all_cases() -> Any:
    """Built once: every action asks it."""
    resting = Pause.objects.filter(case=OuterRef("pk"), resumed_on__isnull=True)
    rungs = Escalation.objects.filter(case=OuterRef("pk"), round=OuterRef("round")).order_by("-number")
    found = Case.objects.order_by("pk", "concerns__position").annotate(
        rests_since=Subquery(resting.values("from_on")[:1]), highest=Subquery(rungs.values("number")[:1])
    )
    names = [*_OF_CASE, *_OF_CONCERN]
    for kind in WATCHED:
        alias, condition = f"of_{kind.value}", Q(deadlines__kind=kind, deadlines__round=F("round"))
        found = found.annotate(**{alias: FilteredRelation("deadlines", condition=condition)})
        found = found.annotate(**{f"{alias}_first": _first_due(f"{alias}__pk", F(f"{alias}__due_on"))})
        names += [f"{alias}_first", f"{alias}__due_on", f"{alias}__met_on", f"{alias}__cancelled_on"]
    return found.values(*names)


def _first_due(deadline: str, due_on: Any) -> Any:
    """Until when it was at first: what the earliest extension moved, else what stands."""
    moved = DeadlineExtension.objects.filter(deadline=OuterRef(deadline)).order_by("pk").values("old_due_on")[:1]
    return Coalesce(Subquery(moved), due_on)


def _earlier(case_ids: list[int]) -> dict[int, tuple[RoundRow, ...]]:
    """Case id -> its rounds before the current one."""
    if not case_ids:
        return {}
    dates: dict[tuple[int, int], dict[str, Dates]] = defaultdict(dict)
    rows = Deadline.objects.filter(case__in=case_ids, kind__in=WATCHED).annotate(
        first_due_on=_first_due("pk", F("due_on"))
    )
    for case_id, number, kind, *values in rows.values_list("case_id", "round", "kind", *_DATES):
        dates[case_id, number][kind] = Dates(*values)
    reached = Escalation.objects.filter(case__in=case_ids).order_by().values("case_id", "round")
    rungs = {(r["case_id"], r["round"]): r["highest"] for r in reached.annotate(highest=Max("number"))}
    found: dict[int, list[RoundRow]] = defaultdict(list)
    for row in EarlierRound.objects.filter(case__in=case_ids).order_by("case", "number"):
        of_round = dates[row.case_id, row.number]
        found[row.case_id].append(
            RoundRow(
                number=row.number,
                opened_on=row.opened_on,
                ended_on=row.ended_on,
                end=End.CLOSED.value,
                answered_on=row.answered_on,
                outcome=row.outcome,
                settlement=row.settlement,
                talk=row.talk,
                has_alternatives=row.has_alternatives,
                concern_outcomes={int(position): outcome for position, outcome in row.concern_outcomes.items()},
                acknowledgement=of_round.get(Deadline.Kind.ACKNOWLEDGEMENT),
                interim=of_round.get(Deadline.Kind.INTERIM),
                closure=of_round.get(Deadline.Kind.CLOSURE),
                rung=rungs.get((row.case_id, row.number), 0),
            )
        )
    return {case_id: tuple(rounds) for case_id, rounds in found.items()}


def _rows(case: dict[str, Any], concerns: tuple[ConcernRow, ...], earlier: tuple[RoundRow, ...]) -> CaseRows:
    end = ""
    if case["closed_on"]:
        end = End.TRANSFERRED if case["status"] == Status.TRANSFERRED else End.CLOSED
    current = RoundRow(
        number=case["round"],
        opened_on=case["opened_on"],
        ended_on=case["closed_on"],
        end=str(end),
        answered_on=case["answered_on"],
        outcome=case["outcome"],
        settlement=case["settlement"],
        talk=case["talk"],
        has_alternatives=bool(case["alternatives"]),
        acknowledgement=_dates(case, Deadline.Kind.ACKNOWLEDGEMENT),
        interim=_dates(case, Deadline.Kind.INTERIM),
        closure=_dates(case, Deadline.Kind.CLOSURE),
        rung=case["highest"] or 0,
        rests_since=case["rests_since"],
    )
    return CaseRows(
        office_id=case["office_id"],
        case_id=case["pk"],
        kind=case["kind"],
        channel=case["channel"],
        legal_area=case["legal_area"],
        unit_id=case["unit_id"],
        received_on=case["received_on"],
        is_anonymous=case["is_anonymous"],
        is_hidden=case["is_sealed"] or case["against_management"],
        concerns=concerns,
        rounds=(*earlier, current),
    )


def _dates(case: dict[str, Any], kind: Deadline.Kind) -> Dates | None:
    alias = f"of_{kind.value}"
    due_on = case[f"{alias}__due_on"]
    if due_on is None:
        return None
    return Dates(case[f"{alias}_first"], due_on, case[f"{alias}__met_on"], case[f"{alias}__cancelled_on"])
