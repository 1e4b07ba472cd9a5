"""Reminder steps as people write them, one a line: „2 AT vorher: zuständige Person“."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django import forms

from cases.rules.reminders import dump_steps
from offices.rules.parsing import LARGEST_NUMBER
from offices.rules.values import ReminderStep
from offices.rules.vocabulary import Moment, Recipient

GROUPS = {
    "desk": "Eingangsbestätigung und Zwischennachricht",
    "closure": "Abschluss",
    "statements": "Stellungnahmen",
    "directives": "Punkte der Verfügung",
    "follow_ups": "Wiedervorlagen",
    "rests": "Ende des Ruhens",
    "presentation": "Vorlage bei der Geschäftsführung am selben Tag",
}
EXAMPLE = "2 AT vorher: zuständige Person"
WHEN = re.compile(r"(?:(?P<days>[0-9]{1,9}) ?(?:AT|Arbeitstage?) )?(?P<moment>vorher|am Tag|danach)", re.IGNORECASE)
JOINTS = re.compile(r",| und | u\. |\+")
RECIPIENTS = {recipient.label.casefold(): recipient for recipient in Recipient} | {
    "zuständig": Recipient.RESPONSIBLE,
    "tl": Recipient.TEAM_LEAD,
    "bl": Recipient.DIVISION_LEAD,
    "gf": Recipient.MANAGEMENT,
}
MOMENTS = {moment.label.casefold(): moment for moment in Moment}
LONGEST = 2_000  # characters of all lines of a group


class StepsField(forms.CharField):
    """Cleaned to steps as plain data, the way a rule set stores them; blank lines fall away."""

    def __init__(self, **kwargs: Any):
        super().__init__(
            max_length=LONGEST,
            widget=forms.Textarea(attrs={"rows": 5}),
            error_messages={"required": "Bitte mindestens eine Stufe nennen, sonst wird die Frist vergessen."},
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) or value is None else "\n".join(map(line_of, value))

    def clean(self, value: Any) -> list[dict]:
        return dump_steps(steps_of(super().clean(value)))


def line_of(step: ReminderStep) -> str:
    """„1 AT danach: zuständige Person und Teamleitung“."""
    return f"{step.words}: {' und '.join(told.label for told in step.tells)}"


def steps_of(text: str) -> list[ReminderStep]:
    """The steps in the order of their days; ValidationError with a sentence for each line that cannot be read."""
    steps, problems = [], []
    lines = (" ".join(line.split()) for line in text.splitlines())
    for line in filter(None, lines):
        try:
            steps.append(_step(line))
        except forms.ValidationError as problem:
            problems.append(problem)
    days = [step.offset for step in steps]
    problems += [
        forms.ValidationError(f"„{step.words}“ steht hier zweimal; bitte in einer Zeile zusammenfassen.")
        for place, step in enumerate(steps)
        if step.offset in days[:place]
    ]
    if problems:
        raise forms.ValidationError(problems)
    return sorted(steps, key=lambda step: step.offset)


def _step(line: str) -> ReminderStep:
    when, colon, whom = line.partition(":")
    found = WHEN.fullmatch(when.strip())
    if not found or not colon:
        raise forms.ValidationError(f"„{line}“ lässt sich nicht lesen. Eine Zeile sieht so aus: „{EXAMPLE}“.")
    return ReminderStep(_moment(found, line), tuple(_recipients(whom)), _days(found, line))


def _moment(found: re.Match, line: str) -> Moment:
    moment = MOMENTS[found["moment"].casefold()]
    if (found["days"] is None) != (moment == Moment.ON_THE_DAY):
        raise forms.ValidationError(
            f"„{line}“: „vorher“ und „danach“ brauchen eine Zahl von Arbeitstagen (AT), „am Tag“ keine."
        )
    return moment


def _days(found: re.Match, line: str) -> int | None:
    if found["days"] is None:
        return None
    days = int(found["days"])
    if not 1 <= days <= LARGEST_NUMBER:
        raise forms.ValidationError(f"„{line}“: Bitte 1 bis {LARGEST_NUMBER} Arbeitstage angeben.")
    return days


def _recipients(whom: str) -> Iterator[Recipient]:
    names = dict.fromkeys(name for part in JOINTS.split(whom) if (name := part.strip()))
    if not names:
        raise forms.ValidationError(f"Nach dem Doppelpunkt fehlt, wer erinnert wird: {_words(Recipient)}.")
    for name in names:
        if name.casefold() not in RECIPIENTS:
            raise forms.ValidationError(f"„{name}“ ist keine der Stellen, die erinnert werden: {_words(Recipient)}.")
        yield RECIPIENTS[name.casefold()]


def _words(recipients: Iterable[Recipient]) -> str:
    return ", ".join(recipient.label for recipient in recipients)
