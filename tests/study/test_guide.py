from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cli import advise_verb
from study.artefact_kinds import ArtefactKind
from study.errors import BadGuide
from study.screen_text import sanitise_text
from study.store.study import Study
from study.store.trail import read_trail_head
from study.store.verification import verify_study
from study.store.whole_study import read_topic_guide, save_topic_guide
from study.topic_guide import (
    LONGEST_HEADING,
    MOST_GUIDE_BYTES,
    MOST_GUIDE_LINES,
    TopicGuide,
    load_topic_guide,
    parse_topic_guide,
)

GUIDE = """\
# Living with the course

For interviewers: ask in any order.
- Not a probe: it stands above the first topic.

## First contact

1. How did you hear of it?
   - From whom,
     and when?
2) What did you expect?

A note to ourselves, no probe.

## The sessions ##
* Which one stayed with you?
+ Who came along?

### Afterwards
"""


def topics(written: str | bytes) -> list[tuple[str, tuple[str, ...]]]:
    return [(topic.heading, topic.probes) for topic in parse_topic_guide(written).topics]


def test_headings_are_topics_and_list_items_are_probes() -> None:
    assert topics(GUIDE) == [
        (
            "First contact",
            ("How did you hear of it?", "From whom, and when?", "What did you expect?"),
        ),
        ("The sessions", ("Which one stayed with you?", "Who came along?")),
        ("Afterwards", ()),
    ]


def test_the_text_is_kept_as_it_was_written() -> None:
    assert parse_topic_guide(GUIDE).text == GUIDE


def test_windows_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    as_windows = b"\xef\xbb\xbf" + GUIDE.replace("\n", "\r\n").encode()

    assert topics(as_windows) == topics(GUIDE)


def test_a_first_heading_above_no_other_is_a_topic() -> None:
    assert topics("# Only this\n- why?") == [("Only this", ("why?",))]


def test_headings_that_are_all_of_the_first_depth_are_topics() -> None:
    assert [heading for heading, _ in topics("# One\n## One and a half\n# Two")] == [
        "One",
        "One and a half",
        "Two",
    ]


@pytest.mark.parametrize(
    "line",
    ["no heading", "#no-space", "####### seven", "    # indented code", "##", "---", "* * *"],
)
def test_other_lines_are_neither_topics_nor_probes(line: str) -> None:
    assert topics(f"# A topic\n\n{line}\n") == [("A topic", ())]


@pytest.mark.parametrize("fence", ["```", "~~~", "````text"])
def test_what_stands_in_a_code_block_is_not_read(fence: str) -> None:
    closing = fence.removesuffix("text")

    assert topics(f"# One\n{fence}\n# Not one\n- nor this\n{closing}\n- a probe") == [
        ("One", ("a probe",))
    ]


def test_a_shorter_fence_does_not_close_a_code_block() -> None:
    assert topics("# One\n````\n```\n# Not one\n````\n# Two")[1:] == [("Two", ())]


def test_a_line_that_is_not_indented_does_not_continue_a_probe() -> None:
    assert topics("# One\n- a probe\nA note.\n  More of the note.") == [("One", ("a probe",))]


def test_what_a_terminal_would_obey_is_shown_as_a_picture() -> None:
    assert topics("# Clear\x1b[2J\n- and\ttabs \u202ereversed") == [
        ("Clear\u241b[2J", ("and tabs reversed",))
    ]


def test_an_endless_heading_is_cut() -> None:
    ((heading, _),) = topics(f"# {'long ' * 1000}")

    assert len(heading) == LONGEST_HEADING
    assert heading.endswith("\u2026")


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("", "empty"),
        (" \r\n\t\n", "empty"),
        ("\ufeff", "empty"),
        ("Only text.\n- and a list", "no heading"),
        ("```\n# all in a code block", "no heading"),
        (b"\x00\x01\x02# heading", "not plain text"),
        ("# Übung".encode("latin-1"), "not plain text"),
        ("# Topic".encode("utf-16"), "not plain text"),
        ("# half a character \ud83d", "not plain text"),
        ("# Topic\n" + "- probe\n" * 10_000, "far too long"),
        ("# Topic\n" + "\r" * MOST_GUIDE_LINES, "far too long"),
        ("# " + "x" * MOST_GUIDE_BYTES, "far too long"),
    ],
)
def test_what_is_no_guide_is_refused_in_one_sentence(written: str | bytes, why: str) -> None:
    with pytest.raises(BadGuide, match=why) as refused:
        parse_topic_guide(written)

    assert advise_verb(refused.value)


def test_the_longest_guide_is_read_whole() -> None:
    assert len(topics("# Topic\n" * MOST_GUIDE_LINES)) == MOST_GUIDE_LINES


_pieces = st.sampled_from(
    ["# ", "## ", "- ", "1. ", "```", "~~~", "\n", "\r", "    ", "#", "*", "\t", "\x1b", "\u202e"]
)


@given(st.one_of(st.binary(), st.text(), st.lists(_pieces | st.text(max_size=3)).map("".join)))
@example(b"\xff\xfe#\x00")
@example("# \u200e\n- \u200e")
def test_whatever_the_bytes_a_guide_can_be_shown_or_is_refused(written: str | bytes) -> None:
    try:
        found = parse_topic_guide(written)
    except BadGuide:
        return
    shown = [topic.heading for topic in found.topics]
    shown += [probe for topic in found.topics for probe in topic.probes]
    assert found.topics
    for text in shown:
        assert text
        assert sanitise_text(text) == text == " ".join(text.split())
        assert not any(unicodedata.category(char) == "Cc" for char in text)
    assert parse_topic_guide(found.text).topics == found.topics


def test_a_guide_is_kept_in_the_study_version_by_version(study: Study) -> None:
    assert read_topic_guide(study) is None

    assert save_topic_guide(study, "# One") == 1
    assert save_topic_guide(study, "# Two\n- probe") == 2

    assert read_topic_guide(study) == (parse_topic_guide("# Two\n- probe"), 2)
    assert study.whole.read_artefact(ArtefactKind.GUIDE, str, 1) == "# One"
    assert verify_study(study) == []


def test_a_guide_that_is_kept_again_unchanged_leaves_no_new_version(study: Study) -> None:
    save_topic_guide(study, GUIDE)
    before = read_trail_head(study.db)

    assert save_topic_guide(study, GUIDE) == 1
    assert save_topic_guide(study, "\ufeff" + GUIDE) == 1

    assert read_trail_head(study.db) == before


def test_each_new_version_is_one_line_of_the_trail(study: Study) -> None:
    before = read_trail_head(study.db).count

    save_topic_guide(study, GUIDE)

    assert read_trail_head(study.db).count == before + 1


def test_a_guide_that_is_refused_leaves_the_one_there_is(study: Study) -> None:
    save_topic_guide(study, GUIDE)

    with pytest.raises(BadGuide):
        save_topic_guide(study, "no heading")

    assert read_topic_guide(study) == (parse_topic_guide(GUIDE), 1)


def test_a_guide_comes_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "guide.md"
    file.write_text(GUIDE, encoding="utf-8")

    assert load_topic_guide(file) == TopicGuide(GUIDE, parse_topic_guide(GUIDE).topics)


def test_a_huge_file_is_read_no_further_than_a_guide_may_be_long(tmp_path: Path) -> None:
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(6 << 30)

    with pytest.raises(BadGuide, match="far too long"):
        load_topic_guide(tmp_path / "huge")


def test_a_file_that_is_not_there_is_named_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadGuide, match="not there"):
        load_topic_guide(tmp_path)
