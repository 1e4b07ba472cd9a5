"""The nationwide house: Jobcenter and Agenturen in all Länder with Bereiche, Teams, people, rules and topics.

All people are invented. Usernames are `<office>.<part>` as in the demo house, for example jc-k.krm.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from random import Random

from django.contrib.auth.hashers import make_password
from django.db import transaction

from cases.models import TextBlock, Topic
from cases.rules.kinds import LegalArea
from krm.demo.bulk.towns import Town, towns
from krm.demo.bulk.wording import FIRST_NAMES, LAST_NAMES
from krm.demo.house import PASSWORD, SINCE, TEXT_BLOCKS, TOPICS
from offices.actions import adopt_preset
from offices.models import Membership, Office, RuleSet, Unit, User
from offices.models.units import OfficeType, UnitKind
from offices.roles import Role

LARGEST_HOUSE = 2 * len(towns())
SMALLEST_HOUSE = 4
OPEN_PER_OFFICE, CASES_PER_OFFICE = 30, 10_000
AGENCY_PRESETS = ("sgb3",)
JOBCENTER_PRESETS = (("hega-2015", "pankow"), ("germersheim",), ("gera",))  # a later one holds from its first day on
RULES_SINCE = date(2015, 10, 13)  # from here on every office has rules

DIVISIONS = {"71": "Markt und Integration", "72": "Leistungsgewährung", "73": "Fallmanagement"}
TEAMS = {
    "711": "Team Vermittlung A",
    "712": "Team Vermittlung B",
    "713": "Team Vermittlung C",
    "721": "Team Leistung A",
    "722": "Team Leistung B",
    "723": "Team Leistung C",
    "731": "Team Fallmanagement A",
    "732": "Team Fallmanagement B",
}
STAFF_PER_TEAM = 2
SINGLE_SEATS = {
    "krm": Role.KRM_OFFICER,
    "krm2": Role.KRM_OFFICER,
    "gf": Role.MANAGEMENT,
    "expert": Role.EXPERT,
    "vz": Role.FRONT_OFFICE,
    "dsb": Role.DPO,
    "traeger": Role.OWNER_REP,
    "controlling": Role.CONTROLLING,
    "revision": Role.AUDIT,
    "admin": Role.SYSADMIN,
}
UNIT_SEATS = {"lgf": (Role.LGF, "71")}


@dataclass(frozen=True)
class Team:
    """A team with who leads it and who works in it, by id."""

    unit_id: int
    number: str
    lead_id: int
    staff_ids: tuple[int, ...]


@dataclass(frozen=True)
class Rules:
    """A version of an office's rules; `line` names the published rules it is, `until_on` None means further on."""

    rule_set_id: int
    line: str
    from_on: date
    until_on: date | None


@dataclass(frozen=True)
class Place:
    """What a case needs to know of its office; people, topics and teams by id. `weight`: its share of the cases."""

    number: int
    office_id: int
    code: str
    name: str
    state: str
    postcode: str
    city: str
    legal_area: LegalArea
    weight: float
    officers: tuple[int, ...]
    front_office_id: int
    teams: tuple[Team, ...]
    topics: dict[str, int]
    rules: tuple[Rules, ...]

    def rules_on(self, day: date) -> Rules:
        """Of several versions in force the one that began last, as at registration."""
        in_force = [r for r in self.rules if r.from_on <= day and (r.until_on is None or r.until_on >= day)]
        return max(in_force, key=lambda r: r.from_on)


def size(cases: int, open_cases: int) -> int:
    """How many offices there are for so many cases; for the same open ones it grows with very many cases only."""
    wanted = max(-(-open_cases // OPEN_PER_OFFICE), -(-cases // CASES_PER_OFFICE), SMALLEST_HOUSE)
    return min(wanted, LARGEST_HOUSE)


@transaction.atomic
def build(seed: int, number: int) -> list[Place]:
    """Create so many offices beyond the demo house with everything in them, in the order of their Places."""
    rng = Random(f"{seed}/house")  # noqa: S311 - believable, not secret
    plans = _plans(number)
    offices = Office.objects.bulk_create([_office(town, agency) for town, agency in plans])
    units = _units(offices)
    people = _people(offices, units, rng)
    topics: dict[int, dict[str, int]] = defaultdict(dict)
    for topic in Topic.objects.bulk_create(
        [Topic(office=o, group=group, name=name, nature=nature) for o in offices for group, name, nature in TOPICS]
    ):
        topics[topic.office_id][topic.name] = topic.pk
    TextBlock.objects.bulk_create(
        [TextBlock(office=o, name=name, kind=kind, text=text) for o in offices for name, kind, text in TEXT_BLOCKS]
    )
    return [
        Place(
            number=place,
            office_id=office.pk,
            code=office.code,
            name=office.name,
            state=office.state,
            postcode=office.postcode,
            city=office.city,
            legal_area=LegalArea.SGB3 if agency else LegalArea.SGB2,
            weight=(0.5 if agency else 1.0) * (0.8 + 2 / (1 + town.rank)),
            officers=(people[office.pk, "krm"], people[office.pk, "krm2"]),
            front_office_id=people[office.pk, "vz"],
            teams=tuple(_team(office, number, units, people) for number in TEAMS),
            topics=topics[office.pk],
            rules=_adopt(office, town, agency),
        )
        for place, (office, (town, agency)) in enumerate(zip(offices, plans, strict=True))
    ]


def _plans(number: int) -> list[tuple[Town, bool]]:
    """Town and whether it is its Agentur, two Jobcenter to one Agentur at first; the largest towns come first."""
    jobcenters = [(town, False) for town in towns()]
    agencies = [(town, True) for town in towns()]
    found = []
    while len(found) < number:
        source = agencies if agencies and (len(found) % 3 == 2 or not jobcenters) else jobcenters
        found.append(source.pop(0))
    return found


def _office(town: Town, agency: bool) -> Office:
    kind = "Agentur für Arbeit" if agency else "Jobcenter"
    slug = f"{'aa' if agency else 'jc'}-{town.code.lower()}"
    return Office(
        code=f"{town.code}{'AA' if agency else 'JC'}",
        slug=slug,
        name=f"{kind} {town.name}",
        type=OfficeType.EMPLOYMENT_AGENCY if agency else OfficeType.JOBCENTER,
        state=town.state,
        street="Musterstraße 1",
        postcode=town.postcode,
        city=town.name.partition("-")[0],
        phone=f"{town.area_code} 5550-0",
        fax=f"{town.area_code} 5550-99",
        email=f"krm@{slug}.example",
        opening_hours="Mo–Fr 8–12 Uhr\nDo 14–18 Uhr",
    )


def _units(offices: list[Office]) -> dict[tuple[int, str], Unit]:
    found: dict[tuple[int, str], Unit] = {}
    divisions = [
        Unit(office=o, number=number, name=name, kind=UnitKind.DIVISION)
        for o in offices
        for number, name in DIVISIONS.items()
    ]
    for unit in Unit.objects.bulk_create(divisions):
        found[unit.office_id, unit.number] = unit
    teams = [
        Unit(office=o, number=number, name=name, kind=UnitKind.TEAM, parent=found[o.pk, number[:2]])
        for o in offices
        for number, name in TEAMS.items()
    ]
    for unit in Unit.objects.bulk_create(teams):
        found[unit.office_id, unit.number] = unit
    return found


def _seats() -> dict[str, tuple[Role, str]]:
    """Part of the username -> role and number of the unit."""
    seats = {part: (role, "") for part, role in SINGLE_SEATS.items()} | UNIT_SEATS
    seats |= {f"bl{number}": (Role.DIVISION_LEAD, number) for number in DIVISIONS}
    seats |= {f"tl{number}": (Role.TEAM_LEAD, number) for number in TEAMS}
    return seats | {f"ma{number}{n}": (Role.EMPLOYEE, number) for number in TEAMS for n in range(1, STAFF_PER_TEAM + 1)}


def _people(offices: list[Office], units: dict[tuple[int, str], Unit], rng: Random) -> dict[tuple[int, str], int]:
    """(office, part of the username) -> id of the person, each with the seat."""
    password, seats = make_password(PASSWORD), _seats()
    keys = [(office, part) for office in offices for part in seats]
    users = User.objects.bulk_create(
        [
            User(
                username=f"{office.slug}.{part}",
                password=password,
                first_name=rng.choice(FIRST_NAMES[rng.choice(("ms", "mr"))]),
                last_name=rng.choice(LAST_NAMES),
                email=f"{part}@{office.slug}.example",
                phone=f"{office.phone[:-1]}{100 + place % len(seats)}",
                room=f"2.{place % len(seats):02}",
            )
            for place, (office, part) in enumerate(keys)
        ]
    )
    Membership.objects.bulk_create(
        [
            Membership(user=user, office=office, unit=units.get((office.pk, seats[part][1])), role=seats[part][0],
                       from_on=SINCE)
            for user, (office, part) in zip(users, keys, strict=True)
        ]
    )  # fmt: skip
    return {(office.pk, part): user.pk for user, (office, part) in zip(users, keys, strict=True)}


def _team(office: Office, number: str, units: dict[tuple[int, str], Unit], people: dict[tuple[int, str], int]) -> Team:
    staff = tuple(people[office.pk, f"ma{number}{n}"] for n in range(1, STAFF_PER_TEAM + 1))
    return Team(units[office.pk, number].pk, number, people[office.pk, f"tl{number}"], staff)


def _adopt(office: Office, town: Town, agency: bool) -> tuple[Rules, ...]:
    lines = AGENCY_PRESETS if agency else JOBCENTER_PRESETS[sum(map(ord, town.state)) % len(JOBCENTER_PRESETS)]
    return tuple(_version(adopt_preset(office=office, slug=line)) for line in lines)


def _version(rule_set: RuleSet) -> Rules:
    return Rules(rule_set.pk, rule_set.preset, rule_set.valid_from, rule_set.valid_until)
