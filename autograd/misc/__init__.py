"""HIPS autograd's tools beside the operators: flattening, optimizers, fixed points, traces."""

from autograd.misc.flatten import flatten
from autograd.misc.tracers import const_graph

__all__ = ["const_graph", "flatten"]
