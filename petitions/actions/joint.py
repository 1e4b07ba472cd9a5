"""Two persons of two Träger authorise together (GER-29). Called by actions on a chain they have locked."""

from datetime import date

from django.db.models import Q

from offices.errors import NotAllowed
from offices.models import Substitution, User
from offices.queries import Actor
from petitions.actions.writing import Act
from petitions.holding import Held
from petitions.models import Station
from petitions.permissions import in_person
from petitions.rules.authorising import Authoriser, why_not_together
from petitions.rules.vocabulary import Outcome, StationRole

NO_PERSON = "Bitte angeben, wer für den Träger autorisiert hat (GER-29)."


def check_joint(held: Held, station: Station, act: Act, *, by: Actor) -> None:
    """Raises NotAllowed where the other Träger authorised by the same person, or by one who stands in for this one.

    Who enters it for a body without KRM is no person of the Träger; the name is asked for.
    """
    acts_themselves = in_person(by, station) is not None or station.office_id is not None
    if not acts_themselves and not act.person:
        raise NotAllowed(NO_PERSON, "person")
    now = _authoriser(station, by.user_id, act.for_user, "" if acts_themselves else act.person, by.today)
    for other in _authorised(held, station):
        then = _authoriser(other, other.done_by_id, other.for_user_id, other.person, by.today, other.done_on)
        if reason := why_not_together(then, now):
            raise NotAllowed(reason)


def _authorised(held: Held, station: Station) -> list[Station]:
    """The authorisations of the same part that hold: the latest of each station."""
    latest = {row.key: row for row in held.stations}
    return [
        row
        for row in latest.values()
        if row.pk != station.pk
        and (row.role, row.part, row.outcome) == (StationRole.AUTHORISE, station.part, Outcome.PASSED_ON)
    ]


def _authoriser(
    station: Station, done_by: int | None, for_user: int | None, person: str, *days: date | None
) -> Authoriser:
    if person:
        return Authoriser(station.body, frozenset(), frozenset({_mark(person)}))
    people = frozenset({done_by, for_user} - {None})
    users = User.objects.filter(pk__in=people)
    marks = {_mark(user.get_full_name()) for user in users} | {_mark(user.email) for user in users}
    known = [day for day in days if day]
    absences = Substitution.objects.filter(
        Q(absent__in=people) | Q(deputy__in=people), from_on__lte=max(known), until_on__gte=min(known)
    )
    pairs = {pk for pair in absences.values_list("absent", "deputy") for pk in pair}
    return Authoriser(station.body, people, frozenset(marks - {""}), frozenset(pairs - people))


def _mark(text: str) -> str:
    """What tells a person, however it is written: small letters, one blank, no title's dots."""
    return " ".join(text.casefold().replace(".", " ").split())
