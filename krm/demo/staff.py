"""More people for the demo offices than the cast of the tests: teams large enough for figures of their own."""

from django.contrib.auth.hashers import make_password

from krm.demo.house import PASSWORD, SINCE
from offices.models import Membership, Office, User
from offices.roles import Role

# username part, role, unit number, first name, last name; all invented
MORE_PEOPLE = [
    ("bl2", Role.DIVISION_LEAD, "72", "Bernd", "Lutz"),
    ("tl3", Role.TEAM_LEAD, "721", "Thea", "Landsberg"),
    ("tl4", Role.TEAM_LEAD, "722", "Timo", "Lenz"),
    ("ma3", Role.EMPLOYEE, "711", "Meike", "Abel"),
    ("ma4", Role.EMPLOYEE, "712", "Mustafa", "Aydin"),
    ("ma5", Role.EMPLOYEE, "721", "Mona", "Alt"),
    ("ma6", Role.EMPLOYEE, "721", "Moritz", "Ander"),
    ("ma7", Role.EMPLOYEE, "722", "Melina", "Arnold"),
    ("ma8", Role.EMPLOYEE, "722", "Max", "Assmann"),
]


def join(office: Office) -> None:
    """Add them to an office that the demo house built."""
    password, units = make_password(PASSWORD), {unit.number: unit for unit in office.units.all()}
    for place, (part, role, number, first_name, last_name) in enumerate(MORE_PEOPLE, start=30):
        user = User.objects.create(
            username=f"{office.slug}.{part}",
            password=password,
            first_name=first_name,
            last_name=last_name,
            email=f"{part}@{office.slug}.example",
            phone=f"{office.phone[:-1]}{100 + place}",
            room=f"2.{place:02}",
        )
        Membership.objects.create(user=user, office=office, unit=units[number], role=role, from_on=SINCE)
