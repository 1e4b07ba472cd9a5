"""What ends with the last seat of somebody, and what another seat keeps (B4-1)."""

from datetime import timedelta

import pytest
from django.test import Client

from cases.access import grant, seal
from cases.administration.actions.people import end_membership
from cases.intake.actions.drafts import save_draft
from cases.models import Case, Event, Mail, RegistrationDraft
from cases.notices.actions.settings import new_calendar_address
from cases.notices.reading.calendar_feed import holder_of
from offices.models import Membership, Substitution, User
from tests import make
from tests.cast import TODAY, actor

pytestmark = pytest.mark.usefixtures("house")
DAY = timedelta(1)
NAME = "pankow.krm2"


def person(name: str = NAME) -> User:
    return User.objects.get(username=name)


def seat(name: str = NAME) -> Membership:
    return person(name).memberships.order_by("pk").first()


def ends(until_on=TODAY) -> None:
    end_membership(by=actor("pankow.admin"), membership=seat(), until_on=until_on)


def substitution(absent: str, deputy: str, from_on=TODAY - DAY, until_on=TODAY + 9 * DAY) -> Substitution:
    return Substitution.objects.create(absent=person(absent), deputy=person(deputy), from_on=from_on, until_on=until_on)


@pytest.fixture
def case() -> Case:
    case = make.case(actor("pankow.krm"), received_on=TODAY)
    grant(by=actor("pankow.krm"), case=case, user=person())
    return case


@pytest.fixture
def belongings(case) -> dict:
    """All that a seat carries: single access, both Vertretungen, a coming one, calendar, draft, session."""
    save_draft(by=actor(NAME), data={"text": ["angefangen"]})
    client = Client()
    client.force_login(person())
    return {
        "token": new_calendar_address(by=actor(NAME)),
        "client": client,
        "away": substitution(NAME, "pankow.krm"),
        "deputy": substitution("pankow.expert", NAME),
        "coming": substitution(NAME, "pankow.krm", TODAY + 20 * DAY, TODAY + 25 * DAY),
    }


def left(case: Case, belongings: dict) -> dict:
    return {
        "grant": case.caseusergrant_set.filter(user=person()).exists(),
        "calendar": holder_of(belongings["token"]) is not None,
        "draft": RegistrationDraft.objects.filter(user=person()).exists(),
        "session": belongings["client"].get("/fristenrechner/").status_code == 200,
        "lasting": Substitution.objects.filter(until_on__gt=TODAY).count(),
    }


ALL = {"grant": True, "calendar": True, "draft": True, "session": True, "lasting": 3}


def test_all_of_it_ends_with_the_last_seat(case, belongings):
    assert left(case, belongings) == ALL
    ends()

    assert left(case, belongings) == dict.fromkeys(ALL, False) | {"lasting": 0}
    assert set(Substitution.objects.values_list("pk", "until_on")) == {
        (belongings["away"].pk, TODAY),
        (belongings["deputy"].pk, TODAY),
    }


def test_each_end_stands_in_the_log(case, belongings):
    ends()

    codes = list(Event.objects.order_by("seq").filter(office=case.office).values_list("code", "case"))[-6:]
    assert codes == [
        ("membership.ended", None),
        ("case.access_withdrawn", case.pk),
        ("substitution.ended", None),
        ("substitution.ended", None),
        ("substitution.cancelled", None),
        ("membership.last_ended", None),
    ]


def test_people_of_the_vertretungen_are_told(belongings):
    ends()

    told = set(Mail.objects.filter(subject__contains="Vertretung").values_list("to__username", flat=True))
    assert told == {NAME, "pankow.krm", "pankow.expert"}


def test_a_second_seat_in_the_office_keeps_everything(case, belongings):
    Membership.objects.create(user=person(), office=case.office, role="employee", from_on=TODAY)
    ends()

    assert left(case, belongings) == ALL


def test_a_seat_that_ends_first_keeps_nothing(case, belongings):
    Membership.objects.create(user=person(), office=case.office, role="employee", from_on=TODAY - DAY, until_on=TODAY)
    ends()

    assert left(case, belongings) == dict.fromkeys(ALL, False) | {"lasting": 0}


def test_a_seat_in_another_office_keeps_all_but_the_single_access(case, belongings):
    Membership.objects.create(user=person(), office=seat("gera.krm").office, role="employee", from_on=TODAY)
    ends()

    assert left(case, belongings) == ALL | {"grant": False}


def test_grants_of_the_other_office_stay(belongings):
    gera = seat("gera.krm").office
    Membership.objects.create(user=person(), office=gera, role="employee", from_on=TODAY)
    there = make.case(actor("gera.krm"), received_on=TODAY)
    grant(by=actor("gera.krm"), case=there, user=person())
    ends()

    assert there.caseusergrant_set.filter(user=person()).exists()


def test_a_seat_that_ends_later_gives_the_vertretungen_its_last_day_and_leaves_the_rest(case, belongings):
    ends(TODAY + 2 * DAY)

    assert left(case, belongings) == ALL | {"lasting": 2}
    lasting = Substitution.objects.filter(until_on__gt=TODAY).values_list("until_on", flat=True)
    assert set(lasting) == {TODAY + 2 * DAY}


def test_what_was_done_in_somebodys_place_stays_so(belongings):
    Membership.objects.filter(user=person()).update(from_on=TODAY - 99 * DAY)
    Substitution.objects.filter(pk=belongings["away"].pk).update(from_on=TODAY - 9 * DAY)
    ends(TODAY - 5 * DAY)

    assert Substitution.objects.get(pk=belongings["away"].pk).until_on == TODAY - DAY


def test_the_only_access_to_a_sealed_case_stays_and_opens_nothing(case, belongings):
    seal(by=actor(NAME), case=case)
    case.caseusergrant_set.exclude(user=person()).delete()
    ends(TODAY - DAY)

    assert left(case, belongings)["grant"]
    assert not Case.objects.visible_to(actor(NAME)).filter(pk=case.pk).exists()


def test_sessions_of_others_go_on(belongings):
    other = Client()
    other.force_login(person("pankow.krm"))
    ends()

    assert other.get("/fristenrechner/").status_code == 200
    assert belongings["client"].get("/fristenrechner/").status_code == 302


class TestPage:
    def page(self, name: str = NAME) -> str:
        client = Client()
        client.force_login(person("pankow.admin"))
        return client.get(f"/personen/rollen/{seat(name).pk}/beenden/").content.decode()

    def test_it_says_what_is_still_open_and_where_it_is_handed_on(self, case):
        assert "Noch offen" not in self.page()

        Case.objects.filter(pk=case.pk).update(handler=person())
        page = self.page()
        assert "<li>Vorgänge</li>" in page
        assert "/uebergaben/" in page
        assert case.reference not in page

    @pytest.mark.parametrize("hidden", ["is_sealed", "against_management"])
    def test_nothing_tells_of_a_hidden_case(self, case, hidden):
        Case.objects.filter(pk=case.pk).update(handler=person(), **{hidden: True})

        assert "Noch offen" not in self.page()

    def test_work_in_another_office_is_not_shown(self, case):
        there = make.case(actor("gera.krm"), received_on=TODAY)
        Case.objects.filter(pk=there.pk).update(handler=person())

        assert "Noch offen" not in self.page()

    def test_what_ends_is_said_as_far_as_it_ends(self, case):
        assert "die Kalenderadresse" in self.page()

        Membership.objects.create(user=person(), office=seat("gera.krm").office, role="employee", from_on=TODAY)
        page = self.page()
        assert "Einzelzugriffe" in page
        assert "die Kalenderadresse" not in page

        Membership.objects.create(user=person(), office=case.office, role="employee", from_on=TODAY)
        assert "die letzte Rolle der Person" not in self.page()
