"""A new version of the rules: first what would change and for whom, then, confirmed, the version itself."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from cases.administration.actions.rule_sets import change_rules
from cases.administration.forms.rule_sets import RuleSetForm
from cases.models import Case
from offices.errors import NotAllowed
from offices.forms import try_action
from offices.models import RuleSet
from offices.queries import latest_version
from offices.roles import Permission
from offices.rules.changes import differences


@require_http_methods(["GET", "POST"])
def rule_set_new(request, pk):
    """The form, with a preview above it once it is valid; only what was shown can be confirmed."""
    office_ids = request.actor.office_ids(Permission.CHANGE_RULES)
    base = get_object_or_404(RuleSet.objects.filter(office__in=office_ids).select_related("office"), pk=pk)
    if latest_version(base.office) != base:
        raise NotAllowed("Eine neue Fassung entsteht immer aus der letzten; von dieser gibt es schon eine spätere.")
    form = RuleSetForm(request.POST or None, base=base)
    preview = None
    if form.is_valid():
        if request.POST.get("confirmed") == form.fingerprint:
            version = try_action(form, change_rules, by=request.actor, base=base, **_arguments(form))
            if version:
                messages.success(request, f"Fassung {version.version} ist angelegt.")
                return redirect("offices:rule_set", version.pk)
        else:
            preview = _preview(request.actor, base, form)
    context = {"base": base, "form": form, "preview": preview}
    return render(request, "administration/rule_set_new.html", context, status=422 if form.errors else 200)


def _arguments(form: RuleSetForm) -> dict:
    names = ("valid_from", "reason", "review_on")
    return {
        "parameters": form.parameters,
        "participation": form.participation,
        **{name: form.cleaned_data[name] for name in names},
    }


def _preview(actor, base: RuleSet, form: RuleSetForm) -> dict:
    data = form.cleaned_data
    return {
        "changes": differences(base.parameters, form.parameters),
        "review_changes": data["review_on"] != base.review_on,
        "review_on": data["review_on"],
        "valid_from": data["valid_from"],
        "fingerprint": form.fingerprint,
        "is_too_early": data["valid_from"] < actor.today,
        "open_cases": Case.objects.visible_to(actor).filter(office=base.office).open().count(),
    }
