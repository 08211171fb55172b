"""Rules that find names and indirect details by the words around them, without knowing any name.

A rule takes a turn and yields finds. In a turn with capital letters a name needs one; in a turn
without, the word lists say which words may be names.
"""

from anonymise.context.turn_context import TITLES

__all__ = ["TITLES"]
