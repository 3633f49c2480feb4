"""Makes a checklist of the papers a letter of credit asks for: what each is, how many originals and copies."""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.explaining.pack import PaperKind

_BULLET = re.compile(
    r"^[ \t]*(?:[+*■□○●·▶ㅇ•]|-(?!\d)|[(\[]?(?:\d{1,2}|[A-Za-z])[.)\]](?![\d])|[①-⑳])[ \t]*(?=\S)", re.MULTILINE
)
_INLINE_PLUS = re.compile(r"(?<=[.;\s])\+(?=[ \t]?(?:[A-Z가-힣]|\d(?!\d?\s?(?:%|pct|percent))))")
_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "duplicate": 2, "triplicate": 3, "quadruplicate": 4, "quintuplicate": 5,
}  # fmt: skip
_NUMBER = r"(?<![\d/])(?P<{0}>\d{{1,2}}|one|two|three|four|five|six|seven|eight)(?:\s*\(\s*\w+\s*\))?"
_ORIGINALS = re.compile(_NUMBER.format("n") + r"\s*(?:signed\s+)?(?:originals?|원본)\b", re.IGNORECASE)
_COPIES = re.compile(
    _NUMBER.format("n") + r"\s*(?:non-?\s?negotiable\s+|photo)?-?\s?(?:copies|copy|사본)\b", re.IGNORECASE
)
_FOLD = re.compile(
    r"\bin\s+(?P<word>duplicate|triplicate|quadruplicate|quintuplicate)\b|"
    + _NUMBER.format("n")
    + r"\s*-?\s*(?:fold|통|부)(?![a-z])",
    re.IGNORECASE,
)
_KOREAN_ORIGINALS = re.compile(r"원본\s*(?P<n>\d{1,2})\s*[통부]")
_KOREAN_COPIES = re.compile(r"사본\s*(?P<n>\d{1,2})\s*[통부]")
_FULL_SET = re.compile(r"full\s*(?:\(?3/3\)?\s*)?set|\b3\s?/\s?3\b|전통", re.IGNORECASE)
_PART_SET = re.compile(r"\b(?P<n>[12])\s?/\s?3\b")


@dataclass(frozen=True)
class Paper:
    """A paper to be handed in.

    Attributes:
        text: The demand as it stands.
        kind: What it is; None where it is nothing known.
        also: Further papers the same demand names.
        originals: How many originals, where said.
        copies: How many copies, where said.
        total: How many in all, where only that is said ("in triplicate").
        full_set: Every original that was issued is asked for.
        part_of_set: Only one or two of three originals are asked for.
    """

    text: str
    kind: PaperKind | None
    also: tuple[PaperKind, ...] = ()
    originals: int | None = None
    copies: int | None = None
    total: int | None = None
    full_set: bool = False
    part_of_set: bool = False


def read_papers(content: str, kinds: tuple[PaperKind, ...]) -> tuple[Paper, ...]:
    """Returns the papers that ``content`` (field 46A, or what stands there in a printed letter) asks for."""
    return tuple(_paper(each, kinds) for each in items(content, kinds))


def items(content: str, kinds: tuple[PaperKind, ...] = ()) -> list[str]:
    """Cuts a list into its items: at bullets and numbers; without them, at lines that begin another paper."""
    content = _INLINE_PLUS.sub("\n+", content)
    starts = [match.start() for match in _BULLET.finditer(content)]
    if starts:
        parts = [
            content[: starts[0]],
            *(content[a:b] for a, b in zip(starts, [*starts[1:], len(content)], strict=True)),
        ]
        cleaned = [_one_line(_BULLET.sub("", part, count=1)) for part in parts]
        lead = cleaned[0].rstrip(" :")
        keep_lead = bool(lead) and any(_found(lead, kind) is not None for kind in kinds)
        return [each for each in ([lead] if keep_lead else []) + cleaned[1:] if each]
    return _by_lines(content, kinds)


def _by_lines(content: str, kinds: tuple[PaperKind, ...]) -> list[str]:
    found: list[str] = []
    for line in content.splitlines():
        if not line.strip():
            continue
        begins = any((at := _found(line, kind)) is not None and at < 40 for kind in kinds)
        ended = not found or found[-1].rstrip().endswith((".", ";")) or begins
        if ended and (begins or not found):
            found.append(line.strip())
        else:
            found[-1] = f"{found[-1]} {line.strip()}"
    return [_one_line(each) for each in found]


def _paper(text: str, kinds: tuple[PaperKind, ...]) -> Paper:
    places = [(at, kind) for kind in kinds if (at := _found(text, kind)) is not None]
    kind = _main(places) if places else None
    originals, copies, total = _counts(text)
    return Paper(
        text=text,
        kind=kind,
        also=tuple(
            other for _, other in sorted(places, key=lambda each: each[0]) if kind and _listed(text, kind, other)
        ),
        originals=originals,
        copies=copies,
        total=total,
        full_set=bool(_FULL_SET.search(text)),
        part_of_set=bool(_PART_SET.search(text)) and not _FULL_SET.search(text),
    )


def _main(places: list[tuple[int, PaperKind]]) -> PaperKind:
    """The paper named first; of two that begin at the same place the more particular (earlier in the pack)."""
    first = min(at for at, _ in places)
    return next(kind for at, kind in places if at <= first + 2)


def _listed(text: str, kind: PaperKind, other: PaperKind) -> bool:
    """Whether a demand names two papers side by side: "commercial invoice and packing list in 3 copies"."""
    if other is kind:
        return False
    one, two = _found(text, kind), _found(text, other)
    if one is None or two is None or not one < two:
        return False
    between = text[one:two]
    return bool(re.fullmatch(r"[\w\s/.'-]{0,40}?(?:,|\band\b|&|및|와|과)\s*[\w\s/'-]{0,20}", between, re.IGNORECASE))


def _found(text: str, kind: PaperKind) -> int | None:
    return min((match.start() for pattern in kind.written if (match := pattern.search(text))), default=None)


def _counts(text: str) -> tuple[int | None, int | None, int | None]:
    originals = (
        _number(_ORIGINALS.search(text)) or _number(_KOREAN_ORIGINALS.search(text)) or _number(_PART_SET.search(text))
    )
    copies = _number(_COPIES.search(text)) or _number(_KOREAN_COPIES.search(text))
    fold = _FOLD.search(text)
    total = (_WORDS[fold["word"].lower()] if fold and fold["word"] else _number(fold)) if fold else None
    if originals is None and copies is not None and re.search(r"\bin\s+" + _NUMBER.format("n") + r"\s*cop", text, re.I):
        return None, None, copies  # "in 3 copies" is three in all
    return originals, copies, total if originals is None and copies is None else None


def _number(match: re.Match[str] | None) -> int | None:
    if match is None or not match["n"]:
        return None
    written = match["n"].lower()
    return int(written) if written.isdigit() else _WORDS[written]


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
