"""What committees can decide: a list of the office for each requester (B2-8)."""

from collections.abc import Sequence
from dataclasses import dataclass

from cases.permissions import check_may_in
from cases.recording import record
from cases.unit_of_work import action
from offices.errors import NotAllowed
from offices.models import Office
from offices.queries import Actor
from offices.roles import Permission
from petitions.models import Decision, DecisionOption
from petitions.rules.vocabulary import Requester


@dataclass(frozen=True)
class OptionData:
    """An entry of the list of what can be decided, as it is typed in; `pk` None for a new one."""

    label: str
    is_active: bool = True
    pk: int | None = None


@action
def list_decisions(*, by: Actor, office: Office, requester: Requester, options: Sequence[OptionData]) -> None:
    """What this requester can decide from now on, in this order (B2-8); entries left out stay behind the others.

    Nothing is deleted, and what was decided keeps its words. NotAllowed, with the place in `options` as the field, for
    an entry without words or twice, one of another list, and new words for one that has been decided.
    """
    check_may_in(by, Permission.CHANGE_RULES, office.pk)
    Office.objects.select_for_update(no_key=True).get(pk=office.pk)
    present = {option.pk: option for option in office.decision_options.filter(requester=requester)}
    decided = set(Decision.objects.filter(option__in=present).values_list("option", flat=True))
    before = {pk: _values(option) for pk, option in present.items()}
    rows = [_option(entry, str(place), office, requester, present) for place, entry in enumerate(options)]
    named = {row.pk for row in rows}
    rows += [option for pk, option in present.items() if pk not in named]
    _check_labels(rows, before, decided)
    for position, row in enumerate(rows, start=1):
        row.position = position
    changed = [row for row in rows if row.pk is None or _values(row) != before[row.pk]]
    if not changed:
        return
    _save(changed, before)
    record(
        "routes.decisions_listed",
        by=by,
        permission=Permission.CHANGE_RULES,
        office_id=office.pk,
        requester=requester.label,
    )


def _values(option: DecisionOption) -> tuple[str, int, bool]:
    return option.label, option.position, option.is_active


def _option(
    entry: OptionData, place: str, office: Office, requester: Requester, present: dict[int, DecisionOption]
) -> DecisionOption:
    if entry.pk is not None and entry.pk not in present:
        raise NotAllowed("Diese Entscheidung steht nicht in dieser Liste.", place)
    option = present[entry.pk] if entry.pk is not None else DecisionOption(office=office, requester=requester)
    option.label, option.is_active = " ".join(entry.label.split()), entry.is_active
    return option


def _check_labels(rows: Sequence[DecisionOption], before: dict[int, tuple[str, int, bool]], decided: set[int]) -> None:
    seen: set[str] = set()
    for place, row in enumerate(rows):
        if not row.label:
            raise NotAllowed("Bitte benennen, was entschieden werden kann.", str(place))
        if row.label.casefold() in seen:
            raise NotAllowed(f"„{row.label}“ steht schon in dieser Liste.", str(place))
        if row.pk in decided and row.label != before[row.pk][0]:
            raise NotAllowed(
                f"So ist schon entschieden worden: „{before[row.pk][0]}“ bleibt im Wortlaut. Bitte eine neue aufnehmen "
                "und diese nicht mehr anbieten.",
                str(place),
            )
        seen.add(row.label.casefold())


def _save(changed: Sequence[DecisionOption], before: dict[int, tuple[str, int, bool]]) -> None:
    """Entries may take over each other's words, so those with new ones give theirs up first."""
    for row in changed:
        if row.pk is not None and row.label != before[row.pk][0]:
            DecisionOption.objects.filter(pk=row.pk).update(label=f"#{row.pk}")
    for row in changed:
        row.save()
