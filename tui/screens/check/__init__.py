"""The check of one interview: its log, what is left, the trail, and the officer's word."""
