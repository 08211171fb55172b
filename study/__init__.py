"""The records of an interview study, plain and frozen, and pure rules about them.

Transcripts, turns, mentions, decisions, reviews, sign-offs, the topic guide, the vocabulary, names
and their likeness. Nothing here opens a study or knows a key: that is ``study.store``. Errors are
in ``study.errors``.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
