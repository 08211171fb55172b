"""The last door: what leaves the study does so through the gate, with proof of what it is."""
