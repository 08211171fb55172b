"""Measurements against a peer or a limit: ``python -m benchmarks NAME [--quick]``."""
