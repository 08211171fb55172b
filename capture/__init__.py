"""Everything with sound: record from a microphone, import files, play, check, encode.

It also imports transcripts that other programs made. Importing this package loads neither
PortAudio nor libsndfile nor FFmpeg; they are loaded with the first call that needs them.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
