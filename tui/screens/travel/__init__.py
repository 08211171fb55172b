"""Sending interviews to other studies, and taking in what comes from them."""
