"""What holds for every model, table of words and filter, found by looking at all of them."""

import ast
from enum import StrEnum
from inspect import getmembers, isclass
from pathlib import Path
from types import ModuleType

import pytest
from django.apps import apps
from django.db import models

from cases.models import concern, deadline, document, letter, note, person
from cases.rules import assignments, completeness, directives, events, kinds, lifecycle, statements, triage
from cases.workplace.forms import filters
from offices import roles
from offices.rules import vocabulary
from petitions.models import chain
from petitions.rules import competence
from petitions.rules import vocabulary as petition_words
from reporting.rules import vocabulary as reporting_words

ROOT = Path(__file__).resolve().parents[1]
CASE_MODELS = sorted(
    [model for app in ("cases", "petitions", "reporting") for model in apps.get_app_config(app).get_models()],
    key=lambda model: model.__name__,
)
OUR_MODELS = [*CASE_MODELS, *apps.get_app_config("offices").get_models()]


def fields(model: type[models.Model]) -> set[str]:
    return {f.name for f in (*model._meta.concrete_fields, *model._meta.local_many_to_many)} - {"id"}


def names(*items: type) -> list[str]:
    return [item.__name__ for item in items]


@pytest.mark.parametrize("model", CASE_MODELS, ids=names(*CASE_MODELS))
def test_model_says_of_every_field_whether_it_is_erased_or_kept(model):
    declared = [*model.PersonalData.erase, *model.PersonalData.keep]
    assert sorted(declared) == sorted(fields(model))


@pytest.mark.parametrize("model", CASE_MODELS, ids=names(*CASE_MODELS))
def test_what_is_erased_can_be_emptied(model):
    """Text and files become empty, everything else null; a field that can be neither could not be erased."""
    for name in model.PersonalData.erase:
        field = model._meta.get_field(name)
        emptied = isinstance(field, models.CharField | models.TextField | models.JSONField | models.FileField)
        assert emptied or field.null, f"{model.__name__}.{name}"


@pytest.mark.parametrize("model", OUR_MODELS, ids=names(*OUR_MODELS))
def test_moment_and_person_stand_together(model):
    """Beside every `x_by` stands when, and where both may be missing a constraint lets only both be missing."""
    conditions = [str(c.condition) for c in model._meta.constraints if isinstance(c, models.CheckConstraint)]
    for name in fields(model):
        if not name.endswith("_by"):
            continue
        stem = name.removesuffix("_by")
        moments = [m for m in (f"{stem}_at", f"{stem}_on") if m in fields(model)]
        assert len(moments) == 1, f"{model.__name__}.{name} has no {stem}_at or {stem}_on"
        moment, person = model._meta.get_field(moments[0]), model._meta.get_field(name)
        if moment.null:
            assert person.null, f"{model.__name__}.{name}"
        if moment.null and moments[0].endswith("_at"):
            assert [c for c in conditions if name in c and moments[0] in c], f"{model.__name__}: {moments[0]}, {name}"


NAMED_MOMENTS = {"at", "last_login", "date_joined", "known_from", "known_to"}


@pytest.mark.parametrize("model", OUR_MODELS, ids=names(*OUR_MODELS))
def test_dates_moments_and_people_are_named_as_such(model):
    for field in model._meta.local_fields:
        if isinstance(field, models.DateTimeField):
            assert field.name.endswith("_at") or field.name in NAMED_MOMENTS, field
        elif isinstance(field, models.DateField):
            assert field.name.endswith(("_on", "_from", "_until", "_since")) or field.name == "on", field


@pytest.mark.parametrize("model", OUR_MODELS, ids=names(*OUR_MODELS))
def test_every_choice_has_a_german_label(model):
    for field in model._meta.local_fields:
        for value, label in field.choices or ():
            assert str(label).strip() not in ("", value) or field.name == "state", f"{field}: {value}"


def enums(*modules: ModuleType) -> list[type[StrEnum]]:
    found = {
        enum
        for module in modules
        for _, enum in getmembers(module, isclass)
        if issubclass(enum, StrEnum) and enum.__module__ == module.__name__
    }
    return sorted(found, key=lambda enum: enum.__name__)


LABELS = {
    kinds.Kind: kinds.KIND_LABELS,
    kinds.Outcome: kinds.OUTCOME_LABELS,
    kinds.Settlement: kinds.SETTLEMENT_LABELS,
    kinds.Talk: kinds.TALK_LABELS,
    directives.PointKind: directives.POINT_LABELS,
    statements.StatementKind: statements.STATEMENT_KIND_LABELS,
    statements.Part: statements.PART_LABELS,
    assignments.AssignmentKind: {kind: entry.label for kind, entry in assignments.ASSIGNMENTS.items()},
    lifecycle.Turn: lifecycle.TURN_LABELS,
    lifecycle.Status: {status: entry.label for status, entry in lifecycle.STATUSES.items()},
    lifecycle.Step: {step: transition.label for step, transition in lifecycle.TRANSITIONS.items()},
    triage.Reason: triage.REASON_LABELS,
    events.Category: events.CATEGORY_LABELS,
    roles.Role: {role: entry.label for role, entry in roles.ROLES.items()},
    roles.Permission: roles.PERMISSION_LABELS,
}


@pytest.mark.parametrize("enum", LABELS, ids=names(*LABELS))
def test_table_of_words_has_exactly_one_word_for_each(enum):
    assert list(LABELS[enum]) == list(enum)
    assert len(set(LABELS[enum].values())) == len(enum)


def test_no_table_of_words_is_forgotten():
    found = enums(assignments, completeness, directives, events, kinds, lifecycle, statements, triage)
    assert [enum.__name__ for enum in found if enum not in LABELS] == []


VOCABULARY = enums(vocabulary, petition_words, competence, reporting_words)


@pytest.mark.parametrize("enum", VOCABULARY, ids=names(*VOCABULARY))
def test_word_of_the_rule_sets_has_a_label(enum):
    assert [member for member in enum if not getattr(member, "label", "").strip()] == []


MODEL_CHOICES = [
    choice
    for module in (chain, concern, deadline, document, letter, note, person)
    for _, holder in getmembers(module, isclass)
    for choice in (holder, *vars(holder).values())
    if isclass(choice) and issubclass(choice, models.TextChoices) and choice is not models.TextChoices
]


@pytest.mark.parametrize("choice", MODEL_CHOICES, ids=lambda choice: choice.__qualname__)
def test_choices_of_models_have_different_labels(choice):
    assert len(set(choice.labels)) == len(choice)


def test_every_state_has_a_turn_and_a_next_step():
    assert list(lifecycle.STATUSES) == list(lifecycle.Status)
    assert {entry.turn for entry in lifecycle.STATUSES.values()} == set(lifecycle.Turn)
    assert [status for status, entry in lifecycle.STATUSES.items() if not entry.next_step] == []


FORBIDDEN = ("handler", "responsible", "complained_about", "concernedemployee", "registered_by", "closed_by", "met_by")


def test_nobody_can_be_filtered_or_sorted_by():
    """Protection of those who work on cases and of those complained about (B4-10): only „nur meine“ names anybody."""
    found = filters.CaseFilter.base_filters
    by_field = [name for name, entry in found.items() if str(entry.field_name).startswith(FORBIDDEN)]
    by_order = [
        key for key, order in filters.ORDERS.items() for part in order if str(part).lstrip("-").startswith(FORBIDDEN)
    ]
    assert (by_field, by_order) == ([], [])
    tree = ast.parse((ROOT / "cases/workplace/forms/filters.py").read_text())
    named = [
        keyword.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg and keyword.arg.startswith(FORBIDDEN)
    ]
    assert [ast.unparse(value) for value in named] == ["self.day.actor.user_id"]


WRITTEN_ONCE = {"met_on": "cases/deadlines/actions/ending.py"}  # krm/bulk is a second writer, for measuring only


@pytest.mark.parametrize(("field", "place"), WRITTEN_ONCE.items())
def test_field_that_belongs_to_an_entry_in_the_log_is_written_in_one_place(field, place):
    found = {
        str(path.relative_to(ROOT))
        for app in ("cases", "petitions", "offices", "krm")
        for path in sorted((ROOT / app).rglob("*.py"))
        if "bulk" not in path.parts and "migrations" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if writes(node, field)
    }

    assert found == {place}


def writes(node: ast.AST, field: str) -> bool:
    """Whether it assigns to the attribute of that name, or gives it to a change or a new row."""
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
        return node.attr == field
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr in ("update", "create", "in_new_hands") and field in {key.arg for key in node.keywords}
    return False


LOCKING = [
    path for app in ("cases", "petitions", "reporting", "offices", "krm") for path in sorted((ROOT / app).rglob("*.py"))
]
ASKING_ANEW = ("aggregate", "count", "exists")  # a query of their own, which locks nothing
ONLY_SAID = (
    "all",
    "defer",
    "exclude",
    "filter",
    "only",
    "order_by",
    "select_for_update",
    "select_related",
    "values_list",
)


def lock_calls() -> list[tuple[str, ast.AST, ast.Call]]:
    """Place, the expression around it, and the call itself, of every row lock in the source."""
    found = []
    for path in LOCKING:
        for outer in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(outer, ast.Call | ast.Expr):
                continue
            chain = outer.value if isinstance(outer, ast.Expr) else outer
            while isinstance(chain, ast.Call) and isinstance(chain.func, ast.Attribute):
                if chain.func.attr == "select_for_update":
                    found.append((f"{path.relative_to(ROOT)}:{chain.lineno}", outer, chain))
                chain = chain.func.value
    return found


def test_a_row_lock_leaves_the_key_to_others():
    """Who writes an entry about a case only needs its key to stay; a full lock would have them wait for each other."""
    options = [
        (place, {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords})
        for place, _, call in lock_calls()
    ]

    assert len({place for place, _ in options}) > 20
    assert sorted({place for place, given in options if given.get("no_key") != "True"}) == []


def test_a_row_lock_is_taken_and_not_only_said():
    """`.count()` asks anew without the lock, and a query nobody reads is never sent."""
    wrong = []
    for place, outer, _ in lock_calls():
        call = outer.value if isinstance(outer, ast.Expr) else outer
        last = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        if last in ASKING_ANEW or (isinstance(outer, ast.Expr) and last in ONLY_SAID):
            wrong.append(place)

    assert wrong == []


def test_a_row_lock_beside_joins_names_its_table():
    """PostgreSQL refuses FOR UPDATE on the nullable side of a join; SQLite would not notice."""
    wrong = {
        place
        for place, outer, call in lock_calls()
        if "select_related(" in ast.unparse(outer) and "of" not in {keyword.arg for keyword in call.keywords}
    }

    assert sorted(wrong) == []


def test_a_transaction_is_opened_by_the_unit_of_work_or_says_why_not():
    """What else opens one is neither tried again when the database lost it, nor writes its entries last."""
    silent = []
    for path in [*(ROOT / "cases").rglob("*.py"), *(ROOT / "petitions").rglob("*.py")]:
        lines = ["", *path.read_text(encoding="utf-8").splitlines()]
        for number, line in enumerate(lines):
            if "transaction.atomic" in line and "# transaction: " not in lines[number - 1]:
                silent.append(f"{path.relative_to(ROOT)}:{number}")

    assert silent == []
