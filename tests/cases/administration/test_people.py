"""People, roles from-until and units, kept by an administration that is kept away from the cases (B4-12)."""

from datetime import timedelta

import pytest
from django.test import Client

from cases.administration.actions.people import (
    add_membership,
    change_person,
    create_person,
    end_membership,
    renew_access,
    save_unit,
)
from cases.models import Event
from offices.errors import NotAllowed
from offices.models import Membership, Unit, User
from offices.roles import Role
from tests.cast import TODAY, actor

pytestmark = pytest.mark.usefixtures("house")
TOMORROW = TODAY + timedelta(1)


def user(name: str) -> User:
    return User.objects.get(username=f"pankow.{name}")


def client_of(name: str) -> Client:
    client = Client()
    client.force_login(user(name))
    return client


def last_event() -> Event:
    return Event.objects.order_by("pk").last()


class TestPeople:
    @pytest.fixture
    def admin(self):
        return actor("pankow.admin")

    def seat(self, name: str | None, role: Role = Role.EMPLOYEE, **values) -> Membership:
        office = Unit.objects.get(office__slug="pankow", number="711").office
        person = {"user": user(name)} if name else {}
        return Membership(**{"office": office, "role": role, "from_on": TODAY} | person | values)

    def new_person(self, admin) -> User:
        person = User(username="pankow.neu", first_name="Nora", last_name="Uhl")
        return create_person(by=admin, person=person, membership=self.seat(None))

    def test_new_account_has_its_role_and_no_password_and_the_log_no_name(self, admin):
        person = self.new_person(admin)

        assert (person.has_usable_password(), actor("pankow.neu").has_role(Role.EMPLOYEE)) == (False, True)
        events = Event.objects.order_by("pk").values_list("code", "data")
        assert list(events) == [
            ("person.created", {"user": person.pk}),
            ("membership.added", {"user": person.pk, "role": "Mitarbeiter/in", "from_on": "2026-11-23"}),
        ]

    def test_refused_role_leaves_no_account_behind(self, admin):
        with pytest.raises(NotAllowed, match="Ihre Rolle umfasst"):
            create_person(
                by=admin,
                person=User(username="gera.neu", last_name="Uhl"),
                membership=self.seat(None, office=User.objects.get(username="gera.krm").memberships.get().office),
            )
        assert not User.objects.filter(username="gera.neu").exists()

    def test_role_ends_by_date_and_stays_on_record(self, admin):
        seat = user("ma").memberships.get()
        end_membership(by=admin, membership=seat, until_on=TODAY)

        assert actor("pankow.ma").has_role(Role.EMPLOYEE)
        assert actor("pankow.ma", TOMORROW).seats == ()
        assert Membership.objects.get(pk=seat.pk).until_on == TODAY
        with pytest.raises(NotAllowed, match="endet schon am 23.11.2026"):
            end_membership(by=admin, membership=seat, until_on=TOMORROW)

    def test_same_role_twice_at_a_time_is_refused(self, admin):
        unit = Unit.objects.get(office__slug="pankow", number="711")

        with pytest.raises(NotAllowed, match="hat die Person in dieser Zeit schon"):
            add_membership(by=admin, membership=self.seat("ma", unit=unit))

    @pytest.mark.parametrize(("name", "role"), [("krm", Role.SYSADMIN), ("revision", Role.KRM_OFFICER)])
    def test_administration_and_cases_are_kept_apart_b4_12(self, admin, name, role):
        with pytest.raises(NotAllowed, match="bleiben von den Vorgängen getrennt"):
            add_membership(by=admin, membership=self.seat(name, role))

    def test_nobody_hands_themselves_a_role(self, admin):
        with pytest.raises(NotAllowed, match="Eigene Rollen"):
            add_membership(by=admin, membership=self.seat("admin", Role.AUDIT))
        with pytest.raises(NotAllowed, match="Eigene Rollen"):
            end_membership(by=admin, membership=user("admin").memberships.get(), until_on=TODAY)

    def test_account_that_serves_two_offices_is_not_changed_by_one_administration(self, admin):
        office = User.objects.get(username="gera.krm").memberships.get().office
        Membership.objects.create(user=user("ma"), office=office, role=Role.EMPLOYEE, from_on=TODAY)

        with pytest.raises(NotAllowed, match="gehört auch zu einer anderen Dienststelle"):
            renew_access(by=admin, person=user("ma"))

    def test_closing_the_account_ends_the_login(self, admin):
        client, person = client_of("ma"), user("ma")
        person.is_active = False
        change_person(by=admin, person=person, changed=["Konto ist offen"])

        assert client.get("/fristenrechner/").status_code == 302
        assert last_event().sentence == f"Konto geändert (Person Nr. {person.pk}): Konto ist offen"

    def test_the_own_account_stays_open(self, admin):
        person = user("admin")
        person.is_active = False

        with pytest.raises(NotAllowed, match="Das eigene Konto"):
            change_person(by=admin, person=person, changed=["Konto ist offen"])

    def test_unit_cannot_lie_below_itself(self, admin):
        division = Unit.objects.get(office__slug="pankow", number="71")
        division.parent = Unit.objects.get(office__slug="pankow", number="711")

        with pytest.raises(NotAllowed, match="auch nicht über andere"):
            save_unit(by=admin, unit=division)

    def test_number_of_a_unit_stands_once_in_an_office(self, admin):
        office = user("ma").memberships.get().office

        with pytest.raises(NotAllowed, match="Diese Nummer gibt es in der Dienststelle schon"):
            save_unit(by=admin, unit=Unit(office=office, number="711", name="Noch eines"))

    @pytest.mark.parametrize("name", ["krm", "gf", "revision"])
    def test_nobody_else_keeps_people(self, name):
        with pytest.raises(NotAllowed, match="Ihre Rolle umfasst"):
            add_membership(by=actor(f"pankow.{name}"), membership=self.seat("ma", Role.TEAM_LEAD))
