"""Linear algebra: inverses, solutions, determinants, norms."""
