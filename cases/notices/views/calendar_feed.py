"""The calendar that programs subscribe to: whoever knows the address reads it, without signing in."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.notices.reading.calendar_feed import calendar_of, dates_of, holder_of
from offices.middleware import Request
from offices.queries import actor_for

UNKNOWN = "Diese Kalenderadresse gilt nicht oder nicht mehr. Eine neue gibt es in KRM unter „Mitteilungen“.\n"


@login_not_required
@require_safe
def calendar_feed(request: Request, token: str) -> HttpResponse:
    """Plain text where there is no such calendar: no page, no cookie, nothing to learn."""
    user = holder_of(token)
    if user is None:
        return _private(HttpResponse(UNKNOWN, status=404, content_type="text/plain; charset=utf-8"))
    dates = dates_of(actor_for(user, request.today))
    content = calendar_of(dates, request.build_absolute_uri, request.get_host(), timezone.now())
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'inline; filename="krm-fristen.ics"'
    return _private(response)


def _private(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
