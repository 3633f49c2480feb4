"""The guides of the pack: whole, in both languages, linked to what exists; and how progress is kept."""

import json

import pytest
import yaml

from knowledge.check import _korean_faults
from knowledge.guides.checking import check_guides
from knowledge.guides.checklist import data_of as checklists
from knowledge.guides.guide import Progress, UnknownGuide, UnknownStep, find_guide, guides_of, tell_guide
from knowledge.guides.place import GuideError, both_languages, source_of
from knowledge.pack import PACKS, read_pack

KOREA = PACKS / "korea"
WANTED = """first-export export-declaration co-authority co-self approved-exporter drawback-individual
drawback-simplified letter-of-credit collection transfer open-account cargo-insurance export-insurance samples
e-commerce purchase-confirmation""".split()


@pytest.fixture(scope="module")
def guides():
    return guides_of(KOREA)


@pytest.fixture(scope="module")
def records():
    return {record.id: record.ko.name for record in read_pack(KOREA)}


def test_every_errand_asked_for_has_a_guide_of_four_to_ten_steps(guides):
    assert {guide.id for guide in guides.all()} == {f"guide.{name}" for name in WANTED}
    assert all(4 <= len(guide.steps) <= 10 for guide in guides.all())


def test_the_check_finds_nothing(records):
    assert check_guides(records.keys(), KOREA, _korean_faults) == []


def test_every_record_linked_exists(guides, records):
    assert [link for guide in guides.all() for link in guide.links if link not in records] == []


def test_both_languages_are_complete(guides):
    for guide in guides.all():
        for at, words in both_languages(guide):
            assert set(words) == {"ko", "en"} and all(words.values()), f"{guide.id} {at}"
        assert all(guide.aliases[language] for language in ("ko", "en"))


def test_a_time_or_cost_never_rests_on_an_editorial_source_except_the_rules_for_credits(guides):
    for guide in guides.all():
        for step in guide.steps:
            for fact in filter(None, (step.time, step.cost)):
                source = source_of(fact.source, KOREA)
                assert source.basis == "official" or "UCP 600" in fact.source.locator, (guide.id, step.id)


@pytest.mark.parametrize(
    ("guide", "step", "place"),
    [
        ("export-declaration", "load", "제251조제1항"),  # 수리된 날부터 30일 이내
        ("co-authority", "apply", "제10조제1항"),  # 선적이 완료되기 전까지
        ("co-authority", "late", "제10조제3항"),  # 선적일부터 1년 이내
        ("drawback-individual", "claim", "제18조제5항"),  # 수출신고수리일부터 5년 이내
        ("approved-exporter", "renew", "제17조제7항·제8항"),  # 5년; 만료 1년 전부터 30일 전까지
    ],
)
def test_periods_name_the_article_they_stand_in(guides, guide, step, place):
    assert guides.get(guide).step(step).time.source.locator == place


@pytest.mark.parametrize(
    ("words", "guide"),
    [
        ("수출신고는 어떻게 해요?", "export-declaration"),
        ("간이정액환급 받고 싶어요", "drawback-simplified"),
        ("인증 수출자가 되려면?", "approved-exporter"),
        ("the L/C has arrived", "letter-of-credit"),
        ("how do D/A terms work", "collection"),
        ("구매확인서가 뭐예요", "purchase-confirmation"),
        ("we want to sell on OPEN ACCOUNT", "open-account"),
    ],
)
def test_a_guide_is_found_by_its_names(words, guide):
    assert find_guide(words, KOREA).id == f"guide.{guide}"


@pytest.mark.parametrize("words", ["calcium carbonate", "tttt", "", "오늘 날씨 어때", "welcome"])
def test_words_that_name_no_guide_find_none(words):
    assert find_guide(words, KOREA) is None


def test_words_that_fit_two_guides_find_both_and_choose_none(guides):
    found = guides.find("관세환급 받고 싶어요")
    assert {guide.id for guide in found} == {"guide.drawback-individual", "guide.drawback-simplified"}
    assert find_guide("관세환급 받고 싶어요", KOREA) is None


def test_progress_goes_on_and_back(guides):
    guide = guides.get("samples")  # five steps
    begun = Progress(guide.id)
    assert begun.next_step(guide).id == "deal"
    one = begun.mark_done(guide)
    assert (one.done, one.percent(guide)) == (("deal",), 20)
    skipped = one.mark_done(guide, "invoice")
    assert skipped.next_step(guide).id == "allowed"
    assert skipped.back() == one
    assert begun.back() == begun
    assert one.mark_done(guide, "deal") == one, "a step is done once"


def test_progress_ends_at_100_and_not_before(guides):
    guide = guides.get("export-declaration")  # nine steps: eight of them are 88.9 %
    progress = Progress(guide.id)
    seen = []
    while progress.next_step(guide):
        progress = progress.mark_done(guide)
        seen.append(progress.percent(guide))
    assert seen[-2:] == [88, 100]
    assert progress.mark_done(guide) == progress


def test_progress_is_kept_as_plain_data():
    progress = Progress("guide.samples", ("deal", "allowed"))
    kept = json.loads(json.dumps(progress.as_dict()))
    assert Progress.from_dict(kept) == progress


@pytest.mark.parametrize(
    ("data", "field"),
    [({}, "guide"), ({"guide": 3}, "guide"), ({"guide": "guide.samples", "done": "deal"}, "done"),
     ({"guide": "guide.samples", "done": [1]}, "done")],
)  # fmt: skip
def test_broken_progress_names_the_part(data, field):
    with pytest.raises(ValueError, match=f"^{field}:"):
        Progress.from_dict(data)


def test_steps_that_a_newer_guide_lost_do_not_count(guides):
    guide = guides.get("samples")
    assert Progress(guide.id, ("gone", "deal")).percent(guide) == 20


def test_unknown_guides_and_steps_are_refused(guides):
    with pytest.raises(UnknownGuide):
        guides.get("moon")
    with pytest.raises(UnknownStep, match="moon"):
        Progress("guide.samples").mark_done(guides.get("samples"), "moon")


def test_a_guide_told_in_english_names_records_and_sources(guides):
    told = tell_guide(guides.get("guide.export-declaration"), KOREA, "en", {"term.export-permit": "Export permit"})
    load = next(step for step in told["steps"] if step["id"] == "load")
    assert load["time"]["text"] == "30 days from the acceptance of the declaration."
    assert load["time"]["source"]["basis"] == "official"
    assert {"id": "term.export-permit", "name": "Export permit"} in [p for s in told["steps"] for p in s["documents"]]
    json.dumps(told)


@pytest.fixture
def broken(tmp_path):
    """A pack with one guide, changed by the test before it is read."""
    (tmp_path / "guides").mkdir()
    (tmp_path / "sources.yaml").write_text((KOREA / "sources.yaml").read_text("utf-8"), "utf-8")
    guide = yaml.safe_load((KOREA / "guides" / "samples.yaml").read_text("utf-8"))

    def write(change):
        change(guide)
        (tmp_path / "guides" / "samples.yaml").write_text(yaml.safe_dump(guide, allow_unicode=True), "utf-8")
        return tmp_path

    return write


def test_a_guide_with_too_few_steps_is_refused(broken):
    with pytest.raises(GuideError, match=r"samples.yaml.*\n?.*steps"):
        guides_of(broken(lambda guide: guide.update(steps=guide["steps"][:3])))


def test_the_check_finds_each_kind_of_fault(broken, records):
    def change(guide):
        guide["about"]["ko"] = "샘플을 보낸다."
        guide["about"]["en"] = " "
        guide["steps"][0] |= {"who": ["nobody"], "see": "guide.moon", "where": ["term.moon"]}
        guide["steps"][1]["sources"] = [{"of": "moon-act", "locator": "제1조"}]

    faults = " | ".join(message for _, message in check_guides(records.keys(), broken(change), _korean_faults))
    for part in ("해요체", "about: en is missing", "nobody", "guide.moon", "term.moon", "moon-act"):
        assert part in faults


def test_documents_of_the_checklist_point_to_records(records):
    listed = [document.record for document in checklists(KOREA).documents if document.record]
    assert [record for record in listed if record not in records] == []
