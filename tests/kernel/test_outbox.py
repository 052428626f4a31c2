"""E-mails: written with the act, sent once, tried again, never in the demonstration, never in the logs."""

import copy
import logging
import smtplib
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from essor.kernel import outbox
from essor.kernel.models import OutboxMessage

REFUSALS: list[Exception] = []


class Refusing(BaseEmailBackend):
    """A mail server that refuses with the first of `REFUSALS`."""

    def send_messages(self, email_messages):
        raise REFUSALS[0]


@pytest.fixture(autouse=True)
def _templates(settings) -> None:
    settings.TEMPLATES = copy.deepcopy(settings.TEMPLATES)
    settings.TEMPLATES[0]["DIRS"] = [Path(__file__).parent / "templates"]


def hello(to: str = "camille@exemple.fr") -> OutboxMessage:
    return outbox.post(to, "Bienvenue", "tests_mail/hello", {"name": "L’équipe <A&B>"})


@pytest.mark.django_db
def test_a_message_is_rendered_as_text_and_html(settings) -> None:
    message = hello()
    assert message.text == f"Bonjour L’équipe <A&B>,\nvotre lien : {settings.PUBLIC_URL}/x\n"
    assert message.html == "<p>Bonjour L’équipe &lt;A&amp;B&gt;</p>\n"
    assert outbox.send_due(timezone.now()) == outbox.Sending(sent=1)
    (sent,) = mail.outbox
    assert (sent.to, sent.subject, sent.body) == (["camille@exemple.fr"], "Bienvenue", message.text)
    assert [(part.content, part.mimetype) for part in sent.alternatives] == [(message.html, "text/html")]
    assert outbox.send_due(timezone.now()) == outbox.Sending()
    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_nothing_is_written_for_an_act_given_up() -> None:
    with transaction.atomic():
        hello()
        transaction.set_rollback(True)
    assert OutboxMessage.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("to", "subject"), [("pas une adresse", "A"), ("a@b.fr\nBcc: c@d.fr", "A"), ("a@b.fr", "A\nBcc: c@d.fr")]
)
def test_hostile_headers_are_refused(to: str, subject: str) -> None:
    with pytest.raises(ValidationError):
        outbox.post(to, subject, "tests_mail/hello", {})


@pytest.mark.django_db
def test_nothing_leaves_the_demonstration(settings) -> None:
    settings.DEMO = True
    hello()
    assert outbox.send_due(timezone.now()) == outbox.Sending()
    assert mail.outbox == []


@pytest.mark.django_db
def test_a_refused_message_waits_longer_each_time_then_is_given_up(
    settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = "tests.kernel.test_outbox.Refusing"
    REFUSALS[:] = [
        smtplib.SMTPRecipientsRefused({"camille@exemple.fr": (550, b"camille@exemple.fr unknown")})
    ]
    message, now, waits = hello(), timezone.now(), []
    with caplog.at_level(logging.INFO, "essor.outbox"):
        for _ in range(outbox.MAX_ATTEMPTS - 1):
            assert outbox.send_due(now) == outbox.Sending(failed=1)
            message.refresh_from_db()
            assert message.next_try
            waits.append(round((message.next_try - now) / timedelta(minutes=1)))
            assert outbox.send_due(message.next_try - timedelta(seconds=1)) == outbox.Sending()
            now = message.next_try
        assert outbox.send_due(now) == outbox.Sending(given_up=1)
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256]
    message.refresh_from_db()
    assert (message.next_try, message.sent_at, message.last_error) == (
        None,
        None,
        "SMTPRecipientsRefused 550",
    )
    assert len(caplog.records) == outbox.MAX_ATTEMPTS
    assert not any("camille" in str(vars(record)) for record in caplog.records)


@pytest.mark.django_db
def test_a_message_taken_by_a_sender_is_left_to_it_for_a_while() -> None:
    message, now = hello(), timezone.now()
    assert outbox._take(message.pk, now)
    assert outbox._take(message.pk, now) is None
    assert outbox.send_due(now + outbox.LEASE) == outbox.Sending(sent=1)


@pytest.mark.django_db
def test_messages_are_erased_in_time() -> None:
    now = timezone.now()
    for sent, created in ((31, 31), (29, 95), (None, 91), (None, 89)):
        message = hello()
        OutboxMessage.objects.filter(pk=message.pk).update(
            sent_at=now - timedelta(days=sent) if sent else None, created_at=now - timedelta(days=created)
        )
    assert outbox.purge(now) == 2
    assert OutboxMessage.objects.count() == 2
