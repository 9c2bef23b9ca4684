"""One module per engine: each workload in the spelling that is natural to it.

A module has a function for each workload it can do, named as in `workloads.py`. The function is
given the plain inputs, prepares what is made once, and returns a callable without arguments: that
is what is timed. It builds a fresh graph and returns the value (a Python float) and the gradients.
"""
