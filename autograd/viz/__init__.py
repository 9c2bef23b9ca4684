"""Pictures of computation graphs: with Graphviz where it is installed, as HTML everywhere."""

from autograd.viz.explorer import Exploration, explore
from autograd.viz.picture import Picture, graph

__all__ = ["Exploration", "Picture", "explore", "graph"]
