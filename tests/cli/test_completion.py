"""``earshot completion``: the shells themselves are asked what they would offer."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from cli.command_line import VERB_NAMES, main
from cli.verbs.completion import render_completion


def ask_bash(folder: Path, words: list[str]) -> set[str]:
    """Return what bash offers for the last of the words."""
    script = folder / "earshot.bash"
    script.write_text(render_completion("bash"), encoding="utf-8")
    quoted = " ".join(f"'{word}'" for word in words)
    asking = (
        f'source "{script}"; compopt() {{ :; }}; COMP_WORDS=({quoted}); '
        f"COMP_CWORD={len(words) - 1}; COMP_LINE='{' '.join(words)}'; COMP_POINT=${{#COMP_LINE}}; "
        f"_shtab_earshot earshot '{words[-1]}' '{words[-2]}'; "
        r'printf "%s\n" "${COMPREPLY[@]}"'
    )
    done = subprocess.run(
        ["bash", "--norc", "-c", asking], cwd=folder, capture_output=True, text=True, check=True
    )
    return {line.strip().rstrip("/") for line in done.stdout.splitlines()} - {""}


def ask_fish(folder: Path, line: str) -> set[str]:
    """Return what fish offers at the end of a line."""
    (folder / "earshot.fish").write_text(render_completion("fish"), encoding="utf-8")
    asking = f"source earshot.fish; complete -C '{line}'"
    done = subprocess.run(
        ["fish", "--no-config", "-c", asking], cwd=folder, capture_output=True, text=True,
        check=True, env={"HOME": str(folder), "PATH": "/usr/bin:/bin", "TERM": "dumb"},
    )  # fmt: skip
    return {offered.split("\t")[0].rstrip("/") for offered in done.stdout.splitlines()}


def test_bash_completes_a_verb(tmp_path: Path) -> None:
    assert ask_bash(tmp_path, ["earshot", "tra"]) == {"transcribe"}
    assert ask_bash(tmp_path, ["earshot", ""]) == set(VERB_NAMES)


def test_bash_completes_the_options_of_one_verb(tmp_path: Path) -> None:
    assert ask_bash(tmp_path, ["earshot", "transcribe", "--mod"]) == {"--model"}
    assert ask_bash(tmp_path, ["earshot", "status", "--mod"]) == set()


def test_bash_completes_the_folder_of_a_study(tmp_path: Path) -> None:
    (tmp_path / "dementia-course").mkdir()
    (tmp_path / "dementia-notes.txt").touch()

    assert ask_bash(tmp_path, ["earshot", "status", "dementia"]) == {"dementia-course"}


@pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not installed")
def test_fish_completes_a_verb_and_its_options(tmp_path: Path) -> None:
    assert ask_fish(tmp_path, "earshot tra") == {"transcribe"}
    assert ask_fish(tmp_path, "earshot transcribe --mod") == {"--model"}


@pytest.mark.skipif(shutil.which("zsh") is None, reason="zsh is not installed")
def test_zsh_takes_the_script_up_where_it_looks_for_them(tmp_path: Path) -> None:
    script = tmp_path / "_earshot"
    script.write_text(render_completion("zsh"), encoding="utf-8")
    asking = (
        f"fpath=({tmp_path} $fpath); autoload -Uz compinit; compinit -u -D; print $_comps[earshot]"
    )

    done = subprocess.run(
        ["zsh", "-f", "-c", f"zsh -n {script} && {{ {asking}; }}"],
        capture_output=True, text=True, check=True, cwd=tmp_path,
    )  # fmt: skip

    assert done.stdout.strip() == "_earshot"
    assert not done.stderr


def test_the_script_alone_goes_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", "bash"]) == 0

    told = capsys.readouterr()
    assert told.out == render_completion("bash").rstrip("\n") + "\n"
    assert not told.err


def test_another_shell_is_refused_as_a_wrong_call() -> None:
    with pytest.raises(SystemExit) as refused:
        main(["completion", "tcsh"])

    assert refused.value.code == 2


def test_the_manual_page_is_printed_for_installers_that_do_not_make_it_known(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["completion", "man"]) == 0

    page = (Path(__file__).parents[2] / "docs" / "earshot.1").read_text(encoding="utf-8")
    assert capsys.readouterr().out == page
