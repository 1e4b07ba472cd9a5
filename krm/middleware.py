"""What every request gets: a number for the log, and response headers that neither Django nor django-csp sets."""

import re
import uuid
from collections.abc import Callable

from django.http import HttpResponse

from krm.operations.logs import current_request
from offices.middleware import Request

SANE_ID = re.compile(r"[0-9a-fA-F-]{16,64}")

PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "camera",
        "display-capture",
        "geolocation",
        "microphone",
        "payment",
        "usb",
        "browsing-topics",
    )
)


def response_headers(
    get_response: Callable[[Request], HttpResponse],
) -> Callable[[Request], HttpResponse]:
    """Switch off what no page needs, and keep pages with personal data out of every cache."""

    def middleware(request: Request) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware


def request_id(
    get_response: Callable[[Request], HttpResponse],
) -> Callable[[Request], HttpResponse]:
    """Give the request the number that the server in front sent along (X-Request-ID), or a new one."""

    def middleware(request: Request) -> HttpResponse:
        sent = request.headers.get("X-Request-ID", "")
        request.id = sent if SANE_ID.fullmatch(sent) else uuid.uuid4().hex
        token = current_request.set(request)
        try:
            response = get_response(request)
        finally:
            current_request.reset(token)
        response.headers["X-Request-ID"] = request.id
        return response

    return middleware
