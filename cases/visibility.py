"""Who may see a case or an Abgabe: each rule as SQL and, beside it, in Python.

A page asks the SQL, by `Case.objects.visible_to(actor)` and `Transfer.objects.visible_to(actor)`. Background work asks
about the same rows for one person after the other and reads once what decides of them (`Facts`, `TransferFacts`). Both
forms read the seats of who acts through one `Sight`; tests/cases/test_visibility.py holds them to the same answers for
every role and kind of case and Abgabe.

Who is kept out, as a set of people, is said in apart.py; which part of a case somebody sees who only contributes to it,
in contributing.py; who may do what with it, in permissions.py.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from cases import models  # which ask here from inside their querysets: so their names are looked up when they are used
from cases.rules.lifecycle import Status
from cases.rules.triage import Reason
from offices.models import Membership
from offices.queries import Actor, Seat
from offices.roles import Permission, Role, Scope

Cases = TypeVar("Cases", bound="QuerySet[models.Case]")
Transfers = TypeVar("Transfers", bound="QuerySet[models.Transfer]")
NOTHING = Q(pk__in=[])


def desk_offices(actor: Actor, *, apart: bool = False) -> frozenset[int]:
    """Ids of the offices in which the actor decides about KRM and Kein KRM or keeps the desk's files.

    With `apart`: from a seat that is not near the Geschäftsführung, by somebody who does not lead there (PAN-7).
    """
    found = frozenset(
        s.office_id
        for s in actor.seats_with(Permission.READ_CASES)
        if s.scope == Scope.OFFICE
        and (s.may(Permission.TRIAGE) or s.may(Permission.DISPATCH) or s.may(Permission.EXTEND))
        and not (apart and not s.is_apart)
    )
    return found - actor.offices_led() if apart else found


def dpo_offices(actor: Actor) -> frozenset[int]:
    """Ids of the offices in which the actor is Datenschutzbeauftragte/r, own or „i. V.“."""
    return frozenset(s.office_id for s in actor.seats if s.role == Role.DPO)


@dataclass(frozen=True)
class Reach:
    """What a set of seats reaches: whole offices, units, and what lies with its people by name in `offices`.

    By name only in the offices of the seats: who has left a house no longer sees what was theirs there.
    """

    whole: frozenset[int]
    units: frozenset[int]
    holders: frozenset[int]
    offices: frozenset[int]

    @classmethod
    def of(cls, seats: Collection[Seat]) -> "Reach":
        whole = frozenset(s.office_id for s in seats if s.scope == Scope.OFFICE)
        rest = [s for s in seats if s.office_id not in whole]
        return cls(
            whole,
            frozenset(unit_id for s in rest if s.scope == Scope.UNITS for unit_id in s.unit_ids),
            frozenset(s.holder_id for s in rest),
            frozenset(s.office_id for s in rest),
        )

    def of_the_house(self) -> Q:
        """The cases that lie in the part of the house these seats see: of the whole office, of their units (K18)."""
        part = Q(office__in=self.whole) if self.whole else NOTHING
        if self.units:
            concerns = models.Concern.objects.filter(case=OuterRef("pk"), unit__in=self.units)
            part |= Q(unit__in=self.units) | Exists(concerns)
        return part

    def has_of_the_house(self, case: "models.Case", of_concerns: Collection[int]) -> bool:
        """Whether a case is one of them; `of_concerns` are the ids of the units of its concerns."""
        return case.office_id in self.whole or not self.units.isdisjoint({case.unit_id, *of_concerns})

    def by_name(self) -> Q:
        """The cases the people of these seats have to do something with, until it is done: what is in their hands, and
        what was asked of them."""
        if not self.offices:
            return NOTHING
        asked = models.Assignment.objects.giving_access().filter(user__in=self.holders, case__isnull=False)
        return (in_hand_of(self.holders) | Q(pk__in=asked.values("case"))) & Q(office__in=self.offices)

    def has_by_name(self, case: "models.Case", asked: Collection[int]) -> bool:
        """Whether a case is one of them; `asked` are the ids of those of whom something is asked there."""
        return case.office_id in self.offices and not self.holders.isdisjoint({*case.in_hand_of, *asked})

    def cases(self) -> Q:
        return self.of_the_house() | self.by_name()


@dataclass(frozen=True)
class Sight:
    """What decides of a person which cases they see: `apart` is the reach of the seats that are apart from the
    Geschäftsführung. `led`: the offices in which they lead or sit before the leaders' door; `desk`: where they see what
    left the house as a whole; `granting`: where a single grant holds.

    Of Abgaben: `desk_apart` are the desks apart from the Geschäftsführung, `dpo` the offices with the Datenschutz, and
    `holders` and `holders_apart` those whose seats reach what was asked by name."""

    user_id: int | None
    all: Reach
    apart: Reach
    led: frozenset[int]
    desk: frozenset[int]
    granting: frozenset[int]
    desk_apart: frozenset[int]
    dpo: frozenset[int]
    holders: frozenset[int]
    holders_apart: frozenset[int]

    @classmethod
    def of(cls, actor: Actor) -> "Sight":
        seats = actor.seats_with(Permission.READ_CASES)
        reaching = [s for s in seats if s.scope != Scope.NONE]
        return cls(
            user_id=actor.user_id,
            all=Reach.of(seats),
            apart=Reach.of([s for s in seats if s.is_apart]),
            led=actor.offices_led(),
            desk=desk_offices(actor),
            granting=actor.offices_granting(),
            desk_apart=desk_offices(actor, apart=True),
            dpo=dpo_offices(actor),
            holders=frozenset(s.holder_id for s in reaching),
            holders_apart=frozenset(s.holder_id for s in reaching if s.is_apart),
        )

    @property
    def beyond_the_desk(self) -> frozenset[int]:
        """The offices in which they may see a case, but not what left the house as a whole."""
        return (self.all.whole | self.all.offices | self.granting) - self.desk


def hidden(way: str = "") -> Q:
    """The cases of which nothing tells those who do not see them: sealed ones, and those against the Geschäftsführung
    (B4-1, PAN-7). `way` leads to the case from what is asked, as `case__`."""
    return Q(**{f"{way}is_sealed": True}) | Q(**{f"{way}against_management": True})


def is_hidden(case: "models.Case") -> bool:
    """Whether a case is one of them."""
    return case.is_sealed or case.against_management


def in_hand_of(people: Collection[int]) -> Q:
    """The cases of which one of these people is handler, until it is closed, or responsible, while a unit has it.

    `Case.in_hand_of` says it of one case.
    """
    return Q(handler__in=people, closed_on__isnull=True) | Q(responsible__in=people, status=Status.WITH_UNIT)


def visible_cases(cases: Cases, actor: Actor) -> Cases:
    """Of these cases those the actor may see today: the part of the house its seats reach, plus single grants.

    A sealed case is visible by grant alone, and a grant holds with a seat of one's own in that office; the person
    complained about never sees the case (B4-8, K18). A case against the Geschäftsführung is seen by nobody who leads in
    the office or sits before its door (PAN-7). What left the house as a whole is seen by the desk alone, whoever worked
    on it before (K11, K12). Who was given something to do sees it until that is done; `cases.contributing` says which
    part. `Facts.seen_by` says the same of one case.
    """
    return cases_in(Sight.of(actor), cases)


def cases_in(sight: Sight, cases: Cases) -> Cases:
    """The same, for a sight that is known already."""
    return _seen(cases, sight, Reach.cases)


def whole_cases(cases: Cases, actor: Actor) -> Cases:
    """Those of them that the actor sees as a whole, and not only because something is to be done there (K18).

    `cases.contributing.sees_whole` says the same of one case in sight.
    """
    return _seen(cases, Sight.of(actor), Reach.of_the_house)


def _seen(cases: Cases, sight: Sight, reached: Callable[[Reach], Q]) -> Cases:
    """What single grants open, and of what a reach gives as much as may be seen from it."""
    if sight.user_id is None:
        return cases.none()
    part = reached(sight.all)
    if sight.apart != sight.all:
        part = part & Q(against_management=False) | reached(sight.apart) & Q(against_management=True)
    granted = models.CaseUserGrant.objects.filter(user=sight.user_id).values("content_object")
    seen = cases.filter(part & Q(is_sealed=False) | Q(pk__in=granted, office__in=sight.granting))
    if sight.beyond_the_desk:
        seen = seen.filter(~Q(status=Status.TRANSFERRED) | Q(office__in=sight.desk))
    if sight.led:
        seen = seen.exclude(against_management=True, office__in=sight.led)
    concerned = models.ConcernedEmployee.objects.filter(user=sight.user_id, case__isnull=False)
    return seen.exclude(pk__in=concerned.values("case"))


class Facts:
    """What decides of these cases who sees them, read in four queries however many they are."""

    def __init__(self, case_ids: Iterable[int]) -> None:
        ids = list(case_ids)
        concerned = models.ConcernedEmployee.objects.filter(case__in=ids, user__isnull=False)
        granted = models.CaseUserGrant.objects.filter(content_object__in=ids)
        self.granted = _by_case(granted, "content_object", "user")
        self.concerned = _by_case(concerned, "case", "user")
        self.units = _by_case(models.Concern.objects.filter(case__in=ids, unit__isnull=False), "case", "unit")
        self.asked = _by_case(models.Assignment.objects.giving_access().filter(case__in=ids), "case", "user")

    def seen_by(self, sight: Sight, case: "models.Case") -> bool:
        """Whether somebody sees one of these cases; as `visible_cases` says it."""
        if sight.user_id is None or sight.user_id in self.concerned[case.pk]:
            return False
        if case.against_management and case.office_id in sight.led:
            return False
        if case.status == Status.TRANSFERRED and case.office_id not in sight.desk:
            return False
        if case.office_id in sight.granting and sight.user_id in self.granted[case.pk]:
            return True
        reach = sight.apart if case.against_management else sight.all
        return not case.is_sealed and (
            reach.has_of_the_house(case, self.units[case.pk]) or reach.has_by_name(case, self.asked[case.pk])
        )


def visible_transfers(transfers: Transfers, actor: Actor) -> Transfers:
    """Of these Abgaben those of the desks this actor sits at, and what was put into their hands.

    At the desk, what came out of a case is seen only by those who see the case (B4-8), and what goes against the
    Geschäftsführung only from seats apart from it (PAN-7). The DPO sees what was handed over about data protection,
    whoever was asked about it by name that one matter (K11). Whom the matter or its case is about never sees it (B4-8).
    `TransferFacts.seen_by` says the same of one Abgabe.
    """
    return transfers_in(Sight.of(actor), transfers)


def transfers_in(sight: Sight, transfers: Transfers) -> Transfers:
    """The same, for a sight that is known already. What says nothing for a sight is left out: each page has to put all
    of it into SQL, and the database to plan it."""
    if sight.user_id is None:
        return transfers.none()
    about = models.ConcernedEmployee.objects.filter(user=sight.user_id, transfer=OuterRef("pk"))
    return transfers.filter(_at_the_desk(sight) | _in_hand(sight)).exclude(Exists(about))


def _at_the_desk(sight: Sight) -> Q:
    if not sight.desk:
        return NOTHING
    seen = _seen(models.Case.objects.filter(pk=OuterRef("case")), sight, Reach.cases)
    from_visible_case = Exists(seen)  # row by row: a set would be the whole house
    at_the_desk = (Q(case__isnull=True) | from_visible_case) & Q(office__in=sight.desk)
    if sight.desk_apart == sight.desk:
        return at_the_desk
    return at_the_desk & (~transfers_against_management() | Q(office__in=sight.desk_apart))


def _in_hand(sight: Sight) -> Q:
    to_the_dpo = Q(reason=Reason.DATA_PROTECTION, handed_over_at__isnull=False, office__in=sight.dpo)
    in_hand = (to_the_dpo | _asked(sight)) & ~Exists(_closed_to(sight))
    return in_hand & ~(transfers_against_management() & Q(office__in=sight.led)) if sight.led else in_hand


def _asked(sight: Sight) -> Q:
    """What people were asked about by name, from the seats of those people that reach cases."""
    asked = models.Assignment.objects.giving_access().filter(transfer__isnull=False)
    by_all = Q(pk__in=asked.filter(user__in=sight.holders).values("transfer"))
    if sight.holders_apart == sight.holders:
        return by_all
    by_apart = Q(pk__in=asked.filter(user__in=sight.holders_apart).values("transfer"))
    against = Exists(models.Case.objects.filter(pk=OuterRef("case"), against_management=True))
    return by_apart | by_all & ~against & ~transfers_against_management()


def _closed_to(sight: Sight) -> "QuerySet[models.Case]":
    """The case of a transfer, if it complains about the acting person or the Geschäftsführung of a house they lead."""
    against = Q(against_management=True, office__in=sight.led)
    return models.Case.objects.filter(Q(complained_about__user=sight.user_id) | against, pk=OuterRef("case"))


def transfers_against_management() -> Q:
    """The Abgaben against the Geschäftsführung: by the reason, or because they name who sat there on a day since the
    Eingang. `apart.is_against_management` says it of one, and `TransferFacts` of those it has read.
    """
    named = models.ConcernedEmployee.objects.filter(transfer__isnull=False, transfer=OuterRef(OuterRef("pk")))
    since = Q(until_on__isnull=True) | Q(until_on__gte=OuterRef("received_on"))
    led = Membership.objects.filter(
        since, role=Role.MANAGEMENT, office=OuterRef("office"), user__in=named.values("user")
    )
    return Q(reason=Reason.AGAINST_MANAGEMENT) | Q(Exists(led))


class TransferFacts:
    """The same for these Abgaben, in eight queries."""

    def __init__(self, transfer_ids: Iterable[int]) -> None:
        ids = list(transfer_ids)
        found = models.Transfer.objects.defer("text", "case__text", "case__outcome_reason").select_related("case")
        self.transfers = found.in_bulk(ids)
        self.cases = Facts({t.case_id for t in self.transfers.values() if t.case_id})
        named = models.ConcernedEmployee.objects.filter(transfer__in=ids, user__isnull=False)
        self.named = _by_case(named, "transfer", "user")
        self.asked = _by_case(models.Assignment.objects.giving_access().filter(transfer__in=ids), "transfer", "user")
        people = {user_id for users in self.named.values() for user_id in users}
        seats = Membership.objects.filter(user__in=people, role=Role.MANAGEMENT)
        self.led = list(seats.values_list("office", "user", "until_on"))

    def seen_by(self, sight: Sight, transfer_id: int) -> bool:
        """Whether somebody sees one of these Abgaben; as `visible_transfers` says it."""
        transfer = self.transfers.get(transfer_id)
        if transfer is None or sight.user_id is None or sight.user_id in self.named[transfer.pk]:
            return False
        against = self._is_against_management(transfer)
        return self._at_the_desk(sight, transfer, against) or self._in_hand(sight, transfer, against)

    def _is_against_management(self, transfer: "models.Transfer") -> bool:
        return transfer.reason == Reason.AGAINST_MANAGEMENT or any(
            office_id == transfer.office_id
            and user_id in self.named[transfer.pk]
            and (until_on is None or until_on >= transfer.received_on)
            for office_id, user_id, until_on in self.led
        )

    def _at_the_desk(self, sight: Sight, transfer: "models.Transfer", against: bool) -> bool:
        case, desk = transfer.case, sight.desk_apart if against else sight.desk
        return transfer.office_id in desk & sight.desk and (case is None or self.cases.seen_by(sight, case))

    def _in_hand(self, sight: Sight, transfer: "models.Transfer", against: bool) -> bool:
        case, leads = transfer.case, transfer.office_id in sight.led
        if case and (sight.user_id in self.cases.concerned[case.pk] or (case.against_management and leads)):
            return False
        if against and leads:
            return False
        if transfer.reason == Reason.DATA_PROTECTION and transfer.handed_over_at and transfer.office_id in sight.dpo:
            return True
        only_apart = against or bool(case and case.against_management)
        return not (sight.holders_apart if only_apart else sight.holders).isdisjoint(self.asked[transfer.pk])


def _by_case(rows, case: str, other: str) -> dict[int, list[int]]:
    """Id of a case or an Abgabe -> what stands beside it in these rows, in the order they were made."""
    found: dict[int, list[int]] = defaultdict(list)
    for case_id, value in rows.order_by("pk").values_list(case, other):
        found[case_id].append(value)
    return found
