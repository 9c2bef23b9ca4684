"""The losses beside the plain softmax cross-entropy, against their definitions, one by one.

Numbers said to be PyTorch's are those of torch.nn.functional 2.13 for the same arrays;
test_against_torch compares many more where torch is installed.
"""

import math

import numpy as np
import pytest
from scipy import special, stats

import autograd as ag
import nn
from autograd.errors import ShapeError
from autograd.testing import check_grads

RNG = np.random.default_rng(0)
LOGITS = RNG.normal(size=(5, 3)) * 2
LABELS = np.array([2, 1, 0, 2, 1])
SOFT = special.softmax(RNG.normal(size=(5, 3)), axis=1)
WEIGHT = np.array([1.0, 2.0, 0.5])
LOGS = special.log_softmax(LOGITS, axis=1)
A, B, C = RNG.normal(size=(3, 4, 3)) + 0.1
SIGNS = np.array([1, -1, -1, 1])
YES = np.array([[1.0, 0.0, 0.3], [0.0, 1.0, 1.0], [1.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
HARD = (YES > 0.5).astype(float)
REDUCTIONS = pytest.mark.parametrize("reduction", ["mean", "sum", "none"])


def reduced(losses, reduction):
    return {"mean": np.mean, "sum": np.sum, "none": np.asarray}[reduction](losses)


def gradient(function, x):
    t = ag.Tensor(x)
    np.sum(function(t)).backward()
    return t.grad


def logistic(z):
    return 1 / (1 + np.exp(-z))


def huber(d, delta):
    return np.where(abs(d) <= delta, d * d / 2, delta * (abs(d) - delta / 2))


def multi_margin(p, weight):
    return [
        weight[k] * sum(max(0, 0.7 - z[k] + z[i]) ** p for i in range(3) if i != k) / 3
        for z, k in zip(LOGITS, LABELS, strict=True)
    ]


def distance(a, b):
    return np.sqrt(np.sum((a - b + 1e-6) ** 2, -1))


def focal(z, y, gamma, alpha):
    p = np.where(y == 1, logistic(z), 1 - logistic(z))
    return -np.where(y == 1, alpha, 1 - alpha) * (1 - p) ** gamma * np.log(p)


COSINES = np.sum(A * B, -1) / np.linalg.norm(A, axis=-1) / np.linalg.norm(B, axis=-1)
P = logistic(A)
BCE = -YES * np.log(P) - (1 - YES) * np.log1p(-P)

# Of each: the loss of one argument and keywords, that argument, and the losses by definition.
CASES = {
    "mse": (lambda x, **k: nn.mse(x, B, **k), A, (A - B) ** 2),
    "l1": (lambda x, **k: nn.l1(x, B, **k), A, abs(A - B)),
    "huber": (lambda x, **k: nn.huber(x, B, delta=0.6, **k), A, huber(A - B, 0.6)),
    "smooth_l1": (lambda x, **k: nn.smooth_l1(x, B, beta=0.6, **k), A, huber(A - B, 0.6) / 0.6),
    "smooth_l1(0)": (lambda x, **k: nn.smooth_l1(x, B, beta=0, **k), A, abs(A - B)),
    "bce_with_logits": (
        lambda x, **k: nn.binary_cross_entropy_with_logits(x, YES, **k),
        A,
        BCE,
    ),
    "bce_with_logits(weights)": (
        lambda x, **k: nn.binary_cross_entropy_with_logits(
            x, YES, weight=WEIGHT, pos_weight=[3.0, 1.0, 0.5], **k
        ),
        A,
        WEIGHT * (-np.array([3, 1, 0.5]) * YES * np.log(P) - (1 - YES) * np.log1p(-P)),
    ),
    "bce": (lambda x, **k: nn.binary_cross_entropy(x, YES, **k), P, BCE),
    "bce(weight)": (
        lambda x, **k: nn.binary_cross_entropy(x, YES, weight=WEIGHT, **k),
        P,
        WEIGHT * BCE,
    ),
    "focal": (lambda x, **k: nn.focal(x, HARD, **k), A, focal(A, HARD, 2, 0.25)),
    "focal(1.5)": (
        lambda x, **k: nn.focal(x, HARD, gamma=1.5, alpha=None, **k),
        A,
        2 * focal(A, HARD, 1.5, 0.5),
    ),
    "focal(0)": (
        lambda x, **k: nn.focal(x, HARD, gamma=0, alpha=0.5, **k),
        A,
        focal(A, HARD, 0, 0.5),
    ),
    "hinge": (
        lambda x, **k: nn.hinge(x, 2 * HARD - 1, margin=0.9, **k),
        A,
        np.maximum(0, 0.9 - (2 * HARD - 1) * A),
    ),
    "multi_margin": (
        lambda x, **k: nn.multi_margin(x, LABELS, margin=0.7, **k),
        LOGITS,
        multi_margin(1, np.ones(3)),
    ),
    "multi_margin(2)": (
        lambda x, **k: nn.multi_margin(x, LABELS, p=2, margin=0.7, weight=WEIGHT, **k),
        LOGITS,
        multi_margin(2, WEIGHT),
    ),
    "kl_div": (
        lambda x, **k: nn.kl_div(x, SOFT, **k),
        LOGS,
        [stats.entropy(p, np.exp(q)) for p, q in zip(SOFT, LOGS, strict=True)],
    ),
    "kl_div(log)": (
        lambda x, **k: nn.kl_div(x, np.log(SOFT), log_target=True, **k),
        LOGS,
        np.sum(special.rel_entr(SOFT, np.exp(LOGS)), 1),
    ),
    "cosine_embedding": (
        lambda x, **k: nn.cosine_embedding(x, B, SIGNS, margin=0.1, **k),
        A,
        np.where(SIGNS == 1, 1 - COSINES, np.maximum(0, COSINES - 0.1)),
    ),
    "triplet_margin": (
        lambda x, **k: nn.triplet_margin(x, B, C, margin=0.8, **k),
        A,
        np.maximum(0, distance(A, B) - distance(A, C) + 0.8),
    ),
    "triplet_margin(swap)": (
        lambda x, **k: nn.triplet_margin(x, B, C, swap=True, **k),
        A,
        np.maximum(0, distance(A, B) - np.minimum(distance(A, C), distance(B, C)) + 1),
    ),
    "nll": (
        lambda x, **k: nn.nll(x, LABELS, **k),
        LOGS,
        [-row[k] for row, k in zip(LOGS, LABELS, strict=True)],
    ),
    "cross_entropy": (
        lambda x, **k: nn.softmax_cross_entropy(x, SOFT, **k),
        LOGITS,
        -np.sum(SOFT * LOGS, 1),
    ),
    "cross_entropy(smooth)": (
        lambda x, **k: nn.softmax_cross_entropy(x, LABELS, label_smoothing=0.3, **k),
        LOGITS,
        -np.sum((0.7 * np.eye(3)[LABELS] + 0.1) * LOGS, 1),
    ),
    "cross_entropy(soft, smooth, weight)": (
        lambda x, **k: nn.softmax_cross_entropy(x, SOFT, label_smoothing=0.3, weight=WEIGHT, **k),
        LOGITS,
        -np.sum((0.7 * SOFT + 0.1) * WEIGHT * LOGS, 1),
    ),
}
NAMES = pytest.mark.parametrize("name", CASES)


@NAMES
@REDUCTIONS
def test_loss_is_its_definition(name, reduction):
    function, x, losses = CASES[name]
    expected = reduced(losses, reduction)
    found = function(x, reduction=reduction)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-15)
    np.testing.assert_array_equal(function(ag.Tensor(x), reduction=reduction).data, found)
    if reduction == "mean":
        np.testing.assert_allclose(function(x), expected, rtol=1e-12)


@NAMES
@REDUCTIONS
def test_derivatives_of_two_orders_in_both_modes(name, reduction):
    function, x, _ = CASES[name]
    check_grads(lambda x: function(x, reduction=reduction), x)


TWO_OPERANDS = ("mse", "l1", "huber", "smooth", "triplet", "cosine", "kl")  # both decide: see below


@pytest.mark.parametrize("name", [name for name in CASES if not name.startswith(TWO_OPERANDS)])
@REDUCTIONS
def test_float32_stays_float32(name, reduction):
    function, x, losses = CASES[name]
    t = ag.Tensor(x.astype(np.float32))
    loss = function(t, reduction=reduction)
    np.sum(loss).backward()
    assert (loss.dtype, t.grad.dtype) == (np.float32, np.float32)
    np.testing.assert_allclose(loss.data, reduced(losses, reduction), rtol=1e-4, atol=1e-5)


PAIRS = [nn.mse, nn.l1, nn.huber, nn.smooth_l1]


@pytest.mark.parametrize("function", [*PAIRS, lambda a, b: nn.kl_div(a, abs(b))])
def test_two_operands_of_float32_stay_float32(function):
    a, b = (ag.Tensor(x.astype(np.float32)) for x in (A, B))
    loss = function(a, b)
    loss.backward()
    assert (loss.dtype, a.grad.dtype, b.grad.dtype) == (np.float32,) * 3


def test_vectors_of_float32_stay_float32():
    a, b, c = (ag.Tensor(x.astype(np.float32)) for x in (A, B, C))
    loss = nn.triplet_margin(a, b, c) + nn.cosine_embedding(a, b, SIGNS)
    loss.backward()
    assert (loss.dtype, a.grad.dtype, c.grad.dtype) == (np.float32,) * 3


@pytest.mark.parametrize("function", PAIRS)
def test_both_operands_may_be_variables(function):
    check_grads(function, A, B)


def test_vectors_and_distributions_may_be_variables():
    check_grads(lambda a, b: nn.cosine_embedding(a, b, SIGNS), A, B)
    check_grads(nn.triplet_margin, A, B, C)
    check_grads(nn.kl_div, LOGS, SOFT)
    check_grads(lambda q, p: nn.kl_div(q, p, log_target=True), LOGS, np.log(SOFT))


@NAMES
def test_no_other_reduction(name):
    function, x, _ = CASES[name]
    with pytest.raises(ValueError, match="reduction must be 'mean', 'sum' or 'none', got 'avg'"):
        function(x, reduction="avg")


# Numbers against numbers.


@pytest.mark.parametrize("function", PAIRS)
@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        (((4, 1), (4,)), r"equal shapes.*\(4, 1\) and target \(4,\); write target.reshape\(pred"),
        (((4, 3), (3,)), r"equal shapes, got prediction \(4, 3\) and target \(3,\)$"),
        (((0, 2), (0, 2)), r"has nothing to average in shape \(0, 2\)"),
    ],
)
def test_shapes_are_not_broadcast(function, shapes, message):
    with pytest.raises(ShapeError, match=rf"^{function.__name__} .*{message}"):
        function(*map(np.zeros, shapes))


@pytest.mark.parametrize("function", PAIRS)
def test_the_sum_of_nothing_is_nothing(function):
    assert function(np.zeros(0), np.zeros(0), reduction="sum") == 0
    assert function(np.zeros((0, 2)), np.zeros((0, 2)), reduction="none").shape == (0, 2)


def test_slopes_at_kinks_and_far_out():
    d = np.array([-np.inf, -1e200, -2.0, -1.0, 0.0, 0.5, 1.0, np.inf])
    zeros = np.zeros_like(d)
    expected = [-1, -1, -1, -1, 0, 0.5, 1, 1]
    for function in (nn.huber, nn.smooth_l1):
        slopes = gradient(lambda x, f=function: f(x, zeros, reduction="none"), d)
        np.testing.assert_array_equal(slopes, expected)
    slopes = gradient(lambda x: nn.l1(x, zeros, reduction="none"), d)
    np.testing.assert_array_equal(slopes, np.sign(d))
    assert nn.huber(np.array([1e200]), np.zeros(1)) == 1e200


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: nn.huber(A, B, delta=0), "delta must be positive, got 0"),
        (lambda: nn.smooth_l1(A, B, beta=-1), "beta must not be negative, got -1"),
    ],
)
def test_thresholds_out_of_range(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# Two classes.


@pytest.mark.parametrize(
    ("function", "losses", "slopes"),
    [
        (
            nn.binary_cross_entropy_with_logits,
            [0, 1000, 1000, 0, 0, np.inf, np.inf, 0],
            [0, 1, -1, 0, 0, 1, -1, 0],
        ),
        (
            lambda *a, **k: nn.focal(*a, alpha=None, **k),
            [0, 1000, 1000, 0, 0, np.inf, np.inf, 0],
            [0, 1, -1, 0, 0, 1, -1, 0],
        ),
    ],
)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_extreme_scores(function, losses, slopes, dtype):
    z = np.array([-1000, 1000, -1000, 1000, -np.inf, np.inf, -np.inf, np.inf], dtype)
    y = [0, 0, 1, 1, 0, 0, 1, 1]
    np.testing.assert_array_equal(function(z, y, reduction="none"), losses)
    np.testing.assert_array_equal(gradient(lambda z: function(z, y, reduction="none"), z), slopes)


def test_tiny_binary_losses_keep_their_digits():
    loss = nn.binary_cross_entropy_with_logits(np.array([40.0]), [1])
    np.testing.assert_allclose(loss, math.exp(-40), rtol=1e-14)
    np.testing.assert_allclose(
        nn.focal(np.array([40.0]), [1], alpha=None), math.exp(-120), rtol=1e-13
    )


def test_sure_probabilities_cost_100_at_most_as_in_pytorch():
    p, y = np.array([0.0, 1.0, 0.0, 1.0]), np.array([1, 0, 0, 1])
    np.testing.assert_array_equal(nn.binary_cross_entropy(p, y, reduction="none"), [100, 100, 0, 0])
    slopes = gradient(lambda p: nn.binary_cross_entropy(p, y, reduction="sum"), p)
    np.testing.assert_array_equal(slopes, [-1e12, 1e12, 1, -1])


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda f: f(A, YES + 1), ValueError, "labels must be between 0 and 1, got 2.0"),
        (lambda f: f(A, YES * np.nan), ValueError, "labels must be between 0 and 1, got nan"),
        (lambda f: f(A, YES[0]), ShapeError, r"got predictions \(4, 3\) and labels \(3,\)"),
        (lambda f: f(A, ag.Tensor(YES)), TypeError, r"labels are constants.*labels.detach\(\)"),
        (lambda f: f(A + 0j, YES), TypeError, "needs real .*, got complex128"),
        (lambda f: f(A[:0], YES[:0]), ShapeError, r"nothing to average in shape \(0, 3\)"),
    ],
)
@pytest.mark.parametrize(
    "function", [nn.binary_cross_entropy_with_logits, nn.binary_cross_entropy, nn.focal]
)
def test_binary_labels_that_do_not_fit(function, call, error, message):
    if function is nn.binary_cross_entropy:

        def function(x, y):
            return nn.binary_cross_entropy(x if x.dtype.kind == "c" else logistic(x), y)

    with pytest.raises(error, match=message):
        call(function)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: nn.binary_cross_entropy(A * 2, YES),
            ValueError,
            "probabilities must be between 0 and 1, got ",
        ),
        (
            lambda: nn.binary_cross_entropy_with_logits(A, YES, weight=np.ones(2)),
            ShapeError,
            r"weight of shape \(2,\) does not broadcast to losses of shape \(4, 3\)",
        ),
        (
            lambda: nn.binary_cross_entropy_with_logits(A, YES, pos_weight=np.ones((2, 4, 3))),
            ShapeError,
            r"pos_weight of shape \(2, 4, 3\) does not broadcast",
        ),
        (
            lambda: nn.binary_cross_entropy(P, YES, weight=ag.Tensor(WEIGHT)),
            TypeError,
            "weight is a constant here, got a variable",
        ),
        (lambda: nn.focal(A, YES), ValueError, "focal needs labels 0 or 1, got 0.3"),
        (lambda: nn.focal(A, HARD, gamma=-1), ValueError, "gamma must not be negative, got -1"),
        (lambda: nn.focal(A, HARD, alpha=2), ValueError, "alpha must be between 0 and 1, got 2"),
    ],
)
def test_binary_options_that_do_not_fit(call, error, message):
    with pytest.raises(error, match=message):
        call()


# Margins, cosines, distances.


def test_hinge_and_multi_margin_far_out():
    far = np.array([[1000.0, -1000.0, -np.inf]])
    assert nn.multi_margin(far, [0]) == 0
    assert nn.multi_margin(far, [1]) == 2001 / 3
    np.testing.assert_allclose(
        gradient(lambda x: nn.multi_margin(x, [1]), far), [[1 / 3, -1 / 3, 0]]
    )
    np.testing.assert_array_equal(
        nn.hinge(np.array([1000.0, -1000.0, -np.inf]), [1, 1, -1], reduction="none"), [0, 1001, 0]
    )


def test_triplets_that_coincide_have_finite_slopes():
    x = ag.Tensor(A)
    nn.triplet_margin(x, A, A).backward()
    assert np.all(np.isfinite(x.grad))


@pytest.mark.parametrize("p", [1.0, 3.0])
def test_triplets_of_other_norms(p):
    near, far = (np.sum(abs(A - x + 1e-6) ** p, -1) ** (1 / p) for x in (B, C))
    np.testing.assert_allclose(
        nn.triplet_margin(A, B, C, p=p), np.mean(np.maximum(0, near - far + 1)), rtol=1e-12
    )


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: nn.hinge(A, HARD), ValueError, r"labels must be 1 or -1, got 0.0; .*2 \* labels"),
        (lambda: nn.hinge(A, SIGNS), ShapeError, r"prediction \(4, 3\) and labels \(4,\)"),
        (lambda: nn.multi_margin(LOGITS, LABELS, p=3), ValueError, "p must be 1 or 2, got 3"),
        (lambda: nn.multi_margin(LOGITS, LABELS + 1), ValueError, "label 3 in row 0 is out of ra"),
        (
            lambda: nn.multi_margin(LOGITS, LABELS[:2]),
            ShapeError,
            r"needs a label for each row of scores \(5, 3\), shape \(5,\), got \(2,\)",
        ),
        (lambda: nn.multi_margin(LOGITS[:0], LABELS[:0]), ShapeError, "at least one row and one c"),
        (lambda: nn.multi_margin(LOGITS, LABELS * 1.0), TypeError, "must be integers, got float64"),
        (
            lambda: nn.multi_margin(LOGITS, LABELS, weight=[1.0]),
            ShapeError,
            r"weight needs a number for each of 3 classes, shape \(3,\), got \(1,\)",
        ),
        (lambda: nn.cosine_embedding(A, B, HARD[:, 0]), ValueError, "labels must be 1 or -1"),
        (lambda: nn.cosine_embedding(A, B[:2], SIGNS), ShapeError, r"a \(4, 3\) and b \(2, 3\)"),
        (lambda: nn.cosine_embedding(A, B, 1), ShapeError, r"cosines \(4,\) and labels \(\)"),
        (
            lambda: nn.triplet_margin(A, B, C[0]),
            ShapeError,
            r"got anchor \(4, 3\), positive \(4, 3\) and negative \(3,\)",
        ),
    ],
)
def test_margins_refuse_what_does_not_fit(call, error, message):
    with pytest.raises(error, match=message):
        call()


# Distributions.


@pytest.mark.parametrize("log_target", [False, True])
def test_what_is_impossible_adds_nothing(log_target):
    p = np.array([[1.0, 0.0], [0.0, 1.0]])
    q = np.array([[math.log(0.5), -np.inf], [-1000.0, 0.0]])
    t = np.where(p == 1, 0, -np.inf) if log_target else p
    losses = nn.kl_div(q, t, log_target=log_target, reduction="none")
    np.testing.assert_allclose(losses, [math.log(2), 0])
    slopes = gradient(lambda q: nn.kl_div(q, t, log_target=log_target, reduction="sum"), q)
    np.testing.assert_array_equal(slopes, -p)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: nn.kl_div(LOGS, LOGS), ValueError, "is negative; for logarithms, give log_target"),
        (lambda: nn.kl_div(LOGS, SOFT[0]), ShapeError, r"\(5, 3\) and target \(3,\)"),
        (lambda: nn.kl_div(LOGS[:0], SOFT[:0]), ShapeError, "nothing to average"),
        (lambda: nn.kl_div(np.float64(0), 1.0), ShapeError, "needs distributions along an axis"),
    ],
)
def test_distributions_that_do_not_fit(call, error, message):
    with pytest.raises(error, match=message):
        call()


# Softmax cross-entropy with options.


def test_the_weighted_mean_divides_by_the_weights():
    losses = np.array([-row[k] for row, k in zip(LOGS, LABELS, strict=True)])
    expected = np.average(losses, weights=WEIGHT[LABELS])
    np.testing.assert_allclose(nn.softmax_cross_entropy(LOGITS, LABELS, weight=WEIGHT), expected)
    np.testing.assert_allclose(nn.nll(LOGS, LABELS, weight=WEIGHT), expected)
    for reduction in ("sum", "none"):
        found = nn.softmax_cross_entropy(LOGITS, LABELS, weight=WEIGHT, reduction=reduction)
        np.testing.assert_allclose(found, reduced(losses * WEIGHT[LABELS], reduction))


@pytest.mark.parametrize("ignore_index", [-100, 7, 1])
def test_ignored_rows_are_as_if_they_were_not_there(ignore_index):
    labels = LABELS.copy()
    labels[[1, 4]] = ignore_index
    kept = [0, 2, 3]
    for options in ({}, {"weight": WEIGHT}, {"label_smoothing": 0.2}):
        options["ignore_index"] = ignore_index
        expected = nn.softmax_cross_entropy(LOGITS[kept], LABELS[kept], **options)
        found = nn.softmax_cross_entropy(LOGITS, labels, **options)
        np.testing.assert_allclose(found, expected, rtol=1e-14)
        slopes = gradient(lambda x, o=options: nn.softmax_cross_entropy(x, labels, **o), LOGITS)
        assert np.all(slopes[[1, 4]] == 0)
        check_grads(lambda x, o=options: nn.softmax_cross_entropy(x, labels, **o), LOGITS)
        losses = nn.softmax_cross_entropy(LOGITS, labels, **options, reduction="none")
        np.testing.assert_array_equal(losses[[1, 4]], 0)
    expected = nn.nll(LOGS[kept], LABELS[kept], weight=WEIGHT)
    found = nn.nll(LOGS, labels, weight=WEIGHT, ignore_index=ignore_index)
    np.testing.assert_allclose(found, expected, rtol=1e-14)


def test_smoothing_with_weights_is_pytorchs():
    # The number is that of PyTorch's cross_entropy with these arguments.
    logits = np.array([[0.2, -1.0, 2.0], [1.5, 0.3, -0.4], [0.0, 0.0, 0.0], [3.0, -2.0, 1.0]])
    labels = np.array([2, 1, 0, 2])
    logs = special.log_softmax(logits, axis=1)
    smooth = 0.7 * WEIGHT[labels] * -logs[range(4), labels] - 0.1 * np.sum(WEIGHT * logs, 1)
    found = nn.softmax_cross_entropy(logits, labels, weight=WEIGHT, label_smoothing=0.3)
    np.testing.assert_allclose(found, np.sum(smooth) / np.sum(WEIGHT[labels]), rtol=1e-14)
    np.testing.assert_allclose(found, 1.6572653952404968, rtol=1e-14)


@pytest.mark.parametrize("options", [{"reduction": "none"}, {"label_smoothing": 0.5}])
@pytest.mark.parametrize("score", [1000.0, -1000.0])
def test_options_at_extreme_scores(options, score):
    logits = np.array([[score, 0.0]])
    share = 1 - options.get("label_smoothing", 0) / 2
    wrong = 0 if score > 0 else 1000
    other = 1000 - wrong
    expected = share * wrong + (1 - share) * other
    np.testing.assert_allclose(nn.softmax_cross_entropy(logits, [0], **options), expected)
    slopes = gradient(lambda x: nn.softmax_cross_entropy(x, [0], **options), logits)
    first = (1 if score > 0 else 0) - share
    np.testing.assert_allclose(slopes, [[first, -first]])


def test_classes_of_weight_zero_may_be_impossible():
    logits = np.array([[0.0, -np.inf], [1.0, 1.0]])
    weight = [1.0, 0.0]
    assert nn.softmax_cross_entropy(logits, [1, 0], weight=weight) == pytest.approx(math.log(2))
    rows = np.array([[0.5, 0.5], [1.0, 0.0]])
    loss = nn.softmax_cross_entropy(logits, rows, weight=weight)
    assert loss == pytest.approx(math.log(2) / 2)
    logs = special.log_softmax(logits, axis=1)
    assert nn.nll(logs, [1, 0], weight=weight) == pytest.approx(math.log(2))
    assert np.all(np.isfinite(gradient(lambda x: nn.nll(x, [1, 0], weight=weight), logs)))


def test_more_axes_are_more_rows():
    logits, labels = LOGITS[:4].reshape(2, 2, 3), LABELS[:4].reshape(2, 2)
    for options in ({"weight": WEIGHT}, {"label_smoothing": 0.2}, {"ignore_index": 1}):
        found = nn.softmax_cross_entropy(logits, labels, **options)
        expected = nn.softmax_cross_entropy(LOGITS[:4], LABELS[:4], **options)
        np.testing.assert_allclose(found, expected, rtol=1e-14)
    assert nn.nll(LOGS[:4].reshape(2, 2, 3), labels, reduction="none").shape == (2, 2)
    assert nn.multi_margin(logits, labels, reduction="none").shape == (2, 2)
    assert nn.softmax_cross_entropy(LOGITS[0], LABELS[0], reduction="none").shape == ()


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"label_smoothing": 1.5}, ValueError, "label_smoothing must be between 0 and 1, got 1.5"),
        ({"weight": np.ones((5, 3))}, ShapeError, r"each of 3 classes, shape \(3,\), got \(5, 3\)"),
        ({"weight": ag.Tensor(WEIGHT)}, TypeError, r"weight is a constant.*weight.detach\(\)"),
        ({"labels": LABELS - 100}, ValueError, "label -98 in row 0 is out of range"),
        (
            {"labels": np.full(5, -1), "ignore_index": -1},
            ValueError,
            "nothing to average: all rows are ignored or have weight 0",
        ),
        ({"labels": SOFT, "ignore_index": -1}, ValueError, "labels are probabilities here"),
        ({"labels": SOFT * 2, "reduction": "sum"}, ValueError, "row 0 sums to 2, not 1"),
    ],
)
def test_options_that_do_not_fit(options, error, message):
    labels = options.pop("labels", LABELS)
    with pytest.raises(error, match=message):
        nn.softmax_cross_entropy(LOGITS, labels, **options)


def test_nll_refuses_probabilities_and_a_mean_of_nothing():
    with pytest.raises(ShapeError, match=r"nll needs a label for each row of scores \(5, 3\)"):
        nn.nll(LOGS, SOFT)
    with pytest.raises(ValueError, match="all rows are ignored"):
        nn.nll(LOGS, np.full(5, 9), ignore_index=9)


def test_everything_ignored_sums_to_nothing():
    found = nn.softmax_cross_entropy(LOGITS, np.full(5, -1), ignore_index=-1, reduction="sum")
    assert found == 0
