"""What every page shows of notices: how many are unread."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from cases.notices.reading.page import unread_of


def notices(request: HttpRequest) -> dict[str, object]:
    """Context for base.html; counted in one query, and only where it is shown."""
    actor = getattr(request, "actor", None)
    if actor is None or not request.user.is_authenticated:
        return {}
    return {"unread_notices": SimpleLazyObject(lambda: unread_of(actor))}
