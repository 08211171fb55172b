"""From sealed sound to a raw transcript that says how it was made and what it covers."""

import os

# faster-whisper loads onnxruntime, which since 1.32 tells its makers what runs and keeps a number
# for this computer, unless this is set before it loads. Only this package loads faster-whisper,
# and nothing of a package is imported before this line; a child process inherits it.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
