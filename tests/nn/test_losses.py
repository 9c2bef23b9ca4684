"""Losses: values, gradients of two orders, extreme scores, and what they refuse."""

import math

import numpy as np
import pytest

import autograd as ag
import nn
from autograd.errors import ShapeError

LOGITS = np.array([[0.2, -1.0, 2.0], [1.5, 0.3, -0.4], [0.0, 0.0, 0.0], [3.0, -2.0, 1.0]])
LABELS = np.array([2, 1, 0, 2])
SOFT = np.array([[0.1, 0.2, 0.7], [0.0, 1.0, 0.0], [0.5, 0.25, 0.25], [0.3, 0.3, 0.4]])


def by_definition(logits, labels):
    """Return the mean of -Σ y log p, the slow way."""
    total = 0.0
    for scores, row in zip(logits.tolist(), labels, strict=True):
        powers = [math.exp(score) for score in scores]
        total -= sum(
            y * math.log(power / sum(powers)) for y, power in zip(row, powers, strict=True)
        )
    return total / len(logits)


def gradient(logits, labels):
    t = ag.Tensor(logits)
    nn.softmax_cross_entropy(t, labels).backward()
    return t.grad


def test_both_places_hold_the_same_function():
    assert nn.softmax_cross_entropy is nn.losses.softmax_cross_entropy
    assert nn.mse is nn.losses.mse


@pytest.mark.parametrize("labels", [np.eye(3)[LABELS], SOFT], ids=["one-hot", "soft"])
def test_cross_entropy_is_its_definition(labels):
    expected = by_definition(LOGITS, labels)
    np.testing.assert_allclose(nn.softmax_cross_entropy(LOGITS, labels), expected, rtol=1e-14)
    loss = nn.softmax_cross_entropy(ag.Tensor(LOGITS), labels)
    assert loss.shape == ()
    np.testing.assert_allclose(loss.item(), expected, rtol=1e-14)


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int64, np.uint64])
def test_numbers_and_one_hot_labels_agree(dtype):
    numbers, rows = LABELS.astype(dtype), nn.one_hot(LABELS)
    np.testing.assert_allclose(
        nn.softmax_cross_entropy(LOGITS, numbers),
        nn.softmax_cross_entropy(LOGITS, rows),
        rtol=1e-15,
    )
    np.testing.assert_allclose(gradient(LOGITS, numbers), gradient(LOGITS, rows), rtol=1e-14)
    np.testing.assert_allclose(gradient(LOGITS, rows.astype(int)), gradient(LOGITS, rows))


@pytest.mark.parametrize("labels", [LABELS, SOFT], ids=["numbers", "soft"])
def test_gradient_is_that_of_differences(labels):
    found = gradient(LOGITS, labels)
    h = 1e-5
    for place in np.ndindex(LOGITS.shape):
        step = np.zeros_like(LOGITS)
        step[place] = h
        above = nn.softmax_cross_entropy(LOGITS + step, labels)
        below = nn.softmax_cross_entropy(LOGITS - step, labels)
        np.testing.assert_allclose(found[place], (above - below) / (2 * h), atol=1e-10)


@pytest.mark.parametrize("labels", [LABELS, SOFT], ids=["numbers", "soft"])
def test_second_and_third_derivatives_are_those_of_differences(labels):
    direction = np.arange(12.0).reshape(4, 3) - 5

    def slope(logits):
        return np.sum(gradient(logits, labels) * direction)

    def curvature(logits):
        x = ag.Tensor(logits)
        (g,) = ag.gradients(nn.softmax_cross_entropy(x, labels), [x], create_graph=True)
        (second,) = ag.gradients(np.sum(g * direction), [x], create_graph=True)
        (third,) = ag.gradients(np.sum(second * direction), [x])
        return second.data, third

    second, third = curvature(LOGITS)
    h = 1e-5
    for place in np.ndindex(LOGITS.shape):
        step = np.zeros_like(LOGITS)
        step[place] = h
        by_difference = (slope(LOGITS + step) - slope(LOGITS - step)) / (2 * h)
        np.testing.assert_allclose(second[place], by_difference, atol=1e-8)
        by_difference = np.sum(
            (curvature(LOGITS + step)[0] - curvature(LOGITS - step)[0]) * direction
        ) / (2 * h)
        np.testing.assert_allclose(third[place], by_difference, atol=1e-7)


def test_forward_mode_agrees_with_reverse():
    tangent = np.arange(12.0).reshape(4, 3)
    _, pushed = ag.jvp(lambda x: nn.softmax_cross_entropy(x, LABELS), (LOGITS,), (tangent,))
    np.testing.assert_allclose(pushed, np.sum(gradient(LOGITS, LABELS) * tangent), rtol=1e-13)


def test_gradient_is_scaled_by_what_comes_after():
    x = ag.Tensor(LOGITS)
    (nn.softmax_cross_entropy(x, LABELS) * 3 + 1).backward()
    np.testing.assert_allclose(x.grad, 3 * gradient(LOGITS, LABELS), rtol=1e-14)


def test_two_walks_give_the_gradient_twice():
    x = ag.Tensor(LOGITS)
    loss = nn.softmax_cross_entropy(x, LABELS)
    loss.backward(retain_graph=True)
    loss.backward()
    np.testing.assert_allclose(x.grad, 2 * gradient(LOGITS, LABELS), rtol=1e-14)


@pytest.mark.parametrize(
    ("score", "slope"),
    [(1000.0, [[0, 0], [0.5, -0.5]]), (-1000.0, [[-0.5, 0.5], [0, 0]])],
)
def test_extreme_scores(score, slope):
    logits, labels = np.array([[score, 0.0], [score, 0.0]]), [0, 1]
    assert nn.softmax_cross_entropy(logits, labels) == 500
    np.testing.assert_array_equal(gradient(logits, labels), slope)


def test_tiny_loss_keeps_its_digits():
    loss = nn.softmax_cross_entropy(np.array([[0.0, -20.0]]), [0])
    np.testing.assert_allclose(loss, math.log1p(math.exp(-20)), rtol=1e-6)


@pytest.mark.parametrize("labels", [[0, 1], [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]])
def test_a_score_of_minus_infinity_is_an_impossible_class(labels):
    logits = np.array([[0.0, 0.0, -np.inf], [0.0, 0.0, -np.inf]])
    np.testing.assert_allclose(nn.softmax_cross_entropy(logits, labels), math.log(2))
    np.testing.assert_allclose(gradient(logits, labels), [[-0.25, 0.25, 0], [0.25, -0.25, 0]])


@pytest.mark.parametrize("labels", [LABELS, SOFT], ids=["numbers", "soft"])
def test_float32_stays_float32(labels):
    x = ag.Tensor(LOGITS.astype(np.float32))
    loss = nn.softmax_cross_entropy(x, labels)
    loss.backward()
    assert (loss.dtype, x.grad.dtype) == (np.float32, np.float32)
    np.testing.assert_allclose(x.grad, gradient(LOGITS, labels), atol=1e-6)


def test_more_axes_are_more_rows():
    stacked = LOGITS.reshape(2, 2, 3)
    loss = nn.softmax_cross_entropy(LOGITS, LABELS)
    assert nn.softmax_cross_entropy(stacked, LABELS.reshape(2, 2)) == loss
    np.testing.assert_allclose(
        nn.softmax_cross_entropy(stacked, SOFT.reshape(2, 2, 3)),
        nn.softmax_cross_entropy(LOGITS, SOFT),
        rtol=1e-15,
    )
    np.testing.assert_allclose(
        gradient(stacked, LABELS.reshape(2, 2)).reshape(4, 3), gradient(LOGITS, LABELS)
    )


def test_inputs_stay_as_they_are():
    logits, labels, soft = LOGITS.copy(), LABELS.copy(), SOFT.copy()
    gradient(logits, labels)
    gradient(logits, soft)
    np.testing.assert_array_equal(logits, LOGITS)
    np.testing.assert_array_equal(labels, LABELS)
    np.testing.assert_array_equal(soft, SOFT)


def test_lists_and_integer_scores_and_constant_labels():
    assert nn.softmax_cross_entropy([[0, 0]], [1]) == pytest.approx(math.log(2))
    labels = ag.Tensor(SOFT, requires_grad=False)
    assert nn.softmax_cross_entropy(LOGITS, labels) == nn.softmax_cross_entropy(LOGITS, SOFT)


@pytest.mark.parametrize(
    ("labels", "error", "message"),
    [
        ([0, 1, 3, 0], ValueError, "label 3 in row 2 is out of range for 3 classes.*0 to 2"),
        ([0, -1, 0, 0], ValueError, "label -1 in row 1 is out of range"),
        ([0.0, 1.0, 2.0, 0.0], TypeError, r"must be integers, got float64.*labels.astype\(int\)"),
        ([True, False, True, True], TypeError, "must be integers, got bool"),
        ([0, 1], ShapeError, r"labels of shape \(2,\) do not fit logits of shape \(4, 3\).*\(4,\)"),
        ([[0], [1], [2], [0]], ShapeError, r"\(4, 1\) do not fit.*write labels.reshape\(\(4,\)\)"),
        (np.ones((4, 2)), ShapeError, r"labels of shape \(4, 2\) do not fit"),
        (SOFT * [[1], [2], [1], [1]], ValueError, "row 1 sums to 2, not 1"),
        (SOFT * np.nan, ValueError, "row 0 sums to nan, not 1"),
        (ag.Tensor(SOFT), TypeError, r"labels are constants here.*labels.detach\(\)"),
    ],
)
def test_labels_that_do_not_fit(labels, error, message):
    with pytest.raises(error, match=message):
        nn.softmax_cross_entropy(ag.Tensor(LOGITS), labels)


@pytest.mark.parametrize("shape", [(0, 3), (3, 0), ()])
def test_nothing_to_average(shape):
    with pytest.raises(ShapeError, match="at least one row and one class"):
        nn.softmax_cross_entropy(np.zeros(shape), np.zeros(shape[:1], int))


def test_complex_scores():
    with pytest.raises(TypeError, match="needs real logits, got complex128"):
        nn.softmax_cross_entropy(LOGITS + 0j, LABELS)


# Mean squared error.


def test_mse_is_its_definition():
    prediction, target = ag.Tensor([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 0.0], [0.0, 4.5]])
    loss = nn.mse(prediction, target)
    assert loss.item() == (0 + 4 + 9 + 0.25) / 4
    loss.backward()
    np.testing.assert_array_equal(prediction.grad, [[0, 1], [1.5, -0.25]])


def test_mse_differentiates_in_both():
    prediction, target = ag.Tensor([1.0, 2.0]), ag.Tensor([0.0, 5.0])
    nn.mse(prediction, target).backward()
    np.testing.assert_array_equal(prediction.grad, [1, -3])
    np.testing.assert_array_equal(target.grad, [-1, 3])


def test_mse_keeps_float32_and_takes_integers():
    prediction = ag.Tensor(np.ones(2, np.float32))
    loss = nn.mse(prediction, np.zeros(2, np.float32))
    loss.backward()
    assert (loss.dtype, prediction.grad.dtype) == (np.float32, np.float32)
    assert nn.mse([1, 2], [1, 4]) == 2


@pytest.mark.parametrize(
    ("prediction", "target", "message"),
    [
        ((4, 1), (4,), r"prediction \(4, 1\) and target \(4,\); write target.reshape\(pred"),
        ((4,), (4, 1), r"prediction \(4,\) and target \(4, 1\); write target.reshape"),
        ((4, 3), (3,), r"mse needs equal shapes, got prediction \(4, 3\) and target \(3,\)$"),
        ((0,), (0,), r"nothing to average in shape \(0,\)"),
    ],
)
def test_mse_refuses_to_broadcast(prediction, target, message):
    with pytest.raises(ShapeError, match=message):
        nn.mse(ag.Tensor(np.zeros(prediction)), np.zeros(target))


@pytest.mark.parametrize("options", [{}, {"label_smoothing": 0.1}, {"reduction": "sum"}])
def test_each_example_of_a_batch_has_its_own_gradient(options):
    """What the forward pass leaves for the way back is of one example alone."""
    rng = np.random.default_rng(0)
    logits, labels = rng.normal(size=(5, 4, 3)), np.array([0, 1, 2, 1])

    def loss(z):
        return nn.softmax_cross_entropy(z, labels, **options)

    together = ag.grad(lambda z: np.sum(ag.vmap(loss)(z) ** 2))(logits)
    one_by_one = ag.grad(lambda z: sum(loss(row) ** 2 for row in z))(logits)
    np.testing.assert_allclose(together, one_by_one, rtol=1e-13)


def test_logits_may_lie_in_memory_by_columns():
    logits = np.random.default_rng(0).normal(size=(6, 3))
    labels = np.array([0, 1, 2, 1, 0, 2])
    by_rows, by_columns = ag.Tensor(logits), ag.Tensor(np.asfortranarray(logits))
    for tensor in (by_rows, by_columns):
        nn.softmax_cross_entropy(tensor, labels).backward()
    np.testing.assert_array_equal(by_rows.grad, by_columns.grad)
