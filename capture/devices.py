"""Which microphones there are, through PortAudio.

What PortAudio says about sample rates is not believed (see ``capture.microphone``).
"""

from __future__ import annotations

from dataclasses import dataclass

from capture.errands import PATIENCE_S, within
from capture.portaudio import Portaudio, look_again, portaudio
from study.errors import MicrophoneFailed, NoMicrophone
from study.screen_text import safe


@dataclass(frozen=True, slots=True)
class Device:
    """A microphone or what stands for one.

    ``index`` is PortAudio's and holds until devices come or go; ``name`` may be shown; ``rate``
    is in Hz and what the driver calls usual; ``channels`` is the most it gives.
    """

    index: int
    name: str
    channels: int
    rate: int
    is_default: bool


def devices() -> list[Device]:
    """List the input devices in PortAudio's order, an empty list where there are none.

    Raises:
        NoSoundLibrary: PortAudio is not installed.
        MicrophoneFailed: the sound server does not answer.
    """
    return within(PATIENCE_S, _listed)


def find(name: str | None = None) -> Device:
    """Return the device of this name, number, or part of a name; the default one for None.

    Raises:
        NoMicrophone: none fits, or several do.
        NoSoundLibrary, MicrophoneFailed: see ``devices``.
    """
    return choose(devices(), name)


def choose(found: list[Device], name: str | None) -> Device:
    """Pick from a list as ``find`` does; without a default, None takes the first.

    Raises:
        NoMicrophone: none fits, or several do.
    """
    if name is None:
        fitting = [d for d in found if d.is_default] or found[:1]
    else:
        fitting = (
            [d for d in found if d.name == name]
            or [d for d in found if str(d.index) == name]
            or [d for d in found if name and name.casefold() in d.name.casefold()]
        )
    if len(fitting) != 1:
        raise NoMicrophone
    return fitting[0]


def _listed() -> list[Device]:
    library = portaudio()
    try:
        found = _inputs(library)
        if not found:
            # PortAudio looks for devices once: a server started later is seen only by starting
            # over. It is safe here, for without a device there is no stream to lose.
            look_again(library)
            found = _inputs(library)
    except library.PortAudioError as failed:
        raise MicrophoneFailed from failed
    return found


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
