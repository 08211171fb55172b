"""What a person thinks of a mention: accept, reject, change, take back, or add one.

Each call is one transaction, and what it counts is counted inside it: two people may decide at
once. A decision is an entry; the newest about a mention stands, and none is ever removed, so
that the log tells who thought otherwise before. ``ordering`` says what to decide first,
``choices`` what else could stand there, ``renaming`` changes what stands for somebody in the whole
study.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import islice

from anonymise import generalising, pseudonyms, steps
from anonymise.carrying import Before, Keys
from anonymise.cleaning import BY_PERSON
from anonymise.placing import Placing
from anonymise.proposals import Proposal
from anonymise.renaming import tidy
from study import decided
from study.artefacts import Kind
from study.change import Change
from study.decided import Decided
from study.errors import SearchMissing, UnknownMention, WordsChanged
from study.facts import DecisionFacts
from study.store import Study
from study.terms import Category, Decision, Mention, Mentions, Verdict


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
    alike: also decide all undecided mentions with the same proposed replacement, and note that
        they were not looked at by themselves; with UNDONE, take back all decisions about them.

    Raises:
        UnknownMention: no mention has this key.
        WordsChanged: its words were edited since; a new search tells what is there now.
        BadReplacement: the replacement says nothing, or far too much.
    """
    typed = tidy(replacement) if verdict is Verdict.CHANGED else ""
    with study.change(f"mention {verdict}", interview) as change:
        now = _Now(study, interview)
        meant = next((m for m in now.mentions if m.key == mention_key), None)
        if meant is None:
            raise UnknownMention
        if verdict is not Verdict.UNDONE:
            _still_said(study, interview, meant)
        chosen = [meant.key]
        if alike:
            wanted = verdict is Verdict.UNDONE
            like = (m for m in now.mentions if m.replacement == meant.replacement and m != meant)
            chosen += [m.key for m in like if now.is_decided(m.key) is wanted]
        made = [
            _decision(change, key, verdict, typed, reason, in_bulk=key != mention_key)
            for key in chosen
        ]
        return _record(change, interview, now, made)


def choices(study: Study, interview: str, mention_key: str) -> list[str]:
    """Return what could stand in a mention's place: what is proposed, then broader words.

    A person may type anything else; this is what the study's rules know.

    Raises:
        UnknownMention: no mention has this key.
    """
    words = decided.words(study, interview)
    meant = next((d for d in decided.read(study, interview) if d.mention.key == mention_key), None)
    if meant is None:
        raise UnknownMention
    proposed, category = meant.mention.replacement, meant.mention.category
    policy = pseudonyms.policy_of(study, interview)
    broader = generalising.alternatives(category, words[mention_key], policy)
    label = pseudonyms.label_of(proposed)
    return list(dict.fromkeys([proposed, *broader, *([label] if label else [])]))


def accept_all(study: Study, interview: str, *, reason: str = "") -> list[Decision]:
    """Accept every mention that is undecided, noted as not looked at one by one."""
    with study.change("mentions accepted", interview) as change:
        now = _Now(study, interview)
        made = [
            _decision(change, m.key, Verdict.ACCEPTED, "", reason, in_bulk=True)
            for m in now.mentions
            if not now.is_decided(m.key)
        ]
        return _record(change, interview, now, made)


class _Now:
    """Which mentions there are, and which are decided, as it stands inside the transaction.

    A decision among 5,000 mentions is made within the time of a key, so no record of each is.
    """

    def __init__(self, study: Study, interview: str) -> None:
        found = study.get(interview, Kind.MENTIONS, Mentions)
        self.mentions = found.mentions if found else ()
        self._newest: dict[str, Verdict] = {}
        self.decisions: list[Decision] = []
        if found:
            self.decisions = study.entries(interview, Kind.MENTIONS, Decision)
        self.take(self.decisions)

    def take(self, decisions: Iterable[Decision]) -> None:
        """Take decisions in."""
        self._newest.update((decision.mention, decision.verdict) for decision in decisions)

    def is_decided(self, key: str) -> bool:
        """Whether a decision about this mention stands."""
        return self._newest.get(key, Verdict.UNDONE) is not Verdict.UNDONE

    def undecided(self) -> int:
        """Count the mentions without a decision."""
        standing = {key for key, verdict in self._newest.items() if verdict is not Verdict.UNDONE}
        return sum(mention.key not in standing for mention in self.mentions)


def _still_said(study: Study, interview: str, mention: Mention) -> None:
    """Refuse a decision about words that are not there any more."""
    mentions = study.get(interview, Kind.MENTIONS, Mentions)
    if mentions is None or mentions.transcript == decided.newest_ref(study, interview):
        return
    newest = decided.newest(study, interview)
    if newest is None:
        return
    found_in = decided.searched(study, interview, mentions)
    placing = Placing(found_in.texts() if found_in else {}, newest.texts(), newest.kin)
    if placing.place(mention.turn, mention.start, mention.end) is None:
        raise WordsChanged


def undo(study: Study, interview: str, *mention_keys: str) -> list[Decision]:
    """Take back the decisions about these mentions; without a key, the newest that stands.

    Returns what was recorded, nothing where there was nothing to take back.

    Raises:
        UnknownMention: no mention has one of the keys.
    """
    with study.change("mention undone", interview) as change:
        now = _Now(study, interview)
        known = {mention.key for mention in now.mentions}
        if not known.issuperset(mention_keys):
            raise UnknownMention
        chosen = [key for key in mention_keys if now.is_decided(key)]
        if not mention_keys:
            decisions = (d.mention for d in reversed(now.decisions) if d.mention in known)
            chosen = list(islice(filter(now.is_decided, decisions), 1))
        made = [_decision(change, key, Verdict.UNDONE, "", "") for key in chosen]
        return _record(change, interview, now, made)


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
    stays: bool = False,
) -> Mention:
    """Add a mention that a person found, decided at once; return it.

    start, end: characters of the turn's text as it was searched. What overlaps it and was not
    rejected becomes part of it, so that nothing that was covered is uncovered.
    replacement: what shall stand there instead of the study's own label.
    stays: it names nobody and stays as it is; the look at an export then lets it pass. Only
        words that no other mention covers can be added so.

    Raises:
        StepMissing: the interview has not been searched.
        UnknownMention: there are no such words in that turn, or they are a mention already.
        BadReplacement: the replacement says nothing, or far too much.
    """
    typed = tidy(replacement) if replacement else ""
    with study.change("mention added", interview) as change:
        mentions = study.get(interview, Kind.MENTIONS, Mentions)
        source = decided.searched(study, interview, mentions) if mentions else None
        if mentions is None or source is None:
            raise SearchMissing
        text = source.texts().get(turn, "")
        if not 0 <= start < end <= len(text) or not text[start:end].strip():
            raise UnknownMention
        every = decided.read(study, interview)
        over = [d for d in every if d.mention.turn == turn and _meet(d.mention, start, end)]
        if stays and over:
            raise UnknownMention
        start, end = _with_covered(over, start, end)
        book = pseudonyms.read_book(study, interview)
        book.expect(steps.known_beforehand(study, interview))
        found = Proposal(start, end, category, BY_PERSON, 1.0)
        (label,) = book.replacements([steps.asked(text, found)])
        keys = Keys(Before(taken=frozenset(m.key for m in mentions.mentions)))
        added = Mention(keys.new(), turn, start, end, category, BY_PERSON, 1.0, label)
        verdict = Verdict.CHANGED if typed else Verdict.ACCEPTED
        verdict = Verdict.REJECTED if stays else verdict
        decision = _decision(change, added.key, verdict, typed, reason)
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


def _record(change: Change, interview: str, now: _Now, made: list[Decision]) -> list[Decision]:
    now.take(made)
    undecided = now.undecided()
    change.append_all(interview, Kind.MENTIONS, made, DecisionFacts(undecided))
    change.facts["decisions"], change.facts["undecided"] = len(made), undecided
    return made


def _decision(
    change: Change, key: str, verdict: Verdict, typed: str, reason: str, *, in_bulk: bool = False
) -> Decision:
    why = " ".join(reason.split())
    return Decision(key, verdict, change.study.ring.slot, change.at, typed, why, in_bulk)
