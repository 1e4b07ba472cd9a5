"""Counts the queries and the CPU of one request without changing the application."""

from collections.abc import Callable
from time import process_time
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

HEADER, CPU_HEADER = "X-Bench-Queries", "X-Bench-CPU"


class Counter:
    """A wrapper around each query of a connection."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self.count += 1
        return execute(sql, params, many, context)


def costs_in_header(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Add to each response how many queries it took, those for session and user included, and milliseconds of CPU.

    The CPU is that of the worker, which answers one request at a time; that of the database is not in it.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        counter, start = Counter(), process_time()
        with connection.execute_wrapper(counter):
            response = get_response(request)
        response.headers[HEADER] = str(counter.count)
        response.headers[CPU_HEADER] = f"{(process_time() - start) * 1000:.3f}"
        return response

    return middleware
