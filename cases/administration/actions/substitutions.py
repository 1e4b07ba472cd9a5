"""Who stands in for whom from-until: entering, ending early, taking back, each with an entry in the log."""

from collections.abc import Collection
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import Q

from cases.administration.actions.accounts import write_to
from cases.recording import record
from cases.unit_of_work import action
from offices.actions import save_checked
from offices.errors import NotAllowed
from offices.models import Membership, Office, Substitution, User
from offices.queries import ABSENCE_FIELDS, Actor
from offices.roles import APART, Permission, Role, are_kept_apart
from offices.rules.substitution import Absence, leading_to

NOT_YOURS = "Sie können nur die eigene Vertretung eintragen."
NOT_ONESELF = (
    "Sich selbst kann man nicht als Vertretung für andere eintragen; das tut die abwesende Person selbst, "
    "die Geschäftsführung oder die Administration."
)

SUBJECT = "KRM: Vertretung, die jemand anders eingetragen oder geändert hat"


class Told(StrEnum):
    """What the people of a Vertretung are told of it."""

    ENTERED = "entered"
    SHORTENED = "shortened"
    CANCELLED = "cancelled"


@action
def enter_substitution(*, by: Actor, absent: User, deputy: User, from_on: date, until_on: date) -> Substitution:
    """`deputy` acts for `absent` from-until, both days included (K23, PAN-14, GERA-3).

    NotAllowed for others than oneself without that permission, for oneself as somebody else's deputy, for people of
    other offices, for roles that are kept apart (B4-12), for a time that is over, and while another entry for the same
    days stands; for the leadership also where the absent person stands in for the KRM then. What the leadership enters
    has no effect on cases against the Geschäftsführung (PAN-7). A circle of deputies is not refused: the pages say
    that nobody is there.
    """
    office_ids = _offices_of(absent, from_on)
    list(Office.objects.select_for_update(no_key=True).filter(pk__in=office_ids).order_by("pk"))
    permission = check_may_enter(by, absent, office_ids)
    if absent.pk != by.user_id and deputy.pk == by.user_id:
        raise NotAllowed(NOT_ONESELF)
    if until_on < by.today:
        raise NotAllowed("Diese Zeit ist schon vorbei.")
    _check_deputy(absent, deputy, office_ids, from_on, until_on)
    by_leaders = _is_for_leaders(by, permission, office_ids)
    if by_leaders and absent.pk != by.user_id:
        _check_not_for_the_desk(absent, from_on, until_on)
    overlapping = Substitution.objects.filter(absent=absent, from_on__lte=until_on, until_on__gte=from_on).first()
    if overlapping:
        raise NotAllowed(
            f"Vom {overlapping.from_on:%d.%m.%Y} bis {overlapping.until_on:%d.%m.%Y} ist schon eine Vertretung "
            "eingetragen. Bitte diese zuerst beenden."
        )
    entry = Substitution(absent=absent, deputy=deputy, from_on=from_on, until_on=until_on, by_leaders=by_leaders)
    save_checked(entry)
    _tell(Told.ENTERED, entry, by=by)
    _record("substitution.entered", entry, by=by, permission=permission, office_ids=office_ids)
    return entry


@action
def end_substitution(*, by: Actor, entry: Substitution, last_day: date) -> Substitution:
    """Shorten a running entry to `last_day`, yesterday at the earliest: what was done in somebody's place stays so."""
    entry = Substitution.objects.select_for_update(no_key=True).get(pk=entry.pk)
    office_ids = _offices_of(entry.absent, entry.from_on)
    permission = check_may_enter(by, entry.absent, office_ids)
    _check_may_end(by, entry, permission, office_ids)
    earliest = max(entry.from_on, by.today - timedelta(days=1))
    if not earliest <= last_day < entry.until_on:
        raise NotAllowed(
            f"Der letzte Tag liegt zwischen dem {earliest:%d.%m.%Y} und dem Tag vor dem {entry.until_on:%d.%m.%Y}."
        )
    entry.until_on, entry.followed_on = last_day, None  # the sweep has its end before it again
    save_checked(entry)
    _tell(Told.SHORTENED, entry, by=by)
    _record("substitution.ended", entry, by=by, permission=permission, office_ids=office_ids)
    return entry


@action
def cancel_substitution(*, by: Actor, entry: Substitution) -> None:
    """Take back an entry that has not begun; NotAllowed afterwards, then it can only be ended."""
    entry = (
        Substitution.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk=entry.pk)
        .select_related("absent", "deputy")
        .first()
    )
    if entry is None:
        raise NotAllowed("Diese Vertretung ist schon zurückgenommen.")
    office_ids = _offices_of(entry.absent, entry.from_on)
    permission = check_may_enter(by, entry.absent, office_ids)
    _check_may_end(by, entry, permission, office_ids)
    if entry.from_on <= by.today:
        raise NotAllowed("Diese Vertretung hat schon begonnen; sie kann nur beendet werden.")
    _tell(Told.CANCELLED, entry, by=by)
    _record("substitution.cancelled", entry, by=by, permission=permission, office_ids=office_ids)
    entry.delete()


def lock_lasting(person: User, last_day: date) -> list[Substitution]:
    """The row-locked Vertretungen of and by somebody that go on after this day, in order."""
    entries = Substitution.objects.select_for_update(of=("self",), no_key=True).select_related("absent", "deputy")
    return list(entries.filter(Q(absent=person) | Q(deputy=person), until_on__gt=last_day).order_by("pk"))


def end_with_seat(entries: Collection[Substitution], *, by: Actor, last_day: date) -> list[tuple[str, Substitution]]:
    """End these locked Vertretungen with a seat, and say so by mail; (code, entry) for the log, for `record_ends`.

    What was done in somebody's place stays so: none that has begun ends before yesterday or its first day. What
    would begin only after `last_day` is taken back.
    """
    ended = []
    for entry in entries:
        if entry.from_on > max(last_day, by.today):
            ended.append(("substitution.cancelled", entry))
            _tell(Told.CANCELLED, entry, by=by)
            Substitution.objects.filter(pk=entry.pk).delete()
            continue
        until_on = max(last_day, entry.from_on, by.today - timedelta(days=1))
        if until_on < entry.until_on:
            entry.until_on, entry.followed_on = until_on, None
            save_checked(entry)
            _tell(Told.SHORTENED, entry, by=by)
            ended.append(("substitution.ended", entry))
    return ended


def record_ends(ended: Collection[tuple[str, Substitution]], *, by: Actor, office_id: int) -> None:
    """What `end_with_seat` did, in the log of the office of that seat."""
    for code, entry in ended:
        _record(code, entry, by=by, permission=Permission.CHANGE_PEOPLE, office_ids=frozenset({office_id}))


def check_may_enter(by: Actor, absent: User, office_ids: frozenset[int]) -> Permission:
    """The permission under which `by` enters for `absent`: the own one, or that for others in each of these offices."""
    if absent.pk == by.user_id and by.may(Permission.CHANGE_SUBSTITUTIONS):
        return Permission.CHANGE_SUBSTITUTIONS
    if office_ids and office_ids <= by.office_ids(Permission.SUBSTITUTE_OTHERS):
        return Permission.SUBSTITUTE_OTHERS
    raise NotAllowed(NOT_YOURS)


def _is_for_leaders(by: Actor, permission: Permission, office_ids: frozenset[int]) -> bool:
    """Whether somebody near the Geschäftsführung enters it in one of these offices, or from such a seat (PAN-7)."""
    apart = {seat.office_id for seat in by.seats_with(permission) if seat.is_apart} - by.offices_led()
    return not office_ids <= apart


def _check_may_end(by: Actor, entry: Substitution, permission: Permission, office_ids: frozenset[int]) -> None:
    """The leadership ends for the KRM only what it entered itself: the rest reaches cases against it (PAN-7)."""
    own = entry.by_leaders or entry.absent_id == by.user_id
    if own or not _is_for_leaders(by, permission, office_ids):
        return
    people = leading_to([entry.absent_id], _absences_within(entry.from_on, entry.until_on), entry.from_on)
    if _sit_at_the_desk(people, entry.from_on, entry.until_on):
        raise NotAllowed("Diese Vertretung gilt für das KRM; beenden kann sie das KRM oder die Administration (PAN-7).")


def _check_not_for_the_desk(absent: User, from_on: date, until_on: date) -> None:
    """The leadership sends nobody away who stands in for the KRM: that would end the Vertretung (PAN-7)."""
    absences = _absences_within(from_on, until_on)
    days = {from_on} | {absence.from_on for absence in absences if from_on <= absence.from_on}
    people = frozenset[int]().union(*(leading_to([absent.pk], absences, day) for day in days)) - {absent.pk}
    if _sit_at_the_desk(people, from_on, until_on):
        raise NotAllowed(
            f"{absent} vertritt in dieser Zeit das KRM; die Abwesenheit trägt {absent} selbst ein, das KRM oder die "
            "Administration (PAN-7)."
        )


def _absences_within(from_on: date, until_on: date) -> tuple[Absence, ...]:
    rows = Substitution.objects.filter(from_on__lte=until_on, until_on__gte=from_on)
    return tuple(Absence(*row) for row in rows.values_list(*ABSENCE_FIELDS))


def _sit_at_the_desk(people: Collection[int], from_on: date, until_on: date) -> bool:
    desk = Membership.objects.filter(_at_some_time(from_on, until_on), user__in=people, role=Role.KRM_OFFICER)
    return desk.exists()


def _check_deputy(absent: User, deputy: User, office_ids: frozenset[int], from_on: date, until_on: date) -> None:
    if not deputy.is_active or not office_ids <= _offices_of(deputy, from_on):
        raise NotAllowed(f"{deputy} gehört nicht zur selben Dienststelle.")
    roles = Membership.objects.filter(_at_some_time(from_on, until_on), user__in=[absent, deputy])
    if are_kept_apart(Role(role) for role in roles.values_list("role", flat=True)):
        raise NotAllowed(APART)


def _offices_of(user: User, day: date) -> frozenset[int]:
    """The offices in which somebody holds a seat on this day or later."""
    seats = user.memberships.filter(_at_some_time(day, date.max))
    return frozenset(seats.values_list("office_id", flat=True))


def _at_some_time(from_on: date, until_on: date) -> Q:
    return (Q(until_on__isnull=True) | Q(until_on__gte=from_on)) & Q(from_on__lte=until_on)


def _tell(what: Told, entry: Substitution, *, by: Actor) -> None:
    """Whoever is deputised by somebody else hears of it at once, and so does the deputy; nobody of their own doing."""
    if by.user_id == entry.absent_id:
        return
    for person in (entry.absent, entry.deputy):
        if person.pk != by.user_id:
            context = {"what": what.value, "entry": entry, "is_absent": person == entry.absent, "by": by.user}
            write_to(person=person, subject=SUBJECT, template="emails/substitution.txt", context=context)


def _record(code: str, entry: Substitution, *, by: Actor, permission: Permission, office_ids: frozenset[int]) -> None:
    for office_id in sorted(office_ids):
        record(
            code,
            by=by,
            permission=permission,
            office_id=office_id,
            absent=entry.absent_id,
            deputy=entry.deputy_id,
            from_on=entry.from_on.isoformat(),
            until_on=entry.until_on.isoformat(),
        )
