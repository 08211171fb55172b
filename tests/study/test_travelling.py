"""Interviews go from one study to another: all of it arrives, from who is known, or nothing."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from anonymise import decide_mention, list_pseudonyms
from app import describe_taken, destroy_moved, receive_parcel, take_back_loan
from study import (
    ArtefactKind,
    ConsentRule,
    DestructionState,
    InterviewDetails,
    ParcelKind,
    Participant,
    PersonRole,
    Verdict,
    WithdrawalScope,
)
from study.errors import (
    BothChanged,
    ConsentMissing,
    DiskFailed,
    EarshotError,
    HasWithdrawn,
    HeldThere,
    InterviewLent,
    KeyUntrusted,
    NotAParcel,
    NotAStudyKey,
    NotLent,
    OtherParcel,
    ParcelChanged,
    ParcelCut,
    ParcelFlaw,
    ParcelForOther,
    ParcelFromStranger,
    ParcelRefused,
    ParcelTooNew,
    ReceiptRefused,
    RoleForbids,
    StudyChanged,
    StudyDamaged,
    TakenInBefore,
    WordsDiffer,
)
from study.store import (
    Study,
    TranscriptEditor,
    TurnSide,
    add_person,
    ask_destruction,
    check_parcel,
    confirm_destruction,
    encode_card,
    end_loan,
    list_consents,
    list_loans,
    list_trusted,
    list_unproven_consents,
    make_study_keys,
    matches_card,
    read_card_file,
    record_withdrawal,
    rescue_recordings,
    send_interviews,
    send_receipt,
    spell_card,
    take_in_receipt,
    trust_study,
    verify_study,
)
from study.store import sending as sending_module
from study.store.arrived_sound import ArrivingSound
from study.store.consents import find_consent_owner
from study.store.parcel_contents import (
    OriginalTrail,
    ToldLine,
    ToldPerson,
    TravellingConsent,
    TravellingInterview,
    TravellingRow,
    collect_consent,
    collect_interview,
    collect_people,
    collect_people_lines,
    collect_rows,
)
from study.store.taking_in import OpenedParcel
from study.travel import FIRST_FOREIGN, TrustedStudy
from tests.consents import ask_for
from tests.study.destroying import whole
from tests.study.travelling import CHEAP, LINES, PASSPHRASE, agree, bring_in, places


def _allow(*_: object) -> None:
    """Allow whatever is asked."""


def state_of(folder: Path) -> list[tuple[str, int]]:
    """What lies in a study's folder, but for the database's own bookkeeping."""
    return sorted(
        (str(path.relative_to(folder)), path.stat().st_size)
        for path in (folder / "audio").rglob("*")
        if path.is_file()
    )


def test_everything_of_an_interview_arrives_and_says_who_did_it(tmp_path: Path) -> None:
    with places(tmp_path, "field", "office") as at:
        field, office = at["field"].study, at["office"].study
        agree(field, "P07")
        made = bring_in(field, "P07_i1")

        sent = send_interviews(field, [field.interview(made)], at["office"].card, tmp_path / "p")
        taken = receive_parcel(office, tmp_path / "p")

        here = office.interview("P07_i1")
        source, sound = here.read_transcript(), here.open_sound()
        assert sent.labels == taken.labels == ("P07_i1",)
        assert source is not None
        assert sound is not None
        with sound:
            assert sound.read(0, 16000) == b"\x00\x01" * 8000 + b"\x01\x01" * 8000
        assert [turn.text for turn in source.transcript.turns] == [*LINES[:2], "In Leeds, then."]
        (decided,) = here.read_decisions()
        assert decided.decision is not None
        assert decided.decision.by == FIRST_FOREIGN
        assert office.slot_names()[FIRST_FOREIGN] == "owner (field)"
        assert [one.code for one in list_consents(office)] == ["P07"]
        assert list_unproven_consents(office) == set()
        trail = here.read_artefact(ArtefactKind.ORIGINAL_TRAIL, OriginalTrail)
        assert trail is not None
        assert trail.study == field.id
        assert {line.verb for line in trail.lines} >= {"study made", "imported", "corrected"}
        assert verify_study(field) == verify_study(office) == []
        office.close()
        with Study.open(tmp_path / "office", PASSPHRASE) as again:
            assert again.change_flaw is None
            assert verify_study(again) == []


def test_a_parcel_is_refused_in_one_sentence_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with places(tmp_path, "field", "office", "other") as at:
        field, office = at["field"].study, at["office"].study
        made = bring_in(field, "P07_i1")
        right = tmp_path / "right"
        send_interviews(field, [field.interview(made)], at["office"].card, right)
        send_interviews(field, [field.interview(made)], at["other"].card, tmp_path / "others")
        whole = right.read_bytes()
        stranger, _ = Study.create(tmp_path / "stranger", PASSPHRASE, cost=CHEAP)
        with stranger:
            make_study_keys(stranger)
            trust_study(stranger, at["office"].card, "o", spell_card(at["office"].card))
            unknown = bring_in(stranger, "P09_i1")
            send_interviews(
                stranger, [stranger.interview(unknown)], at["office"].card, tmp_path / "strange"
            )
        header = 8 + int.from_bytes(whole[4:8], "big")
        flipped = bytearray(whole)
        flipped[-2000] ^= 1
        key = bytearray(whole)
        key[header // 2] ^= 1
        newer = whole.replace(b'"version":1', b'"version":2', 1)
        cases: list[tuple[str, bytes, type[EarshotError]]] = [
            ("nothing", b"", NotAParcel),
            ("a text", b"Dear colleagues,\n" * 90, NotAParcel),
            ("half a header", whole[: header - 9], ParcelCut),
            ("a header alone", whole[:header], ParcelCut),
            ("half of it", whole[: len(whole) // 2], ParcelCut),
            ("all but a byte", whole[:-1], ParcelCut),
            ("a byte more", whole + b"\0", ParcelChanged),
            ("a bit of its middle", bytes(flipped), ParcelChanged),
            ("of a newer format", newer, ParcelTooNew),
            ("for another study", (tmp_path / "others").read_bytes(), ParcelForOther),
            ("from a stranger", (tmp_path / "strange").read_bytes(), ParcelFromStranger),
        ]
        before = office.read_trail()[1], state_of(office.folder)

        for name, content, refusal in cases:
            (tmp_path / "case").write_bytes(content)
            with pytest.raises(refusal) as told:
                receive_parcel(office, tmp_path / "case")
            assert str(told.value).count(".") == 1, name
            assert (office.read_trail()[1], state_of(office.folder)) == before, name
        (tmp_path / "case").write_bytes(bytes(key))
        with pytest.raises((ParcelChanged, ParcelForOther)):
            receive_parcel(office, tmp_path / "case")
        with pytest.raises(NotAParcel, match="no parcel"):
            receive_parcel(office, tmp_path)
        with pytest.raises(NotAParcel, match="no file at that place"):  # it was called no parcel
            receive_parcel(office, tmp_path / "mistyped.parcel")
        with pytest.raises(NotAStudyKey, match="no file at that place"):
            read_card_file(tmp_path / "mistyped.key")
        assert (office.read_trail()[1], state_of(office.folder)) == before
        assert check_parcel(office, right).labels == ("P07_i1",)
        assert (office.read_trail()[1], state_of(office.folder)) == before
        assert receive_parcel(office, right).labels == ("P07_i1",)


def test_a_parcel_that_came_twice_changes_nothing_and_gives_its_receipt_again(
    tmp_path: Path,
) -> None:
    with places(tmp_path, "field", "office") as at:
        field, office = at["field"].study, at["office"].study
        made = bring_in(field, "P07_i1")
        for name in ("first", "second"):
            send_interviews(field, [field.interview(made)], at["office"].card, tmp_path / name)
        receive_parcel(office, tmp_path / "first")
        before = office.read_trail()[1]

        again = receive_parcel(office, tmp_path / "first")

        assert again.was_here
        with pytest.raises(TakenInBefore, match=r"P07_i1 is in this study already\."):
            receive_parcel(office, tmp_path / "second")
        assert office.read_trail()[1] == before


def test_an_interview_moves_once_its_receipt_is_back_and_never_comes_again(
    tmp_path: Path,
) -> None:
    with places(tmp_path, "field", "office", "other") as at:
        field, office, other = (at[name].study for name in ("field", "office", "other"))
        made = bring_in(field, "P07_i1")
        sent = send_interviews(
            field, [field.interview(made)], at["office"].card, tmp_path / "p",
            kind=ParcelKind.MOVED,
        )  # fmt: skip
        taken = receive_parcel(office, tmp_path / "p")
        send_receipt(office, taken.note, tmp_path / "r")
        forged = replace(taken.note, study=field.id)
        send_receipt(other, forged, tmp_path / "forged")

        with pytest.raises(ReceiptRefused, match="another study"):
            take_in_receipt(field, tmp_path / "forged")
        with pytest.raises(ParcelForOther):
            take_in_receipt(other, tmp_path / "r")
        with pytest.raises(OtherParcel, match="receipt"):
            receive_parcel(field, tmp_path / "r")
        assert field.summaries()
        settled, _ = take_in_receipt(field, tmp_path / "r")
        done = destroy_moved(field, settled)

        assert settled.parcel == sent.note.parcel
        assert done is not None
        assert done.state is DestructionState.ENDED
        assert field.summaries() == []
        assert state_of(field.folder) == []
        assert verify_study(field) == verify_study(office) == []
        assert destroy_moved(field, take_in_receipt(field, tmp_path / "r")[0]) is None
        send_interviews(office, [office.interview(made)], at["field"].card, tmp_path / "back")
        with pytest.raises(TakenInBefore, match="was in this study before"):
            receive_parcel(field, tmp_path / "back")


def test_what_was_changed_after_it_was_sent_stays(tmp_path: Path) -> None:
    with places(tmp_path, "field", "office") as at:
        field, office = at["field"].study, at["office"].study
        made = bring_in(field, "P07_i1")
        send_interviews(
            field, [field.interview(made)], at["office"].card, tmp_path / "p",
            kind=ParcelKind.MOVED,
        )  # fmt: skip
        send_receipt(office, receive_parcel(office, tmp_path / "p").note, tmp_path / "r")
        TranscriptEditor(field.interview(made)).set_text(2, "No.")

        sent, _ = take_in_receipt(field, tmp_path / "r")
        with pytest.raises(ReceiptRefused, match="changed here after it was sent"):
            destroy_moved(field, sent)

        assert [one.label for one in field.summaries()] == ["P07_i1"]


def test_who_has_withdrawn_is_neither_sent_nor_taken_in_and_the_other_study_is_told(
    tmp_path: Path,
) -> None:
    with places(tmp_path, "field", "office") as at:
        field, office = at["field"].study, at["office"].study
        made = bring_in(field, "P07_i1")
        send_interviews(field, [field.interview(made)], at["office"].card, tmp_path / "p")
        second = bring_in(field, "P08_i1", code="P08")
        bring_in(office, "P07_i0", names=(("[Person 1]", "tom"),))
        record_withdrawal(office, "P07")
        before = office.read_trail()[1]

        with pytest.raises(HasWithdrawn):
            receive_parcel(office, tmp_path / "p")
        assert office.read_trail()[1] == before
        send_interviews(field, [field.interview(second)], at["office"].card, tmp_path / "q")
        send_receipt(office, receive_parcel(office, tmp_path / "q").note, tmp_path / "r")
        _, withdrawn = take_in_receipt(field, tmp_path / "r")

        assert withdrawn == ("P07",)
        record_withdrawal(field, "P07", WithdrawalScope.TRANSCRIPT)
        with pytest.raises(HasWithdrawn):
            send_interviews(field, [field.interview(made)], at["office"].card, tmp_path / "n")
        assert not (tmp_path / "n").exists()


def test_no_two_people_get_one_label_and_nobody_gets_two(tmp_path: Path) -> None:
    with places(tmp_path, "field", "office") as at:
        field, office = at["field"].study, at["office"].study
        bring_in(office, "P01_i1", code="P01", names=(
            ("[Person 1]", "arthur bennett"), ("[Person 2]", "margaret hollis"),
        ))  # fmt: skip
        made = bring_in(field, "P07_i1", names=(
            ("[Person 1]", "margaret hollis"), ("[Person 2]", "tom"),
            ("[Person 3]", "arthur"),
        ))  # fmt: skip

        send_interviews(field, [field.interview(made)], at["office"].card, tmp_path / "p")
        receive_parcel(office, tmp_path / "p")

        people = {one.label: one.forms for one in list_pseudonyms(office)}
        assert people == {
            "[Person 1]": ("arthur bennett",), "[Person 2]": ("margaret hollis",),
            "[Person 3]": ("tom",), "[Person 4]": ("arthur",),
        }  # fmt: skip
        (mention,) = office.interview("P07_i1").read_decisions()
        assert mention.replacement == "[Person 2]"
        assert verify_study(office) == []


def lend(at: Any, tmp_path: Path, made: str) -> None:  # noqa: ANN401 - the places of a test
    office, laptop = at["office"].study, at["laptop"].study
    send_interviews(
        office, [office.interview(made)], at["laptop"].card, tmp_path / "lent",
        kind=ParcelKind.LENT,
    )  # fmt: skip
    receive_parcel(laptop, tmp_path / "lent")


def test_what_is_lent_is_only_read_here_until_it_is_back_with_what_was_done(
    tmp_path: Path,
) -> None:
    with places(tmp_path, "office", "laptop", "other") as at:
        office, laptop = at["office"].study, at["laptop"].study
        made = bring_in(office, "P07_i1", is_decided=False)
        bring_in(laptop, "P02_i1", code="P02", names=(("[Person 1]", "nobody else"),))
        lend(at, tmp_path, made)
        here, there = office.interview(made), laptop.interview(made)

        with pytest.raises(InterviewLent, match=r"P07_i1 is on loan"):
            TranscriptEditor(here).set_text(1, "Changed.")
        with pytest.raises(InterviewLent):
            send_interviews(office, [here], at["other"].card, tmp_path / "no")
        assert [(one.label, one.to) for one in list_loans(office)] == [("P07_i1", "laptop")]
        TranscriptEditor(there).set_text(2, "No, my brother.")
        decide_mention(there, "m1", Verdict.ACCEPTED)
        sent = send_interviews(laptop, [there], at["office"].card, tmp_path / "back")
        with pytest.raises(OtherParcel, match="brings back"):
            receive_parcel(office, tmp_path / "back")
        _, work = take_back_loan(office, tmp_path / "back", lambda _: None)

        source = here.read_transcript()
        assert source is not None
        assert source.transcript.turns[1].text == "No, my brother."
        assert (sent.note.kind, work.decisions, list_loans(office)) == (ParcelKind.BACK, 1, [])
        (decided,) = here.read_decisions()
        assert decided.replacement == "[Person 1]"
        assert decided.decision is not None
        assert office.slot_names()[decided.decision.by] == "owner (laptop)"
        assert take_back_loan(office, tmp_path / "back", lambda _: None)[0].was_here
        TranscriptEditor(here).set_text(1, "Changed.")
        assert verify_study(office) == verify_study(laptop) == []


def test_turns_that_both_changed_are_shown_and_decided_and_the_rest_is_kept(
    tmp_path: Path,
) -> None:
    with places(tmp_path, "office", "laptop") as at:
        office, laptop = at["office"].study, at["laptop"].study
        made = bring_in(office, "P07_i1", is_decided=False)
        lend(at, tmp_path, made)
        here, there = office.interview(made), laptop.interview(made)
        decide_mention(there, "m1", Verdict.REJECTED)
        TranscriptEditor(there).set_text(1, "Well, there?")
        TranscriptEditor(there).set_text(2, "Only there.")
        TranscriptEditor(there).split_turn(3, 3)
        send_interviews(laptop, [there], at["office"].card, tmp_path / "back")
        end_loan(office, here)
        TranscriptEditor(here).set_text(1, "Well, here?")
        TranscriptEditor(here).split_turn(1, 6)
        before = office.read_trail()[1]

        with pytest.raises(BothChanged, match="1 turn was changed"):
            take_back_loan(office, tmp_path / "back", lambda _: None)
        assert office.read_trail()[1] == before
        _, work = take_back_loan(office, tmp_path / "back", lambda _: TurnSide.HERE)

        source = here.read_transcript()
        assert source is not None
        assert [turn.text for turn in source.transcript.turns] == [
            "Well,", "here?", "Only there.", "In", "Leeds, then.",
        ]  # fmt: skip
        assert len({turn.key for turn in source.transcript.turns}) == 5
        assert (work.turns, work.decisions, work.left) == (2, 1, 0)
        assert verify_study(office) == []
        with pytest.raises(NotLent):
            end_loan(office, here)


def test_what_was_lost_on_its_way_back_is_sent_back_once_more(tmp_path: Path) -> None:
    """The second parcel was a copy, which the lender refused as an interview that was here."""
    with places(tmp_path, "office", "laptop") as at:
        office, laptop = at["office"].study, at["laptop"].study
        made = bring_in(office, "P07_i1", is_decided=False)
        lend(at, tmp_path, made)
        there = laptop.interview(made)
        for name in ("lost", "newer"):
            TranscriptEditor(there).set_text(2, f"The {name} one.")
            sent = send_interviews(laptop, [there], at["office"].card, tmp_path / name)
            assert sent.note.kind is ParcelKind.BACK

        take_back_loan(office, tmp_path / "newer", lambda _: None)
        before = office.read_trail()[1]

        with pytest.raises(NotLent):  # found again, and older
            take_back_loan(office, tmp_path / "lost", lambda _: None)
        assert take_back_loan(office, tmp_path / "newer", lambda _: None)[0].was_here
        assert office.read_trail()[1] == before
        source = office.interview(made).read_transcript()
        assert source is not None
        assert source.transcript.turns[1].text == "The newer one."
        assert verify_study(office) == verify_study(laptop) == []


def test_a_loan_or_a_receipt_that_was_cut_or_changed_on_its_way_back_does_nothing(
    tmp_path: Path,
) -> None:
    with places(tmp_path, "office", "laptop") as at:
        office, laptop = at["office"].study, at["laptop"].study
        lend(at, tmp_path, bring_in(office, "P07_i1"))
        there = laptop.interview("P07_i1")
        TranscriptEditor(there).set_text(2, "Changed.")
        send_interviews(laptop, [there], at["office"].card, tmp_path / "back")
        moved = bring_in(office, "P08_i1", code="P08")
        send_interviews(
            office, [office.interview(moved)], at["laptop"].card, tmp_path / "moved",
            kind=ParcelKind.MOVED,
        )  # fmt: skip
        taken = receive_parcel(laptop, tmp_path / "moved")
        send_receipt(laptop, taken.note, tmp_path / "receipt")
        before = office.read_trail()[1], state_of(office.folder)

        def take_back(path: Path) -> object:
            return take_back_loan(office, path, lambda _: None)

        def settle(path: Path) -> object:
            return take_in_receipt(office, path)

        for name, take in (
            ("back", take_back), ("receipt", settle),
        ):  # fmt: skip
            whole = (tmp_path / name).read_bytes()
            flipped = bytearray(whole)
            flipped[-1000] ^= 1
            for content in (whole[: len(whole) // 2], whole[:-1], bytes(flipped), whole + b"\0"):
                (tmp_path / "case").write_bytes(content)
                with pytest.raises((ParcelCut, ParcelChanged)):
                    take(tmp_path / "case")
                assert (office.read_trail()[1], state_of(office.folder)) == before
        take_back(tmp_path / "back")
        assert destroy_moved(office, take_in_receipt(office, tmp_path / "receipt")[0]) is not None
        assert [one.label for one in office.summaries()] == ["P07_i1"]
        assert verify_study(office) == []


def test_what_came_back_is_not_lent_again_to_who_would_refuse_it(tmp_path: Path) -> None:
    """The lender's was read-only then, for a parcel that the borrower could not take in."""
    with places(tmp_path, "office", "laptop") as at:
        office, laptop = at["office"].study, at["laptop"].study
        made = bring_in(office, "P07_i1")
        lend(at, tmp_path, made)
        send_interviews(laptop, [laptop.interview(made)], at["office"].card, tmp_path / "back")
        take_back_loan(office, tmp_path / "back", lambda _: None)
        (tmp_path / "lent").unlink()
        before = office.read_trail()[1]

        with pytest.raises(HeldThere, match="has had it before"):
            lend(at, tmp_path, made)

        assert office.read_trail()[1] == before
        assert not (tmp_path / "lent").exists()


def test_what_both_decided_alike_is_not_said_to_have_found_no_place(tmp_path: Path) -> None:
    with places(tmp_path, "office", "laptop") as at:
        office, laptop = at["office"].study, at["laptop"].study
        made = bring_in(office, "P07_i1", is_decided=False)
        lend(at, tmp_path, made)
        here, there = office.interview(made), laptop.interview(made)
        decide_mention(there, "m1", Verdict.ACCEPTED)
        send_interviews(laptop, [there], at["office"].card, tmp_path / "back")
        end_loan(office, here)
        decide_mention(here, "m1", Verdict.ACCEPTED)

        _, work = take_back_loan(office, tmp_path / "back", lambda _: None)

        assert (work.decisions, work.left) == (0, 0)


def test_what_was_lent_is_sent_back_without_what_was_not(tmp_path: Path) -> None:
    with places(tmp_path, "office", "laptop") as at:
        office, laptop = at["office"].study, at["laptop"].study
        lend(at, tmp_path, bring_in(office, "P07_i1"))
        bring_in(laptop, "P08_i1", code="P08")
        both = [laptop.interview(label) for label in ("P07_i1", "P08_i1")]

        with pytest.raises(NotLent, match="Only some of these"):
            send_interviews(laptop, both, at["office"].card, tmp_path / "back")

        assert not (tmp_path / "back").exists()


def test_nobody_gives_back_what_was_lent_to_somebody_else(tmp_path: Path) -> None:
    with places(tmp_path, "office", "laptop", "other") as at:
        office, laptop, other = (at[name].study for name in ("office", "laptop", "other"))
        made = bring_in(office, "P07_i1")
        lend(at, tmp_path, made)
        shutil.copytree(laptop.folder, tmp_path / "copy")
        send_interviews(laptop, [laptop.interview(made)], at["other"].card, tmp_path / "on")
        receive_parcel(other, tmp_path / "on")
        send_interviews(
            other, [other.interview(made)], at["office"].card, tmp_path / "sent",
        )  # fmt: skip

        with pytest.raises(TakenInBefore):
            receive_parcel(office, tmp_path / "sent")
        with pytest.raises(OtherParcel):
            take_back_loan(office, tmp_path / "sent", lambda _: None)

        assert [one.to for one in list_loans(office)] == ["laptop"]


def test_sound_that_was_entered_is_never_lost_when_naming_it_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: ArrivingSound) -> None:
        raise DiskFailed

    with places(tmp_path, "field", "office") as at:
        field, office = at["field"].study, at["office"].study
        made = bring_in(field, "P07_i1")
        send_interviews(field, [field.interview(made)], at["office"].card, tmp_path / "p")
        with monkeypatch.context() as patched:
            patched.setattr(ArrivingSound, "name_all", fail)
            with pytest.raises(DiskFailed):
                receive_parcel(office, tmp_path / "p")
        office.close()

        with Study.open(tmp_path / "office", PASSPHRASE) as again:
            assert again.change_flaw is None
            rescue_recordings(again)
            assert verify_study(again) == []
            sound = again.interview("P07_i1").open_sound()
            assert sound is not None
            sound.close()


def test_a_trusted_study_that_lies_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, people, lines = collect_rows, collect_people, collect_people_lines

    def hide_a_row(study: Study, interview: str) -> list[TravellingRow]:
        return rows(study, interview)[:-1]

    def change_a_row(study: Study, interview: str) -> list[TravellingRow]:
        found = rows(study, interview)
        return [*found[:-1], msgspec.structs.replace(found[-1], version=9)]

    def swap_a_key(study: Study) -> tuple[ToldPerson, ...]:
        return tuple(msgspec.structs.replace(one, signing=bytes(32)) for one in people(study))

    def be_somebody_here(study: Study) -> tuple[ToldPerson, ...]:
        here = at["office"].study.id
        return tuple(
            msgspec.structs.replace(one, study=here) if one.number == 1 else one
            for one in people(study)
        )

    def rename_a_verb(study: Study) -> tuple[ToldLine, ...]:
        told = lines(study)
        return (*told[:-1], msgspec.structs.replace(told[-1], verb="person removed"))

    def tell_nothing(_: Study) -> tuple[ToldLine, ...]:
        return ()

    with places(tmp_path, "field", "office") as at:
        field, office = at["field"].study, at["office"].study
        made = bring_in(field, "P07_i1")
        before = office.read_trail()[1], state_of(office.folder)
        lies: list[tuple[str, Callable[..., object]]] = [
            ("collect_rows", hide_a_row), ("collect_rows", change_a_row),
            ("collect_people", swap_a_key), ("collect_people", be_somebody_here),
            ("collect_people_lines", rename_a_verb), ("collect_people_lines", tell_nothing),
        ]  # fmt: skip
        for number, (name, lie) in enumerate(lies):
            target = tmp_path / f"p{number}"
            with monkeypatch.context() as patched:
                patched.setattr(sending_module, name, lie)
                send_interviews(field, [field.interview(made)], at["office"].card, target)

            with pytest.raises(ParcelRefused):
                receive_parcel(office, target)

            assert (office.read_trail()[1], state_of(office.folder)) == before, lie.__name__


def test_ids_and_times_that_no_study_gives_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def with_interview(**values: object) -> Callable[..., TravellingInterview]:
        return lambda *of: msgspec.structs.replace(collect_interview(*of), **values)

    def with_stretch(**values: object) -> Callable[..., TravellingInterview]:
        def lie(*of: Any) -> TravellingInterview:  # noqa: ANN401 - as ``collect_interview`` has them
            made = collect_interview(*of)
            one = msgspec.structs.replace(made.stretches[0], **values)
            return msgspec.structs.replace(made, stretches=(one,))

        return lie

    def with_row(created_at: str) -> Callable[..., list[TravellingRow]]:
        return lambda *of: [
            msgspec.structs.replace(one, created_at=created_at) for one in collect_rows(*of)
        ]

    def with_owner(study: Study, owner: str) -> TravellingConsent:
        return msgspec.structs.replace(collect_consent(study, owner), owner="../../no")

    times = ("\x1b[31mred", "", "2026-11-29", "2026-11-29\x1b10:00:00+00:00",
             "2026-11-29T10:00:00", "2001-01-01T00:00:00+00:00")  # fmt: skip
    cases: list[tuple[str, Callable[..., object], ParcelFlaw]] = [
        *(("collect_interview", with_interview(created_at=at), ParcelFlaw.TIMES) for at in times),
        *(("collect_interview", with_stretch(created_at=at), ParcelFlaw.TIMES) for at in times),
        *(("collect_rows", with_row(at), ParcelFlaw.TIMES) for at in times[:-1]),
        ("collect_interview", with_stretch(number=0), ParcelFlaw.IDS),
        ("collect_interview", with_stretch(number=-1), ParcelFlaw.IDS),
        ("collect_consent", with_owner, ParcelFlaw.IDS),
    ]
    with places(tmp_path, "field", "office") as at:
        field, office = at["field"].study, at["office"].study
        agree(field, "P07")
        made = bring_in(field, "P07_i1", seconds=1)
        before = office.read_trail()[1], state_of(office.folder)
        for number, (name, lie, flaw) in enumerate(cases):
            target = tmp_path / f"p{number}"
            with monkeypatch.context() as patched:
                patched.setattr(sending_module, name, lie)
                send_interviews(field, [field.interview(made)], at["office"].card, target)

            with pytest.raises(ParcelRefused) as told:
                receive_parcel(office, target)

            assert told.value.flaw is flaw, number
            assert (office.read_trail()[1], state_of(office.folder)) == before, number


def test_an_id_that_names_another_folder_reaches_nothing(tmp_path: Path) -> None:
    wrong = ["../../no", "..", "abcdefg", "abcdefgh2", "abcdefg\n", "ABCDEFGH", "abcdefg\0"]
    with places(tmp_path, "field", "office") as at:
        field, office = at["field"].study, at["office"].study
        for number, made in enumerate(wrong):
            with field.change("imported") as change:  # a program of somebody else's
                about = InterviewDetails(f"EV{number}", (Participant("P08"),))
                change.add_interview(about, made)
            one, target = field.interview(f"EV{number}"), tmp_path / f"p{number}"
            send_interviews(field, [one], at["office"].card, target)

            for take_in in (receive_parcel, check_parcel):
                with pytest.raises(ParcelRefused) as told:
                    take_in(office, target)
                assert told.value.flaw is ParcelFlaw.IDS, made

        assert office.summaries() == []
        (tmp_path / "no").mkdir()
        (tmp_path / "no" / "thesis").write_text("mine")
        order = whole("../../no")
        with pytest.raises(StudyDamaged):
            confirm_destruction(field, ask_destruction(field, order).id)
        assert (tmp_path / "no" / "thesis").read_text() == "mine"
        assert len(field.summaries()) == len(wrong)


def test_only_the_consents_of_who_takes_part_come_and_they_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with places(tmp_path, "field", "office") as at:
        field, office = at["field"].study, at["office"].study
        agree(office, "P08", "2026-10-01")
        office_had = list_consents(office)
        field.clock = lambda: datetime.now(UTC) + timedelta(hours=1)
        for code in ("P07", "P08", "P99"):
            agree(field, code)
        interviews = [
            field.interview(bring_in(field, f"{code}_i1", code=code)) for code in ("P07", "P08")
        ]
        other = find_consent_owner(field, "P99")
        parcel = sending_module._Parcel
        for number, more in enumerate((other, find_consent_owner(field, "P07"))):
            found = [find_consent_owner(field, code) for code in ("P07", "P08")]

            def find(_: object, owners: tuple[str, ...] = (*found, more)) -> list[str]:
                return [*owners]

            with monkeypatch.context() as patched:
                patched.setattr(parcel, "_find_consents", find)
                send_interviews(field, interviews, at["office"].card, tmp_path / f"b{number}")
            with pytest.raises(ParcelRefused, match="takes part in none"):
                receive_parcel(office, tmp_path / f"b{number}")
        assert list_consents(office) == office_had
        send_interviews(field, interviews, at["office"].card, tmp_path / "p")

        checked = check_parcel(office, tmp_path / "p")
        assert list_consents(office) == office_had
        taken = receive_parcel(office, tmp_path / "p")

        for one in (checked, taken):
            assert (one.consents_new, one.consents_replaced) == (("P07",), ("P08",))
        newer = "It brought newer consent records than those here: P08."
        assert newer in list(describe_taken(taken))
        first = "It brings consent records that are new here: P07."
        assert first in list(describe_taken(checked, is_check=True))
        again = receive_parcel(office, tmp_path / "p")
        assert (again.consents_new, again.consents_replaced) == ((), ())


def test_two_who_take_in_one_parcel_at_once_lose_no_sound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with places(tmp_path, "field", "office") as at:
        field, office = at["field"].study, at["office"].study
        made = bring_in(field, "P07_i1")
        send_interviews(field, [field.interview(made)], at["office"].card, tmp_path / "p")
        name_all, check = ArrivingSound.name_all, OpenedParcel.check
        is_checked, is_entered = threading.Event(), threading.Event()
        told: list[str] = []

        def check_and_wait(parcel: OpenedParcel, *of: Any) -> str:  # noqa: ANN401
            found = check(parcel, *of)
            if threading.current_thread() is second:
                is_checked.set()
                is_entered.wait()
            return found

        def come_second() -> None:
            with Study.open(office.folder, PASSPHRASE) as again:
                try:
                    receive_parcel(again, tmp_path / "p")
                except EarshotError as refusal:
                    told.append(type(refusal).__name__)
                finally:
                    is_checked.set()

        def name_last(sound: ArrivingSound) -> None:
            is_entered.set()
            second.join()
            name_all(sound)

        second = threading.Thread(target=come_second)
        monkeypatch.setattr(OpenedParcel, "check", check_and_wait)
        monkeypatch.setattr(ArrivingSound, "name_all", name_last)
        second.start()
        is_checked.wait()
        receive_parcel(office, tmp_path / "p")

        assert told == ["TakenInBefore"]
        assert len(office.summaries()) == 1
        assert verify_study(office) == []
        assert len(state_of(office.folder)) == 1


def test_a_parcel_taken_in_again_after_a_kill_names_its_sound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: ArrivingSound) -> None:
        raise DiskFailed

    with places(tmp_path, "field", "office") as at:
        field, office = at["field"].study, at["office"].study
        made = bring_in(field, "P07_i1")
        send_interviews(field, [field.interview(made)], at["office"].card, tmp_path / "p")
        with monkeypatch.context() as patched:
            patched.setattr(ArrivingSound, "name_all", fail)
            with pytest.raises(DiskFailed):
                receive_parcel(office, tmp_path / "p")
        (left,) = (office.folder / "audio").glob(".arriving-*")
        _, token, rest = left.name[1:].split("-", 2)
        other = left.with_name(f".arriving-{token[::-1]}-{rest}")  # of who died before it entered
        other.write_bytes(b"not entered")

        assert receive_parcel(office, tmp_path / "p").was_here

        assert not other.exists()
        assert verify_study(office) == []


def test_a_study_that_wants_consent_recorded_takes_nobody_in_without(tmp_path: Path) -> None:
    with places(tmp_path, "field", "office") as at:
        field, office = at["field"].study, at["office"].study
        ask_for(office, ConsentRule.RECORDED)
        made = bring_in(field, "P07_i1")
        send_interviews(field, [field.interview(made)], at["office"].card, tmp_path / "without")
        agree(field, "P07")
        send_interviews(field, [field.interview(made)], at["office"].card, tmp_path / "with")
        before = office.read_trail()[1], state_of(office.folder)

        with pytest.raises(ConsentMissing, match="nothing was taken in"):
            receive_parcel(office, tmp_path / "without")
        assert (office.read_trail()[1], state_of(office.folder)) == before

        assert receive_parcel(office, tmp_path / "with").labels == ("P07_i1",)


def test_whom_a_study_trusts_takes_the_words_and_an_owner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with places(tmp_path, "field", "office") as at:
        office, card = at["office"].study, at["field"].card
        words = spell_card(card).split()
        (tmp_path / "card").write_bytes(encode_card(card))

        assert read_card_file(tmp_path / "card") == card
        assert matches_card(card, " ".join(word[:4] for word in words).upper())
        assert not matches_card(card, " ".join(words[:-1]))
        assert not matches_card(card, " ".join(reversed(words)))
        with pytest.raises(WordsDiffer):
            trust_study(office, replace(card, signs=bytes(32)), "field", " ".join(words))
        with pytest.raises(NotAStudyKey):
            trust_study(office, at["office"].card, "me", spell_card(at["office"].card))
        for broken in (b"", b"earshot study key 1\n", encode_card(card)[:-9], b"\xff" * 99):
            (tmp_path / "card").write_bytes(broken)
            with pytest.raises(NotAStudyKey):
                read_card_file(tmp_path / "card")
        made = bring_in(office, "P07_i1")
        stranger = replace(card, study="0" * 32)
        with pytest.raises(KeyUntrusted):
            send_interviews(office, [office.interview(made)], stranger, tmp_path / "n")
        add_person(office, "Ann", PersonRole.ASSISTANT, "another passphrase", cost=CHEAP)
        with Study.open(office.folder, "another passphrase") as hers:
            with pytest.raises(RoleForbids):
                trust_study(hers, card, "mine", spell_card(card))
            monkeypatch.setattr("study.store.study.require_change", _allow)
            with hers.change("study trusted") as change:  # a program of her own
                planted = TrustedStudy(stranger, "mine", 1, change.made_at)
                change.write_artefact(ArtefactKind.TRUSTED, (planted,))
        with pytest.raises(StudyChanged):
            list_trusted(office)
