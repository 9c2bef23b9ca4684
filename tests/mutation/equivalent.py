"""Mutants that change nothing one could test, each with the reason."""

EQUIVALENT = {}
