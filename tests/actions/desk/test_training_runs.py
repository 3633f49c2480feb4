"""Trainings are noted so that one runs at once, the lost are found, and what went live can be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import delete, update

from actions.desk.examples import DISCARDED, KEPT, NEW, Examples
from actions.desk.tables import TrainingExampleRow, TrainingRunRow
from actions.desk.training_runs import LOST_SECONDS, Run, Running, TrainingRuns, model_name
from knowledge.database.engine import sessions
from knowledge.database.tables import now
from knowledge.settings import Settings

FINE: dict[str, Any] = {"against": []}
INPUTS = "abc123"


@pytest.fixture
def runs(chosen: Settings) -> Iterator[TrainingRuns]:
    with sessions(chosen.database).begin() as session:
        session.execute(delete(TrainingRunRow))
        session.execute(delete(TrainingExampleRow))
    yield TrainingRuns(chosen)


def trained(runs: TrainingRuns, passed: bool = True, inputs: str = INPUTS) -> Run:
    """A training that ran to its end."""
    run = runs.start([1], "mina")
    assert runs.take(run.id) and runs.weigh(run.id, model_name(run.id, inputs))
    assert runs.weighed(run.id, FINE if passed else {"against": [{"reason": "accuracy", "points": 2}]}, passed)
    return found(runs, run.id)


def found(runs: TrainingRuns, run_id: int) -> Run:
    run = runs.find(run_id)
    assert run is not None
    return run


def test_of_many_starts_at_once_one_wins(runs: TrainingRuns, chosen: Settings) -> None:
    barrier = Barrier(8)

    def start(_: int) -> bool:
        barrier.wait()
        try:
            TrainingRuns(chosen).start([1, 2], "mina")
            return True
        except Running:
            return False

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(start, range(8))) == [False] * 7 + [True]
    assert [(run.state, run.examples) for run in runs.recent()] == [("waiting", (1, 2))]


def test_one_process_takes_a_training(runs: TrainingRuns) -> None:
    run = runs.start([], None)
    assert runs.take(run.id) and not runs.take(run.id)
    assert not runs.take(run.id + 1)


def test_the_next_may_start_when_one_is_over(runs: TrainingRuns) -> None:
    first = runs.start([], None)
    with pytest.raises(Running):
        runs.start([], None)
    assert runs.fail(first.id, "cancelled")
    assert runs.start([], None).id != first.id
    assert (found(runs, first.id).state, found(runs, first.id).report) == ("failed", {"fault": "cancelled"})


@pytest.mark.parametrize("states", [(), ("take",), ("take", "weigh")])
def test_what_gives_no_sign_of_life_is_lost(runs: TrainingRuns, chosen: Settings, states: tuple[str, ...]) -> None:
    run = runs.start([], None)
    if "take" in states:
        runs.take(run.id)
    if "weigh" in states:
        runs.weigh(run.id, "run-1-x.tar.gz")
    silent(chosen, run.id, LOST_SECONDS - 5)
    assert found(runs, run.id).open
    silent(chosen, run.id, LOST_SECONDS + 5)
    assert runs.start([], None).open, "and another may start"
    assert (found(runs, run.id).state, found(runs, run.id).report) == ("failed", {"fault": "lost"})
    assert not runs.beat(run.id), "so its process, should it live, gives up"
    assert not runs.weigh(run.id, "x") and not runs.weighed(run.id, FINE, True)


def silent(chosen: Settings, run_id: int, seconds: float) -> None:
    with sessions(chosen.database).begin() as session:
        since = now() - timedelta(seconds=seconds)
        session.execute(update(TrainingRunRow).where(TrainingRunRow.id == run_id).values(alive_at=since))


def test_signs_of_life_keep_it(runs: TrainingRuns, chosen: Settings) -> None:
    run = runs.start([], None)
    silent(chosen, run.id, LOST_SECONDS - 5)
    assert runs.beat(run.id)
    alive = found(runs, run.id).alive_at
    assert alive is not None and now() - alive < timedelta(seconds=5)


def test_what_is_over_stays_as_it_ended(runs: TrainingRuns, chosen: Settings) -> None:
    run = trained(runs)
    assert not runs.fail(run.id) and not runs.beat(run.id)
    silent(chosen, run.id, LOST_SECONDS * 9)
    assert found(runs, run.id).state == "ready"


def test_live_and_back_again(runs: TrainingRuns) -> None:
    one = trained(runs)
    assert runs.live() is None and runs.edition() == 0
    assert runs.go_live(one.id)
    first = runs.edition()
    two = trained(runs)
    assert runs.go_live(two.id)
    live = runs.live()
    assert live is not None and live.id == two.id and runs.edition() > first
    assert found(runs, one.id).state == "replaced"

    assert runs.go_back(two.id, INPUTS)
    live = runs.live()
    assert live is not None and live.id == one.id
    assert not runs.go_back(two.id, INPUTS), "only what is live can be taken back"
    assert runs.go_back(one.id, INPUTS)
    assert runs.live() is None, "before the first there was the model from the files"
    assert runs.go_live(two.id), "and what was live once may be so again"


def test_what_was_taken_back_does_not_come_back(runs: TrainingRuns) -> None:
    bad = trained(runs)
    runs.go_live(bad.id)
    runs.go_back(bad.id, INPUTS)
    good = trained(runs)
    runs.go_live(good.id)
    assert runs.go_back(good.id, INPUTS)
    assert runs.live() is None, "the model from the files served before it, not the one taken back"


def test_going_back_comes_to_an_end(runs: TrainingRuns) -> None:
    one = trained(runs)
    runs.go_live(one.id)
    two = trained(runs)
    for run in (two, one):
        assert runs.go_live(run.id)
    served: list[int] = []
    while (live := runs.live()) and len(served) < 5:
        served.append(live.id)
        runs.go_back(live.id, INPUTS)
    assert served == [one.id, two.id]


def test_back_to_a_model_of_other_files_is_not_possible(runs: TrainingRuns) -> None:
    old = trained(runs, inputs="other")
    runs.go_live(old.id)
    new = trained(runs)
    runs.go_live(new.id)
    assert runs.go_back(new.id, INPUTS)
    assert runs.live() is None


def test_a_refused_one_goes_live_only_overruled(runs: TrainingRuns) -> None:
    run = trained(runs, passed=False)
    assert run.state == "refused"
    assert not runs.go_live(run.id)
    assert runs.live() is None
    assert runs.go_live(run.id, {"staff": "김미나", "reason": "급해요"})
    live = runs.live()
    assert live is not None and live.report["override"]["reason"] == "급해요" and live.report["against"]


@pytest.mark.parametrize("state", ["waiting", "training", "weighing", "failed"])
def test_what_was_not_weighed_never_goes_live(runs: TrainingRuns, chosen: Settings, state: str) -> None:
    run = runs.start([], None)
    with sessions(chosen.database).begin() as session:
        session.execute(update(TrainingRunRow).values(state=state, model="run-1-abc123.tar.gz"))
    assert not runs.go_live(run.id) and not runs.go_live(run.id, {"reason": "x"})
    assert runs.live() is None and not runs.go_live(run.id + 1)


def test_two_that_go_live_at_once_leave_one(runs: TrainingRuns, chosen: Settings) -> None:
    one = trained(runs)
    assert runs.go_live(one.id)
    two = trained(runs)
    runs.go_live(two.id)
    barrier = Barrier(2)

    def live(run_id: int) -> bool:
        barrier.wait()
        return TrainingRuns(chosen).go_live(run_id)

    runs.go_back(two.id, INPUTS)
    runs.go_back(one.id, INPUTS)
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(live, [one.id, two.id])) == [True, True]
    assert sorted(run.state for run in runs.recent()) == ["live", "replaced"]


def test_which_models_are_still_needed(runs: TrainingRuns) -> None:
    past = [trained(runs) for _ in range(4)]
    assert found(runs, past[0].id).state == "replaced", "what never went live is done with when the next is there"
    assert runs.needed() == [past[3].model]
    lived = []
    for _ in range(4):
        run = trained(runs)
        runs.go_live(run.id)
        lived.append(run)
    ready = trained(runs)
    assert set(runs.needed()) == {lived[3].model, lived[2].model, lived[1].model, ready.model}
    runs.without_model([str(lived[0].model)])
    assert found(runs, lived[0].id).model is None


def test_an_example_is_kept_changed_and_discarded(chosen: Settings, runs: TrainingRuns) -> None:
    examples = Examples(chosen)
    new = examples.add("define", "ko", "이건 뭐예요", NEW, "mina")
    kept = examples.add("define", "en", "what is it", KEPT, "mina")
    assert [each.id for each in examples.kept()] == [kept]
    changed = examples.replace(new, "compare", "ko", "둘이 뭐가 달라요", "junho")
    assert changed not in (None, new)
    assert examples.replace(new, "define", "ko", "x", "mina") is None, "it was changed already"
    assert examples.find(new) is None
    assert [(each.id, each.state) for each in examples.of([new, kept])] == [(new, DISCARDED), (kept, KEPT)]
    assert examples.discard(kept) and not examples.discard(kept)
    assert [(each.intent, each.text, each.staff_id) for each in examples.all()] == [
        ("compare", "둘이 뭐가 달라요", "junho")
    ]
