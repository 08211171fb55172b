"""``earshot speakers``: tell the speakers of one microphone apart, and say who they are."""

from __future__ import annotations

import argparse
import textwrap

from app import (
    VoiceSummary,
    count_changed_speakers,
    count_participants,
    count_speaker_keys,
    counts_keys,
    enter_speaker,
    find_speaker_model,
    guess_voice_names,
    summarise_voices,
    tell_speakers_apart,
)
from cli.console import Console
from cli.verb import (
    Verb,
    add_interview_argument,
    add_study_argument,
    open_named_interview,
)
from study import format_clock
from study.errors import TranscriptMissing
from study.store import Interview, TranscriptEditor, lower_priority

_FEWEST, _MOST = 2, 9  # people; the keys for speakers go up to 9
_AUTO = "auto"
_KEYS_COUNT = (
    "nothing changed: keys pressed while recording say who speaks, and count more than voices;"
    " --ignore-keys lets the voices decide"
)
_FIRST_WORDS = 40  # characters: with a code and the figures a line fits a terminal of 80


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_study_argument(parser)
    add_interview_argument(parser)
    parser.add_argument(
        "--count",
        type=_count,
        metavar="N",
        help="how many people speak, 2 to 9, or auto to guess it; else as many as were entered",
    )
    keys = parser.add_mutually_exclusive_group()
    keys.add_argument(
        "--ignore-keys",
        action="store_true",
        help="let the voices decide where a key pressed while recording says who speaks; else the"
        " keys count more, unless they were left out the last time",
    )
    keys.add_argument(
        "--use-keys", action="store_true", help="let the keys count again that were left out"
    )
    parser.add_argument(
        "--model",
        default="",
        help="which installed model tells voices apart (see `earshot models`)",
    )
    parser.add_argument(
        "--name",
        action="append",
        type=_name,
        default=[],
        metavar="VOICE=CODE[:ROLE]",
        help="say whose voice it is, such as S1=P07, without telling voices apart again; somebody"
        " whom nobody entered with their role: participant, supporter, staff or interviewer",
    )
    parser.add_argument(
        "--list", action="store_true", help="only show who speaks, how much, and from when"
    )


def _count(typed: str) -> int | str:
    """Read how many people speak.

    Raises:
        ValueError: the text is no number; argparse reports it.
        argparse.ArgumentTypeError: the number is out of range.
    """
    if typed == _AUTO:
        return _AUTO
    count = int(typed)
    if not _FEWEST <= count <= _MOST:
        raise argparse.ArgumentTypeError(f"give {_FEWEST} to {_MOST} people, or auto")
    return count


def _name(typed: str) -> tuple[str, str]:
    """Read a voice and whose it is, with what they are where nobody has entered them.

    Raises:
        argparse.ArgumentTypeError: there are no two codes with = between.
    """
    voice, _, who = typed.partition("=")
    if not voice or not who:
        raise argparse.ArgumentTypeError("give a voice and a code, such as S1=P07")
    return voice, who


def _run(arguments: argparse.Namespace, console: Console) -> int:
    is_asked = arguments.count is not None or arguments.ignore_keys or arguments.use_keys
    is_telling = is_asked or not (arguments.name or arguments.list)
    if is_telling:
        find_speaker_model(arguments.model)  # before the passphrase is asked for
    with open_named_interview(arguments, console) as interview:
        facts: dict[str, object] = {}
        if is_telling:
            facts = _tell_apart(interview, arguments, console)
        if arguments.name:
            names = {voice: enter_speaker(interview, who) for voice, who in arguments.name}
            TranscriptEditor(interview).name_voices(names)
        _show(interview, facts, console)
    return 0


def _tell_apart(
    interview: Interview, arguments: argparse.Namespace, console: Console
) -> dict[str, object]:
    lower_priority()
    wanted = arguments.count
    if wanted is None:
        entered = count_participants(interview)
        wanted = entered if _FEWEST <= entered <= _MOST else _AUTO
    count = None if wanted == _AUTO else wanted
    uses_keys = arguments.use_keys or (not arguments.ignore_keys and counts_keys(interview))
    before = interview.read_transcript()
    told = tell_speakers_apart(
        interview,
        count=count,
        model=arguments.model,
        uses_keys=uses_keys,
        report=console.show_progress,
    )
    was = before.transcript.turns if before else ()
    return {
        "model": find_speaker_model(arguments.model).name,
        "changed": count_changed_speakers(was, told.turns),
        "keys": count_speaker_keys(interview) if uses_keys else 0,
    }


def _show(interview: Interview, facts: dict[str, object], console: Console) -> None:
    """Show the voices as they stand.

    Raises:
        TranscriptMissing: there is no transcript.
    """
    source = interview.read_transcript()
    if source is None:
        raise TranscriptMissing
    turns = source.transcript.turns
    voices = summarise_voices(turns)
    unsure = sum(turn.is_speaker_unsure for turn in turns)
    guessed = guess_voice_names(interview)
    data: dict[str, object] = {
        "turns": {voice.code: voice.turns for voice in voices},
        "unsure": unsure,
        "guessed": guessed,
        "voices": [
            {
                "code": voice.code,
                "turns": voice.turns,
                "seconds": round(voice.seconds, 1),
                "share": round(voice.share, 3),
                "first_s": voice.samples[0].start_s,
            }
            for voice in voices
        ],
    }
    lines = [*map(_describe_voice, voices), *_describe_unsure(unsure)]
    if facts.get("keys") and not facts["changed"]:
        lines.append(_KEYS_COUNT)
    lines += [
        f"{code} may be {who}, by voice: --name {code}={who} says so"
        for code, who in guessed.items()
    ]
    console.print_result(data | facts, lines)


def _describe_voice(voice: VoiceSummary) -> str:
    words = textwrap.shorten(voice.first_words, _FIRST_WORDS, placeholder=" …")
    turns = "1 turn" if voice.turns == 1 else f"{voice.turns} turns"
    at = format_clock(voice.samples[0].start_s)
    return f"{voice.code}  {turns}  {voice.share:.0%}  {at}  {words}"


def _describe_unsure(unsure: int) -> list[str]:
    if not unsure:
        return []
    turns = "1 turn is" if unsure == 1 else f"{unsure} turns are"
    return [f"{turns} unsure: each is flagged, to be heard by a person"]


VERB = Verb(
    name="speakers",
    summary="Tell apart who speaks, where one microphone heard all, and say who it is; the words"
    " stay as they are.",
    example="earshot speakers dementia-course P07_i1 --count 2\n"
    "  earshot speakers dementia-course P07_i1 --name S1=INT01:interviewer --name S2=P07",
    run=_run,
    arguments=_arguments,
)
