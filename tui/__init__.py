"""Verbs and screens: they know every stage and hold no domain logic."""
