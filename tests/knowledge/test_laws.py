"""Statutes by article: what changed is noticed, what was only marked otherwise is not, wrong citations are found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from channels.command_line import app
from knowledge.check import check
from knowledge.laws.articles import import_statute, read_articles
from knowledge.laws.citing import articles_in, citations, mark_read, read_marks, stale, unknown_articles
from knowledge.laws.statute import StatuteError, digest_of, read_statute
from knowledge.pack import read_pack, read_yaml
from knowledge.settings import settings

LAW = """---
제목: 시험법 시행령
시행일자: {day}
---

# 시험법 시행령

##### 제1조 (목적)

이 영은 시험을 목적으로 한다.

##### 제2조 (기한)

**①** {deadline} <개정 2024.1.1>

##### 제2조의2 (연장)

  1\\. 연장할 수 있다.

## 부칙

부칙 <제1호,2000.1.1>

##### 제1조 (시행일)

이 영은 공포한 날부터 시행한다.
"""
SOURCES = {
    "law-test-decree": {
        "title": {"ko": "시험법 시행령", "en": "Test Decree"},
        "as_of": "2026-01-01",
        "basis": "official",
    }
}


def law(folder: Path, deadline: str = "30일 안에 낸다.", day: str = "2026-01-01") -> Path:
    path = folder / "law.md"
    path.write_text(LAW.format(deadline=deadline, day=day), encoding="utf-8")
    return path


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = tmp_path / "packs" / "korea"
    (folder / "faq").mkdir(parents=True)
    text = {"name": "x", "plain": "네, 돼요.", "todo": ["하세요."], "questions": ["돼요?"]}
    english = {"name": "x", "plain": "Yes.", "todo": ["Do."], "questions": ["may I?"]}
    records = [
        {"id": "faq.a", "ko": text, "en": english, "source": {"of": "law-test-decree", "locator": "제2조제1항"}},
        {"id": "faq.b", "ko": text, "en": english, "source": {"of": "law-test-decree", "locator": "제1조·제2조의2"}},
    ]
    (folder / "faq" / "a.yaml").write_text(yaml.safe_dump(records, allow_unicode=True), encoding="utf-8")
    (folder / "sources.yaml").write_text(yaml.safe_dump(SOURCES, allow_unicode=True), encoding="utf-8")
    return folder


def test_articles_are_read_and_the_supplement_is_not(tmp_path: Path) -> None:
    found = read_statute(law(tmp_path))
    assert (found.title, found.in_force) == ("시험법 시행령", "2026-01-01")
    assert [(each.number, each.heading) for each in found.articles] == [
        ("제1조", "목적"),
        ("제2조", "기한"),
        ("제2조의2", "연장"),
    ]


def test_only_what_an_article_says_counts() -> None:
    assert digest_of("**①** 30일  안에\n낸다. <개정 2024.1.1>") == digest_of("① 30일 안에 낸다. <개정 2026.5.1>")
    assert digest_of("30일 안에 낸다.") != digest_of("60일 안에 낸다.")


@pytest.mark.parametrize(
    "content", ["", "# 제목\n", "---\n제목: 가\n시행일자: 2026-01-01\n---\n글\n", "---\n가: 나\n---\n##### 제1조\n"]
)
def test_what_is_no_statute_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "no.md"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(StatuteError):
        read_statute(path)


def test_a_statute_the_pack_does_not_know_is_refused(tmp_path: Path, pack: Path) -> None:
    with pytest.raises(StatuteError, match="시험법 시행령"):
        import_statute(read_statute(law(tmp_path)), pack, {})


@pytest.mark.parametrize(
    ("locator", "articles"),
    [
        ("제10조제1항·제3항", ["제10조"]),
        ("제18조제5항·제9조", ["제18조", "제9조"]),
        ("제97조의2제1항, 제3조", ["제97조의2", "제3조"]),
        ("별표 2", []),
        ("제6.2조", []),
        (None, []),
    ],
)
def test_a_locator_names_its_articles(locator: str | None, articles: list[str]) -> None:
    assert articles_in(locator) == articles


def test_a_changed_article_makes_its_record_stale_and_no_other(tmp_path: Path, pack: Path) -> None:
    first = import_statute(read_statute(law(tmp_path)), pack, SOURCES)
    assert first.new == ("제1조", "제2조", "제2조의2")
    found = citations(pack)
    assert [each.why for each in stale(found, read_articles(pack), read_marks(pack))] == ["never"] * 3
    assert mark_read(pack, found, read_articles(pack), None) == 3
    assert list(stale(found, read_articles(pack), read_marks(pack))) == []
    again = import_statute(read_statute(law(tmp_path, "60일 안에 낸다.", "2027-01-01")), pack, SOURCES)
    assert (again.changed, again.new, again.gone) == (("제2조",), (), ())
    (one,) = stale(found, read_articles(pack), read_marks(pack))
    assert (one.citation.record, one.citation.article, one.why, one.since) == (
        "faq.a",
        "제2조",
        "changed",
        "2027-01-01",
    )
    assert read_articles(pack)["law-test-decree"]["제1조"].since == "2026-01-01"
    assert mark_read(pack, found, read_articles(pack), ["faq.b"]) == 0
    assert mark_read(pack, found, read_articles(pack), ["faq.a"]) == 1
    assert list(stale(found, read_articles(pack), read_marks(pack))) == []


def test_an_article_that_is_gone_is_stale_and_an_error(tmp_path: Path, pack: Path) -> None:
    import_statute(read_statute(law(tmp_path)), pack, SOURCES)
    mark_read(pack, citations(pack), read_articles(pack), None)
    text = law(tmp_path).read_text(encoding="utf-8")
    law(tmp_path).write_text(text.replace("제2조의2 (연장)", "제3조 (연장)"), encoding="utf-8")
    gone = import_statute(read_statute(tmp_path / "law.md"), pack, SOURCES)
    assert gone.gone == ("제2조의2",)
    (one,) = stale(citations(pack), read_articles(pack), read_marks(pack))
    assert (one.citation.record, one.why) == ("faq.b", "gone")
    assert [each.article for each in unknown_articles(citations(pack), read_articles(pack))] == ["제2조의2"]
    messages = [str(finding) for finding in check(read_pack(pack), pack)]
    assert "error: faq.b: cites law-test-decree 제2조의2, not there" in messages


def test_the_commands(tmp_path: Path, pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NARU_PACKS_DIR", str(pack.parent))
    settings.cache_clear()
    run = CliRunner().invoke
    try:
        done = run(app, ["knowledge", "import-law", str(law(tmp_path)), "--json"])
        assert json.loads(done.stdout)[0]["new"] == ["제1조", "제2조", "제2조의2"]
        assert len(json.loads(run(app, ["knowledge", "stale", "--json"]).stdout)) == 3
        assert json.loads(run(app, ["knowledge", "stale", "--read", "all", "--json"]).stdout) == []
        run(app, ["knowledge", "import-law", str(law(tmp_path, "지체 없이 낸다."))])
        assert "faq.a: law-test-decree 제2조: changed" in run(app, ["knowledge", "stale"]).stdout
        assert run(app, ["knowledge", "stale", "--read", "faq.none"]).exit_code == 2
        (tmp_path / "no.md").write_text("글", encoding="utf-8")
        assert run(app, ["knowledge", "import-law", str(tmp_path / "no.md")]).exit_code == 2
    finally:
        settings.cache_clear()


def test_every_statute_cited_by_the_pack_is_there_and_every_article_exists() -> None:
    folder = settings().packs_dir / "korea"
    found, articles = citations(folder), read_articles(folder)
    assert [str(each) for each in unknown_articles(found, articles)] == []
    laws = {key for key in read_yaml(folder / "sources.yaml") if key.startswith("law-")}
    assert laws == set(articles)
