"""Mutants of derivative rules: a check of the checks."""
