"""Make the bundled English name finder, from word lists to the measured model.

Run ``python -m tools.names``. Leans on spaCy and, at build time only, on the packages
named in ``requirements.txt`` beside this file. Never imported by the application itself.
"""
