"""/health/live and /health/ready, for container platforms and monitoring: without login, names or contents."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import Resolver404, ResolverMatch, URLResolver, path
from django.urls.resolvers import RegexPattern
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from krm.operations.health.checks import uptime
from krm.operations.health.report import State, report

RED = 503


@require_safe
@never_cache
def live(_request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers; asks nobody else."""
    return JsonResponse({"state": State.OK})


@require_safe
@never_cache
def ready(_request: HttpRequest) -> JsonResponse:
    """200 unless a part is red, else 503 with its name in `broken`."""
    now = timezone.now()
    found = report(now, uptime())
    parts = {
        finding.part.name: {
            "label": finding.part.label,
            "state": finding.state,
            "sentence": finding.sentence,
            "figures": finding.figures,
        }
        for finding in found.findings
    }
    answer = {"state": found.state, "broken": found.broken, "at": now.isoformat(timespec="seconds"), "parts": parts}
    return JsonResponse(answer, status=RED if found.broken else 200, json_dumps_params={"ensure_ascii": False})


PROBES = URLResolver(RegexPattern(r"^/"), [path("health/live", live), path("health/ready", ready)])


def probes(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answers them before anything asks for a known host, HTTPS, a session or somebody signed in."""

    def middleware(request: HttpRequest) -> HttpResponse:
        match = _probe(request.path_info)
        if match is None:
            return get_response(request)
        request.resolver_match = match  # for the log
        response = match.func(request)
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    return middleware


def _probe(path_info: str) -> ResolverMatch | None:
    try:
        return PROBES.resolve(path_info)
    except Resolver404:
        return None
