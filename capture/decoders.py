"""From an open file to its sound: which decoder reads what, and what is refused by name.

They run only in the child process of ``capture.decoder_process``: the libraries behind them are
large, written in C, and read files from anywhere. All yield blocks of at most one second, say where
sound is missing, and at the end whether the file was cut short.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator
from functools import partial

from capture.container_length import ContainerClaim, read_claim
from capture.file_kinds import name_refused_kind, name_unknown_kind
from capture.file_view import FileView
from capture.joined_decoders import ConvertedDecoder, LinksDecoder, SoundDecoder, TracksDecoder
from capture.libsndfile_decoder import open_libsndfile
from capture.limits import check_reasonable
from capture.ogg_links import OggLink, find_ogg_links
from capture.pyav_decoder import PyavFile, open_pyav_tracks
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
    said = read_claim(descriptor)
    if not said.is_readable:
        raise SoundTruncated
    with contextlib.ExitStack() as held:
        try:
            found = _open(descriptor, said, track, held)
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


def _open(
    descriptor: int, said: ContainerClaim, track: int, held: contextlib.ExitStack
) -> SoundDecoder:
    found: SoundDecoder | None = None
    if said.container in _BY_LIBSNDFILE:
        found = open_libsndfile(descriptor, said, held)
    elif said.container == "OGG":
        found = _open_ogg(descriptor, said, held)
    if found is not None:
        if track > 1:
            raise NoTrack(1)
        return found
    # PyAV also reads a WAV whose recorder was killed before it could note any length.
    options = {"ignore_length": "1"} if said.sound and said.container == "WAV" else {}
    file = PyavFile(partial(FileView, descriptor), held, options)
    return _choose_tracks(file, said, track)


def _choose_tracks(file: PyavFile, said: ContainerClaim, track: int) -> SoundDecoder:
    if track > len(file.tracks):
        raise NoTrack(len(file.tracks))
    tracks, left_out = open_pyav_tracks(file, said, track)
    if len(tracks) == 1:
        tracks[0].left_out = left_out
        return tracks[0]
    return TracksDecoder(tracks, left_out)


def _open_ogg(
    descriptor: int, said: ContainerClaim, held: contextlib.ExitStack
) -> SoundDecoder | None:
    """Open an Ogg file of one stream, or one after the other; None leaves it to PyAV as it is."""
    links = find_ogg_links(descriptor)
    if len(links) == 1 and links[0].is_plain:
        return open_libsndfile(descriptor, said, held)
    if len(links) < 2:  # noqa: PLR2004 - one alone is no chain
        return None
    forms: list[SoundFormat] = []
    claims: list[int | None] = []
    first: SoundDecoder | None = None
    for number, link in enumerate(links):
        with contextlib.ExitStack() as closing:
            one = _open_link(descriptor, link, _claim_link(said, number, links), closing)
            if one is not None:
                check_reasonable(one.rate, one.channels, one.claimed)
                first = first or one
                forms.append(SoundFormat(one.rate, one.channels))
                claims.append(one.claimed and one.claimed * 1_000_000 // one.rate)
    if first is None:
        return None
    form = SoundFormat(max(f.rate for f in forms), max(f.channels for f in forms))
    known = [claim for claim in claims if claim is not None]
    claimed = sum(known) * form.rate // 1_000_000 if len(known) == len(links) else None
    openers: list[Callable[[], SoundDecoder | None]] = [
        partial(_reopen_link, descriptor, link, _claim_link(said, number, links), held)
        for number, link in enumerate(links)
    ]
    return LinksDecoder(openers, form, first, claimed)


def _claim_link(said: ContainerClaim, number: int, links: list[OggLink]) -> ContainerClaim:
    """Return the claim of one link: only the last one can lack the end of the file."""
    return said if number == len(links) - 1 else ContainerClaim(said.container)


def _reopen_link(
    descriptor: int, link: OggLink, said: ContainerClaim, held: contextlib.ExitStack
) -> SoundDecoder | None:
    """Open a link after closing the one before it: ten thousand of them stay one open file."""
    held.pop_all().close()
    return _open_link(descriptor, link, said, held)


def _open_link(
    descriptor: int, link: OggLink, said: ContainerClaim, held: contextlib.ExitStack
) -> SoundDecoder | None:
    view = partial(FileView, descriptor, link.start, link.end)
    if link.is_plain:
        found = open_libsndfile(descriptor, said, held, view())
        if found is not None:
            return found
    try:
        return _choose_tracks(PyavFile(view, held), said, 0)
    except (NotSound, SoundEmpty):
        return None
