"""Rule sets as readable pages with their sources and contradictions, and the Weisungsregister."""

from datetime import date
from typing import Protocol

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from offices.models import Instruction, Office, RuleSet
from offices.queries import latest_version
from offices.roles import Permission
from offices.rules.describing import describe
from offices.rules.validity import Validity, validity


class Dated(Protocol):
    """What holds from one day until another."""

    @property
    def valid_from(self) -> date | None: ...
    @property
    def valid_until(self) -> date | None: ...


KINDS = {Validity.COMING: "info", Validity.IN_FORCE: "success", Validity.EXPIRED: "warning"}


@require_GET
def rule_sets(request):
    """The versions of the actor's offices, newest first, and below them every instruction of the register."""
    office_ids = request.actor.office_ids(Permission.READ_RULES)
    if not office_ids:
        raise Http404
    offices = Office.objects.filter(pk__in=office_ids).prefetch_related("rule_sets")
    rows = [
        {"office": office, "versions": [state_of(entry, request.today) for entry in office.rule_sets.all()]}
        for office in offices
    ]
    register = Instruction.objects.prefetch_related("revokes", "revoked_by").order_by("-valid_from", "reference")
    context = {"rows": rows, "register": [state_of(entry, request.today) for entry in register]}
    return render(request, "offices/rule_sets.html", context)


@require_GET
def rule_set(request, pk):
    """All parameters of one version; what contradicts itself or is not confirmed is marked."""
    office_ids = request.actor.office_ids(Permission.READ_RULES)
    found = get_object_or_404(
        RuleSet.objects.filter(office__in=office_ids).select_related("office", "instruction", "created_by"), pk=pk
    )
    parameters = describe(found.parameters)
    versions = list(found.office.rule_sets.order_by("-valid_from", "-version"))
    may_change = request.actor.may(Permission.CHANGE_RULES, found.office_id)
    context = {
        "rule_set": found,
        **state_of(found, request.today),
        "parameters": parameters,
        "contradictions": [entry for entry in parameters if entry.readings],
        "unconfirmed": [entry for entry in parameters if not entry.confirmed],
        "participation": [_participation(entry) for entry in found.participation],
        "review_is_due": found.review_on is not None and found.review_on <= request.today,
        "versions": [state_of(entry, request.today) for entry in versions],
        "may_change": may_change,
        "why_not": None if latest_version(found.office) == found else "Eine neue Fassung entsteht aus der letzten.",
    }
    return render(request, "offices/rule_set.html", context)


def state_of(entry: Dated, today: date) -> dict:
    """A version or an instruction with the word whether it holds today, and how that looks."""
    state = validity(entry.valid_from, entry.valid_until, today)
    return {"entry": entry, "state": state, "kind": KINDS[state]}


def _participation(entry: dict) -> dict:
    return {"body": entry["body"], "on": date.fromisoformat(entry["on"]) if entry.get("on") else None}
