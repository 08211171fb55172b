"""The verbs that are killed at random moments: a call of each, and what must hold after it.

A new verb is one more entry of ``VERBS``: a function that makes a call, and one that yields what is
wrong in the study that was opened after it. What holds for every study is looked at anyway (see
``inspect``): it opens and verifies, each acknowledged line of the trail and block of sound is
there, each hand-over is remembered, nothing is left and nothing lies in the clear.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app import receive_parcel
from benchmarks._fault_study import (
    DECIDED,
    FOUND,
    HEARD,
    LEAVING,
    MENTION_KEYS,
    OTHER_CARD,
    OWN_CARD,
    PASSPHRASE,
    SIGNED,
    Call,
    Check,
    Life,
    can_open,
    hash_bundle,
    list_bundles,
    run_verb,
)
from study import (
    JOINING_ROLES,
    ArtefactKind,
    ConsentPurpose,
    DestructionState,
    Mentions,
    Transcript,
)
from study.errors import EarshotError, UnknownInterview
from study.store import (
    Interview,
    Study,
    check_parcel,
    list_destructions,
    list_people,
    list_standing_withdrawals,
    list_unproven_consents,
    read_consent,
    read_contact_details,
    read_decisions,
    read_sign_off,
    read_travels,
)

_NEW_PASSPHRASE = "another passphrase of four words"  # noqa: S105 - it guards what is made up here
_SHORT_S = "1.2s"
_MOST_PEOPLE = 6
_NEARLY_S = 0.01


@dataclass(frozen=True, slots=True)
class FaultVerb:
    """A verb, how it is called in a study's life, and what must hold after it."""

    name: str
    make: Callable[[Life], Call]
    check: Check


def _record(life: Life) -> Call:
    return Call(("record", "--label", f"R{life.calls}_i1", "--device", "hum", "--for", _SHORT_S))


def _import(life: Life) -> Call:
    name = life.dice.choice(("said.wav", "said.flac", "said.vtt"))
    label = f"I{life.calls}_i1"
    known = ("--participant", f"P{life.calls}=Arthur Thackray")
    return Call(("import", str(life.sources / name), "--again", "--label", label, *known))


def _check_entered(study: Study, life: Life, call: Call, result: Any) -> Iterator[str]:  # noqa: ANN401
    del life
    label = call.words[call.words.index("--label") + 1]
    try:
        summary = study.find_interview(label)
    except UnknownInterview:
        if result is not None:
            yield "an interview was reported as entered and is not there"
        return
    if summary.about is None:
        yield "an interview lost its details"
    reported_s: float = result.get("sound_s", summary.sound_s) if result else summary.sound_s
    if abs(reported_s - summary.sound_s) > _NEARLY_S:
        yield f"{reported_s} s were reported, {summary.sound_s} s are there"


def _transcribe(life: Life) -> Call:
    """Mostly the process that works, whose libraries are loaded; else the one that starts it."""
    is_worker = life.dice.random() < 0.93  # noqa: PLR2004 - the other way takes a second longer
    words = ("transcribe", HEARD, *(("--anew",) if life.dice.random() < 0.5 else ()))  # noqa: PLR2004
    return Call(words, facts={"is_worker": "yes"} if is_worker else {})


def _check_heard(study: Study, life: Life, call: Call, result: Any) -> Iterator[str]:  # noqa: ANN401
    del life, call
    made = study.interview(HEARD).read_artefact(ArtefactKind.RAW, Transcript)
    if result is not None and (made is None or len(made.turns) != result["turns"]):
        yield "a transcript was reported and is not there"


def _anonymise(life: Life) -> Call:
    del life
    return Call(("anonymise", FOUND))


def _check_found(study: Study, life: Life, call: Call, result: Any) -> Iterator[str]:  # noqa: ANN401
    del life, call
    made = study.interview(FOUND).read_artefact(ArtefactKind.MENTIONS, Mentions)
    if made is None or (result is not None and len(made.mentions) != result["mentions"]):
        yield "a search was reported and is not there"


def _review(life: Life) -> Call:
    """Decide every mention, once more where it was decided before."""
    keys = (life.sources / MENTION_KEYS).read_text(encoding="ascii").split()
    options = [(life.dice.choice(("--accept", "--reject")), key) for key in keys]
    return Call(("review", DECIDED, *(word for option in options for word in option)))


def _check_decided(study: Study, life: Life, call: Call, result: Any) -> Iterator[str]:  # noqa: ANN401
    del life, call
    now = {
        pair.mention.key: str(pair.decision.verdict) if pair.decision else None
        for pair in read_decisions(study.interview(DECIDED))
    }
    if result is not None and {one["key"]: one["decision"] for one in result} != now:
        yield "decisions were reported and are not there"


def _sign(life: Life) -> Call:
    who = ("--as", "A. Officer", "--role", "data officer")
    back = ("--send-back", "look at the second turn") if life.dice.random() < 0.3 else ()  # noqa: PLR2004
    return Call(("sign", SIGNED, *who, *back))


def _check_signed(study: Study, life: Life, call: Call, result: Any) -> Iterator[str]:  # noqa: ANN401
    del life, call
    found = read_sign_off(study.interview(SIGNED))
    if result is None:
        return
    if found is None or (found.sign_off.at, str(found.sign_off.ruling)) != (
        result["at"],
        result["ruling"],
    ):
        yield "a sign-off was reported and is not there"


def _export(life: Life) -> Call:
    target = life.dice.choice(("", ".zip", None))
    where = () if target is None else ("--to", str(life.out / f"{life.calls}{target}"))
    return Call(("export", LEAVING, *where, "--for", "the analysis team"))


def _check_exported(study: Study, life: Life, call: Call, result: Any) -> Iterator[str]:  # noqa: ANN401
    del call
    from handoff import list_hand_overs

    if result is not None and not list_hand_overs(study.interview(LEAVING)):
        yield "a hand-over was reported and is not remembered"
    for bundle in list_bundles(life):
        if not hash_bundle(bundle):
            yield "a hand-over has no list"


def _people(life: Life) -> Call:
    name = f"Person {life.calls}"
    joined = sorted(life.people)
    what = life.dice.choice(("add", "add", "passwd", "remove", "recovery"))
    if what == "recovery":
        return Call(("people", "recovery", "--renew"), facts={"what": what})
    if (what == "add" and len(joined) < _MOST_PEOPLE) or not joined:
        passphrase = f"{_NEW_PASSPHRASE} {life.calls}"
        life.people[name] = passphrase
        role = life.dice.choice(JOINING_ROLES).value
        return Call(
            ("people", "add", name, "--role", role),
            {"EARSHOT_NEW_PASSPHRASE": passphrase},
            {"what": "add", "name": name, "new": passphrase},
        )
    who = life.dice.choice(joined)
    if what == "passwd":
        new = f"{_NEW_PASSPHRASE} {life.calls}"
        around = {"EARSHOT_PASSPHRASE": life.people[who], "EARSHOT_NEW_PASSPHRASE": new}
        facts = {"what": what, "name": who, "old": life.people[who], "new": new}
        return Call(("people", "passwd"), around | {"EARSHOT_PERSON": who}, facts)
    return Call(("people", "remove", who), facts={"what": "remove", "name": who})


def _check_people(study: Study, life: Life, call: Call, result: Any) -> Iterator[str]:  # noqa: ANN401
    what, name = call.facts["what"], call.facts.get("name", "")
    is_there = name in {one.name for one in list_people(study)}
    if what == "add" and result is not None and not is_there:
        yield "somebody was reported as added and is not there"
    if what == "remove" and result is not None and is_there:
        yield "somebody was reported as removed and is still there"
    if what == "remove" and not is_there and can_open(life, name, life.people[name]):
        yield "the passphrase of somebody who was removed still opens the study"
    if what == "passwd":
        old, new = (can_open(life, name, call.facts[key]) for key in ("old", "new"))
        if old == new:
            yield f"of an old and a new passphrase, {'both' if old else 'none'} opens the study"
        if result is not None and not new:
            yield "a passphrase was reported as changed and is not"
        life.people[name] = call.facts["new" if new else "old"]


_PAPERS = ("--sheet", "1", "--sheet-date", "2026-03-01", "--form", "1", "--form-date", "2026-03-01")


def _consent(life: Life) -> Call:
    """Record a consent of somebody new, their name apart from it."""
    code, said = f"C{life.calls}", life.dice.choice(("yes", "no"))
    words = ("consent", code, *_PAPERS, "--sound", said, "--name", "Arthur Thackray")
    return Call(words, facts={"code": code, "said": said})


def _check_consented(study: Study, life: Life, call: Call, result: Any) -> Iterator[str]:  # noqa: ANN401
    del life
    code = call.facts["code"]
    kept, contacts = read_consent(study, code), read_contact_details(study, code)
    if (kept is None) != (contacts is None):
        yield "of a consent and the name that came with it, one alone is there"
    if kept is not None and kept.read_answer(ConsentPurpose.SOUND) != call.facts["said"]:
        yield "a consent is there with another answer"
    if result is not None and kept is None:
        yield "a consent was reported and is not there"
    if code in list_unproven_consents(study):
        yield "a consent does not count by who recorded it"


def _withdraw(life: Life) -> Call:
    """Let somebody who was brought in for it withdraw, with sound or with words."""
    code = f"W{life.calls}"
    name = life.dice.choice(("said.wav", "said.vtt"))
    known = ("--participant", f"{code}=Arthur Thackray")
    brought = ("import", str(life.sources / name), "--again", "--label", f"{code}_i1", *known)
    run_verb(life, Call(brought))
    part = "sound" if name.endswith(".wav") else "transcript"
    scope = life.dice.choice((part, "everything", "further"))
    return Call(
        ("withdraw", code, "--scope", scope, "--yes"),
        facts={"code": code, "scope": scope, "part": part},
    )


def _check_withdrawn(study: Study, life: Life, call: Call, result: Any) -> Iterator[str]:  # noqa: ANN401
    """Look whether it has not begun or is done: nothing between."""
    del life
    code, scope, part = (call.facts[name] for name in ("code", "scope", "part"))
    found = [one for one in list_destructions(study) if one.code == code]
    recorded = [one for one in list_standing_withdrawals(study) if one.code == code]
    if result is not None and not recorded:
        yield "a withdrawal was reported and is not there"
    if any(one.is_open for one in found):
        yield "a destruction is neither asked for nor done after the next start"
    is_gone = any(one.state is DestructionState.ENDED for one in found)
    if result is not None and result.get("state") == DestructionState.ENDED and not is_gone:
        yield "a destruction was reported as done and is not"
    is_listed = any(s.label == f"{code}_i1" for s in study.summaries())
    if is_listed is (is_gone and scope == "everything"):
        yield "an interview is listed and destroyed, or neither"
    if is_listed:
        interview = study.interview(f"{code}_i1")
        there = interview.summary.sound_s > 0 if part == "sound" else bool(_read_turns(interview))
        if there is is_gone:
            yield f"the {part} of an interview is there and destroyed, or neither"


def _read_turns(interview: Interview) -> int:
    source = interview.read_transcript()
    return len(source.transcript.turns) if source else 0


def _transcribe_in_cluster(life: Life) -> Call:
    """With a worker of this computer: scheduler, worker and courier end with it as well."""
    del life
    return Call(("transcribe", HEARD, "--anew", "--workers", "1"))


def _send(life: Life) -> Call:
    parcel = life.parcels / f"{life.calls}.parcel"
    card = life.sources / OTHER_CARD
    sent = life.dice.choice((LEAVING, DECIDED))
    return Call(
        ("send", sent, "--to", str(card), "--out", str(parcel)), facts={"parcel": str(parcel)}
    )


def _check_sent(study: Study, life: Life, call: Call, result: Any) -> Iterator[str]:  # noqa: ANN401
    """Look whether the parcel is whole and remembered, or there is neither parcel nor memory."""
    path = Path(call.facts["parcel"])
    if result is not None and not path.exists():
        yield "a parcel was reported and is not there"
    remembered = {note.parcel for note in read_travels(study) if note.is_out}
    if not path.exists():
        if result is not None and result["parcel"] in remembered:
            yield "a parcel is remembered and is not there"
        return
    with Study.open(life.other.study, PASSPHRASE) as other:
        try:
            found = check_parcel(other, path)
        except EarshotError as refused:
            yield f"a parcel has its name and cannot be received: {refused}"
            return
    if found.note.parcel not in remembered:
        yield "a parcel was sent and is not remembered"


def _receive(life: Life) -> Call:
    """Let the other study send an interview of its own, with sound or with words."""
    label, other = f"X{life.calls}_i1", life.other
    parcel = life.parcels / f"{label}.parcel"
    name = life.dice.choice(("said.wav", "said.vtt"))
    known = ("--participant", f"X{life.calls}=Arthur Thackray")
    card = str(life.sources / OWN_CARD)
    run_verb(other, Call(("import", str(life.sources / name), "--again", "--label", label, *known)))
    run_verb(other, Call(("send", label, "--to", card, "--out", str(parcel))))
    facts = {"label": label, "parcel": str(parcel), "part": name.rpartition(".")[2]}
    return Call(("receive", str(parcel)), facts=facts)


def _check_received(study: Study, life: Life, call: Call, result: Any) -> Iterator[str]:  # noqa: ANN401
    """Look whether the interview is there whole or not at all; then the same file brings it."""
    del life
    label = call.facts["label"]
    is_listed = any(one.label == label for one in study.summaries())
    if result is not None and not is_listed:
        yield "a parcel was reported as taken in and is not there"
    if not is_listed:
        try:
            receive_parcel(study, Path(call.facts["parcel"]))
        except EarshotError as refused:
            yield f"a parcel that was not taken in is refused now: {refused}"
            return
    interview = study.interview(label)
    is_sound = call.facts["part"] == "wav"
    if not (interview.summary.sound_s > 0 if is_sound else _read_turns(interview)):
        yield "an interview of a parcel is there without what was in it"


VERBS = (
    FaultVerb("record", _record, _check_entered),
    FaultVerb("import", _import, _check_entered),
    FaultVerb("transcribe", _transcribe, _check_heard),
    FaultVerb("anonymise", _anonymise, _check_found),
    FaultVerb("review", _review, _check_decided),
    FaultVerb("sign", _sign, _check_signed),
    FaultVerb("export", _export, _check_exported),
    FaultVerb("people", _people, _check_people),
    FaultVerb("consent", _consent, _check_consented),
    FaultVerb("withdraw", _withdraw, _check_withdrawn),
    FaultVerb("send", _send, _check_sent),
    FaultVerb("receive", _receive, _check_received),
    FaultVerb("cluster", _transcribe_in_cluster, _check_heard),
)
