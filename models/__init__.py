"""Install, verify and choose the speech and language models on this computer.

This is about model files; the records of a study are in ``study``. Two small models of our own are
bundled, so that the demonstration works on a computer that has never been online. Nothing here
loads a model.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
