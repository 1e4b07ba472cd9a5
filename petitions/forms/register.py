"""What one can ask the register for; every filter stands in the URL, and none is about an employee (B4-10)."""

import django_filters as filters
from django.db.models import F, Q, QuerySet
from django.http import QueryDict

from offices.forms import DateField
from offices.queries import Actor
from petitions.forms.petition import labelled
from petitions.models import Petition, Station
from petitions.rules.vocabulary import Competence, Requester, StationRole

OPEN, ENDED, ALL = "laufend", "abgeschlossen", "alle"
IN_HOUSE, OUTSIDE = "haus", "ausserhalb"
PLACES = [
    (IN_HOUSE, "im Haus"),
    (OUTSIDE, "außerhalb"),
    *((f"aufgabe-{r.value}", f"wer … {r.label}") for r in StationRole),
]
ORDERS = {
    "frist": (F("due_on").asc(nulls_last=True), "-pk"),
    "-frist": (F("due_on").desc(nulls_last=True), "-pk"),
    "eingang": ("case__received_on", "pk"),
    "-eingang": ("-case__received_on", "-pk"),
}


class DayFilter(filters.DateFilter):
    field_class = DateField


class Choice(filters.ChoiceFilter):
    def __init__(self, *args, empty_label: str = "alle", **kwargs):
        super().__init__(*args, empty_label=empty_label, **kwargs)


class PetitionFilter(filters.FilterSet):
    """Without a state it shows what is going on, unless something is searched."""

    q = filters.CharFilter(method="search", label="Suche", max_length=60)
    stand = Choice(
        method="by_state",
        choices=[(OPEN, "laufende"), (ENDED, "abgeschlossene"), (ALL, "alle")],
        label="Stand",
        empty_label="laufende",
    )
    anfordernde = Choice("requester", choices=labelled(Requester), label="Anfordernde Stelle")
    zustaendigkeit = Choice("competence", choices=labelled(Competence), label="Zuständigkeit")
    bei = Choice(method="by_place", choices=PLACES, label="Liegt bei")
    von = DayFilter("due_on", "gte", label="Frist von")
    bis = DayFilter("due_on", "lte", label="Frist bis")

    class Meta:
        model = Petition
        fields: list[str] = []

    def __init__(self, data: QueryDict, queryset: QuerySet[Petition], actor: Actor):
        super().__init__(data, queryset)
        self.actor = actor

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        found = super().filter_queryset(queryset)
        asked = self.form.cleaned_data
        return found if asked.get("stand") or asked.get("q") else found.filter(case__closed_on__isnull=True)

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """The number of the case or of who requests, or part of the subject."""
        typed = value.strip()
        if "\x00" in typed:
            return queryset.none()
        return queryset.filter(
            Q(number__icontains=typed) | Q(case__reference__iexact=typed) | Q(case__subject__icontains=typed)
        )

    def by_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset if value == ALL else queryset.filter(case__closed_on__isnull=value == OPEN)

    def by_place(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        having = Station.objects.open()
        if value == IN_HOUSE:
            having = having.exclude(desk="")
        elif value == OUTSIDE:
            having = having.filter(desk="")
        else:
            having = having.filter(role=value.removeprefix("aufgabe-"))
        return queryset.filter(pk__in=having.values("request__petition"))
