"""Files on Telegram: bills of materials come in, papers and pictures go out, and refusals are plain words."""

from __future__ import annotations

import io

import openpyxl
import pytest

from tests.channels.telegram.conftest import Running

BILL = """agreement,KR-CN
hs,3304.99
price,10
basis,FOB
currency,USD
processes,manufacturing
direct,yes
name,hs,originating,origin,value
glycerol,2905.45,no,MY,2
perfume oil,3302.90,no,FR,1.5
"""
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


def excel() -> bytes:
    book = openpyxl.Workbook()
    for line in BILL.splitlines():
        book.active.append(line.split(","))
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


@pytest.mark.parametrize(("name", "content"), [("재료.csv", BILL.encode()), ("bill.xlsx", excel())])
async def test_a_bill_of_materials_leads_to_a_verdict_and_a_paper(running: Running, name: str, content: bytes) -> None:
    person = running.someone()
    await running.deliver(person.sends(name, content))
    # Two materials; 2905 and 3302 are other headings than 3304, so CTH is met (Annex 3-A of the agreement).
    assert "2가지를 읽었어요" in person.reads()
    for _ in range(4):  # what the bill does not tell is asked
        if "원산지 기준을 채워요" in person.reads():
            break
        await running.deliver(person.writes("네 직접 만들고 바로 보내요"))
    assert "원산지 기준을 채워요" in person.reads(), person.reads()
    await running.deliver(person.presses("PDF로 받기"))
    papers = running.api.of("sendDocument", chat_id=person.chat_id)
    assert papers and all(content.startswith(b"%PDF") for call in papers for _, content in call.files.values())
    assert any("PDF를 만들었어요" in call.shown.text for call in person.sees())
    names = [name for call in papers for name, _ in call.files.values()]
    assert all(name.endswith(".pdf") for name in names)


async def test_words_with_a_file_are_answered_too(running: Running) -> None:
    person = running.someone()
    await running.deliver(person.sends("bill.csv", BILL.encode(), caption="신용장이 뭐예요?"))
    assert "읽었어요" in person.reads() and "바이어의 은행이" in person.reads()


@pytest.mark.parametrize(
    ("name", "content", "size", "words"),
    [
        ("big.csv", b"name", 30_000_000, "파일이 너무 커서 받지 못했어요. 10MB까지"),
        ("big.csv", b"x" * 10_000_001, 5, "파일이 너무 커서 받지 못했어요. 10MB까지"),  # the size told was wrong
        ("huge.csv", b"x" * 20_000_001, 5, "파일이 너무 커서 받지 못했어요. 10MB까지"),
        ("virus.exe", b"MZ\x90\0", None, "‘virus.exe’ 파일은 열 수 없는 종류예요"),
        ("not.pdf", b"plainly no pdf", None, "‘not.pdf’ 파일은 열 수 없는 종류예요"),
        ("empty.csv", b"", None, "‘empty.csv’ 파일이 비어 있어요"),
    ],
)
async def test_files_that_cant_be_taken(
    running: Running, name: str, content: bytes, size: int | None, words: str
) -> None:
    person = running.someone()
    await running.deliver(person.sends(name, content, size))
    assert words in person.reads()
    if size and size > 10_000_000:
        assert not running.api.of("getFile"), "a file known to be too large is not fetched"


async def test_a_file_telegram_does_not_give(running: Running) -> None:
    person = running.someone()
    update = person.sends("bill.csv", BILL.encode())
    running.api.fail("download", 502)
    await running.deliver(update)
    assert "받아 오지 못했어요" in person.reads()
    gone = person.sends("bill.csv", BILL.encode())
    running.api.files.clear()
    await running.deliver(gone)
    assert person.reads().count("받아 오지 못했어요") == 2


async def test_a_photo_is_taken_in_its_largest_size(running: Running) -> None:
    person = running.someone()
    running.api.files |= {"small": PNG, "large": PNG}
    photo = [
        {"file_id": "small", "file_unique_id": "a", "width": 90, "height": 90, "file_size": 70},
        {"file_id": "large", "file_unique_id": "b", "width": 900, "height": 900, "file_size": 70},
    ]
    await running.deliver(running.api.update("message", person.message(photo=photo)))
    assert [call.data["file_id"] for call in running.api.of("getFile")] == ["large"]


async def test_a_picture_is_sent_with_the_words_that_say_the_same(running: Running) -> None:
    person = running.someone()
    await running.deliver(person.writes("수출 준비 점검 테스트 하고 싶어요"))
    for _ in range(40):
        if running.api.of("sendPhoto", chat_id=person.chat_id):
            break
        choices = [each for each in person.sees()[-1].buttons if each["text"] not in ("그만하기", "건너뛰기")]
        await running.deliver(person.pressing(choices[0]["callback_data"], person.sees()[-1]))
    (picture,) = running.api.of("sendPhoto", chat_id=person.chat_id)
    ((_, content),) = picture.files.values()
    assert content.startswith(b"\x89PNG") and picture.shown.text


def test_the_local_files_are_those_the_tests_mean() -> None:
    assert openpyxl.load_workbook(io.BytesIO(excel())).active["A1"].value == "agreement"
