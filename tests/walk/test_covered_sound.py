"""Sound that leaves: names that were replaced in the text cannot be heard in it any more."""

from __future__ import annotations

from pathlib import Path

import pytest
import soundfile

from app import make_covered_transcriber
from cli import DEMONSTRATION_PASSPHRASE, LABEL, main
from handoff import RedactedSound, find_spans_to_cover, list_understood_originals
from study.errors import BundleChanged, SoundRefused
from study.store import Study, read_newest_transcript
from tests.walk.conftest import Demonstrate


@pytest.mark.slow
@pytest.mark.thorough
def test_what_was_replaced_is_not_heard_when_the_sound_is_transcribed_again(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    demonstrate: Demonstrate,
) -> None:
    monkeypatch.setenv("EARSHOT_PASSPHRASE", DEMONSTRATION_PASSPHRASE)
    folder, out = tmp_path / "demo", tmp_path / "out"

    def earshot(*words: str | Path) -> tuple[int, str]:
        code = main([str(word) for word in words])
        return code, capsys.readouterr().out

    demonstrate(folder)
    ordered = ("export", folder, LABEL, "--to", out, "--sound", "flac")
    assert earshot(*ordered)[0] == SoundRefused.exit_code  # until the policy lets it
    assert not out.exists()
    earshot("policy", folder, "--sound-may-leave", "yes")
    assert earshot("export", folder, LABEL, "--to", f"{out}.zip", "--sound", "flac")[0] == (
        SoundRefused.exit_code
    )

    code, _ = earshot(*ordered)

    assert code == 0
    assert earshot("verify", out)[0] == 0
    with Study.open(folder, DEMONSTRATION_PASSPHRASE) as study:
        interview = study.find_interview(LABEL).id
        sound = study.interview(interview).open_sound()
        assert sound is not None
        hear = make_covered_transcriber(study.interview(interview))
        assert hear is not None
        with sound:
            over = find_spans_to_cover(study.interview(interview), sound.duration_s)
            uncovered = hear(RedactedSound(sound, [], silent=True), over[:3])
            assert list_understood_originals(
                study.interview(interview), uncovered
            )  # what listening again is for
            assert soundfile.info(out / f"{LABEL}.flac").frames == sound.frames

    earshot("new", tmp_path / "again", "--consent", "paper", "--consent-seen-by", "the office")
    earshot("import", tmp_path / "again", out / f"{LABEL}.flac", "--label", "P02_i1")
    earshot("transcribe", tmp_path / "again", "P02_i1", "--model", "tiny.en")
    with Study.open(tmp_path / "again", DEMONSTRATION_PASSPHRASE) as other:
        second = read_newest_transcript(other.interview(other.find_interview("P02_i1").id))
    assert second is not None
    heard = [(w.start_s, w.end_s, w.text) for turn in second.transcript.turns for w in turn.words]
    assert " ".join(text.strip() for _, _, text in heard[:6]) == "Thank you for coming in today."
    with Study.open(folder, DEMONSTRATION_PASSPHRASE) as study:
        again = [((a, b), text) for a, b, text in heard]
        assert (
            list_understood_originals(study.interview(study.find_interview(LABEL).id), again) == []
        )

    flac = bytearray((out / f"{LABEL}.flac").read_bytes())
    flac[len(flac) // 2] ^= 1
    (out / f"{LABEL}.flac").write_bytes(flac)
    assert earshot("verify", out)[0] == BundleChanged.exit_code
