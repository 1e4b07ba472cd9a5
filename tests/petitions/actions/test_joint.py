"""Two persons of two Träger authorise together (GER-29): persons are counted, not accounts."""

import pytest

from offices.errors import NotAllowed
from offices.models import Membership, Office, Substitution, User
from offices.roles import Role
from petitions.actions.chain import give_back, pass_on
from petitions.actions.routes import name_representatives
from petitions.models import Station
from petitions.rules.vocabulary import Competence, StationRole, Topic
from tests.cast import TODAY, actor
from tests.petitions import walk

pytestmark = pytest.mark.usefixtures("house")
AGENCY, DISTRICT = "agency_chair", "district"
SAME = "Für den anderen Träger hat dieselbe Person autorisiert; es müssen zwei Personen sein (GER-29)."
DEPUTY = (
    "Für den anderen Träger hat jemand autorisiert, der diese Person vertritt oder von ihr vertreten wird; "
    "es müssen zwei Personen zweier Träger sein (GER-29)."
)


def person(name: str, **changes) -> User:
    values = {"first_name": name.title(), "last_name": "Traeger", "email": f"{name}@traeger.example"} | changes
    user = User.objects.create(username=f"germersheim.{name}", **values)
    office = Office.objects.get(slug="germersheim")
    Membership.objects.create(user=user, office=office, role=Role.OWNER_REP, from_on=TODAY)
    return user


def represent(body: str, *users: User) -> None:
    office = Office.objects.get(slug="germersheim")
    name_representatives(by=actor("germersheim.krm"), office=office, body=body, users=users)


def first_station() -> Station:
    request = walk.started("germersheim", competence=Competence.OWNERS_ASSEMBLY, topic=Topic.ORGANISATION)
    return walk.until(request, StationRole.AUTHORISE, AGENCY)


def refusal(user: User | None, station: Station, **arguments) -> str:
    by = actor(user.username) if user else actor("germersheim.krm")
    with pytest.raises(NotAllowed) as refused:
        pass_on(by=by, station=station, **arguments)
    station.refresh_from_db()
    assert station.is_open
    return refused.value.reason


def test_two_persons_of_two_traeger_authorise_and_each_sees_their_own_station():
    one, other = person("one"), person("other")
    represent(AGENCY, one)
    represent(DISTRICT, other)
    station = first_station()
    assert list(Station.objects.visible_to(actor(one.username))) == [station]
    assert not Station.objects.visible_to(actor(other.username)).exists()
    pass_on(by=actor(one.username), station=station)
    second = walk.the_open(station.request)
    assert list(Station.objects.visible_to(actor(other.username))) == [second]
    pass_on(by=actor(other.username), station=second)
    assert walk.the_open(station.request).role == StationRole.DISPATCH


def test_each_of_them_may_return_it_with_reasons():
    one, other = person("one"), person("other")
    represent(AGENCY, one)
    represent(DISTRICT, other)
    station = first_station()
    pass_on(by=actor(one.username), station=station)
    second = walk.the_open(station.request)
    give_back(by=actor(other.username), station=second, to="all/house/krm/write", reason="Zahlen fehlen.")
    again = walk.until(station.request, StationRole.AUTHORISE, AGENCY)
    assert (again.round, again.people.get()) == (2, one)
    pass_on(by=actor(one.username), station=again)
    pass_on(by=actor(other.username), station=walk.the_open(station.request))
    assert walk.the_open(station.request).role == StationRole.DISPATCH


def test_the_same_account_does_not_authorise_for_both():
    one = person("one")
    represent(AGENCY, one)
    represent(DISTRICT, one)
    station = first_station()
    pass_on(by=actor(one.username), station=station)
    assert refusal(one, walk.the_open(station.request)) == SAME


@pytest.mark.parametrize(
    "changes", [{"first_name": "ONE", "last_name": "Traeger"}, {"email": "One@traeger.example"}], ids=["name", "e-mail"]
)
def test_two_accounts_of_one_person_are_one_person(changes):
    one, account = person("one"), person("second", **changes)
    represent(AGENCY, one)
    represent(DISTRICT, account)
    station = first_station()
    pass_on(by=actor(one.username), station=station)
    assert refusal(account, walk.the_open(station.request)) == SAME


def test_a_person_and_their_deputy_are_not_two_traeger():
    one, deputy = person("one"), person("deputy")
    represent(AGENCY, one)
    represent(DISTRICT, deputy)
    station = first_station()
    pass_on(by=actor(one.username), station=station)
    Substitution.objects.create(absent=one, deputy=deputy, from_on=TODAY, until_on=TODAY)
    assert refusal(deputy, walk.the_open(station.request)) == DEPUTY


def test_who_stood_in_for_the_one_does_not_authorise_for_the_other():
    one, deputy = person("one"), person("deputy")
    represent(AGENCY, one)
    represent(DISTRICT, deputy)
    absence = Substitution.objects.create(absent=one, deputy=deputy, from_on=TODAY, until_on=TODAY)
    station = first_station()
    pass_on(by=actor(deputy.username), station=station)
    station.refresh_from_db()
    assert (station.done_by, station.for_user) == (deputy, one)
    absence.delete()
    assert refusal(deputy, walk.the_open(station.request)) == SAME


def test_the_desk_that_enters_it_for_both_names_two_persons():
    station = first_station()
    assert refusal(None, station) == "Bitte angeben, wer für den Träger autorisiert hat (GER-29)."
    pass_on(by=actor("germersheim.krm"), station=station, person="Dr. Anna Beispiel")
    second = walk.the_open(station.request)
    assert refusal(None, second, person="dr anna  BEISPIEL") == SAME
    pass_on(by=actor("germersheim.krm"), station=second, person="Bernd Muster")
    assert walk.the_open(station.request).role == StationRole.DISPATCH
