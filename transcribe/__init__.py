"""From sealed sound to a raw transcript that says how it was made and what it covers."""
