"""Sums and products of what comes before; differences of neighbours."""
