"""Import transcripts that other programs made: Teams, Zoom, Word, noScribe, subtitles, plain text.

``transcript_file`` recognises a file by its content and reads its turns; ``speaker_codes`` replaces
the names of speakers with codes; ``study_entry`` writes an interview without sound.
"""
