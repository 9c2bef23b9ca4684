"""From arrays to batches and back: four linear functions, in pairs each other's transpose."""

from autograd import batching
from autograd.primitive import Primitive, linear

batch: Primitive = linear(batching.batch, lambda g, level, axis: unbatch(g, level, axis))
unbatch: Primitive = linear(batching.unbatch, lambda g, level, axis: batch(g, level, axis))
spread: Primitive = linear(batching.spread, lambda g, levels: collapse(g, levels))
collapse: Primitive = linear(batching.collapse, lambda g, levels: spread(g, levels))
