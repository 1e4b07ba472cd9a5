"""The office's rule behind a page in one line, with its place on the page of the rule set."""

from dataclasses import dataclass

from cases.models import Case
from offices.rules.describing import WORDS, describe_value
from offices.rules.parameters import Parameters

LONGEST = 160


@dataclass(frozen=True)
class RuleLine:
    """A rule of the office in one line; `anchor` is its place on the page of the rule set."""

    text: str
    anchor: str


def rule_line(case: Case, name: str, words: str = "") -> RuleLine:
    """The parameter `name` of the case's own rule set: „Regelwerk K21: Unterschriften, … (Konzept, 4.4.1)“.

    `words` says it shorter than the whole value does, where a page asks for one part of it only.
    """
    return line(case.rule_set.parameters, name, words)


def line(parameters: Parameters, name: str, words: str = "") -> RuleLine:
    key, title, _ = WORDS[name]
    said = words or describe_value(name, getattr(parameters, name))
    if len(said) > LONGEST:
        said = f"{said[:LONGEST].rsplit(' ', 1)[0]} …"
    return RuleLine(f"Regelwerk {key}".rstrip() + f": {title}, {said} ({source_of(parameters, name)})", key or name)


def source_of(parameters: Parameters, name: str) -> str:
    """Where the office has the parameter from; of several readings the chosen one's."""
    origin = parameters.provenance[name]
    return next((reading.source for reading in origin.readings if reading.key == origin.chosen), origin.source)
