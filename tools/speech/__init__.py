"""A small Whisper, trained from nothing on synthetic voices.

In the order in which they are used: `grammar` writes sentences, `voices` speaks them,
`features` turns sound into log-mel frames, `tokenizer` words into numbers, `corpus` keeps
both on disk, `windows` lays them out as training examples, `network` learns in `train`,
`export` writes what faster-whisper reads, `measure` says how good it is.
"""

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # before faster-whisper: see ``transcribe``
