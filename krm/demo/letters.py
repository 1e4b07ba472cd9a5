"""Letters on their way through the house: the Verfügung that names who signs, the co-signatures, the signature.

The demo and the tests walk cases with it; every step is taken by the person whom the office's rules name.
"""

from collections.abc import Sequence
from datetime import date

from cases.asking import tick
from cases.directives.actions.drafting import draft_directive, issue_directive, present_directive, save_directive
from cases.directives.reading.directive import issuer_of
from cases.models import Case, Directive, Letter
from cases.rules.assignments import AssignmentKind
from cases.rules.directives import PointData, PointKind
from cases.signing.actions import co_sign_letter, issue_letter, submit_letter
from cases.signing.reading.sign_desk import choices
from cases.signing.reading.signers import open_requests, specialists
from offices.models import Unit, User
from offices.queries import Actor, actor_for
from offices.roles import Role

FILE = PointData(PointKind.FILE, text="nach Versand der Antwort")


def directed(
    by: Actor,
    case: Case,
    level: Role = Role.MANAGEMENT,
    points: Sequence[PointData] = (FILE,),
    unit: Unit | None = None,
) -> Directive:
    """The Verfügung of a case, issued by whom K19 names; it says at which level the answer is signed."""
    directive = draft_directive(by=by, case=case)
    directive = save_directive(
        by=by,
        directive=directive,
        expected_version=directive.version,
        points=points,
        lead_unit=unit,
        signature_level=level,
        must_present="",
    )
    if issuer_of(directive, by.today) == Role.MANAGEMENT:
        directive = present_directive(by=by, directive=directive, expected_version=directive.version)
        (asked,) = directive.assignments.open().select_related("user")
        by = actor_for(asked.user, by.today)
    directive = issue_directive(by=by, directive=directive, expected_version=directive.version)
    case.refresh_from_db()
    return directive


def seen_first(case: Case, on: date) -> None:
    """The Geschäftsführung takes note of what K19 brings to it before the KRM works on it."""
    for asked in case.assignments.open().filter(kind=AssignmentKind.SEE_FIRST).select_related("user"):
        tick(by=actor_for(asked.user, on), assignment=asked)


def submitted(by: Actor, letter: Letter, specialist: User | None = None) -> Letter:
    """A draft given to signature; without a unit somebody has to be named for the Abstimmung (GER-21)."""
    if specialist is None and letter.case is not None and letter.case.unit is None:
        specialist = next(iter(specialists(letter, by.today)), None)
    return submit_letter(by=by, letter=letter, expected_version=letter.version, specialist=specialist)


def signed(by: Actor, letter: Letter, *, dated_on: date | None = None, specialist: User | None = None) -> Letter:
    """A draft, signed by the people the office's rules name: straight away, or after everybody co-signed."""
    day = dated_on or by.today
    if choices(by, letter).may_issue:
        return issue_letter(by=by, letter=letter, expected_version=letter.version, dated_on=day)
    letter = submitted(by, letter, specialist)
    for asked in open_requests(letter, AssignmentKind.AGREE_LETTER):
        letter = co_sign_letter(by=actor_for(asked.user, by.today), letter=letter, expected_version=letter.version)
    (asked,) = open_requests(letter, AssignmentKind.SIGN_LETTER)
    signer = actor_for(asked.user, by.today)
    return issue_letter(by=signer, letter=letter, expected_version=letter.version, dated_on=day)
