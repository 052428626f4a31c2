"""Logs without personal data: one JSON object a line, only known keys, addresses and numbers of people masked
in texts.
"""

import logging
import re
import traceback
from datetime import UTC, datetime
from typing import Any

from pythonjsonlogger.json import JsonFormatter as LibraryFormatter

# What a log line may hold besides its time, level, logger and message. A key that is not here is dropped: add
# it when it can hold nothing about a person.
ALLOWED = frozenset(
    [
        "method",
        "route",
        "status",
        "milliseconds",
        "job",
        "kind",
        "attempts",
        "work",
        "message_id",
        "reason",
        "exit_code",
        "count",
        "rows",
        "bytes",
        "seconds",
        "edition",
        "source",
        "step",
        "code",
        "check",
        "version",
        "error",
    ]
)
# Loggers whose texts hold addresses of pages, which may hold a search, a name or a secret link.
WITH_ADDRESSES = (
    "django.request",
    "django.security",
    "django.server",
    "django.channels",
    "granian.access",
    "csp",
)
MAX_TEXT = 500

_MASKS = (
    (re.compile(r"\S*@\S*"), "[adresse]"),
    (re.compile(r"\?[^\s\"']+"), "?[…]"),
    (re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])"), "[ip]"),
    (
        re.compile(
            r"(?<![0-9A-Za-z:])(?:[0-9A-Fa-f]{1,4}:){3,7}[0-9A-Fa-f]{0,4}|(?<![0-9A-Za-z:])[0-9A-Fa-f:]*::[0-9A-Fa-f:]*"
        ),
        "[ip]",
    ),
    (re.compile(r"(?<!\d)(?:\+33|0)[ .-]?[1-9](?:[ .-]?\d\d){4}(?!\d)"), "[téléphone]"),
)


def mask(text: str) -> str:
    """The text without e-mail addresses, query strings, IP addresses or telephone numbers, 500 characters at
    most.
    """
    for pattern, replacement in _MASKS:
        text = pattern.sub(replacement, text)
    return text[:MAX_TEXT]


class JsonFormatter(LibraryFormatter):
    """Time, level, logger, masked message, allowed keys; of an exception, its type, its masked first line and
    where it was raised.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line of JSON."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _message(record),
        }
        line |= {key: _value(value) for key, value in vars(record).items() if key in ALLOWED}
        if record.name.startswith(WITH_ADDRESSES):
            line |= _of_request(record)
        if record.exc_info and record.exc_info[1]:
            line["exception"] = _exception(record.exc_info[1])
        return self.serialize_log_record(line)


def _message(record: logging.LogRecord) -> str:
    if record.name.startswith(WITH_ADDRESSES):
        return str(record.msg)[:MAX_TEXT]
    try:
        return mask(record.getMessage())
    except (TypeError, ValueError):
        return mask(str(record.msg))


def _of_request(record: logging.LogRecord) -> dict[str, Any]:
    """Route and status that Django puts beside its own messages."""
    found: dict[str, Any] = {}
    match = getattr(getattr(record, "request", None), "resolver_match", None)
    if match:
        found["route"] = match.route
    status = getattr(record, "status_code", None)
    if isinstance(status, int):
        found["status"] = status
    return found


def _value(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | float) else mask(str(value))


def _exception(error: BaseException) -> dict[str, Any]:
    """What a developer needs of an exception. Only the first line of its text: databases repeat the row in
    the next ones.
    """
    text = str(error).splitlines()
    frames = traceback.extract_tb(error.__traceback__)
    found: dict[str, Any] = {
        "type": f"{type(error).__module__}.{type(error).__qualname__}",
        "text": mask(text[0]) if text else "",
        "at": [
            f"{frame.filename.rpartition('/site-packages/')[2]}:{frame.lineno} {frame.name}"
            for frame in frames[-15:]
        ],
    }
    cause = error.__cause__ or error.__context__
    if cause is not None and not error.__suppress_context__:
        found["cause"] = f"{type(cause).__module__}.{type(cause).__qualname__}"
    return found
