"""What is used on Earshot itself, and never installed."""
