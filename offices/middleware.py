"""Puts the acting person and the day on every request, and turns refusals into a page with their sentence."""

from datetime import date

from django.http import HttpRequest
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django_htmx.middleware import HtmxDetails

from offices.errors import NotAllowed
from offices.queries import Actor, actor_for


class Request(HttpRequest):
    """What views get: who acts, the day, the number in the logs, and what htmx says of itself."""

    actor: Actor
    today: date
    id: str
    htmx: HtmxDetails


class ActorMiddleware:
    """Sets `request.today` and, evaluated on first use, `request.actor`."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.today = timezone.localdate()
        request.actor = SimpleLazyObject(lambda: self._actor(request))
        return self.get_response(request)

    @staticmethod
    def _actor(request):
        if request.user.is_authenticated:
            return actor_for(request.user, request.today)
        return Actor(user=None, today=request.today)

    def process_exception(self, request, exception):
        if isinstance(exception, NotAllowed):
            return render(request, "not_allowed.html", {"reason": exception.reason}, status=409)
        return None
