"""How data flows through a study, for an impact assessment and the record of processing.

Made from what is true in the study now: who has which keys, which models made what, how long each
kind of data is kept, what was handed to whom. It holds codes, labels, counts and names of staff,
and no participant's words or name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from app.clear_files import list_clear_files, list_old_copies
from app.labels import format_count, format_duration
from app.retention import read_retention_plan
from app.withdrawal import list_participants
from handoff import PrintedTable, list_hand_overs, render_printed_sheet
from models import ModelKind, list_models
from study import (
    PROGRAM_VERSION,
    ArtefactKind,
    DataKind,
    HandOver,
    InterviewSummary,
    Mentions,
    Transcript,
    Voices,
)
from study.errors import ModelBroken
from study.store import (
    Interview,
    KeyClass,
    Study,
    count_safeguarding_notes,
    list_consents,
    list_destructions,
    list_heard_elsewhere,
    list_holds,
    list_people,
    list_record_owners,
    list_sent_away,
    read_study_policy,
    read_trail_head,
)

_OPENS = {
    KeyClass.IDENTIFYING: "sound, words, names, consent",
    KeyClass.KEY: "what each replacement stands for",
    KeyClass.CLEAN: "anonymised transcripts and logs",
}
_HEARD_BY = "a speech model on this computer, by machine"
_HEARD_BY_OTHERS = "a speech model on this computer or on others of a cluster, by machine"
_FLOW = (
    (
        "recording or file",
        "microphone, or a file that is brought in",
        "sound, encrypted as it is recorded",
    ),
    ("transcription", _HEARD_BY, "words, sealed"),
    ("search for details", "rules and a trained model on this computer", "proposals, sealed"),
    ("review", "a person decides each proposal", "clean text and log, sealed"),
    ("sign-off", "a data officer", "a signature over these exact bytes"),
    ("hand-over", "a person, by hand", "files in the clear, which are listed below"),
)
_LOCAL = (
    "Transcription and the search for details are automatic. Nobody is judged by a machine: a"
    " person decides what is replaced. Fetching a model sends nothing of a study."
)
_NOT_SENT = "They run on this computer, and send no sound and no word anywhere."
_SENT = (
    "They run on this computer, but for {interviews}: the sound went over the network to other"
    " computers of a cluster, encrypted for each of them, and the words came back encrypted."
)
_PSEUDONYMOUS = (
    "While the list of what each replacement stands for is kept, the clean texts are pseudonymised,"
    " not anonymous: they are personal data."
)


def render_data_flow_sheet(study: Study) -> bytes:
    """Return the sheet for an impact assessment and the record of processing, in HTML.

    Raises:
        KeyNotHeld: the passphrase in use does not open what it tells of.
        StudyDamaged: something is not what was written.
    """
    summaries = study.summaries()
    given, models = list(_list_given(study, summaries)), list(_list_models(study, summaries))
    destroyed = list(_count_destroyed(study))
    labels = {one.id: one.label for one in summaries}
    elsewhere = list_heard_elsewhere(study, labels)
    flow = [
        (step, _HEARD_BY_OTHERS if by is _HEARD_BY and elsewhere else by, result)
        for step, by, result in _FLOW
    ]
    copies = [
        (labels[one.interview], one.study, one.how.value, one.at[:10])
        for one in list_sent_away(study, labels)
    ]
    holds = [(hold.code or "everything", hold.name, hold.at[:10]) for hold in list_holds(study)]
    tables = [
        PrintedTable("What is held", ("what", "how much"), list(_list_holdings(study, summaries))),
        PrintedTable("How it flows", ("step", "by", "result"), flow),
        PrintedTable("Where it is", ("place", "what", "sealed"), list(_list_places(study))),
        PrintedTable("Models", ("name", "SHA-256", "here", "made"), models),
        PrintedTable("Who has access", ("name", "role", "opens"), list_access(study)),
        PrintedTable("How long it is kept", ("kind", "until"), list(_list_retention(study))),
        PrintedTable("Handed over", ("of", "to", "for", "when", "as"), given),
        PrintedTable("Sealed copies in other studies", ("of", "study", "how", "when"), copies),
        PrintedTable("Withdrawn and destroyed", ("what", "state", "how often"), destroyed),
        PrintedTable("May not be destroyed", ("who", "set by", "when"), holds),
    ]
    notes = list(_list_notes(study, len(elsewhere)))
    return render_printed_sheet("How data flows through this study", notes, tables)


def _list_notes(study: Study, elsewhere: int) -> Iterator[str]:
    day, head = study.now()[:10], read_trail_head(study.db)
    yield f"Made on {day} by {PROGRAM_VERSION} from the study, whose audit trail ends at {head}."
    yield _LOCAL
    yield _SENT.format(interviews=format_count(elsewhere, "interview")) if elsewhere else _NOT_SENT
    yield _PSEUDONYMOUS
    policy = read_study_policy(study)
    yield f"Consent before recording: {policy.consent.value or 'the study has not said'}."
    yield f"Redacted sound may be handed over: {_yes(policy.sound_may_leave)}."
    yield f"Whoever signs off must have decided nothing: {_yes(policy.second_person)}."
    yield (
        "Whoever signs off answers in writing who could recognise the person: "
        f"{_yes(policy.asks_who_recognises)}."
    )


def _yes(is_so: bool) -> str:  # noqa: FBT001 - a word for each
    return "yes" if is_so else "no"


def _list_holdings(study: Study, summaries: list[InterviewSummary]) -> Iterator[tuple[str, str]]:
    yield "interviews", str(len(summaries))
    yield "participants, by code", str(len(list_participants(study)))
    yield "sound", format_duration(sum(s.sound_s for s in summaries)) if summaries else "none"
    for name, kind in (
        ("transcripts", ArtefactKind.RAW), ("clean texts", ArtefactKind.CLEAN),
        ("keys of replacements", ArtefactKind.PSEUDONYMS),
    ):  # fmt: skip
        yield name, str(sum(kind in s.versions for s in summaries))
    consents = list_consents(study)
    yield "consent records", str(len(consents))
    for basis, count in sorted(Counter(record.basis.value for record in consents).items()):
        yield f"  by {basis}", str(count)
    owners = Counter(kind for kind, _, _ in list_record_owners(study))
    yield (
        "contact details of participants, and of who decides for them",
        str(owners[ArtefactKind.CONTACTS]),
    )
    prints = sum(len(voices.prints) for voices in _list_voices(study, summaries))
    yield "voice prints (biometric: special category data)", str(prints)
    yield "notes that somebody's safety is in doubt", str(count_safeguarding_notes(study))


def _list_voices(study: Study, summaries: list[InterviewSummary]) -> Iterator[Voices]:
    """Yield every version of the voices that were told apart: each may hold voice prints."""
    for summary in summaries:
        interview = study.interview(summary.id)
        for version in range(1, interview.find_newest_version(ArtefactKind.VOICES) + 1):
            voices = interview.read_artefact(ArtefactKind.VOICES, Voices, version)
            if voices is not None:
                yield voices


def _list_places(study: Study) -> Iterator[tuple[str, str, str]]:
    yield str(study.folder.resolve()), "the study: study.db and audio/", "yes"
    for name in list_old_copies(study):
        yield f"{name} in it", "the study as it was before its format was updated", "yes"
    for one in list_clear_files(study):
        yield f"{one.place} in it", f"{format_count(one.count, 'file')}: {one.kind}", "no"
    heads = read_study_policy(study).heads_file
    if heads:
        yield heads, "heads of the audit trail", "no: counts and hashes"


def _list_models(
    study: Study, summaries: list[InterviewSummary]
) -> Iterator[tuple[str, str, str, str]]:
    used: Counter[tuple[str, str]] = Counter()
    for summary in summaries:
        interview = study.interview(summary.id)
        used.update(
            (made.provenance.model, made.provenance.model_sha256)
            for made in (
                interview.read_artefact(ArtefactKind.RAW, Transcript),
                interview.read_artefact(ArtefactKind.MENTIONS, Mentions),
            )
            if made is not None and made.provenance.model
        )
        used.update(_list_voice_models(interview))
    here = {(one.name, _hash(one.sha256)) for kind in ModelKind for one in list_models(kind)}
    for name, digest in sorted(used.keys() | here):
        made = format_count(used[name, digest], "text") if used[name, digest] else ""
        yield name, digest, _yes((name, digest) in here), made


def _list_voice_models(interview: Interview) -> set[tuple[str, str]]:
    """Return name and hash of the models that told voices apart, also where these are gone."""
    found = set[tuple[str, str]]()
    if (voices := interview.read_artefact(ArtefactKind.VOICES, Voices)) is not None:
        found.add((voices.model, voices.model_sha256))
    if (raw := interview.read_artefact(ArtefactKind.RAW, Transcript)) is not None:
        options = raw.provenance.options
        if name := options.get("speakers_model"):
            found.add((str(name), str(options.get("speakers_sha256", ""))))
    return found


def _hash(read: Callable[[], str]) -> str:
    try:
        return read()
    except ModelBroken:
        return "its files are not the right ones"


def list_access(study: Study) -> list[tuple[str, str, str]]:
    """Return name, role and what their keys open, of everybody and the recovery code."""
    return [
        (one.name, one.role.value, ", ".join(_OPENS[key] for key in one.opens if key in _OPENS))
        for one in list_people(study)
    ]


def _list_retention(study: Study) -> Iterator[tuple[str, str]]:
    plan = read_retention_plan(study)
    for kind in DataKind:
        rule = plan.find_rule(kind)
        yield kind.value, str(rule) if rule else "somebody decides"
    yield "end of the study", plan.end or "not yet"


def _list_given(
    study: Study, summaries: list[InterviewSummary]
) -> Iterator[tuple[str, str, str, str, str]]:
    found = [(s.label, one) for s in summaries for one in list_hand_overs(study.interview(s.id))]
    gone = ((g.label, g.hand_over) for one in list_destructions(study) for g in one.given_away)
    for one in gone:  # what several destructions are about stands there once
        found += [] if one in found else [one]
    for label, one in found:
        yield label, one.to or "not named", one.purpose, one.at[:10], _name_formats(one)


def _name_formats(one: HandOver) -> str:
    return ", ".join(one.formats)


def _count_destroyed(study: Study) -> Iterator[tuple[str, str, str]]:
    counted = Counter((d.cause.value, d.scope, d.state.value) for d in list_destructions(study))
    for (cause, scope, state), count in sorted(counted.items()):
        yield f"{cause}: {scope}", state, str(count)
