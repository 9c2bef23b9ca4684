"""HIPS autograd's names for traced values: see `autograd.compat.tracing`."""

from autograd.compat.statements import notrace_primitive, primitive, register_notrace
from autograd.compat.tracing import (
    Box,
    Node,
    TraceStack,
    getval,
    isbox,
    new_box,
    trace,
    trace_stack,
)
from autograd.util import subvals, toposort

__all__ = [
    "Box",
    "Node",
    "TraceStack",
    "getval",
    "isbox",
    "new_box",
    "notrace_primitive",
    "primitive",
    "register_notrace",
    "subvals",
    "toposort",
    "trace",
    "trace_stack",
]
