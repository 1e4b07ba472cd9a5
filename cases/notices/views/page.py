"""Mitteilungen: what somebody was told, how they want to be told, and the address of their calendar."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.models import NoticeSettings
from cases.notices.actions.settings import (
    choose_mail,
    mark_all_read,
    mark_read,
    new_calendar_address,
    revoke_calendar_address,
)
from cases.notices.forms import MailChoiceForm
from cases.notices.reading.page import in_sight, rows_of, with_details
from cases.outbox.actions.mailing import MATTERS
from cases.paging import page_of
from offices.forms import whole_number
from offices.middleware import Request

ALL = "alle"


@require_safe
def notices(request: Request) -> HttpResponse:
    """One's own, newest first; the unread ones unless all are asked for."""
    mine = in_sight(request.actor)
    shows_all = request.GET.get("zeige") == ALL
    pages = page_of(with_details(mine if shows_all else mine.unread()), request.GET.get("page", ""))
    context = {
        "shows_all": shows_all,
        "page": pages.page,
        "problem": pages.problem,
        "rows": rows_of(pages.page.object_list, request.today),
        "newest": mine.unread().values_list("pk", flat=True).first(),
    }
    return render(request, "notices/notices.html", context)


@require_POST
def notice_open(request: Request, pk: int) -> HttpResponse:
    """Read it, and go to where it is to be done."""
    notice = get_object_or_404(in_sight(request.actor).select_related(*MATTERS), pk=pk)
    mark_read(by=request.actor, notice=notice)
    return redirect(notice.about.get_absolute_url() or "cases:notices")


@require_POST
def notices_read(request: Request) -> HttpResponse:
    """All that the page had shown, or would have on its other pages."""
    count = mark_all_read(by=request.actor, until=whole_number(request.POST.get("bis")))
    if count:
        verb = "Mitteilung ist" if count == 1 else "Mitteilungen sind"
        messages.success(request, f"{count} {verb} als gelesen vermerkt.")
    return redirect("cases:notices")


@require_http_methods(["GET", "POST"])
def notice_settings(request: Request) -> HttpResponse:
    """How often mails come, to which address, and the calendar."""
    form = MailChoiceForm(request.POST or None, initial={"mail": _settings(request).mail})
    if request.method == "POST" and form.is_valid():
        choose_mail(by=request.actor, choice=form.cleaned_data["mail"])
        messages.success(request, "Gespeichert.")
        return redirect("cases:notice_settings")
    return _show_settings(request, form)


@require_POST
def calendar_new(request: Request) -> HttpResponse:
    """The only answer that ever shows the address, and so no redirect."""
    token = new_calendar_address(by=request.actor)
    address = request.build_absolute_uri(reverse("cases:calendar_feed", args=[token]))
    return _show_settings(request, MailChoiceForm(initial={"mail": _settings(request).mail}), address)


@require_POST
def calendar_revoke(request: Request) -> HttpResponse:
    revoke_calendar_address(by=request.actor)
    messages.success(request, "Die Kalenderadresse ist widerrufen; wer sie noch benutzt, bekommt nichts mehr.")
    return redirect("cases:notice_settings")


def _show_settings(request: Request, form: MailChoiceForm, address: str = "") -> HttpResponse:
    context = {"form": form, "settings": _settings(request), "address": address}
    return render(request, "notices/notices_settings.html", context, status=422 if form.errors else 200)


def _settings(request: Request) -> NoticeSettings:
    return NoticeSettings.objects.filter(user=request.user).first() or NoticeSettings(user=request.user)
