"""Lines of the log: where something failed and for which request, but never names, words or what somebody typed.

Two forms: readable lines on one machine, and one JSON object a line (KRM_LOG=json) for whatever collects them.
"""

import json
import logging
import re
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from celery import current_task
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, OperationalError
from django.http import HttpRequest
from django.template import TemplateDoesNotExist, TemplateSyntaxError

Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

current_request: ContextVar[HttpRequest | None] = ContextVar("current_request", default=None)

# Their messages speak of code and connections; those of all others may repeat a value from a row or a form.
SPEAK_OF_CODE = (
    AttributeError,
    ImportError,
    ImproperlyConfigured,
    IntegrityError,
    NameError,
    OperationalError,
    TemplateDoesNotExist,
    TemplateSyntaxError,
)
OF_THE_DATABASE = ("DETAIL:", "CONTEXT:", "LINE ", "HINT:")  # below PostgreSQL's errors, with values of the row
REFERENCE = re.compile(r"[A-Z]{1,8}-\d{4}-[A-Z]{0,8}\d{1,9}|\d{1,18}")
QUERY = re.compile(r"\?\S+")


class Line(logging.Formatter):
    """A readable line."""

    def format(self, record: logging.LogRecord) -> str:
        return super().format(discreet(record))

    def formatException(self, ei: Raised) -> str:  # noqa: N802 - the name is logging's
        return "\n".join(told(ei[1])) if ei[1] else ""


class JsonLine(logging.Formatter):
    """One JSON object: time, level, logger and message; request_id, user, task, task_id and exception if there are."""

    def format(self, record: logging.LogRecord) -> str:
        record = discreet(record)
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **_of_request(getattr(record, "request", None) or current_request.get()),
            **_of_task(record),
        }
        if record.exc_info and record.exc_info[1]:
            entry["exception"] = "\n".join(told(record.exc_info[1]))
        return json.dumps(entry, ensure_ascii=False, default=str)


def discreet(record: logging.LogRecord) -> logging.LogRecord:
    """The same record with addresses cut down to routes and references, and without the words of an error."""
    cleaned = logging.makeLogRecord(vars(record))
    cleaned.exc_text = None
    request = getattr(record, "request", None)
    if isinstance(record.args, dict) and "exc" in record.args:  # Celery repeats the error in its message
        cleaned.args = record.args | {"exc": record.exc_info[0].__name__ if record.exc_info else "…", "traceback": ""}
    elif record.name.startswith("django.security") and record.exc_info and record.exc_info[0]:
        cleaned.msg, cleaned.args = record.exc_info[0].__name__, ()  # for what was sent stands in the message
    elif isinstance(request, HttpRequest) and isinstance(record.args, tuple):
        cleaned.args = tuple(_address(request) if str(part).startswith("/") else part for part in record.args)
    cleaned.msg, cleaned.args = QUERY.sub("?…", cleaned.getMessage()), ()
    return cleaned


def told(error: BaseException) -> list[str]:
    """The traceback as lines, causes first: code and kinds of errors, without values of variables."""
    chain: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in chain:
        chain.insert(0, cause)
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return [line for link in chain for line in _lines(link)]


def _lines(error: BaseException) -> Iterator[str]:
    for frame in traceback.format_tb(error.__traceback__):
        yield from frame.rstrip().splitlines()
    name = type(error).__name__
    first = next(iter(str(error).splitlines()), "") if isinstance(error, SPEAK_OF_CODE) else ""
    yield f"{name}: {first}" if first and not first.startswith(OF_THE_DATABASE) else name


def _address(request: HttpRequest) -> str:
    """The route with the references in it; an address that KRM does not have may be anything, so it is not told."""
    match = request.resolver_match
    if match is None or match.route is None:
        return "(keine Adresse von KRM)"
    route = "/" + match.route
    for name, value in match.kwargs.items():
        shown = str(value) if REFERENCE.fullmatch(str(value)) else "…"
        route = re.sub(rf"<(?:\w+:)?{name}>", shown, route)
    return route


def _of_request(request: Any) -> dict[str, Any]:
    if not isinstance(request, HttpRequest):
        return {}
    user = getattr(request, "_cached_user", None)  # the one Django has looked up already; a log line asks no database
    found = {"request_id": getattr(request, "id", None), "user": getattr(user, "pk", None)}
    return {name: value for name, value in found.items() if value}


def _of_task(record: logging.LogRecord) -> dict[str, str]:
    if current_task:
        return {"task": current_task.name, "task_id": current_task.request.id}
    of_celery = getattr(record, "data", None)
    if isinstance(of_celery, dict) and {"id", "name"} <= of_celery.keys():
        return {"task": of_celery["name"], "task_id": of_celery["id"]}
    return {}
