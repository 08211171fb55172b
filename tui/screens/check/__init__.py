"""The check of one interview: the log, the risk sheet, the trail, and the officer's ruling."""
