"""List the microphones, under the names that a person recognises.

Where a sound server runs, the microphones are the server's sources, and ``capture.microphone``
directs PortAudio to one of them; elsewhere they are PortAudio's own devices. The monitor of a
loudspeaker, which records what this computer plays, counts as a microphone only for those who ask
for it by its whole name. PortAudio's sample rates are not trusted (see ``capture.microphone``).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace

from capture.blocking_calls import PATIENCE_S, call_portaudio
from capture.portaudio import Portaudio, load_portaudio, rescan_devices
from capture.sound_server import ServerSource, list_server_sources
from study import sanitise_text
from study.errors import MicrophoneFailed, NoMicrophone

# ALSA's numbers for a device, which change when it is plugged in again.
_NUMBERS = re.compile(r" \(hw:\d+,\d+\)$")
_SERVER_DEVICE = "pulse"  # ALSA's name for the device that leads to the sound server


@dataclass(frozen=True, slots=True)
class Device:
    """A microphone, or another input.

    index: PortAudio's number, valid until a device is plugged in or out. name: safe to show,
    unique in the list, the same when the device is plugged in again. channels: at most. rate: the
    driver's default, in Hz. source: the sound server's entry, None without a sound server.
    """

    index: int
    name: str
    channels: int
    rate: int
    is_default: bool
    source: ServerSource | None = None


def list_devices() -> list[Device]:
    """List the microphones, an empty list where there are none.

    Raises:
        NoSoundLibrary: PortAudio is not installed.
        MicrophoneFailed: the sound server does not answer.
    """
    return [device for device in _list_inputs() if not _is_monitor(device)]


def find_device(name: str | None = None) -> Device:
    """Return the device of this name, or part of a name; the default one for None.

    Raises:
        NoMicrophone: none fits, or several do.
        NoSoundLibrary, MicrophoneFailed: see ``list_devices``.
    """
    return pick_device(_list_inputs(), name)


def pick_device(devices: list[Device], name: str | None) -> Device:
    """Pick from a list as ``find_device`` does; None takes the default, or else the first.

    Raises:
        NoMicrophone: none fits, or several do.
    """
    microphones = [device for device in devices if not _is_monitor(device)]
    if name is None:
        fitting = [d for d in microphones if d.is_default] or microphones[:1]
    else:
        fitting = (
            [d for d in devices if d.name == name]
            or [d for d in devices if d.source and d.source.name == name]
            or [d for d in microphones if name and name.casefold() in d.name.casefold()]
        )
    if len(fitting) != 1:
        raise NoMicrophone
    return fitting[0]


def _is_monitor(device: Device) -> bool:
    return device.source is not None and device.source.is_monitor


def _list_inputs() -> list[Device]:
    library = call_portaudio(PATIENCE_S, load_portaudio)
    served = list_server_sources()
    return call_portaudio(PATIENCE_S, lambda: _list_with_server(library, served))


def _list_with_server(library: Portaudio, served: list[ServerSource] | None) -> list[Device]:
    try:
        found = _list_portaudio_inputs(library)
        if served is not None and not _find_server_device(found):
            # PortAudio looks for devices only once; this finds a server that started later.
            found = _list_portaudio_inputs(library) if rescan_devices(library) else found
        elif served is None and rescan_devices(library):
            found = _list_portaudio_inputs(library)
    except library.PortAudioError as failed:
        raise MicrophoneFailed from failed
    way = _find_server_device(found)
    return _make_names_unique(
        _make_server_devices(served, way) if served is not None and way else found
    )


def _find_server_device(found: list[Device]) -> Device | None:
    return next((device for device in found if device.name == _SERVER_DEVICE), None)


def _make_server_devices(served: list[ServerSource], way: Device) -> list[Device]:
    return [
        Device(
            index=way.index,
            name=sanitise_text(source.description),
            channels=len(source.positions),
            rate=source.rate,
            is_default=source.is_default,
            source=source,
        )
        for source in served
    ]


def _make_names_unique(found: list[Device]) -> list[Device]:
    """Give devices of one name different ones: with the server's name, or ALSA's numbers."""
    times = Counter(_strip_numbers(device) for device in found)
    return [
        replace(device, name=_strip_numbers(device))
        if times[_strip_numbers(device)] == 1
        else _add_server_name(device)
        for device in found
    ]


def _strip_numbers(device: Device) -> str:
    return device.name if device.source else _NUMBERS.sub("", device.name)


def _add_server_name(device: Device) -> Device:
    if device.source is None:
        return device
    return replace(device, name=f"{device.name} ({sanitise_text(device.source.name)})")


def _list_portaudio_inputs(library: Portaudio) -> list[Device]:
    default = library.default.device[0]
    return [
        Device(
            index=index,
            name=sanitise_text(str(device["name"])),
            channels=int(device["max_input_channels"]),
            rate=int(device["default_samplerate"]),
            is_default=index == default,
        )
        for index, device in enumerate(library.query_devices())
        if int(device["max_input_channels"]) > 0
    ]
