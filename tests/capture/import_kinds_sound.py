"""Sound files as recorders, phones and programs write them: each kind, and what is read of it."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from study.errors import EarshotError, NotSound, SoundEmpty, SoundFlaw, SoundTruncated
from tests.capture.sound_making import (
    BEEPS,
    LENGTH_S,
    Track,
    as_pcm,
    beeping,
    join_files,
    write_libsndfile,
    write_tracks,
    write_wave,
)

Make = Callable[[Path], Path]
EXACT, DECODED = "to the very sample", "decoded"


@dataclass(frozen=True)
class SoundKind:
    """A kind of file, how a small one is made, and what becomes of it.

    how, lost: as the page says them. seconds, beeps: the length of what is read, and where its
    beeps begin. facts: of the decoder, those that are not as usual.
    is_cut: it is imported with --partial alone. flaw, error: why it is refused. is_huge: it is
    opened, and not decoded to its end.
    """

    name: str
    file: str
    make: Make
    how: str = DECODED
    lost: str = "nothing"
    seconds: float = LENGTH_S
    beeps: tuple[float, ...] = BEEPS
    facts: dict[str, object] = field(default_factory=dict[str, object])
    is_cut: bool = False
    flaw: SoundFlaw | None = None
    error: type[EarshotError] | None = None
    is_huge: bool = False


def by_libsndfile(rate: int = 16_000, channels: int = 1, **how: str) -> Make:
    """Make a file of beeps through libsndfile."""
    return lambda path: write_libsndfile(path, beeping(rate, channels), rate, **how)


def by_pyav(
    codec: str, rate: int = 44_100, channels: int = 1, *, container: str = "", video_s: float = 0.0,
    bit_rate: int = 0, **options: str,
) -> Make:  # fmt: skip
    """Make a file of beeps through PyAV."""

    def made(path: Path) -> Path:
        track = Track(beeping(rate, channels), rate, codec, bit_rate=bit_rate)
        return write_tracks(path, [track], container=container, video_s=video_s, **options)

    return made


def with_gap(codec: str, rate: int, container: str = "") -> Make:
    """Make a file whose times jump by 5 s at 1.8 s, between the beeps."""
    track = Track(beeping(rate), rate, codec, skips=[(1.8, 5.0)])
    return lambda path: write_tracks(path, [track], container=container)


def late(path: Path) -> Path:
    """Make a video whose sound begins 4 s after its picture."""
    track = Track(beeping(44_100), 44_100, "aac", start_s=4.0)
    return write_tracks(path, [track], video_s=7.0)


def two_tracks(*rates: int, container: str = "") -> Make:
    """Make a video with two sound tracks: the first silent, the second with the beeps."""
    first = Track(beeping(rates[0]) * 0.0, rates[0], "aac")
    second = Track(beeping(rates[-1]), rates[-1], "aac")
    return lambda path: write_tracks(path, [first, second], container=container, video_s=3.0)


def renamed_codec(make: Make, wanted: bytes) -> Make:
    """Name the codec of the first track otherwise, in the sample description of an MP4."""

    def made(path: Path) -> Path:
        raw = bytearray(make(path).read_bytes())
        place = raw.find(b"mp4a", raw.find(b"stsd"))
        raw[place : place + 4] = wanted
        settings = raw.find(b"esds", place)  # which would name the codec once more
        raw[settings : settings + 4] = b"dapa"
        path.write_bytes(raw)
        return path

    return made


def damaged(make: Make, *shares: float, length: int = 900) -> Make:
    """Overwrite ``length`` bytes at some shares of a file."""

    def made(path: Path) -> Path:
        raw = bytearray(make(path).read_bytes())
        for share in shares:
            place = int(len(raw) * share)
            raw[place : place + length] = bytes(length)
        path.write_bytes(raw)
        return path

    return made


def cut(make: Make, share: float = 0.6) -> Make:
    """Keep the beginning of a file."""

    def made(path: Path) -> Path:
        os.truncate(make(path), int(path.stat().st_size * share))
        return path

    return made


def joined(*makes: Make) -> Make:
    """Join files end to end."""

    def made(path: Path) -> Path:
        parts = [one(path.with_name(f"{n}{path.name}")) for n, one in enumerate(makes)]
        return join_files(path, parts)

    return made


def holding(content: bytes) -> Make:
    """Make a file of these bytes."""

    def made(path: Path) -> Path:
        path.write_bytes(content)
        return path

    return made


def claiming(claimed: int, tail: bytes = b"") -> Make:
    """Make a WAV of 16-bit mono whose header states another length."""
    return lambda path: write_wave(path, as_pcm(beeping()), claimed=claimed, tail=tail)


def short_au(path: Path) -> Path:
    """Make an AU file whose header states a second."""
    pcm = np.frombuffer(as_pcm(beeping()), "<i2").astype(">i2").tobytes()
    path.write_bytes(struct.pack(">4s5I", b".snd", 24, 32_000, 3, 16_000, 1) + pcm)
    return path


def short_aiff(path: Path) -> Path:
    """Make an AIFF file whose header states a second."""
    raw = bytearray(write_libsndfile(path, beeping(), subtype="PCM_16").read_bytes())
    place = raw.find(b"SSND")
    raw[place + 4 : place + 8] = struct.pack(">I", 32_008)
    raw[raw.find(b"COMM") + 10 :][:4] = b""
    path.write_bytes(raw)
    return path


def wrapped(path: Path) -> Path:
    """Make a WAV of a bit more than 4 GiB, sparse, whose length does not fit into 32 bits."""
    true = (1 << 32) + 3 * 48_000 * 6
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 2, 48_000, 288_000, 6, 24)
    with path.open("wb") as file:
        file.write(b"RIFF" + struct.pack("<I", (true + 36) & 0xFFFFFFFF) + b"WAVE" + form)
        file.write(b"data" + struct.pack("<I", true & 0xFFFFFFFF))
        file.truncate(file.tell() + true)
    return path


def noise(**how: str) -> Make:
    """Make 12 s of noise through libsndfile, which does not compress away."""
    samples = np.random.default_rng(3).normal(0, 0.02, (12 * 16_000, 1))
    return lambda path: write_libsndfile(path, samples, 16_000, **how)


def without_a_page(path: Path) -> Path:
    """Make an Ogg file that lacks a page in the middle."""
    raw = noise(subtype="VORBIS", format="OGG")(path).read_bytes()
    pages = [b"OggS" + part for part in raw.split(b"OggS")[1:]]
    path.write_bytes(b"".join(pages[:4] + pages[5:]))
    return path


def silent_video(path: Path) -> Path:
    """Make a video without a sound track."""
    return write_tracks(path, [], video_s=1.0)


_OPUS = by_libsndfile(48_000, subtype="OPUS", format="OGG")
_VORBIS_16 = by_libsndfile(16_000, subtype="VORBIS", format="OGG")
_MP3 = by_pyav("libmp3lame", bit_rate=64_000)
_M4A = by_pyav("aac", movflags="faststart")
_TWICE = (*BEEPS, *(LENGTH_S + beep for beep in BEEPS))
_GONE = "what is damaged: silence and a mark stand there"
_GAP_AFTER = (1.0, 7.0)
_BINARY = bytes(range(1, 256)) * 40

SOUND_KINDS = (
    SoundKind("WAV, 16 bit", "a.wav", by_libsndfile(), EXACT),
    SoundKind(
        "WAV, 24 bit",
        "b.wav",
        by_libsndfile(48_000, 2, subtype="PCM_24"),
        lost="bits below the 16th",
    ),
    SoundKind(
        "WAV, 32-bit float",
        "c.wav",
        by_libsndfile(subtype="FLOAT"),
        lost="bits below the 16th, peaks above full scale",
    ),
    SoundKind("WAV, 8 bit", "d.wav", by_libsndfile(subtype="PCM_U8"), EXACT),
    SoundKind("WAV, µ-law of a telephone", "e.wav", by_libsndfile(8_000, subtype="ULAW"), EXACT),
    SoundKind("WAV, A-law of a telephone", "f.wav", by_libsndfile(8_000, subtype="ALAW"), EXACT),
    SoundKind("WAV, IMA ADPCM of a recorder", "g.wav", by_libsndfile(subtype="IMA_ADPCM")),
    SoundKind("WAV, Microsoft ADPCM", "h.wav", by_libsndfile(subtype="MS_ADPCM")),
    SoundKind("WAV, GSM 6.10", "i.wav", by_libsndfile(8_000, subtype="GSM610")),
    SoundKind("WAV, G.726", "j.wav", by_pyav("adpcm_g726", 8_000)),
    SoundKind("WAV with MP3 in it", "k.wav", by_pyav("libmp3lame", container="wav")),
    SoundKind("WAV, RF64 of long recordings", "l.wav", by_libsndfile(format="RF64"), EXACT),
    SoundKind(
        "WAV of more than 4 GiB whose 32-bit length wrapped",
        "m.wav",
        wrapped,
        EXACT,
        lost="bits below the 16th",
        seconds=((1 << 32) / 6) / 48_000 + 3,
        facts={"header": 3.0},
        is_huge=True,
    ),
    SoundKind(
        "WAV whose header states too short a length",
        "n.wav",
        claiming(32_000),
        EXACT,
        facts={"header": 1.0},
    ),
    SoundKind("WAV of a recorder that was killed: length 0", "o.wav", claiming(0)),
    SoundKind(
        "WAV with titles and marks behind the sound",
        "p.wav",
        claiming(96_000, b"LIST\4\0\0\0INFO"),
        EXACT,
        lost="titles and marks",
    ),
    SoundKind("Wave64", "a.w64", by_pyav("pcm_s16le"), EXACT),
    SoundKind("AIFF", "a.aiff", by_libsndfile(44_100, 2, subtype="PCM_16"), EXACT),
    SoundKind("AU", "a.au", by_libsndfile(44_100, subtype="PCM_16"), EXACT),
    SoundKind(
        "AU whose header states too short a length", "b.au", short_au, EXACT, facts={"header": 1.0}
    ),
    SoundKind(
        "AIFF whose header states too short a length",
        "b.aiff",
        short_aiff,
        EXACT,
        facts={"header": 1.0},
    ),
    SoundKind("CAF, uncompressed", "a.caf", by_pyav("pcm_s16be"), EXACT),
    SoundKind("CAF, ALAC (voice memos)", "b.caf", by_pyav("alac")),
    SoundKind("FLAC", "a.flac", by_libsndfile(44_100, 2), EXACT),
    SoundKind("VOC", "a.voc", by_pyav("pcm_u8", 8_000)),
    SoundKind("True Audio", "a.tta", by_pyav("tta")),
    SoundKind("WavPack", "a.wv", by_pyav("wavpack")),
    SoundKind("MP3", "a.mp3", _MP3),
    SoundKind(
        "MP3 of two joined files",
        "b.mp3",
        joined(_MP3, _MP3),
        seconds=2 * LENGTH_S,
        beeps=_TWICE,
        facts={"header": 3.0},
    ),
    SoundKind(
        "MP3 with damaged frames",
        "c.mp3",
        damaged(_MP3, 0.2, 0.55, length=400),
        lost=_GONE,
        facts={"damaged": 2},
    ),
    SoundKind("MP2", "a.mp2", by_pyav("mp2", 48_000)),
    SoundKind("M4A, AAC (phones)", "a.m4a", _M4A),
    SoundKind("M4A, ALAC", "b.m4a", by_pyav("alac")),
    SoundKind(
        "M4A with damage in the middle",
        "c.m4a",
        damaged(_M4A, 0.6, length=500),
        lost=_GONE,
        facts={"damaged": 1},
    ),
    SoundKind("M4B", "a.m4b", by_pyav("aac", container="ipod")),
    SoundKind("AAC without a container (ADTS)", "a.aac", by_pyav("aac")),
    SoundKind("AAC of a broadcast (LATM)", "a.latm", by_pyav("aac", container="latm")),
    SoundKind("AC-3", "a.ac3", by_pyav("ac3", 48_000, 2)),
    SoundKind("E-AC-3", "a.eac3", by_pyav("eac3", 48_000, 2)),
    SoundKind("AMR of a phone", "a.amr", by_pyav("amr_nb", 8_000)),
    SoundKind("3GP of a phone, AMR", "a.3gp", by_pyav("amr_nb", 8_000)),
    SoundKind("3GP of a phone, AAC", "b.3gp", by_pyav("aac", 16_000)),
    SoundKind("WMA", "a.wma", by_pyav("wmav2", 44_100, 2, bit_rate=128_000)),
    SoundKind("RealMedia", "a.rm", by_pyav("ac3", 48_000, 2, container="rm")),
    SoundKind("Ogg Vorbis", "a.ogg", _VORBIS_16),
    SoundKind("Ogg Opus (messengers)", "a.opus", _OPUS),
    SoundKind("Ogg FLAC", "a.oga", by_pyav("flac", container="ogg")),
    SoundKind(
        "Ogg Opus of two links (forwarded voice messages)",
        "b.opus",
        joined(_OPUS, _OPUS),
        seconds=2 * LENGTH_S,
        beeps=_TWICE,
        facts={"links": 2},
    ),
    SoundKind(
        "Ogg of two links with different rates and codecs",
        "b.ogg",
        joined(_VORBIS_16, _OPUS),
        how="decoded, at the higher rate",
        seconds=2 * LENGTH_S,
        beeps=_TWICE,
        facts={"links": 2},
    ),
    SoundKind(
        "WAV of two joined files",
        "s.wav",
        joined(by_libsndfile(), by_libsndfile()),
        seconds=2 * LENGTH_S,
        beeps=_TWICE,
        facts={"links": 2},
    ),
    SoundKind(
        "WAV with an MP3 joined to it",
        "t.wav",
        joined(by_libsndfile(), _MP3),
        how="decoded, at the higher rate",
        seconds=2 * LENGTH_S,
        beeps=_TWICE,
        facts={"links": 2},
    ),
    SoundKind(
        "MP3 with an Ogg joined to it",
        "d.mp3",
        joined(_MP3, _VORBIS_16),
        how="decoded, at the higher rate",
        seconds=2 * LENGTH_S,
        beeps=_TWICE,
        facts={"links": 2},
    ),
    SoundKind(
        "M4A with an MP3 joined to it",
        "d.m4a",
        joined(_M4A, by_pyav("libmp3lame", container="mp3", bit_rate=64_000)),
        how="decoded, at the higher rate",
        seconds=2 * LENGTH_S,
        beeps=_TWICE,
        facts={"links": 2},
    ),
    SoundKind(
        "Ogg with an MP3 joined to it",
        "e.ogg",
        joined(_VORBIS_16, by_pyav("libmp3lame", container="mp3", bit_rate=64_000)),
        how="decoded, at the higher rate",
        seconds=2 * LENGTH_S,
        beeps=_TWICE,
        facts={"links": 2},
    ),
    SoundKind(
        "AMR with an MP3 joined to it",
        "b.amr",
        joined(by_pyav("amr_nb", 8_000), by_pyav("libmp3lame", container="mp3", bit_rate=64_000)),
        how="decoded, at the higher rate",
        seconds=2 * LENGTH_S,
        beeps=_TWICE,
        facts={"links": 2},
    ),
    SoundKind(
        "AAC with an MP3 joined to it",
        "c.aac",
        joined(by_pyav("aac"), by_pyav("libmp3lame", container="mp3", bit_rate=64_000)),
        seconds=2 * LENGTH_S,
        beeps=_TWICE,
        facts={"links": 2},
    ),
    SoundKind(
        "FLAC with an MP3 joined to it",
        "d.flac",
        joined(by_libsndfile(44_100), by_pyav("libmp3lame", container="mp3", bit_rate=64_000)),
        lost="the second file, which is said",
        facts={"unread": 1},
    ),
    SoundKind(
        "AVI of MP3 without a picture",
        "c.avi",
        by_pyav("libmp3lame", 44_100, bit_rate=32_000),
    ),
    SoundKind(
        "AIFF of two joined files",
        "c.aiff",
        joined(by_libsndfile(), by_libsndfile()),
        seconds=2 * LENGTH_S,
        beeps=_TWICE,
        facts={"links": 2},
    ),
    SoundKind(
        "M4A of two joined files",
        "e.m4a",
        joined(_M4A, _M4A),
        seconds=2 * LENGTH_S,
        beeps=_TWICE,
        facts={"links": 2},
    ),
    SoundKind(
        "WMA of two joined files",
        "b.wma",
        joined(
            by_pyav("wmav2", 44_100, 2, bit_rate=128_000),
            by_pyav("wmav2", 44_100, 2, bit_rate=128_000),
        ),
        seconds=2 * LENGTH_S,
        beeps=_TWICE,
        facts={"links": 2},
    ),
    SoundKind(
        "CAF of two joined files",
        "c.caf",
        joined(by_pyav("pcm_s16be"), by_pyav("pcm_s16be")),
        seconds=2 * LENGTH_S,
        beeps=_TWICE,
        facts={"links": 2},
    ),
    SoundKind(
        "FLV of two joined files",
        "c.flv",
        joined(by_pyav("aac"), by_pyav("aac")),
        seconds=2 * LENGTH_S,
        beeps=_TWICE,
        facts={"links": 2},
    ),
    SoundKind(
        "FLAC of two joined files",
        "c.flac",
        joined(by_libsndfile(44_100), by_libsndfile(44_100)),
        seconds=2 * LENGTH_S,
        beeps=_TWICE,
        facts={"header": 3.0},
    ),
    SoundKind(
        "AAC of two joined files",
        "c.aac",
        joined(by_pyav("aac"), by_pyav("aac")),
        seconds=2 * LENGTH_S,
        beeps=_TWICE,
        facts={},
    ),
    SoundKind(
        "AC-3 of two joined files",
        "b.ac3",
        joined(by_pyav("ac3", 48_000, 2), by_pyav("ac3", 48_000, 2)),
        seconds=2 * LENGTH_S,
        beeps=_TWICE,
        facts={},
    ),
    SoundKind(
        "WebM of two joined files",
        "c.webm",
        joined(by_pyav("libopus", 48_000), by_pyav("libopus", 48_000)),
        seconds=2 * LENGTH_S,
        beeps=_TWICE,
        facts={},
    ),
    SoundKind(
        "WavPack of two joined files",
        "b.wv",
        joined(by_pyav("wavpack"), by_pyav("wavpack")),
        how="with --partial",
        lost="the second file, which is said",
        facts={"unread": 1},
    ),
    SoundKind(
        "Ogg that lacks a page",
        "c.ogg",
        without_a_page,
        lost="what is missing: silence and a mark stand there",
        seconds=12.0,
        beeps=(),
        facts={"gaps": 1},
    ),
    SoundKind("WebM, Opus (browsers)", "a.webm", by_pyav("libopus", 48_000)),
    SoundKind(
        "WebM with 5 s missing in its times",
        "b.webm",
        with_gap("libopus", 48_000),
        seconds=8.0,
        beeps=_GAP_AFTER,
        facts={"gaps": 1},
    ),
    SoundKind("MKV, AAC", "a.mkv", by_pyav("aac", video_s=3.0), lost="the picture"),
    SoundKind("MKV, FLAC", "b.mkv", by_pyav("flac", 48_000, 2), EXACT),
    SoundKind(
        "MKV whose sound begins 4 s after the picture",
        "c.mkv",
        late,
        how="decoded, silence before it",
        lost="the picture",
        seconds=7.0,
        beeps=(5.0, 6.0),
        facts={"late": 4.0},
    ),
    SoundKind(
        "MP4 whose sound begins 4 s after the picture",
        "h.mp4",
        late,
        how="decoded, silence before it",
        lost="the picture",
        seconds=7.0,
        beeps=(5.0, 6.0),
        facts={"late": 4.0},
    ),
    SoundKind(
        "MTS with two sound tracks",
        "b.mts",
        two_tracks(48_000, container="mpegts"),
        how="decoded, each track a channel",
        lost="the picture",
        facts={"tracks": 2},
    ),
    SoundKind(
        "MKV with 5 s missing in its times",
        "d.mkv",
        with_gap("ac3", 48_000),
        seconds=8.0,
        beeps=_GAP_AFTER,
        facts={"gaps": 1},
    ),
    SoundKind(
        "MP4 of a camera or a meeting",
        "a.mp4",
        by_pyav("aac", 48_000, 2, video_s=3.0),
        lost="the picture",
    ),
    SoundKind("MP4 in fragments", "b.mp4", by_pyav("aac", movflags="frag_keyframe+empty_moov")),
    SoundKind(
        "MP4 with two sound tracks",
        "c.mp4",
        two_tracks(44_100),
        how="decoded, each track a channel",
        lost="the picture",
        facts={"tracks": 2},
    ),
    SoundKind(
        "MKV with two sound tracks of different rates",
        "e.mkv",
        two_tracks(44_100, 48_000),
        how="decoded, each track a channel",
        lost="the picture",
        facts={"tracks": 2},
    ),
    SoundKind(
        "MP4 whose first track cannot be decoded (spatial audio)",
        "a.qta",
        renamed_codec(two_tracks(44_100, container="mov"), b"apac"),
        how="decoded, the other track",
        lost="the track that cannot be decoded, which is said; the picture",
        facts={"left_out": 1},
    ),
    SoundKind(
        "MP4 with 5 s missing in its times",
        "d.mp4",
        with_gap("aac", 44_100),
        seconds=8.0,
        beeps=_GAP_AFTER,
        facts={"gaps": 1},
    ),
    SoundKind("MOV, uncompressed", "a.mov", by_pyav("pcm_s16be", 48_000, 2), EXACT),
    SoundKind("MOV, AAC", "b.mov", by_pyav("aac", video_s=3.0), lost="the picture"),
    SoundKind("AVI, MP3", "a.avi", by_pyav("libmp3lame", video_s=3.0), lost="the picture"),
    SoundKind(
        "AVI, uncompressed",
        "b.avi",
        by_pyav("pcm_s16le", 44_100, 2, video_s=3.0),
        lost="the picture",
    ),
    SoundKind(
        "MTS of a camcorder, AC-3",
        "a.mts",
        by_pyav("ac3", 48_000, 2, container="mpegts", video_s=3.0),
        lost="the picture",
    ),
    SoundKind("MPEG transport stream, AAC", "a.ts", by_pyav("aac", 48_000)),
    SoundKind(
        "MPEG transport stream with 5 s missing in its times",
        "b.ts",
        with_gap("ac3", 48_000, "mpegts"),
        seconds=8.0,
        beeps=_GAP_AFTER,
        facts={"gaps": 1},
    ),
    SoundKind(
        "MPEG video, MP2",
        "a.mpg",
        by_pyav("mp2", 48_000, container="mpeg", video_s=3.0),
        lost="the picture",
    ),
    SoundKind("VOB of a DVD, AC-3", "a.vob", by_pyav("ac3", 48_000, 2, container="vob")),
    SoundKind("WMV", "a.wmv", by_pyav("wmav2", 44_100, 2, container="asf", bit_rate=128_000)),
    SoundKind("FLV, AAC", "a.flv", by_pyav("aac")),
    SoundKind("FLV, Nellymoser", "b.flv", by_pyav("nellymoser", 22_050)),
    SoundKind(
        "MXF of a broadcast camera",
        "a.mxf",
        by_pyav("pcm_s16le", 48_000, video_s=3.0),
        EXACT,
        lost="the picture",
    ),
    SoundKind("NUT", "a.nut", by_pyav("pcm_s16le", 48_000), EXACT),
    SoundKind("Surround sound (5.1)", "f.mkv", by_pyav("ac3", 48_000, 6)),
    SoundKind(
        "FLAC with damage in the middle",
        "b.flac",
        damaged(by_libsndfile(44_100), 0.6, length=2000),
        lost=_GONE,
        facts={"damaged": 1},
    ),
    SoundKind(
        "AAC (ADTS) with damage in the middle",
        "b.aac",
        damaged(by_pyav("aac"), 0.55, length=500),
        lost=_GONE,
        facts={"damaged": 1},
    ),
    *(
        SoundKind(
            f"{name} that was cut short",
            f"cut.{suffix}",
            cut(make),
            how="with --partial",
            lost="the end",
            is_cut=True,
            seconds=0.0,
        )
        for name, suffix, make in (
            ("WAV", "wav", by_libsndfile()),
            ("AIFF", "aiff", by_libsndfile()),
            ("AU", "au", by_libsndfile()),
            ("FLAC", "flac", by_libsndfile()),
            ("MP3", "mp3", _MP3),
            ("M4A", "m4a", _M4A),
            ("Ogg Vorbis", "ogg", noise(subtype="VORBIS", format="OGG")),
            ("Ogg Opus", "opus", noise(subtype="OPUS", format="OGG")),
            ("MKV", "mkv", by_pyav("aac")),
            ("AVI", "avi", by_pyav("pcm_s16le")),
            ("WMA", "wma", by_pyav("wmav2", 44_100, 2, bit_rate=128_000)),
            ("Wave64", "w64", by_pyav("pcm_s16le")),
            ("CAF, uncompressed", "caf", by_pyav("pcm_s16be")),
        )
    ),
    SoundKind(
        "M4A without its index, which was to be written last",
        "d.m4a",
        cut(by_pyav("aac")),
        error=SoundTruncated,
    ),
    SoundKind("Video without sound", "e.mp4", silent_video, flaw=SoundFlaw.NO_TRACK),
    SoundKind(
        "MP4 whose only track cannot be decoded",
        "f.mp4",
        renamed_codec(_M4A, b"apac"),
        flaw=SoundFlaw.CODEC,
    ),
    SoundKind(
        "M4P, protected by its seller",
        "a.m4p",
        renamed_codec(by_pyav("aac", container="ipod"), b"drms"),
        flaw=SoundFlaw.PROTECTED,
    ),
    SoundKind("MP4, encrypted", "g.mp4", renamed_codec(_M4A, b"enca"), flaw=SoundFlaw.PROTECTED),
    SoundKind(
        "AAX of Audible",
        "a.aax",
        holding(b"\0\0\0\x18ftypaax \0\0\0\1" + _BINARY),
        flaw=SoundFlaw.PROTECTED,
    ),
    SoundKind(
        "DS2 of a dictation recorder",
        "a.ds2",
        holding(b"\x03ds2" + _BINARY),
        flaw=SoundFlaw.DICTATION,
    ),
    SoundKind(
        "DSS of a dictation recorder",
        "a.dss",
        holding(b"\x02dss" + _BINARY),
        flaw=SoundFlaw.DICTATION,
    ),
    SoundKind(
        "Text under the name of sound",
        "q.wav",
        holding(b"Interview of Tuesday, all is well.\n" * 9),
        flaw=SoundFlaw.TEXT,
    ),
    SoundKind("PDF", "a.pdf", holding(b"%PDF-1.7\n" + _BINARY), flaw=SoundFlaw.DOCUMENT),
    SoundKind(
        "Picture (PNG)", "a.png", holding(b"\x89PNG\r\n\x1a\n" + _BINARY), flaw=SoundFlaw.PICTURE
    ),
    SoundKind("Archive (ZIP)", "a.zip", holding(b"PK\3\4\x14\0" + _BINARY), flaw=SoundFlaw.ARCHIVE),
    SoundKind(
        "Playlist (M3U)",
        "a.m3u",
        holding(b"#EXTM3U\nfile:///etc/passwd\n"),
        flaw=SoundFlaw.PLAYLIST,
    ),
    SoundKind("MIDI", "a.mid", holding(b"MThd\0\0\0\6\0\0\0\1" + _BINARY), flaw=SoundFlaw.NOTES),
    SoundKind(
        "What a Mac notes about a file (._NAME)",
        "b.m4b",
        holding(b"\0\5\x16\7\0\2\0\0" + _BINARY),
        flaw=SoundFlaw.SIDECAR,
    ),
    SoundKind(
        "Random bytes", "a.bin", holding(np.random.default_rng(1).bytes(50_000)), error=NotSound
    ),
    SoundKind(
        "WAV without a single sample",
        "r.wav",
        lambda path: write_libsndfile(path, beeping()[:0]),
        error=SoundEmpty,
    ),
)


@dataclass(frozen=True)
class FfmpegKind:
    """A kind that PyAV cannot write, and Debian's ffmpeg can: its options make it of a WAV."""

    name: str
    file: str
    options: tuple[str, ...]


FFMPEG_KINDS = (
    FfmpegKind(
        "DTS",
        "a.dts",
        (
            "-c:a",
            "dca",
            "-strict",
            "-2",
            "-ar",
            "48000",
            "-ac",
            "2",
        ),
    ),
    FfmpegKind(
        "Ogg Speex of 16 kHz",
        "a.spx",
        (
            "-c:a",
            "libspeex",
            "-ar",
            "16000",
        ),
    ),
    FfmpegKind(
        "Ogg Vorbis of another encoder",
        "a.ogg",
        (
            "-c:a",
            "libvorbis",
        ),
    ),
    FfmpegKind(
        "Ogg Speex of 8 kHz",
        "b.ogg",
        (
            "-c:a",
            "libspeex",
            "-ar",
            "8000",
        ),
    ),
    FfmpegKind(
        "WAV, GSM 6.10 of Microsoft",
        "a.wav",
        (
            "-c:a",
            "libgsm_ms",
            "-ar",
            "8000",
        ),
    ),
    FfmpegKind(
        "WAV, G.723.1",
        "b.wav",
        (
            "-c:a",
            "g723_1",
            "-ar",
            "8000",
            "-b:a",
            "6300",
        ),
    ),
    FfmpegKind(
        "WAV, RF64 of 64-bit floats",
        "c.wav",
        (
            "-c:a",
            "pcm_f64le",
            "-rf64",
            "always",
        ),
    ),
    FfmpegKind(
        "RealAudio 14.4",
        "a.rm",
        (
            "-c:a",
            "real_144",
            "-ar",
            "8000",
        ),
    ),
    FfmpegKind(
        "WMA, its first version",
        "a.wma",
        (
            "-c:a",
            "wmav1",
        ),
    ),
    FfmpegKind(
        "MKV, TrueHD",
        "a.mkv",
        (
            "-c:a",
            "truehd",
            "-strict",
            "-2",
            "-ar",
            "48000",
            "-ac",
            "2",
        ),
    ),
    FfmpegKind(
        "MKV, Vorbis",
        "b.mkv",
        (
            "-c:a",
            "libvorbis",
        ),
    ),
    FfmpegKind(
        "MOV, IMA ADPCM",
        "a.mov",
        (
            "-c:a",
            "adpcm_ima_qt",
            "-ar",
            "44100",
        ),
    ),
    FfmpegKind(
        "M2TS of a Blu-ray, uncompressed",
        "a.m2ts",
        (
            "-c:a",
            "pcm_bluray",
            "-ar",
            "48000",
            "-ac",
            "2",
        ),
    ),
    FfmpegKind(
        "FLV, Speex",
        "a.flv",
        (
            "-c:a",
            "libspeex",
            "-ar",
            "16000",
        ),
    ),
    FfmpegKind(
        "CAF, Opus",
        "a.caf",
        (
            "-c:a",
            "libopus",
            "-ar",
            "48000",
        ),
    ),
    FfmpegKind(
        "CAF, IMA ADPCM",
        "b.caf",
        (
            "-c:a",
            "adpcm_ima_qt",
            "-ar",
            "44100",
        ),
    ),
    FfmpegKind(
        "MXF, 24 bit",
        "a.mxf",
        (
            "-c:a",
            "pcm_s24le",
            "-ar",
            "48000",
        ),
    ),
)
READ_KINDS = tuple(kind for kind in SOUND_KINDS if not (kind.flaw or kind.error))
REFUSED_KINDS = tuple(kind for kind in SOUND_KINDS if kind.flaw or kind.error)
