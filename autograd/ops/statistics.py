"""Averages, medians and quantiles, and the versions that leave out NaN."""
