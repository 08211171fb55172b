"""Ask the sound server (PulseAudio, or PipeWire in its place) for its sources and our stream.

PortAudio reaches the server through ALSA and sees one nameless device there. The server knows each
microphone by the name that people know, and only it knows when it moved a stream to another source.
This module never starts a server.
"""

from __future__ import annotations

import contextlib
import importlib
import os
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol, TypeVar, cast

from capture.blocking_calls import SerialCalls
from study.errors import MicrophoneFailed

T = TypeVar("T")
_PATIENCE_S = 3.0  # it answers within 10 ms; a frozen one holds up a listing no longer
_OURS = "earshot."  # the names of sources that we made begin so
# The channel names of ALSA's server plug-in, read from the streams that it makes.
_POSITIONS = (
    "front-left", "front-right", "rear-left", "rear-right",
    "front-center", "lfe", "side-left", "side-right",
)  # fmt: skip
_SERVER_CALLS = SerialCalls("sound server")


@dataclass(frozen=True, slots=True)
class ServerSource:
    """A source of sound as the server knows it.

    ``name`` stays the same when it is plugged in again; ``description`` is for people. ``rate`` in
    Hz. ``positions`` are the server's names of its channels. A monitor gives a loudspeaker's sound.
    """

    name: str
    description: str
    rate: int
    positions: tuple[str, ...]
    is_monitor: bool
    is_default: bool
    index: int = field(default=-1, compare=False)  # a new one each time it is plugged in


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


def list_server_sources() -> list[ServerSource] | None:
    """List all sources of the server, monitors too, in its order; None where there is no server.

    Raises:
        MicrophoneFailed: it does not answer.
    """
    return _ask_server(_list_sources)


def find_heard_source() -> str:
    """Return the name of the source of this process's newest stream, empty without a stream.

    Raises:
        MicrophoneFailed: the server does not answer.
    """
    return _ask_server(_find_heard) or ""


def remap_source(source: ServerSource, channels: int) -> str:
    """Return the name of a source that gives the first ``channels`` channels of ``source`` unmixed.

    The server mixes channels by their positions: of four microphones at an interface, some came as
    silence, others mixed. So this makes the server add a second source that does not mix. One
    channel of several is the mixture of all, as people expect.

    Raises:
        MicrophoneFailed: the server refuses, or does not answer.
    """
    wanted = _choose_positions(channels)
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

    made = _ask_server(make)
    if made is None:
        raise MicrophoneFailed
    return made


def remove_remapped_source(name: str) -> None:
    """Remove a source that ``remap_source`` added; leave all others alone.

    Raises:
        MicrophoneFailed: the server does not answer.
    """

    def unmake(server: _Server) -> None:
        for source in server.source_list():
            if source.name == name:
                server.module_unload(source.owner_module)

    if name.startswith(_OURS):
        _ask_server(unmake)


def _choose_positions(channels: int) -> tuple[str, ...]:
    if channels in {3, 7}:
        return (*_POSITIONS[: channels - 1], "aux0")
    return ("mono",) if channels == 1 else _POSITIONS[:channels]


def _list_sources(server: _Server) -> list[ServerSource]:
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


def _find_heard(server: _Server) -> str:
    streams = server.source_output_list()
    there = {source.index: source for source in server.source_list()}
    ours = [s for s in streams if s.proplist.get("application.process.id") == str(os.getpid())]
    if not ours:
        return ""
    source = there.get(max(ours, key=lambda stream: stream.index).source)
    if source is not None and source.name.startswith(
        _OURS
    ):  # a source that we added records from another
        (stream,) = [s for s in streams if s.owner_module == source.owner_module] or [None]
        source = there.get(stream.source) if stream else None
    return source.name if source is not None else ""


def _ask_server(question: Callable[[_Server], T]) -> T | None:
    """Return the answer of the server, None if there is no server."""

    def ask() -> T | None:
        library = _load_pulsectl()
        if library is None:
            return None
        try:
            with _connect(library) as server:
                return question(server)
        except library.PulseError:
            return None

    return _SERVER_CALLS.call_within(_PATIENCE_S, ask)


@contextmanager
def _connect(library: _Library) -> Generator[_Server]:
    # Without pulsectl's own time limit: release 24.12 always waits for all of it.
    server = library.Pulse("Earshot", connect=False)
    try:
        server.connect(autospawn=False)
        yield server
    finally:
        with contextlib.suppress(library.PulseError):
            server.close()


def _load_pulsectl() -> _Library | None:
    try:
        module = importlib.import_module("pulsectl")
    except (ImportError, OSError):  # OSError: Python's part is there, C's is not
        return None
    return cast("_Library", cast("object", module))
