"""The sound server (PulseAudio, or PipeWire in its place): which sources it has, which we hear.

PortAudio reaches the server through ALSA and sees one nameless device there. The server itself
knows microphones by the names that people know, and is the only one to tell when it moves a stream
to another. Nothing of it is started here, and nothing but it is talked to.
"""

from __future__ import annotations

import contextlib
import importlib
import os
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol, TypeVar, cast

from capture.errands import OneAtATime
from study.errors import MicrophoneFailed

T = TypeVar("T")
_PATIENCE_S = 3.0  # it answers within 10 ms; a frozen one may hold up a listing only so long
_OURS = "earshot."  # sources that we made begin so
# How ALSA's way to the server calls channels, read from the streams it makes.
_POSITIONS = (
    "front-left", "front-right", "rear-left", "rear-right",
    "front-center", "lfe", "side-left", "side-right",
)  # fmt: skip
_one_at_a_time = OneAtATime("sound server")


@dataclass(frozen=True, slots=True)
class ServerSource:
    """A source of sound as the server knows it.

    ``name`` stays the same when it is plugged in again; ``description`` is for people. ``rate`` in
    Hz. ``positions`` are what the server takes its channels for. A monitor hears a loudspeaker.
    """

    name: str
    description: str
    rate: int
    positions: tuple[str, ...]
    is_monitor: bool
    is_default: bool
    index: int = field(default=-1, compare=False)  # another one each time it is plugged in


class _Format(Protocol):
    rate: int


class _Item(Protocol):
    """A source, or a stream that listens to one: ``source`` is then its source's ``index``."""

    index: int
    name: str
    description: str
    sample_spec: _Format
    channel_list: Sequence[str]
    owner_module: int
    proplist: Mapping[str, str | None]
    source: int
    monitor_of_sink_name: str | None


class _About(Protocol):
    default_source_name: str


class _Server(Protocol):
    """The part of ``pulsectl.Pulse`` that is used."""

    def connect(self, *, autospawn: bool) -> None: ...
    def close(self) -> None: ...
    def source_list(self) -> list[_Item]: ...
    def source_output_list(self) -> list[_Item]: ...
    def server_info(self) -> _About: ...
    def module_load(self, name: str, args: str) -> int: ...
    def module_unload(self, index: int) -> None: ...


class _Library(Protocol):
    PulseError: type[Exception]

    def Pulse(self, client_name: str, *, connect: bool) -> _Server:  # noqa: N802 - its name
        ...


def sources() -> list[ServerSource] | None:
    """List all sources of the server, monitors too, in its order; None where there is no server.

    Raises:
        MicrophoneFailed: it does not answer.
    """
    return _asked(_sources)


def heard() -> str:
    """Return the name of the source that this process's newest stream listens to, empty for none.

    Raises:
        MicrophoneFailed: the server does not answer.
    """
    return _asked(_heard) or ""


def straight(source: ServerSource, channels: int) -> str:
    """Return the name of a source whose first ``channels`` channels come as they are.

    The server mixes channels by what it takes their positions to be: four microphones at an
    interface came as silence, and as left and right of each other. So it is told to make a source
    beside it that does not mix. One channel of several is the mixture of all, as people expect.

    Raises:
        MicrophoneFailed: the server refuses, or does not answer.
    """
    wanted = _positions(channels)
    if channels == 1 or source.positions == wanted:
        return source.name
    name = f"{_OURS}{channels}.{source.name}"
    order = (
        f"source_name={name} master={source.name} channels={channels} remix=no "
        f"master_channel_map={','.join(source.positions[:channels])} "
        f"channel_map={','.join(wanted)}"
    )

    def make(server: _Server) -> str:
        if name not in {there.name for there in server.source_list()}:
            server.module_load("module-remap-source", order)
        return name

    made = _asked(make)
    if made is None:
        raise MicrophoneFailed
    return made


def forget(name: str) -> None:
    """Take away what ``straight`` made; other names are left alone.

    Raises:
        MicrophoneFailed: the server does not answer.
    """

    def unmake(server: _Server) -> None:
        for source in server.source_list():
            if source.name == name:
                server.module_unload(source.owner_module)

    if name.startswith(_OURS):
        _asked(unmake)


def _positions(channels: int) -> tuple[str, ...]:
    if channels in {3, 7}:
        return (*_POSITIONS[: channels - 1], "aux0")
    return ("mono",) if channels == 1 else _POSITIONS[:channels]


def _sources(server: _Server) -> list[ServerSource]:
    usual = server.server_info().default_source_name
    return [
        ServerSource(
            name=source.name,
            description=source.description or source.name,
            rate=source.sample_spec.rate,
            positions=tuple(source.channel_list),
            is_monitor=source.monitor_of_sink_name is not None,
            is_default=source.name == usual,
            index=source.index,
        )
        for source in server.source_list()
        if not source.name.startswith(_OURS)
    ]


def _heard(server: _Server) -> str:
    streams = server.source_output_list()
    there = {source.index: source for source in server.source_list()}
    ours = [s for s in streams if s.proplist.get("application.process.id") == str(os.getpid())]
    if not ours:
        return ""
    source = there.get(max(ours, key=lambda stream: stream.index).source)
    if source is not None and source.name.startswith(_OURS):  # what we made listens to another
        (stream,) = [s for s in streams if s.owner_module == source.owner_module] or [None]
        source = there.get(stream.source) if stream else None
    return source.name if source is not None else ""


def _asked(question: Callable[[_Server], T]) -> T | None:
    """Ask the server; None where there is none."""

    def ask() -> T | None:
        library = _library()
        if library is None:
            return None
        try:
            with _connected(library) as server:
                return question(server)
        except library.PulseError:
            return None

    return _one_at_a_time.within(_PATIENCE_S, ask)


@contextmanager
def _connected(library: _Library) -> Generator[_Server]:
    # Without a limit of its own: pulsectl 24.12 always waits for the whole of it.
    server = library.Pulse("Earshot", connect=False)
    try:
        server.connect(autospawn=False)
        yield server
    finally:
        with contextlib.suppress(library.PulseError):
            server.close()


def _library() -> _Library | None:
    try:
        module = importlib.import_module("pulsectl")
    except (ImportError, OSError):  # OSError: Python's part is there, C's is not
        return None
    return cast("_Library", cast("object", module))
