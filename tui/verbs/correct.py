"""``earshot correct``: read the turns of an interview and correct them, from the shell."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from study.correcting import Correcting, Scope, start_over
from study.errors import EditFlaw, NotCorrectable
from study.events import shown, told
from study.screen_text import clock
from study.terms import Flag
from tui.talk import Talk
from tui.verb import Verb, interview_argument, opened_at, study_argument

_SCOPES = {"one": Scope.ONE, "onward": Scope.ONWARD, "all": Scope.ALL}
_Pair = tuple[int, str]


def pair(text: str) -> _Pair:
    """Return a turn's key and what is said of it, from ``12=words``.

    Raises:
        argparse.ArgumentTypeError: it is no such pair.
    """
    key, equals, rest = text.partition("=")
    if not equals or not key.strip().isdecimal() or not rest.strip():
        raise argparse.ArgumentTypeError("give a turn's key and a text, such as 12='yes, I do'")
    return int(key), rest.strip()


def _arguments(parser: argparse.ArgumentParser) -> None:
    study_argument(parser)
    interview_argument(parser)
    acts = parser.add_argument_group("edits, made in this order; each is kept at once")
    for name, kind, metavar, said in (
        ("say", pair, "KEY=TEXT", "let a turn say this; words that stay keep their times"),
        ("split", pair, "KEY=WORDS", "begin a new turn at these words of it"),
        ("join", int, "KEY", "make one turn of this and the next"),
        ("remove", int, "KEY", "remove a turn that nobody said"),
        ("speaker", pair, "KEY=CODE", "say who speaks it; see --scope"),
        ("checked", int, "KEY", "note that a doubtful turn is right as it is"),
        ("heading", pair, "NUMBER=TEXT", "change the heading of a topic, by its number"),
    ):
        acts.add_argument(
            f"--{name}", action="append", default=[], type=kind, metavar=metavar, help=said
        )
    acts.add_argument(
        "--scope",
        choices=_SCOPES,
        default="one",
        help="of which turns --speaker sets it: this one, those of its speaker from there onward,"
        " or all of them",
    )
    parser.add_argument("--undo", action="count", default=0, help="take the last edit back")
    parser.add_argument("--redo", action="count", default=0, help="do again what was taken back")
    parser.add_argument(
        "--start-over",
        action="store_true",
        help="begin anew with the newest transcription; the corrections so far stay as a version",
    )


def _run(given: argparse.Namespace, talk: Talk) -> int:
    with opened_at(given, talk) as (study, summary):
        if given.start_over:
            start_over(study, summary.id)
        pen = Correcting(study, summary.id)
        for act in _acts(pen, given):
            act()
        for _ in range(given.undo):
            pen.undo()
        for _ in range(given.redo):
            pen.redo()
        _show(pen, talk)
    return 0


def _acts(pen: Correcting, given: argparse.Namespace) -> list[Callable[[], object]]:
    scope = _SCOPES[given.scope]
    return [
        *(lambda k=k, t=t: pen.set_text(k, t) for k, t in given.say),
        *(lambda k=k, w=w: pen.split(k, _begin(pen, k, w)) for k, w in given.split),
        *(lambda k=k: pen.join(k) for k in given.join),
        *(lambda k=k: pen.remove(k) for k in given.remove),
        *(lambda k=k, c=c: pen.set_speaker(k, c, scope) for k, c in given.speaker),
        *(lambda k=k: pen.settle_doubt(k) for k in given.checked),
        *(lambda n=n, t=t: pen.set_note(n, t) for n, t in given.heading),
    ]


def _begin(pen: Correcting, key: int, words: str) -> int:
    turn = pen.state.turn(key)
    at = turn.text.find(words) if turn else -1
    if at < 0:
        raise NotCorrectable(EditFlaw.OTHER_WORDS)
    return at


def _show(pen: Correcting, talk: Talk) -> None:
    transcript = pen.transcript
    headings = [
        (f"heading {place}", clock(event.at_s), "", told(event), "")
        for place, event in enumerate(transcript.events)
        if event in shown([event])
    ]
    turns = [
        (str(t.key), clock(t.start_s), t.speaker, t.text, _doubts(t.flags))
        for t in transcript.turns
    ]
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
        "edits": pen.state.edits,
    }
    talk.table(data, ["key", "time", "who", "said", "doubt"], [*headings, *turns])


def _doubts(flags: tuple[Flag, ...]) -> str:
    return "; ".join(flag.kind for flag in flags)


VERB = Verb(
    name="correct",
    summary="List the turns of an interview and correct them; shows the words themselves.",
    example="earshot correct dementia-course P07_i1 --say 12='Yes, on Mondays.' --speaker 13=S1",
    run=_run,
    arguments=_arguments,
)
