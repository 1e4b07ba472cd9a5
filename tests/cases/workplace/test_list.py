"""The list of cases: what its filters find, for whom, in which order, on which page."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from cases import paging
from cases.closing.actions import answer_orally, close
from cases.deadlines.actions.moving import pause
from cases.handling.actions.assign import accept, hand_to_unit
from cases.models import Case, Topic
from cases.rules.kinds import Channel, Kind, LegalArea, Outcome, Settlement
from cases.rules.registration import ConcernData, EmployeeData, PersonData
from offices.models import Membership, Office, Substitution, Unit, User
from offices.roles import Role
from tests import make
from tests.cast import TODAY, actor

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("house")]


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """The pages ask the clock; these tests are about Monday, 23.11.2026."""
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Europe/Berlin")))


@pytest.fixture
def krm(house):
    return actor("pankow.krm")


@pytest.fixture
def show(client):
    def get(name: str = "krm", headers: dict | None = None, **query):
        if name:  # "" stays signed in
            client.force_login(User.objects.get(username=name if "." in name else f"pankow.{name}"))
        answer = client.get(reverse("cases:list"), query, headers=headers)
        assert answer.status_code == 200
        return answer

    return get


@pytest.fixture
def found(show):
    """References on the page, in its order."""
    return lambda name="krm", **query: [row.case.reference for row in show(name, **query).context["rows"]]


def unit(number: str) -> Unit:
    return Unit.objects.get(office__slug="pankow", number=number)


def with_unit(krm, case: Case, number: str = "711") -> Case:
    return hand_to_unit(by=krm, case=case, unit=unit(number))


def closed(krm, case: Case) -> Case:
    answer_orally(by=krm, case=case, on=TODAY, note_text="Im Gespräch geklärt.")
    return close(
        by=krm,
        case=case,
        outcome=Outcome.NOT_UPHELD,
        outcome_reason="Der Bescheid war richtig.",
        alternatives="Ein Antrag auf Überprüfung wurde erklärt.",
        settlement=Settlement.CONVERSATION,
        concern_outcomes={},
    )


def test_list_begins_with_open_cases_the_latest_first(krm, found):
    old = make.case(krm, received_on=date(2026, 11, 2))
    new = make.case(krm)
    done = closed(krm, accept(by=krm, case=make.seen(krm)))
    assert found() == [new.reference, old.reference]
    assert found(stand="erledigt") == [done.reference]
    assert found(stand="closed") == [done.reference]
    assert found(stand="alle") == [done.reference, new.reference, old.reference]


def test_every_filter_finds_its_case_and_not_the_other(krm, found):
    topic = Topic.objects.get(office__slug="pankow", name="Freundlichkeit")
    case = make.case(
        krm,
        kind=Kind.PRAISE,
        channel=Channel.IN_PERSON,
        legal_area=LegalArea.SGB3,
        unit_id=unit("721").pk,
        received_on=date(2026, 11, 2),
        concerns=(ConcernData(nature=topic.nature, topic_id=topic.pk),),
        is_anonymous=True,
    )
    accept(by=krm, case=case)
    other = with_unit(krm, make.case(krm), "711")
    queries = [
        {"art": "praise"},
        {"weg": "in_person"},
        {"rechtskreis": "sgb3"},
        {"einheit": str(unit("721").pk)},
        {"einheit": str(unit("72").pk)},
        {"thema": str(topic.pk)},
        {"bis": "2026-11-02"},
        {"bis": "02.11.2026"},
        {"stand": "with_krm"},
        {"zug": "krm"},
        {"meine": "on"},
        {"anonym": "1"},
        {"frist": "ueberfaellig"},
        {"mein_tag": "ueberfaellig"},
    ]
    assert {str(query): found(**query) for query in queries} == {str(query): [case.reference] for query in queries}
    opposite = [{"von": "2026-11-03"}, {"anonym": "0"}, {"zug": "unit"}, {"frist": "woche"}, {"mein_tag": "wartet"}]
    for query in opposite:
        assert found(**query) == [other.reference], query


def test_due_today_and_this_week_are_told_apart(krm, found):
    on_monday = make.case(krm, channel=Channel.PHONE, received_on=date(2026, 11, 9))
    on_friday = make.case(krm, channel=Channel.PHONE, received_on=date(2026, 11, 13))
    make.case(krm, channel=Channel.PHONE, received_on=date(2026, 11, 16))
    assert found(frist="heute") == [on_monday.reference]
    assert found(frist="woche", sort="frist") == [on_monday.reference, on_friday.reference]


def test_outcome_is_found_among_closed_cases(krm, found):
    case = closed(krm, accept(by=krm, case=make.seen(krm)))
    assert found(ergebnis="not_upheld", stand="alle") == [case.reference]
    assert found(ergebnis="upheld", stand="alle") == []


@pytest.mark.parametrize(
    "words",
    ["{reference}", "{lower}", "1", "00001", "2026-1", "öztürk", "Öztürk-Groß", "ÖZTÜRK-GROSS", "Erika Öztürk",
     "öztürk-groß, erika", "035A123456", " 035A123456 "],
)  # fmt: skip
def test_search_finds_the_case_by_number_name_and_customer_number(krm, found, words):
    person = PersonData(first_name="Erika", last_name="Öztürk-Groß", customer_number="035A123456")
    case = make.case(krm, person=person)
    make.case(krm, person=PersonData(first_name="Karl", last_name="Ozturk"))
    assert found(q=words.format(reference=case.reference, lower=case.reference.lower())) == [case.reference]


@pytest.mark.parametrize("words", ["%", "_", "' OR 1=1", "AND NOT", '"', "PAN-2026", "2026-99999999999", "9" * 120])
def test_odd_search_words_find_nothing_and_break_nothing(krm, found, words):
    make.case(krm)
    assert found(q=words) == []


def test_search_looks_through_closed_cases_too(krm, found):
    case = closed(krm, accept(by=krm, case=make.seen(krm)))
    assert found(q=case.reference) == [case.reference]
    assert found(q=case.reference, stand="new") == []


def test_nobody_finds_or_counts_what_is_not_theirs(krm, show, found):
    krm2 = User.objects.get(username="pankow.krm2")
    about = make.case(krm, employees=(EmployeeData(user_id=krm2.pk),))
    sealed = make.case(krm, is_sealed=True)
    for name in ("krm2", "gera.krm", "revision", "admin", "controlling", "ma", "dsb"):
        for query in ({}, {"stand": "alle"}, {"q": about.reference}, {"q": sealed.reference}, {"page": "2"}):
            answer = show(name, **query)
            assert (answer.context["rows"], answer.context["page"].paginator.count) == ([], 0), (name, query)
    assert found("krm", stand="alle", sort="-nummer") == [sealed.reference, about.reference]


def test_there_is_no_filter_for_a_colleague(krm, found):
    accept(by=krm, case=make.case(krm))
    assert found("krm2", meine="on") == []
    pk = str(krm.user_id)
    assert len(found("krm2", handler=pk, bearbeitet=pk, responsible=pk)) == 1  # such parameters mean nothing


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("eingang", "abc"),
        ("-eingang", "cba"),
        ("nummer", "bca"),
        ("-nummer", "acb"),
        ("frist", "bac"),
        ("-frist", "cab"),
    ],
)
def test_list_is_sorted_as_asked(krm, found, sort, order):
    b = make.case(krm, channel=Channel.LETTER, received_on=date(2026, 11, 19))
    c = make.case(krm, channel=Channel.PHONE, received_on=date(2026, 11, 20))
    a = make.case(krm, channel=Channel.PHONE, received_on=date(2026, 11, 18))
    names = {a.reference: "a", b.reference: "b", c.reference: "c"}
    assert "".join(names[reference] for reference in found(sort=sort)) == order


def test_cases_without_a_date_come_last_either_way(krm, found):
    resting = accept(by=krm, case=make.case(krm))
    pause(by=krm, case=resting, category="other", reason="Gutachten", from_on=TODAY)
    dated = make.case(krm)
    assert found(sort="frist") == found(sort="-frist") == [dated.reference, resting.reference]


def test_closed_cases_are_not_sorted_by_a_date_they_do_not_have(krm, show):
    make.case(krm)
    problems = show(stand="alle", sort="frist").context["problems"]
    assert problems == ["Nach Frist und Stand lassen sich nur laufende Vorgänge sortieren."]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"stand": "quatsch"}, "Filter „Stand“:"),
        ({"einheit": "9" * 30}, "Filter „Einheit (mit allem darunter)“:"),
        ({"thema": "'"}, "Filter „Thema“:"),
        ({"von": "32.13.2026"}, "Filter „Eingang von“: Dieses Datum gibt es nicht."),
        ({"mein_tag": "x"}, "Filter „Mein Tag“:"),
        ({"q": "a\0b"}, "Filter „Suche“:"),
        ({"q": "x" * 121}, "Filter „Suche“:"),
        ({"sort": "handler"}, "Diese Sortierung gibt es nicht"),
        ({"page": "abc"}, "Diese Seite gibt es nicht"),
        ({"page": "99"}, "Diese Seite gibt es nicht"),
        ({"page": "-1"}, "Diese Seite gibt es nicht"),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence_and_left_out(krm, show, query, sentence):
    make.case(krm)
    answer = show(**query)
    (problem,) = answer.context["problems"]
    assert problem.startswith(sentence)
    assert len(answer.context["rows"]) == 1


def test_chips_name_the_filters_and_lead_to_the_list_without_them(krm, show):
    chips = show(q="groß", frist="heute", von="2026-11-01", meine="on", sort="frist", page="1").context["chips"]
    assert [(chip.label, chip.remove_url) for chip in chips] == [
        ("Suche: groß", "?frist=heute&von=2026-11-01&meine=on&sort=frist"),
        ("Frist: heute", "?q=gro%C3%9F&von=2026-11-01&meine=on&sort=frist"),
        ("nur von mir bearbeitete", "?q=gro%C3%9F&frist=heute&von=2026-11-01&sort=frist"),
        ("Eingang von: 01.11.2026", "?q=gro%C3%9F&frist=heute&meine=on&sort=frist"),
    ]


def test_htmx_gets_the_results_only_and_the_short_address(krm, show):
    make.case(krm)
    answer = show(headers={"HX-Request": "true"}, q="", frist="", art="complaint", sort="")
    assert answer.headers["HX-Push-Url"] == "/vorgaenge/?art=complaint"
    assert answer.headers["Vary"].split(", ").count("HX-Request") == 1
    assert answer.content.decode().strip().startswith('<div class="krm-results" id="results">')
    restored = show(headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert restored.content.decode().startswith("<!DOCTYPE html>")


def test_row_shows_state_turn_person_and_date(krm, show):
    make.case(krm, channel=Channel.PHONE, subject="Warten", unit_id=unit("711").pk)
    (row,) = show().context["rows"]
    assert (row.person, row.stand, row.turn_beside) == ("Öztürk-Groß, Erika", "Neu", "KRM am Zug")
    assert (row.due_on, row.signal.text) == (date(2026, 12, 7), "noch 10 AT")


def test_a_petition_to_lay_before_the_management_today_says_so(krm, show):
    petition = make.case(krm, kind=Kind.PETITION)
    accept(by=krm, case=petition)
    (row,) = show().context["rows"]
    assert (row.to_do, row.turn, row.due_on) == ("der Geschäftsführung vorlegen", "KRM", TODAY)


def test_anonymous_case_names_nobody(krm, show):
    make.case(krm, is_anonymous=True)
    assert [row.person for row in show().context["rows"]] == ["anonym"]


def test_deputy_sees_in_whose_place(krm, show):
    make.case(krm)
    absent, deputy = (User.objects.get(username=f"pankow.{name}") for name in ("krm", "expert"))
    Substitution.objects.create(absent=absent, deputy=deputy, from_on=TODAY, until_on=TODAY)
    assert [row.in_place_of for row in show("expert").context["rows"]] == ["Karin Ahrens"]
    assert [row.in_place_of for row in show("krm").context["rows"]] == [""]


def test_units_are_offered_without_cases_and_when_they_no_longer_exist(krm, show):
    Unit.objects.filter(office__slug="pankow", number="712").update(is_active=False)
    offered = dict(show().context["filter"].form.fields["einheit"].choices)
    assert sorted(offered.values()) == sorted(["alle", *map(str, Unit.objects.filter(office__slug="pankow"))])


def test_office_can_be_chosen_only_by_people_of_several(krm, show, found):
    gera = Office.objects.get(slug="gera")
    here, there = make.case(krm), make.case(actor("gera.krm"))
    assert "dienststelle" not in show().context["filter"].form.fields
    Membership.objects.create(user=krm.user, office=gera, role=Role.KRM_OFFICER, from_on=TODAY)
    assert sorted(found()) == sorted([here.reference, there.reference])
    assert found(dienststelle="gera") == [there.reference]
    assert sorted(found(q="1")) == sorted([here.reference, there.reference])


def test_pages_follow_each_other_without_gap_or_double(krm, found, show):
    for n in range(30):
        make.case(krm, subject=str(n))
    first, second = found(), found(page="2")
    assert (len(first), len(second), len({*first, *second})) == (25, 5, 30)
    assert "1–25 von 30" in show().content.decode()


def test_count_stops_at_the_limit_and_says_so(krm, show, monkeypatch):
    monkeypatch.setattr(paging, "COUNT_LIMIT", 26)
    for _ in range(27):
        make.case(krm)
    answer = show(page="2")
    assert (answer.context["page"].paginator.count, len(answer.context["rows"])) == (26, 1)
    assert "<strong>über 26</strong>" in answer.content.decode()
    assert "bitte mit Filtern eingrenzen" in answer.content.decode()


@pytest.mark.parametrize(("name", "most"), [("krm", 12), ("gf", 12), ("tl", 12), ("ma", 13), ("expert", 13)])
def test_list_asks_as_many_queries_for_one_case_as_for_thirty(
    krm, show, name, most, django_assert_max_num_queries, django_assert_num_queries
):
    absent, deputy = (User.objects.get(username=f"pankow.{person}") for person in ("krm", "expert"))
    Substitution.objects.create(absent=absent, deputy=deputy, from_on=TODAY, until_on=TODAY)
    ma = User.objects.get(username="pankow.ma")

    def add(count: int) -> None:
        for _ in range(count):
            hand_to_unit(by=krm, case=make.case(krm), unit=unit("711"), handler=ma)

    add(1)
    query = {"stand": "with_unit", "q": "öztürk", "sort": "frist"}
    show(name)
    with django_assert_max_num_queries(most) as first:
        assert len(show("", **query).context["rows"]) == 1
    add(29)
    with django_assert_num_queries(len(first)):
        assert len(show("", **query).context["rows"]) == 25
