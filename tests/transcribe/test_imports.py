"""What importing the package settles before numpy is loaded."""

from __future__ import annotations

import os
import subprocess
import sys

CHECK = """
import os, sys
import transcribe
assert "numpy" not in sys.modules
print(os.environ["OPENBLAS_NUM_THREADS"], os.environ["ORT_DISABLE_TELEMETRY"])
"""


WITHOUT_DASK = """
import sys
from transcribe import RemoteEngine, RemoteWorkers, start_local_cluster
assert not {"dask", "distributed", "pickle5", "cloudpickle"} & set(sys.modules)
"""


def test_dask_is_not_loaded_where_a_study_is_open() -> None:
    subprocess.run([sys.executable, "-c", WITHOUT_DASK], check=True)


def test_the_times_of_words_depend_on_no_number_of_threads_of_numpy_s_library() -> None:
    without = {name: value for name, value in os.environ.items() if "OPENBLAS_NUM" not in name}

    told = subprocess.run(
        [sys.executable, "-c", CHECK], env=without, check=True, capture_output=True, text=True
    )

    assert told.stdout.split() == ["1", "1"]
