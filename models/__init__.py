"""Install, verify and choose the speech and language models on this computer.

This is about model files; the records of a study are in ``study``. One small model of our own is
bundled, which finds names; speech models are fetched. Nothing here loads a model.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
