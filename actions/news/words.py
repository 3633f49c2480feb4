"""The words with which people end what they are sent, and the topics they name."""

from __future__ import annotations

import re

APPLICATION, PROGRAMMES, REMINDERS = "application", "programmes", "reminders"
"""What can be told: how an application stands, new announcements that fit, deadlines (asked for one by one)."""

TOPICS = (APPLICATION, PROGRAMMES)
"""Topics that need a consent of their own."""

_END = r"(?:\s*(?:해|할게|할래|합니다|하겠습니다|해\s*줘|해\s*주세요|신청|요|해요|받을래|받을게|받기))*요?"
_UNSUBSCRIBE = re.compile(
    rf"(?:무료\s*)?수신\s*거부{_END}"
    rf"|(?:모든\s*)?(?:알림|소식|메시지|문자)\s*(?:을|를|은|는|도)?\s*(?:다|모두|전부|이제)?\s*"
    rf"(?:그만|꺼|끄기|끌래|꺼\s*줘|꺼\s*주세요|해지|중지|중단|거부){_END}"
    r"|(?:please\s*)?(?:unsubscribe|opt[\s-]*out)(?:\s*me)?(?:\s*please)?"
    r"|(?:stop|turn off|no more)\s*(?:all\s*)?(?:the\s*)?(?:news|messages|notifications|alerts)(?:\s*please)?",
    re.IGNORECASE,
)
_STOP = re.compile(
    rf"(?:이제|좀|다)?\s*(?:그만|스톱|스탑|중지|중단)(?:\s*보내(?:세요|요|줘|라)?)?{_END}|(?:please\s*)?stop(?:\s*(?:it|now|please|sending))*",
    re.IGNORECASE,
)
_REFUSES = re.compile(
    r"그만|고만|끄|꺼(?!\s*둔)|해지|거부|취소|철회|필요\s*없|싫|말아|마세요|마이소|지\s*마|안\s*(?:받|알려|보내|줘|주)|됐어|됐으니"
    r"|\bstop\b|\bno (?:more|need|longer)\b|\bdon'?t\b|\bnot\b|unsubscribe|turn off|switch off|cancel|withdraw|quit",
    re.IGNORECASE,
)
_WISHES = re.compile(
    r"받을(?:래|게)|받고\s*싶|받아\s*보|켜|\bturn (?:it |them )?on\b|\bswitch (?:it |them )?on\b"
    r"|keep me (?:posted|informed)",
    re.IGNORECASE,
)
_ORNAMENTS = " \t\r\n.,!?~…'\"‘’“”[]()"

_REMINDERS = re.compile(r"기한|마감\s*전|마감일|deadline|remind", re.IGNORECASE)
_PROGRAMMES = re.compile(
    r"공고|(?:새|신규|새로운|맞는)\s*(?:지원\s*)?(?:사업|프로그램)|사업\s*소식|(?:사업|지원|프로그램)\S*\s*(?:뜨|나오|생기|열리|올라)"
    r"|\bcalls?\b|announcement|new (?:support )?program",
    re.IGNORECASE,
)
_APPLICATION = re.compile(r"신청|접수|심사|결과|application|what (?:we|i) (?:sent|handed in)", re.IGNORECASE)
_PROGRAMMES_AT_ALL = re.compile(r"사업|지원|프로그램|program", re.IGNORECASE)


def unsubscribes(words: str) -> bool:
    """Tells whether a whole message can only mean that nothing more is to be sent; so it counts anywhere, at once."""
    return _UNSUBSCRIBE.fullmatch(words.strip(_ORNAMENTS)) is not None


def says_stop(words: str) -> bool:
    """Tells whether a whole message says stop, and not of what."""
    return _STOP.fullmatch(words.strip(_ORNAMENTS)) is not None


def refuses(words: str) -> bool:
    """Tells whether words say no to something; a wish for news is not taken from such words, whatever else they say."""
    return _REFUSES.search(words) is not None


def wishes(words: str) -> bool:
    """Tells whether words ask to be told, and refuse nothing: news is not ended by them, however they were heard."""
    return _WISHES.search(words) is not None and not refuses(words)


def topic_named(words: str) -> str | None:
    """Returns the topic that words name, or None."""
    found = (
        (REMINDERS, _REMINDERS),
        (PROGRAMMES, _PROGRAMMES),
        (APPLICATION, _APPLICATION),
        (PROGRAMMES, _PROGRAMMES_AT_ALL),
    )
    return next((topic for topic, pattern in found if pattern.search(words)), None)
