"""E-mails to send: written in the transaction of the act, sent by the worker, tried again while the server
refuses them.

Nothing is sent in the demonstration. Addresses are never logged.
"""

import logging
import smtplib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email
from django.template import Context
from django.template.loader import get_template, render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from essor.kernel.models import OutboxMessage

logger = logging.getLogger("essor.outbox")

MAX_ATTEMPTS = 10
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
LEASE = timedelta(minutes=10)  # a sender that dies in the middle gives the message back after this
BATCH = 100
KEPT_SENT = timedelta(days=30)
KEPT_UNSENT = timedelta(days=90)


@dataclass(frozen=True)
class Sending:
    """What one round of sending did."""

    sent: int = 0
    failed: int = 0
    given_up: int = 0


def post(
    to: str, subject: str, template: str, context: Mapping[str, Any] | None = None, *, stop_url: str = ""
) -> OutboxMessage:
    """Write a message from `<template>.txt` and `<template>.html`; it leaves once the transaction is
    committed.

    `public_url` is added to the context, to write whole addresses. `stop_url`: where such messages are stopped in
    one click (`mailing.stops_in_one_click`); mail programs show it as a button. ValidationError when `to` is not an
    address.
    """
    validate_email(to)
    if "\n" in subject or "\r" in subject:
        raise ValidationError(_("L’objet d’un message tient sur une ligne."))
    known = {"public_url": settings.PUBLIC_URL, **(context or {})}
    now = timezone.now()
    return OutboxMessage.objects.create(
        to=to,
        subject=subject[:200],
        text=_plain_text(f"{template}.txt", known),
        html=render_to_string(f"{template}.html", known),
        stop_url=stop_url,
        created_at=now,
        next_try=now,
    )


def _plain_text(name: str, context: Mapping[str, Any]) -> str:
    """A text template is not HTML: what it shows is not escaped."""
    backend: Any = get_template(name)
    text: str = backend.template.render(Context(dict(context), autoescape=False))
    return text.strip() + "\n"


def send_due(now: datetime) -> Sending:
    """Send the messages whose time has come; two senders at once never send the same one."""
    if settings.DEMO:
        return Sending()
    due = list(OutboxMessage.objects.due(now).values_list("pk", flat=True)[:BATCH])
    if not due:
        return Sending()
    connection = get_connection()
    counts = {"sent": 0, "failed": 0, "given_up": 0}
    try:
        for identifier in due:
            message = _take(identifier, now)
            if message:
                counts[_send(message, connection, now)] += 1
    finally:
        connection.close()
    return Sending(**counts)


def _take(identifier: int, now: datetime) -> OutboxMessage | None:
    """Reserve a message for this sender; None when another one has it."""
    taken = OutboxMessage.objects.due(now).filter(pk=identifier).order_by().update(next_try=now + LEASE)
    return OutboxMessage.objects.get(pk=identifier) if taken else None


def _send(message: OutboxMessage, connection: BaseEmailBackend, now: datetime) -> str:
    mail = EmailMultiAlternatives(message.subject, message.text, to=[message.to], connection=connection)
    mail.attach_alternative(message.html, "text/html")
    if message.stop_url:  # RFC 2369, RFC 8058
        mail.extra_headers["List-Unsubscribe"] = f"<{message.stop_url}>"
        mail.extra_headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    try:
        mail.send()
    except (OSError, smtplib.SMTPException, ValueError) as error:
        return _failed(message, error, now)
    message.sent_at, message.last_error = timezone.now(), ""
    message.attempts += 1
    _empty(message)
    message.save(update_fields=["sent_at", "last_error", "attempts", "text", "html", "stop_url"])
    return "sent"


def _empty(message: OutboxMessage) -> None:
    """Links of invitation or of a new password open an account: no copy stays once the message has left."""
    message.text = message.html = message.stop_url = ""


def _failed(message: OutboxMessage, error: Exception, now: datetime) -> str:
    message.attempts += 1
    message.last_error = _reason(error)
    over = message.attempts >= MAX_ATTEMPTS
    message.next_try = None if over else now + wait_after(message.attempts)
    if over:
        _empty(message)
    message.save(update_fields=["attempts", "last_error", "next_try", "text", "html", "stop_url"])
    extra = {"message_id": message.pk, "attempts": message.attempts, "reason": message.last_error}
    logger.log(logging.ERROR if over else logging.WARNING, "e-mail not sent", extra=extra)
    return "given_up" if over else "failed"


def wait_after(attempts: int) -> timedelta:
    """Time before the next try: 1, 2, 4, 8… minutes, 6 hours at most."""
    return min(LONGEST_WAIT, FIRST_WAIT * (1 << min(attempts - 1, 20)))


def _reason(error: Exception) -> str:
    """The kind of error and the server's code; never its words, which repeat addresses."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = sorted({str(code) for code, _words in error.recipients.values()})
        return f"{type(error).__name__} {' '.join(codes)}"[:200]
    code = getattr(error, "smtp_code", None) or getattr(error, "errno", None) or ""
    return f"{type(error).__name__} {code}".strip()[:200]


def purge(now: datetime) -> int:
    """Erase messages sent 30 days ago, and those not sent after 90; gives how many."""
    sent = OutboxMessage.objects.filter(sent_at__lt=now - KEPT_SENT)
    unsent = OutboxMessage.objects.filter(sent_at__isnull=True, created_at__lt=now - KEPT_UNSENT)
    return sent.delete()[0] + unsent.delete()[0]
