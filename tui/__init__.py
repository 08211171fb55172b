"""The interface in the terminal: screens, widgets and keys. It holds no domain logic."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
