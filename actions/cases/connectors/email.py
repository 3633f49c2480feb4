"""Sends a package by e-mail, with the PDF, the JSON and the documents attached.

Mail can't be delivered twice as one, so a second one after a crash carries the same Message-ID and Idempotency-Key.
"""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage

from actions.cases.connectors.parcel import Parcel, Refused, Unreachable
from actions.cases.package import WITHDRAWAL
from actions.cases.routes import Route, RouteError
from actions.texts import text
from knowledge.record import Language
from knowledge.settings import Settings

TIMEOUT = 30.0
"""Seconds without a sign of life after which a mail server counts as down."""


def send(parcel: Parcel, route: Route, chosen: Settings) -> None:
    """Sends the mail.

    Raises:
        Refused: The mail server refuses the recipient or the mail for good (5xx).
        Unreachable: It is down, or says "later" (4xx).
        RouteError: NARU_SMTP_HOST or NARU_MAIL_FROM is not set, or a password would go over an open line.
    """
    if not chosen.smtp_host or not chosen.mail_from:
        raise RouteError("e-mail needs NARU_SMTP_HOST and NARU_MAIL_FROM")
    if chosen.smtp_user and chosen.smtp_tls == "none":
        raise RouteError("a password is sent with NARU_SMTP_TLS=starttls or tls only")
    message = _message(parcel, route.address, chosen.mail_from)
    try:
        with _connected(chosen.smtp_host, chosen) as server:
            server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        code, reason = next(iter(error.recipients.values()))
        raise _failure(code, reason) from error
    except smtplib.SMTPAuthenticationError as error:
        raise Unreachable(f"SMTP {error.smtp_code}: not signed in") from error
    except smtplib.SMTPResponseException as error:
        raise _failure(error.smtp_code, error.smtp_error) from error
    except (smtplib.SMTPException, OSError) as error:
        raise Unreachable(f"{type(error).__name__}: {error}") from error


def _connected(host: str, chosen: Settings) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if chosen.smtp_tls == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, chosen.smtp_port, timeout=TIMEOUT, context=context)
    else:
        server = smtplib.SMTP(host, chosen.smtp_port, timeout=TIMEOUT)
    if chosen.smtp_tls == "starttls":
        server.starttls(context=context)
    if chosen.smtp_user and chosen.smtp_password:
        server.login(chosen.smtp_user, chosen.smtp_password.get_secret_value())
    return server


def _message(parcel: Parcel, to: str, sender: str) -> EmailMessage:
    language: Language = parcel.package["language"]
    withdrawn = parcel.package["schema"] == WITHDRAWAL
    subject = "case_mail_subject_withdrawal" if withdrawn else "case_mail_subject"
    message = EmailMessage()
    message["From"], message["To"] = sender, to
    message["Subject"] = text(subject, language, number=parcel.number, programme=parcel.package["programme"]["name"])
    message["Message-ID"] = f"<{parcel.key}@{sender.rpartition('@')[2].rstrip('>')}>"
    message["Idempotency-Key"] = parcel.key
    message.set_content(text("case_mail_body", language, number=parcel.number))
    message.add_attachment(parcel.pdf, maintype="application", subtype="pdf", filename=f"{parcel.number}.pdf")
    message.add_attachment(parcel.json, maintype="application", subtype="json", filename=f"{parcel.number}.json")
    for enclosure in parcel.enclosures:
        main, _, sub = enclosure.media_type.partition("/")
        message.add_attachment(enclosure.content, maintype=main, subtype=sub, filename=enclosure.name)
    return message


def _failure(code: int, reason: bytes | str) -> Refused | Unreachable:
    words = reason.decode(errors="replace") if isinstance(reason, bytes) else reason
    return Refused(f"SMTP {code}: {words}") if code >= 500 else Unreachable(f"SMTP {code}: {words}")
