"""Two years before the stories of the demo offices, so that there is something to evaluate. All of it is invented.

The seasons of a year; a topic that grew in the last one; a team that falls behind since half a year.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from random import Random

from cases.models import Topic
from krm.demo.bulk import arrivals, ways
from krm.demo.bulk.courses import Course, Desk
from krm.demo.bulk.house import Place, Rules, Team
from krm.demo.bulk.intake import Concern, Reaction, reaction
from krm.demo.bulk.log import Log
from krm.demo.bulk.plans import Planner
from krm.demo.bulk.rows import Rows, first_numbers
from krm.demo.bulk.stream import finish_part
from krm.demo.bulk.writing import finish
from offices.models import Membership, Office, Unit, User
from offices.models.units import OfficeType
from offices.roles import Role
from offices.rules.vocabulary import LegalArea
from reporting.actions.facts import rebuild

A_YEAR = {"pankow": 420, "germersheim": 150, "gera": 170, "berlin-nord": 240}
TEAMS = ("711", "712", "721", "722")
YEARS, ENDS_BEFORE = 2, 8  # Kalendertage before today: what is younger is told by the stories
GREW, GREW_SHARE = "Kosten der Unterkunft", 0.16
IN_TROUBLE, TROUBLE_DAYS, FALLS_BEHIND = "722", 183, -4.0  # as far before the first year as makes half of it late


def write(offices: Sequence[Office], today: date) -> int:
    """Write the past of these offices, before anything else happens in them; the number of cases."""
    places = [_place(number, office) for number, office in enumerate(o for o in offices if o.slug in A_YEAR)]
    last = today.toordinal() - ENDS_BEFORE
    first = last - YEARS * 365
    rows, log = Rows(first_numbers(), 0, 1), Log()
    desk = Desk(Planner(places, first, last), rows, log, last)
    rng = Random("demo/history")  # noqa: S311 - believable, not secret
    plan = {place.number: arrivals.spread(YEARS * A_YEAR[_slug(place, offices)], first, last) for place in places}
    for day in range(first, last + 1):
        for place in places:
            for _ in range(plan[place.number][day - first]):
                _happens(desk, rng, place, day, (day - first) / (last - first))
        log.close_day(day)
    written = finish_part(rows, log)
    finish([table.model for table in rows.tables])
    for place in places:
        rebuild(Office.objects.get(pk=place.office_id))
    return written


def _slug(place: Place, offices: Sequence[Office]) -> str:
    return next(office.slug for office in offices if office.pk == place.office_id)


def _happens(desk: Desk, rng: Random, place: Place, day: int, progress: float) -> None:
    came = reaction(rng, place, 0.8 + 0.2 * progress)
    if progress > 0.5 and rng.random() < GREW_SHARE:
        came = _about(came, place, GREW)
    behind = came.team and came.team.number == IN_TROUBLE and desk.until - day < TROUBLE_DAYS
    ways.closed(Course(desk, rng, place, day, came), FALLS_BEHIND if behind else progress)


def _about(came: Reaction, place: Place, topic: str) -> Reaction:
    unit_id = came.team.unit_id if came.team else None
    return replace(came, subject=f"{topic}: Heizkosten nicht übernommen", concerns=(
        Concern("matter", place.topics[topic], unit_id), *came.concerns[1:]))  # fmt: skip


def _place(number: int, office: Office) -> Place:
    people = {u.username.partition(".")[2]: u.pk for u in User.objects.filter(username__startswith=f"{office.slug}.")}
    is_agency = office.type == OfficeType.EMPLOYMENT_AGENCY
    return Place(
        number=number,
        office_id=office.pk,
        code=office.code,
        name=office.name,
        state=office.state,
        postcode=office.postcode,
        city=office.city,
        legal_area=LegalArea.SGB3 if is_agency else LegalArea.SGB2,
        weight=1.0,
        officers=(people["krm"], people["krm2"]),
        front_office_id=people["vz"],
        teams=tuple(_team(office, unit) for unit in office.units.filter(number__in=TEAMS).order_by("number")),
        topics=dict(Topic.objects.filter(office=office).values_list("name", "pk")),
        rules=tuple(
            Rules(r.pk, r.preset, r.valid_from, r.valid_until) for r in office.rule_sets.order_by("valid_from")
        ),
    )


def _team(office: Office, unit: Unit) -> Team:
    seats = Membership.objects.filter(office=office, unit=unit).order_by("pk")
    lead = seats.filter(role=Role.TEAM_LEAD).values_list("user_id", flat=True)[0]
    staff = tuple(seats.filter(role=Role.EMPLOYEE).values_list("user_id", flat=True))
    return Team(unit.pk, unit.number, lead, staff)
