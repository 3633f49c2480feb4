"""Renders a reply for Telegram: words, card, meanings and sources as messages, picture and paper beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from wcwidth import wcswidth, wcwidth

from actions.files import ADDRESS
from actions.reply import Card, Choice, Reply, SourceNote, TermNote, Turn
from actions.texts import text
from channels.limits import TELEGRAM
from channels.telegram.layout import Block, Line, Look, Span, laid_out, length, line
from knowledge.record import Language

WIDEST_TABLE = 34
"""Columns of monospaced text that a phone of 360 pixels shows without breaking the line; wider tables are told row by
row. Narrower than ``plain.WIDEST_TABLE``: Telegram's bubble leaves room at both sides."""

WIDEST_BUTTON = 44
"""Columns of a button's title that a phone shows; what is longer is written out in the message too."""

WIDEST_HEADING = 120
"""Columns of a first line that is shown as a heading; a longer one is a paragraph."""

SHORT_CELL = 24
"""Columns of a cell that is told on the line of what it belongs to."""

UNFOLDED_TERMS = 200
"""Columns of meanings that are shown at once; more are folded, so that they do not swamp the answer."""

WIDE_SPACE = "\u3000"
"""As wide as a Korean letter, also where a phone's monospaced letters are not just half as wide."""


@dataclass(frozen=True)
class Attachment:
    """A file of Naru that goes with a message."""

    file_id: str
    name: str
    picture: bool


@dataclass(frozen=True)
class Bubble:
    """One message as it is sent: HTML, perhaps with a file (whose caption the HTML is), and its buttons.

    ``marked_up`` is False where ``html`` is plain text after all.
    """

    html: str
    choices: tuple[Choice, ...] = ()
    attachment: Attachment | None = None
    marked_up: bool = True


def bubbles(turn: Turn) -> list[Bubble]:
    """Returns the messages of a turn, in order. A source shown already in the turn is not shown again."""
    shown: set[SourceNote] = set()
    made: list[Bubble] = []
    for reply in _buttons_last(turn.replies):
        fresh = tuple(source for source in dict.fromkeys(reply.sources) if source not in shown)
        shown.update(fresh)
        made += _reply(reply, fresh, turn.language)
    return made


def _buttons_last(replies: tuple[Reply, ...]) -> tuple[Reply, ...]:
    """Puts the only buttons of a turn under its last message, where the person has read to."""
    if sum(bool(reply.choices) for reply in replies) != 1 or replies[-1].choices:
        return replies
    choices = next(reply.choices for reply in replies if reply.choices)
    bare = [reply.model_copy(update={"choices": ()}) for reply in replies]
    return (*bare[:-1], bare[-1].model_copy(update={"choices": choices}))


def said(words: str, choices: Iterable[Choice] = ()) -> list[Bubble]:
    """Returns the messages of a fixed sentence, its buttons under the last."""
    made = [Bubble(page) for page in laid_out([_plain(words)])]
    return [*made[:-1], replace(made[-1], choices=tuple(choices))]


def _reply(reply: Reply, sources: Sequence[SourceNote], language: Language) -> list[Bubble]:
    choices = reply.choices[: TELEGRAM.buttons]
    attached = _attached(reply)
    blocks = _blocks(reply, sources, language)
    if not blocks and choices and not attached:
        blocks = [_plain(text("telegram_choose", language))]
    made = _with_attached(blocks, attached) if attached else [Bubble(page) for page in laid_out(blocks)]
    if made and choices:
        made[-1] = replace(made[-1], choices=choices)
    for at in range(TELEGRAM.buttons, len(reply.choices), TELEGRAM.buttons):
        more = reply.choices[at : at + TELEGRAM.buttons]
        made.append(Bubble(text("telegram_more_choices", language), more))
    return made


def _with_attached(blocks: list[Block], attached: list[Attachment]) -> list[Bubble]:
    """A short text is the caption; of a longer one a picture takes the beginning, and a paper comes last."""
    first, *others = attached
    if length(blocks) <= TELEGRAM.caption:
        captions = laid_out(blocks, TELEGRAM.caption)
        made = [Bubble(captions[0] if captions else "", attachment=first)]
    elif first.picture:
        begun, *pages = laid_out(blocks, first=TELEGRAM.caption)
        made = [Bubble(begun, attachment=first), *(Bubble(page) for page in pages)]
    else:
        made = [*(Bubble(page) for page in laid_out(blocks)), Bubble("", attachment=first)]
    return [*made, *(Bubble("", attachment=each) for each in others)]


def _attached(reply: Reply) -> list[Attachment]:
    """Returns the files of Naru that a reply carries; those of other places are linked."""
    attached = []
    if reply.image and reply.image.url.startswith(ADDRESS):
        attached.append(Attachment(_file_id(reply.image.url), "", picture=True))
    if reply.file and reply.file.url.startswith(ADDRESS):
        attached.append(Attachment(_file_id(reply.file.url), reply.file.name, picture=False))
    return attached


def _file_id(url: str) -> str:
    return url.removeprefix(ADDRESS).partition("?")[0]


def _blocks(reply: Reply, sources: Sequence[SourceNote], language: Language) -> list[Block]:
    blocks = [_words(reply)]
    if reply.card:
        blocks += _card(reply.card, language)
    if reply.image:
        blocks.append(Block((_linked(reply.image.alt, reply.image.url),)))
    if reply.file and not reply.file.url.startswith(ADDRESS):
        blocks.append(Block((_linked(reply.file.name, reply.file.url),)))
    blocks += [*_long_titles(reply.choices), _terms(reply.terms, language), _sources(sources, language)]
    return [block for block in blocks if block.lines]


def _linked(words: str, url: str) -> Line:
    return (Span(words, href=None if url.startswith(ADDRESS) else url),)


def _words(reply: Reply) -> Block:
    """The first line is a heading where the reply tells of a record, which its sources show."""
    lines = (reply.text or "").strip("\n").split("\n") if (reply.text or "").strip() else []
    headed = bool(reply.sources and lines) and (len(lines) > 1 or reply.card is not None)
    headed = headed and not lines[0].startswith("·") and wcswidth(lines[0]) <= WIDEST_HEADING
    return Block(tuple(line(each.rstrip(), bold=headed and not number) for number, each in enumerate(lines)))


def _plain(words: str) -> Block:
    return Block(tuple(line(each) for each in words.split("\n")))


def _card(card: Card, language: Language) -> list[Block]:
    title = line(card.title, bold=True)
    if card.kind == "table":
        return [Block((title,)), *_table(card, language)]
    if card.kind == "list" and any("\n" in cell for row in card.rows for cell in row[1:]):
        return [Block((title,)), *(_item(row) for row in card.rows)]
    return [Block((title, *_numbered(card)))]


def _numbered(card: Card) -> list[Line]:
    """Steps are numbered, list rows get a point; what a row is about is bold, and what to do stands below it."""
    lines: list[Line] = []
    for number, row in enumerate(card.rows, 1):
        mark = f"{number}. " if card.kind == "steps" else "· "
        head, *rest = [cell for cell in row if cell] or [""]
        if not rest:
            lines.append(line(f"{mark}{head}"))
        elif card.kind == "steps":
            lines += [line(f"{mark}{head}", bold=True), *_lines(rest)]
        else:
            lines.append((Span(mark), Span(head, bold=True), Span(f": {' · '.join(rest)}")))
    return lines


def _item(row: tuple[str, ...]) -> Block:
    """Something with several lines to be said of it stands by itself."""
    head, *rest = row or ("",)
    return Block((line(head, bold=True), *_lines(rest)))


def _lines(cells: Iterable[str]) -> list[Line]:
    return [line(each) for cell in cells if cell for each in cell.split("\n")]


def _table(card: Card, language: Language) -> list[Block]:
    """A table as aligned columns where a phone is wide enough for them, else each row by itself."""
    aligned = _aligned(card)
    if all(0 <= wcswidth(each) <= WIDEST_TABLE for each in aligned):
        return [Block(tuple(line(each) for each in aligned), Look.TABLE, header=2 if card.columns else 0)]
    short = all(len(row) > 1 and wcswidth(row[1]) <= SHORT_CELL and "\n" not in row[1] for row in card.rows)
    if short and all(len(row) == 2 for row in card.rows):  # "· need of buyers: 36.6 %"
        return [Block(tuple((Span(f"· {head}: "), Span(cell, bold=True)) for head, cell in card.rows))]
    return [_row(card.columns, row, short, language) for row in card.rows]


def _row(columns: tuple[str, ...], row: tuple[str, ...], short: bool, language: Language) -> Block:
    """What the row is about, with its second cell if that is ``short``; the others under the names of their columns."""
    (head, *below), cells = (row or ("",))[0].split("\n"), list(row[1:])
    names = [*columns[1:], *("",) * len(cells)]
    heading: Line = (Span(head, bold=True),)
    if short and cells:
        heading = (Span(head, bold=True), Span(f" · {cells[0]}" if cells[0] else ""))
        cells, names = cells[1:], names[1:]
    if len(cells) == 1:  # what stands alone needs no name: "FOB", and below it what that is
        return Block((heading, *_lines(below), *_lines(cells)))
    told = [f"· {_cell(name, cell, language)}" for name, cell in zip(names, cells, strict=False) if cell]
    return Block((heading, *_lines(below), *_lines(told)))


def _cell(name: str, cell: str, language: Language) -> str:
    return text("channel_cell", language, column=name, cell=cell) if name else cell


def _aligned(card: Card) -> list[str]:
    """Returns a table in aligned columns; gaps beside Korean letters are filled with spaces as wide as those."""
    rows = [row for row in (card.columns, *card.rows) if row]
    across = max((len(row) for row in rows), default=0)
    columns = [[row[i] if i < len(row) else "" for row in rows] for i in range(across)]
    filled = [_filled(cells, last=i == across - 1) for i, cells in enumerate(columns)]
    lines = [" ".join(cells).rstrip() for cells in zip(*filled, strict=True)]
    if card.columns and lines:
        lines.insert(1, "-" * max(wcswidth(each) for each in lines))
    return lines


def _filled(cells: list[str], last: bool) -> list[str]:
    if last:
        return cells
    widest = max(wcswidth(cell) for cell in cells)
    korean = any(wcwidth(letter) == 2 for cell in cells for letter in cell)
    filled = []
    for cell in cells:
        wide, narrow = divmod(widest - wcswidth(cell), 2) if korean else (0, widest - wcswidth(cell))
        filled.append(cell + WIDE_SPACE * wide + " " * narrow)
    return filled


def _terms(terms: Sequence[TermNote], language: Language) -> Block:
    """What the jargon means; where that is long it is folded, under a heading."""
    lines: list[Line] = []
    for term in terms:
        before, _name, after = text("channel_term", language, term="\0", plain=term.plain).partition("\0")
        lines.append((Span(before), Span(term.term, bold=True), Span(after)))
    if sum(wcswidth(term.plain) for term in terms) <= UNFOLDED_TERMS:
        return Block(tuple(lines), Look.QUOTE)
    return Block((line(text("telegram_terms", language), bold=True), *lines), Look.FOLDED)


def _sources(sources: Sequence[SourceNote], language: Language) -> Block:
    """The sources, folded: the first lines are seen, the rest at a touch."""
    heading, lines = text("channel_sources", language), [_source(each, language) for each in sources]
    if len(lines) == 1:
        return Block(((Span(f"{heading} ", bold=True), *lines[0]),), Look.FOLDED)
    return Block((line(heading, bold=True), *lines) if lines else (), Look.FOLDED)


def _source(source: SourceNote, language: Language) -> Line:
    basis = text(f"channel_basis_{source.basis}", language)
    facts = [source.locator, text("channel_as_of", language, date=source.as_of), basis]
    web = source.url if source.url and source.url.startswith(("https://", "http://")) else None
    unlinked = f" {source.url}" if source.url and not web else ""
    return (Span("· "), Span(source.title, href=web), Span(f" ({', '.join(filter(None, facts))}){unlinked}"))


def _long_titles(choices: Sequence[Choice]) -> list[Block]:
    """Titles that a phone cuts off are written out, so that people know what they choose."""
    long = [each.title for each in choices if wcswidth(each.title) > WIDEST_BUTTON and not each.title.endswith("…")]
    return [Block(tuple(line(f"▸ {title}") for title in long))] if long else []
