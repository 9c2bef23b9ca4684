"""What programs written for HIPS autograd use beside its operators: its forms, on this engine.

`primitives` and `statements`: a primitive, and its rules stated after it; `vspaces`: zeros, ones
and sums of what varies; `tracing`: HIPS's names for traced values. The modules in which HIPS has
these names (`autograd.extend`, `autograd.core` ...) take them from here.
"""
