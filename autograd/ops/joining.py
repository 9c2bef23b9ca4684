"""Functions that join arrays, cut them, repeat or pad them."""
