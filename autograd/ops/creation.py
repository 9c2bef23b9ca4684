"""Functions that make arrays of numbers: ranges, grids, fillings."""
