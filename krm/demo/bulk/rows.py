"""The tables that generated cases fill, with the numbers they get."""

from collections import defaultdict
from itertools import count

from cases.models import Case, Concern, ConcernedEmployee, Deadline, DeadlineExtension, Event, Note, Pause, Person
from krm.demo.bulk.writing import Table, next_id

NUMBERED = (Case, Deadline, Note)  # by hand, because the log names them


class Rows:
    """`part` of `parts` that are written side by side: each takes every `parts`-th number from those in `first`."""

    def __init__(self, first: dict[type, int], part: int, parts: int):
        numbers = {model: count(first[model] + part, parts) for model in NUMBERED}
        self.next_case = numbers[Case].__next__
        self.next_deadline = numbers[Deadline].__next__
        self.next_note = numbers[Note].__next__
        self.counters: dict[tuple[int, int], int] = defaultdict(int)
        self.cases = Table(
            Case,
            (
                "id", "office_id", "rule_set_id", "reference", "kind", "channel", "legal_area", "status", "version",
                "received_on", "opened_on", "reached_krm_on", "subject", "text", "is_anonymous",
                "wants_acknowledgement", "unit_id", "handler_id", "responsible_id", "turn_since", "next_due_on",
                "registered_at", "registered_by_id",
                "talk", "talk_on", "alternatives", "verbis_on", "outcome", "outcome_reason", "settlement",
                "answered_on", "closed_on", "closed_by_id", "file_reference", "retention_until",
            ),
        )  # fmt: skip
        self.persons = Table(
            Person,
            (
                "case_id", "capacity", "salutation", "first_name", "last_name", "organisation", "street", "postcode",
                "city", "email", "phone", "customer_number", "search_name",
            ),
        )  # fmt: skip
        self.concerns = Table(Concern, ("case_id", "position", "nature", "topic_id", "unit_id", "outcome"))
        self.employees = Table(ConcernedEmployee, ("case_id", "user_id", "name"))
        self.deadlines = Table(
            Deadline,
            (
                "id", "office_id", "case_id", "kind", "start_on", "amount", "unit", "raw_on", "due_on", "rule",
                "rule_key", "assignee_id", "task", "next_step", "next_step_on", "met_on", "met_by_id", "cancelled_on",
            ),
        )  # fmt: skip
        self.extensions = Table(DeadlineExtension, ("deadline_id", "old_due_on", "new_due_on", "reason", "at", "by_id"))
        self.pauses = Table(
            Pause, ("case_id", "category", "reason", "from_on", "planned_until", "resumed_on", "at", "by_id")
        )
        self.notes = Table(Note, ("id", "case_id", "kind", "text", "at", "by_id"))
        self.events = Table(
            Event, ("office_id", "seq", "case_id", "at", "code", "by_id", "note_id", "data", "previous", "hash")
        )

    @property
    def tables(self) -> tuple[Table, ...]:
        """In the order of their references."""
        return (self.cases, self.persons, self.concerns, self.employees, self.deadlines, self.extensions, self.pauses,
                self.notes, self.events)  # fmt: skip

    def next_number(self, office: int, year: int) -> int:
        self.counters[office, year] += 1
        return self.counters[office, year]


def first_numbers() -> dict[type, int]:
    return {model: next_id(model) for model in NUMBERED}
