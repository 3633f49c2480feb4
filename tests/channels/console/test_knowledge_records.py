"""The knowledge desk's records: found, written, previewed, published, compared, gone back to, switched off, reviewed."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator, Iterator
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import delete, select

from actions.desk.tables import AuditRow
from actions.explaining import Define
from actions.finding import HowTo
from actions.reply import Outcome
from actions.talk import payload
from channels.app import create_app
from channels.console.accounts import Role, Staff
from channels.console.knowledge_listing import State, Why, listed, to_review
from channels.console.knowledge_record_acts import changes
from knowledge.database.engine import sessions
from knowledge.database.written import RecordVersionRow, SwitchedOffRow
from knowledge.edited.editions import raise_edition
from knowledge.edited.versions import Versions, last_published
from knowledge.settings import Settings
from knowledge.shelf import renewed, shelf
from tests.actions.test_withheld import told
from tests.channels.console.entering import client_of, employ

PAGE = {"Accept": "text/html"}
RECORDS = "/console/knowledge/records"
NEXT_YEAR = (date.today() + timedelta(days=365)).isoformat()

ASKED = "해외 손님이 나무 도마 소독 확인서를 달라는데 어떻게 해요"
"""A question Naru has no answer to."""

BOARDS = {
    "kind": "faq",
    "ko.name": "나무 도마 소독 확인서",
    "ko.plain": "나무 도마처럼 나무로 만든 물건은 소독 확인서를 달라는 나라가 있어요. 바이어에게 어느 서류인지 먼저 물어보세요.",
    "ko.todo": "바이어에게 서류 이름을 물어보세요.",
    "ko.questions": f"{ASKED}\n나무 도마 소독 확인서",
    "en.name": "Disinfection paper for wooden boards",
    "en.plain": "Some countries want a paper on disinfection for goods of wood. Ask the buyer first which paper it is.",
    "en.todo": "Ask the buyer for the name of the paper.",
    "en.questions": "the buyer wants a disinfection paper for wooden boards",
    "source.of": "editorial",
    "source.locator": "나무 도마",
    "confirm_with": "organisation.kotra",
    "note": "asked at the desk",
    "review_on": NEXT_YEAR,
}
ID = "faq.desk-disinfection-paper-for-wooden-boards"

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def app(settings: Settings) -> FastAPI:
    # No page of the desk needs the assistant itself.
    return create_app(settings, assistant=object())  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def editor(settings: Settings) -> Staff:
    renewed(settings)
    return employ(settings, Role.EDITOR, language="en")


@pytest.fixture(autouse=True)
def nothing_left(settings: Settings) -> Iterator[None]:
    yield
    with sessions(settings.database).begin() as session:
        raise_edition(session)
        session.execute(delete(RecordVersionRow))
        session.execute(delete(SwitchedOffRow))
        session.execute(delete(AuditRow))
    renewed(settings)


@pytest.fixture
async def desk(app: FastAPI, editor: Staff) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app, editor) as client:
        client.headers.update(PAGE)
        yield client


def audit_of(settings: Settings) -> list[tuple[str, str | None]]:
    with sessions(settings.database)() as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.what.like("record.%")).order_by(AuditRow.id))
        return [(row.what, row.subject) for row in rows]


def fields_of(page: str) -> dict[str, str]:
    """Returns what stands in the form of a record, as a browser would send it."""
    form = re.search(r'<form method="post" id="record".*?</form>', page, re.DOTALL)
    assert form, page[:400]
    found = {
        name: html.unescape(text)
        for name, text in re.findall(r'<textarea name="([^"]+)"[^>]*>(.*?)</textarea>', form[0], re.DOTALL)
    }
    for tag in re.findall(r"<input [^>]*>", form[0]):
        name, value = re.search(r' name="([^"]+)"', tag), re.search(r' value="([^"]*)"', tag)
        if name:
            found[name[1]] = html.unescape(value[1]) if value else ""
    for name, options in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', form[0], re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = html.unescape(chosen[1]) if chosen else ""
    return {name: value for name, value in found.items() if name != "forgery"}


def words_of(page: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


async def publish(desk: httpx.AsyncClient, settings: Settings, **changed: str) -> None:
    typed = BOARDS | {name.replace("__", "."): value for name, value in changed.items()}
    answer = await desk.post(f"{RECORDS}/new", data=typed | {"do": "publish"})
    assert answer.status_code == 303, words_of(answer.text)
    assert answer.headers["location"] == f"{RECORDS}/{ID}?told=published"


async def test_a_question_without_an_answer_gets_one_and_the_next_turn_gives_it(
    desk: httpx.AsyncClient, settings: Settings
) -> None:
    _, outcome, records = await told(HowTo(), ASKED)
    assert ID not in records
    page = await desk.get(f"{RECORDS}/new", params={"question": ASKED})
    form = fields_of(page.text)
    assert form["ko.questions"] == ASKED and form["tries"] == ASKED, "the question is there already"
    answer = await desk.post(f"{RECORDS}/new", data=form | BOARDS | {"do": "publish"})
    assert answer.status_code == 303, words_of(answer.text)
    assert answer.headers["location"] == f"{RECORDS}/{ID}?told=published"
    reply, outcome, records = await told(HowTo(), ASKED)
    assert (outcome, records) == (Outcome.ANSWERED, (ID,))
    assert reply.text and "소독 확인서를 달라는 나라가 있어요" in reply.text and "KOTRA" in reply.text
    reply, _, _ = await told(HowTo(), "the buyer wants a disinfection paper for wooden boards", language="en")
    assert reply.text and "Ask the buyer first" in reply.text
    assert audit_of(settings) == [("record.published", ID)]
    assert list(last_published(settings, [ID])) == [ID]


async def test_the_preview_is_the_answer_itself_and_nobody_else_sees_it(
    desk: httpx.AsyncClient, settings: Settings
) -> None:
    typed = BOARDS | {
        "tries": f"{ASKED}\nFOB가 뭐예요?",
        "do": "preview",
        "ko.detail": "계약서에도 적어요.",
        "en.detail": "x y.",
    }
    page = await desk.post(f"{RECORDS}/new", data=typed)
    assert page.status_code == 200
    seen = page.text[page.text.index('id="preview"') : page.text.index('<form method="post" id="record"')]
    told_in_preview = words_of(seen)
    assert fields_of(page.text)["ko.detail"] == "계약서에도 적어요."
    assert shelf().library.get(ID) is None and audit_of(settings) == []

    await publish(desk, settings, ko__detail="계약서에도 적어요.", en__detail="x y.")
    for language in ("ko", "en"):
        pressed = payload("define", record=ID)
        real, _, _ = await told(Define(), pressed, {"record": ID}, language=language)  # type: ignore[arg-type]
        assert real.text and words_of(real.text).strip() in told_in_preview
        assert real.card and all(cell in told_in_preview for row in real.card.rows for cell in row)
        assert real.choices and all(choice.title in told_in_preview for choice in real.choices)
        assert real.sources[0].title in told_in_preview
    assert "계약서에도 적어요." in told_in_preview, "and what is said on asking further"
    tried = re.findall(r"<tr><td>(.*?)</td>.*?<span class=\"badge (\w+)\">", seen, re.DOTALL)
    assert tried == [(ASKED, "good"), ("FOB가 뭐예요?", "bad")]


async def test_the_preview_explains_jargon(desk: httpx.AsyncClient) -> None:
    typed = BOARDS | {"ko.plain": "가격을 FOB로 적을 때는 확인서 값을 빼요.", "do": "preview"}
    page = await desk.post(f"{RECORDS}/new", data=typed)
    assert "<dt>FOB</dt>" in page.text


async def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(desk: httpx.AsyncClient) -> None:
    typed = BOARDS | {
        "ko.plain": "서류가 필요하다.",
        "en.todo": "",
        "confirm_with": "",
        "related": "fact.nowhere",
        "note": "",
        "review_on": "2020-01-01",
        "do": "publish",
    }
    answer = await desk.post(f"{RECORDS}/new", data=typed)
    assert answer.status_code == 422 and shelf().library.get(ID) is None
    for place in ("ko.plain", "en.todo", "confirm_with", "related", "note", "review_on"):
        assert f'id="fault-{place}-1"' in answer.text, place
    assert "must end politely" in words_of(answer.text) and "fact.nowhere: there is no such record" in answer.text
    kept = fields_of(answer.text)
    assert {name: kept[name] for name in typed if name not in ("do", "kind")} == {
        name: value for name, value in typed.items() if name not in ("do", "kind")
    }


async def test_a_source_is_needed(desk: httpx.AsyncClient) -> None:
    own = {
        "source.of": "",
        "source.locator": "",
        "source.title.ko": "안내",
        "source.url": "http://a.example",
        "do": "publish",
    }
    answer = await desk.post(f"{RECORDS}/new", data=BOARDS | own)
    assert answer.status_code == 422
    for place in ("source.title.en", "source.basis", "source.as_of", "source.url"):
        assert f'id="fault-{place}-1"' in answer.text, place


async def test_an_id_that_is_taken_or_odd_is_refused(desk: httpx.AsyncClient) -> None:
    for name, told_fault in (("faq.quotation", "taken"), ("Faq Odd", "An id is"), ("term.other", "An id is")):
        answer = await desk.post(f"{RECORDS}/new", data=BOARDS | {"id": name, "do": "publish"})
        assert answer.status_code == 422 and told_fault in answer.text
    answer = await desk.post(f"{RECORDS}/new", data=BOARDS | {"kind": "survey", "do": "draft"})
    assert answer.status_code == 422


async def test_a_record_of_the_pack_is_corrected_compared_and_taken_back(
    desk: httpx.AsyncClient, settings: Settings
) -> None:
    page = await desk.get(f"{RECORDS}/faq.quotation")
    form = fields_of(page.text)
    before = shelf().library.records["faq.quotation"]
    assert form["ko.plain"] == before.ko.plain and form["source.of"] == "editorial" and form["base"] == "0"
    changed = form | {"ko.plain": "견적서에는 품명과 수량과 값을 적어요.", "note": "shorter", "do": "publish"}
    answer = await desk.post(f"{RECORDS}/faq.quotation", data=changed)
    assert answer.status_code == 303, words_of(answer.text)
    after = shelf().library.records["faq.quotation"]
    assert after.ko.plain == "견적서에는 품명과 수량과 값을 적어요."
    assert after.model_copy(update={"ko": before.ko}) == before, "and nothing else"

    page = await desk.get(f"{RECORDS}/faq.quotation/history")
    assert "<ins>견적서에는 품명과 수량과 값을 적어요.</ins>" in page.text
    assert f"<del>{html.escape(before.ko.plain)}</del>" in page.text
    version = Versions(settings).published("faq.quotation")
    assert version and version.note == "shorter"
    answer = await desk.post(f"{RECORDS}/faq.quotation/back", data={"version": "0", "base": str(version.id)})
    assert answer.status_code == 303
    assert shelf().library.records["faq.quotation"] == before
    answer = await desk.post(f"{RECORDS}/faq.quotation/back", data={"version": str(version.id), "base": "0"})
    assert answer.status_code == 303 and shelf().library.records["faq.quotation"] == after
    assert [what for what, _ in audit_of(settings)] == ["record.published", "record.withdrawn", "record.went_back"]


async def test_a_version_of_an_older_form_is_not_served(desk: httpx.AsyncClient, settings: Settings) -> None:
    with sessions(settings.database).begin() as session:
        old = RecordVersionRow(
            record_id="faq.quotation", state="replaced", data={"id": "faq.quotation", "colour": "red"}
        )
        session.add(old)
        session.flush()
        number = str(old.id)
    assert (await desk.get(f"{RECORDS}/faq.quotation/history")).status_code == 200
    answer = await desk.post(f"{RECORDS}/faq.quotation/back", data={"version": number, "base": "0"})
    assert answer.status_code == 422 and "older form" in answer.text
    answer = await desk.post(f"{RECORDS}/faq.quotation/back", data={"version": "999999", "base": "0"})
    assert answer.status_code == 404


async def test_two_editors_do_not_overwrite_each_other(desk: httpx.AsyncClient, settings: Settings) -> None:
    form = fields_of((await desk.get(f"{RECORDS}/faq.quotation")).text)
    first = form | {"ko.plain": "먼저 고친 글이에요.", "note": "first", "do": "publish"}
    assert (await desk.post(f"{RECORDS}/faq.quotation", data=first)).status_code == 303
    second = form | {"ko.plain": "나중에 고친 글이에요.", "note": "second", "do": "publish"}
    answer = await desk.post(f"{RECORDS}/faq.quotation", data=second)
    assert answer.status_code == 409 and "Somebody else changed this record" in answer.text
    assert fields_of(answer.text)["ko.plain"] == "나중에 고친 글이에요."
    assert shelf().library.records["faq.quotation"].ko.plain == "먼저 고친 글이에요."
    again = await desk.post(f"{RECORDS}/faq.quotation", data=second | {"do": "rebase"})
    form = fields_of(again.text)
    assert form["ko.plain"] == "나중에 고친 글이에요."
    answer = await desk.post(f"{RECORDS}/faq.quotation", data=form | {"do": "publish"})
    assert answer.status_code == 303 and shelf().library.records["faq.quotation"].ko.plain == "나중에 고친 글이에요."


async def test_a_draft_waits_unseen_and_half_written(desk: httpx.AsyncClient, settings: Settings) -> None:
    half = {"kind": "faq", "en.name": "Half a thought", "ko.plain": "아직 반말이다", "do": "draft"}
    answer = await desk.post(f"{RECORDS}/new", data=half)
    assert answer.headers["location"] == f"{RECORDS}/faq.desk-half-a-thought?told=draft"
    page = await desk.get(answer.headers["location"])
    form = fields_of(page.text)
    assert form["ko.plain"] == "아직 반말이다" and form["en.name"] == "Half a thought"
    assert shelf().library.get("faq.desk-half-a-thought") is None
    drafts = await desk.get(RECORDS, params={"state": "draft"})
    assert "Half a thought" in drafts.text and "1 records" in drafts.text
    stale = await desk.post(f"{RECORDS}/faq.desk-half-a-thought", data=form | {"seen": "", "do": "draft"})
    assert stale.status_code == 409, "somebody who does not know the draft does not replace it"
    wrong = await desk.post(f"{RECORDS}/faq.desk-half-a-thought/discard", data={"seen": "999999"})
    assert wrong.status_code == 409 and "Somebody else changed this record" in wrong.text
    gone = await desk.post(f"{RECORDS}/faq.desk-half-a-thought/discard", data={"seen": form["seen"]})
    assert gone.status_code == 303
    assert (await desk.get(f"{RECORDS}/faq.desk-half-a-thought")).status_code == 404


async def test_switching_off_and_on(desk: httpx.AsyncClient, settings: Settings) -> None:
    answer = await desk.post(f"{RECORDS}/term.fob/off", data={"reason": " "})
    assert answer.status_code == 422 and shelf().library.get("term.fob")
    answer = await desk.post(f"{RECORDS}/term.fob/off", data={"reason": f"wrong {SCRIPT}"})
    assert answer.status_code == 303 and shelf().library.get("term.fob") is None
    page = await desk.get(f"{RECORDS}/term.fob")
    assert page.status_code == 200 and "wrong &lt;script&gt;" in page.text and SCRIPT not in page.text
    assert "term.fob" in (await desk.get(RECORDS, params={"state": "off"})).text
    assert (await desk.post(f"{RECORDS}/term.fob/on")).status_code == 303
    assert shelf().library.get("term.fob")
    assert audit_of(settings) == [("record.switched_off", "term.fob"), ("record.switched_on", "term.fob")]
    assert (await desk.post(f"{RECORDS}/term.nowhere/off", data={"reason": "x"})).status_code == 404


async def test_a_switched_off_record_is_corrected_and_stays_off_until_switched_on(
    desk: httpx.AsyncClient, settings: Settings
) -> None:
    await desk.post(f"{RECORDS}/faq.quotation/off", data={"reason": "wrong"})
    form = fields_of((await desk.get(f"{RECORDS}/faq.quotation")).text)
    changed = form | {"ko.plain": "견적서에는 값을 적어요.", "note": "mended", "do": "publish"}
    preview = await desk.post(f"{RECORDS}/faq.quotation", data=changed | {"do": "preview"})
    assert "견적서에는 값을 적어요." in preview.text[: preview.text.index('id="record"')]
    assert (await desk.post(f"{RECORDS}/faq.quotation", data=changed)).status_code == 303
    assert shelf().library.get("faq.quotation") is None
    await desk.post(f"{RECORDS}/faq.quotation/on")
    assert shelf().library.records["faq.quotation"].ko.plain == "견적서에는 값을 적어요."


async def test_a_script_in_a_record_is_text(desk: httpx.AsyncClient) -> None:
    hostile = f'"><img src=x onerror=alert(1)>{SCRIPT}'
    typed = BOARDS | {"en.name": hostile, "ko.questions": hostile, "note": hostile, "tries": hostile, "do": "preview"}
    shown = await desk.post(f"{RECORDS}/new", data=typed)
    assert shown.status_code == 200
    typed["do"] = "draft"
    kept = await desk.post(f"{RECORDS}/new", data=typed | {"id": "faq.desk-hostile"})
    pages = [shown, await desk.get(kept.headers["location"]), await desk.get(RECORDS, params={"q": hostile})]
    pages.append(await desk.get(RECORDS, params={"state": "draft"}))
    for page in pages:
        assert page.status_code == 200
        assert SCRIPT not in page.text and "<img src=x" not in page.text
    assert html.escape(SCRIPT) in pages[1].text


async def test_records_are_found_by_words_id_kind_and_state(desk: httpx.AsyncClient, settings: Settings) -> None:
    assert "term.fob" in (await desk.get(RECORDS, params={"q": "에프오비"})).text
    assert "faq.quotation" in (await desk.get(RECORDS, params={"q": "faq.quot"})).text
    assert "faq.quotation" in (await desk.get(RECORDS, params={"q": "what do I write on an offer"})).text
    terms = (await desk.get(RECORDS, params={"q": "FOB", "kind": "term"})).text
    assert "term.fob" in terms and "comparison." not in terms
    assert "No record fits" in (await desk.get(RECORDS, params={"state": "changed"})).text
    await publish(desk, settings)
    assert ID in (await desk.get(RECORDS, params={"state": "changed"})).text
    assert (await desk.get(RECORDS, params={"kind": "' or 1=1", "state": "x", "start": 99999})).status_code == 200


def test_what_is_old_is_listed_by_why(settings: Settings) -> None:
    day = date(2026, 11, 25)
    found = to_review(listed(settings, "en"), day)
    ids = {why: {each.id for each in those} for why, those in found.items()}
    records = shelf().library.records
    assert ids[Why.DUE] == set()
    assert {records[name].source.basis for name in ids[Why.REPORT]} == {"report"}
    assert {records[name].source.basis for name in ids[Why.NEVER]} == {"editorial"} and "faq.quotation" in ids[
        Why.NEVER
    ]
    assert all(records[name].source.as_of < "2024-11-25" for name in ids[Why.OLD])
    Versions(settings).review("faq.quotation", "2026-11-20")
    found = to_review(listed(settings, "en"), day)
    assert [each.id for each in found[Why.DUE]] == ["faq.quotation"]
    Versions(settings).review("faq.quotation", "2027-11-20")
    found = to_review(listed(settings, "en"), day)
    assert "faq.quotation" not in [each.id for those in found.values() for each in those]


async def test_reviewed_still_right(desk: httpx.AsyncClient, settings: Settings) -> None:
    page = await desk.get(f"{RECORDS}/stale")
    assert page.status_code == 200 and "General knowledge nobody has reviewed" in page.text
    past = await desk.post(f"{RECORDS}/faq.quotation/reviewed", data={"review_on": "2020-01-01"})
    assert past.status_code == 422
    done = {"review_on": NEXT_YEAR, "note": "asked KITA", "back": "stale"}
    answer = await desk.post(f"{RECORDS}/faq.quotation/reviewed", data=done)
    assert answer.headers["location"] == f"{RECORDS}/stale?done=faq.quotation"
    history = await desk.get(f"{RECORDS}/faq.quotation/history")
    assert "asked KITA" in history.text
    due = [each for each in listed(settings, "en") if each.is_in(State.DUE, date.fromisoformat(NEXT_YEAR))]
    assert [each.id for each in due] == ["faq.quotation"]
    assert audit_of(settings) == [("record.reviewed", "faq.quotation")]


async def test_a_record_others_need_is_not_withdrawn(desk: httpx.AsyncClient, settings: Settings) -> None:
    await publish(desk, settings)
    form = fields_of((await desk.get(f"{RECORDS}/faq.quotation")).text)
    linked = form | {"related": f"{form['related']}\n{ID}", "note": "link", "do": "publish"}
    assert (await desk.post(f"{RECORDS}/faq.quotation", data=linked)).status_code == 303
    version = Versions(settings).published(ID)
    assert version
    answer = await desk.post(f"{RECORDS}/{ID}/back", data={"version": "0", "base": str(version.id)})
    assert answer.status_code == 422 and "faq.quotation would be broken" in answer.text
    assert shelf().library.get(ID)


async def test_pages_are_in_korean_too(app: FastAPI, settings: Settings) -> None:
    async with client_of(app, employ(settings, Role.ADMIN, language="ko")) as client:
        for address in (
            RECORDS,
            f"{RECORDS}/new",
            f"{RECORDS}/stale",
            f"{RECORDS}/term.fob",
            f"{RECORDS}/term.fob/history",
        ):
            page = await client.get(address, headers=PAGE)
            assert page.status_code == 200 and "답변 자료" in page.text, address
        wrong = await client.post(
            f"{RECORDS}/new", data=BOARDS | {"ko.plain": "필요하다.", "do": "publish"}, headers=PAGE
        )
        assert "해요체" in wrong.text


@pytest.mark.parametrize("role", [Role.AGENT, Role.SUPERVISOR])
async def test_others_change_nothing(app: FastAPI, settings: Settings, role: Role) -> None:
    async with client_of(app, employ(settings, role)) as client:
        for method, address, data in (
            ("GET", RECORDS, None),
            ("POST", f"{RECORDS}/new", BOARDS | {"do": "publish"}),
            ("POST", f"{RECORDS}/term.fob/off", {"reason": "x"}),
        ):
            assert (await client.request(method, address, data=data)).status_code == 403
    assert shelf().library.get("term.fob")


async def test_a_forged_request_changes_nothing(app: FastAPI, editor: Staff) -> None:
    async with client_of(app, editor) as client:
        del client.headers["X-Naru-Forgery"]
        for data in ({"reason": "x"}, {"reason": "x", "forgery": "guessed"}):
            assert (await client.post(f"{RECORDS}/term.fob/off", data=data)).status_code == 403
    assert shelf().library.get("term.fob")


def test_differences_are_told_field_by_field(settings: Settings) -> None:
    old: dict[str, Any] = {"ko": {"name": "상자", "todo": ["하나를 보세요.", "둘을 보세요."]}, "en": {"name": "Box"}}
    new: dict[str, Any] = {"ko": {"name": "상자", "todo": ["하나를 보세요.", "셋을 보세요."]}, "en": {"name": "Boxes"}}
    found = {change.place: change.lines for change in changes(old, new, settings)}
    assert list(found) == ["ko.todo", "en.name"]
    assert found["ko.todo"] == (("same", "하나를 보세요."), ("out", "둘을 보세요."), ("new", "셋을 보세요."))
    assert found["en.name"] == (("out", "Box"), ("new", "Boxes"))
