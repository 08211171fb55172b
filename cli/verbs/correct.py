"""``earshot correct``: read the turns of an interview and correct them, from the shell."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from cli.console import Console
from cli.verb import Verb, add_interview_argument, add_study_argument, open_named_interview
from study import DoubtFlag, Mark, MarkKind, describe_event, format_clock, select_shown_events
from study.errors import EditFlaw, NotCorrectable
from study.store import SpeakerScope, TranscriptEditor, note_words_opened, restart_correction

_SCOPES = {"one": SpeakerScope.ONE, "onward": SpeakerScope.ONWARD, "all": SpeakerScope.ALL}
_Pair = tuple[int, str]


def parse_turn_text(text: str) -> _Pair:
    """Return a turn's key and the text behind it, from ``12=words``.

    Raises:
        argparse.ArgumentTypeError: the text is no such pair.
    """
    key, equals, rest = text.partition("=")
    if not equals or not key.strip().isdecimal() or not rest.strip():
        raise argparse.ArgumentTypeError("give a turn's key and a text, such as 12='yes, I do'")
    return int(key), rest.strip()


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_study_argument(parser)
    add_interview_argument(parser)
    edits = parser.add_argument_group("edits, made in this order; each is kept at once")
    for name, kind, metavar, said in (
        (
            "say",
            parse_turn_text,
            "KEY=TEXT",
            "the new text of a turn; unchanged words keep their times",
        ),
        ("split", parse_turn_text, "KEY=WORDS", "begin a new turn at these words of it"),
        ("join", int, "KEY", "join this turn and the next"),
        ("remove", int, "KEY", "remove a turn that nobody said"),
        ("speaker", parse_turn_text, "KEY=CODE", "say who speaks it; see --scope"),
        ("checked", int, "KEY", "mark a doubtful turn as right"),
        ("heading", parse_turn_text, "NUMBER=TEXT", "change the heading of a topic, by its number"),
        ("topic", parse_turn_text, "KEY=HEADING", "start a topic at this turn"),
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
        for edit in _list_edits(editor, arguments):
            try:
                edit()
            except NotCorrectable as refused:
                raise _name_numbers(refused, editor) from refused
        for _ in range(arguments.undo):
            editor.undo()
        for _ in range(arguments.redo):
            editor.redo()
        _show(editor, console)
    return 0


def _list_edits(
    editor: TranscriptEditor, arguments: argparse.Namespace
) -> list[Callable[[], object]]:
    scope = _SCOPES[arguments.scope]
    return [
        *(lambda k=k, t=t: editor.set_text(k, t) for k, t in arguments.say),
        *(lambda k=k, w=w: editor.split_turn(k, _begin(editor, k, w)) for k, w in arguments.split),
        *(lambda k=k: editor.join_turns(k) for k in arguments.join),
        *(lambda k=k: editor.remove_turn(k) for k in arguments.remove),
        *(lambda k=k, c=c: editor.set_speaker(k, c, scope) for k, c in arguments.speaker),
        *(lambda k=k: editor.confirm_doubtful_turn(k) for k in arguments.checked),
        *(lambda n=n, t=t: _set_heading(editor, n, t) for n, t in arguments.heading),
        *(lambda k=k, t=t: editor.add_topic(k, t) for k, t in arguments.topic),
    ]


def _set_heading(editor: TranscriptEditor, number: int, text: str) -> None:
    """Change the heading of a topic; no other event is a heading, though it has a number."""
    if number not in _list_headings(editor):
        raise NotCorrectable(EditFlaw.NO_HEADING)
    editor.set_note(number, text)


def _list_headings(editor: TranscriptEditor) -> tuple[int, ...]:
    events = enumerate(editor.transcript.events)
    return tuple(number for number, event in events if event.kind == MarkKind.TOPIC)


def _name_numbers(refused: NotCorrectable, editor: TranscriptEditor) -> NotCorrectable:
    """Return a refusal of a number that is not there with those that are."""
    if refused.flaw is EditFlaw.NO_HEADING:
        return NotCorrectable(refused.flaw, _list_headings(editor))
    if refused.flaw is EditFlaw.GONE:
        return NotCorrectable(refused.flaw, tuple(turn.key for turn in editor.transcript.turns))
    return refused


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
    events = [
        (event.at_s, 0, _row(f"heading {place}" * (event.kind == MarkKind.TOPIC), event))
        for place, event in enumerate(transcript.events)
        if event in select_shown_events([event])
        and (event.kind != MarkKind.SILENCE or event.at_s >= begun_s)
    ]
    turns = [
        (t.start_s, 1, (str(t.key), format_clock(t.start_s), t.speaker, t.text, _doubts(t.flags)))
        for t in transcript.turns
    ]
    rows = [row for _, _, row in sorted((*events, *turns), key=lambda one: one[:2])]
    data = {
        "turns": [
            {
                "key": t.key,
                "start_s": t.start_s,
                "end_s": t.end_s,
                "speaker": t.speaker,
                "text": t.text,
                "doubts": [f.kind for f in t.flags],
            }
            for t in transcript.turns
        ],
        "events": [
            {"number": n, "at_s": e.at_s, "kind": e.kind, "note": e.note}
            for n, e in enumerate(transcript.events)
        ],
        "edits": editor.state.edits,
    }
    console.print_table(data, ["key", "time", "who", "said", "doubt"], rows)


def _row(key: str, event: Mark) -> tuple[str, str, str, str, str]:
    return key, format_clock(event.at_s), "", describe_event(event), ""


def _doubts(flags: tuple[DoubtFlag, ...]) -> str:
    return "; ".join(flag.kind for flag in flags)


VERB = Verb(
    name="correct",
    summary="List the turns of an interview and correct them; shows the words themselves.",
    example="earshot correct dementia-course P07_i1 --say 12='Yes, on Mondays.' --speaker 13=S1",
    run=_run,
    arguments=_arguments,
)
