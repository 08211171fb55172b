"""Which artefacts there are, and which key opens each."""

from __future__ import annotations

from enum import StrEnum

from study.keys import KeyClass


class Kind(StrEnum):
    """What an artefact is. Each new version names, by its number, the one it supersedes."""

    SETTINGS = "settings"  # of the whole study: which microphone, and the like
    QUEUE = "queue"  # of the whole study: what waits to be transcribed
    GUIDE = "guide"  # of the whole study: its topic guide, as text
    KEPT = "kept"  # of the whole study: what names nobody in it, and is never proposed
    VOCABULARY = "vocabulary"  # of the whole study: words and names to expect, as text
    ABOUT = "about"  # label, participants, channels, names known beforehand
    SETTING = "setting"  # what was settled before a recording: who is there, the sound check
    ORIGIN = "origin"  # what the sound was before it was sealed
    HINTS = "hints"  # which words and names a speech model was told to expect
    WINDOWS = "windows"  # a transcription under way; its entries are finished windows
    RAW = "raw"  # the transcript as the model gave it
    CORRECTED = "corrected"  # the transcript as a person corrected it
    MENTIONS = "mentions"  # what was proposed; its entries are decisions
    FOUND = "found"  # what each turn gave to the last search, so that only edited ones are searched
    PSEUDONYMS = "pseudonyms"  # what this interview's identities are called
    PROGRESS = "progress"  # how far the review is; its entries are what was looked at, and by whom
    CLEAN = "clean"  # the transcript with every accepted mention replaced
    LOG = "log"  # the anonymisation log, without originals
    ORIGINALS = "originals"  # what the lines of the log stand for
    CHECKS = "checks"  # its entries are what an officer found when looking at lines of the log
    SIGNED = "signed"  # sign-offs: each binds the hashes of the clean transcript and the log
    POLICY = "policy"  # of the whole study: what its protocol asks and allows
    CASES = "cases"  # of the whole study: attributes of participants, by code
    HANDED = "handed"  # what was handed over: file hashes, when


_CLASSES = {
    Kind.PSEUDONYMS: KeyClass.KEY,
    Kind.ORIGINALS: KeyClass.KEY,
    Kind.PROGRESS: KeyClass.CLEAN,
    Kind.CLEAN: KeyClass.CLEAN,
    Kind.LOG: KeyClass.CLEAN,
    Kind.CHECKS: KeyClass.CLEAN,
    Kind.SIGNED: KeyClass.CLEAN,
    Kind.POLICY: KeyClass.CLEAN,
    Kind.CASES: KeyClass.CLEAN,
    Kind.HANDED: KeyClass.CLEAN,
}


def key_class(kind: Kind) -> KeyClass:
    """Which class key opens artefacts of this kind."""
    return _CLASSES.get(kind, KeyClass.IDENTIFYING)
