"""``earshot play``: listen to an interview."""

from __future__ import annotations

import argparse
import re
import threading
from typing import TYPE_CHECKING

from study.errors import NoChannel, SoundMissing
from study.screen_text import clock
from study.store import Study
from tui.signals import interrupting
from tui.talk import Talk
from tui.verb import Verb, interview_argument, opened_at, study_argument
from tui.verbs.record import duration_s

if TYPE_CHECKING:
    from capture.playback import Player

_SLOWEST, _FASTEST = 0.5, 2.0  # as capture.stretching's, which takes 0.3 s to load
_LOOK_S = 0.1
_GOODBYE_S = 2.0  # closing a device took 0.04 s


def moment_s(text: str) -> float:
    """Return seconds from ``1:30``, ``1:02:03``, or a length such as ``90s``.

    Raises:
        argparse.ArgumentTypeError: it is none of these.
    """
    found = re.fullmatch(r"(?:(\d+):)?(\d+):(\d\d(?:\.\d+)?)", text.strip())
    if found is not None:
        return int(found[1] or 0) * 3600 + int(found[2]) * 60 + float(found[3])
    return 0.0 if text.strip() == "0" else duration_s(text)


def _speed(text: str) -> float:
    try:
        times = float(text)
    except ValueError:
        times = 0.0
    if not _SLOWEST <= times <= _FASTEST:
        raise argparse.ArgumentTypeError(f"give a speed from {_SLOWEST} to {_FASTEST}")
    return times


def _arguments(parser: argparse.ArgumentParser) -> None:
    study_argument(parser)
    interview_argument(parser)
    parser.add_argument(
        "--from", dest="from_s", type=moment_s, default=0.0, metavar="1:30", help="begin there"
    )
    parser.add_argument(
        "--for", dest="length_s", type=duration_s, metavar="10s", help="play this much of the sound"
    )
    parser.add_argument(
        "--speed",
        type=_speed,
        default=1.0,
        metavar="1.25",
        help="0.5 to 2 times as fast, at the same pitch",
    )
    parser.add_argument(
        "--channel", type=int, metavar="N", help="play this channel alone; the first is 1"
    )


def _run(given: argparse.Namespace, talk: Talk) -> int:
    with opened_at(given, talk) as (study, summary):
        _play(study, summary.id, given, talk)
    return 0


def _play(study: Study, interview: str, given: argparse.Namespace, talk: Talk) -> None:
    from capture.playback import Player
    from study.recordings import open_to_hear

    sound = open_to_hear(study, interview)
    if sound is None:
        raise SoundMissing
    with sound:
        player = Player(sound, channel=_channel(given.channel, sound.form.channels))
        try:
            until_s = given.from_s + given.length_s if given.length_s else None
            player.speed(given.speed)
            player.play(given.from_s, until_s)
            _listen(player, sound.duration_s, talk)
        finally:
            player.close(_GOODBYE_S)
        if player.failure is not None:
            raise player.failure
        played = {"from_s": min(given.from_s, sound.duration_s), "until_s": player.position_s}
    talk.result(played, [f"{clock(played['from_s'])} to {clock(played['until_s'])} played"])


def _listen(player: Player, duration_s: float, talk: Talk) -> None:
    """Show where it is, until it ends or somebody presses Ctrl+C."""
    ended = threading.Event()
    talk.say("Playing. Ctrl+C stops it.")
    with interrupting(ended.set):
        while player.is_playing and not ended.is_set():
            talk.show(f"\u25b6 {clock(player.position_s)} of {clock(duration_s)}")
            ended.wait(_LOOK_S)


def _channel(number: int | None, count: int) -> int | None:
    """Return a channel's index.

    Raises:
        NoChannel: the sound has none of that number.
    """
    if number is None:
        return None
    if not 1 <= number <= count:
        raise NoChannel(count)
    return number - 1


VERB = Verb(
    name="play",
    summary="Play an interview's sound from any time, slower or faster at the same pitch.",
    example="earshot play dementia-course P07_i1 --from 1:30 --for 10s --speed 1.25",
    run=_run,
    arguments=_arguments,
)
