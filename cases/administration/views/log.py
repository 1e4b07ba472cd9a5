"""The log as the Revision reads it: what happened and when, within one case or Abgabe also by whom (B4-10); no case is
opened from here."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.models import Case, Event, Transfer
from cases.rules.events import CATEGORY_LABELS, EVENTS, sentence
from offices.forms import DateField
from offices.middleware import Request
from offices.queries import Actor
from offices.roles import Permission

PAGE_SIZE = 50


class LogForm(forms.Form):
    """What one can ask the log for; the office is a choice only where there are several."""

    dienststelle = forms.ChoiceField(label="Dienststelle", required=False)
    nummer = forms.CharField(label="Vorgangs- oder Abgabenummer", max_length=24, required=False)
    ereignis = forms.ChoiceField(label="Ereignis", required=False)
    von = DateField(label="von", required=False)
    bis = DateField(label="bis", required=False)
    vor = forms.IntegerField(required=False, min_value=1, max_value=10**12, widget=forms.HiddenInput)

    def __init__(self, data, actor: Actor):
        super().__init__(data)
        self.offices = [actor.offices[pk] for pk in sorted(actor.office_ids(Permission.READ_LOG))]
        if len(self.offices) > 1:
            office: Any = self.fields["dienststelle"]
            office.choices = [(o.slug, o.name) for o in self.offices]
        else:
            del self.fields["dienststelle"]
        event: Any = self.fields["ereignis"]
        event.choices = [("", "alle"), *self._codes()]

    @staticmethod
    def _codes():
        for category, label in CATEGORY_LABELS.items():
            yield label, [(code, sentence(code, {})) for code, entry in EVENTS.items() if entry.category == category]

    @property
    def office(self):
        asked = self.cleaned_data.get("dienststelle")
        return next((o for o in self.offices if o.slug == asked), self.offices[0])


@require_safe
def log(request: Request) -> HttpResponse:
    """One office's log, newest first; 404 for everybody whose role does not read it."""
    if not request.actor.may(Permission.READ_LOG):
        raise Http404
    data = request.GET.copy()
    form = LogForm(data, request.actor)
    form.is_valid()
    events = list(_asked_for(form, request.actor)[: PAGE_SIZE + 1])
    older = ""
    if len(events) > PAGE_SIZE:
        data["vor"] = events[PAGE_SIZE - 1].seq
        older = f"?{data.urlencode()}"
    query = request.GET.copy()
    query.pop("vor", None)
    context = {
        "form": form,
        "office": form.office,
        "events": events[:PAGE_SIZE],
        "with_names": bool(form.cleaned_data.get("nummer", "").strip()),
        "older_url": older,
        "newest_url": f"?{query.urlencode()}" if "vor" in request.GET else "",
    }
    return render(request, "administration/log.html", context)


def _asked_for(form: LogForm, actor: Actor):
    """The entries before the place named by `vor`, newest first; what is wrong in the form is left out."""
    asked = form.cleaned_data
    events = Event.objects.visible_to(actor).filter(office=form.office).order_by("-seq")
    if number := asked.get("nummer", "").strip().upper():
        events = events.filter(_about(number))
    if code := asked.get("ereignis"):
        events = events.filter(code=code)
    if asked.get("von"):
        events = events.filter(at__gte=_midnight(asked["von"]))
    if asked.get("bis"):
        events = events.filter(at__lt=_midnight(asked["bis"] + timedelta(days=1)))
    if asked.get("vor"):
        events = events.filter(seq__lt=asked["vor"])
    return events.select_related("case", "transfer", "by", "for_user").only(
        "office",
        "seq",
        "at",
        "code",
        "data",
        "case__reference",
        "transfer__reference",
        "by__username",
        "by__first_name",
        "by__last_name",
        "for_user__username",
        "for_user__first_name",
        "for_user__last_name",
    )


def _about(number: str) -> Q:
    """Entries on the case or transfer of this number; the ids are looked up first, so that an index finds the rest."""
    cases = Case.objects.filter(reference=number).values_list("pk", flat=True)
    transfers = Transfer.objects.filter(reference=number).values_list("pk", flat=True)
    return Q(case__in=list(cases)) | Q(transfer__in=list(transfers))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
