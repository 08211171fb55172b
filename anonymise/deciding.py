"""What a person thinks of a mention: accept, reject, change, take back, or add one.

Each call is one transaction, and what it counts is counted inside it: two people may decide at
once. A decision is an entry; the newest about a mention stands, and none is ever removed.
"""

from __future__ import annotations

from dataclasses import replace

from anonymise import pseudonyms, steps
from anonymise.carrying import Before, Keys
from anonymise.proposals import Proposal
from study import decided
from study.artefacts import Kind
from study.change import Change
from study.decided import Decided
from study.errors import StepMissing, UnknownMention
from study.store import Study
from study.terms import Category, Decision, Mention, Mentions, Verdict

BY_PERSON = "person"  # the source of a mention that a person added
_ADVICE = "`earshot anonymise STUDY INTERVIEW` looks for them."


def decide(
    study: Study,
    interview: str,
    mention_key: str,
    verdict: Verdict,
    *,
    replacement: str = "",
    reason: str = "",
    alike: bool = False,
) -> list[Decision]:
    """Record a verdict about a mention and return the decisions made.

    replacement: the text that shall stand there instead (CHANGED only).
    alike: also decide all undecided mentions with the same proposed replacement; with UNDONE,
        take back all decisions about them.

    Raises:
        UnknownMention: no mention has this key.
    """
    with study.change(f"mention {verdict}", interview) as change:
        every = decided.read(study, interview)
        meant = next((d for d in every if d.mention.key == mention_key), None)
        if meant is None:
            raise UnknownMention
        chosen = [meant.mention.key]
        if alike:
            chosen += [d.mention.key for d in every if _is_like(d, meant, verdict)]
        return _record(change, interview, every, chosen, verdict, replacement, reason)


def undo(study: Study, interview: str, *mention_keys: str) -> list[Decision]:
    """Take back the decisions about these mentions; without a key, the newest that stands.

    Returns what was recorded, nothing where there was nothing to take back.

    Raises:
        UnknownMention: no mention has one of the keys.
    """
    with study.change("mention undone", interview) as change:
        every = decided.read(study, interview)
        known = {d.mention.key for d in every}
        if not known.issuperset(mention_keys):
            raise UnknownMention
        standing = {d.mention.key for d in every if d.decision is not None}
        chosen = [key for key in mention_keys if key in standing]
        if not mention_keys:
            entries = study.entries(interview, Kind.MENTIONS, Decision)
            chosen = [e.mention for e in reversed(entries) if e.mention in standing][:1]
        return _record(change, interview, every, chosen, Verdict.UNDONE, "", "")


def add(
    study: Study,
    interview: str,
    turn: int,
    start: int,
    end: int,
    category: Category,
    *,
    replacement: str = "",
    reason: str = "",
) -> Mention:
    """Add a mention that a person found, accepted at once; return it.

    start, end: characters of the turn's text as it was searched. What overlaps it and was not
    rejected becomes part of it, so that nothing that was covered is uncovered.
    replacement: what shall stand there instead of the study's own label.

    Raises:
        StepMissing: the interview has not been searched.
        UnknownMention: there are no such words in that turn.
    """
    with study.change("mention added", interview) as change:
        mentions = study.get(interview, Kind.MENTIONS, Mentions)
        source = decided.searched(study, interview, mentions) if mentions else None
        if mentions is None or source is None:
            raise StepMissing("mentions", _ADVICE)
        text = source.texts().get(turn, "")
        if not 0 <= start < end <= len(text) or not text[start:end].strip():
            raise UnknownMention
        every = decided.read(study, interview)
        over = [d for d in every if d.mention.turn == turn and _meet(d.mention, start, end)]
        start, end = _with_covered(over, start, end)
        book = pseudonyms.read_book(study, interview)
        book.expect(steps.known_beforehand(study, interview))
        found = Proposal(start, end, category, BY_PERSON, 1.0)
        (label,) = book.replacements([steps.asked(text, found)])
        keys = Keys(Before(taken=frozenset(m.key for m in mentions.mentions)))
        added = Mention(keys.new(), turn, start, end, category, BY_PERSON, 1.0, label)
        verdict = Verdict.CHANGED if replacement else Verdict.ACCEPTED
        decision = _decision(change, added.key, verdict, replacement, reason)
        gone = {d.mention.key for d in over}
        now = [*(d for d in every if d.mention.key not in gone), Decided(added, decision)]
        ordered = source.in_order(d.mention for d in now)
        steps.write(change, interview, replace(mentions, mentions=ordered), now, book)
        return added


def _meet(mention: Mention, start: int, end: int) -> bool:
    return mention.start < end and start < mention.end


def _with_covered(over: list[Decided], start: int, end: int) -> tuple[int, int]:
    """Widen a place to all of what it meets, but for what was rejected."""
    taken = [d.mention for d in over if d.decision is None or d.is_replaced]
    return min([start, *(m.start for m in taken)]), max([end, *(m.end for m in taken)])


def _is_like(other: Decided, meant: Decided, verdict: Verdict) -> bool:
    wanted = other.decision is not None if verdict is Verdict.UNDONE else other.decision is None
    same = other.mention.replacement == meant.mention.replacement
    return wanted and same and other.mention.key != meant.mention.key


def _record(
    change: Change,
    interview: str,
    every: list[Decided],
    chosen: list[str],
    verdict: Verdict,
    replacement: str,
    reason: str,
) -> list[Decision]:
    open_now = {d.mention.key for d in every if d.decision is None}
    open_then = open_now | set(chosen) if verdict is Verdict.UNDONE else open_now - set(chosen)
    made = [_decision(change, key, verdict, replacement, reason) for key in chosen]
    for decision in made:
        change.append(interview, Kind.MENTIONS, decision, {"undecided": len(open_then)})
    change.facts["decisions"], change.facts["undecided"] = len(made), len(open_then)
    return made


def _decision(
    change: Change, key: str, verdict: Verdict, replacement: str, reason: str
) -> Decision:
    typed = " ".join(replacement.split()) if verdict is Verdict.CHANGED else ""
    return Decision(key, verdict, change.study.ring.slot, change.at, typed, reason)
