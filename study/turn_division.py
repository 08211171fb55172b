"""Dividing a turn in two, and joining two turns. Pure functions."""

from __future__ import annotations

from dataclasses import replace

from study.doubt_flags import merge_flags, select_flags
from study.errors import EditFlaw, NotCorrectable
from study.records import Turn
from study.turn_words import Words
from study.weak_words import update_unsure_flag
from study.word_times import find_character_time, find_word_spans


def divide_turn(turn: Turn, character: int, key: int) -> tuple[Turn, Turn]:
    """Divide a turn before ``character``; the second part gets ``key``, each word its part.

    Each part keeps the doubts about its own words.

    Raises:
        NotCorrectable: there is no word on one of the sides.
    """
    left, right = turn.text[:character].rstrip(), turn.text[max(0, character) :].lstrip()
    if character <= 0 or not left or not right:
        raise NotCorrectable(EditFlaw.NOT_BETWEEN_WORDS)
    begin = len(turn.text) - len(right)
    starts = [start for start, _ in find_word_spans(turn)]
    cut = next((n for n, start in enumerate(starts) if start >= begin), len(starts))
    before, after = turn.words[:cut], turn.words[cut:]
    start_s = min(max(find_character_time(turn, begin), turn.start_s), turn.end_s)
    end_s = before[-1].end_s if before else start_s
    end_s = min(max(end_s, turn.start_s), turn.end_s)
    return (
        _keep_own_flags(replace(turn, text=left, words=before, end_s=end_s)),
        _keep_own_flags(replace(turn, key=key, text=right, words=after, start_s=start_s)),
    )


def take_words(turn: Turn, words: Words) -> Turn:
    """Return the part of a turn that some of its words are, with the doubts about these."""
    text = "".join(word.text for word in words).strip()
    return _keep_own_flags(
        replace(turn, words=words, text=text, start_s=words[0].start_s, end_s=words[-1].end_s)
    )


def _keep_own_flags(turn: Turn) -> Turn:
    return update_unsure_flag(replace(turn, flags=select_flags(turn.flags, turn.words)))


def join_turns(first: Turn, second: Turn) -> Turn:
    """Join two turns; the speaker and the key are those of the first."""
    words = second.words
    if words and first.words and not words[0].text[:1].isspace():
        words = (replace(words[0], text=f" {words[0].text}"), *words[1:])
    return replace(
        first,
        text=f"{first.text} {second.text}",
        end_s=max(first.end_s, second.end_s),
        words=(*first.words, *words),
        flags=merge_flags((*first.flags, *second.flags)),
    )
