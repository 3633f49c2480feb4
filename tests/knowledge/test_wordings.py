"""Further wordings, kept apart for their number, belong to their record's questions."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from knowledge.pack import PackError, read_pack

SOURCE = {"title": {"ko": "법", "en": "Act"}, "as_of": "2026-01-01", "basis": "official"}
WORDS = {"name": "x", "plain": "네.", "questions": ["돼요?"]}


def pack(folder: Path, wordings: object) -> Path:
    record = {"id": "faq.x", "ko": WORDS, "en": WORDS | {"plain": "Yes."}, "source": {"of": "law"}}
    for name, content in {"sources": {"law": SOURCE}, "faq/a": [record], "wordings/a": wordings}.items():
        path = folder / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return folder


def test_they_stand_among_the_questions_once(tmp_path: Path) -> None:
    (read,) = read_pack(pack(tmp_path, {"faq.x": {"ko": ["되나여", "돼요?"], "en": ["may I"]}}))
    assert read.ko.questions == ("돼요?", "되나여")
    assert read.en.questions == ("돼요?", "may I")


def test_wordings_of_no_record_are_a_fault(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="faq.y"):
        read_pack(pack(tmp_path, {"faq.y": {"ko": ["되나여"]}}))
    with pytest.raises(PackError, match="mapping"):
        read_pack(pack(tmp_path, ["되나여"]))
