"""``earshot review``: list the mentions and decide them, from the shell."""

from __future__ import annotations

import argparse
import re

from study import decided
from study.decided import Decided
from study.errors import BadName, SearchMissing, UnknownMention
from study.store import Study
from study.terms import Category, Mentions, Verdict
from tui.talk import Talk
from tui.verb import Verb, interview_argument, opened_at, study_argument


def _arguments(parser: argparse.ArgumentParser) -> None:
    study_argument(parser)
    interview_argument(parser)
    parser.add_argument("--accept", action="append", default=[], metavar="KEY")
    parser.add_argument("--reject", action="append", default=[], metavar="KEY")
    parser.add_argument("--change", action="append", default=[], metavar="KEY=TEXT")
    parser.add_argument("--undo", action="append", default=[], metavar="KEY")
    parser.add_argument(
        "--accept-all", action="store_true", help="accept every mention that is undecided"
    )
    parser.add_argument(
        "--alike", action="store_true", help="decide all undecided ones of the same person, too"
    )
    parser.add_argument(
        "--add", action="append", default=[], metavar="TURN=WORDS[=KIND]",
        help="replace words of a turn that were not found",
    )  # fmt: skip
    parser.add_argument(
        "--keep", action="append", default=[], metavar="TURN=WORDS",
        help="say that words of a turn name nobody and stay",
    )  # fmt: skip
    parser.add_argument(
        "--choices", metavar="KEY", help="only list what else could stand in a mention's place"
    )
    parser.add_argument(
        "--first", action="store_true", help="list what matters most first, not as it was said"
    )
    parser.add_argument("--reason", default="", help="why, kept with the decisions of this call")


def _run(given: argparse.Namespace, talk: Talk) -> int:
    with opened_at(given, talk) as (study, summary):
        if not summary.versions.get(decided.Kind.MENTIONS):
            raise SearchMissing
        if given.choices:
            _offer(study, summary.id, given.choices, talk)
            return 0
        _decide(study, summary.id, given)
        _show(study, summary.id, talk, most_first=given.first)
    return 0


def _offer(study: Study, interview: str, key: str, talk: Talk) -> None:
    from anonymise.deciding import choices

    found = choices(study, interview, key)
    talk.result(found, found)


def _decide(study: Study, interview: str, given: argparse.Namespace) -> None:
    from anonymise.deciding import accept_all, decide

    reason: str = given.reason
    for verdict, keys in (
        (Verdict.ACCEPTED, given.accept),
        (Verdict.REJECTED, given.reject),
        (Verdict.UNDONE, given.undo),
    ):
        for key in keys:
            decide(study, interview, key, verdict, reason=reason, alike=given.alike)
    for change in given.change:
        key, _, text = change.partition("=")
        if not text.strip():
            raise UnknownMention
        decide(
            study, interview, key, Verdict.CHANGED,
            replacement=text, reason=reason, alike=given.alike,
        )  # fmt: skip
    for text, stays in (
        (t, s) for texts, s in ((given.add, False), (given.keep, True)) for t in texts
    ):
        _add(study, interview, text, reason, stays=stays)
    if given.accept_all:
        accept_all(study, interview, reason=reason)


def _add(study: Study, interview: str, text: str, reason: str, *, stays: bool) -> None:
    """Add a mention that is given as TURN=WORDS or TURN=WORDS=KIND: each place they stand at."""
    from anonymise.deciding import add

    turn, _, rest = text.partition("=")
    words, _, kind = rest.rpartition("=")
    words, category = (words, _category(kind)) if words else (rest, Category.OTHER)
    mentions = study.get(interview, decided.Kind.MENTIONS, Mentions)
    source = decided.searched(study, interview, mentions) if mentions else None
    said = source.texts().get(int(turn), "") if source and turn.isdecimal() else ""
    places = [found.span() for found in re.finditer(re.escape(words), said)] if words else []
    if not places:
        raise UnknownMention
    for start, end in places:
        add(study, interview, int(turn), start, end, category, reason=reason, stays=stays)


def _category(kind: str) -> Category:
    try:
        return Category(kind)
    except ValueError as unknown:
        raise BadName("kind of detail") from unknown


def sign(pair: Decided) -> str:
    """Return the sign and word of where a mention stands."""
    if pair.decision is None:
        return "? undecided"
    if pair.is_replaced:
        return f"\u2713 {pair.decision.verdict}"
    return f"\u2717 {pair.decision.verdict}"


def _show(study: Study, interview: str, talk: Talk, *, most_first: bool) -> None:
    from anonymise.ordering import first_things_first

    words = decided.words(study, interview)
    pairs = decided.read(study, interview)
    if most_first:
        pairs = first_things_first(pairs)
    data = [
        {
            "key": p.mention.key,
            "turn": p.mention.turn,
            "start": p.mention.start,
            "end": p.mention.end,
            "category": p.mention.category,
            "source": p.mention.source,
            "score": p.mention.score,
            "original": words[p.mention.key],
            "replacement": p.replacement,
            "decision": p.decision.verdict if p.decision else None,
        }
        for p in pairs
    ]
    rows = [
        (
            p.mention.key,
            str(p.mention.turn),
            sign(p),
            p.mention.category,
            words[p.mention.key],
            p.replacement,
        )
        for p in pairs
    ]
    talk.table(data, ["key", "turn", "", "kind", "said", "replacement"], rows)


VERB = Verb(
    name="review",
    summary="List what was found in an interview and decide it; shows the words themselves.",
    example="earshot review dementia-course P07_i1 --accept 3f2a91c0 --change 77b01e2d='a friend'",
    run=_run,
    arguments=_arguments,
)
