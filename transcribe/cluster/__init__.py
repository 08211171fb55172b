"""Transcribing on other computers: windows travel sealed to workers that Dask brings together.

Dask carries bytes that it cannot read. The study's process seals each window for one worker and
opens the answer (``remote_workers``); Dask itself runs in a process beside it that holds no key
(``courier``), because whoever takes part in a cluster of Dask can have the others run any program.
A worker opens a window in its memory, transcribes it and seals the words (``window_hearer``).
"""
