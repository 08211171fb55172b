"""Find what identifies people in a transcript, let a person decide, and write the clean text.

``steps.propose`` searches, ``deciding`` records what a person thinks of each find, ``cleaning``
writes the clean transcript and its log. Importing this package loads no spaCy: only
``anonymise.pipeline`` and ``anonymise.names`` do, when a search begins.
"""

import os

# The name finder multiplies small matrices, for which numpy's library takes longer on several
# threads than on one. It reads this when numpy is first loaded; where somebody set it, it stays.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
