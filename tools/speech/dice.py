"""Chance, from the dice that are handed in."""

import random


def happens(draw: random.Random, share: float) -> bool:
    """Whether something happens that does so in this share of all cases."""
    return draw.random() < share
