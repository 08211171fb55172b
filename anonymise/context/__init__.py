"""What the words around a name or a trait give away, without knowing any name.

Each module holds a few rules; a rule takes a turn and yields what it finds. Where a turn has
capitals they are asked for; where it has none, the word lists say what may be a name.
"""

from anonymise.context.turn import TITLES

__all__ = ["TITLES"]
