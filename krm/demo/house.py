"""The five demo offices with units, people, roles, rule sets and topics; tests use the same house as their cast.

All names are invented. Usernames are `<office>.<role>`, for example pankow.krm.
"""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password

from cases.models import Letter, TextBlock, Topic
from cases.unit_of_work import action
from offices.actions import adopt_preset
from offices.models import Membership, Office, Unit, User
from offices.models.units import OfficeType, UnitKind
from offices.roles import Role
from petitions.actions.routes import adopt_routes
from petitions.models import Representative

PASSWORD = "krm-demo-2026"  # noqa: S105 - printed at every start of the demo
SINCE = date(2010, 1, 1)

# username part, role, unit number, first name, last name
PEOPLE = [
    ("krm", Role.KRM_OFFICER, "", "Karin", "Ahrens"),
    ("krm2", Role.KRM_OFFICER, "", "Jonas", "Beck"),
    ("gf", Role.MANAGEMENT, "", "Gudrun", "Falk"),
    ("lgf", Role.LGF, "71", "Lars", "Gerber"),
    ("bl", Role.DIVISION_LEAD, "71", "Birgit", "Lorenz"),
    ("tl", Role.TEAM_LEAD, "711", "Tobias", "Lindner"),
    ("tl2", Role.TEAM_LEAD, "712", "Tanja", "Liebig"),
    ("ma", Role.EMPLOYEE, "711", "Marta", "Adler"),
    ("ma2", Role.EMPLOYEE, "712", "Milan", "Arndt"),
    ("expert", Role.EXPERT, "", "Elke", "Xander"),
    ("vz", Role.FRONT_OFFICE, "", "Viola", "Zander"),
    ("dsb", Role.DPO, "", "Dirk", "Schubert"),
    ("traeger", Role.OWNER_REP, "", "Theresa", "Rau"),
    ("controlling", Role.CONTROLLING, "", "Conrad", "Engel"),
    ("revision", Role.AUDIT, "", "Renate", "Vogt"),
    ("admin", Role.SYSADMIN, "", "Adrian", "Minden"),
]

# number, name, kind, parent
UNITS = [
    ("71", "Markt und Integration", UnitKind.DIVISION, ""),
    ("711", "Team Vermittlung A", UnitKind.TEAM, "71"),
    ("712", "Team Vermittlung B", UnitKind.TEAM, "71"),
    ("72", "Leistungsgewährung", UnitKind.DIVISION, ""),
    ("721", "Team Leistung A", UnitKind.TEAM, "72"),
    ("722", "Team Leistung B", UnitKind.TEAM, "72"),
    ("79", "Recht", UnitKind.DIVISION, ""),
    ("791", "Rechtsbehelfsstelle", UnitKind.TEAM, "79"),
    ("610.L", "Büro der Geschäftsführung", UnitKind.TEAM, ""),
]

# group, topic, nature (B1-13; a neutral proposal, editable in every office)
TOPICS = [
    ("Leistung", "Bearbeitungsdauer", "matter"),
    ("Leistung", "Höhe und Berechnung", "matter"),
    ("Leistung", "Auszahlung", "matter"),
    ("Leistung", "Unterlagen, Verlust", "matter"),
    ("Leistung", "Kosten der Unterkunft", "matter"),
    ("Leistung", "Aufrechnung und Erstattung", "matter"),
    ("Leistung", "Minderung", "matter"),
    ("Vermittlung und Beratung", "Termine", "matter"),
    ("Vermittlung und Beratung", "Angebot", "matter"),
    ("Vermittlung und Beratung", "Maßnahme", "matter"),
    ("Vermittlung und Beratung", "Förderung", "matter"),
    ("Vermittlung und Beratung", "Kooperationsplan", "matter"),
    ("Verhalten", "Freundlichkeit", "conduct"),
    ("Verhalten", "Kompetenz", "conduct"),
    ("Verhalten", "Diskriminierung", "conduct"),
    ("Erreichbarkeit", "Telefon", "matter"),
    ("Erreichbarkeit", "persönlich", "matter"),
    ("Erreichbarkeit", "online", "matter"),
    ("Verständlichkeit", "Bescheide und Schreiben", "matter"),
    ("Organisation", "Abläufe", "matter"),
    ("Organisation", "Räume und Barrierefreiheit", "matter"),
    ("Gesetz und Politik", "Gesetz und Politik", "matter"),
    ("Sonstiges", "Sonstiges", "matter"),
]

# name, kind of letter ("" for all), text
TEXT_BLOCKS = [
    (
        "Dank für den Hinweis",
        Letter.Kind.FINAL,
        "Ihr Hinweis hilft uns, besser zu werden. Ich habe ihn mit der Einheit {einheit} besprochen.",
    ),
    (
        "Entschuldigung, Bearbeitungsdauer",
        Letter.Kind.FINAL,
        "Sie mussten zu lange warten. Dafür bitte ich Sie um Entschuldigung. Ihre Nachricht ist am {eingang} bei uns "
        "eingegangen; bearbeitet ist sie seit [Bitte ergänzen: Datum].",
    ),
    (
        "Unterlagen nachreichen",
        "",
        "Bitte senden Sie uns noch diese Unterlagen: [Bitte ergänzen: Welche?] Geben Sie dabei die Nummer "
        "{vorgangsnummer} an.",
    ),
    (
        "Wir brauchen länger",
        Letter.Kind.INTERIM,
        "Die Prüfung dauert länger als gedacht. Sie erhalten unsere Antwort voraussichtlich bis zum {antwort_bis}.",
    ),
    (
        "Persönliches Gespräch",
        "",
        "Gern sprechen wir auch persönlich mit Ihnen. Einen Termin vereinbart {ansprechperson}, Telefon {durchwahl}.",
    ),
]


@dataclass(frozen=True)
class DemoOffice:
    code: str
    slug: str
    name: str
    type: OfficeType
    state: str
    city: str
    postcode: str
    street: str
    preset: str
    area_code: str


OFFICES = [
    DemoOffice(
        "PAN",
        "pankow",
        "Jobcenter Berlin Pankow",
        OfficeType.JOBCENTER,
        "BE",
        "Berlin",
        "13187",
        "Musterallee 1",
        "pankow",
        "030",
    ),
    DemoOffice(
        "GER",
        "germersheim",
        "Jobcenter Landkreis Germersheim",
        OfficeType.JOBCENTER,
        "RP",
        "Germersheim",
        "76726",
        "Musterstraße 2",
        "germersheim",
        "07274",
    ),
    DemoOffice(
        "GERA", "gera", "Jobcenter Gera", OfficeType.JOBCENTER, "TH", "Gera", "07545", "Musterplatz 3", "gera", "0365"
    ),
    DemoOffice(
        "AAN",
        "berlin-nord",
        "Agentur für Arbeit Berlin Nord",
        OfficeType.EMPLOYMENT_AGENCY,
        "BE",
        "Berlin",
        "13057",
        "Musterring 4",
        "sgb3",
        "030",
    ),
    DemoOffice(
        "RDBB",
        "rd-bb",
        "Regionaldirektion Berlin-Brandenburg",
        OfficeType.REGIONAL_DIRECTORATE,
        "BE",
        "Berlin",
        "10969",
        "Musterufer 5",
        "hega-2015",
        "030",
    ),
]

BELOW_RD = ("pankow", "berlin-nord")

# office, body of its routes, the office that this is
BODIES = [
    ("pankow", "agency", "berlin-nord"),
    ("pankow", "regional_directorate", "rd-bb"),
    ("berlin-nord", "regional_directorate", "rd-bb"),
    ("rd-bb", "agency", "berlin-nord"),
]


@action
def build(slugs: tuple[str, ...] = ()) -> dict[str, Office]:
    """Create the demo offices (all, or those named) with everything in them; slug -> Office."""
    password = make_password(PASSWORD)
    built = {demo.slug: _build_office(demo, password) for demo in OFFICES if not slugs or demo.slug in slugs}
    _name_bodies(built)
    if "rd-bb" in built:
        Office.objects.filter(slug__in=BELOW_RD, pk__in=[o.pk for o in built.values()]).update(parent=built["rd-bb"])
    return built


def _build_office(demo: DemoOffice, password: str) -> Office:
    office = Office.objects.create(
        code=demo.code,
        slug=demo.slug,
        name=demo.name,
        type=demo.type,
        state=demo.state,
        city=demo.city,
        postcode=demo.postcode,
        street=demo.street,
        phone=f"{demo.area_code} 5550-0",
        fax=f"{demo.area_code} 5550-99",
        email=f"krm@{demo.slug}.example",
        opening_hours="Mo–Fr 8–12 Uhr\nDo 14–18 Uhr",
    )
    units = {}
    for number, name, kind, parent in UNITS:
        units[number] = Unit.objects.create(
            office=office, number=number, name=name, kind=kind, parent=units.get(parent)
        )
    for index, (part, role, number, first_name, last_name) in enumerate(PEOPLE, start=1):
        user = User.objects.create(
            username=f"{demo.slug}.{part}",
            password=password,
            first_name=first_name,
            last_name=last_name,
            email=f"{part}@{demo.slug}.example",
            phone=f"{demo.area_code} 5550-{100 + index}",
            room=f"2.{index:02}",
        )
        Membership.objects.create(user=user, office=office, unit=units.get(number), role=role, from_on=SINCE)
    Topic.objects.bulk_create(
        Topic(office=office, group=group, name=name, nature=nature) for group, name, nature in TOPICS
    )
    TextBlock.objects.bulk_create(
        TextBlock(office=office, name=name, kind=kind, text=text) for name, kind, text in TEXT_BLOCKS
    )
    adopt_preset(office=office, slug=demo.preset)
    adopt_routes(office=office)
    return office


def _name_bodies(built: dict[str, Office]) -> None:
    """Which bodies of an office's routes are demo offices themselves."""
    for slug, body, at in BODIES:
        if slug in built and at in built:
            Representative.objects.create(office=built[slug], body=body, at=built[at])


def logins() -> list[tuple[str, str, str]]:
    """Username, role and office of every demo login, for the start-up message."""
    return [(f"{o.slug}.{part}", role.label, o.name) for o in OFFICES for part, role, *_ in PEOPLE]
