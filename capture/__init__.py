"""Sound into a study: files of every kind (``importing``) and microphones (``recorder``).

Nothing here loads PortAudio, libsndfile or FFmpeg before it is asked for sound.
"""
