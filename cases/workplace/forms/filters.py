"""What one can ask the list for; every filter stands in the URL, and none is about a person complained about (B4-10).

Nobody can list the cases of a colleague either: of those who work on cases one can only ask for oneself.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import reduce
from operator import and_

import django_filters as filters
from django import forms
from django.db.models import F, Q
from django.http import QueryDict

from cases.contributing import contributes, seeing_who_wrote
from cases.models import Case, Concern, Person, Topic
from cases.models.case import CaseQuerySet
from cases.rules.kinds import CHANNEL_LABELS, KIND_LABELS, LEGAL_AREA_LABELS, OUTCOME_LABELS, choices
from cases.rules.lifecycle import STATUSES, TURN_LABELS, Turn
from cases.rules.registration import search_name
from cases.workplace.reading.groups import BESIDE, GROUP_LABELS, Day, Group, in_group
from offices.forms import DateField
from offices.models import Unit

CLOSED, ALL = "erledigt", "alle"
STATUS_CHOICES = [
    *((status.value, entry.label) for status, entry in STATUSES.items()),
    (CLOSED, "erledigte (abgeschlossen oder abgegeben)"),
    (ALL, "alle"),
]
DUE_CHOICES = [("ueberfaellig", "überfällig"), ("heute", "heute"), ("woche", "diese Woche")]
BEYOND_A_TASK = ("einheit", "thema", "ergebnis", "anonym", "zug", "frist")  # what no contributor is shown (K18)
YEARS_SEARCHED = 11  # a file is kept for ten years after the year of its closure

FULL_REFERENCE = re.compile(r"[A-Za-zÄÖÜäöü]{1,8}-\d{4}-\d{1,9}")
YEAR_AND_NUMBER = re.compile(r"(\d{4})-(\d{1,9})")
NUMBER = re.compile(r"\d{1,9}")


class Choice(filters.ChoiceFilter):
    """One of several, or all of them."""

    def __init__(self, *args, empty_label: str = "alle", **kwargs):
        super().__init__(*args, empty_label=empty_label, **kwargs)


class DateFilter(filters.DateFilter):
    field_class = DateField


class CaseFilter(filters.FilterSet):
    """Without a state it shows open cases, unless something is searched: a search looks through all."""

    q = filters.CharFilter(method="search", label="Suche", max_length=120)
    mein_tag = Choice(method="by_group", label="Mein Tag")
    stand = Choice(method="by_status", choices=STATUS_CHOICES, label="Stand", empty_label="laufende")
    frist = Choice(method="by_due", choices=DUE_CHOICES, label="Frist")
    zug = Choice(
        method="by_turn", choices=[(t.value, TURN_LABELS[t]) for t in Turn if t != Turn.NOBODY], label="Am Zug"
    )
    meine = filters.BooleanFilter(method="by_me", label="nur von mir bearbeitete", widget=forms.CheckboxInput)
    art = Choice("kind", choices=choices(KIND_LABELS), label="Art")
    weg = Choice("channel", choices=choices(CHANNEL_LABELS), label="Eingangsweg")
    rechtskreis = Choice("legal_area", choices=choices(LEGAL_AREA_LABELS), label="Rechtskreis")
    dienststelle = Choice("office__slug", label="Dienststelle")
    einheit = Choice(method="by_unit", label="Einheit (mit allem darunter)")
    thema = Choice(method="by_topic", label="Thema")
    von = DateFilter("received_on", "gte", label="Eingang von")
    bis = DateFilter("received_on", "lte", label="Eingang bis")
    ergebnis = Choice("outcome", choices=choices(OUTCOME_LABELS), label="Ergebnis")
    anonym = Choice(
        "is_anonymous", choices=[("1", "nur anonyme"), ("0", "ohne anonyme")], label="Anonym", empty_label="egal"
    )

    class Meta:
        model = Case
        fields: list[str] = []

    def __init__(self, data: QueryDict, queryset: CaseQuerySet, day: Day):
        super().__init__(data, queryset)
        self.day = day
        self.units = {str(u.pk): u for u in Unit.objects.filter(office__in=list(day.offices))}
        several = len(day.offices) > 1
        units = [(key, _with_office(u, u.office_id, day) if several else str(u)) for key, u in self.units.items()]
        topics = Topic.objects.filter(office__in=list(day.offices))
        self.filters["einheit"].extra["choices"] = units
        self.filters["thema"].extra["choices"] = [
            (str(t.pk), _with_office(t, t.office_id, day) if several else str(t)) for t in topics
        ]
        self.filters["mein_tag"].extra["choices"] = [(g.value, GROUP_LABELS[g]) for g in day.groups]
        if several:
            self.filters["dienststelle"].extra["choices"] = [(o.slug, o.name) for o in day.offices.values()]
        else:
            del self.filters["dienststelle"]

    def filter_queryset(self, queryset: CaseQuerySet) -> CaseQuerySet:
        queryset = super().filter_queryset(queryset)
        asked = self.form.cleaned_data
        if any(asked.get(name) for name in BEYOND_A_TASK):
            queryset = seeing_who_wrote(self.day.actor, queryset)
        return queryset if asked.get("stand") or asked.get("q") or asked.get("mein_tag") else queryset.open()

    @property
    def shows_only_open(self) -> bool:
        """Whether closed cases cannot be among the results."""
        asked = self.form.cleaned_data
        if status := asked.get("stand"):
            return status in STATUSES and STATUSES[status].turn != Turn.NOBODY
        return not asked.get("q") and asked.get("mein_tag") not in BESIDE

    def search(self, queryset, name, value):
        """Vorgangsnummer, whole or only the running number; beginning of a name; Kunden- or BG-Nummer."""
        by_number = Case.objects.filter(reference__in=list(self._references(value))).order_by().values("pk")
        people = Person.objects.filter(case__isnull=False).filter(_named(value) | Q(customer_number=value))
        if contributes(self.day.actor):
            named = seeing_who_wrote(self.day.actor, queryset).filter(pk__in=people.order_by().values("case"))
            return queryset.filter(Q(pk__in=by_number) | Q(pk__in=named.order_by().values("pk")))
        # One set of ids from two indexes; an OR of both would read every case.
        return queryset.filter(pk__in=by_number.union(people.order_by().values("case")))

    def _references(self, value: str) -> Iterator[str]:
        """The complete numbers that somebody may mean who types `value`."""
        value = value.replace(" ", "")
        if FULL_REFERENCE.fullmatch(value):
            yield value.upper()
        years, number = range(self.day.today.year, self.day.today.year - YEARS_SEARCHED, -1), value
        if found := YEAR_AND_NUMBER.fullmatch(value):
            years, number = [int(found[1])], found[2]
        if NUMBER.fullmatch(number):
            yield from (f"{o.code}-{year}-{int(number):05}" for o in self.day.offices.values() for year in years)

    def by_group(self, queryset, name, value):
        return in_group(queryset, Group(value), self.day)

    def by_status(self, queryset, name, value):
        if value == ALL:
            return queryset
        return queryset.closed() if value == CLOSED else queryset.filter(status=value)

    def by_due(self, queryset, name, value):
        today = self.day.today
        if value == "ueberfaellig":
            return queryset.overdue(today)
        until = today if value == "heute" else today + timedelta(days=6 - today.weekday())
        return queryset.open().filter(next_due_on__range=(today, until))

    def by_turn(self, queryset, name, value):
        return queryset.whose_turn(Turn(value))

    def by_me(self, queryset, name, value):
        return queryset.filter(handler=self.day.actor.user_id) if value else queryset

    def by_unit(self, queryset, name, value):
        """The unit in charge, with everything below it."""
        below, level = set(), {int(value)}
        while level:
            below |= level
            level = {u.pk for u in self.units.values() if u.parent_id in level} - below
        return queryset.filter(unit__in=below)

    def by_topic(self, queryset, name, value):
        return queryset.filter(pk__in=Concern.objects.filter(topic=value).values("case"))


def _with_office(it: object, office_id: int, day: Day) -> str:
    return f"{day.offices[office_id].code} · {it}"


def _named(value: str) -> Q:
    """Names that begin with one of the words and hold the others: „Öztürk, Erika“ as well as „Erika Öztürk“."""
    words = search_name("", "", value.replace(",", " ")).split()
    condition = Q(pk__in=[])
    for number, first in enumerate(words):
        others = (Q(search_name__contains=word) for word in (*words[:number], *words[number + 1 :]))
        condition |= reduce(and_, others, Q(search_name__startswith=first))
    return condition


@dataclass(frozen=True)
class Chip:
    label: str
    remove_url: str


def chips_of(found: CaseFilter, query: QueryDict) -> list[Chip]:
    """One chip for each filter in use, with the URL of the list without it."""
    return [
        Chip(_in_words(found.form[name].label, found.form.fields[name], value), _without(query, name))
        for name, value in found.form.cleaned_data.items()
        if value not in (None, "", False)
    ]


def _in_words(label: str, field: forms.Field, value: object) -> str:
    if value is True:
        return label
    words = dict(field.choices).get(value, value) if isinstance(field, forms.ChoiceField) else value
    return f"{label}: {words:%d.%m.%Y}" if hasattr(words, "strftime") else f"{label}: {words}"


def _without(query: QueryDict, name: str) -> str:
    rest = query.copy()
    for key in (name, "page"):
        rest.pop(key, None)
    return f"?{rest.urlencode()}"


EARLIEST_FIRST, LATEST_FIRST = F("next_due_on").asc(nulls_last=True), F("next_due_on").desc(nulls_last=True)
ORDERS = {  # numbers within an office follow their ids
    "eingang": ("received_on", "id"),
    "-eingang": ("-received_on", "-id"),
    "nummer": ("office_id", "id"),
    "-nummer": ("-office_id", "-id"),
    "frist": (EARLIEST_FIRST, "received_on", "id"),
    "-frist": (LATEST_FIRST, "-received_on", "-id"),
    "stand": ("status", EARLIEST_FIRST, "id"),
    "-stand": ("-status", EARLIEST_FIRST, "id"),
}
ORDER_LABELS = {"eingang": "Eingang", "nummer": "Vorgangsnummer", "frist": "Frist", "stand": "Stand"}
ONLY_OPEN = ("frist", "stand")  # closed cases have no next date, and no index would help to sort ten years of them
DEFAULT_ORDER = "-eingang"


def order_for(sort: str, found: CaseFilter) -> tuple[str, str]:
    """The key of ORDERS to use, and a German sentence where it is not the one asked for."""
    if not sort:
        return DEFAULT_ORDER, ""
    if sort not in ORDERS:
        return DEFAULT_ORDER, "Diese Sortierung gibt es nicht; sortiert ist nach dem Eingang, neueste zuerst."
    if sort.removeprefix("-") in ONLY_OPEN and not found.shows_only_open:
        return DEFAULT_ORDER, "Nach Frist und Stand lassen sich nur laufende Vorgänge sortieren."
    return sort, ""
