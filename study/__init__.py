"""What an interview study is, in memory and on disk.

The study is the interface between the stages: each reads the artefact before it and writes a
new version of its own, and the same transaction adds one line to the audit trail. Everything
that says something about a person is sealed; ``docs/format.md`` describes the bytes.
"""
