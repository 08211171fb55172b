"""From an open file to its sound: which decoder reads what, and what is refused by name.

They run only in the child process of ``capture.decoder_process``: the libraries behind them are
large, written in C, and read files from anywhere. All yield blocks of at most one second, say where
sound is missing, and at the end whether the file was cut short.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from functools import partial

from capture.container_length import ContainerClaim, read_claim
from capture.file_kinds import name_refused_kind, name_unknown_kind
from capture.file_view import FileView
from capture.joined_decoders import ConvertedDecoder, LinksDecoder, SoundDecoder, TracksDecoder
from capture.joined_files import find_file_parts
from capture.libsndfile_decoder import open_libsndfile
from capture.limits import check_reasonable
from capture.ogg_links import find_ogg_links
from capture.pyav_decoder import PyavFile, open_pyav_tracks
from capture.sound_heads import begins_sound_file
from study import SoundFormat
from study.errors import (
    NoTrack,
    NotSound,
    SoundEmpty,
    SoundKindRefused,
    SoundTruncated,
)

# Of the two dozen formats of libsndfile, those that people have. Not MP3, which it cuts short, and
# not FLAC with holes in it, at which it stops.
_BY_LIBSNDFILE = {"WAV", "AIFF", "AU", "W64", "CAF"}


@contextlib.contextmanager
def open_decoder(
    descriptor: int, track: int = 0, target: SoundFormat | None = None
) -> Generator[SoundDecoder]:
    """Open the sound in a regular file; the descriptor stays open, its position moves.

    track: which sound track to take, counted from 1; 0 takes all of them, each as a channel.
    target: the form to convert to, None for the file's own.

    Raises:
        NotSound, SoundKindRefused, SoundEmpty, SoundUnreasonable, NoTrack: see their docstrings.
        SoundTruncated: a part is missing without which nothing can be decoded.
    """
    if (refused := name_refused_kind(descriptor)) is not None:
        raise SoundKindRefused(refused)
    with contextlib.ExitStack() as held:
        try:
            found = _open(FileView(descriptor), track, held)
        except SoundKindRefused:
            raise
        except NotSound:
            if (kind := name_unknown_kind(descriptor)) is not None:
                raise SoundKindRefused(kind) from None
            raise
        check_reasonable(found.rate, found.channels, found.claimed)
        if target is not None and target != SoundFormat(found.rate, found.channels):
            found = ConvertedDecoder(found, target)
        yield found


def _open(file: FileView, track: int, held: contextlib.ExitStack) -> SoundDecoder:
    """Open a file of one part or several: joined files, or the links of an Ogg file."""
    parts = _find_parts(file)
    if len(parts) > 1 and (found := _open_parts(file, parts, track, held)) is not None:
        return found
    return _open_part(file, read_claim(file), track, held, is_plain=parts[0].is_plain)


@dataclass(frozen=True, slots=True)
class _Part:
    """The bytes of one of several joined files; is_plain: an Ogg file of one whole stream."""

    start: int
    end: int
    is_plain: bool


def _find_parts(file: FileView) -> list[_Part]:
    if file.read_at(4, 0) == b"OggS":
        links = find_ogg_links(file)
        parts = [_Part(link.start, link.end, link.is_plain) for link in links]
        if links and begins_sound_file(file, links[-1].end):
            parts.append(_Part(links[-1].end, file.size, is_plain=False))
        return parts or [_Part(0, file.size, is_plain=False)]
    return [_Part(start, end, is_plain=False) for start, end in find_file_parts(file)]


def _open_part(
    file: FileView, said: ContainerClaim, track: int, held: contextlib.ExitStack, *, is_plain: bool
) -> SoundDecoder:
    if not said.is_readable:
        raise SoundTruncated
    found: SoundDecoder | None = None
    if said.container in _BY_LIBSNDFILE or (said.container == "OGG" and is_plain):
        found = open_libsndfile(file, said, held)
    if found is not None:
        if track > 1:
            raise NoTrack(1)
        return found
    # PyAV also reads a WAV whose recorder was killed before it could note any length.
    options = {"ignore_length": "1"} if said.sound and said.container == "WAV" else {}
    opened = PyavFile(file, held, options)
    if track > len(opened.tracks):
        raise NoTrack(len(opened.tracks))
    tracks, left_out = open_pyav_tracks(opened, said, track)
    if len(tracks) == 1:
        tracks[0].left_out = left_out
        return tracks[0]
    return TracksDecoder(tracks, left_out)


def _open_parts(
    file: FileView, parts: list[_Part], track: int, held: contextlib.ExitStack
) -> SoundDecoder | None:
    """Open joined files as one; None where the first of them holds no sound."""
    forms: list[SoundFormat] = []
    lengths: list[float] = []
    first: SoundDecoder | None = None
    opened: list[_Part] = []
    unread = 0
    for part in parts:
        with contextlib.ExitStack() as closing:
            one = _try_part(file, part, track, closing, is_last=part is parts[-1])
            if one is None:
                unread += part.end - part.start
            else:
                opened.append(part)
                check_reasonable(one.rate, one.channels, one.claimed)
                first = first or one
                forms.append(SoundFormat(one.rate, one.channels))
                lengths += [one.claimed / one.rate] if one.claimed is not None else []
    if first is None:
        return None
    form = SoundFormat(max(f.rate for f in forms), max(f.channels for f in forms))
    claimed = round(sum(lengths) * form.rate) if len(lengths) == len(parts) else None
    openers: list[Callable[[], SoundDecoder | None]] = [
        partial(_reopen_part, file, part, track, held, is_last=part is parts[-1]) for part in opened
    ]
    return LinksDecoder(openers, form, first, claimed, unread)


def _reopen_part(
    file: FileView, part: _Part, track: int, held: contextlib.ExitStack, *, is_last: bool
) -> SoundDecoder | None:
    """Open a part after closing the one before it: a thousand of them stay one open file."""
    held.pop_all().close()
    return _try_part(file, part, track, held, is_last=is_last)


def _try_part(
    file: FileView, part: _Part, track: int, held: contextlib.ExitStack, *, is_last: bool
) -> SoundDecoder | None:
    view = file.part(part.start, part.end)
    said = read_claim(view)
    if not is_last:  # a joint is no cut, and an Ogg link may lack its end
        said = replace(said, is_cut=False)
    try:
        return _open_part(view, said, track, held, is_plain=part.is_plain)
    except (NotSound, SoundEmpty, SoundTruncated):
        return None
