"""The work on a study without a screen: plain functions and small classes.

The plan of a recording, background jobs, the review, the officer's check, the command table. The
verbs (``cli``) and the screens (``tui``) use them; nothing here prints or reads a key.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
