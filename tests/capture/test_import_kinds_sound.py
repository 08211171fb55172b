"""Every kind of sound comes in whole and at its times, or is refused as what it is."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from capture.decoders import open_decoder
from capture.track_timeline import SoundGap
from study.errors import SoundKindRefused
from tests.capture.import_kinds_sound import (
    EXACT,
    FFMPEG_KINDS,
    READ_KINDS,
    REFUSED_KINDS,
    FfmpegKind,
    SoundKind,
)
from tests.capture.sound_making import LENGTH_S, beeping, find_onsets

PAGE = Path(__file__).parents[2] / "docs" / "importing.md"
BEGIN, END = "<!-- sound: begin -->", "<!-- sound: end -->"


def by_name(kind: SoundKind) -> str:
    return kind.name


def summarise(gaps: list[SoundGap]) -> dict[str, object]:
    """The facts of gaps, as the table of kinds has them."""
    late = sum(gap.length_s for gap in gaps if gap.at_s == 0.0 and not gap.is_damage)
    holes = [gap for gap in gaps if gap.at_s > 0.0 and not gap.is_damage]
    return {"late": round(late, 1), "gaps": len(holes)}


@pytest.mark.parametrize("kind", READ_KINDS, ids=by_name)
def test_a_kind_comes_in_whole_and_at_its_times(kind: SoundKind, tmp_path: Path) -> None:
    path = kind.make(tmp_path / kind.file)
    descriptor = os.open(path, os.O_RDONLY)
    usual = {"late": 0.0, "gaps": 0, "damaged": 0, "tracks": 1, "left_out": 0, "links": 1}
    usual["unread"] = 0
    try:
        with open_decoder(descriptor) as found:
            header = found.header_frames if found.header_frames is not None else found.claimed
            facts: dict[str, object] = {"tracks": found.tracks, "links": found.links}
            facts["left_out"] = len(found.left_out)
            if kind.is_huge:
                assert found.claimed is not None
                assert found.claimed / found.rate == pytest.approx(kind.seconds, abs=0.01)
                assert header is not None
                assert header / found.rate == kind.facts["header"]
                return
            pcm = b"".join(bytes(block) for block in found.blocks())
            facts |= summarise(found.take_gaps(all_of_them=True))
            facts["damaged"], facts["unread"] = found.damaged_places, int(found.unread_bytes > 0)
            frames = len(pcm) // (2 * found.channels)
            is_cut = found.is_cut(frames)
            rate, channels = found.rate, found.channels
    finally:
        os.close(descriptor)
    assert is_cut == kind.is_cut
    if kind.is_cut:
        assert 0.5 < frames / rate < 2.9 or 5.0 < frames / rate < 9.0
        return
    assert facts == usual | {name: v for name, v in kind.facts.items() if name != "header"}
    # An encoder's own delay, which a container without room for it cannot take away again.
    is_joined = kind.seconds == 2 * LENGTH_S
    slack_s = 0.1 if kind.facts.get("damaged") or is_joined else 0.08
    assert frames / rate == pytest.approx(kind.seconds, abs=slack_s)
    stated = header / rate if header is not None else None
    if "header" in kind.facts:
        assert stated == pytest.approx(kind.facts["header"], abs=0.1)
    elif stated is not None and not {"damaged", "tracks"} & kind.facts.keys():
        assert stated == pytest.approx(frames / rate, abs=0.15)
    samples: NDArray[np.int16] = np.frombuffer(pcm, "<i2").reshape(-1, channels)
    if kind.how == EXACT:
        assert_same_samples(samples, rate, coarse="8 bit" in kind.name or "-law" in kind.name)
    loudest = int(np.argmax((samples.astype(np.float64) ** 2).sum(axis=0)))
    onsets = find_onsets(np.ascontiguousarray(samples[:, loudest]), rate)
    if not kind.facts.get("damaged"):
        assert onsets == pytest.approx(list(kind.beeps), abs=0.09 if is_joined else 0.06)
    else:
        assert onsets[-1] == pytest.approx(kind.beeps[-1], abs=0.1)


def assert_same_samples(samples: NDArray[np.int16], rate: int, *, coarse: bool) -> None:
    """Compare with what was written, to the last bit; coarse: but for that of 8-bit samples."""
    wanted = beeping(rate, samples.shape[1]) * 32768
    assert len(samples) == len(wanted)
    assert np.abs(samples - wanted).max() <= (700 if coarse else 2)


@pytest.mark.parametrize("kind", REFUSED_KINDS, ids=by_name)
def test_another_kind_is_refused_as_what_it_is(kind: SoundKind, tmp_path: Path) -> None:
    path = kind.make(tmp_path / kind.file)
    descriptor = os.open(path, os.O_RDONLY)
    try:
        with pytest.raises(kind.error or SoundKindRefused) as refused, open_decoder(descriptor):
            pass
    finally:
        os.close(descriptor)
    if kind.flaw is not None:
        assert isinstance(refused.value, SoundKindRefused)
        assert refused.value.flaw == kind.flaw


def test_the_page_lists_every_kind_as_it_is_read() -> None:
    rows = [describe(kind) for kind in READ_KINDS]
    rows += [f"| {name_kind(kind)} | yes | decoded | nothing |" for kind in FFMPEG_KINDS]
    rows += [describe(kind) for kind in REFUSED_KINDS]
    table = "\n".join(["| kind | read | how | what is lost |", "|---|---|---|---|", *rows])
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    wanted = f"{before}{BEGIN}\n\n{table}\n\n{END}{after}"
    if os.environ.get("EARSHOT_GOLDEN") == "write":
        PAGE.write_text(wanted, encoding="utf-8")

    assert page == wanted or os.environ.get("EARSHOT_GOLDEN") == "write"
    assert len(rows) >= 45


def name_kind(kind: SoundKind | FfmpegKind) -> str:
    return f"{kind.name} (`.{kind.file.rpartition('.')[2]}`)"


def describe(kind: SoundKind) -> str:
    """A row of the page's table."""
    name = name_kind(kind)
    if kind.flaw is not None:
        return f"| {name} | no | that it {kind.flaw} is told | all of it |"
    if kind.error is not None:
        return f"| {name} | no | {kind.error.__name__} is told | all of it |"
    read = "in part" if kind.how == "with --partial" else "yes"
    return f"| {name} | {read} | {kind.how} | {kind.lost} |"
