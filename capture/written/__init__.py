"""Transcripts that were made elsewhere: Teams, Zoom, Word, noScribe, subtitles, plain text.

``reading`` tells by the content what a file is and returns what was said; ``speakers`` turns
the names in it into codes; ``importing`` brings it into the study as an interview without sound.
"""
