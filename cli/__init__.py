"""The command line: its verbs, and what it says at the shell."""
