"""Sending a message by e-mail. The address of the server has a password: it is in no error and no log."""

from __future__ import annotations

import logging
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import SplitResult, unquote, urlsplit

from pydantic import SecretStr

from tomoni.catalog.mail_addresses import sendable
from tomoni.use_cases.webhooks import Outcome, Sending

TIMEOUT_SECONDS = 15.0
_LOG = logging.getLogger(__name__)
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail goes out, and the address that it comes from."""

    url: SecretStr
    sender: str


def send_mail(server: MailServer, to: Sequence[str], title: str, text: str) -> Sending:
    """Sends a message to some addresses, in one mail. One that no mail can go to, or come from, is refused."""
    sender, known = sendable(server.sender), [each for written in to if (each := sendable(written))]
    if sender is None or len(known) < len(to):
        return Sending(Outcome.REFUSED)
    mail = _mail(sender, known, title, text)
    try:
        address = urlsplit(server.url.get_secret_value())
        connection = _connected(address)
    except (OSError, ValueError, smtplib.SMTPException):
        return Sending(Outcome.UNREACHABLE)
    try:
        refused = connection.send_message(mail, sender, known)
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError):
        return Sending(Outcome.REFUSED)
    except (OSError, smtplib.SMTPException):
        return Sending(Outcome.UNKNOWN)
    finally:
        connection.close()
    if refused:
        _LOG.warning("the mail server refused %d of %d addresses of a notification", len(refused), len(known))
    return Sending(Outcome.SENT)


def _mail(sender: str, to: Sequence[str], title: str, text: str) -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"] = " ".join(title.split())
    mail["From"], mail["To"] = sender, ", ".join(to)
    mail["Date"], mail["Message-ID"] = formatdate(), make_msgid(domain=sender.partition("@")[2])
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(text)
    return mail


def _connected(address: SplitResult) -> smtplib.SMTP:
    """A connection that is signed in; encrypted wherever the server can, and always where there is a password for
    another machine. Raises OSError, ValueError, SMTPException."""
    host, secure = address.hostname or "", ssl.create_default_context()
    if address.scheme == "smtps":
        made: smtplib.SMTP = smtplib.SMTP_SSL(host, address.port or 465, timeout=TIMEOUT_SECONDS, context=secure)
    else:
        made = smtplib.SMTP(host, address.port or 587, timeout=TIMEOUT_SECONDS)
    try:
        made.ehlo()
        encrypted = address.scheme == "smtps"
        if not encrypted and made.has_extn("starttls"):
            made.starttls(context=secure)
            made.ehlo()
            encrypted = True
        if address.username:
            if not encrypted and host not in _LOOPBACK:
                raise ValueError("no encryption")
            made.login(unquote(address.username), unquote(address.password or ""))
    except BaseException:
        made.close()
        raise
    return made
