"""Products of arrays by named or numbered axes."""
