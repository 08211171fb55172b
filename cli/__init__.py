"""The command line: ``earshot VERB STUDY ...``, its console, and a module for each verb."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
