"""The kinds of artefact in a study; ``study.store.artefact_keys`` says which key opens each."""

from __future__ import annotations

from enum import StrEnum


class ArtefactKind(StrEnum):
    """What an artefact is. Its versions count from 1; a newer one supersedes an older."""

    SETTINGS = "settings"  # of the whole study: which microphone, and the like
    QUEUE = "queue"  # of the whole study: interviews that wait to be transcribed
    GUIDE = "guide"  # of the whole study: its topic guide, as text
    KEPT = "kept"  # of the whole study: words that name nobody in it and are never proposed
    VOCABULARY = "vocabulary"  # of the whole study: words and names to expect, as text
    ABOUT = "about"  # label, participants, channels, names known beforehand
    SETTING = "setting"  # settled before a recording: who is present, the sound check
    ORIGIN = "origin"  # the file that an import came from: container, rate, length
    TAKEN = "taken"  # of the whole study; its entries are hashes of files, kept for ever
    HINTS = "hints"  # which words and names a speech model was told to expect
    WINDOWS = "windows"  # a transcription under way; its entries are finished windows
    RAW = "raw"  # the transcript as the model gave it
    HEARING = "hearing"  # a passage, or all of it, that a model heard again beside the transcript
    HEARING_WINDOWS = "hearing_windows"  # such a hearing under way; its entries are its windows
    VOICES = "voices"  # which voice speaks when, as the turns of the newest transcript have it
    CORRECTED = "corrected"  # the transcript as a person corrected it
    MENTIONS = "mentions"  # identifying details that a search proposed; its entries are decisions
    FOUND = "found"  # the last search, turn by turn, so that only edited turns are searched again
    PSEUDONYMS = "pseudonyms"  # the replacement of each identity in this interview
    PROGRESS = "progress"  # the review; its entries say who looked at which turns, or ended it
    CLEAN = "clean"  # the transcript with every accepted mention replaced
    LOG = "log"  # the anonymisation log, without originals
    ORIGINALS = "originals"  # the words that each line of the log replaced
    RETURNED = "returned"  # a participant's copy that came back; its entries are rulings
    CHECKS = "checks"  # spot checks; its entries say what an officer found at a line of the log
    PASSED = "passed"  # its entries say which words may pass the gate, and why
    SIGNED = "signed"  # sign-offs: each binds the hashes of the clean transcript and the log
    POLICY = "policy"  # of the whole study: what its protocol asks and allows
    CASES = "cases"  # of the whole study: attributes of participants, by code
    HANDED = "handed"  # hand-overs: when, to whom, hashes of the files
    HANDING = "handing"  # of the whole study: hand-overs under way, so that none is forgotten
    ACCEPTED = "accepted"  # of the whole study: changes from outside that a person looked at
    CONSENT = "consent"  # of a participant: what they agreed to, apart from every interview
    CONTACTS = "contacts"  # of a participant: who they are, and who decides for them
    WITHDRAWN = "withdrawn"  # of the whole study: who has withdrawn, and how far
    DESTRUCTIONS = "destructions"  # of the whole study: what was to be destroyed, and what was
    HOLDS = "holds"  # of the whole study: what may not be destroyed, and who said so
    SAFEGUARDING = "safeguarding"  # somebody's safety is in doubt; apart from the interview
    RETENTION = "retention"  # of the whole study: how long each kind of data is kept
    STUDY_KEY = "study_key"  # of the whole study: what it signs parcels with, and its public keys
    OPENING_KEY = "opening_key"  # of the whole study: what opens parcels that are sealed for it
    TRUSTED = "trusted"  # of the whole study: other studies from which parcels are taken in
    FOREIGNERS = "foreigners"  # of the whole study: people of other studies whose work came here
    TRAVELS = "travels"  # of the whole study; its entries are parcels that were sent or taken in
    ORIGINAL_TRAIL = "original_trail"  # the lines about an interview in the study it came from
