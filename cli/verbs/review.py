"""``earshot review``: list the mentions and decide them, from the shell."""

from __future__ import annotations

import argparse
import re

from cli.console import Console
from cli.verb import Verb, add_interview_argument, add_study_argument, open_named_interview
from study import (
    ArtefactKind,
    Category,
    DecidedMention,
    Mentions,
    PersonAction,
    Verdict,
    format_turn_key,
)
from study.errors import BadName, SearchMissing, UnknownMention
from study.store import (
    Interview,
    KeyClass,
    mark_review_ready,
    note_words_opened,
    read_decisions,
    read_mention_words,
    read_searched_transcript,
    read_turn_numbers,
)


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_study_argument(parser)
    add_interview_argument(parser)
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
        "--everywhere", action="store_true",
        help="decide all undecided ones of the same kind and replacement in the whole study",
    )  # fmt: skip
    parser.add_argument(
        "--sure-of", action="append", default=[], metavar="KIND",
        help="accept every undecided sure find of a kind; questions stay undecided",
    )  # fmt: skip
    parser.add_argument(
        "--none-of", action="append", default=[], metavar="KIND",
        help="reject every undecided question of a kind; sure finds stay undecided",
    )  # fmt: skip
    parser.add_argument(
        "--add", action="append", default=[], metavar="TURN=WORDS[=KIND]",
        help="replace words of a turn that were not found",
    )  # fmt: skip
    parser.add_argument(
        "--keep", action="append", default=[], metavar="TURN=WORDS",
        help="say that words of a turn identify nobody and stay",
    )  # fmt: skip
    parser.add_argument(
        "--choices", metavar="KEY", help="only list what else could stand in a mention's place"
    )
    parser.add_argument(
        "--first", action="store_true", help="list what matters most first, not as it was said"
    )
    parser.add_argument(
        "--hand-on", action="store_true",
        help="hand it to whoever signs off, once every mention is decided",
    )  # fmt: skip
    parser.add_argument("--reason", default="", help="why, kept with the decisions of this call")


def _run(arguments: argparse.Namespace, console: Console) -> int:
    with open_named_interview(arguments, console) as interview:
        if not interview.find_newest_version(ArtefactKind.MENTIONS):
            raise SearchMissing
        if arguments.choices:
            _offer(interview, arguments.choices, console)
            return 0
        note_words_opened(interview)
        _decide(interview, arguments)
        if arguments.hand_on:
            _hand_on(interview)
        _show(interview, console, most_first=arguments.first)
        _offer_joins(interview, console)
    return 0


def _hand_on(interview: Interview) -> None:
    from anonymise import write_clean_transcript

    interview.study.require_permitted(PersonAction.HAND_ON)
    write_clean_transcript(interview)  # for officers who read nothing else
    mark_review_ready(interview)


def _offer(interview: Interview, key: str, console: Console) -> None:
    from anonymise import list_replacement_choices

    found = list_replacement_choices(interview, key)
    console.print_result(found, found)


def _offer_joins(interview: Interview, console: Console) -> None:
    """Say which people of an interview may be somebody who has another label."""
    from anonymise import list_possible_joins

    study = interview.study
    if not study.ring.holds(KeyClass.KEY):
        return
    labels = {summary.id: summary.label for summary in study.summaries()}
    for one in list_possible_joins(study):
        if interview.id in (*one.interviews, *one.other_interviews):
            there = ", ".join(labels[i] for i in one.other_interviews)
            console.say(f"{one.label} may be {one.other} of {there} ({one.why}).")
            pair = f"'{one.label.strip('[]')}={one.other.strip('[]')}'"
            console.say(
                f"  `earshot replacements` --same {pair} joins them, --apart keeps them two."
            )


def _decide(interview: Interview, arguments: argparse.Namespace) -> None:
    from anonymise import accept_all_mentions

    reason: str = arguments.reason
    for verdict, keys in (
        (Verdict.ACCEPTED, arguments.accept),
        (Verdict.REJECTED, arguments.reject),
        (Verdict.UNDONE, arguments.undo),
    ):
        for key in keys:
            _decide_one(interview, arguments, key, verdict)
    for change in arguments.change:
        key, _, text = change.partition("=")
        if not text.strip():
            raise UnknownMention
        _decide_one(interview, arguments, key, Verdict.CHANGED, text)
    for text in arguments.add:
        _add(interview, text, reason)
    for text in arguments.keep:
        _add(interview, text, reason, stays=True)
    for kinds, verdict in (
        (arguments.sure_of, Verdict.ACCEPTED),
        (arguments.none_of, Verdict.REJECTED),
    ):
        for kind in kinds:
            _decide_kind(interview, arguments, _category(kind), verdict)
    if arguments.accept_all:
        accept_all_mentions(interview, reason=reason)


def _decide_kind(
    interview: Interview, arguments: argparse.Namespace, kind: Category, verdict: Verdict
) -> None:
    """Accept the sure finds of a kind or reject its questions, here or in all interviews."""
    from anonymise import accept_sure_finds, decide_kind_everywhere, reject_questions

    reason: str = arguments.reason
    if arguments.everywhere:
        decide_kind_everywhere(interview.study, kind, verdict, reason=reason)
    elif verdict is Verdict.ACCEPTED:
        accept_sure_finds(interview, kind, reason=reason)
    else:
        reject_questions(interview, kind, reason=reason)


def _decide_one(
    interview: Interview,
    arguments: argparse.Namespace,
    key: str,
    verdict: Verdict,
    text: str = "",
) -> None:
    """Decide one mention that was named, and those that are decided along with it."""
    from anonymise import decide_everywhere, decide_mention

    reason: str = arguments.reason
    if arguments.everywhere:
        decide_everywhere(interview, key, verdict, replacement=text, reason=reason)
        return
    # Several that are named in one call were not looked at one by one, or nobody can tell.
    together = len([*arguments.accept, *arguments.reject, *arguments.change]) > 1
    decide_mention(
        interview, key, verdict,
        replacement=text, reason=reason, alike=arguments.alike, in_bulk=together,
    )  # fmt: skip


def _add(interview: Interview, text: str, reason: str, *, stays: bool = False) -> None:
    """Add a mention at each place of the words in TURN=WORDS or TURN=WORDS=KIND."""
    from anonymise import add_mention

    turn, _, rest = text.partition("=")
    words, _, kind = rest.rpartition("=")
    words, category = (words, _category(kind)) if words else (rest, Category.OTHER)
    mentions = interview.read_artefact(ArtefactKind.MENTIONS, Mentions)
    source = read_searched_transcript(interview, mentions) if mentions else None
    key = read_turn_numbers(interview).read_turn(turn)
    said = source.turn_texts().get(key, "") if source else ""
    places = [found.span() for found in re.finditer(re.escape(words), said)] if words else []
    if not places:
        raise UnknownMention
    for start, end in places:
        add_mention(interview, key, start, end, category, reason=reason, names_nobody=stays)


def _category(kind: str) -> Category:
    try:
        return Category(kind)
    except ValueError as unknown:
        raise BadName("kind of detail") from unknown


def describe_mention_standing(pair: DecidedMention) -> str:
    """Return the sign and the word for the decision about a mention."""
    if pair.decision is None:
        return "? undecided"
    if pair.is_replaced:
        return f"\u2713 {pair.decision.verdict}"
    return f"\u2717 {pair.decision.verdict}"


def _show(interview: Interview, console: Console, *, most_first: bool) -> None:
    from anonymise import order_mentions

    words = read_mention_words(interview)
    pairs = read_decisions(interview)
    numbers = read_turn_numbers(interview)
    if most_first:
        pairs = order_mentions(pairs)
    data = [
        {
            "key": p.mention.key,
            "turn": numbers.find_number(p.mention.turn) or None,
            "turn_key": format_turn_key(p.mention.turn),
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
            numbers.show_turn(p.mention.turn),
            describe_mention_standing(p),
            p.mention.category,
            words[p.mention.key],
            p.replacement,
        )
        for p in pairs
    ]
    console.print_table(data, ["key", "turn", "", "kind", "said", "replacement"], rows)


VERB = Verb(
    name="review",
    summary="List what was found in an interview and decide it; shows the words themselves.",
    example="earshot review dementia-course P07_i1 --accept 3f2a91c0 --change 77b01e2d='a friend'",
    run=_run,
    arguments=_arguments,
)
