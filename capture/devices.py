"""Which microphones there are, by the names that a person recognises.

Where a sound server runs they are the server's sources, and PortAudio is led to one of them when
it is opened; elsewhere they are what PortAudio lists. A loudspeaker's monitor hears what this
computer plays: it is no microphone unless somebody asks for it by its whole name.

What PortAudio says about sample rates is not believed (see ``capture.microphone``).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace

from capture import soundserver
from capture.errands import PATIENCE_S, within
from capture.portaudio import Portaudio, look_again, portaudio
from capture.soundserver import ServerSource
from study.errors import MicrophoneFailed, NoMicrophone
from study.screen_text import safe

# ALSA's numbers for a device, which are others after it was plugged in again.
_NUMBERS = re.compile(r" \(hw:\d+,\d+\)$")
_TO_THE_SERVER = "pulse"  # what ALSA calls its way to it


@dataclass(frozen=True, slots=True)
class Device:
    """A microphone or what stands for one.

    ``index`` is PortAudio's for what opens it, and holds until devices come or go; ``name`` may be
    shown, is no other's in the list, and finds it again when it was plugged in anew; ``rate`` is
    in Hz and what the driver calls usual; ``channels`` is the most it gives. ``source`` is what
    the sound server knows about it, None where it is reached without one.
    """

    index: int
    name: str
    channels: int
    rate: int
    is_default: bool
    source: ServerSource | None = None


def devices() -> list[Device]:
    """List the microphones, an empty list where there are none.

    Raises:
        NoSoundLibrary: PortAudio is not installed.
        MicrophoneFailed: the sound server does not answer.
    """
    return [device for device in _all() if not _is_monitor(device)]


def find(name: str | None = None) -> Device:
    """Return the device of this name, or part of a name; the default one for None.

    Raises:
        NoMicrophone: none fits, or several do.
        NoSoundLibrary, MicrophoneFailed: see ``devices``.
    """
    return choose(_all(), name)


def choose(found: list[Device], name: str | None) -> Device:
    """Pick from a list as ``find`` does; without a default, None takes the first.

    Raises:
        NoMicrophone: none fits, or several do.
    """
    microphones = [device for device in found if not _is_monitor(device)]
    if name is None:
        fitting = [d for d in microphones if d.is_default] or microphones[:1]
    else:
        fitting = (
            [d for d in found if d.name == name]
            or [d for d in found if d.source and d.source.name == name]
            or [d for d in microphones if name and name.casefold() in d.name.casefold()]
        )
    if len(fitting) != 1:
        raise NoMicrophone
    return fitting[0]


def _is_monitor(device: Device) -> bool:
    return device.source is not None and device.source.is_monitor


def _all() -> list[Device]:
    library = within(PATIENCE_S, portaudio)
    served = soundserver.sources()
    return within(PATIENCE_S, lambda: _listed(library, served))


def _listed(library: Portaudio, served: list[ServerSource] | None) -> list[Device]:
    try:
        found = _inputs(library)
        if served is not None and not _way_to_server(found):
            # PortAudio looks for devices once: a server started later is seen only by this.
            found = _inputs(library) if look_again(library) else found
        elif served is None and look_again(library):
            found = _inputs(library)
    except library.PortAudioError as failed:
        raise MicrophoneFailed from failed
    way = _way_to_server(found)
    return _by_name(_served(served, way) if served is not None and way else found)


def _way_to_server(found: list[Device]) -> Device | None:
    return next((device for device in found if device.name == _TO_THE_SERVER), None)


def _served(served: list[ServerSource], way: Device) -> list[Device]:
    return [
        Device(
            index=way.index,
            name=safe(source.description),
            channels=len(source.positions),
            rate=source.rate,
            is_default=source.is_default,
            source=source,
        )
        for source in served
    ]


def _by_name(found: list[Device]) -> list[Device]:
    """Give twins different names: by what the server calls them, or by ALSA's numbers."""
    times = Counter(_bare(device) for device in found)
    return [
        replace(device, name=_bare(device)) if times[_bare(device)] == 1 else _told_apart(device)
        for device in found
    ]


def _bare(device: Device) -> str:
    return device.name if device.source else _NUMBERS.sub("", device.name)


def _told_apart(device: Device) -> Device:
    if device.source is None:
        return device
    return replace(device, name=f"{device.name} ({safe(device.source.name)})")


def _inputs(library: Portaudio) -> list[Device]:
    default = library.default.device[0]
    return [
        Device(
            index=index,
            name=safe(str(device["name"])),
            channels=int(device["max_input_channels"]),
            rate=int(device["default_samplerate"]),
            is_default=index == default,
        )
        for index, device in enumerate(library.query_devices())
        if int(device["max_input_channels"]) > 0
    ]
