"""The scripts that made the demonstration interview and the demonstration Whisper.

Run by hand, never imported by the application: what they made lies in
`models/demonstration` and `models/bundled`. They need espeak-ng, and for the Whisper also
torch and transformers, none of which the application installs.
"""
