"""``earshot correct``: read the turns of an interview and correct them, from the shell."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial

from app import enter_speaker
from cli.console import Console
from cli.turn_names import list_topics, tell_edited_turn
from cli.verb import Verb, add_interview_argument, add_study_argument, open_named_interview
from study import (
    DoubtFlag,
    Mark,
    MarkKind,
    TurnNumbers,
    describe_event,
    format_clock,
    format_turn_key,
    select_shown_events,
)
from study.errors import EditFlaw, NotCorrectable
from study.store import SpeakerScope, TranscriptEditor, note_words_opened, restart_correction

_SCOPES = {"one": SpeakerScope.ONE, "onward": SpeakerScope.ONWARD, "all": SpeakerScope.ALL}
_Pair = tuple[str, str]
_Edit = Callable[[], object]


def parse_turn_text(text: str) -> _Pair:
    """Return a turn's number or key and the text behind it, from ``12=words`` or ``k57=words``.

    Raises:
        argparse.ArgumentTypeError: the text is no such pair.
    """
    turn, equals, rest = text.partition("=")
    if not equals or not turn.strip().removeprefix("k").isdecimal() or not rest.strip():
        raise argparse.ArgumentTypeError("give a turn's number and a text, such as 12='yes, I do'")
    return turn.strip(), rest.strip()


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_study_argument(parser)
    add_interview_argument(parser)
    edits = parser.add_argument_group(
        "edits, made in this order; each is kept at once",
        "TURN is a number as listed when the command began, or a key such as k57, which never"
        " moves to another turn; --json tells both.",
    )
    for name, kind, metavar, said in (
        (
            "say",
            parse_turn_text,
            "TURN=TEXT",
            "the new text of a turn; unchanged words keep their times",
        ),
        ("split", parse_turn_text, "TURN=WORDS", "begin a new turn at these words of it"),
        ("join", str, "TURN", "join this turn and the next"),
        ("remove", str, "TURN", "remove a turn that nobody said"),
        (
            "speaker",
            parse_turn_text,
            "TURN=CODE[:ROLE]",
            "say who speaks it, such as 13=P07, or 13=INT01:interviewer for somebody new",
        ),
        ("checked", str, "TURN", "mark a doubtful turn as right"),
        ("heading", parse_turn_text, "NUMBER=TEXT", "change the heading of a topic, by its number"),
        ("topic", parse_turn_text, "TURN=HEADING", "start a topic at this turn"),
    ):
        edits.add_argument(
            f"--{name}", action="append", default=[], type=kind, metavar=metavar, help=said
        )
    edits.add_argument(
        "--scope",
        choices=_SCOPES,
        default="one",
        help="of which turns --speaker sets it: this one, those of its speaker from there onward,"
        " or all of them",
    )
    parser.add_argument("--undo", action="count", default=0, help="undo the last edit")
    parser.add_argument("--redo", action="count", default=0, help="redo what was undone")
    parser.add_argument(
        "--start-over",
        action="store_true",
        help="start again from the newest transcription; the corrections so far stay as a version",
    )


def _run(arguments: argparse.Namespace, console: Console) -> int:
    with open_named_interview(arguments, console) as interview:
        if arguments.start_over:
            restart_correction(interview)
        note_words_opened(interview)
        editor = TranscriptEditor(interview)
        for edit in _list_edits(editor, arguments, console):
            edit()
        for _ in range(arguments.undo):
            editor.undo()
        for _ in range(arguments.redo):
            editor.redo()
        _show(editor, console)
    return 0


def _list_edits(
    editor: TranscriptEditor, arguments: argparse.Namespace, console: Console
) -> list[_Edit]:
    """Return the edits that are asked for, each about the turn that had its number before all.

    Raises:
        UnknownTurn: one names a turn that is not there; nothing was changed.
        NotCorrectable: one names a heading that is not there; nothing was changed.
    """
    scope = _SCOPES[arguments.scope]
    state = editor.state
    numbers = TurnNumbers(turn.key for turn in state.turns)
    turns = {turn.key: turn for turn in state.turns}

    def of(named: str, edit: Callable[[int], object]) -> _Edit:
        key = numbers.read_turn(named)

        def make() -> None:
            edit(key)
            is_timed = editor.transcript.is_timed
            tell_edited_turn(console, turns[key], numbers, is_timed=is_timed)

        return make

    return [
        *(of(n, lambda k, t=t: editor.set_text(k, t)) for n, t in arguments.say),
        *(
            of(n, lambda k, w=w: editor.split_turn(k, _begin(editor, k, w)))
            for n, w in arguments.split
        ),
        *(of(n, editor.join_turns) for n in arguments.join),
        *(of(n, editor.remove_turn) for n in arguments.remove),
        *(
            of(
                n,
                lambda k, who=who: editor.set_speaker(
                    k, enter_speaker(editor.interview, who), scope
                ),
            )
            for n, who in arguments.speaker
        ),
        *(of(n, editor.confirm_doubtful_turn) for n in arguments.checked),
        *(
            partial(editor.set_note, _find_heading(state.events, n), t)
            for n, t in arguments.heading
        ),
        *(of(n, lambda k, t=t: editor.add_topic(k, t)) for n, t in arguments.topic),
    ]


def _find_heading(events: tuple[Mark, ...], named: str) -> int:
    topics = list_topics(events)
    if not named.isdecimal() or not 0 < int(named) <= len(topics):
        raise NotCorrectable(EditFlaw.NO_HEADING, tuple(range(1, len(topics) + 1)))
    return topics[int(named) - 1]


def _begin(editor: TranscriptEditor, key: int, words: str) -> int:
    turn = editor.state.find_turn(key)
    if turn is None:
        raise NotCorrectable(EditFlaw.GONE)
    start = turn.text.find(words)
    if start < 0:
        raise NotCorrectable(EditFlaw.OTHER_WORDS)
    return start


def _show(editor: TranscriptEditor, console: Console) -> None:
    transcript = editor.transcript
    # A pause before the first word is none of the talk, and no event but a topic has a heading.
    begun_s = transcript.turns[0].start_s if transcript.turns else 0.0
    headings = {place: number for number, place in enumerate(list_topics(transcript.events), 1)}
    events = [
        (event.at_s, 0, _row(f"heading {headings[place]}" if place in headings else "", event))
        for place, event in enumerate(transcript.events)
        if event in select_shown_events([event])
        and (event.kind != MarkKind.SILENCE or event.at_s >= begun_s)
    ]
    turns = [
        (t.start_s, 1, (str(n), format_clock(t.start_s), t.speaker, t.text, _doubts(t.flags)))
        for n, t in enumerate(transcript.turns, 1)
    ]
    rows = [row for _, _, row in sorted((*events, *turns), key=lambda one: one[:2])]
    data = {
        "turns": [
            {
                "turn": n,
                "key": format_turn_key(t.key),
                "start_s": t.start_s,
                "end_s": t.end_s,
                "speaker": t.speaker,
                "text": t.text,
                "doubts": [f.kind for f in t.flags],
            }
            for n, t in enumerate(transcript.turns, 1)
        ],
        "events": [
            {"heading": headings.get(n), "at_s": e.at_s, "kind": e.kind, "note": e.note}
            for n, e in enumerate(transcript.events)
        ],
        "edits": editor.state.edits,
    }
    console.print_table(data, ["turn", "time", "who", "said", "doubt"], rows)


def _row(number: str, event: Mark) -> tuple[str, str, str, str, str]:
    return number, format_clock(event.at_s), "", describe_event(event), ""


def _doubts(flags: tuple[DoubtFlag, ...]) -> str:
    return "; ".join(flag.kind for flag in flags)


VERB = Verb(
    name="correct",
    summary="List the turns of an interview and correct them; shows the words themselves.",
    example="earshot correct dementia-course P07_i1 --say 12='Yes, on Mondays.' --speaker 13=S1",
    run=_run,
    arguments=_arguments,
)
