"""Finds the names of firms and people that give themselves away by what stands beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.language import korean
from knowledge.language.korean import morphemes
from knowledge.shelf import shelf

Span = tuple[int, int]

_KOREAN_FORM = r"(?:\(주\)|\(유\)|주식회사|유한회사|유한책임회사|농업회사법인|영농조합법인)"
_FIRM_AFTER = re.compile(_KOREAN_FORM + r"\s*(?P<name>[가-힣A-Za-z0-9&]{2,20}(?:\s?[A-Z][A-Za-z0-9&]+){0,2})")
_FIRM_BEFORE = re.compile(r"(?P<name>[가-힣A-Za-z][가-힣A-Za-z0-9&]{1,19})\s?" + _KOREAN_FORM)
_FIRM_TOLD = re.compile(
    r"(?:회사\s?이름|회사명|상호|업체명|법인명)(?:은|는|이|가)?\s*:?\s*(?P<name>[가-힣A-Za-z0-9&]{2,20})"
)
_FIRM_MARK = re.compile(
    r"(?<!\w)(?:co\.?\s?,?\s?ltd|inc|corp|corporation|ltd|llc|gmbh|plc|pte\.?\s?ltd|s\.a|b\.v|pty)(?![\w])\.?", re.I
)
_FIRM_CALLED = re.compile(
    r"(?:company(?:'s)?\s+name\s+is|(?:company|firm|business)\s+(?:is\s+)?(?:called|named))\s+"
    r"(?P<name>[\w&'-]+(?:\s+[A-Z][\w&'-]*){0,3})",
    re.I,
)
_PARTICLES = re.compile(
    r"(?:입니다만|입니다|이에요|이예요|예요|에요|인데요|인데|이고요|이고|이라고|라고|이며|여야|이어야|이면|이라면|라면|인지|인가요|에서는|에서|에게|에|은|는|이|가|의|을|를|과|와|도|만|으로|로)$"
)
_NO_FIRM = frozenset(
    "설립 법인 대표 전환 형태 등록 주주 이사 우리 저희 당사 귀사 이런 그런 어떤 중소 한국 국내 해외 외국 미국 중국 "
    "일본 베트남 제조 무역 회사 기업 개인 만들 차리 세우 아닌 아니 모르 비밀 뭐 뭘 무엇 어떻게 꼭 "
    "영문 영어 한글 변경".split()
)
_NO_FIRM_EN = frozenset(
    "a an the we i you they our my your their is are was at of from with for to in and or as does do what who which "
    "means mean word company firm called named buyer seller by this that it s m re like has have write if "
    "between than".split()
)
GUESSED = 100
"""Ids below this are Kiwi's parts of speech themselves, given to words that its dictionary lacks."""

_MOST_WORDS = 4
"""Words before Ltd. that may belong to the name."""

_SURNAMES = (
    "김이박최정강조윤장임한오서신권황안송전홍유고문양손배백허남심노하곽성차주우구민진나지엄원채천방공현함변염여추도소석선설마길연위표명기반왕"
    "금옥육인맹제모탁국은편용"
)
_NAME = rf"(?P<name>(?:[{_SURNAMES}]|남궁|황보|제갈|선우|독고)[가-힣]{{1,2}}?)"
_COPULA = r"(?:이라고|라고|입니다|이에요|예요|에요|이고|인데|이라서|라서|임(?!가)|임$)"
_NAMED = (
    re.compile(rf"(?:제|저의|내|본인)\s*(?:이름|성함|성명)(?:은|는|이)?\s*:?\s*{_NAME}(?={_COPULA}|[\s,.!?]|$)"),
    re.compile(rf"(?:이름|성함|성명|담당자|대표자)\s*(?:은|는|:)\s*{_NAME}(?={_COPULA}|[\s,.!?]|$)"),
)
"""Where a name stands for certain."""

_PERSON = (
    re.compile(rf"(?<![가-힣])(?:저는|전|나는|난|저|○○|○○의|○○에서 일하는)\s+{_NAME}(?={_COPULA})"),
    re.compile(rf"(?:안녕하세요|안녕하십니까|여보세요|반갑습니다|hello|hi)[\s,.!~]*{_NAME}(?={_COPULA})", re.I),
    re.compile(rf"(?<![가-힣]){_NAME}(?=(?:이라고|라고)\s*(?:합니다|해요|하는데|하고|부르|전해|말씀))"),
    re.compile(
        rf"(?<![가-힣]){_NAME}(?=\s*(?:대표|사장|회장|과장|부장|팀장|이사|차장|대리|주임|실장|부사장|상무|전무|선생|고객)님?"
        r"(?:[은는이가께에의도과와을를,.!?\s]|한테|입니다|이에요|인데|$))"
    ),
    re.compile(rf"(?<![가-힣]){_NAME}(?=\s?씨(?:[은는이가께에의도과와를,.!?\s]|한테|$))"),
)
_PERSON_EN = (
    re.compile(
        r"\bmy\s+name(?:\s+is|'s|\s*:)\s+(?P<name>[A-Za-z][\w'-]*"
        r"(?:\s+(?!(?:and|from|i|we|with|but|of|at|in|my|the|here)\b)[A-Za-z][\w'-]*){0,2})",
        re.I,
    ),
    re.compile(r"\b(?:[Ii]'m|[Ii] am|[Tt]his is|[Ii]t's)\s+(?P<name>[A-Z][a-z]+(?:[\s-][A-Z][a-z]+){1,2})\b"),
    re.compile(r"\b(?:[Cc]all me|[Nn]ame:)\s+(?P<name>[A-Z][a-z]+(?:[\s-][A-Z][a-z]+){0,2})\b"),
    re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr|mr|mrs|ms)\.?\s+(?P<name>[A-Z][\w'-]+(?:\s[A-Z][\w'-]+){0,2})"),
)
_NO_PERSON_EN = frozenset(
    "korean korea south north american chinese japanese new united vietnam exporter export hong".split()
)


def firms(text: str) -> Iterator[Span]:
    """Finds names of firms: beside ㈜, 주식회사, Co., Ltd. and their like, and after "our company is called"."""
    taken: list[Span] = []
    for pattern in (_FIRM_AFTER, _FIRM_BEFORE, _FIRM_TOLD):
        for match in pattern.finditer(text):
            name = _bare(match["name"])
            if len(name) >= 2 and not any(name.startswith(word) for word in _NO_FIRM):
                _take(taken, (match.start("name"), match.start("name") + len(name)))
    for match in _FIRM_MARK.finditer(text):
        start = _start_of_name(text[: match.start()])
        if start is not None:
            _take(taken, (start, len(text[: match.start()].rstrip(" ,"))))
    for match in _FIRM_CALLED.finditer(text):
        _take(taken, match.span("name"))
    yield from taken


def people(text: str) -> Iterator[Span]:
    """Finds names of people: after "my name is" or 저는, and before 대표님 or 씨."""
    taken: list[Span] = []
    for pattern in _NAMED:
        for match in pattern.finditer(text):
            _take(taken, match.span("name"))
    for pattern in _PERSON:
        for match in pattern.finditer(text):
            if _may_be_name(match["name"]):
                _take(taken, match.span("name"))
    for pattern in _PERSON_EN:
        for match in pattern.finditer(text):
            if match["name"].split()[0].lower() not in _NO_PERSON_EN:
                _take(taken, match.span("name"))
    yield from taken


def _take(taken: list[Span], span: Span) -> None:
    if all(span[1] <= start or span[0] >= end for start, end in taken):
        taken.append(span)


def _bare(name: str) -> str:
    """Returns a name without the particle or verb that Korean writes onto it."""
    if not "가" <= name[-1] <= "힣":
        return name
    return _PARTICLES.sub("", name)


def _start_of_name(before: str) -> int | None:
    """Returns where the name that ends here begins, or None where no name stands before a firm's mark."""
    end = len(before.rstrip(" ,"))
    words = list(re.finditer(r"[\w&'.-]+|[^\s\w]", before[:end]))[::-1]
    start = None
    for word in words[:_MOST_WORDS]:
        if not word[0][0].isalnum() or word[0].lower().strip("'.") in _NO_FIRM_EN:
            break
        start = word.start()
    return start


def _may_be_name(word: str) -> bool:
    """Tells whether a Korean word may be somebody's name, and is no word of the language (전문가, 한국인)."""
    if word in shelf().gazetteer.known:
        return False
    found = morphemes(word)
    if len(found) == 1:
        return found[0].tag == "NNP" or not _in_dictionary(word)
    return any(each.tag == "NNP" for each in found)


def _in_dictionary(word: str) -> bool:
    """Tells whether the analyser knows a word, or has guessed its part of speech, as it does for most given names."""
    # Reached into, since a new function there would be an input of the model and make everybody train again.
    with korean._lock:
        token = korean._kiwi().tokenize(word)[0]
    return bool(token.id >= GUESSED)
