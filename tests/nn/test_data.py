"""Batches, files, splits, one-hot labels, predictions."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd as ag
import nn

X = np.arange(20.0).reshape(10, 2)
Y = np.arange(10)


@given(
    rows=st.integers(0, 30),
    batch_size=st.integers(1, 12),
    shuffle=st.booleans(),
    drop_last=st.booleans(),
)
def test_each_row_comes_once_with_its_label(rows, batch_size, shuffle, drop_last):
    X, y = np.arange(2.0 * rows).reshape(rows, 2), np.arange(rows)
    batches = list(nn.minibatches(X, y, batch_size, shuffle=shuffle, drop_last=drop_last, rng=rows))
    sizes = [len(labels) for _, labels in batches]
    assert sizes[:-1] == [batch_size] * len(sizes[:-1])
    labels = np.concatenate([np.zeros(0, int), *(labels for _, labels in batches)])
    for inputs, chosen in batches:
        np.testing.assert_array_equal(inputs, X[chosen])
    if drop_last:
        assert len(labels) == rows - rows % batch_size == len(set(labels.tolist()))
    else:
        assert sorted(labels.tolist()) == list(range(rows))
    if not shuffle:
        np.testing.assert_array_equal(labels, np.arange(len(labels)))


def order(rng):
    return [int(label) for _, labels in nn.minibatches(X, Y, 3, rng=rng) for label in labels]


def test_a_seed_fixes_the_order_and_a_generator_moves_on():
    assert order(0) == order(0) != order(1)
    rng = np.random.default_rng(0)
    assert order(rng) != order(rng)


def test_without_shuffle_batches_are_views():
    assert all(np.shares_memory(X, rows) for rows, _ in nn.minibatches(X, Y, 3, shuffle=False))


def test_batches_take_lists_and_any_shape_of_label():
    ((inputs, labels),) = nn.minibatches([[1, 2], [3, 4]], [[1.0], [0.0]], 5, shuffle=False)
    assert (inputs.tolist(), labels.tolist()) == ([[1, 2], [3, 4]], [[1.0], [0.0]])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: nn.minibatches(X, Y[:3]), r"same number of rows, got shapes \(10, 2\) and \(3,\)"),
        (lambda: nn.minibatches(X, 3), r"same number of rows, got shapes \(10, 2\) and \(\)"),
        (lambda: nn.minibatches(X, Y, 0), "batch_size must be at least 1, got 0"),
        (lambda: nn.train_test_split(X, Y[:3]), "same number of rows"),
        (
            lambda: nn.train_test_split(X, Y, 0.01),
            "test_size=0.01 of 10 rows leaves one part empty",
        ),
        (lambda: nn.train_test_split(X, Y, 1.0), "test_size=1.0 of 10 rows leaves one part empty"),
        (lambda: nn.train_test_split(X, Y, -0.2), "leaves one part empty"),
        (lambda: nn.one_hot([0, 3], 3), "label 3 is out of range for 3 classes.*from 0 to 2"),
        (lambda: nn.one_hot([0, -1]), "label -1 is out of range"),
    ],
)
def test_what_is_refused_is_refused_at_once(make, message):
    with pytest.raises(ValueError, match=message):
        make()


# Batches, epoch after epoch.


def labels_of(batches):
    return [y.tolist() for _, y in batches]


def test_each_epoch_has_an_order_of_its_own():
    batches = nn.data.Batches(X, Y, batch_size=3, rng=0)
    first, second = labels_of(batches), labels_of(batches)
    assert first != second
    assert sorted(np.concatenate(second)) == Y.tolist()
    rng = np.random.default_rng(0)
    assert [labels_of(nn.minibatches(X, Y, 3, rng=rng)) for _ in range(2)] == [first, second]
    assert len(batches) == len(first) == 4


@given(
    done=st.integers(0, 9),
    rows=st.integers(1, 12),
    shuffle=st.booleans(),
    kind=st.sampled_from(["PCG64", "MT19937", "Philox", "SFC64"]),
)
def test_batches_go_on_exactly_where_they_were(done, rows, shuffle, kind):
    def make(seed):
        rng = np.random.Generator(getattr(np.random, kind)(seed))
        return nn.data.Batches(X, Y, batch_size=rows, shuffle=shuffle, rng=rng)

    batches = make(0)
    list(batches)
    epoch = iter(batches)
    for _ in range(done):
        next(epoch, None)
    other = make(1)
    other.load_state_dict(batches.state_dict())
    left = [labels_of(epoch), labels_of(batches)]
    if done > len(batches):
        left = left[1:]  # that epoch had ended
    assert [labels_of(other) for _ in left] == left


def test_a_state_that_is_not_of_batches_changes_nothing():
    batches = nn.data.Batches(X, Y, batch_size=3, rng=0)
    before = batches.state_dict()
    other = nn.data.Batches(X, Y, batch_size=3, rng=np.random.Generator(np.random.MT19937(0)))
    state = other.state_dict() | {"position": np.array(5), "weight": np.ones(2)}
    expected = (
        r'(?s)"weight" is not known.*"epoch_rng": this is no state of a PCG64, but of a MT19937'
        r'.*"position" is 5, expected a number from 0 to 4'
    )
    with pytest.raises(ValueError, match=expected):
        batches.load_state_dict(state)
    with pytest.raises(ValueError, match=r'(?s)"position" is missing.*"rng": this is no state of'):
        batches.load_state_dict({"rng": np.zeros(3, np.uint8), "epoch_rng": np.array("x")})
    assert {k: v.tolist() for k, v in batches.state_dict().items()} == {
        k: v.tolist() for k, v in before.items()
    }


def test_batches_of_containers():
    batches = nn.data.Batches({"a": X, "b": (Y, X)}, Y, batch_size=4, rng=0)
    for inputs, y in batches:
        np.testing.assert_array_equal(inputs["a"], X[y])
        np.testing.assert_array_equal(inputs["b"][0], y)
        assert type(inputs["b"]) is tuple


def test_memory_maps_are_read_by_batches_and_in_ascending_order(tmp_path):
    np.save(tmp_path / "X.npy", X)
    mapped = np.load(tmp_path / "X.npy", mmap_mode="r")
    batches = nn.data.Batches(mapped, Y, batch_size=4, rng=0)
    assert batches.arrays[0] is mapped
    epochs = [list(batches), list(batches)]
    for epoch in epochs:
        assert sorted(np.concatenate([y for _, y in epoch])) == Y.tolist()
        for rows, y in epoch:
            assert type(rows) is np.ndarray
            np.testing.assert_array_equal(rows, X[y])
            assert (np.diff(y) > 0).all()
    in_memory = [y for _, y in nn.data.Batches(X, Y, batch_size=4, rng=0)]
    for (_, y), other in zip(epochs[0], in_memory, strict=True):
        assert set(y.tolist()) == set(other.tolist())


def test_an_epoch_over_a_large_file_takes_the_memory_of_batches(tmp_path):
    shape = 200_000, 100  # 160 MB, of which nothing is on the disk
    np.lib.format.open_memmap(tmp_path / "X.npy", "w+", np.float64, shape).flush()
    mapped = np.load(tmp_path / "X.npy", mmap_mode="r")
    tracemalloc.start()
    try:
        batches = nn.data.Batches(mapped, mapped[:, 0], batch_size=20_000, rng=0)
        rows = sum(len(x) for x, _ in batches)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert rows == shape[0]
    assert peak < mapped.nbytes / 3  # two batches of 16 MB, and an order of 1.6 MB


def test_batches_of_nothing_are_refused():
    with pytest.raises(ValueError, match="same number of rows, got shapes none"):
        nn.data.Batches()


# Files.


def test_npz(tmp_path):
    path = tmp_path / "data.npz"
    np.savez(path, X=X, y=Y, other=[1])
    (other,) = nn.data.load_npz(path, ["other"])
    assert other.tolist() == [1]
    np.testing.assert_array_equal(nn.data.load_npz(path)[0], X)
    with pytest.raises(ValueError, match=r"data\.npz has no a and no b; it has X, y, other"):
        nn.data.load_npz(path, ["a", "y", "b"])
    np.save(tmp_path / "one.npy", X)
    with pytest.raises(ValueError, match="holds one array; write it with np"):
        nn.data.load_npz(tmp_path / "one.npy")
    np.savez(path, X=np.array([{}]), y=[0])
    with pytest.raises(ValueError, match="allow_pickle=False"):
        nn.data.load_npz(path)


def test_csv(tmp_path):
    path = tmp_path / "data.csv"
    path.write_text("\ufeff1;2;0.5\n3;4;7\n", encoding="utf-8")
    features, y = nn.data.load_csv(path, 0, delimiter=";", dtype=np.float32)
    assert (features.tolist(), y.tolist()) == ([[2, 0.5], [4, 7]], [1, 3])
    assert features.dtype == y.dtype == np.float32
    with pytest.raises(ValueError, match=r"data\.csv: 0\.5 in row 1 is not of int64"):
        nn.data.load_csv(path, delimiter=";", target_dtype=np.int64)
    path.write_text("a,b\n1,x\n")
    with pytest.raises(ValueError, match="could not convert string 'x'"):
        nn.data.load_csv(path)


# Splits.


@given(
    counts=st.lists(st.integers(2, 40), min_size=1, max_size=6),
    fraction=st.floats(0.1, 0.5),
    seed=st.integers(0, 100),
)
def test_split_is_stratified_to_the_row(counts, fraction, seed):
    y = np.repeat(np.arange(len(counts)) * 3 - 4, counts)
    X = np.arange(len(y))
    if not 0 < round(fraction * len(y)) < len(y):
        return
    X_train, X_test, y_train, y_test = nn.train_test_split(X, y, fraction, rng=seed)
    assert sorted([*X_train, *X_test]) == X.tolist()
    assert len(X_test) == round(fraction * len(y))
    np.testing.assert_array_equal(y_train, y[X_train])
    np.testing.assert_array_equal(y_test, y[X_test])
    for label, count in zip(np.unique(y), counts, strict=True):
        held_out = np.count_nonzero(y_test == label)
        assert abs(held_out - fraction * count) <= 1 + 1e-9
        assert held_out < count


def test_split_of_classes_in_proportion():
    y = np.repeat([0, 1, 2], [100, 50, 10])
    _, _, y_train, y_test = nn.train_test_split(y, y, 0.2, rng=0)
    assert np.bincount(y_train).tolist() == [80, 40, 8]
    assert np.bincount(y_test).tolist() == [20, 10, 2]


def test_split_is_seeded_and_random():
    first, second, other = (nn.train_test_split(X, Y % 2, 0.4, rng=seed)[1] for seed in (0, 0, 1))
    np.testing.assert_array_equal(first, second)
    assert np.any(first != other)


def test_split_without_strata_takes_any_target():
    _, X_test, _, y_test = nn.train_test_split(X, X[:, 0] / 2, 0.3, stratify=False, rng=0)
    assert len(X_test) == 3
    np.testing.assert_array_equal(y_test, X_test[:, 0] / 2)


def test_the_only_row_of_a_class_is_trained_on():
    y = np.array([0] * 9 + [1])
    for seed in range(20):
        assert 1 in nn.train_test_split(y, y, 0.5, rng=seed)[2]


# One-hot labels and predictions.


def test_one_hot():
    np.testing.assert_array_equal(nn.one_hot([[2], [0]]), [[[0, 0, 1]], [[1, 0, 0]]])
    np.testing.assert_array_equal(nn.one_hot(np.uint8(1), 3), [0, 1, 0])
    assert nn.one_hot([1], 4, dtype=np.float32).dtype == np.float32
    assert nn.one_hot(np.zeros(0, int), 4).shape == (0, 4)


def test_one_hot_wants_integers():
    with pytest.raises(TypeError, match=r"integer labels, got float64; write labels.astype\(int\)"):
        nn.one_hot([0.0, 1.0])


def test_predict_is_argmax_and_records_nothing():
    model = nn.MLP([2, 5, 3], rng=0)
    expected = np.argmax(model(X).data, axis=1)
    np.testing.assert_array_equal(nn.predict(model, X), expected)
    np.testing.assert_array_equal(nn.predict(model, X, batch_size=3), expected)
    assert nn.predict(model, X[:0]).shape == (0,)


def test_predict_is_in_evaluation_mode_and_leaves_the_mode_as_it_was():
    seen = []

    class Watch(nn.Module):
        def forward(self, x):
            seen.append((self.training, (ag.Tensor(x) * 1.0).requires_grad))
            return x

    model = nn.Sequential(Watch())
    nn.predict(model, X)
    assert (seen, model.training, model[0].training) == ([(False, False)], True, True)
    model.eval()
    nn.predict(model, X)
    assert not model.training
