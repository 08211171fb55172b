"""Which speech and language models are here, whole, and fit.

Model *files* are meant; the records of the study live in ``study``. Two small models of our own
are bundled, so that the whole walk works on a computer that has never been online.
"""
