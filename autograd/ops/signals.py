"""Interpolation, integration and convolution of samples."""
