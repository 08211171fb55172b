"""Ask pip whether every pinned release has a wheel on each system where Earshot is to run.

    python -m tools.wheels               all systems of SYSTEMS
    python -m tools.wheels windows       one of them

pip's own resolver decides, with the tags of the system that is asked about: each release that the
constraints pin for it (their markers are evaluated as that system would), alone, from a wheel, and
by its hash. Nothing is downloaded but the index's answers. The exit code is the number of releases
that no system's pip would install.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec
from packaging.markers import Marker
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

CONSTRAINTS = Path(__file__).parents[1] / "constraints.txt"
PYTHONS = ("3.11", "3.12", "3.13")


@dataclass(frozen=True, slots=True)
class System:
    """A system: the platform tags that its wheels may have, and its values of the markers."""

    name: str
    tags: tuple[str, ...]
    platform: str  # sys.platform
    system: str  # platform.system()
    machine: str
    os_name: str = "posix"

    def build_environment(self, python: str) -> dict[str, str]:
        """Return the markers' variables, as they are on this system."""
        return {
            "implementation_name": "cpython",
            "implementation_version": f"{python}.0",
            "os_name": self.os_name,
            "platform_machine": self.machine,
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_system": self.system,
            "platform_version": "",
            "python_full_version": f"{python}.0",
            "python_version": python,
            "sys_platform": self.platform,
        }


# pip takes the tags that it is given and no older ones, so the older ones stand here as well.
_INTEL = tuple(f"macosx_{n}_0_x86_64" for n in range(14, 10, -1)) + tuple(
    f"macosx_10_{n}_{kind}" for n in range(16, 8, -1) for kind in ("x86_64", "universal2", "intel")
)
_ARM = tuple(
    f"macosx_{n}_0_{kind}" for n in range(14, 10, -1) for kind in ("arm64", "universal2")
) + tuple(f"macosx_10_{n}_universal2" for n in range(16, 8, -1))
SYSTEMS = (
    System("windows", ("win_amd64",), "win32", "Windows", "AMD64", "nt"),
    System("macos-arm64", _ARM, "darwin", "Darwin", "arm64"),
    System("macos-x86_64", _INTEL + tuple(f"macosx_{n}_0_universal2" for n in range(14, 10, -1)),
           "darwin", "Darwin", "x86_64"),
    System("linux-x86_64", (
        *(f"manylinux_2_{n}_x86_64" for n in range(36, 4, -1)),
        "manylinux2014_x86_64", "manylinux2010_x86_64", "manylinux1_x86_64", "linux_x86_64",
    ), "linux", "Linux", "x86_64"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pin:
    """A pinned release: its line's name and version, its marker, and its hashes."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]

    def is_for(self, environment: Mapping[str, str]) -> bool:
        """Whether it is installed in an environment."""
        return not self.marker or Marker(self.marker).evaluate(dict(environment))

    def format_line(self) -> str:
        """Return its line for pip, without the marker: pip would take that of its own system."""
        return " ".join([f"{self.name}=={self.version}", *(f"--hash={one}" for one in self.hashes)])


def read_pins(text: str) -> list[Pin]:
    """Return the pins of a file of constraints."""
    pins: list[Pin] = []
    for block in re.split(r"\n(?=\S)", text.strip()):
        head, *_ = block.splitlines()
        named, _, marker = head.rstrip("\\ ").partition(" ; ")
        name, _, version = named.partition("==")
        hashes = tuple(re.findall(r"--hash=(\S+)", block))
        pins.append(Pin(name.strip(), version.strip(), marker.strip(), hashes))
    return pins


def find_missing(pins: list[Pin], system: System, python: str) -> list[str]:
    """Return the releases that pip finds no wheel for on a system.

    They are asked for together, and in halves where something is refused.
    """
    if not ask_pip(pins, system, python):
        return []
    if len(pins) == 1:
        return [f"{pins[0].name}=={pins[0].version}"]
    half = len(pins) // 2
    return find_missing(pins[:half], system, python) + find_missing(pins[half:], system, python)


def ask_pip(pins: list[Pin], system: System, python: str) -> str:
    """Ask pip to install these alone, without doing it; return what it refused, "" for nothing."""
    with tempfile.TemporaryDirectory() as folder:
        asked, told = Path(folder) / "asked.txt", Path(folder) / "told.json"
        asked.write_text("\n".join(pin.format_line() for pin in pins) + "\n", encoding="utf-8")
        tags = [word for tag in (*system.tags, "any") for word in ("--platform", tag)]
        done = subprocess.run(
            [sys.executable, "-m", "pip", "install", "--dry-run", "--quiet", "--no-deps",
             "--ignore-installed", "--ignore-requires-python", "--only-binary", ":all:",
             "--require-hashes", "--target", folder,
             "--implementation", "cp", "--python-version", python, *tags,
             "--report", str(told), "--requirement", str(asked)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            return "\n".join(_list_refusals(done.stderr)) or "pip failed"
        found = msgspec.json.decode(told.read_bytes(), type=_Report).install
    # pip would ask whether the Python that it runs under is one for the release.
    fitting = {
        str(canonicalize_name(one.metadata.name))
        for one in found
        if SpecifierSet(one.metadata.requires_python).contains(f"{python}.0")
    }
    return ", ".join({str(canonicalize_name(pin.name)) for pin in pins} - fitting)


class _Metadata(msgspec.Struct):
    name: str
    requires_python: str = ""


class _Found(msgspec.Struct):
    metadata: _Metadata


class _Report(msgspec.Struct):
    """What pip would install."""

    install: list[_Found]


def _list_refusals(said: str) -> Iterator[str]:
    """Yield what pip refused, without the addresses that it names."""
    for line in said.splitlines():
        if line.startswith("ERROR: ") and "://" not in line:
            yield line.removeprefix("ERROR: ")


def main(names: list[str]) -> int:
    """Print a line for each system and Python; return how many releases are missing."""
    pins = read_pins(CONSTRAINTS.read_text(encoding="utf-8"))
    lacking = 0
    for system in SYSTEMS:
        if names and system.name not in names:
            continue
        for python in PYTHONS:
            environment = system.build_environment(python)
            wanted = [pin for pin in pins if pin.is_for(environment)]
            missing = find_missing(wanted, system, python)
            lacking += len(missing)
            told = "missing: " + ", ".join(missing) if missing else "a wheel for each"
            print(f"{system.name:<13} Python {python}  {len(wanted)} releases  {told}", flush=True)
    return min(lacking, 100)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
