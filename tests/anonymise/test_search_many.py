"""Many interviews searched by several processes: what is written is what one would write."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace

import psutil
import pytest

from anonymise import search_many
from anonymise.mention_decisions import decide_mention
from anonymise.replacements import list_pseudonyms
from anonymise.search import search_transcript
from anonymise.search_many import search_transcripts
from models import InstalledModel, find_names_model
from study import Mentions, Verdict
from study.errors import Stopped
from study.store import Interview, Study, read_mention_words

Hear = Callable[..., Interview]
SPOKEN = (
    ("My sister Jean Fitzgerald came.", "I live in Skipton."),
    ("A man called Derek. Jean Fitzgerald said so.", "He was born on 14 March 1951."),
    ("We went to Harrogate with Derek.", "Ring me on 01756 700123."),
)
HIDDEN = "then quillfeather said it was over"  # which nobody finds who does not know the name


@pytest.fixture(scope="module")
def names() -> InstalledModel:
    return find_names_model()


@pytest.fixture
def three(hear: Hear) -> list[Interview]:
    return [hear(*texts) for texts in SPOKEN]


def plainly(found: Mentions) -> object:
    """What was found, without the keys, which are drawn."""
    every = [replace(mention, key="") for mention in found.mentions]
    return every, found.looked_for, found.not_looked_for


@pytest.mark.slow
def test_two_processes_write_what_one_writes(
    three: list[Interview], names: InstalledModel, study: Study
) -> None:
    together = [
        plainly(found) for _, found in search_transcripts(three, name_model=names, workers=2)
    ]
    labels = list_pseudonyms(study)
    for interview in three:
        with interview.change("forgotten") as change:
            for kind in interview.summary.versions:
                if kind.value in {"mentions", "found", "pseudonyms"}:
                    change.drop_artefact(kind)
    alone = [plainly(found) for _, found in search_transcripts(three, name_model=names)]

    assert together == alone
    assert list_pseudonyms(study) == labels
    assert any("Jean Fitzgerald" in text for text in read_mention_words(three[1]).values())


def test_a_name_decided_while_the_next_interview_is_searched_is_found_in_it(hear: Hear) -> None:
    """What was found ahead counts only where it was looked for with today's names."""
    first = hear("My friend Ottoline Quillfeather came.")
    second, alone = hear(HIDDEN), hear(HIDDEN)
    assert not search_transcript(alone, name_model=None).mentions
    searched = search_transcripts([first, second], name_model=None, workers=2)

    interview, found = next(searched)
    for mention in found.mentions:
        decide_mention(interview, mention.key, Verdict.ACCEPTED)
    next(searched)

    assert "quillfeather" in read_mention_words(second).values()


def test_processes_that_end_are_done_without(
    three: list[Interview], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_many, "_PROGRAM", (sys.executable, "-c", "pass"))

    found = list(search_transcripts(three, name_model=None, workers=3))

    assert [interview.id for interview, _ in found] == [one.id for one in three]
    assert all(mentions.mentions for _, mentions in found)


def test_a_search_of_many_that_is_stopped_keeps_what_is_written_and_ends_its_processes(
    three: list[Interview],
) -> None:
    done: list[str] = []
    own = psutil.Process()
    before = set(own.children())
    searched = search_transcripts(three, name_model=None, workers=2, stop=lambda: bool(done))
    done.append(next(searched)[0].id)
    with pytest.raises(Stopped):
        next(searched)

    assert done == [three[0].id]
    assert [one.summary.undecided > 0 for one in three] == [True, False, False]
    assert set(own.children()) == before


def test_a_process_that_searches_has_no_key_of_the_study(
    three: list[Interview], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EARSHOT_PASSPHRASE", "four unrelated words")
    told: list[dict[str, str]] = []
    opened: list[str] = []
    for _ in search_transcripts(three, name_model=None, workers=2):
        children = psutil.Process().children()
        others = [one for one in children if "anonymise.search_process" in one.cmdline()]
        told = [one.environ() for one in others]
        opened = [file.path for one in others for file in one.open_files()]

    assert len(told) == 2
    assert all("EARSHOT_PASSPHRASE" not in environment for environment in told)
    assert not any("study.db" in path for path in opened)
