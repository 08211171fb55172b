"""A person's decisions about mentions: accept, reject, change, take back, add a mention.

Each call is one transaction that counts within itself, so that two people may decide at the same
time. A decision is an entry; the newest about a mention stands, and none is ever removed: the log
shows who decided otherwise before. ``review_order`` sorts mentions by what to decide first,
``replacements`` changes a replacement in the whole study.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import islice

from anonymise.carry_over import EarlierSearch, MentionKeys
from anonymise.clean_transcript import PERSON_SOURCE
from anonymise.generalisation import list_generalisations
from anonymise.proposals import Proposal
from anonymise.pseudonyms import read_generalisation_policy, read_label, read_pseudonym_book
from anonymise.relocation import MentionRelocation
from anonymise.replacements import tidy_replacement
from anonymise.search import (
    add_entered_identities,
    request_replacement,
    write_mentions,
    write_mentions_and_pseudonyms,
)
from study import (
    ArtefactKind,
    Category,
    DecidedMention,
    Decision,
    DecisionFacts,
    Mention,
    Mentions,
    Verdict,
    require_short,
)
from study.errors import SearchMissing, UnknownMention, WordsChanged
from study.store import (
    Change,
    Interview,
    find_newest_ref,
    read_decisions,
    read_mention_words,
    read_newest_transcript,
    read_searched_transcript,
)


def decide_mention(
    interview: Interview,
    mention_key: str,
    verdict: Verdict,
    *,
    replacement: str = "",
    reason: str = "",
    alike: bool = False,
    in_bulk: bool = False,
) -> list[Decision]:
    """Record a verdict about a mention and return the decisions made.

    replacement: the text to put in its place (CHANGED only).
    alike: also decide all undecided mentions with the same proposed replacement, marked as decided
        in bulk; with UNDONE, take back all decisions about them.
    in_bulk: the caller decides others in the same call, so this one is marked as well.

    Raises:
        UnknownMention: no mention has this key.
        WordsChanged: its words were edited after the search; search again first.
        BadReplacement: the replacement is empty or too long.
        TextTooLong: the reason is longer than a few sentences.
    """
    typed = tidy_replacement(replacement) if verdict is Verdict.CHANGED else ""
    with interview.change(f"mention {verdict}") as change:
        now = _CurrentDecisions(interview)
        meant = next((m for m in now.mentions if m.key == mention_key), None)
        if meant is None:
            raise UnknownMention
        if verdict is not Verdict.UNDONE:
            _require_same_words(interview, meant)
        chosen = [meant.key]
        if alike:
            wanted = verdict is Verdict.UNDONE
            like = (m for m in now.mentions if m.replacement == meant.replacement and m != meant)
            chosen += [m.key for m in like if now.is_decided(m.key) is wanted]
        made = [
            _decision(change, key, verdict, typed, reason, in_bulk=in_bulk or key != mention_key)
            for key in chosen
        ]
        return _record(change, now, made)


def decide_mentions(
    interview: Interview,
    mention_keys: Iterable[str],
    verdict: Verdict,
    *,
    replacement: str = "",
    reason: str = "",
) -> list[Decision]:
    """Record one verdict about several mentions, marked as decided in bulk.

    Raises:
        UnknownMention, WordsChanged, BadReplacement: as for ``decide_mention``.
    """
    typed = tidy_replacement(replacement) if verdict is Verdict.CHANGED else ""
    with interview.change(f"mention {verdict}") as change:
        now = _CurrentDecisions(interview)
        by_key = {mention.key: mention for mention in now.mentions}
        chosen = [by_key.get(key) for key in mention_keys]
        made: list[Decision] = []
        for mention in chosen:
            if mention is None:
                raise UnknownMention
            if verdict is not Verdict.UNDONE:
                _require_same_words(interview, mention)
            made.append(_decision(change, mention.key, verdict, typed, reason, in_bulk=True))
        return _record(change, now, made)


def list_replacement_choices(interview: Interview, mention_key: str) -> list[str]:
    """Return replacements to choose from for a mention: the proposed one, then broader words.

    These are the ones that the study's rules give; a person may type any other.

    Raises:
        UnknownMention: no mention has this key.
    """
    words = read_mention_words(interview)
    meant = next((d for d in read_decisions(interview) if d.mention.key == mention_key), None)
    if meant is None:
        raise UnknownMention
    proposed, category = meant.mention.replacement, meant.mention.category
    policy = read_generalisation_policy(interview.study, interview)
    broader = list_generalisations(category, words[mention_key], policy)
    label = read_label(proposed)
    return list(dict.fromkeys([proposed, *broader, *([label] if label else [])]))


def accept_all_mentions(interview: Interview, *, reason: str = "") -> list[Decision]:
    """Accept every undecided mention, marked as decided in bulk; return the decisions made."""
    with interview.change("mentions accepted") as change:
        now = _CurrentDecisions(interview)
        made = [
            _decision(change, m.key, Verdict.ACCEPTED, "", reason, in_bulk=True)
            for m in now.mentions
            if not now.is_decided(m.key)
        ]
        return _record(change, now, made)


class _CurrentDecisions:
    """The mentions of an interview and which of them are decided, read inside a transaction.

    It keeps one verdict for each key and makes no ``DecidedMention``: a decision among 5,000
    mentions has to be made within the time of a key press.
    """

    def __init__(self, interview: Interview) -> None:
        found = interview.read_artefact(ArtefactKind.MENTIONS, Mentions)
        self.mentions = found.mentions if found else ()
        self._newest: dict[str, Verdict] = {}
        self.decisions: list[Decision] = []
        if found:
            self.decisions = interview.read_entries(ArtefactKind.MENTIONS, Decision)
        self.add(self.decisions)

    def add(self, decisions: Iterable[Decision]) -> None:
        """Note decisions, the newest last."""
        self._newest.update((decision.mention, decision.verdict) for decision in decisions)

    def is_decided(self, key: str) -> bool:
        """Whether a decision about this mention stands."""
        return self._newest.get(key, Verdict.UNDONE) is not Verdict.UNDONE

    def count_undecided(self) -> int:
        """Count the mentions without a decision."""
        standing = {key for key, verdict in self._newest.items() if verdict is not Verdict.UNDONE}
        return sum(mention.key not in standing for mention in self.mentions)


def _require_same_words(interview: Interview, mention: Mention) -> None:
    """Refuse a decision about words that the newest transcript lacks."""
    mentions = interview.read_artefact(ArtefactKind.MENTIONS, Mentions)
    if mentions is None or mentions.transcript == find_newest_ref(interview):
        return
    newest = read_newest_transcript(interview)
    if newest is None:
        return
    found_in = read_searched_transcript(interview, mentions)
    relocation = MentionRelocation(
        found_in.turn_texts() if found_in else {}, newest.turn_texts(), newest.successors
    )
    if relocation.relocate_span(mention.turn, mention.start, mention.end) is None:
        raise WordsChanged


def undo_decisions(interview: Interview, *mention_keys: str) -> list[Decision]:
    """Take back the decisions about these mentions; without a key, the newest that stands.

    Returns the decisions made, none where there was nothing to take back.

    Raises:
        UnknownMention: no mention has one of the keys.
    """
    with interview.change("mention undone") as change:
        now = _CurrentDecisions(interview)
        known = {mention.key for mention in now.mentions}
        if not known.issuperset(mention_keys):
            raise UnknownMention
        chosen = [key for key in mention_keys if now.is_decided(key)]
        if not mention_keys:
            decisions = (d.mention for d in reversed(now.decisions) if d.mention in known)
            chosen = list(islice(filter(now.is_decided, decisions), 1))
        made = [_decision(change, key, Verdict.UNDONE, "", "") for key in chosen]
        return _record(change, now, made)


def add_mention(
    interview: Interview,
    turn: int,
    start: int,
    end: int,
    category: Category,
    *,
    replacement: str = "",
    reason: str = "",
    names_nobody: bool = False,
) -> Mention:
    """Add a mention that a person found, with a decision about it; return it.

    start, end: characters of the turn's text as it was searched. It takes in every mention that it
        overlaps and that was not rejected, so that no word loses its replacement.
    replacement: the text to put in its place, instead of the study's own label.
    names_nobody: record these words as rejected, so that the gate lets them pass. Only words that
        no mention overlaps can be added so.

    Raises:
        SearchMissing: the interview has not been searched.
        UnknownMention: there are no such words in that turn, or they are a mention already.
        BadReplacement: the replacement is empty or too long.
    """
    typed = tidy_replacement(replacement) if replacement else ""
    with interview.change("mention added") as change:
        mentions = interview.read_artefact(ArtefactKind.MENTIONS, Mentions)
        source = read_searched_transcript(interview, mentions) if mentions else None
        if mentions is None or source is None:
            raise SearchMissing(is_outdated=mentions is not None)
        text = source.turn_texts().get(turn, "")
        if not 0 <= start < end <= len(text) or not text[start:end].strip():
            raise UnknownMention
        every = read_decisions(interview)
        over = [d for d in every if d.mention.turn == turn and _overlaps(d.mention, start, end)]
        if names_nobody and over:
            raise UnknownMention(is_there=True)
        start, end = _widen(over, start, end)
        book = read_pseudonym_book(interview.study, interview)
        add_entered_identities(book, interview)
        found = Proposal(start, end, category, PERSON_SOURCE, 1.0)
        (label,) = book.assign_replacements([request_replacement(text, found)])
        keys = MentionKeys(EarlierSearch(used_keys=frozenset(m.key for m in mentions.mentions)))
        added = Mention(keys.make_key(), turn, start, end, category, PERSON_SOURCE, 1.0, label)
        verdict = Verdict.CHANGED if typed else Verdict.ACCEPTED
        verdict = Verdict.REJECTED if names_nobody else verdict
        decision = _decision(change, added.key, verdict, typed, reason)
        gone = {d.mention.key for d in over}
        now = [*(d for d in every if d.mention.key not in gone), DecidedMention(added, decision)]
        ordered = source.sort_mentions(d.mention for d in now)
        write_mentions_and_pseudonyms(
            change, interview, replace(mentions, mentions=ordered), now, book
        )
        return added


def remove_added_mentions(interview: Interview, *mention_keys: str) -> list[str]:
    """Remove mentions that a person added, as if nobody had; return the keys of those removed.

    What such a mention took in when it was added is asked again. One that was carried over from a
    search of another text stays: nobody knows what it took in there.

    Raises:
        SearchMissing: the interview has not been searched.
    """
    with interview.change("mention undone") as change:
        mentions = interview.read_artefact(ArtefactKind.MENTIONS, Mentions)
        source = read_searched_transcript(interview, mentions) if mentions else None
        if mentions is None or source is None:
            raise SearchMissing(is_outdated=mentions is not None)
        own = {m.key: m for m in mentions.mentions if m.source == PERSON_SOURCE}
        before = {
            key: found
            for key in mention_keys
            if key in own and (found := _find_taken_in(interview, own[key], mentions)) is not None
        }
        if not before:
            return []
        left = [d for d in read_decisions(interview) if d.mention.key not in before]
        there = {d.mention.key for d in left}
        for one in (m for found in before.values() for m in found):
            if one.key not in there and not any(
                d.mention.turn == one.turn and _overlaps(d.mention, one.start, one.end)
                for d in left
            ):
                left.append(DecidedMention(one, None))
        ordered = source.sort_mentions(d.mention for d in left)
        write_mentions(change, interview, replace(mentions, mentions=ordered), left)
        return list(before)


def _find_taken_in(
    interview: Interview, added: Mention, mentions: Mentions
) -> list[Mention] | None:
    """Return the mentions that stood where one was added; None where nobody knows."""
    for version in range(interview.find_newest_version(ArtefactKind.MENTIONS) - 1, 0, -1):
        before = interview.read_artefact(ArtefactKind.MENTIONS, Mentions, version)
        if before is None or before.transcript != mentions.transcript:
            return None
        if all(m.key != added.key for m in before.mentions):
            return [
                m for m in before.mentions
                if m.turn == added.turn and _overlaps(m, added.start, added.end)
            ]  # fmt: skip
    return None


def _overlaps(mention: Mention, start: int, end: int) -> bool:
    return mention.start < end and start < mention.end


def _widen(over: list[DecidedMention], start: int, end: int) -> tuple[int, int]:
    """Widen a span to all mentions that it overlaps, except rejected ones."""
    taken = [d.mention for d in over if d.decision is None or d.is_replaced]
    return min([start, *(m.start for m in taken)]), max([end, *(m.end for m in taken)])


def _record(change: Change, now: _CurrentDecisions, made: list[Decision]) -> list[Decision]:
    now.add(made)
    undecided = now.count_undecided()
    change.append_entries(ArtefactKind.MENTIONS, made, DecisionFacts(undecided))
    change.facts["decisions"], change.facts["undecided"] = len(made), undecided
    return made


def _decision(
    change: Change, key: str, verdict: Verdict, typed: str, reason: str, *, in_bulk: bool = False
) -> Decision:
    why = " ".join(reason.split())
    require_short(why)
    return Decision(key, verdict, change.study.ring.slot, change.made_at, typed, why, in_bulk)
