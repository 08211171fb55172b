"""Find what identifies people in a transcript, let a person decide, and write the clean text.

``search_transcript`` finds details and proposes replacements, ``decide_mention`` records a person's
decision about one, ``write_clean_transcript`` writes the clean transcript and its log. Nothing is
replaced before a person has decided. Importing this package loads no spaCy: only
``anonymise.pipeline`` and ``anonymise.name_finder`` do, when a search begins.
"""

import os

import lazy_loader

# The name finder multiplies small matrices, for which numpy's library takes longer on several
# threads than on one. The library reads this when numpy is first loaded; a user's own value stays.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
