"""A new version of an office's rules, with its entry in the log."""

from datetime import date

from cases.permissions import check_may_in
from cases.recording import record
from cases.unit_of_work import action
from offices.actions import new_version
from offices.errors import NotAllowed
from offices.models import Office, RuleSet
from offices.queries import Actor, latest_version
from offices.roles import Permission
from offices.rules.parameters import Parameters


@action
def change_rules(
    *,
    by: Actor,
    base: RuleSet,
    parameters: Parameters,
    valid_from: date,
    reason: str,
    review_on: date | None = None,
    participation: list[dict] | None = None,
) -> RuleSet:
    """The next version of the rules, made from the last one; open cases keep theirs (H-17, PAN-42).

    NotAllowed for whom rules are not part of the role, when `base` is no longer the last version, when the new one
    would begin in the past, or when nothing changed.
    """
    check_may_in(by, Permission.CHANGE_RULES, base.office_id)
    office = Office.objects.select_for_update(no_key=True).get(pk=base.office_id)
    if latest_version(office) != base:
        raise NotAllowed("Inzwischen gibt es eine spätere Fassung; eine neue entsteht immer aus der letzten.")
    version = new_version(
        base=RuleSet.objects.get(pk=base.pk),
        parameters=parameters,
        valid_from=valid_from,
        reason=reason,
        user=by.user,
        today=by.today,
        review_on=review_on,
        participation=participation,
    )
    record(
        "rules.changed",
        by=by,
        permission=Permission.CHANGE_RULES,
        office_id=office.pk,
        version=version.version,
        valid_from=valid_from.isoformat(),
    )
    return version
