"""The methods paragraph: how the interviews were recorded, transcribed, checked and anonymised.

Each sentence states what the study holds and is left out where it holds nothing: a text that was
typed elsewhere was not transcribed here, a corrected turn does not show that anybody listened, and
a sign-off shows a second person only where another passphrase decided. The paragraph covers the
items of the COREQ checklist that a program can know: sound recording (19), duration (21), software
(27). The researchers write the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from study import (
    TRIED_PRECISION,
    TRIED_RECALL,
    Coverage,
    LogLine,
    Provenance,
    SignOff,
    format_duration,
)

_TRANSCRIBED = "transcribe"  # the step of a transcript that a speech model made in the study
_IMPORTED = "import"  # the step of a transcript that was made elsewhere
_SEARCHED = "anonymise"  # the step of a search for identifying details
_RECOVERY_SLOT = 2  # anybody may have its code, so it shows no second person


@dataclass(frozen=True, slots=True)
class InterviewHistory:
    """The facts that the study holds about one interview.

    sound_s: seconds of sound, 0.0 where it has none. recorded: "with Earshot" or "elsewhere", ""
    where the study does not show it. transcript, search: the program and model that made the
    transcript and the list of identifying details. corrected: number of turns whose words a person
    typed. listened: number of doubtful turns that a person confirmed after listening.
    is_doubt_fitted: whether its turns were doubted by the fitted rule (``study.LEAST_DOUBT``),
    which earlier versions did not have. sign_off: the one that holds, None where none does.
    heard_again: number of turns whose words a person took over from a second hearing.
    heard_again_by: how those hearings were made.
    """

    sound_s: float
    recorded: str
    transcript: Provenance
    search: Provenance
    coverage: Coverage | None
    corrected: int
    listened: int
    is_draft: bool
    is_doubt_fitted: bool
    log: tuple[LogLine, ...]
    sign_off: SignOff | None
    heard_again: int = 0
    heard_again_by: tuple[Provenance, ...] = ()

    @property
    def is_transcribed(self) -> bool:
        """Whether Earshot made the transcript from the sound."""
        return self.transcript.step == _TRANSCRIBED

    @property
    def is_imported(self) -> bool:
        """Whether the transcript was made elsewhere."""
        return self.transcript.step == _IMPORTED


def write_methods_paragraph(histories: Sequence[InterviewHistory]) -> str:
    """Return the paragraph."""
    sentences = (
        f"{_of(len(histories), 'interview was', 'interviews were')} analysed.",
        *_sound(histories),
        *_transcribed(histories),
        *_imported(histories),
        *_heard_again(histories),
        *_corrected(histories),
        *_searched(histories),
        *_decided(histories),
        *_signed(histories),
    )
    return " ".join(sentences)


def _sound(histories: Sequence[InterviewHistory]) -> Iterable[str]:
    ways = Counter(one.recorded for one in histories if one.recorded and one.sound_s)
    origins = [
        f"{_of(ways[way], 'was', 'were')} recorded {how}"
        for way, how in (("with Earshot", "with Earshot"), ("elsewhere", "elsewhere and imported"))
        if ways[way]
    ]
    if origins:
        yield f"{_listed(origins)}."
    if lengths := sorted(one.sound_s for one in histories if one.sound_s):
        shortest, longest = format_duration(lengths[0]), format_duration(lengths[-1])
        span = f"lasts {shortest}"
        if len(lengths) > 1:
            span = f"lasts {shortest} to {longest}, {format_duration(sum(lengths))} in all"
        yield f"The sound of {_of(len(lengths), 'interview', 'interviews')} {span}."


def _transcribed(histories: Sequence[InterviewHistory]) -> Iterable[str]:
    ours = [one for one in histories if one.is_transcribed]
    if not ours:
        return
    programs = _listed(sorted({one.transcript.program for one in ours}))
    models = _listed(sorted({_model(one.transcript) for one in ours}))
    yield (
        f"{_of(len(ours), 'transcript was', 'transcripts were')} made from the sound with"
        f" {programs} (faster-whisper, {models}), which works on the computer itself and sends"
        ' neither sound nor text to any service. Such models leave out most hesitations ("um") and'
        " some false starts, so these transcripts are not strictly verbatim."
    )
    drafts = sum(one.is_draft for one in ours)
    if drafts:
        yield f"{_of(drafts, 'transcript is', 'transcripts are')} a quick draft."
    yield from _covered(ours)


def _covered(ours: Sequence[InterviewHistory]) -> Iterable[str]:
    covered = [one.coverage for one in ours if one.coverage]
    speech_s = sum(c.speech_s for c in covered)
    if not speech_s:
        return
    share = int(1000 * sum(c.covered_s for c in covered) / speech_s) / 10
    gaps = sum(len(c.gaps) for c in covered)
    doubts = sum(len(c.doubts) for c in covered)
    yield (
        f"{share:g} % of the speech that was detected in them has words;"
        f" {_of(gaps, 'passage', 'passages')} of speech without words and"
        f" {_of(doubts, 'passage', 'passages')} whose words should be doubted were marked."
    )
    if fitted := sum(one.is_doubt_fitted for one in ours):
        yield (
            f"A turn is marked{_in(fitted, len(ours), 'transcripts')} where the model's own"
            " probabilities leave doubt about its words, and where words repeat without end, come"
            " too fast, or stand where nothing sounds. On recordings that the rule was not fitted"
            f" on, {TRIED_PRECISION:.0%} of the turns marked by probability held a wrong word, and"
            f" {TRIED_RECALL:.0%} of the turns with a wrong word were marked; a word left out"
            " leaves no mark."
        )


def _imported(histories: Sequence[InterviewHistory]) -> Iterable[str]:
    if number := sum(one.is_imported for one in histories):
        yield (
            f"{_of(number, 'transcript was', 'transcripts were')} made elsewhere and imported;"
            " how is not known to Earshot."
        )


def _heard_again(histories: Sequence[InterviewHistory]) -> Iterable[str]:
    turns = sum(one.heard_again for one in histories)
    if turns:
        models = _listed(sorted({_model(by) for one in histories for by in one.heard_again_by}))
        yield (
            f"The words of {_of(turns, 'turn', 'turns')} were heard a second time ({models}) and"
            " taken over by a person."
        )


def _corrected(histories: Sequence[InterviewHistory]) -> Iterable[str]:
    changed = [one.corrected for one in histories if one.corrected]
    if changed:
        yield (
            f"A person corrected words in {_of(len(changed), 'transcript', 'transcripts')}"
            f" ({_of(sum(changed), 'turn', 'turns')})."
        )
    else:
        yield "No words of the transcripts were corrected by hand in Earshot."
    if listened := sum(one.listened for one in histories if one.sound_s):
        yield (
            f"{_of(listened, 'doubtful turn was', 'doubtful turns were')} noted by a person as"
            " heard again and right."
        )


def _searched(histories: Sequence[InterviewHistory]) -> Iterable[str]:
    ours = [one for one in histories if one.search.step == _SEARCHED]
    if not ours:
        return
    where = _in(len(ours), len(histories))
    trained = [one for one in ours if one.search.model]
    how = "by rules"
    if trained:
        models = _listed(sorted({_model(one.search) for one in trained}))
        how += f" and{_in(len(trained), len(ours))} by a trained model ({models})"
    yield f"Identifying details were looked for{where} {how}."


def _decided(histories: Sequence[InterviewHistory]) -> Iterable[str]:
    lines = [line for one in histories for line in one.log if line.by]
    if not lines:
        return
    replaced = Counter(line.category.value for line in lines if line.replacement)
    kinds = ", ".join(f"{kind} {number}" for kind, number in sorted(replaced.items()))
    some = replaced.total()
    yield (
        f"{_of(some, 'detail was', 'details were')} replaced{f' ({kinds})' if kinds else ''} and"
        f" {len(lines) - some} kept as they were said."
    )
    in_bulk = sum(line.in_bulk for line in lines)
    ways = [
        f"{number} {how}"
        for number, how in ((len(lines) - in_bulk, "one by one"), (in_bulk, "in bulk"))
        if number
    ]
    slots = _of(len({line.by for line in lines}), "passphrase", "passphrases")
    decided = _of(len(lines), "detail was", "details were")
    yield f"{decided} decided with {slots}: {_listed(ways)}."
    if some:
        yield (
            "Earshot proposes the same replacement for one person, place or number throughout;"
            " while a key is kept, the data is pseudonymised."
        )


def _signed(histories: Sequence[InterviewHistory]) -> Iterable[str]:
    signed = [one.sign_off for one in histories if one.sign_off]
    if not signed:
        return
    roles = {one.role for one in signed}
    who = "" if "" in roles else f" by the {_listed(sorted(roles))}"
    second = sum(_is_second(one) for one in signed)
    apart = (
        f"; {second} of them with a passphrase that decided none of the details" if second else ""
    )
    yield (f"{_of(len(signed), 'transcript was', 'transcripts were')} signed off{who}{apart}.")


def _is_second(sign_off: SignOff) -> bool:
    """Whether a passphrase signed that decided nothing, though somebody decided something."""
    slots = {sign_off.by, *sign_off.decided_by}
    return (
        bool(sign_off.decided_by)
        and sign_off.by not in sign_off.decided_by
        and _RECOVERY_SLOT not in slots
    )


def _model(made_by: Provenance) -> str:
    sha = f", SHA-256 {made_by.model_sha256[:16]}" if made_by.model_sha256 else ""
    return f"model {made_by.model or 'unknown'}{sha}"


def _in(count: int, total: int, what: str = "interviews") -> str:
    return "" if count == total else f", in {count} of {total} {what},"


def _of(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _listed(words: Iterable[str]) -> str:
    *most, last = [*words] or [""]
    return f"{', '.join(most)} and {last}" if most else last
