"""Transcribe sealed sound into a raw transcript that says how it was made and what it covers.

``transcribe_interview`` does the whole step, ``diarise_interview`` gives turns their speakers where
one microphone recorded everybody. A word that the model gives is never thrown away here.
"""

import os

import lazy_loader

# faster-whisper loads onnxruntime, which since 1.32 reports its use to its makers and stores a
# number for this computer, unless this is set before it loads. Only this package loads
# faster-whisper, and Python runs this line before any of its modules; child processes inherit it.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
# The model's features are a product of matrices, which numpy's library adds up in another order
# on several threads: the time of a word then moves by a frame. It reads this when it is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
