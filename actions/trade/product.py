"""Takes the product out of what a person says: "베트남에 라면 수출하는데 FTA 혜택 돼요?" is about 라면."""

from __future__ import annotations

import re

from actions.talk import Talk
from knowledge.language.korean import morphemes

_NOT_GOODS = frozenset(
    (
        "수출 수입 관세 세율 세금 혜택 협정 원산지 증명서 증명 판정 기준 번호 코드 부호 세번 품목 품목번호 "
        "분류 제품 물건 상품 회사 나라 저희 우리 이거 그거 저거 거 것 수 때 뭐 무엇 몇 얼마 어디 어느 번 "
        "퍼센트 프로 정도 경우 가능 인정 적용 충족 확인 시뮬레이션 계산 한국 한국산 국산 외국 해외 바이어 "
        "사장 사장님 판매 발급 필요 알 궁금 신고 무역 절약 할인 면제 인하 부과 "
        "hs hscode code fta export exports exporting exported duty duties tariff tariffs customs rate rates "
        "origin certificate qualify qualifies benefit benefits preference agreement product products goods "
        "item items korea korean made my our your the a an is are do does for of to in on from what which "
        "how much can i we it get if will be and or with need know please number classification under there "
        "any send sell selling ship shipping save find tell me about "
    ).split()
)
"""Words that are about the question, not about the goods. Only nouns and Latin words are looked at."""

_CODE_WORDS = re.compile(
    r"(?:hs|에이치\s*에스)\s*-?\s*(?:코드|code|번호|부호|넘버)|세번|세\s*번호|품목\s*(?:번호|분류|코드)|관세율?",
    re.IGNORECASE,
)
"""Ways to say "HS code", which stand close to the goods ("라면hs코드")."""

_ENGLISH = re.compile(r"[A-Za-z][A-Za-z'-]*")
WORDS_AT_MOST = 5

_NAMES = frozenset({"country", "agreement", "currency", "amount", "hs_code", "organisation", "system"})
"""Kinds of names that are never goods."""

_SHORT_GOODS = frozenset(
    "김 떡 술 차 옷 쌀 콩 꿀 빵 껌 배 감 귤 약 붓 칼 못 책 컵 잼 굴 게 묵 엿 양 삽 솥 톱 실".split()
)
"""Goods of one syllable; other single syllables are particles gone astray."""


def product_words(talk: Talk) -> str | None:
    """Returns the words for the goods in the message, or None where there are none."""
    text = _without_names(talk)
    if talk.language == "en":
        words = [word for word in _ENGLISH.findall(text) if word.lower() not in _NOT_GOODS]
    else:
        words = _korean(text)
    return " ".join(words[:WORDS_AT_MOST]) or None


def _without_names(talk: Talk) -> str:
    """Blanks countries, agreements, sums, codes, and the names of offices and systems out of the message."""
    text = _CODE_WORDS.sub(lambda found: " " * len(found.group()), talk.question)
    for entity in talk.entities:
        start, end = entity.get("start"), entity.get("end")
        known = entity.get("entity") in _NAMES
        if known and isinstance(start, int) and isinstance(end, int):
            text = text[:start] + " " * (end - start) + text[end:]
    return text


def _korean(text: str) -> list[str]:
    """Returns runs of nouns as they stand in the text, so that 자동차 부품 and 마스크팩 stay whole."""
    runs: list[tuple[int, int]] = []
    for piece in morphemes(text):
        noun = piece.tag in ("NNG", "NNP", "SL", "XPN", "XSN", "XR", "SN") and piece.form.lower() not in _NOT_GOODS
        if not noun or (piece.tag == "SN" and not runs):
            continue
        if runs and runs[-1][1] == piece.start:
            runs[-1] = (runs[-1][0], piece.end)
        else:
            runs.append((piece.start, piece.end))
    words = [text[start:end] for start, end in runs]
    return [word for word in words if len(word) > 1 or word in _SHORT_GOODS]
