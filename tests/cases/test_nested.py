"""Rows that come with what they belong to: the same rows as Django's own queries give, in one query."""

import pytest
from django.db.models import UUIDField

from cases import nested
from cases.lookup import PARTS, visible_case
from cases.models import Assignment, Case, ConcernedEmployee, Deadline
from cases.nested import Part, all_with, first_with, is_loaded, load
from cases.workplace.reading import story
from offices.models import Office, User
from tests import make, scene
from tests.cast import actor

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture
def krm(house):
    return actor("pankow.krm")


def values_of(row, part: Part) -> dict:
    """Every column with its value and type, rows joined and rows below included."""
    found = {}
    for field in type(row)._meta.concrete_fields:
        if field.name not in part.without | nested.LEFT_OUT:
            value = getattr(row, field.attname)
            found[field.attname] = (type(value), value if not hasattr(value, "name") else value.name)
    for name in part.joined:
        target = getattr(row, name)
        found[name] = target and (target.pk, str(target))
    for inner in part.parts:
        below = type(row)._meta.get_field(inner.relation).accessor_name
        found[inner.relation] = [values_of(entry, inner) for entry in getattr(row, below).all()]
    return found


def test_every_list_of_every_case_is_what_the_database_gives(django_assert_num_queries):
    scene.build()
    parts, filled = (*PARTS, *story.PARTS), set()
    with django_assert_num_queries(1):
        cases = all_with(Case.objects.order_by("pk"), *parts)
        found = {case: {part: rows_of(case, part) for part in parts} for case in cases}
    assert len(cases) > 10
    for case in cases:
        plain = Case.objects.get(pk=case.pk)
        for part in parts:
            expected = [values_of(row, part) for row in rows_of(plain, part)]
            assert [values_of(row, part) for row in found[case][part]] == expected, part
            filled |= {part.relation} if expected else set()
    assert {part.relation for part in parts} - filled <= {"escalations", "transfers"}


def rows_of(case: Case, part: Part) -> list:
    relation = Case._meta.get_field(part.relation)
    if relation.many_to_one:
        return [row for row in [getattr(case, part.relation)] if row]
    return list(getattr(case, relation.accessor_name).all())


def test_rows_know_whom_they_belong_to_and_joined_ones_are_there(krm, django_assert_num_queries):
    make.case(krm)
    with django_assert_num_queries(1):
        case = first_with(Case.objects.all(), Part("deadlines", joined=("assignee",)), Part("concerns", ("topic",)))
        assert all(deadline.case is case for deadline in case.deadlines.all())
        assert [deadline.assignee for deadline in case.deadlines.all()] == [None] * len(case.deadlines.all())
        assert str(case.concerns.all()[0].topic)


def test_nothing_found_is_none_and_an_empty_list_is_empty(krm):
    assert first_with(Case.objects.filter(reference="PAN-1999-00001"), *PARTS) is None
    make.case(krm, is_anonymous=True, person=None)
    assert list(first_with(Case.objects.all(), Part("persons")).persons.all()) == []


def test_load_brings_what_is_missing_and_nothing_twice(krm, django_assert_num_queries):
    case = visible_case(krm, make.case(krm).reference)
    assert [is_loaded(case, name) for name in ("persons", "letters")] == [True, False]
    with django_assert_num_queries(1):
        load(case, Part("persons"), Part("letters"), Part("deadlines"))
    with django_assert_num_queries(0):
        load(case, Part("letters"))
        assert (len(case.letters.all()), len(case.deadlines.all()) > 0) == (0, True)


def test_rows_that_came_along_are_no_longer_asked_for_but_filters_are(krm, django_assert_num_queries):
    case = visible_case(krm, make.case(krm).reference)
    with django_assert_num_queries(1):
        assert case.persons.filter(last_name="Niemand").first() is None


def test_passwords_stay_in_their_table(krm):
    case = make.case(krm)
    ConcernedEmployee.objects.create(case=case, user=User.objects.get(username="pankow.ma"))
    (entry,) = visible_case(krm, case.reference).complained_about.all()
    assert "password" not in entry.user.__dict__
    assert "password" not in str(Case.objects.annotate(**nested._lists(Case, PARTS)).query)


def test_a_column_without_a_way_back_is_refused():
    with pytest.raises(TypeError, match="kein Weg aus JSON zurück"):
        nested._reader(UUIDField(name="number"))


def test_a_part_that_would_hide_its_owner_is_refused(krm):
    with pytest.raises(TypeError, match="lässt sich so nicht mitnehmen"):
        first_with(Case.objects.all(), Part("deadlines", joined=("case",)))


def test_the_order_is_that_of_the_model(krm):
    case = make.case(krm)
    for days in (5, 1, 3):
        due_on = krm.today.replace(day=krm.today.day + days)
        Deadline.objects.create(
            office=case.office, case=case, kind="follow_up", start_on=krm.today, raw_on=due_on, due_on=due_on, rule="-"
        )
    found = first_with(Case.objects.all(), Part("deadlines")).deadlines.all()
    assert [d.pk for d in found] == list(Deadline.objects.filter(case=case).values_list("pk", flat=True))


def test_offices_come_with_their_closings_in_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        offices = all_with(Office.objects.all(), Part("closings"))
        assert [len(office.closings.all()) for office in offices] == [0] * len(offices)


def test_a_person_with_nothing_asked_has_an_empty_list(krm):
    assert not Assignment.objects.exists()
    assert list(first_with(User.objects.filter(pk=krm.user_id), Part("assignments")).assignments.all()) == []
