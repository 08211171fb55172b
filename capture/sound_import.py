"""Import sound files into a study: a child process decodes them, this one seals the sound.

This process opens a file and passes it on as a descriptor. The child
(``capture.decoder_process``) sends PCM through a pipe, at most a second at a time, and this process
seals each block at once. So no unencrypted sound is written to disk, memory does not grow with the
length, and whatever a hostile file does to a codec ends as one sentence. No message names the
file, whose name may be a person's.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from capture.decoder_process import DecodingOrder, SoundFileGap, SoundFileHead, SoundFileTail
from capture.decoding_child import DecodingChild, hash_file, open_sound_file
from capture.limits import LONGEST_HOURS, compute_most_frames
from capture.taken_files import TakenFiles, hash_head
from study import (
    FileHash,
    GatedAction,
    InterviewDetails,
    Mark,
    MarkKind,
    ReportProgress,
    ShouldStop,
    SoundFormat,
    TaskProgress,
    no_report,
    no_stop,
)
from study.errors import (
    ChannelsDiffer,
    NotSound,
    PartLeftOut,
    SoundChanging,
    SoundEmpty,
    SoundTakenBefore,
    SoundTruncated,
    SoundUnreachable,
    SoundUnreasonable,
)
from study.store import (
    Change,
    IncomingSound,
    Interview,
    InterviewSound,
    Study,
    check_new_interview,
    note_taken_hashes,
    require_consent,
    require_takes_sound,
)

Origin = dict[str, str | int | float | bool]

DAMAGED_NOTE = "damaged in the file"
_LEAST_CONTAINER_S = 2.0  # a picture often goes on for a second after the sound
_LEAST_DIFFERENCE_S = 1.0  # between a stated length and the decoded one, worth a sentence


def import_sound(
    study: Study,
    path: Path,
    about: InterviewDetails,
    *,
    partial: bool = False,
    stop: ShouldStop = no_stop,
    report: ReportProgress = no_report,
) -> str:
    """Seal the sound of a file into the study and return the new interview's id.

    As ``import_sound_parts`` with one file, taken again if the study has it already.

    Raises:
        What ``import_sound_parts`` raises, but for ``SoundTakenBefore``.
    """
    how = ImportChoices(partial=partial, again=True)
    return import_sound_parts(study, (path,), about, how, stop=stop, report=report)


@dataclass(frozen=True, slots=True)
class SoundLeft:
    """What of some files cannot be decoded: how many sound tracks, how many bytes behind the sound.

    A spatial track beside a track of the same sound is not counted.
    """

    tracks: int
    unread_bytes: int


@dataclass(frozen=True, slots=True)
class ImportChoices:
    """What a person chose about an import.

    partial: a file that was cut short is imported as far as it goes, and without what cannot be
    decoded. may_leave: asks a person whether what cannot be decoded may be left, None where nobody
    can be asked. again: files are taken that
    the study has already. track: the only sound track to take, counted from 1; 0 for all.
    taken: what the study has, where the caller imports many files; None to look it up.
    """

    partial: bool = False
    may_leave: Callable[[SoundLeft], bool] | None = None
    again: bool = False
    track: int = 0
    taken: TakenFiles | None = None


@dataclass(slots=True)
class _Facts:
    """What is noted of the files of one import, as it is read."""

    files: list[FileHash] = field(default_factory=list[FileHash])
    size: int = 0
    unread: int = 0
    damaged: int = 0
    damaged_s: float = 0.0
    gaps: int = 0
    gap_s: float = 0.0
    late_s: float = 0.0
    container_s: float | None = None
    tracks: int = 1
    left_out: int = 0
    spatial: int = 0
    links: int = 0
    header_s: float | None = None
    is_cut: bool = False


def import_sound_parts(
    study: Study,
    paths: Sequence[Path],
    about: InterviewDetails,
    choices: ImportChoices | None = None,
    *,
    stop: ShouldStop = no_stop,
    report: ReportProgress = no_report,
) -> str:
    """Seal the sound of files, one after the other, as one interview, and return its id.

    Samples become 16-bit. Rate and channels stay as they are; of several files, the highest of each
    is taken. Each sound track of a file becomes a channel. Where a file has no sound for a while,
    or damaged sound, silence of that length stands for it, with a mark; so does a mark stand where
    the next file begins. Progress is in seconds of sound, with a total of 0 if it is not known. On
    any error the study stays as it was.

    Raises:
        What ``seal_sound_parts`` and ``SealedImport.keep`` raise.
    """
    with seal_sound_parts(study, paths, about, choices, stop=stop, report=report) as sealed:
        return sealed.keep()


@contextlib.contextmanager
def seal_sound_parts(
    study: Study,
    paths: Sequence[Path],
    about: InterviewDetails,
    choices: ImportChoices | None = None,
    *,
    to: Interview | None = None,
    stop: ShouldStop = no_stop,
    report: ReportProgress = no_report,
) -> Generator[SealedImport]:
    """Seal the sound of files as ``import_sound_parts``; the block decides whether it is kept.

    to: an interview without sound, which it becomes the sound of; ``about`` are its details then.
    What is not kept in the block leaves nothing.

    Raises:
        SoundNotFound, SoundEmpty, NotSound, SoundKindRefused, SoundUnreasonable, SoundChanging,
        SoundUnreachable, NoTrack: see their docstrings.
        ChannelsDiffer: ``about`` names more speakers for channels than it has channels.
        SoundTruncated: it ends before it should.
        PartLeftOut: a part of it cannot be decoded, and nobody says that it may be left.
        SoundTakenBefore: an interview of the study has this very file, or it is given twice.
        BadName: the label is taken, or not valid.
        NotJoined: ``to`` has sound.
        HasWithdrawn: somebody has withdrawn.
        ConsentError: the consent of who is entered does not cover it.
        Stopped: ``stop`` returned True.
        DiskFull, StudyUnwritable: nothing was kept.
    """
    choices = choices or ImportChoices()
    if to is None:
        check_new_interview(study, about)
    else:
        require_takes_sound(to)
    require_consent(study, GatedAction.IMPORT_SOUND, about, interview="" if to is None else to.id)
    taken = choices.taken if choices.taken is not None else TakenFiles.read(study)
    with contextlib.ExitStack() as opened:
        sources = [opened.enter_context(open_sound_file(path)) for path in paths]
        if not choices.again:
            for source in sources:
                taken.require_new(source)
            _require_different(sources)
        importing = _Importing(study, about, to, choices, stop, report)
        with contextlib.closing(importing):
            importing.take(sources)
            yield SealedImport(importing, taken)


class SealedImport:
    """The sound of an import: sealed whole, and not in the study before ``keep``."""

    def __init__(self, importing: _Importing, taken: TakenFiles) -> None:
        self._importing = importing
        self._taken = taken
        self.origin: Origin = importing.origin

    def open_sound(self) -> InterviewSound:
        """Return the sound to read, to be closed by the caller.

        Raises:
            DiskFull, StudyUnwritable: as their texts say.
        """
        return self._importing.incoming.open_sealed()

    def keep(self, write_more: Callable[[Change], None] | None = None) -> str:
        """Enter the sound into the study and return the interview's id.

        write_more: writes what belongs to the same change.

        Raises:
            BadName, NotJoined, HasWithdrawn: as ``IncomingSound.keep``.
            DiskFull, StudyUnwritable, StudyInUse: nothing was kept.
        """
        importing = self._importing
        files = importing.facts.files

        def write(change: Change) -> None:
            new = [one for one in files if one.whole not in self._taken.listed]
            note_taken_hashes(change, new)
            if write_more is not None:
                write_more(change)

        interview = importing.incoming.keep(importing.about, self.origin, write)
        self._taken.add(files, importing.about.label)
        return interview


class _Importing:
    """One import under way; closing it before ``take`` is done leaves nothing of it."""

    def __init__(
        self, study: Study, about: InterviewDetails, to: Interview | None, choices: ImportChoices,
        stop: ShouldStop, report: ReportProgress,
    ) -> None:  # fmt: skip
        self.facts = _Facts()
        self.about = about
        self.origin: Origin = {}
        self._study = study
        self._to = to
        self._choices = choices
        self._stop = stop
        self._report = report
        self._sealing = contextlib.ExitStack()
        self._incoming: IncomingSound | None = None
        self._form = SoundFormat(1, 1)
        self._total_s = 0.0

    def close(self) -> None:
        """Remove what was sealed and not kept."""
        self._sealing.close()

    @property
    def incoming(self) -> IncomingSound:
        """The sealed sound, once the first file has begun."""
        assert self._incoming is not None, "there is a file"
        return self._incoming

    def take(self, sources: Sequence[int]) -> None:
        """Seal the sound of open files, in order."""
        heads: list[SoundFileHead] = []
        if len(sources) > 1:
            heads = [_read_head(source, self._choices, self._stop) for source in sources]
            self._total_s = _sum_claims(heads)
        order = _choose_form(heads, self._choices)
        head = SoundFileHead("", "", 1, 1, None)
        for number, source in enumerate(sources):
            note = f"{number + 1} of {len(sources)}" if number else ""
            head = self._take_file(source, order, note)
        frames = self.incoming.frames
        if self.facts.is_cut and not self._choices.partial:
            raise SoundTruncated(frames / self._form.rate)
        if not frames:
            raise SoundEmpty
        self._require_all()
        self.origin = _describe_origin(head, self.facts, frames, len(sources))

    def _require_all(self) -> None:
        """Refuse to leave what cannot be decoded, where nobody says that it may be left.

        Raises:
            PartLeftOut: nobody does.
        """
        facts, choices = self.facts, self._choices
        left = SoundLeft(facts.left_out - facts.spatial, facts.unread)
        if choices.partial or not (left.tracks or left.unread_bytes):
            return
        if choices.may_leave is None or not choices.may_leave(left):
            raise PartLeftOut(left.tracks, left.unread_bytes)

    def _take_file(self, source: int, order: DecodingOrder, joint: str) -> SoundFileHead:
        """Seal one file; joint: what its mark says, "" for the first."""
        with DecodingChild(source, self._stop, order) as decoding:
            head = decoding.read_head()
            incoming = self._incoming or self._begin(head)
            if SoundFormat(head.rate, head.channels) != self._form:
                raise NotSound  # a hostile file may have taken the child over
            begun = incoming.frames
            if joint:
                incoming.write_mark(Mark(begun / head.rate, MarkKind.JOINT, joint))
            for part in decoding.parts():
                if isinstance(part, SoundFileGap):
                    self._mark_gap(incoming, part, begun)
                else:
                    self._seal(incoming, part)
            self._note_length(head, incoming.frames - begun)
            self._check_end(decoding.tail, source)
            return head

    def _begin(self, head: SoundFileHead) -> IncomingSound:
        if len(self.about.channels) > head.channels:
            raise ChannelsDiffer(len(self.about.channels), head.channels)
        self._form = SoundFormat(head.rate, head.channels)
        self._total_s = self._total_s or (head.claimed or 0) / head.rate or head.estimated_s
        self._incoming = self._sealing.enter_context(
            IncomingSound(self._study, self._form, self._to)
        )
        return self._incoming

    def _seal(self, incoming: IncomingSound, pcm: bytes) -> None:
        form = self._form
        if len(pcm) % form.frame_bytes or len(pcm) > form.rate * form.frame_bytes:
            raise NotSound  # a hostile file may have taken the child over
        incoming.write(pcm)
        if incoming.frames > compute_most_frames(form.rate):  # whatever its header claimed
            raise SoundUnreasonable(f"more than {LONGEST_HOURS} hours")
        done_s = incoming.frames / form.rate
        # A total that proves too small is no total.
        total_s = self._total_s if done_s <= self._total_s + _LEAST_DIFFERENCE_S else 0.0
        self._report(TaskProgress(done_s, max(total_s, done_s) if total_s else 0.0, "importing"))

    def _mark_gap(self, incoming: IncomingSound, gap: SoundFileGap, begun: int) -> None:
        facts = self.facts
        if gap.is_damage:
            facts.damaged_s += gap.length_s
        elif not begun and gap.at_s == 0.0:
            facts.late_s = gap.length_s
        else:
            facts.gaps += 1
            facts.gap_s += gap.length_s
        note = DAMAGED_NOTE if gap.is_damage else ""
        at_s = begun / self._form.rate + gap.at_s
        incoming.write_mark(Mark(at_s, MarkKind.ABSENT, note, gap.length_s))

    def _note_length(self, head: SoundFileHead, frames: int) -> None:
        """Hold the decoded time against the header's and the container's."""
        facts, found_s = self.facts, frames / head.rate
        stated = head.header_frames if head.header_frames is not None else head.claimed
        if stated is not None and abs(found_s - stated / head.rate) >= _LEAST_DIFFERENCE_S:
            facts.header_s = (facts.header_s or 0.0) + stated / head.rate
        elif head.container_s and abs(found_s - head.container_s) >= _LEAST_CONTAINER_S:
            facts.container_s = (facts.container_s or 0.0) + head.container_s
        facts.tracks = max(facts.tracks, head.tracks)
        facts.left_out += head.left_out
        facts.spatial += head.spatial
        facts.links += head.links

    def _check_end(self, tail: SoundFileTail, source: int) -> None:
        """Note how a file ended.

        Raises:
            SoundUnreachable: the disk failed under it.
            SoundChanging: something wrote it meanwhile.
        """
        if tail.has_failed:
            raise SoundUnreachable
        if tail.has_changed:
            raise SoundChanging
        facts = self.facts
        facts.is_cut |= tail.is_cut
        facts.damaged += tail.damaged
        facts.unread += tail.unread
        facts.size += os.fstat(source).st_size
        facts.files.append(FileHash(tail.sha256 or hash_file(source), hash_head(source)))


def _require_different(sources: Sequence[int]) -> None:
    """Refuse a file that is given twice; only files of one size are hashed.

    Raises:
        SoundTakenBefore: it is.
        SoundUnreachable: a file cannot be read.
    """
    sizes = [os.fstat(source).st_size for source in sources]
    alike = [one for one, size in zip(sources, sizes, strict=True) if sizes.count(size) > 1]
    if len({hash_file(source) for source in alike}) < len(alike):
        raise SoundTakenBefore("")


@dataclass(frozen=True, slots=True)
class SoundMeasure:
    """What a file says of itself; length_s is None where it does not say, or an estimate."""

    container: str
    codec: str
    tracks: int
    length_s: float | None


def measure_sound_file(path: Path, stop: ShouldStop = no_stop) -> SoundMeasure:
    """Return what a file says of itself, without decoding more than its beginning.

    Raises:
        As ``import_sound_parts`` about the file alone.
    """
    with open_sound_file(path) as source:
        head = _read_head(source, ImportChoices(), stop)
    length_s = head.claimed / head.rate if head.claimed else head.estimated_s or None
    return SoundMeasure(head.container, head.codec, head.tracks, length_s)


def _read_head(source: int, choices: ImportChoices, stop: ShouldStop) -> SoundFileHead:
    with DecodingChild(source, stop, DecodingOrder(choices.track)) as decoding:
        return decoding.read_head()


def _choose_form(heads: Sequence[SoundFileHead], choices: ImportChoices) -> DecodingOrder:
    """Return the form of several files together; a single file keeps its own."""
    rate = max((head.rate for head in heads), default=0)
    channels = max((head.channels for head in heads), default=0)
    return DecodingOrder(choices.track, rate, channels)


def _sum_claims(heads: Sequence[SoundFileHead]) -> float:
    lengths = [head.claimed / head.rate for head in heads if head.claimed is not None]
    return sum(lengths) if len(lengths) == len(heads) else 0.0


def _describe_origin(head: SoundFileHead, facts: _Facts, frames: int, files: int) -> Origin:
    origin: Origin = {
        "container": head.container,
        "codec": head.codec,
        "rate": head.rate,
        "channels": head.channels,
        "frames": frames,
        "duration_s": frames / head.rate,
        "bytes": facts.size,
        "sha256": " ".join(one.whole for one in facts.files),
        "is_cut": facts.is_cut,
    }
    noted: dict[str, tuple[int | float, int | float]] = {
        "files": (files, 1),
        "tracks": (facts.tracks, 1),
        "tracks_left_out": (facts.left_out, 0),
        "tracks_spatial": (facts.spatial, 0),
        "links": (facts.links, files),
        "gaps": (facts.gaps, 0),
        "gap_s": (round(facts.gap_s, 3), 0),
        "damaged": (facts.damaged, 0),
        "damaged_s": (round(facts.damaged_s, 3), 0),
        "unread_bytes": (facts.unread, 0),
        "late_s": (round(facts.late_s, 3), 0),
    }
    origin |= {name: value for name, (value, usual) in noted.items() if value != usual}
    stated = {"header_s": facts.header_s, "container_s": facts.container_s}
    return origin | {name: round(s, 3) for name, s in stated.items() if s is not None}
