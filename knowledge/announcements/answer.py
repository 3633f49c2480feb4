"""Takes one answer of the service apart: rows and their total, or the error it really is.

Korean open-data services answer an error with status 200, often in XML though JSON was asked for; an empty list may
come as "", null or not at all, and a list of one as the bare object. Codes: 공공데이터포털 에러코드, in the technical
documents of data.go.kr services.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from knowledge.announcements.errors import BizinfoError, KeyRefused, LimitReached, Malformed, ServiceDown

KEY_CODES = frozenset({"20", "21", "30", "31", "32", "33"})
LIMIT_CODES = frozenset({"22"})
REQUEST_CODES = frozenset({"10", "11"})
PASSING_CODES = frozenset({"1", "2", "4", "5", "99"})
FINE_CODES = frozenset({"0", "200"})

_REASON = re.compile(r"<(returnReasonCode|resultCode)>\s*(\d+)\s*</")
_MESSAGE = re.compile(r"<(returnAuthMsg|resultMsg|errMsg)>\s*([^<]+?)\s*</")
_CODE_FIELDS = ("returnReasonCode", "resultCode", "code")
_MESSAGE_FIELDS = ("reqErr", "returnAuthMsg", "resultMsg", "errMsg", "message", "msg", "error")
_KEY_WORDS = re.compile(r"인증|서비스\s*키|SERVICE_?KEY|ACCESS_?DENIED|UNREGISTERED_?IP|unauthori[sz]ed|crtfcKey", re.I)
_LIMIT_WORDS = re.compile(r"초과|횟수|제한|EXCEED|too many|LIMITED_?NUMBER", re.I)
_LONGEST_MESSAGE = 200
_DEEPEST = 4


@dataclass(frozen=True)
class Page:
    """One page of the list: its rows as they came, and how many the whole list has, where the service says."""

    rows: tuple[Any, ...]
    total: int | None = None


def read_answer(body: bytes) -> Page:
    """Returns the rows of an answer.

    Raises:
        BizinfoError: The answer tells an error (of the class that fits), or is not what is documented.
    """
    text = decode(body)
    if text.lstrip().startswith("<"):
        raise _error_of_markup(text)
    try:
        # Summaries come with bare line ends and tabs inside strings, which strict JSON forbids.
        answer = json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        raise Malformed("The answer of 기업마당 is no whole JSON.", passing=True) from error
    if isinstance(answer, list):
        return _page(answer, None)
    if not isinstance(answer, dict):
        raise Malformed("The answer of 기업마당 is JSON, but no list of announcements.")
    if "jsonArray" in answer:
        return _page(answer["jsonArray"], answer.get("totCnt"))
    if told := _error_of_fields(answer):
        raise told
    if set(answer) - {"totCnt", "pageIndex", "pageUnit", "searchCnt"}:
        raise Malformed("The answer of 기업마당 has no jsonArray.")
    return Page((), _number(answer.get("totCnt")))


def decode(body: bytes) -> str:
    """Returns the text of a body by what its bytes are; the charset the service declares is often wrong.

    Korean in EUC-KR (CP949) is practically never valid UTF-8, so trying in this order is safe.

    Raises:
        Malformed: The bytes are neither.
    """
    for charset in ("utf-8-sig", "cp949"):
        try:
            return body.decode(charset)
        except UnicodeDecodeError:
            continue
    raise Malformed("The answer of 기업마당 is neither UTF-8 nor EUC-KR text.", passing=True)


def _page(listed: Any, total: Any) -> Page:
    if isinstance(listed, dict) and "item" in listed:
        listed, total = listed["item"], listed.get("totCnt", total)
    if isinstance(listed, dict):
        if told := _error_of_fields(listed):
            raise told
        listed = [listed] if listed else []
    if listed in ("", None):
        listed = []
    if not isinstance(listed, list):
        raise Malformed("The jsonArray of 기업마당 is no list.")
    totals = [_number(total), *(_number(row.get("totCnt")) for row in listed if isinstance(row, dict))]
    return Page(tuple(listed), max((count for count in totals if count is not None), default=None))


def _number(value: Any) -> int | None:
    text = str(value).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _error_of_markup(text: str) -> BizinfoError:
    code, message = _REASON.search(text), _MESSAGE.search(text)
    if code is None and message is None:
        return Malformed("기업마당 answered with a web page or a feed where JSON was asked for.")
    return error_of(code.group(2) if code else "", message.group(2) if message else "") or Malformed(
        "기업마당 answered in XML where JSON was asked for."
    )


def _error_of_fields(answer: dict[str, Any]) -> BizinfoError | None:
    """The error that an object tells, looking a few levels down: header, cmmMsgHeader and the like."""
    code = message = ""
    level: list[Any] = [answer]
    for _ in range(_DEEPEST):
        for part in level:
            code = code or next((str(part[key]) for key in _CODE_FIELDS if _plain(part.get(key))), "")
            message = message or next((str(part[key]) for key in _MESSAGE_FIELDS if _plain(part.get(key))), "")
        level = [value for part in level for value in part.values() if isinstance(value, dict)]
    return error_of(code, message) if code or message else None


def _plain(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool) and value != ""


def error_of(code: str, message: str) -> BizinfoError | None:
    """Returns the error a code and a message stand for; None where the code says that all is well."""
    number = code.strip().lstrip("-").lstrip("0") or ("0" if code.strip() else "")
    if number in FINE_CODES:
        return None
    told = (
        f"{message.strip()[:_LONGEST_MESSAGE]} (code {code.strip()})" if number else message.strip()[:_LONGEST_MESSAGE]
    )
    if number in LIMIT_CODES:
        return LimitReached(f"기업마당: today's number of requests is used up: {told}")
    if number in KEY_CODES or number in ("401", "403"):
        return KeyRefused(f"기업마당 refuses the key: {told}")
    if number in REQUEST_CODES:
        return Malformed(f"기업마당 does not accept the request: {told}")
    if not number and _LIMIT_WORDS.search(message):
        return LimitReached(f"기업마당: today's number of requests is used up: {told}")
    if not number and _KEY_WORDS.search(message):
        return KeyRefused(f"기업마당 refuses the key: {told}")
    return ServiceDown(f"기업마당 reports an error: {told}", passing=number in PASSING_CODES or not number)
