"""The values of a dimension in the order in which a table has them, with the words people read."""

from collections.abc import Mapping

from cases.models import Topic
from cases.models.concern import Nature
from cases.rules.kinds import CHANNEL_LABELS, LEGAL_AREA_LABELS, OUTCOME_LABELS, SETTLEMENT_LABELS
from cases.rules.triage import REASON_LABELS
from offices.models import Office
from reporting.reading.figures import Question
from reporting.rules.periods import month_label
from reporting.rules.vocabulary import Dimension, ReportedKind

HIGHEST_RUNG = 9
NO_OUTCOME = "ohne Bewertung"


def labels_of(dimension: Dimension, question: Question) -> dict[str, str]:
    """Value -> label; at most one query, and none for what is a closed list."""
    fixed = _fixed(dimension)
    if fixed is not None:
        return fixed
    if dimension == Dimension.MONTH:
        return {day.strftime("%Y-%m"): month_label(day) for day in question.period.month_starts()}
    if dimension == Dimension.TOPIC:
        topics = Topic.objects.filter(office__in=question.offices).order_by("group", "name")
        return {str(topic.pk): str(topic) for topic in topics}
    if dimension == Dimension.OFFICE:
        offices = Office.objects.filter(pk__in=question.offices).order_by("name")
        return {str(office.pk): office.name for office in offices}
    return {**{str(pk): str(unit) for pk, unit in question.units.shown.items()}, "": "ohne Einheit"}


def _fixed(dimension: Dimension) -> dict[str, str] | None:
    if dimension == Dimension.KIND:
        return {kind.value: kind.label for kind in ReportedKind}
    if dimension == Dimension.NATURE:
        return dict(Nature.choices)
    if dimension == Dimension.RUNG:
        return {"0": "keine Stufe", **{str(n): f"Stufe {n}" for n in range(1, HIGHEST_RUNG + 1)}}
    words: Mapping | None = {
        Dimension.CHANNEL: CHANNEL_LABELS,
        Dimension.LEGAL_AREA: LEGAL_AREA_LABELS,
        Dimension.OUTCOME: OUTCOME_LABELS,
        Dimension.SETTLEMENT: SETTLEMENT_LABELS,
        Dimension.REASON: REASON_LABELS,
    }.get(dimension)
    if words is None:
        return None
    found = {key.value: label for key, label in words.items()}
    return found | {"": NO_OUTCOME} if dimension in (Dimension.OUTCOME, Dimension.SETTLEMENT) else found
