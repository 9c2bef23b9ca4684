"""fit: the numbers of a loop by hand, stopping, interruption, and resuming to the bit."""

import signal
import sys
import threading

import numpy as np
import pytest

import autograd as ag
import nn
from autograd.errors import NonFiniteError
from nn.training import gradient_norm, interrupt_noted

RNG = np.random.default_rng(0)
X = RNG.normal(size=(50, 3))
Y = (X @ [1.0, -2.0, 0.5] > 0).astype(int)
X_VAL = RNG.normal(size=(20, 3))
Y_VAL = (X_VAL @ [1.0, -2.0, 0.5] > 0).astype(int)


class Noise(nn.Module):
    """Dropout's behaviour: chance in training only, from a Generator of its own."""

    def __init__(self, rng):
        self.rng = np.random.default_rng(rng)

    def forward(self, x):
        return x * (self.rng.random(x.shape) > 0.3) if self.training else x


def network(rng=1):
    rng = np.random.default_rng(rng)
    return nn.Sequential(nn.Linear(3, 8, rng=rng), nn.tanh, Noise(rng), nn.Linear(8, 2, rng=rng))


def fit(model, optimizer, *, epochs, data=(X, Y), rng=0, **options):
    options = {"progress": False, "metrics": [nn.metrics.accuracy], "batch_size": 8} | options
    loss = options.pop("loss", nn.softmax_cross_entropy)
    return nn.fit(model, loss, optimizer, data, epochs=epochs, rng=rng, **options)


def weights(model):
    return np.concatenate([parameter.data.ravel() for parameter in model.parameters()])


def test_fit_is_the_loop_by_hand():
    by_hand, fitted = network(), network()
    optimizer, rng = nn.Adam(by_hand.parameters(), lr=0.01), np.random.default_rng(0)
    losses = []
    for _ in range(3):
        total = 0.0
        for inputs, target in nn.minibatches(X, Y, 8, rng=rng):
            loss = nn.softmax_cross_entropy(by_hand(inputs), target)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(inputs)
        losses.append(total / len(X))
    history = fit(fitted, nn.Adam(fitted.parameters(), lr=0.01), epochs=3)
    np.testing.assert_array_equal(weights(fitted), weights(by_hand))
    np.testing.assert_allclose(history["loss"], losses, rtol=1e-14)


def test_validation_is_in_evaluation_mode_and_of_all_rows_together():
    model = network()
    history = fit(
        model,
        nn.Adam(model.parameters()),
        epochs=2,
        validation=(X_VAL, Y_VAL),
        metrics={"right": nn.metrics.accuracy, "f": nn.metrics.f1},
    )
    assert list(history) == ["loss", "right", "f", "val_loss", "val_right", "val_f"]
    assert all(len(values) == history.epochs == 2 for values in history.values())
    model.eval()
    scores = model(X_VAL).data
    loss = float(nn.softmax_cross_entropy(scores, Y_VAL))
    assert history["val_loss"][-1] == pytest.approx(loss, rel=1e-14)
    assert history["val_f"][-1] == nn.metrics.f1(scores, Y_VAL)


def test_modes_are_as_they_were():
    model = network()
    model[2].eval()
    modes = []
    fit(model, nn.SGD(model.parameters()), epochs=1, callbacks=[lambda t: modes.append(t.epoch)])
    assert (modes, model.training, model[2].training) == ([1], True, False)


# Resuming.

OPTIMIZERS = {
    "sgd": lambda params: nn.SGD(params, lr=0.05, momentum=0.9),
    "adam": lambda params: nn.Adam(params, lr=0.01),
    "schedule": lambda params: nn.AdamW(params, lr=nn.optim.schedules.cosine(0.05, 35, warmup=3)),
}


def saved(*parts):
    """Return copies of states, as a file gives them back."""
    return [{name: np.array(value) for name, value in part.state_dict().items()} for part in parts]


def resumed(states, make, *, epochs, **options):
    model, history = network(rng=7), nn.History()
    optimizer = make(model.parameters())
    for part, state in zip((model, optimizer, history), states, strict=True):
        part.load_state_dict(state)
    return model, fit(model, optimizer, epochs=epochs, rng=99, history=history, **options)


@pytest.mark.parametrize("make", OPTIMIZERS.values(), ids=OPTIMIZERS)
@pytest.mark.parametrize("restore_best", [False, True])
def test_three_epochs_and_two_are_five_to_the_bit(make, restore_best):
    options = {"validation": (X_VAL, Y_VAL), "restore_best": restore_best}
    whole, part = network(), network()
    expected = fit(whole, make(whole.parameters()), epochs=5, **options)
    optimizer = make(part.parameters())
    history = fit(part, optimizer, epochs=3, **options)
    model, history = resumed(saved(part, optimizer, history), make, epochs=5, **options)
    assert dict(history) == dict(expected)
    np.testing.assert_array_equal(weights(model), weights(whole))


@pytest.mark.parametrize("step", [1, 6, 7, 8, 10, 14])
@pytest.mark.parametrize("shared", [False, True])
def test_interrupted_at_any_step_it_goes_on_to_the_bit(step, shared):
    make = OPTIMIZERS["adam"]

    def start(model):
        return model[2].rng if shared else 0

    def press(training):
        if training.epoch * 7 + training.batch == step:
            signal.raise_signal(signal.SIGINT)

    class Press:
        on_step = staticmethod(press)

    whole, part = network(), network()
    expected = fit(whole, make(whole.parameters()), epochs=3, rng=start(whole))
    optimizer = make(part.parameters())
    history = fit(part, optimizer, epochs=3, rng=start(part), callbacks=[Press()])
    assert history.interrupted
    assert history.epochs == (step - 1) // 7
    assert history.partial.keys() == {"loss", "accuracy"}
    states = saved(part, optimizer, history)
    model = network(rng=7)
    other = make(model.parameters())
    found = nn.History()
    for one, state in zip((model, other, found), states, strict=True):
        one.load_state_dict(state)
    found = fit(model, other, epochs=3, rng=start(model), history=found)
    assert dict(found) == dict(expected)
    assert not found.interrupted
    np.testing.assert_array_equal(weights(model), weights(whole))
    # The same without saving.
    history = fit(part, optimizer, epochs=3, rng=start(part), history=history)
    assert dict(history) == dict(expected)
    np.testing.assert_array_equal(weights(part), weights(whole))


def test_a_callback_can_save_a_training_that_is_under_way():
    make, states = OPTIMIZERS["sgd"], []

    class Save:
        def on_step(self, t):
            if (t.epoch, t.batch) == (1, 4):
                states.extend(saved(t.model, t.optimizer, t.history))

    whole = network()
    expected = fit(whole, make(whole.parameters()), epochs=3, callbacks=[Save()])
    model, history = resumed(states, make, epochs=3)
    assert dict(history) == dict(expected)
    np.testing.assert_array_equal(weights(model), weights(whole))


def test_batches_without_a_state_are_taken_up_where_they_were():
    batches = [(X[i : i + 10], Y[i : i + 10]) for i in range(0, 50, 10)]
    make = OPTIMIZERS["sgd"]

    class Press:
        def on_step(self, t):
            if (t.epoch, t.batch) == (1, 2):
                signal.raise_signal(signal.SIGINT)

    whole, part = network(), network()
    expected = fit(whole, make(whole.parameters()), epochs=3, data=batches)
    optimizer = make(part.parameters())
    history = fit(part, optimizer, epochs=3, data=batches, callbacks=[Press()])
    model, history = resumed(saved(part, optimizer, history), make, epochs=3, data=batches)
    assert dict(history) == dict(expected)
    np.testing.assert_array_equal(weights(model), weights(whole))


def test_a_history_of_another_training_is_refused_and_nothing_has_changed():
    model = network()
    history = fit(model, nn.SGD(model.parameters()), epochs=1)
    other = nn.MLP([3, 2], rng=0)
    before = weights(other)
    with pytest.raises(ValueError, match=r"(?s)another training.*those of \['2.rng'\].*metrics"):
        fit(other, nn.SGD(other.parameters()), epochs=2, history=history, metrics=())
    np.testing.assert_array_equal(weights(other), before)


# Stopping.


def losses_of(numbers, **options):
    """Return the history of a training whose validation loss is `numbers`, and the model."""
    model, given = nn.Linear(1, 1, rng=0), iter(numbers)
    history = nn.fit(
        model,
        lambda p, t: nn.mse(p, t) if p.requires_grad else np.float64(next(given)),
        nn.SGD(model.parameters(), lr=0.1),
        (np.ones((4, 1)), np.ones((4, 1))),
        epochs=len(numbers),
        validation=(np.ones((1, 1)), np.ones((1, 1))),
        progress=False,
        rng=0,
        **options,
    )
    return history, model


def test_patience_counts_epochs_that_are_not_better():
    numbers = [5.0, 4.0, 4.5, 3.9, 4.0, 3.95, 3.0, 1.0]
    history, _ = losses_of(numbers, patience=2)
    assert (history["val_loss"], history.best_epoch) == (numbers[:6], 3)
    history, _ = losses_of(numbers, patience=3)
    assert (history["val_loss"], history.best_epoch) == (numbers, 7)
    history, _ = losses_of(numbers, patience=3, min_delta=0.5)
    assert (history["val_loss"], history.best_epoch) == (numbers[:5], 1)
    history, _ = losses_of(numbers, patience=2, mode="max")
    assert (history["val_loss"], history.best_epoch) == (numbers[:3], 0)


def test_the_best_weights_are_those_after_the_best_epoch():
    _, after_two = losses_of([5.0, 4.0])
    history, model = losses_of([5.0, 4.0, 6.0, np.nan], restore_best=True)
    assert history.best_epoch == 1
    np.testing.assert_array_equal(weights(model), weights(after_two))
    _, last = losses_of([5.0, 4.0, 6.0, 6.0])
    assert np.any(weights(model) != weights(last))


def test_what_is_monitored_must_be_measured():
    with pytest.raises(ValueError, match="monitor is 'val_acc', but what is measured is loss, val"):
        losses_of([1.0], monitor="val_acc")


def test_a_callback_lowers_the_rate_on_a_plateau():
    model = network()
    optimizer = nn.SGD(model.parameters(), lr=1e-6)
    plateau = nn.optim.ReduceOnPlateau(optimizer, patience=1, threshold=0.5)
    rates = []
    callbacks = [
        lambda t: plateau.step(t.history["loss"][-1]),
        lambda t: rates.append(optimizer.lr),
    ]
    fit(model, optimizer, epochs=4, callbacks=callbacks)
    np.testing.assert_allclose(rates, [1e-6, 1e-6, 1e-7, 1e-7])


def test_a_callback_stops():
    model = network()

    def stop(training):
        training.stop = training.epoch == 2

    assert fit(model, nn.SGD(model.parameters()), epochs=9, callbacks=[stop]).epochs == 2


def test_callbacks_are_called_in_their_turn():
    seen = []

    class Watch:
        def on_start(self, t):
            seen.append("start")

        def on_step(self, t):
            seen.append(t.batch)

        def on_epoch(self, t):
            seen.append(f"epoch {t.epoch}")

        def on_end(self, t):
            seen.append("end")

    model = network()
    fit(model, nn.SGD(model.parameters()), epochs=2, batch_size=20, callbacks=[Watch()])
    assert seen == ["start", 1, 2, 3, "epoch 1", 1, 2, 3, "epoch 2", "end"]


# Gradients.


@pytest.mark.parametrize("rows", [48, 50])
def test_accumulated_gradients_are_those_of_one_large_batch(rows):
    large, small = nn.MLP([3, 4, 2], rng=0), nn.MLP([3, 4, 2], rng=0)
    data = X[:rows], Y[:rows]
    fit(large, nn.SGD(large.parameters(), lr=0.5), epochs=3, data=data, batch_size=16)
    fit(small, nn.SGD(small.parameters(), lr=0.5), epochs=3, data=data, batch_size=4, accumulate=4)
    np.testing.assert_allclose(weights(small), weights(large), rtol=1e-12)


def test_gradients_are_clipped_by_the_norm_of_all():
    seen = []

    class Norm:
        def on_step(self, t):
            seen.append(gradient_norm(t.optimizer.params))

    model = nn.MLP([3, 4, 2], dtype=np.float32, rng=0)
    optimizer = nn.SGD(model.parameters(), lr=0.5)
    data = X.astype(np.float32), Y
    fit(model, optimizer, epochs=1, data=data, clip_norm=0.1, callbacks=[Norm()])
    assert max(seen) == pytest.approx(0.1, rel=1e-6)
    assert {parameter.grad.dtype for parameter in model.parameters()} == {np.dtype(np.float32)}


def test_gradient_norm_leaves_out_what_has_no_gradient():
    assert gradient_norm([ag.Tensor([1.0])]) == 0


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_loss_that_is_not_finite_is_named_with_its_place(value):
    data = X.copy()
    data[20] = value
    batches = [(data[i : i + 10], Y[i : i + 10]) for i in range(0, 50, 10)]
    model = nn.Linear(3, 2, rng=0)
    history = nn.History()
    expected = "the loss became nan in epoch 1, batch 3; .*ag.detect_nan"
    with np.errstate(invalid="ignore"), pytest.raises(NonFiniteError, match=expected):
        fit(model, nn.SGD(model.parameters()), epochs=2, data=batches, history=history)
    assert np.isfinite(weights(model)).all()
    assert history.epochs == 0


# Data and containers.


def test_models_take_containers():
    class Two(nn.Module):
        def __init__(self):
            self.left, self.right = nn.Linear(3, 2, rng=0), nn.Linear(1, 2, rng=1)

        def forward(self, inputs):
            return {"scores": self.left(inputs["x"]) + self.right(inputs["z"])}

    model = Two()

    def loss(prediction, target):
        return nn.softmax_cross_entropy(prediction["scores"], target)

    def right(prediction, target):
        assert type(prediction["scores"]) is np.ndarray
        return nn.metrics.accuracy(prediction["scores"], target)

    data = {"x": X, "z": X[:, :1]}, Y
    optimizer = nn.Adam(model.parameters(), lr=0.1)
    history = fit(
        model, optimizer, epochs=5, data=data, loss=loss, metrics=[right], validation=data
    )
    assert history["val_right"][-1] > 0.9


def test_an_iterator_is_empty_in_the_second_epoch():
    model = network()
    with pytest.raises(ValueError, match=r"no batch in epoch 2: .*not an iterator"):
        fit(model, nn.SGD(model.parameters()), epochs=2, data=iter([(X, Y)]))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"data": (X, Y, Y)}, "arrays .inputs, target., got 3"),
        ({"epochs": 0}, "epochs must be at least 1, got 0"),
        ({"accumulate": 0}, "accumulate must be at least 1"),
        ({"metrics": [lambda p, t: 0.0]}, "metrics need names of their own"),
        ({"metrics": {"loss": nn.metrics.accuracy}}, '"loss" is the name of the loss'),
        ({"validation": []}, "nothing to evaluate: data has no batch"),
    ],
)
def test_what_cannot_be_is_said(options, message):
    model = network()
    with pytest.raises(ValueError, match=message):
        fit(model, nn.SGD(model.parameters()), **({"epochs": 1} | options))


# What is shown.


def test_progress_is_a_bar(capsys):
    model = network()
    fit(model, nn.SGD(model.parameters()), epochs=2, progress=True)
    err = capsys.readouterr().err
    assert "14/14" in err
    assert "loss 0." in err


def test_without_tqdm_it_is_a_line_for_each_epoch(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "tqdm", None)
    model = network()
    history = fit(model, nn.SGD(model.parameters()), epochs=2, progress=True)
    lines = capsys.readouterr().err.splitlines()
    assert [line.partition(":")[0] for line in lines] == ["epoch 1/2", "epoch 2/2"]
    assert f"loss {history['loss'][1]:.4f}, accuracy {history['accuracy'][1]:.4f}" in lines[1]


def test_progress_may_be_a_function():
    texts, model = [], network()
    fit(model, nn.SGD(model.parameters()), epochs=2, progress=texts.append)
    assert len(texts) == 14


def test_it_trains_in_another_thread():
    model, found = network(), []

    def work():
        found.append(fit(model, nn.SGD(model.parameters()), epochs=1))
        with interrupt_noted() as interrupted:
            found.append(interrupted())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert (found[0].epochs, found[1]) == (1, False)


# History.


def test_history_is_drawn(tmp_path):
    history = nn.History(loss=[2.0, 1.0, 0.5], accuracy=[0.1, 0.5, 0.6], val_loss=[2.0, 1.5, 1.0])
    figure = history.plot()
    assert [panel.get_title(loc="left") for panel in figure.axes] == ["loss", "accuracy"]
    first, second = (
        {line.get_label(): list(line.get_ydata()) for line in panel.lines} for panel in figure.axes
    )
    assert (first["training"], first["validation"]) == (history["loss"], history["val_loss"])
    assert list(second) == ["training"]
    figure.savefig(tmp_path / "history.png")


def test_history_without_matplotlib(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(ImportError, match="pip install matplotlib"):
        nn.History(loss=[1.0]).plot()


def test_a_state_that_is_not_of_a_history_changes_nothing():
    history = nn.History(loss=[1.0])
    state = history.state_dict()
    del state["seconds"]
    state |= {"weight": np.ones(2), "values.loss": np.ones(2), "values.a": np.ones(3)}
    expected = r'(?s)"seconds" is missing.*"weight" is not known.*different shapes: \(2,\), \(3,\)'
    with pytest.raises(ValueError, match=expected):
        history.load_state_dict(state)
    assert history == {"loss": [1.0]}


def test_history_goes_on_with_the_same_measures():
    with pytest.raises(ValueError, match="this history has loss, the new epoch loss, accuracy"):
        nn.History(loss=[1.0]).append({"loss": 1.0, "accuracy": 0.5})
