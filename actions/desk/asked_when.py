"""Whether somebody who speaks of people at the desk asks when they are there, or when one comes, or wants one now."""

from __future__ import annotations

import re

_HOURS = re.compile(
    r"몇\s*시|언제\s*(?:열|닫|부터|까지|시작|끝|하[세시는])|(?:상담|운영|영업|근무|업무)\s*시간|시간이?에요|시간인가"
    r"|(?:[월화수목금토일]요일|토욜|일욜|주말|공휴일|휴일|명절|점심|저녁|밤|새벽)\S*"
    r"|퇴근|출근|쉬는\s*날"
    r"|\bhours\b|\b(?:when|what time|until|till|from when)\b.*\b(?:open|close|there|talk|start|finish)|\bare you open\b"
    r"|\bopening\b|weekend|\b(?:satur|sun|mon|tues|wednes|thurs|fri)days?\b|holiday|lunch|at night",
    re.IGNORECASE,
)
_COMING = re.compile(
    r"언제|얼마나|아직|몇\s*(?:명|분|사람)|준다더니|오고\s*있|차례|안\s*와"
    r"|\bwhen\b|\bhow (?:long|many|soon)\b|\bstill\b|\bcoming\b|\bahead of me\b|\byet\b",
    re.IGNORECASE,
)
_NOW = re.compile(
    r"연결\s*(?:해|좀|부탁|바로)|불러\s*[주줘]|바꿔|부탁|(?:전화|연락)\s*(?:해|주세요|줘|좀)|통화하고\s*싶"
    r"|\bconnect\b|\bput me through\b|\bget me\b|\btransfer\b|\bcall me\b(?! back\?)|\bplease\b",
    re.IGNORECASE,
)


def asks_hours(words: str) -> bool:
    """Tells whether words ask when people are at the desk, and not for one of them now."""
    return _HOURS.search(words) is not None and _NOW.search(words) is None


def asks_when(words: str) -> bool:
    """Tells whether words ask when somebody comes or calls."""
    return _COMING.search(words) is not None
