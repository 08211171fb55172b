"""The methods paragraph and the README say what the study shows, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import pytest

from handoff.bundle import ExportOrder, render_bundle
from handoff.sign_off import sign_transcript
from handoff.study_report import collect_report_rows, render_report
from study import (
    TRIED_PRECISION,
    TRIED_RECALL,
    ArtefactKind,
    Category,
    CleanBasis,
    Coverage,
    Decision,
    DecisionFacts,
    DoubtFlag,
    Edit,
    EditKind,
    Finder,
    InterviewDetails,
    LogLine,
    Mark,
    MarkKind,
    Mention,
    Mentions,
    MentionsFacts,
    PersonRole,
    Provenance,
    Recognition,
    ReturnedChange,
    ReturnedCopy,
    ReturnedPart,
    ReturnedRuling,
    ReturnedStanding,
    SecondHearing,
    SoundFormat,
    Transcript,
    Turn,
    Verdict,
    Voices,
    Word,
)
from study.store import (
    ALL_CLASSES,
    TYPED_BY_HAND,
    Argon2Cost,
    IncomingSound,
    Study,
    TranscriptEditor,
    read_decisions,
    read_newest_transcript,
    record_stretch,
    restart_correction,
)

OFFICER = "another four small words"
ASSISTANT = "four more small words here"
FORM = SoundFormat(8000, 1)
TURNS = (
    Turn(1, "P07", 0.0, 2.0, "Rose told me.", flags=(DoubtFlag("doubt"),)),
    Turn(2, "P07", 2.0, 4.0, "Then Rose left."),
    Turn(3, "P07", 4.0, 5.0, "Yes."),
)
MENTIONS = (
    Mention("rose", 1, 0, 4, Category.PERSON, "names", 0.9, "[Person 1]"),
    Mention("also", 2, 5, 9, Category.PERSON, "names", 0.9, "[Person 1]"),
)
HERE = Provenance("transcribe", "earshot 0.1.0", "small", "ab" * 32)
TYPED = Provenance("import", "earshot 0.1.0", options={"format": "text"})
BY_HAND = Provenance(TYPED_BY_HAND, "earshot 0.1.0")
VTT = Provenance("import", "earshot 0.1.0", options={"format": "WebVTT"})
SMALLER = Provenance("transcribe", "earshot 0.1.0", "base", "ee" * 32)
_HEARD = (Word(" Yes she did.", 4.0, 5.0, 0.9),)
OLDER = Provenance("transcribe", "earshot 0.0.9", "tiny", "cd" * 32)
UNKNOWN = Provenance("", "")
RULES = Provenance("anonymise", "earshot 0.1.0", options={"transcript": "raw"})
TRAINED = replace(RULES, model="core", model_sha256="ef" * 32)
CORE, OWN = Finder("names", "core", "ef" * 32), Finder("own", "own", "01" * 32)


@dataclass(frozen=True, slots=True)
class Made:
    """The history of an interview in a study.

    sound: "recorded", "imported" or "". edits: the edits in order, see ``correct``. decided: ""
    for no mentions, "one by one", "in bulk", or "both". by: the slots that decided. signed: "" for
    nobody, "owner", or the role of an officer, who has a passphrase of their own. finders: the
    trained models that looked. correcting: "assistant" where somebody else made the edits.
    returned: the participants' copies that came back, each "agreed", "changed", "discarded" or
    "waiting". has_keys: keys that were pressed while recording said who speaks.
    """

    sound: str = ""
    transcript: Provenance = TYPED
    edits: tuple[str, ...] = ()
    search: Provenance = RULES
    decided: str = ""
    by: tuple[int, ...] = (1, 1)
    signed: str = ""
    finders: tuple[Finder, ...] = ()
    correcting: str = ""
    returned: tuple[str, ...] = ()
    has_keys: bool = False


def interview(study: Study, made: Made, label: str = "P07_i1") -> str:
    sound = b"\1\0" * FORM.rate
    if made.sound == "imported":
        with IncomingSound(study, FORM) as incoming:
            incoming.write(sound)
            known = incoming.keep(InterviewDetails(label), {"container": "WAV"})
    else:
        with study.change("made for a test") as change:
            known = change.add_interview(InterviewDetails(label))
            if made.transcript.step == "import":
                change.write_artefact(ArtefactKind.ORIGIN, {"container": "text"})
    if made.sound == "recorded":
        with record_stretch(study.interview(known), FORM) as writer:
            writer.write(sound)
    coverage = (
        Coverage(5.0, 4.0, 3.0, ((3.0, 4.0),)) if made.transcript.step == "transcribe" else None
    )
    recognition = Recognition(is_draft=made.transcript is OLDER) if coverage else None
    head = (Mark(0.0, MarkKind.MODEL),) * (made.transcript is HERE)
    head += (Mark(1.0, MarkKind.SPEAKER, "P07"),) * made.has_keys
    raw = Transcript(TURNS, made.transcript, coverage, head, recognition)
    with study.interview(known).change("made for a test") as change:
        change.write_artefact(ArtefactKind.RAW, raw)
    if made.correcting:
        with Study.open(study.folder, ASSISTANT) as theirs:
            for edit in made.edits:
                correct(theirs, known, edit)
    else:
        for edit in made.edits:
            correct(study, known, edit)
    for what in made.returned:
        send_back(study, known, what)
    finish(study, known, made)
    return known


def send_back(study: Study, known: str, what: str) -> None:
    """Keep a copy that came back, and end its list where it is not waiting."""
    part = ReturnedPart("line 1", "row", ReturnedStanding.READ, approves=what == "agreed")
    changes = (ReturnedChange(1, 1, "Rose came."),) * (what == "changed")
    with study.interview(known).change("participant's copy came back") as change:
        copy = ReturnedCopy("2026-11-20", 1, (1,), (part,))
        change.write_artefact(ArtefactKind.RETURNED, copy)
        for number in (1, 0)[: 1 if what == "waiting" else 2]:
            ruling = ReturnedRuling(
                number, 1, change.made_at, changes, approves=part.approves,
                discards=what == "discarded" and not number,
            )  # fmt: skip
            change.append_entry(ArtefactKind.RETURNED, ruling)


def take_back(study: Study, known: str) -> None:
    """Take a turn's words from another study, to which the interview was lent."""
    TranscriptEditor(study.interview(known)).set_speaker(3, "FAM01")
    with study.interview(known).change("taken back") as change:
        turn = replace(TURNS[2], text="Yes, she did.")
        back = Edit(EditKind.BACK, study.ring.slot, change.made_at, (turn,))
        change.append_entry(ArtefactKind.CORRECTED, back)


def correct(study: Study, known: str, edit: str) -> None:
    editor = TranscriptEditor(study.interview(known))

    def split() -> None:
        editor.split_turn(1, 5)
        editor.undo()
        editor.split_turn(2, 5)

    by_name: dict[str, Callable[[], object]] = {
        "words": lambda: editor.set_text(3, "Yes, she did."),
        "on loan": lambda: take_back(study, known),
        "taken out": lambda: editor.remove_turn(2),
        "taken back": editor.undo,
        "speaker": lambda: editor.set_speaker(3, "FAM01"),
        "split": split,
        "listened": lambda: editor.confirm_doubtful_turn(1),
        "heard again": lambda: hear_again(study, known),
        "begun anew": lambda: restart_correction(study.interview(known)),
        "voices": lambda: tell_voices_apart(study, known),
    }
    by_name[edit]()


def hear_again(study: Study, known: str) -> None:
    heard = Transcript((replace(TURNS[2], text="Yes she did.", words=_HEARD),), SMALLER)
    hearing = SecondHearing(0.0, 5.0, (0.0, 5.0), heard)
    with study.interview(known).change("heard again") as change:
        version = change.write_artefact(ArtefactKind.HEARING, hearing)
    TranscriptEditor(study.interview(known)).take_heard_turns(version, ["3"])


def tell_voices_apart(study: Study, known: str) -> None:
    """Separating speakers makes a new version of the corrected transcript."""
    source = read_newest_transcript(study.interview(known))
    assert source is not None
    with study.interview(known).change("speakers told apart") as change:
        turns = tuple(replace(turn, speaker="S1") for turn in source.transcript.turns)
        change.write_artefact(source.ref.kind, replace(source.transcript, turns=turns))


def finish(study: Study, known: str, made: Made) -> None:
    source = read_newest_transcript(study.interview(known))
    assert source is not None
    mentions = MENTIONS if made.decided else ()
    with study.interview(known).change("made for a test") as change:
        searched = Mentions(source.ref, mentions, made.search, finders=made.finders)
        change.write_artefact(ArtefactKind.MENTIONS, searched, MentionsFacts(source.ref))
    bulk = {"one by one": (False, False), "in bulk": (True, True), "both": (False, True), "": ()}
    own_slot = study.ring.slot
    for mention, by, in_bulk in zip(mentions, made.by, bulk[made.decided], strict=False):
        study.ring.slot = by  # the trail tells who decided
        with study.interview(known).change("decided") as change:
            decision = Decision(mention.key, Verdict.ACCEPTED, by, change.made_at, in_bulk=in_bulk)
            change.append_entry(ArtefactKind.MENTIONS, decision, DecisionFacts(0))
    study.ring.slot = own_slot
    log = tuple(
        LogLine(
            mention=d.mention.key, turn=d.mention.turn, start_s=0.0, category=Category.PERSON,
            direct=True, action="replaced", replacement=d.replacement, source="names", score=0.9,
            by=d.decision.by, at=d.decision.at, in_bulk=d.decision.in_bulk,
        )
        for d in read_decisions(study.interview(known)) if d.decision
    )  # fmt: skip
    turns = tuple(
        replace(turn, text=turn.text.replace("Rose", "[Person 1]"), flags=())
        for turn in source.transcript.turns
    )
    with study.interview(known).change("made for a test") as change:
        made_from = CleanBasis(
            source.ref, study.interview(known).find_newest_version(ArtefactKind.MENTIONS)
        )
        clean = replace(source.transcript, turns=turns, made_from=made_from)
        change.write_artefact(ArtefactKind.CLEAN, clean)
        change.write_artefact(ArtefactKind.LOG, log)
    if made.signed == "owner":
        sign_transcript(study.interview(known))
    elif made.signed:
        with Study.open(study.folder, OFFICER) as hers:
            sign_transcript(hers.interview(known), role=made.signed)


def render_texts(study: Study, *known: str) -> tuple[str, str]:
    files = render_bundle(study, ExportOrder(known, ("txt",)), date(2026, 11, 25))
    return files["methods.txt"].decode(), files["README.txt"].decode()


SOUND = ("recorded", "The sound of", "lasts")
OURS = ("faster-whisper", "model small", "any service", "of the speech", "verbatim", "fitted")
MENDED = ("corrected words", "against the recording", "listened")
PERSON = ("a person", "one by one", "in bulk", "passphrase")
SECOND = ("none of the details", "somebody else", "second")
SIGNED = ("signed off",)

STUDIES = {
    "typed text, nothing else": (
        Made(),
        ("1 interview was analysed.",
         "1 transcript was made elsewhere and imported (1 from text); how, and",
         "whether sound was sent to a service for it, is not known.",
         "Of 1 interview the study holds no sound.",
         "No words of the transcripts were corrected by hand in Earshot.",
         "Identifying details were looked for by rules."),
        (*SOUND, *OURS, *MENDED, *PERSON, *SECOND, *SIGNED),
    ),
    "subtitles of another program": (
        Made(transcript=VTT), ("1 transcript was made elsewhere and imported (1 from WebVTT);",),
        (*SOUND, *OURS, *MENDED, *SECOND, *SIGNED),
    ),
    "typed here": (
        Made("recorded", BY_HAND, ("words",)),
        ("1 transcript was typed by a person in Earshot, without a speech model.",
         "A person corrected words"),
        ("by listening", "put in"),
    ),
    "begun empty, and words of a model taken": (
        Made("recorded", BY_HAND, ("heard again",)),
        ("1 transcript was begun empty in Earshot, to be typed; words of a speech model were put",
         "The words of 1 turn were heard a second time"),
        ("typed by a person", "without a speech model", "by listening"),
    ),
    "typed text, corrected": (
        Made(edits=("words",)),
        ("A person corrected words in 1 transcript (1 turn), with 1 passphrase (1 owner).",),
        (*SOUND, *OURS, "against the recording", "heard again", "No words"),
    ),
    "transcribed here from a recording of ours": (
        Made("recorded", HERE),
        ("1 was recorded with Earshot.", "The sound of 1 interview lasts 1 s.",
         "1 transcript was made from the sound with earshot 0.1.0 (faster-whisper, model small,",
         "75% of the speech", "1 passage of speech without words",
         'leave out most hesitations ("um") and some false starts, so these transcripts are not',
         f"fitted on, {TRIED_PRECISION:.0%} of the turns marked by probability held a wrong word",
         f"and {TRIED_RECALL:.0%} of the turns with a wrong word were marked;"),
        ("elsewhere", "corrected words", "against the recording", *PERSON, *SECOND, *SIGNED),
    ),
    "transcribed here from sound of elsewhere": (
        Made("imported", HERE), ("1 was recorded elsewhere and imported.", "faster-whisper"),
        ("recorded with Earshot", "made elsewhere"),
    ),
    "a quick draft of an older program": (
        Made("imported", OLDER), ("with earshot 0.0.9 (faster-whisper, model tiny", "quick draft",
                                    "strictly verbatim"),
        ("earshot 0.1.0 (faster", "model small", "not fitted on"),  # it had no such rule
    ),
    "nobody knows what made the transcript": (
        Made(transcript=UNKNOWN), ("1 interview was analysed.",), (*SOUND, *OURS, "made elsewhere"),
    ),
    "corrected, and a doubtful turn listened to": (
        Made("recorded", HERE, ("words", "listened")),
        ("A person corrected words in 1 transcript (1 turn), with 1 passphrase (1 owner).",
         "How much of the sound was listened to is not known.",
         "1 doubtful turn was noted by a person as right."),
        ("against the recording", "No words"),
    ),
    "a doubt settled where there is no sound to listen to": (
        Made(transcript=HERE, edits=("listened",)), ("No words of",), (*SOUND, "heard again"),
    ),
    "a turn taken over from a second hearing": (
        Made("recorded", HERE, ("heard again",)),
        ("The words of 1 turn were heard a second time (model base, SHA-256 eeeeeeeeeeeeeeee)",
         "and taken over by a person.", "No words of the transcripts were corrected by hand"),
        ("corrected words",),
    ),
    "a second hearing that was taken back": (
        Made("recorded", HERE, ("heard again", "taken back")), ("No words of",),
        (*MENDED, "second time"),
    ),
    "only a speaker and a split": (
        Made("recorded", HERE, ("speaker", "split")), ("No words of",), MENDED,
    ),
    "a correction that was taken back": (
        Made("recorded", HERE, ("words", "taken back")), ("No words of",), MENDED,
    ),
    "corrections begun anew": (
        Made("recorded", HERE, ("words", "begun anew")), ("No words of",), MENDED,
    ),
    "voices told apart after a correction": (
        Made("recorded", HERE, ("words", "voices")),
        ("A person corrected words in 1",), ("No words",),
    ),
    "voices told apart and nothing corrected": (
        Made("recorded", HERE, ("speaker", "voices")), ("No words of",), MENDED,
    ),
    "decided one by one by one person, unsigned": (
        Made(decided="one by one"),
        ("2 details were replaced (person 2) and 0 kept as they were said.",
         "2 details were decided with 1 passphrase (1 owner): 2 one by one."),
        ("in bulk", *SECOND, *SIGNED),
    ),
    "accepted in bulk": (
        Made(decided="in bulk"),
        ("2 details were decided with 1 passphrase (1 owner): 2 in bulk.",),
        ("one by one", "every proposal", "a person", *SECOND),
    ),
    "decided in both ways by two": (
        Made(decided="both", by=(1, 3), signed="owner"),
        ("decided with 2 passphrases (1 owner, 1 data officer): 1 one by one and 1 in bulk.",
         "1 transcript was signed off; 1 of them with a passphrase that decided some or all of"),
        SECOND,
    ),
    "signed off by who decided": (
        Made(decided="one by one", signed="owner"),
        ("1 transcript was signed off; 1 of them with a passphrase that decided some or all of",),
        SECOND,
    ),
    "signed off by a second person": (
        Made(decided="one by one", signed="data officer"),
        ('1 transcript was signed off, by who gave their role as "data officer"; 1 of them with a',
         "passphrase that decided none of the details."), (),
    ),
    "signed off by a second person where nothing was decided": (
        Made(signed="data officer"),
        ('1 transcript was signed off, by who gave their role as "data officer".',),
        (*SECOND, "decided"),
    ),
    "signed off with the recovery code's decisions": (
        Made(decided="one by one", by=(2, 2), signed="owner"), ("1 transcript was signed off.",),
        SECOND,
    ),
    "a trained model looked as well": (
        Made(search=TRAINED),
        ("looked for by rules and by a trained model (model core, SHA-256",), (),
    ),
    "two trained models looked": (
        Made(search=TRAINED, finders=(CORE, OWN)),
        ("by rules and by 2 trained models (model core, SHA-256 efefefefefefefef and model own,",),
        (),
    ),
    "words corrected by an assistant with a passphrase of their own": (
        Made("recorded", HERE, ("words",), correcting="assistant"),
        ("A person corrected words in 1 transcript (1 turn), with 1 passphrase (1 research",
         "How much of the sound was listened to is not known."), ("owner",),
    ),
    "typed text, corrected where there is no sound": (
        Made(edits=("words",)), ("A person corrected words in 1 transcript",), ("listened",),
    ),
    "decided by two and by the recovery code": (
        Made(decided="both", by=(1, 2)),
        ("decided with 2 passphrases (1 owner, 1 recovery code): 1 one by one",), SECOND,
    ),
    "decided by somebody of whom the study knows no role": (
        Made(decided="both", by=(1, 77)), ("decided with 2 passphrases: 1 one by one",), SECOND,
    ),
    "a transcript of Teams and no sound": (
        Made(transcript=replace(VTT, options={"format": "Teams"})),
        ("imported (1 from Teams); how, and whether sound was sent to a service for it, is not",),
        ("on the computer", "neither sound nor text", *SOUND),
    ),
    "a transcript made elsewhere, of sound that was brought in": (
        Made("imported", VTT), ("1 was recorded elsewhere and imported.", "whether sound was sent"),
        ("no sound", "on the computer", "neither sound nor text"),
    ),
    "participants' copies that came back": (
        Made(returned=("agreed", "changed", "discarded", "changed", "waiting")),
        ("3 participants' copies came back; 1 said that the transcript is right and 2 turns",), (),
    ),
    "one copy that came back with nothing to change": (
        Made(returned=("agreed",)),
        ("1 participant's copy came back; 1 said that the transcript is right and no turn",), (),
    ),
    "a copy whose list nobody has gone through": (Made(returned=("waiting",)), (), ("came back",)),
    "the copy of a wrong file": (Made(returned=("discarded",)), (), ("came back",)),
    "nothing searched": (Made(search=UNKNOWN), (), ("looked for", "rules")),
}  # fmt: skip


@pytest.mark.parametrize(("made", "says", "says_not"), STUDIES.values(), ids=STUDIES)
def test_methods_and_readme_claim_nothing_that_the_study_does_not_show(
    study: Study, cheap: Argon2Cost, made: Made, says: tuple[str, ...], says_not: tuple[str, ...]
) -> None:
    study.add_slot("officer", OFFICER, ALL_CLASSES, role=PersonRole.OFFICER, cost=cheap)
    if made.correcting:
        study.add_slot("helper", ASSISTANT, ALL_CLASSES, role=PersonRole.ASSISTANT, cost=cheap)
    known = interview(study, made)

    paragraph, readme = render_texts(study, known)

    assert [claim for claim in says if claim not in paragraph] == []
    assert [claim for claim in says_not if claim in paragraph] == []
    assert "decided by a person" not in readme
    assert ("anonymised with Earshot and signed off" in readme) is bool(made.signed)
    assert ("Times count the sound" in readme) is bool(made.sound)
    is_marked = made.transcript is HERE  # its head says that a model made it
    assert ("(in round brackets)" in readme) is is_marked


def test_several_interviews_are_told_apart_by_their_numbers(
    study: Study, cheap: Argon2Cost
) -> None:
    study.add_slot("officer", OFFICER, ALL_CLASSES, cost=cheap)
    first = interview(study, Made("recorded", HERE, ("words",), TRAINED, "in bulk"), "P01_i1")
    second = interview(study, Made("imported", HERE, (), RULES, "both", signed="owner"), "P02_i1")
    third = interview(study, Made(decided="both", signed="data officer"), "P03_i1")

    paragraph, readme = render_texts(study, first, second, third)

    for claim in (
        "3 interviews were analysed. 1 was recorded with Earshot and 1 was recorded elsewhere and",
        "The sound of 2 interviews lasts 1 s each, 2 s in all. Of 1 interview the study",
        "2 transcripts were made from the sound",
        "When they were made, 75% of the speech that was detected had words; 2 passages",
        "1 transcript was made elsewhere",
        "A person corrected words in 1 transcript (1 turn), with 1 passphrase (1 owner).",
        "by rules and, in 1 of 3 interviews, by a trained model",
        "6 details were decided with 1 passphrase (1 owner): 2 one by one and 4 in bulk.",
        "2 transcripts were signed off; 1 of them with a passphrase that decided none",
    ):
        assert claim in paragraph
    assert "signed off" not in readme.partition("\n")[0]


def test_a_turn_that_was_taken_out_is_told_and_the_share_is_of_the_day_it_was_heard(
    study: Study,
) -> None:
    """The share stood in the present tense: "100% has words", of speech that had none left."""
    known = interview(study, Made("recorded", HERE, ("words", "taken out")))

    paragraph, _ = render_texts(study, known)

    assert "When they were made, 75% of the speech that was detected had words" in paragraph
    assert "1 turn was taken out by a person." in paragraph
    assert "has words" not in paragraph


def test_who_speaks_is_told_as_keys_and_a_person_said(study: Study) -> None:
    """It told of the model alone, where keys had been pressed and turns set by hand."""
    silent = interview(study, Made("recorded", HERE))
    assert "who speaks" not in render_texts(study, silent)[0]

    keyed = interview(study, Made("recorded", HERE, ("speaker",), has_keys=True), "P07_i2")
    paragraph, _ = render_texts(study, silent, keyed)

    assert "Keys that were pressed while recording said who speaks, in 1 of 2" in paragraph
    assert "A person set who speaks in 1 turn." in paragraph


def test_keys_that_did_not_count_are_not_told(study: Study) -> None:
    """It said that keys told who speaks where the voices alone had been chosen."""
    known = interview(study, Made("recorded", HERE, ("voices",), has_keys=True))
    assert "Keys that were pressed" in render_texts(study, known)[0]
    handle = study.interview(known)
    source = read_newest_transcript(handle)
    assert source is not None
    for uses_keys in (False, True):
        voices = Voices((), (), 2, False, 1.0, "voices", "", uses_keys=uses_keys)  # noqa: FBT003 - given
        with handle.change("speakers told apart") as change:
            told = replace(source.transcript, recognition=Recognition(speakers_model="voices"))
            change.write_artefact(source.ref.kind, told)
            change.write_artefact(ArtefactKind.VOICES, voices)

        assert ("Keys that were pressed" in render_texts(study, known)[0]) is uses_keys


def test_a_model_that_told_voices_apart_is_told(study: Study) -> None:
    known = interview(study, Made("recorded", HERE, ("voices",)))
    assert "voices apart" not in render_texts(study, known)[0]
    handle = study.interview(known)
    source = read_newest_transcript(handle)
    assert source is not None
    with handle.change("speakers told apart") as change:
        told = replace(source.transcript, recognition=Recognition(speakers_model="voices"))
        change.write_artefact(source.ref.kind, told)

    paragraph, _ = render_texts(study, known)

    assert "Who speaks was proposed by a model that tells voices apart (voices)." in paragraph


def test_turns_that_were_changed_on_loan_are_told(study: Study) -> None:
    """The paragraph said that no words were corrected by hand: an assistant had done it on loan."""
    known = interview(study, Made("recorded", HERE, ("on loan",)))

    paragraph, _ = render_texts(study, known)

    assert "1 turn was changed in another study of Earshot, to which the interview" in paragraph
    assert "No words of the transcripts were corrected" not in paragraph


def test_a_report_of_typed_texts_tells_of_no_sound(study: Study) -> None:
    interview(study, Made())

    page = render_report(collect_report_rows(study), day="2026-11-25").decode()

    assert "1 interview, none with sound." in page
    assert "Length of the sound" not in page
    assert "0 s" not in page
    interview(study, Made("recorded", HERE), "P08_i1")
    page = render_report(collect_report_rows(study), day="2026-11-25").decode()
    assert "2 interviews, 1 with sound (1 s)." in page
    assert "Length of the sound" in page
