"""Pictures of computation graphs: with Graphviz where it is installed, as HTML everywhere."""

from autograd.viz.curves import activations
from autograd.viz.drawing import graph
from autograd.viz.explorer import Exploration, explore
from autograd.viz.neurons import network
from autograd.viz.picture import Picture

__all__ = ["Exploration", "Picture", "activations", "explore", "graph", "network"]
