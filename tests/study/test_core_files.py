from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

from study.store.study import Study

ABORT = """
import os, sys
from pathlib import Path
from study.store.keys import Argon2Cost
from study.store.study import Study

os.chdir(sys.argv[1])
Study.create(Path("study"), "four unrelated words", cost=Argon2Cost(1, 1, 64))
os.abort()
"""


def test_a_crash_with_a_study_open_leaves_no_core_file(tmp_path: Path) -> None:
    script = f"ulimit -c unlimited; exec {sys.executable} -c '{ABORT}' {tmp_path}"

    ended = subprocess.run(["/bin/bash", "-c", script], check=False)

    assert ended.returncode < 0 or ended.returncode > 128
    assert [path.name for path in tmp_path.iterdir()] == ["study"]


def test_what_a_core_file_would_hold_is_nothing(study: Study) -> None:
    assert study.ring.slot == 1  # a study is open in this very process
    assert int(Path("/proc/self/coredump_filter").read_text(), 16) == 0
    assert resource.getrlimit(resource.RLIMIT_CORE)[0] == 0
