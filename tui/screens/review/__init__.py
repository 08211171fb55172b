"""The review of one interview: to read, hear, correct and decide, in one screen."""
