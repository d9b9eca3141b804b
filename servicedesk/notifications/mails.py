"""Putting a mail of the outbox into words, in the recipient's language.

templates/emails/NAME.txt says everything: its first line is the subject. The HTML part is made from the same text,
unless there is a NAME.html, so that the two parts cannot tell different things.
"""

import re
import unicodedata
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import force_locale
from markupsafe import Markup, escape

from servicedesk.config import Settings
from servicedesk.core import cpr
from servicedesk.notifications import contents
from servicedesk.notifications.models import OutboxMail

SUBJECT_LENGTH = 200
#: Facts that are text of several lines; every other is one line, whatever somebody wrote.
LONG_FACTS = frozenset({"body", "solution", "reason"})
#: Facts that are paths of this site.
ADDRESSES = frozenset({"url", "settings_url", "staff_url", "unsubscribe_url"})

_ADDRESS = re.compile(r"""[^\s@,;:<>()\[\]"\\\x00-\x1f]+@[^\s@,;:<>()\[\]"\\\x00-\x1f]+""")


class _Headers(EmailPolicy):
    """SMTP's, but an address in a header stays whole: the email package would write a long one as encoded words,
    which no mail program follows."""

    def fold(self, name: str, value: Any) -> str:
        return f"{name}: {value}{self.linesep}" if name in _WITH_ADDRESS else super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        return self.fold(name, value).encode() if name in _WITH_ADDRESS else super().fold_binary(name, value)


_WITH_ADDRESS = frozenset({"List-Unsubscribe"})
_HEADERS = _Headers(linesep=SMTP.linesep)


def build(mail: OutboxMail, settings: Settings) -> EmailMessage:
    """The mail as it goes over the wire; needs an application context.

    The same one each time, but for what a maker finds out anew (`contents`).
    """
    content = contents.of(mail)
    facts = {**mail.facts, **content.facts}
    with force_locale(mail.locale):
        subject, text, html = _words(mail, facts, settings)
    message = EmailMessage(policy=_HEADERS)
    message["Subject"] = subject
    message["From"] = _sender(settings)
    message["To"] = _address(mail.address, str(mail.facts.get("recipient", "")))
    message["Date"] = mail.made_at
    message["Message-ID"] = _id(mail.message_id, settings)
    if mail.thread_id and mail.thread_id != mail.message_id:
        message["In-Reply-To"] = message["References"] = _id(mail.thread_id, settings)
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    if leave := facts.get("unsubscribe_url"):
        # What mail programs show as a button of their own (RFC 2369), pressed without opening the page (RFC 8058).
        message["List-Unsubscribe"] = f"<{_own_address(one_line(leave), settings)}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    # Encoded always: no server on the way has to understand 8 bit or long lines.
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    if calendar := facts.get("calendar"):
        # The last of the alternatives: what mail programs show with buttons to answer by.
        method = {"method": calendar["method"]}
        message.add_alternative(calendar["text"], subtype="calendar", cte="base64", params=method)
    for file in content.files:
        main, _, sub = file.media_type.partition("/")
        message.add_attachment(file.body, maintype=main, subtype=sub, filename=one_line(file.name))
    return message


def own_host(settings: Settings) -> str:
    """The name under which people know the installation, as mail writes it."""
    host = urlsplit(settings.base_url).hostname or "localhost"
    if ":" in host:
        return f"[IPv6:{host}]"
    return f"[{host}]" if re.fullmatch(r"[\d.]+", host) else host


def _words(mail: OutboxMail, facts: dict[str, Any], settings: Settings) -> tuple[str, str, str]:
    # Not render_template(): what that adds to a page (who is signed in, the session's language) is not there.
    jinja = current_app.jinja_env
    given = {**_clean(facts, settings), "organisation_name": settings.organisation, "locale": mail.locale}
    written = jinja.get_template(f"emails/{mail.template}.txt").render(given)
    subject, _, text = written.strip().partition("\n")
    text = re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
    given |= {"mail_subject": subject, "content": _as_html(text, settings)}
    html = jinja.select_template([f"emails/{mail.template}.html", "emails/layout.html"]).render(given)
    return _header(subject)[:SUBJECT_LENGTH], text, html


def _clean(facts: dict[str, Any], settings: Settings) -> dict[str, Any]:
    return {name: _cleaned(name, fact, settings) for name, fact in facts.items()}


def _cleaned(name: str, fact: Any, settings: Settings) -> Any:
    match fact:
        case str() if name in ADDRESSES:
            return _own_address(one_line(fact), settings)
        case str():
            said = cpr.hide(fact).text
            return _lines(said) if name in LONG_FACTS else one_line(said)
        case dict():
            return _clean(fact, settings)
        case list():
            return [_cleaned(name, one, settings) for one in fact]
        case _:
            return fact


def _own_address(url: str, settings: Settings) -> str:
    """The whole address of a path on this site; raises ValueError for any other place."""
    path = url.removeprefix(settings.base_url)
    if not path.startswith("/") or path.startswith("//"):
        raise ValueError(f"a mail only links to this site, not to {url!r}")
    return settings.base_url + path


def one_line(text: str) -> str:
    """Nothing in it can end a header or turn the direction of reading."""
    return " ".join("".join(" " if _is_unseen(sign) else sign for sign in text).split())


def _header(text: str) -> str:
    """A line as a header may hold it.

    The email package decodes what looks like an encoded word when a header is set, and writes a line break that was
    encoded in it as one: "=?utf-8?q?x=0d=0aBcc:_…?=" would become a header of its own.
    """
    return one_line(text).replace("=?", "= ?")


def _lines(text: str) -> str:
    return "\n".join(_kept_line(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))


def _kept_line(line: str) -> str:
    """A line of a longer text, with its blanks where they were."""
    return "".join("" if _is_unseen(sign) and sign != "\t" else sign for sign in line)


def _is_unseen(sign: str) -> bool:
    kind = unicodedata.category(sign)
    return kind in ("Cc", "Cs", "Zl", "Zp") or "\u202a" <= sign <= "\u202e" or "\u2066" <= sign <= "\u2069"


def _as_html(text: str, settings: Settings) -> Markup:
    """The same words as paragraphs; only our own addresses become links."""
    own = re.compile(re.escape(str(escape(settings.base_url))) + r"/[^\s<>]*")
    paragraphs = (str(escape(part)).replace("\n", "<br>\n") for part in text.strip().split("\n\n"))
    linked = (own.sub(lambda found: f'<a href="{found.group()}">{found.group()}</a>', part) for part in paragraphs)
    return Markup("\n".join(f"<p>{part}</p>" for part in linked))  # noqa: S704 - escaped two lines above


def _sender(settings: Settings) -> Address:
    name, address = parseaddr(settings.mail_from)
    return Address(display_name=_header(name or settings.organisation), addr_spec=address)


def _address(address: str, name: str) -> Address:
    """Raises ValueError when no mail could go there."""
    if not _ADDRESS.fullmatch(address.strip()):
        raise ValueError(f"not a mail address: {address!r}")
    user, _, domain = address.strip().partition("@")
    return Address(display_name=_header(name), username=user, domain=domain.encode("idna").decode())


def _id(local_part: str, settings: Settings) -> str:
    return f"<{local_part}@{own_host(settings)}>"
