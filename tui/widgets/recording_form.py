"""The form of a recording about to begin: one row for each setting."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from app import WITHDRAWN_SIGN, MicrophoneChoice, format_count, format_participants
from study import (
    AUTO_LANGUAGE,
    ConsentRecord,
    ConsentRule,
    GatedAction,
    InterviewDetails,
    Role,
    SoundCheck,
    TopicGuide,
    find_refusal,
    list_others,
    name_language,
)
from tui.key_names import with_keys
from tui.widgets.safe_text import TextPart

_TITLE = 16  # columns of a row's name
_ROOM = 80 - _TITLE - 4  # columns of what stands behind it, in the smallest window
LABEL_HINT = "A code such as P07_i1, never a name: it appears on screens and in files."
NAMES_HINT = "All their names, with commas: Margaret Wilson, Maggie. They are sealed."
OTHERS_HINT = (
    "person=Tom Baker,Tommy:brother; place=Ashfield,Oldham (one person; two places). They are"
    " sealed."
)
PARTICIPANTS_HINT = (
    "Codes with commas, roles after a colon: P07, INT01:interviewer, FAM01:supporter, K1:staff."
)


class FormRow(IntEnum):
    """The rows of the form, in the order in which they are settled."""

    LABEL = 0
    WHO = 1
    NAMES = 2
    PRESENT = 3
    CONSENT = 4
    LANGUAGE = 5
    MICROPHONE = 6
    GUIDE = 7
    CHECK = 8
    START = 9


@dataclass(slots=True)
class RecordingForm:
    """The settings so far; ``microphones`` is None while they are being listed."""

    about: InterviewDetails
    present: tuple[str, ...] = ()
    device: str = ""
    microphones: list[MicrophoneChoice] | None = None
    guide: tuple[TopicGuide, int] | None = None
    check: SoundCheck | None = None
    consent: bool | None = None
    is_checking: bool = False
    is_starting: bool = False
    problem: str = ""
    study_language: str = "en"
    consents: Mapping[str, ConsentRecord] = field(default_factory=dict[str, ConsentRecord])
    rule: ConsentRule = ConsentRule.UNSET
    withdrawn: Collection[str] = ()  # codes of who has withdrawn, however far

    def set_about(self, about: InterviewDetails) -> None:
        """Take another description; everybody in it is here until somebody says otherwise."""
        if about.participants != self.about.participants or not self.present:
            self.present = tuple(p.code for p in about.participants)
        self.about = about

    def toggle_present(self, number: int) -> None:
        """Tick a participant as here, or not; they count from 1."""
        here = set(self.present) ^ {self.about.participants[number - 1].code}
        self.present = tuple(p.code for p in self.about.participants if p.code in here)

    def set_device(self, device: str) -> None:
        """Take a microphone; a sound check of another one says nothing about it."""
        if device != self.device:
            self.device, self.check = device, None

    @property
    def language(self) -> str:
        """The language of the interview: its own, else the study's; a code or ``auto``."""
        return self.about.language or self.study_language

    @property
    def channels(self) -> int:
        """The number of channels: one for each person with a microphone, else one for all."""
        return len(self.about.channels) or 1

    def format_rows(self) -> list[str]:
        """Write the rows."""
        said = {
            "Label": self.about.label,
            "Participants": format_participants(self.about.participants) or "nobody yet",
            "Names": self._names(),
            "Here now": self._here(),
            "Consent": self._agreed(),
            "Language": self._spoken(),
            "Microphone": self._microphone(),
            "Topic guide": self._topics(),
            "Sound check": self._verdict(),
            "Record": self._start(),
        }
        return [f"{name:<{_TITLE}}{text}" for name, text in said.items()]

    @property
    def asked(self) -> tuple[str, ...]:
        """The codes of who is here and whose consent it takes: everybody but interviewers."""
        here = [p for p in self.about.participants if p.code in self.present]
        return tuple(p.code for p in here if p.role is not Role.INTERVIEWER)

    def _agreed(self) -> str:
        """Write who has a consent record that lets them be recorded, and who has not."""
        if self.about.is_spoken_consent:
            return "this recording is the consent"
        shows = with_keys("{prepare.consent} shows it")
        entered = list_others(self.about.participants)
        if gone := [code for code in entered if code in self.withdrawn]:
            return f"{WITHDRAWN_SIGN} {', '.join(gone)} has withdrawn; {shows}"
        if not self.asked:
            return "nobody who could agree is here"
        refusals = (find_refusal(GatedAction.RECORD, self.rule, (code,), self.consents)
                    for code in self.asked)  # fmt: skip
        signs = "  ".join(
            f"{'!' if refused else '✓' if code in self.consents else '·'} {code}"
            for code, refused in zip(self.asked, refusals, strict=True)
        )
        how = {
            ConsentRule.RECORDED: "", ConsentRule.PAPER: "   on paper",
            ConsentRule.UNSET: "   not asked for",
        }[self.rule]  # fmt: skip
        return f"{signs}{how}; {shows}"

    def _names(self) -> str:
        """Count the names that are known beforehand; the names themselves stand on no screen."""
        shows = with_keys("{prepare.names} adds some")
        counts = [f"{one.code}: {len(one.names)}" for one in self.about.participants if one.names]
        if self.about.register:
            counts.append(f"others: {len(self.about.register)}")
        return f"{'  '.join(counts) or 'none yet'}; {shows}"

    def _here(self) -> str:
        """Write who is here in as much room as there is: many people without their roles."""
        roomy = "   ".join(f"{n} {tick}" for n, tick in enumerate(self.format_ticks(), 1))
        if len(roomy) <= _ROOM:
            return roomy or "-"
        signs = [
            (n, "✓" if p.code in self.present else "✗", p.code)
            for n, p in enumerate(self.about.participants, 1)
        ]
        spaced = "   ".join(" ".join(map(str, sign)) for sign in signs)
        if len(spaced) <= _ROOM:
            return spaced
        return " ".join(f"{n}{tick}{code}" for n, tick, code in signs)

    def format_ticks(self) -> list[str]:
        """Write who is here and who is not."""
        return [
            f"{'✓' if p.code in self.present else '✗'} {p.code} {p.role}"
            for p in self.about.participants
        ]

    def describe_row(self, row: FormRow, *, is_busy: bool) -> list[TextPart]:
        """Explain a row, after what is wrong with it. ``is_busy``: other work runs."""
        parts: list[TextPart] = []
        if self.problem:
            parts.append((f"! {self.problem}\n\n", "$wrong bold"))
        if is_busy:
            parts.append(with_keys(_GIVES_WAY))
        if row is FormRow.CHECK and self.check is not None and not self.is_checking:
            return [*parts, f"{self.check.verdict}\n", *_figures(self.check)]
        return [*parts, (with_keys(_DETAILS[row]), "$quiet")]

    def _spoken(self) -> str:
        if self.language == AUTO_LANGUAGE:
            return with_keys("detected from the first minutes; {prepare.language} sets it")
        return f"{name_language(self.language)}; {with_keys('{prepare.language} changes it')}"

    def _microphone(self) -> str:
        if self.microphones is None:
            return "looking for microphones …"
        none = "! none was found: plug one in, and press {prepare.microphone}"
        return self.device or with_keys(none)

    def _topics(self) -> str:
        if self.guide is None:
            return with_keys("none; {prepare.guide} writes one")
        topics = format_count(len(self.guide[0].topics), "topic")
        return f"version {self.guide[1]}, {topics}"

    def _verdict(self) -> str:
        if self.is_checking:
            return "listening: speak as you would in the interview"
        if self.check is None:
            return with_keys("not made yet; {prepare.check} listens for some seconds")
        return f"{'✓' if self.check.is_good else '!'} {self.check.verdict}"

    def _start(self) -> str:
        if self.is_starting:
            return "opening the microphone …"
        if self.consent is False:
            return with_keys(
                "! not everybody agreed, so nothing is recorded; {prepare.start} asks again"
            )
        return with_keys("{prepare.start} asks everybody, then starts recording")


_GIVES_WAY = "Another task is running. It pauses for a recording; {prepare.stop} stops it.\n\n"
_DETAILS = {
    FormRow.LABEL: LABEL_HINT,
    FormRow.WHO: "{prepare.act} changes who takes part, and in which role. Codes, never names.",
    FormRow.NAMES: (
        "{prepare.act} takes the names that may be said: of who takes part, and of others. They are"
        " sealed, looked for and replaced, and shown on no screen."
    ),
    FormRow.PRESENT: ("The keys {prepare.present_1} to {prepare.present_9} say who is here now."),
    FormRow.CONSENT: (
        "{prepare.act} shows what each participant agreed to. ✓: they may be recorded. !:"
        " they may not."
    ),
    FormRow.LANGUAGE: (
        "{prepare.act} changes it for this interview. The first minutes are checked against it."
    ),
    FormRow.MICROPHONE: (
        "{prepare.act} shows all microphones. The one you take is remembered for the study."
    ),
    FormRow.GUIDE: (
        "{prepare.act} shows the guide, to be changed. While recording, {record.next} begins"
        " the next."
    ),
    FormRow.CHECK: (
        "{prepare.act} listens for some seconds and says whether it is good. {prepare.hear}"
        " plays it"
        " back."
    ),
    FormRow.START: "Before the first word: remind everybody that no names need to be said.",
}


def _figures(check: SoundCheck) -> list[TextPart]:
    lines: list[TextPart] = []
    for number, channel in enumerate(check.channels, 1):
        name = f"channel {number}: " if len(check.channels) > 1 else ""
        lines.append((
            (
                f"{name}speech {channel.speech_dbfs:.0f} dBFS, the room {channel.noise_dbfs:.0f}, "
                f"loudest {channel.peak_dbfs:.0f}; {channel.speech_to_noise_db:.0f} dB apart\n"
            ),
            "$quiet",
        ))  # fmt: skip
    return lines
