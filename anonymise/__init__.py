"""Find what identifies people in a transcript, let a person decide, and write the clean text.

``steps.propose`` searches, ``deciding`` records what a person thinks of each find, ``cleaning``
writes the clean transcript and its log. Importing this package loads no spaCy: only
``anonymise.pipeline`` and ``anonymise.names`` do, when a search begins.
"""
