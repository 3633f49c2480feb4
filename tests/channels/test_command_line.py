"""The `naru` command: what it prints, and what it says when something is missing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def naru(*arguments: str, data_dir: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from channels.command_line import main; main()", *arguments],
        env=os.environ | {"NARU_DATA_DIR": str(data_dir)} | environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )


def test_the_check_finds_no_error(data_dir: Path) -> None:
    done = naru("knowledge", "check", data_dir=data_dir)
    assert done.returncode == 0
    assert " 0 errors" in done.stdout


def test_the_check_fails_on_a_broken_pack(tmp_path: Path) -> None:
    pack = tmp_path / "packs" / "broken"
    (pack / "facts").mkdir(parents=True)
    (pack / "sources.yaml").write_text("{}", encoding="utf-8")
    (pack / "facts" / "a.yaml").write_text("- id: fact.one\n", encoding="utf-8")
    done = naru("knowledge", "check", data_dir=tmp_path, NARU_PACKS_DIR=str(tmp_path / "packs"), NARU_PACK="broken")
    assert done.returncode != 0
    assert "fact.one" in done.stdout + done.stderr


def test_an_answer_without_a_browser(data_dir: Path) -> None:
    done = naru("ask", "신용장이 뭐예요?", data_dir=data_dir)
    assert done.returncode == 0, done.stderr
    assert "신용장" in done.stdout
    assert "은행" in done.stdout


def test_without_a_model_it_says_what_to_do(tmp_path: Path) -> None:
    done = naru("ask", "안녕", data_dir=tmp_path)
    assert done.returncode == 1
    assert "naru train" in done.stderr
    assert "Traceback" not in done.stderr


def test_coverage_counts_every_record(data_dir: Path) -> None:
    done = naru("knowledge", "coverage", "--json", data_dir=data_dir)
    rows: list[dict[str, Any]] = json.loads(done.stdout)["records"]
    counted = {row["kind"]: row["records"] for row in rows}
    assert counted["all"] == sum(number for kind, number in counted.items() if kind != "all")


def test_building_again_changes_nothing(data_dir: Path) -> None:
    assert naru("knowledge", "build", data_dir=data_dir).returncode == 0


def test_settings_are_shown_without_secrets(data_dir: Path) -> None:
    done = naru("settings", "--json", data_dir=data_dir, NARU_SECRET="hush-hush")
    assert done.returncode == 0
    assert "hush-hush" not in done.stdout
    assert "NARU_LONGEST_MESSAGE" in done.stdout


@pytest.mark.parametrize("value", ["0", "-3", "many"])
def test_a_wrong_setting_is_named(data_dir: Path, value: str) -> None:
    done = naru("settings", data_dir=data_dir, NARU_LONGEST_MESSAGE=value)
    assert done.returncode != 0
    assert "longest_message" in (done.stdout + done.stderr).lower()


def test_settings_that_cannot_work_end_the_service_with_what_to_set(data_dir: Path) -> None:
    env = os.environ | {"NARU_DATA_DIR": str(data_dir), "NARU_KAKAO_SECRET": "s", "NARU_PUBLIC_URL": "http://here"}
    command = [sys.executable, "-c", "from channels.command_line import main; main()", "serve"]
    ended = subprocess.run(command, env=env, capture_output=True, text=True, timeout=120)
    assert ended.returncode == 2
    assert "NARU_PUBLIC_URL" in ended.stderr
    assert "Traceback" not in ended.stderr
