"""What Earshot can be asked to do from the shell, one verb a file."""
