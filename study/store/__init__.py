"""A study on disk: keys, seal, database, audit trail, verification, sealed sound.

``Study.open`` opens one. ``Study.interview`` returns the handle of one interview, ``Study.whole``
that of the artefacts that belong to the whole study. ``Interview.change`` and ``Study.change`` open
a change: one transaction and one line of the audit trail. Only this package imports sqlite3 and
cryptography.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
