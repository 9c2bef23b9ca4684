"""Metrics against scikit-learn's, and where there is nothing to compare."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as expected

from autograd.errors import ShapeError
from nn import metrics


@given(rows=st.integers(2, 30), classes=st.integers(2, 5), seed=st.integers(0, 1000))
def test_of_classes(rows, classes, seed):
    rng = np.random.default_rng(seed)
    scores, true = rng.normal(size=(rows, classes)), rng.integers(0, classes, rows)
    predicted = np.argmax(scores, 1)
    assert metrics.accuracy(scores, true) == expected.accuracy_score(true, predicted)
    assert metrics.accuracy(predicted, true) == metrics.accuracy(scores, true)
    np.testing.assert_array_equal(
        metrics.confusion_matrix(scores, true),
        expected.confusion_matrix(true, predicted, labels=range(classes)),
    )
    for average in ("macro", "micro", "weighted"):
        for own, other in (
            (metrics.precision, expected.precision_score),
            (metrics.recall, expected.recall_score),
            (metrics.f1, expected.f1_score),
        ):
            value = other(true, predicted, average=average, zero_division=0)
            assert own(scores, true, average) == pytest.approx(value, rel=1e-12)
    for k in range(1, classes):
        value = np.mean(
            [np.sum(row > row[label]) < k for row, label in zip(scores, true, strict=True)]
        )
        assert metrics.top_k_accuracy(scores, true, k) == pytest.approx(value)
    assert metrics.top_k_accuracy(scores, true, classes) == 1


@given(rows=st.integers(2, 20), outputs=st.integers(1, 3), seed=st.integers(0, 1000))
def test_of_numbers(rows, outputs, seed):
    rng = np.random.default_rng(seed)
    prediction, true = rng.normal(size=(2, rows, outputs))
    for own, other in (
        (metrics.r2, expected.r2_score),
        (metrics.mean_absolute_error, expected.mean_absolute_error),
        (metrics.mean_squared_error, expected.mean_squared_error),
    ):
        assert own(prediction, true) == pytest.approx(other(true, prediction), rel=1e-12)
    root = np.sqrt(np.mean((prediction - true) ** 2))
    assert metrics.root_mean_squared_error(prediction, true) == pytest.approx(root, rel=1e-12)


def test_r2_where_all_targets_are_equal():
    assert metrics.r2([1.0, 1.0], [1.0, 1.0]) == 1
    assert metrics.r2([1.0, 2.0], [1.0, 1.0]) == 0


def test_classes_may_have_axes():
    scores = np.eye(3)[[[0, 1], [2, 2]]]
    assert metrics.accuracy(scores, [[0, 1], [2, 0]]) == 0.75
    assert metrics.confusion_matrix(scores, np.array([[0, 1], [2, 0]])).tolist() == [
        [1, 0, 1],
        [0, 1, 0],
        [0, 0, 1],
    ]


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: metrics.accuracy([1, 2], [1]), ShapeError, r"got \(2,\) and \(1,\)"),
        (lambda: metrics.r2([[1.0]], [1.0]), ShapeError, r"r2 needs equal shapes, got \(1, 1\)"),
        (lambda: metrics.top_k_accuracy([[1.0, 2.0]], [0]), ShapeError, r"k=5 .* got \(1, 2\)"),
        (
            lambda: metrics.confusion_matrix([0, 3], [0, 1], 3),
            ValueError,
            "class 3 is out of range for 3 classes",
        ),
        (lambda: metrics.f1([0], [0], "binary"), ValueError, "macro, micro or weighted"),
    ],
)
def test_what_is_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()
