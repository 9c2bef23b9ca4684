"""Activations and losses against PyTorch: values and gradients, on random arrays."""

import numpy as np
import pytest

import autograd as ag
import nn

torch = pytest.importorskip("torch", reason="PyTorch is not a dependency; here it is the reference")
F = torch.nn.functional

RNG = np.random.default_rng(0)
X = RNG.normal(size=(6, 4)) * 3
Y = RNG.normal(size=(6, 4))
Z = RNG.normal(size=(6, 4))
LABELS = np.array([0, 3, 1, 1, 2, 0])
SOFT = np.exp(Y) / np.exp(Y).sum(1, keepdims=True)
SHARES = 1 / (1 + np.exp(-Y))
SIGNS = np.array([1, -1, 1, -1, -1, 1])
WEIGHT = np.array([1.0, 0.5, 2.0, 3.0])


def t(array):
    return torch.tensor(array)


def agree(ours, theirs, x, rtol=1e-10):
    """Compare two functions of one array: values, and the gradient for a random cotangent."""
    a, b = ag.Tensor(x), torch.tensor(x, requires_grad=True)
    y, z = ours(a), theirs(b)
    np.testing.assert_allclose(y.data, z.detach().numpy(), rtol=1e-11, atol=1e-13)
    cotangent = np.random.default_rng(1).normal(size=y.shape)
    y.backward(cotangent)
    z.backward(torch.tensor(cotangent))
    np.testing.assert_allclose(a.grad, b.grad.numpy(), rtol=rtol, atol=1e-12)


ACTIVATIONS = {
    **{
        name: (getattr(nn, name), getattr(F, name))
        for name in (
            *("relu", "leaky_relu", "elu", "gelu", "softplus", "selu", "celu", "silu", "mish"),
            *("softsign", "hardtanh", "relu6", "hardsigmoid", "hardswish", "logsigmoid", "glu"),
        )
    },
    "sigmoid": (nn.sigmoid, torch.sigmoid),
    "tanh": (nn.tanh, torch.tanh),
    "softmax": (nn.softmax, lambda x: F.softmax(x, -1)),
    "log_softmax": (nn.log_softmax, lambda x: F.log_softmax(x, -1)),
    "gelu(tanh)": (lambda x: nn.gelu(x, "tanh"), lambda x: F.gelu(x, approximate="tanh")),
    "celu(2)": (lambda x: nn.celu(x, 2.0), lambda x: F.celu(x, 2.0)),
    "hardtanh(-2, 0.5)": (lambda x: nn.hardtanh(x, -2, 0.5), lambda x: F.hardtanh(x, -2, 0.5)),
    "glu(0)": (lambda x: nn.glu(x, 0), lambda x: F.glu(x, 0)),
    "prelu": (lambda x: nn.prelu(x, WEIGHT), lambda x: F.prelu(x, t(WEIGHT))),
    "prelu of weight": (lambda w: nn.prelu(X, w), lambda w: F.prelu(t(X), w)),
    "cosine_similarity": (
        lambda x: nn.cosine_similarity(x, Y),
        lambda x: F.cosine_similarity(x, t(Y), -1),
    ),
}


ROUNDED = {"hardsigmoid": 1e-7}  # PyTorch's derivative has 1/6 in single precision


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activation(name):
    x = WEIGHT if name == "prelu of weight" else X
    agree(*ACTIVATIONS[name], x, ROUNDED.get(name, 1e-10))


@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if "pr" not in name])
def test_activation_at_whole_numbers_and_far_out(name):
    if name == "cosine_similarity":
        return
    x = np.array([-1000.0, -6, -3, -2, -1, 0, 1, 2, 3, 6, 7, 1000])
    agree(*ACTIVATIONS[name], x, ROUNDED.get(name, 1e-10))


LOSSES = {
    "mse": (lambda x, **k: nn.mse(x, Y, **k), lambda x, **k: F.mse_loss(x, t(Y), **k)),
    "l1": (lambda x, **k: nn.l1(x, Y, **k), lambda x, **k: F.l1_loss(x, t(Y), **k)),
    "huber": (
        lambda x, **k: nn.huber(x, Y, delta=1.5, **k),
        lambda x, **k: F.huber_loss(x, t(Y), delta=1.5, **k),
    ),
    "smooth_l1": (
        lambda x, **k: nn.smooth_l1(x, Y, beta=1.5, **k),
        lambda x, **k: F.smooth_l1_loss(x, t(Y), beta=1.5, **k),
    ),
    "binary_cross_entropy_with_logits": (
        lambda x, **k: nn.binary_cross_entropy_with_logits(
            x, SHARES, weight=WEIGHT, pos_weight=WEIGHT[::-1], **k
        ),
        lambda x, **k: F.binary_cross_entropy_with_logits(
            x, t(SHARES), weight=t(WEIGHT), pos_weight=t(WEIGHT[::-1].copy()), **k
        ),
    ),
    "binary_cross_entropy": (
        lambda x, **k: nn.binary_cross_entropy(nn.sigmoid(x), SHARES, weight=WEIGHT, **k),
        lambda x, **k: F.binary_cross_entropy(torch.sigmoid(x), t(SHARES), t(WEIGHT), **k),
    ),
    "nll": (
        lambda x, **k: nn.nll(x, LABELS, weight=WEIGHT, ignore_index=1, **k),
        lambda x, **k: F.nll_loss(x, t(LABELS), t(WEIGHT), ignore_index=1, **k),
    ),
    "multi_margin": (
        lambda x, **k: nn.multi_margin(x, LABELS, margin=0.7, weight=WEIGHT, **k),
        lambda x, **k: F.multi_margin_loss(x, t(LABELS), 1, 0.7, t(WEIGHT), **k),
    ),
    "multi_margin(2)": (
        lambda x, **k: nn.multi_margin(x, LABELS, p=2, weight=WEIGHT, **k),
        lambda x, **k: F.multi_margin_loss(x, t(LABELS), 2, 1.0, t(WEIGHT), **k),
    ),
    "cosine_embedding": (
        lambda x, **k: nn.cosine_embedding(x, Y, SIGNS, margin=-0.2, **k),
        lambda x, **k: F.cosine_embedding_loss(x, t(Y), t(SIGNS), margin=-0.2, **k),
    ),
    **{
        f"triplet_margin({p}, {swap})": (
            lambda x, p=p, swap=swap, **k: nn.triplet_margin(x, Y, Z, p=p, swap=swap, **k),
            lambda x, p=p, swap=swap, **k: F.triplet_margin_loss(
                x, t(Y), t(Z), p=p, swap=swap, **k
            ),
        )
        for p in (1.0, 2.0, 3.0)
        for swap in (False, True)
    },
}


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_loss(name, reduction):
    ours, theirs = LOSSES[name]
    agree(lambda x: ours(x, reduction=reduction), lambda x: theirs(x, reduction=reduction), X)


@pytest.mark.parametrize("labels", [LABELS, SOFT], ids=["numbers", "soft"])
@pytest.mark.parametrize("weight", [None, WEIGHT], ids=["plain", "weighted"])
@pytest.mark.parametrize("smoothing", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("ignore_index", [None, 1])
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_softmax_cross_entropy(labels, weight, smoothing, ignore_index, reduction):
    if labels is SOFT and ignore_index is not None:
        return  # neither takes it
    agree(
        lambda x: nn.softmax_cross_entropy(
            x,
            labels,
            weight=weight,
            ignore_index=ignore_index,
            label_smoothing=smoothing,
            reduction=reduction,
        ),
        lambda x: F.cross_entropy(
            x,
            t(labels),
            weight=None if weight is None else t(weight),
            ignore_index=-100 if ignore_index is None else ignore_index,
            label_smoothing=smoothing,
            reduction=reduction,
        ),
        X,
    )


@pytest.mark.parametrize("log_target", [False, True])
def test_kl_div_is_the_batchmean(log_target):
    target = np.log(SOFT) if log_target else SOFT
    for ours, theirs in (("mean", "batchmean"), ("sum", "sum")):
        agree(
            lambda x, r=ours: nn.kl_div(
                nn.log_softmax(x), target, log_target=log_target, reduction=r
            ),
            lambda x, r=theirs: F.kl_div(
                F.log_softmax(x, -1), t(target), log_target=log_target, reduction=r
            ),
            X,
        )
