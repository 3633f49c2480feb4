"""A small model is really trained, weighed and made live, and running assistants change to it without losing a word."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete

from actions.desk.examples import Examples
from actions.desk.tables import TrainingExampleRow, TrainingRunRow
from actions.desk.training_runs import BROKEN, TrainingRuns, model_name
from actions.reply import Outcome
from bot import candidate
from bot.assistant import Assistant
from bot.candidate import _beat, _weighed, clear_away, make
from bot.guard import Message
from bot.model_in_service import ModelInService, chosen
from bot.training import DATA, inputs_digest, train_candidate
from knowledge.database.engine import sessions
from knowledge.settings import Settings

pytestmark = pytest.mark.asyncio(loop_scope="session")

NLU = """version: "3.1"
nlu:
- intent: greet
  examples: |
    - 안녕하세요
    - 안녕
    - 반갑습니다
    - hello
    - hi there
- intent: define
  examples: |
    - 신용장이 뭐예요
    - FOB 뜻이 뭔가요
    - 선하증권은 무슨 말이에요
    - what is a letter of credit
    - what does CIF mean
- intent: handover
  examples: |
    - 상담원 바꿔주세요
    - 사람이랑 얘기할래요
    - 담당자 연결해 주세요
    - let me talk to a person
    - a human please
"""
TAUGHT = ["고마워요", "정말 감사합니다", "도와주셔서 고맙습니다", "thank you so much", "thanks a lot"]
"""What the small model does not know: an intent of its own."""

ASKED = """
- {text: "안녕하십니까", intent: greet}
- {text: "환어음이 뭐예요", intent: define}
- {text: "what is a bill of lading", intent: define}
- {text: "사람 연결해 주세요", intent: handover}
- {text: "감사해요 정말", intent: thanks}
- {text: "thank you very much", intent: thanks}
"""
THANKS = "진짜 고맙습니다"


@dataclass(frozen=True)
class Trained:
    """Settings whose plain model is a small one, and a training that learnt more."""

    settings: Settings
    run_id: int
    report: dict[str, Any]


@pytest.fixture(scope="module")
async def trained(settings: Settings, shelf: Any, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Trained]:
    folder = tmp_path_factory.mktemp("training")
    (folder / "small.yml").write_text(NLU, encoding="utf-8")
    (folder / "asked.yaml").write_text(ASKED, encoding="utf-8")
    rules = [DATA[1] / f"{name}.yml" for name in ("small_talk", "questions", "unsure")]
    small = (folder / "small.yml", *rules)
    own = settings.model_copy(
        update={"data_dir": folder, "database_url": settings.database, "evaluation_set": folder / "asked.yaml"}
    )
    runs, examples = TrainingRuns(own), Examples(own)
    await asyncio.to_thread(train_candidate, own, f"naru-{inputs_digest()}.tar.gz", [], small)
    ids = [examples.add("thanks", "en" if text.isascii() else "ko", text, "kept", None) for text in TAUGHT]
    run = runs.start(ids, None)
    assert runs.take(run.id)
    await asyncio.to_thread(make, run.id, own, small)
    done = runs.find(run.id)
    assert done is not None
    assert (done.state, done.model) == ("ready", model_name(run.id, inputs_digest())), done.report
    yield Trained(own, run.id, done.report)
    with sessions(own.database).begin() as session:
        session.execute(delete(TrainingRunRow))
        session.execute(delete(TrainingExampleRow))


async def likeliest(naru: Assistant, words: str) -> str:
    parsed = await naru.parse(words)
    return next(str(each["name"]) for each in parsed["intent_ranking"] if each["name"] != "nlu_fallback")


async def test_the_weighing_found_what_was_learnt(trained: Trained) -> None:
    report = trained.report
    figures = {row["of"]: (row["questions"], row["before"], row["after"]) for row in report["figures"]}
    assert figures["all"][0] == 6 and figures["ko"][0] == 4 and figures["en"][0] == 2
    assert figures["all"][2] > figures["all"][1]
    learnt = {row["text"] for row in report["better"]}
    assert learnt == {"감사해요 정말", "thank you very much"}, "it could not be known before"
    assert all(row["after"] == "thanks" != row["before"] for row in report["better"])
    assert report["worse"] == [] and report["fell"] == [] and report["against"] == []
    assert report["compared_with"] is None
    assert list(trained.settings.models_dir.glob("training-*")) == [], "nothing half made is left"


async def test_live_in_every_process_and_back_without_losing_a_conversation(trained: Trained) -> None:
    runs = TrainingRuns(trained.settings)
    services = [ModelInService(trained.settings) for _ in range(2)]
    processes = [await service.load() for service in services]
    assert [await likeliest(naru, THANKS) for naru in processes] != ["thanks", "thanks"]
    opened = processes[0].conversations.open("ko", "test")
    before = await processes[0].turn(opened.id, Message(text="신용장이 뭐예요"))
    assert not await services[0].look(processes[0]), "nothing has changed yet"

    assert runs.go_live(trained.run_id)
    said = [processes[0].turn(opened.id, Message(text="FOB 뜻이 뭔가요")) for _ in range(4)]
    looking = asyncio.create_task(services[0].look(processes[0]))
    turns = await asyncio.gather(*said)
    assert await looking and await services[1].look(processes[1])
    assert Outcome.FAILED not in {turn.outcome for turn in turns}
    assert [await likeliest(naru, THANKS) for naru in processes] == ["thanks", "thanks"]
    assert {service.now.run for service in services if service.now} == {trained.run_id}

    after = await processes[1].turn(opened.id, Message(text="고마워요"))
    assert after.turn_id == before.turn_id + 5 and after.outcome is not Outcome.FAILED
    tracker = await processes[1].processor.tracker_store.retrieve_full_tracker(opened.id)
    assert tracker is not None
    heard = [event.text for event in tracker.events if event.type_name == "user"]
    assert heard == ["신용장이 뭐예요", *["FOB 뜻이 뭔가요"] * 4, "고마워요"]

    again = ModelInService(trained.settings)
    assert await likeliest(await again.load(), THANKS) == "thanks", "a process that starts now has it at once"

    assert runs.go_back(trained.run_id, inputs_digest())
    assert await services[0].look(processes[0])
    assert await likeliest(processes[0], THANKS) != "thanks"
    await processes[0].erase(opened.id)


@pytest.mark.parametrize("how", ["missing", "broken"])
async def test_a_model_that_cannot_be_loaded_leaves_the_old_one(trained: Trained, how: str) -> None:
    runs, service = TrainingRuns(trained.settings), ModelInService(trained.settings)
    naru = await service.load()
    bad = runs.start([], None)
    runs.take(bad.id)
    runs.weigh(bad.id, model_name(bad.id, inputs_digest()))
    runs.weighed(bad.id, {"against": []}, passed=True)
    path = trained.settings.models_dir / model_name(bad.id, inputs_digest())
    if how == "broken":
        path.write_bytes(b"\x1f\x8b no model at all")
    assert runs.go_live(bad.id)
    assert not await service.look(naru)
    assert service.fault == bad.id and service.now is not None and service.now.run is None
    opened = naru.conversations.open("ko", "test")
    turn = await naru.turn(opened.id, Message(text="신용장이 뭐예요"))
    assert turn.outcome is not Outcome.FAILED
    await naru.erase(opened.id)

    started = ModelInService(trained.settings)
    assert await likeliest(await started.load(), "신용장이 뭐예요") == "define", "a start takes the plain model"
    assert started.fault == bad.id

    assert runs.go_back(bad.id, inputs_digest())
    await service.look(naru)
    assert service.fault is None
    path.unlink(missing_ok=True)


async def test_other_files_make_a_live_model_outdated(trained: Trained) -> None:
    runs = TrainingRuns(trained.settings)
    old = runs.start([], None)
    runs.take(old.id)
    runs.weigh(old.id, model_name(old.id, "0123456789abcdef"))
    runs.weighed(old.id, {"against": []}, passed=True)
    assert runs.go_live(old.id)
    wanted = chosen(trained.settings)
    assert (wanted.run, wanted.outdated) == (None, old.id)
    assert wanted.path is not None and wanted.path.name == f"naru-{inputs_digest()}.tar.gz"
    assert runs.go_back(old.id, inputs_digest())


async def test_a_model_that_is_set_serves_whatever_is_live(trained: Trained) -> None:
    own = Path("/models/own.tar.gz")
    wanted = chosen(trained.settings.model_copy(update={"model_path": own}))
    assert (wanted.run, wanted.path, wanted.outdated) == (None, own, None)


async def test_without_test_questions_nothing_is_weighed(trained: Trained) -> None:
    nowhere = trained.settings.data_dir / "nowhere.yaml"
    report = await _weighed(Path("x"), trained.settings.model_copy(update={"evaluation_set": nowhere}))
    assert report["against"] == [{"reason": "no_evaluation", "file": str(nowhere)}]


async def test_only_models_nobody_needs_are_cleared_away(trained: Trained) -> None:
    folder = trained.settings.models_dir
    useless = folder / "run-999999-0123456789abcdef.tar.gz"
    useless.write_bytes(b"x")
    needed = {folder / name for name in TrainingRuns(trained.settings).needed()}
    plain = folder / f"naru-{inputs_digest()}.tar.gz"
    clear_away(trained.settings)
    assert not useless.exists() and plain.exists()
    assert needed and all(path.exists() or "run-" in path.name for path in needed)
    assert not Path(model_name(1, inputs_digest())).match("naru-*.tar.gz"), "which `naru train` would delete"


async def test_a_training_that_breaks_is_noted_and_leaves_nothing(
    trained: Trained, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rasa is given a folder that is none; the niceness of the test's own process stays as it is."""
    monkeypatch.setattr("os.nice", lambda _: 0)
    monkeypatch.setattr("bot.training.CONFIG", Path("/nowhere/config.yml"))
    runs = TrainingRuns(trained.settings)
    run = runs.start([], None)
    monkeypatch.setattr("bot.training.inputs_digest", lambda: "0123456789abcdef")
    assert await asyncio.to_thread(candidate.run, run.id, trained.settings) == 1
    done = runs.find(run.id)
    assert done is not None and (done.state, done.report) == ("failed", {"fault": BROKEN})
    assert await asyncio.to_thread(candidate.run, run.id, trained.settings) == 4, "nor is it begun a second time"
    assert list(trained.settings.models_dir.glob("training-*")) == []


async def test_a_cancelled_training_ends_at_its_next_sign_of_life(
    trained: Trained, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidate, "BEAT_SECONDS", 0.05)
    runs, over, ended = TrainingRuns(trained.settings), threading.Event(), list[int]()

    def end(status: int) -> None:
        ended.append(status)
        over.set()

    run = runs.start([], None)
    runs.take(run.id)
    beating = threading.Thread(target=_beat, args=(runs, run.id, over, end), daemon=True)
    beating.start()
    await asyncio.sleep(0.3)
    assert ended == []
    runs.fail(run.id, "cancelled")
    await asyncio.to_thread(beating.join, 10)
    assert ended == [3]
