"""Pictures of computation graphs: with Graphviz where it is installed, as HTML everywhere."""

from autograd.viz.picture import Picture, graph

__all__ = ["Picture", "graph"]
