"""Who is told of a new reaction before the KRM works on it, and when nobody is (K19; PAN-19, GERA-17).

Called by actions on a case they have locked or just made.
"""

from cases.apart import dienstherr, kept_out
from cases.asking import ask_each
from cases.models import Case
from cases.rules.assignments import AssignmentKind
from cases.rules.directives import seen_first_by_management
from cases.rules.kinds import Channel, Kind
from cases.rules.triage import forbids_telling, hints
from offices.models import User
from offices.queries import Actor, division_leads, memberships_on
from offices.roles import Role

IN_ADVANCE = "vorab: neue Kundenreaktion für Ihren Bereich"


def tell_in_advance(case: Case, *, by: Actor) -> None:
    """The Bereichsleitung and the Geschäftsführung, unless words of the reaction point to a confidential matter.

    While such a hint stands, to corruption, Datenschutz, Leistungsmissbrauch or conduct, nobody is told: `accept` says
    that it is a case of the KRM, and tells them then.
    """
    if not is_withheld(case):
        tell(case, by=by)


def is_withheld(case: Case) -> bool:
    """Whether the words of the reaction, as they stand, forbid to tell anybody before the KRM has decided."""
    found = hints(
        f"{case.subject}\n{case.text}",
        case.rule_set.parameters,
        Kind(case.kind),
        employer=dienstherr(case.office),
        names_management=case.against_management,
    )
    return forbids_telling(found)


def tell(case: Case, *, by: Actor) -> None:
    """The Bereich where K19 says so and a unit is named (PAN-19), the Geschäftsführung where K19 puts it first
    (GERA-17); nobody who is kept out (B4-8, PAN-7), and not who acts. K7 tells of its own when it is judged.
    """
    parameters = case.rule_set.parameters
    wanted: list[tuple[AssignmentKind, User, str]] = []
    if parameters.first_stop.division_informed and case.unit:
        leads = division_leads(case.unit, by.today)
        wanted += [(AssignmentKind.TAKE_NOTE, user, IN_ADVANCE) for user in leads]
    if seen_first_by_management(parameters, Channel(case.channel)):
        seats = memberships_on(by.today).filter(office=case.office_id, role=Role.MANAGEMENT).select_related("user")
        wanted += [(AssignmentKind.SEE_FIRST, seat.user, "") for seat in seats.order_by("from_on", "pk")]
    if wanted:
        out = kept_out(case, by.today) | {by.user_id}
        ask_each(case, [each for each in wanted if each[1].pk not in out], by=by)
