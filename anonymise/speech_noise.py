"""Noise of speech that a trained model takes for names: cut-off words, sounds, initials, labels.

"Mar-" is half a word, "Brrr" a sound, "MDT" initials, "SPEAKER_00:" a label that another program
wrote. A find never goes on over the end of a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from anonymise.pieces import CutTurn
from anonymise.proposals import Proposal
from anonymise.roles import infer_role
from anonymise.rule_registry import REGISTER_SOURCE
from models import look_up_word
from study import Category

_BORNE, _OFTEN_BORNE = 0.5, 0.75  # how far a word is a name, so that it may be a whole one
_HALF_A_WORD = 3  # letters: "Ann-" is more often Anna broken off than all of a name
_CUT_OFF = re.compile(r"-(?=\s|$|[.,?!])")
_STAMMER = re.compile(r"(?:[^\W\d_]-?\s+)*[^\W\d_]-\s+(?:[^\W\d_]-?\s*)*")  # "a P- a P- a"
_HALF = re.compile(r"[^\W\d_]{1,3}-\s+")
_SOUND = re.compile(r"(?:[bcdfghjklmnpqrstvwxz]{2,6}|\w*([^\W\d_])\1{2,}\w*)", re.IGNORECASE)
_CRY = re.compile(r"[aeiou]+h+|e+u+r*g+h*|[aeiou]{2,}f+", re.IGNORECASE)  # "eeh", "eurgh"
_CHIME = re.compile(r"([^\W\d_]{2,6})-([^\W\d_]{2,6})")  # "ding-dong"
_VOWELS = str.maketrans("", "", "aeiou")
_INITIALS = re.compile(r"[A-Z]{2,5}s?|(?:[A-Z]\.){2,5}")
_LABEL = re.compile(
    r"\s*(?:speaker|interviewer|interviewee|participant|respondent|unknown|int|res|s|p|r)"
    r"[ _]?\d*\?*:",
    re.IGNORECASE,
)
# A full stop after these ends no sentence: "Mrs. Wilson", "St. Mary's", "J. Smith".
_SHORTENED = re.compile(
    r"(?:^|\W)(?:[^\W\d_]|mr|mrs|ms|dr|st|prof|rev|mt|sgt|capt|cllr|sr|jr|co|no|bros|ltd|inc)$",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.?!\u2026]+[\"'\u201d\u2019)]*\s+|\n+")
_INITIALS_ASKED = 0.35  # "J.W." may be somebody


def is_noise(spoken: CutTurn, proposal: Proposal) -> bool:
    """Whether a find of a name is a sound, a word that broke off, or a speaker's label."""
    text = spoken.text[proposal.start : proposal.end]
    known = [look_up_word(word) for word in re.findall(r"[^\W\d_]+", text)]
    if _CUT_OFF.match(spoken.text, proposal.end) and " " not in text:
        return len(text) <= _HALF_A_WORD or not any(one.given >= _OFTEN_BORNE for one in known)
    if _STAMMER.fullmatch(text):
        return True
    if _is_chime(text):
        return True
    if any(max(one.given, one.surname) >= _BORNE for one in known):
        return False
    label = _LABEL.match(spoken.text)
    if label is not None and proposal.end <= label.end():
        return True
    is_sound = _SOUND.fullmatch(text) is not None or _CRY.fullmatch(text) is not None
    return is_sound and not text.isupper()


def _is_chime(text: str) -> bool:
    """Whether two halves differ in their vowels alone: "ding-dong", "tick-tock"."""
    halves = _CHIME.fullmatch(text)
    if halves is None or not halves[2].islower():
        return False  # "Ling-Lang" is somebody
    one, two = (half.lower().translate(_VOWELS) for half in halves.groups())
    return one == two and len(one) > 1


def doubt_initials(spoken: CutTurn, proposal: Proposal) -> Proposal | None:
    """Return a find as it is; a person's initials as a question, and none for "CPN".

    Who they are to somebody leaves no question: "his son, J.P.".

    An organisation's are left to the keep-list and the model: "I worked at GEC" tells.
    """
    text = spoken.text[proposal.start : proposal.end]
    is_person = proposal.category is Category.PERSON and proposal.source != REGISTER_SOURCE
    if not is_person or _INITIALS.fullmatch(text) is None:
        return proposal
    if spoken.text.isupper() or look_up_word(text).given >= _BORNE:
        return proposal
    if "." not in text:
        return None
    if infer_role(spoken.text, proposal.start, proposal.end):
        return proposal
    return replace(proposal, score=min(proposal.score, _INITIALS_ASKED))


def cut_at_sentence_ends(text: str, proposal: Proposal) -> Iterator[Proposal]:
    """Yield a find, or its part in each sentence: "Weatherdale. I" is the place alone.

    Half a word before it ("Mar- Margaret") is no part of it.
    """
    start = _skip_cut_off(text, proposal)
    begins = start
    for end in _SENTENCE_END.finditer(text, proposal.start, proposal.end):
        if end.group()[0] == "." and _SHORTENED.search(text[start : end.start()]):
            continue
        if start < end.start():
            yield replace(proposal, start=start, end=end.start(), form="")
        start = end.end()
    if start == proposal.start:
        yield proposal
    elif start == begins:
        yield replace(proposal, start=start)
    elif start < proposal.end:
        yield replace(proposal, start=start, form="")


def _skip_cut_off(text: str, proposal: Proposal) -> int:
    """Return where a find begins without half a word before it: "Margaret" of "Mar- Margaret"."""
    half = _HALF.match(text, proposal.start, proposal.end)
    if half is None:
        return proposal.start
    return half.end()
