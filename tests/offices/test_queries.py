"""Who acts today, with which seats: own ones, and those „i. V.“ within the dates of a Vertretung."""

import itertools
import random
from datetime import date, timedelta

import pytest

from offices import queries
from offices.errors import NotAllowed
from offices.models import Membership, RuleSet, Substitution, Unit, User
from offices.queries import absences_on, actor_for, actors_for, latest_version, rule_set_in_force
from offices.roles import Permission, Role, Scope
from offices.rules.substitution import Absence
from tests.cast import TODAY, actor

pytestmark = pytest.mark.usefixtures("house")
WEEK = timedelta(days=7)


def user(name: str) -> User:
    return User.objects.get(username=f"pankow.{name}")


def away(absent: str, deputy: str, from_on: date = TODAY, until_on: date = TODAY) -> Substitution:
    return Substitution.objects.create(absent=user(absent), deputy=user(deputy), from_on=from_on, until_on=until_on)


def roles_of(name: str, today: date = TODAY) -> list[tuple[Role, str]]:
    found = actor_for(user(name), today)
    names = dict(User.objects.values_list("pk", "username"))
    return [(seat.role, names[seat.holder_id].removeprefix("pankow.")) for seat in found.seats]


def test_deputy_gets_the_seats_only_within_the_dates_pan14():
    away("krm", "expert", TODAY, TODAY + WEEK)

    assert roles_of("expert", TODAY - timedelta(1)) == [(Role.EXPERT, "expert")]
    assert roles_of("expert") == [(Role.EXPERT, "expert"), (Role.KRM_OFFICER, "krm")]
    assert roles_of("expert", TODAY + WEEK) == [(Role.EXPERT, "expert"), (Role.KRM_OFFICER, "krm")]
    assert roles_of("expert", TODAY + WEEK + timedelta(1)) == [(Role.EXPERT, "expert")]


def test_vorzimmer_stands_in_for_the_administration_and_decides_nothing_k23():
    away("krm", "vz")
    acting = actor("pankow.vz")
    office_id = acting.seats[0].office_id

    decides = {p for p in Permission if acting.may(p, office_id)}
    assert {Permission.EDIT, Permission.DISPATCH, Permission.NOTE} <= decides
    forbidden = {Permission.TRIAGE, Permission.SIGN, Permission.DIRECT, Permission.CLOSE, Permission.WRITE_LETTERS}
    assert decides & forbidden == set()


def test_where_the_rules_name_no_administration_a_deputy_stands_in_for_all():
    away("krm", "krm2")
    away("gf", "bl")

    assert actor("pankow.krm2").may(Permission.CLOSE)
    assert [s.administration_only for s in actor("pankow.bl").seats] == [False, False]


def test_what_the_deputy_does_is_known_to_be_in_place_of_somebody():
    away("krm", "expert")
    acting = actor("pankow.expert")

    assert acting.acts_for(Permission.CLOSE, acting.seats[0].office_id) == user("krm").pk
    assert acting.acts_for(Permission.READ_RULES, acting.seats[0].office_id) is None


def test_who_is_away_keeps_the_own_seats():
    away("krm", "expert")

    assert roles_of("krm") == [(Role.KRM_OFFICER, "krm")]


def test_chain_of_deputies_hands_all_seats_to_the_last():
    away("krm", "krm2")
    away("krm2", "expert")

    assert roles_of("expert") == [
        (Role.EXPERT, "expert"),
        (Role.KRM_OFFICER, "krm"),
        (Role.KRM_OFFICER, "krm2"),
    ]


def test_circle_gives_nobody_anything():
    away("krm", "krm2")
    away("krm2", "krm")

    assert roles_of("krm2") == [(Role.KRM_OFFICER, "krm2")]


def test_ended_and_coming_seats_do_not_count():
    Membership.objects.filter(user=user("ma")).update(until_on=TODAY - timedelta(1))
    Membership.objects.filter(user=user("ma2")).update(from_on=TODAY + timedelta(1))

    assert (roles_of("ma"), roles_of("ma2")) == ([], [])


def test_last_day_of_a_seat_still_counts():
    Membership.objects.filter(user=user("ma")).update(until_on=TODAY)

    assert roles_of("ma") == [(Role.EMPLOYEE, "ma")]


def test_seat_of_a_division_holds_all_teams_below():
    (seat,) = actor("pankow.bl").seats
    numbers = Unit.objects.filter(pk__in=seat.unit_ids).order_by("number").values_list("number", flat=True)

    assert list(numbers) == ["71", "711", "712"]


def test_scope_follows_k18_of_the_own_office():
    assert actor("pankow.tl").seats[0].scope == Scope.OFFICE
    assert actor("germersheim.tl").seats[0].scope == Scope.ASSIGNED


def test_office_without_rules_in_force_reads_k18_in_its_narrowest_way():
    assert actor("rd-bb.tl").seats[0].scope == Scope.ASSIGNED


def test_no_rules_in_force_is_said_in_a_sentence(house):
    with pytest.raises(NotAllowed, match="kein Regelwerk in Kraft"):
        rule_set_in_force(house["rd-bb"], TODAY)


def test_latest_version_may_lie_ahead(house):
    base = house["pankow"].rule_sets.get()
    later = RuleSet.objects.create(
        office=base.office,
        version=2,
        title=base.title,
        valid_from=TODAY + WEEK,
        document=base.document,
        created_at=base.created_at,
    )

    assert latest_version(base.office) == later
    assert rule_set_in_force(base.office, TODAY) == base


def test_actor_costs_as_many_queries_with_many_deputies_as_with_one(django_assert_num_queries):
    expert = user("expert")
    away("bl", "expert")
    with django_assert_num_queries(3):
        actor_for(expert, TODAY)
    away("krm", "expert")
    away("krm2", "expert")
    away("tl", "expert")
    with django_assert_num_queries(3):
        actor_for(expert, TODAY)


def test_the_actors_of_many_people_are_those_of_each_alone_in_as_many_queries(house, django_assert_max_num_queries):
    away("krm", "expert")
    away("gf", "bl")
    away("bl", "lgf")
    away("tl", "tl2")
    away("tl2", "tl")
    Substitution.objects.filter(absent__in=[user("gf"), user("tl")]).update(by_leaders=True)
    Membership.objects.filter(user=user("krm2")).update(office=house["gera"], unit=None)
    away("krm2", "ma")
    away("admin", "ma")
    people = list(User.objects.filter(username__startswith="pankow."))

    with django_assert_max_num_queries(3):
        together = actors_for(people, TODAY, absences_on(TODAY))

    assert together == {one.pk: actor_for(one, TODAY) for one in people}
    assert {seat.holder_id for seat in together[user("lgf").pk].seats} == {user(n).pk for n in ("lgf", "bl", "gf")}
    assert {seat.holder_id for seat in together[user("lgf").pk].seats if seat.by_leaders} == {user("gf").pk}
    assert together[user("ma").pk].holder_ids == {user("ma").pk}


def test_of_a_thousand_absences_only_those_are_read_whose_chain_leads_here(monkeypatch, django_assert_max_num_queries):
    strangers = User.objects.bulk_create(User(username=f"fern.{n}") for n in range(1001))
    Substitution.objects.bulk_create(
        Substitution(absent=absent, deputy=deputy, from_on=TODAY, until_on=TODAY)
        for absent, deputy in itertools.pairwise(strangers)
    )
    away("krm", "krm2")
    read = []
    monkeypatch.setattr(queries, "Absence", lambda *row: read.append(row) or Absence(*row))

    assert actor_for(user("expert"), TODAY).holder_ids == {user("expert").pk}
    assert read == []
    assert actor_for(user("krm2"), TODAY).holder_ids == {user("krm2").pk, user("krm").pk}
    assert len(read) == 1
    read.clear()
    with django_assert_max_num_queries(3):
        assert actor_for(strangers[-1], TODAY).seats == ()
    assert len(read) == 1000


@pytest.mark.parametrize("seed", range(8))
def test_who_is_represented_is_the_same_as_with_all_absences_of_the_day(seed):
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    people = list(User.objects.filter(username__startswith="pankow.").order_by("pk"))
    for _ in range(2 * len(people)):
        absent, deputy = chance.sample(people, 2)
        first = TODAY + timedelta(chance.randint(-3, 1))
        last = first + timedelta(chance.randint(0, 4))
        by_leaders = chance.random() < 0.3
        Substitution.objects.create(absent=absent, deputy=deputy, from_on=first, until_on=last, by_leaders=by_leaders)

    assert {p.pk: actor_for(p, TODAY) for p in people} == actors_for(people, TODAY, absences_on(TODAY))
