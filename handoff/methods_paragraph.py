"""The methods paragraph: how the interviews were recorded, transcribed, checked and anonymised.

Each sentence states what the study holds and is left out where it holds nothing: a text that was
typed elsewhere was not transcribed here, a corrected turn does not show that anybody listened, and
a sign-off shows a second person only where another passphrase decided. The paragraph covers the
items of the COREQ checklist that a program can know: sound recording (19), duration (21), what was
returned to participants (23), software (27). The researchers write the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from study import (
    TRIED_PRECISION,
    TRIED_RECALL,
    Coverage,
    Finder,
    LogLine,
    PersonRole,
    Provenance,
    SignOff,
    format_duration,
)
from study.store import TYPED_BY_HAND

_TRANSCRIBED = "transcribe"  # the step of a transcript that a speech model made in the study
_IMPORTED = "import"  # the step of a transcript that was made elsewhere
_SEARCHED = "anonymise"  # the step of a search for identifying details
_RECOVERY_SLOT = 2  # anybody may have its code, so it shows no second person
_ROLE_WORDS = {
    PersonRole.OWNER: ("owner", "owners"),
    PersonRole.INTERVIEWER: ("interviewer", "interviewers"),
    PersonRole.ASSISTANT: ("research assistant", "research assistants"),
    PersonRole.OFFICER: ("data officer", "data officers"),
    PersonRole.APPROVER: ("approver", "approvers"),
    PersonRole.RECOVERY: ("recovery code", "recovery codes"),
}


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
    heard_again_by: how those hearings were made. corrected_by: the slots whose passphrase was in
    use when words were typed. finders: the trained models that looked for names. returned: of each
    participant's copy that came back and was gone through, whether they agreed to the transcript,
    and how many turns were changed as they asked. removed: number of turns that a person took out.
    lent: number of turns that came back changed from a loan. is_heard_elsewhere: whether its sound
    went sealed to other computers of a cluster. voices_model: what told the voices apart, "" for
    nothing. is_keyed: whether keys pressed while recording said who speaks. spoken_by_hand: number
    of turns whose speaker a person set.
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
    corrected_by: frozenset[int] = frozenset()
    finders: tuple[Finder, ...] = ()
    returned: tuple[tuple[bool, int], ...] = ()
    removed: int = 0
    lent: int = 0
    is_heard_elsewhere: bool = False
    voices_model: str = ""
    is_keyed: bool = False
    spoken_by_hand: int = 0

    @property
    def is_transcribed(self) -> bool:
        """Whether Earshot made the transcript from the sound."""
        return self.transcript.step == _TRANSCRIBED

    @property
    def is_imported(self) -> bool:
        """Whether the transcript was made elsewhere."""
        return self.transcript.step == _IMPORTED


def write_methods_paragraph(
    histories: Sequence[InterviewHistory], roles: Mapping[int, PersonRole] | None = None
) -> str:
    """Return the paragraph. roles: what the person of each slot is in the study, by its number."""
    known = roles or {}
    sentences = (
        f"{_of(len(histories), 'interview was', 'interviews were')} analysed.",
        *_sound(histories),
        *_transcribed(histories),
        *_typed(histories),
        *_imported(histories),
        *_who_speaks(histories),
        *_heard_again(histories),
        *_corrected(histories, known),
        *_returned(histories),
        *_searched(histories),
        *_decided(histories, known),
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
            span += " each" if shortest == longest else f" to {longest}"
            span += f", {format_duration(sum(lengths))} in all"
        yield f"The sound of {_of(len(lengths), 'interview', 'interviews')} {span}."
    if without := len(histories) - len(lengths):
        yield f"Of {_of(without, 'interview', 'interviews')} the study holds no sound."


def _transcribed(histories: Sequence[InterviewHistory]) -> Iterable[str]:
    ours = [one for one in histories if one.is_transcribed]
    if not ours:
        return
    programs = _listed(sorted({one.transcript.program for one in ours}))
    models = _listed(sorted({_model(one.transcript) for one in ours}))
    elsewhere = sum(one.is_heard_elsewhere for one in ours)
    where = ", which works on the computer itself and sends neither sound nor text to any service"
    if elsewhere:
        here = len(ours) - elsewhere
        where = f": {here} on the computer itself and {elsewhere}" if here else ","
        where += " on other computers of a cluster, to which the sound went encrypted"
    yield (
        f"{_of(len(ours), 'transcript was', 'transcripts were')} made from the sound with"
        f" {programs} (faster-whisper, {models}){where}. Such models leave out most hesitations"
        ' ("um") and some false starts, so these transcripts are not strictly verbatim.'
    )
    drafts = sum(one.is_draft for one in ours)
    if drafts:
        yield f"{_of(drafts, 'transcript is', 'transcripts are')} a quick draft."
    yield from _told_apart(ours)
    yield from _covered(ours)


def _told_apart(ours: Sequence[InterviewHistory]) -> Iterable[str]:
    told = [one.voices_model for one in ours if one.voices_model]
    if told:
        yield (
            f"Who speaks was proposed{_in(len(told), len(ours), 'transcripts')} by a model that"
            f" tells voices apart ({_listed(sorted(set(told)))})."
        )


def _who_speaks(histories: Sequence[InterviewHistory]) -> Iterable[str]:
    if keyed := sum(one.is_keyed for one in histories):
        yield (
            f"Keys that were pressed while recording said who speaks"
            f"{_in(keyed, len(histories)).rstrip(',')}."
        )
    if turns := sum(one.spoken_by_hand for one in histories):
        yield f"A person set who speaks in {_of(turns, 'turn', 'turns')}."


def _covered(ours: Sequence[InterviewHistory]) -> Iterable[str]:
    covered = [one.coverage for one in ours if one.coverage]
    speech_s = sum(c.speech_s for c in covered)
    if not speech_s:
        return
    share = int(1000 * sum(c.covered_s for c in covered) / speech_s) / 10
    gaps = sum(len(c.gaps) for c in covered)
    doubts = sum(len(c.doubts) for c in covered)
    yield (
        f"When they were made, {share:g}% of the speech that was detected had words;"
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


def _typed(histories: Sequence[InterviewHistory]) -> Iterable[str]:
    ours = [one for one in histories if one.transcript.step == TYPED_BY_HAND]
    if typed := sum(not one.heard_again for one in ours):
        yield (
            f"{_of(typed, 'transcript was', 'transcripts were')} typed by a person in Earshot,"
            " without a speech model."
        )
    if mixed := len(ours) - typed:
        yield (
            f"{_of(mixed, 'transcript was', 'transcripts were')} begun empty in Earshot, to be"
            " typed; words of a speech model were put in."
        )


def _imported(histories: Sequence[InterviewHistory]) -> Iterable[str]:
    ours = [one.transcript for one in histories if one.is_imported]
    if not ours:
        return
    kinds = Counter(str(made.options.get("format") or "a file") for made in ours)
    files = ", ".join(f"{number} from {kind}" for kind, number in sorted(kinds.items()))
    yield (
        f"{_of(len(ours), 'transcript was', 'transcripts were')} made elsewhere and imported"
        f" ({files}); how, and whether sound was sent to a service for it, is not known."
    )


def _heard_again(histories: Sequence[InterviewHistory]) -> Iterable[str]:
    turns = sum(one.heard_again for one in histories)
    if turns:
        models = _listed(sorted({_model(by) for one in histories for by in one.heard_again_by}))
        yield (
            f"The words of {_of(turns, 'turn', 'turns')} were heard a second time ({models}) and"
            " taken over by a person."
        )


def _corrected(
    histories: Sequence[InterviewHistory], roles: Mapping[int, PersonRole]
) -> Iterable[str]:
    changed = [one.corrected for one in histories if one.corrected]
    if changed:
        yield (
            f"A person corrected words in {_of(len(changed), 'transcript', 'transcripts')}"
            f" ({_of(sum(changed), 'turn', 'turns')}), with"
            f" {_passphrases({by for one in histories for by in one.corrected_by}, roles)}."
        )
        if any(one.sound_s for one in histories if one.corrected):
            yield "How much of the sound was listened to is not known."
    elif not any(one.lent for one in histories):
        yield "No words of the transcripts were corrected by hand in Earshot."
    if lent := sum(one.lent for one in histories):
        yield (
            f"{_of(lent, 'turn was', 'turns were')} changed in another study of Earshot, to which"
            " the interview had been lent."
        )
    if removed := sum(one.removed for one in histories):
        yield f"{_of(removed, 'turn was', 'turns were')} taken out by a person."
    if listened := sum(one.listened for one in histories if one.sound_s):
        yield (
            f"{_of(listened, 'doubtful turn was', 'doubtful turns were')} noted by a person as"
            " right."
        )


def _searched(histories: Sequence[InterviewHistory]) -> Iterable[str]:
    ours = [one for one in histories if one.search.step == _SEARCHED]
    if not ours:
        return
    where = _in(len(ours), len(histories))
    looked = [
        {_name_model(finder.model, finder.sha256) for finder in one.finders}
        or ({_model(one.search)} if one.search.model else set[str]())
        for one in ours
    ]
    how = "by rules"
    if trained := [models for models in looked if models]:
        every = sorted(set[str]().union(*trained))
        what = "a trained model" if len(every) == 1 else f"{len(every)} trained models"
        how += f" and{_in(len(trained), len(ours))} by {what} ({_listed(every)})"
    yield f"Identifying details were looked for{where} {how}."


def _returned(histories: Sequence[InterviewHistory]) -> Iterable[str]:
    copies = [copy for one in histories for copy in one.returned]
    if not copies:
        return
    came = _of(len(copies), "participant's copy", "participants' copies")
    agreed = sum(is_approved for is_approved, _ in copies)
    told = [f"{agreed} said that the transcript is right"] if agreed else []
    changed = sum(turns for _, turns in copies)
    some = _of(changed, "turn was", "turns were") if changed else "no turn was"
    yield f"{came} came back; {_listed([*told, f'{some} changed as they asked'])}."


def _decided(
    histories: Sequence[InterviewHistory], roles: Mapping[int, PersonRole]
) -> Iterable[str]:
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
    decided = _of(len(lines), "detail was", "details were")
    slots = {line.by for line in lines}
    yield f"{decided} decided with {_passphrases(slots, roles)}: {_listed(ways)}."
    if some:
        yield (
            "Earshot proposes the same replacement for one name or number throughout; somebody who"
            " is named in several ways may have several. While a key is kept, the data is"
            " pseudonymised."
        )


def _signed(histories: Sequence[InterviewHistory]) -> Iterable[str]:
    signed = [one.sign_off for one in histories if one.sign_off]
    if not signed:
        return
    roles = {one.role for one in signed}
    # A mark of their own would end the quotation, and what follows would be ours.
    typed = _listed('"{}"'.format(role.replace('"', "'")) for role in sorted(roles))
    who = "" if "" in roles else f", by who gave their role as {typed}"
    second = sum(_is_second(one) for one in signed)
    own = sum(one.by in one.decided_by for one in signed)
    apart = "".join(
        f"; {number} of them with a passphrase that decided {what} of the details"
        for number, what in ((second, "none"), (own, "some or all"))
        if number
    )
    yield f"{_of(len(signed), 'transcript was', 'transcripts were')} signed off{who}{apart}."


def _is_second(sign_off: SignOff) -> bool:
    """Whether a passphrase signed that decided nothing, though somebody decided something."""
    slots = {sign_off.by, *sign_off.decided_by}
    return (
        bool(sign_off.decided_by)
        and sign_off.by not in sign_off.decided_by
        and _RECOVERY_SLOT not in slots
    )


def _passphrases(slots: Collection[int], roles: Mapping[int, PersonRole]) -> str:
    """Return how many passphrases those are, and what the people are whose they are.

    The study knows whose passphrase was in use, and not who sat at the keyboard.
    """
    number = _of(len(slots), "passphrase", "passphrases")
    if not roles.keys() >= set(slots):
        return number
    held = Counter(roles[slot] for slot in slots)
    whose = ", ".join(_of(held[role], *words) for role, words in _ROLE_WORDS.items() if held[role])
    return f"{number} ({whose})"


def _model(made_by: Provenance) -> str:
    return _name_model(made_by.model, made_by.model_sha256)


def _name_model(name: str, sha256: str) -> str:
    sha = f", SHA-256 {sha256[:16]}" if sha256 else ""
    return f"model {name or 'unknown'}{sha}"


def _in(count: int, total: int, what: str = "interviews") -> str:
    return "" if count == total else f", in {count} of {total} {what},"


def _of(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _listed(words: Iterable[str]) -> str:
    *most, last = [*words] or [""]
    return f"{', '.join(most)} and {last}" if most else last
