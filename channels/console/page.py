"""Pages of the console: a template, the words in the reader's language, and the navigation their role sees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time
from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from actions.texts import text
from channels.console.accounts import Role, Staff
from channels.console.entry import session_of
from knowledge.record import Language

TEMPLATES = Path(__file__).parent / "templates"
KOREA = ZoneInfo("Asia/Seoul")

ALIVE_SECONDS = 20
"""How often an open page tells that it is; three times before its reader counts as gone."""


@dataclass(frozen=True)
class Place:
    """A part of the console: its name (``console_nav_…``), address, key after g, and who sees it besides admins."""

    name: str
    path: str
    key: str
    roles: frozenset[Role]


_DESK = frozenset({Role.AGENT, Role.SUPERVISOR})
PLACES = (
    Place("queue", "/console/queue", "q", _DESK),
    Place("assist", "/console/assist", "a", _DESK),
    Place("cases", "/console/cases", "c", _DESK),
    Place("applications", "/console/applications", "n", _DESK),
    Place("knowledge", "/console/knowledge", "k", frozenset({Role.EDITOR})),
    Place("insight", "/console/insight", "i", frozenset({Role.SUPERVISOR})),
    Place("audit", "/console/audit", "l", frozenset({Role.SUPERVISOR})),
    Place("staff", "/console/staff", "s", frozenset()),
)
"""The navigation, in order."""


def places(staff: Staff) -> list[Place]:
    """Returns the parts of the console that somebody's role sees."""
    return [place for place in PLACES if staff.role is Role.ADMIN or staff.role in place.roles]


def page(request: Request, staff: Staff, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Returns a page of the console.

    In the template: ``t("key", name=value)`` gives a fixed text, ``words("key", …)`` brings texts to the scripts,
    ``staff``, ``forgery`` (hidden field of every form), ``nav`` (places), ``here`` (the address), ``presence``, and
    the filters ``moment``, ``day`` and ``clock`` (Korean time).

    Args:
        request: The request that is answered.
        staff: Who reads it.
        template: File in ``templates/``.
        status: HTTP status.
        values: What the template shows.
    """
    session = session_of(request)
    shell = {
        "staff": staff,
        "nav": places(staff),
        "forgery": session.forgery if session else "",
        "presence": session.presence if session else "away",
        "alive_seconds": min(ALIVE_SECONDS, request.app.state.settings.desk_away_seconds / 3),
    }
    return render(request, template, staff.language, status, **shell, **values)


def render(request: Request, template: str, language: Language, status: int = 200, **values: Any) -> HTMLResponse:
    """Returns a page that needs nobody to be signed in."""
    shell = {"language": language, "here": request.url.path}
    nobody: dict[str, Any] = {"staff": None, "nav": [], "forgery": "", "presence": "away"}
    html = environment().get_template(template).render(**(nobody | shell | values))
    return HTMLResponse(html, status)


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Returns the templates; whatever they show is escaped, and a missing value is an error."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"t": _fixed_text, "words": _words}
    made.filters |= {"moment": _moment, "day": _day, "clock": _clock}
    return made


def _language(context: Context) -> Language:
    return context["language"]  # type: ignore[no-any-return]


@pass_context
def _fixed_text(context: Context, key: str, **values: object) -> str:
    return text(key, _language(context), **values)


@pass_context
def _words(context: Context, *keys: str) -> Markup:
    """Returns an element by which scripts find fixed texts (``word(key)`` of api.js)."""
    dumped = htmlsafe_json_dumps({key: text(key, _language(context)) for key in keys}, ensure_ascii=False)
    return Markup('<script type="application/json" class="words">{}</script>').format(dumped)


@pass_context
def _moment(context: Context, at: datetime | None) -> str:
    pattern = "M월 d일 HH:mm" if _language(context) == "ko" else "d MMM HH:mm"
    return format_datetime(at.astimezone(KOREA), pattern, locale=_language(context)) if at else ""


@pass_context
def _day(context: Context, on: date | datetime | None) -> str:
    shown = on.astimezone(KOREA) if isinstance(on, datetime) else on
    return format_date(shown, "medium", locale=_language(context)) if shown else ""


@pass_context
def _clock(context: Context, at: datetime | None) -> str:
    return format_time(at.astimezone(KOREA), "HH:mm", locale=_language(context)) if at else ""
