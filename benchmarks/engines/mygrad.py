"""MyGrad: NumPy's functions on its tensors, then `backward`."""

import mygrad as mg
from mygrad.nnet import relu, softmax_crossentropy
from workloads import recurrence, rotate, squares, wave

DISTRIBUTION = "mygrad"


def scalars(a, b):
    """Two leaves and one walk."""

    def run():
        x, y = mg.tensor(a), mg.tensor(b)
        out = rotate(x, y)
        out.backward()
        return out.item(), (x.grad, y.grad)

    return run


def vector(values):
    """MyGrad's own functions, quicker than through NumPy's protocol."""

    def run():
        x = mg.tensor(values, copy=False)
        out = wave(mg, x)
        out.backward()
        return out.item(), (x.grad,)

    return run


def reads(values):
    """Plain Python."""

    def run():
        x = mg.tensor(values, copy=False)
        out = squares(x)
        out.backward()
        return out.item(), (x.grad,)

    return run


def writes(values):
    """A tensor that is filled in place."""

    def run():
        x = mg.tensor(values, copy=False)
        out = recurrence(mg.zeros(len(values), "float64"), x).sum()
        out.backward()
        return out.item(), (x.grad,)

    return run


def mlp(x, labels, parameters, activation):
    """Layers by hand and the fused loss."""
    act = {"tanh": mg.tanh, "relu": relu}[activation]

    def run():
        leaves = [mg.tensor(parameter, copy=False) for parameter in parameters]
        *hidden, weight, bias = leaves
        h = x
        for w, b in zip(hidden[::2], hidden[1::2], strict=True):
            h = act(mg.matmul(h, w) + b)
        loss = softmax_crossentropy(mg.matmul(h, weight) + bias, labels)
        loss.backward()
        return loss.item(), [leaf.grad for leaf in leaves]

    return run
