"""CHAT for CLAN and TalkBank: an utterance for each sentence, with its time and those of its words.

CHAT writes codes in brackets, so a replacement such as "[Person 1, sister]" becomes one word with
a form marker of our own, ``Person_1__sister@z:rep``. Of punctuation only commas and the end of a
sentence stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from handoff.export_input import ExportInput
from handoff.spoken_words import TimedWord, estimate_words
from handoff.time_tiers import name_role
from handoff.transcript_lines import DO_NOT_QUOTE, TranscriptLine
from study import tidy_text

_CODE_LENGTH = 7  # letters and digits of a speaker's code
_ROLES = {"interviewer": "Investigator", "participant": "Participant", "supporter": "Adult"}
_OTHER_ROLE = "Other"
_LANGUAGES = {
    "en": "eng",
    "de": "deu",
    "fr": "fra",
    "es": "spa",
    "it": "ita",
    "nl": "nld",
    "pt": "por",
    "pl": "pol",
    "cy": "cym",
    "da": "dan",
    "sv": "swe",
    "no": "nor",
    "fi": "fin",
    "el": "ell",
    "tr": "tur",
    "ru": "rus",
    "uk": "ukr",
    "ar": "ara",
    "hi": "hin",
    "ur": "urd",
    "pa": "pan",
    "bn": "ben",
    "zh": "zho",
    "ja": "jpn",
    "ko": "kor",
    "cs": "ces",
    "hu": "hun",
    "ro": "ron",
}  # fmt: skip - ISO 639-3 for the codes of ``study.languages``
_UNKNOWN_LANGUAGE = "und"
_ENDS = re.compile(r"([.?!])[\"'\u2019\u201d)\]]*$")
_BRACKETED = re.compile(r"\[([^\[\]]*)\]")
_PART = re.compile(r"[^\W_]+(?:['_-]+[^\W_]+)*|,")
REPLACED = "@z:rep"
_APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u2019\u02bc`\u00b4", "'"))


def render_chat(material: ExportInput, sound: str = "") -> bytes:
    """Return the transcript as CHAT in UTF-8.

    sound: the ending of the sound file beside it, "" where there is none.
    """
    codes = _shorten(dict.fromkeys(line.speaker for line in material.lines if line.speaker))
    roles = {speaker: _ROLES.get(name_role(material, speaker), _OTHER_ROLE) for speaker in codes}
    language = _LANGUAGES.get(material.language, _UNKNOWN_LANGUAGE)
    listed = ", ".join(f"{code} {roles[speaker]}" for speaker, code in codes.items())
    out = ["@UTF8", "@Begin", f"@Languages:\t{language}", f"@Participants:\t{listed}"]
    out += [
        f"@ID:\t{language}|Earshot|{code}|||||{roles[speaker]}|||"
        for speaker, code in codes.items()
    ]
    if material.clean.is_timed:
        out.append(f"@Media:\t{material.label}, audio{'' if sound else ', missing'}")
    for line in material.lines:
        out += (
            _list_utterances(line, codes[line.speaker])
            if line.speaker
            else [f"@Comment:\t{line.time_prefix}{line.text}"]
        )
    return "\n".join([*out, "@End", ""]).encode()


def _shorten(speakers: Sequence[str] | dict[str, None]) -> dict[str, str]:
    """Return a code for each speaker that CHAT takes: seven capitals and digits, no two alike."""
    made: dict[str, str] = {}
    for number, speaker in enumerate(speakers, start=1):
        code = re.sub(r"[^A-Z0-9]", "", speaker.upper())
        is_free = 0 < len(code) <= _CODE_LENGTH and code not in made.values()
        made[speaker] = code if is_free else f"SPK{number:03}"
    return made


def _list_utterances(line: TranscriptLine, code: str) -> Iterator[str]:
    words = line.words or estimate_words(line.unmarked_text, line.start_s, line.end_s)
    for sentence in _split_sentences(words):
        spoken = [(word, _spell(word.text)) for word in sentence]
        if not any(part != "," for _, parts in spoken for part in parts):
            continue  # signs alone, which CHAT cannot hold
        end = _ENDS.search(sentence[-1].text)
        stop = end[1] if end else "."
        text = " ".join([*(part for _, parts in spoken for part in parts), stop])
        times = [(round(w.start_s * 1000), round(w.end_s * 1000)) for w in sentence]
        measured = [
            time for word, time in zip(sentence, times, strict=True) if not word.is_estimated
        ]
        yield f"*{code}:\t{text}{_bullet(measured or times) if line.is_timed else ''}"
        if line.words:
            timed = (
                # Nobody said a word that was typed in at the time that was worked out for it.
                f"{part}{'' if word.is_estimated else _bullet([time])}"
                for time, (word, parts) in zip(times, spoken, strict=True)
                for part in parts
                if part != ","
            )
            yield f"%wor:\t{' '.join([*timed, stop])}"
        if not line.is_quotable:
            yield f"%com:\t{DO_NOT_QUOTE}"


def _split_sentences(words: Sequence[TimedWord]) -> Iterator[list[TimedWord]]:
    sentence: list[TimedWord] = []
    for word in words:
        sentence.append(word)
        if _ENDS.search(word.text):
            yield sentence
            sentence = []
    if sentence:
        yield sentence


def _spell(text: str) -> list[str]:
    """Return a word as CHAT writes it: none, one, or one beside a comma."""
    plain = tidy_text(text).translate(_APOSTROPHES)
    parts = _PART.findall(_BRACKETED.sub(_join_words, plain))
    if _BRACKETED.search(plain):
        place = next((i for i, part in enumerate(parts) if part != ","), None)
        if place is not None:
            parts[place] += REPLACED
    return parts


def _join_words(bracketed: re.Match[str]) -> str:
    return re.sub(r"[^\w'-]+", "_", re.sub(r",\s+", "__", bracketed[1].strip())).strip("_")


def _bullet(times: Sequence[tuple[int, int]]) -> str:
    """Return a time between the two control characters that CHAT puts around it."""
    start = times[0][0]
    return f" \x15{start}_{max(times[-1][1], start + 1)}\x15"
