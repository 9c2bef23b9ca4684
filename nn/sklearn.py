"""Multilayer perceptrons as scikit-learn's estimators, for its pipelines and searches.

Names and meanings of parameters are those of `sklearn.neural_network`; scikit-learn is the extra
``graphgrad[sklearn]``.
"""

import warnings
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

import autograd as ag
import nn
from nn.optim import Optimizer

try:
    from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.utils import check_random_state, column_or_1d
    from sklearn.utils.multiclass import check_classification_targets
    from sklearn.utils.validation import check_is_fitted, validate_data
except ImportError as error:
    raise ImportError(
        "nn.sklearn needs scikit-learn 1.6 or newer: pip install 'graphgrad[sklearn]'"
    ) from error

__all__ = ["MLPClassifier", "MLPRegressor"]

ACTIVATIONS = {
    "identity": lambda x: x,
    "logistic": nn.sigmoid,
    "tanh": nn.tanh,
    "relu": nn.relu,
}
"""Those of scikit-learn; other names are functions of `nn`."""


class _MLP(BaseEstimator):  # type: ignore[misc]
    """What both estimators have in common: parameters, training, predictions."""

    _optimizer_state: dict[str, NDArray[Any]]  # after unpickling

    def __init__(
        self,
        hidden_layer_sizes: Any = (100,),
        activation: Any = "relu",
        *,
        solver: str = "adam",
        alpha: float = 0.0001,
        batch_size: Any = "auto",
        learning_rate_init: float = 0.001,
        max_iter: int = 200,
        shuffle: bool = True,
        random_state: Any = None,
        tol: float = 1e-4,
        verbose: bool = False,
        warm_start: bool = False,
        momentum: float = 0.9,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        n_iter_no_change: int = 10,
    ) -> None:
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.solver = solver
        self.alpha = alpha
        self.batch_size = batch_size
        self.learning_rate_init = learning_rate_init
        self.max_iter = max_iter
        self.shuffle = shuffle
        self.random_state = random_state
        self.tol = tol
        self.verbose = verbose
        self.warm_start = warm_start
        self.momentum = momentum
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.n_iter_no_change = n_iter_no_change

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Train on all rows, until the loss (or the validation score) stops getting better.

        Parameters
        ----------
        X : array_like, shape (N, features)
        y : array_like, shape (N,), or of a regressor (N, outputs)

        Returns
        -------
        The estimator.
        """
        warm = self.warm_start and hasattr(self, "model_")
        rows, target = self._checked(X, y, first=not warm)
        if not warm:
            self._start(rows, target)
        self._optimizer = self._new_optimizer()
        history = self._train(rows, target, self.max_iter)
        self.n_iter_ = history.epochs
        stopped = history.epochs < self.max_iter or history.interrupted
        if not stopped and self.max_iter > 1:
            warnings.warn(
                f"training stopped at max_iter={self.max_iter} epochs, before the "
                f"{'score' if self.early_stopping else 'loss'} stopped getting better",
                ConvergenceWarning,
                stacklevel=2,
            )
        return self

    def _partial_fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Train one epoch on these rows, from where the last call ended."""
        first = not hasattr(self, "model_")
        rows, target = self._checked(X, y, first=first)
        if first:
            self._start(rows, target)
        if not hasattr(self, "_optimizer"):
            self._optimizer = self._new_optimizer()
            if hasattr(self, "_optimizer_state"):
                self._optimizer.load_state_dict(self._optimizer_state)
        self._train(rows, target, 1, whole=True)
        self.n_iter_ = getattr(self, "n_iter_", 0) + 1
        return self

    def _start(self, rows: NDArray[Any], target: NDArray[Any]) -> None:
        """Make the network, with its first weights."""
        self._rng = np.random.default_rng(check_random_state(self.random_state).randint(2**31 - 1))
        hidden = np.atleast_1d(np.array(self.hidden_layer_sizes, int)).tolist()
        if min(hidden, default=1) < 1:
            raise ValueError(f"hidden_layer_sizes must be at least 1, got {hidden}")
        sizes = [rows.shape[1], *hidden, self._outputs(target)]
        self.model_ = nn.MLP(sizes, self._activation(), dtype=rows.dtype, rng=self._rng)
        self.loss_curve_: list[float] = []
        self.n_iter_ = 0

    def _activation(self) -> Any:
        """Return the function between the layers."""
        if callable(self.activation):
            return self.activation
        found = ACTIVATIONS.get(self.activation) or getattr(nn.functional, self.activation, None)
        if found is None:
            raise ValueError(
                f"activation must be one of {', '.join(ACTIVATIONS)}, a function of nn, or a "
                f"function, got {self.activation!r}"
            )
        return found

    def _new_optimizer(self) -> Optimizer:
        """Return the optimizer that `solver` names."""
        parameters = self.model_.parameters()
        if self.solver == "adam":
            return nn.Adam(parameters, self.learning_rate_init)
        if self.solver == "sgd":
            return nn.SGD(
                parameters, self.learning_rate_init, self.momentum, nesterov=self.momentum > 0
            )
        raise ValueError(f"solver must be 'adam' or 'sgd', got {self.solver!r}")

    def _train(
        self, rows: NDArray[Any], target: NDArray[Any], epochs: int, *, whole: bool = False
    ) -> nn.History:
        """Train some epochs; of all rows, or with some held out to stop early by."""
        validation, patience = None, None if whole else self.n_iter_no_change
        if self.early_stopping and not whole:
            if not 0 < round(len(rows) * self.validation_fraction) < len(rows):
                raise ValueError(
                    f"early_stopping with validation_fraction={self.validation_fraction} leaves "
                    f"one part empty: n_samples={len(rows)}"
                )
            rows, held_out, target, true = self._held_out(rows, target)
            validation = held_out, true
        size = min(200, len(rows)) if self.batch_size == "auto" else self.batch_size
        history = nn.fit(
            self.model_,
            self._penalised,
            self._optimizer,
            nn.data.Batches(rows, target, batch_size=size, shuffle=self.shuffle, rng=self._rng),
            epochs=epochs,
            validation=validation,
            metrics={"score": self._score} if validation else {},
            monitor="val_score" if validation else "loss",
            mode="max" if validation else "min",
            patience=patience,
            min_delta=self.tol,
            restore_best=validation is not None,
            progress=bool(self.verbose),
        )
        self.loss_curve_ += history["loss"]
        self.loss_ = self.loss_curve_[-1]
        if validation:
            self.validation_scores_ = history["val_score"]
        return history

    def _penalised(self, prediction: Any, target: Any) -> Any:
        """Return the loss of a batch, with the L2 penalty of scikit-learn."""
        weights = [layer.weight for layer in self.model_ if isinstance(layer, nn.Linear)]
        loss = self._loss(prediction, target)
        if not self.alpha:
            return loss
        return loss + self.alpha / (2 * len(target)) * sum((w * w).sum() for w in weights)

    def _output(self, X: Any) -> NDArray[Any]:
        """Return what the network says of checked rows."""
        check_is_fitted(self)
        rows: Any = validate_data(self, X, dtype=(np.float64, np.float32), reset=False)
        model = self.model_
        with ag.no_grad():
            output: NDArray[Any] = model(rows.astype(model[0].weight.dtype, copy=False)).data
        return output

    @property
    def coefs_(self) -> list[NDArray[Any]]:
        """The weights of each layer, shape (inputs, outputs)."""
        return [layer.weight.data for layer in self.model_ if isinstance(layer, nn.Linear)]

    @property
    def intercepts_(self) -> list[NDArray[Any]]:
        """The biases of each layer."""
        layers = (layer for layer in self.model_ if isinstance(layer, nn.Linear))
        return [layer.bias.data for layer in layers if layer.bias is not None]

    def __getstate__(self) -> dict[str, Any]:
        state: Any = super().__getstate__()
        optimizer = state.pop("_optimizer", None)  # it refers to arrays weakly
        if optimizer is not None:
            state["_optimizer_state"] = optimizer.state_dict()
        return dict(state)

    # What a classifier and a regressor do each in its way.

    def _checked(self, X: Any, y: Any, *, first: bool) -> tuple[NDArray[Any], NDArray[Any]]:
        raise NotImplementedError

    def _outputs(self, target: NDArray[Any]) -> int:
        raise NotImplementedError

    def _held_out(self, rows: NDArray[Any], target: NDArray[Any]) -> tuple[NDArray[Any], ...]:
        raise NotImplementedError

    def _loss(self, prediction: Any, target: Any) -> Any:
        raise NotImplementedError

    def _score(self, prediction: Any, target: Any) -> float:
        raise NotImplementedError


class MLPClassifier(ClassifierMixin, _MLP):  # type: ignore[misc]
    """A network that tells classes apart, by softmax and cross-entropy.

    Parameters
    ----------
    hidden_layer_sizes : int or sequence of int
        Number of neurons in each hidden layer.
    activation : str or callable
        "relu", "tanh", "logistic", "identity", the name of another function of `nn`, or a function.
    solver : {"adam", "sgd"}
    alpha : float
        Strength of the L2 penalty of the weights.
    batch_size : int or "auto"
        Rows in a step; "auto" is 200, or all if there are fewer.
    learning_rate_init : float
    max_iter : int
        Number of epochs, at most.
    shuffle : bool
        Take the rows in another order in each epoch.
    random_state : int, RandomState or None
        Where first weights and order come from.
    tol : float
        By how much loss or score must get better, to count.
    verbose : bool
        Show the progress.
    warm_start : bool
        Begin `fit` with the weights that are there.
    momentum : float
        Of "sgd".
    early_stopping : bool
        Hold rows out, stop by the score on them, and keep the best weights.
    validation_fraction : float
        How many rows to hold out.
    n_iter_no_change : int
        Stop after so many epochs that were not better.

    Attributes
    ----------
    classes_ : ndarray, shape (C,)
    model_ : nn.MLP
    coefs_, intercepts_ : list of ndarray
    loss_curve_ : list of float
    n_iter_, n_features_in_ : int

    Examples
    --------
    >>> X, y = np.array([[0.0], [1.0], [2.0], [3.0]] * 5), np.array(["no", "no", "yes", "yes"] * 5)
    >>> model = MLPClassifier(8, learning_rate_init=0.1, tol=1e-2, random_state=0).fit(X, y)
    >>> model.predict([[-1.0], [4.0]])
    array(['no', 'yes'], dtype='<U3')
    """

    def partial_fit(self, X: ArrayLike, y: ArrayLike, classes: ArrayLike | None = None) -> Self:
        """Train one epoch on these rows; `classes` are all there will be, in the first call."""
        if not hasattr(self, "model_"):
            if classes is None:
                raise ValueError("the first call of partial_fit needs classes, all there will be")
            self.classes_ = np.unique(np.asarray(classes))
        elif classes is not None and not np.array_equal(np.unique(classes), self.classes_):
            raise ValueError(f"classes={classes} are not those of before, {self.classes_}")
        self._fixed_classes = True
        try:
            return self._partial_fit(X, y)
        finally:
            del self._fixed_classes

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return the most probable class of each row."""
        scores = self._output(X)
        found: NDArray[Any] = self.classes_[np.argmax(scores, axis=1)]
        return found

    def predict_proba(self, X: ArrayLike) -> NDArray[Any]:
        """Return the probability of each class, shape (N, C)."""
        return np.asarray(nn.softmax(self._output(X)))

    def predict_log_proba(self, X: ArrayLike) -> NDArray[Any]:
        """Return the logarithm of the probability of each class, shape (N, C)."""
        return np.asarray(nn.log_softmax(self._output(X)))

    def _checked(self, X: Any, y: Any, *, first: bool) -> tuple[NDArray[Any], NDArray[Any]]:
        X, y = validate_data(self, X, y, dtype=(np.float64, np.float32), reset=first)
        check_classification_targets(y)
        y = column_or_1d(y, warn=True)
        if first and not hasattr(self, "_fixed_classes"):
            self.classes_ = np.unique(y)
        if strange := set(np.unique(y).tolist()) - set(self.classes_.tolist()):
            raise ValueError(f"classes {sorted(strange)} in y are not among {self.classes_}")
        return X, np.searchsorted(self.classes_, y)

    def _outputs(self, target: NDArray[Any]) -> int:  # noqa: ARG002 - the regressor's has use for it
        return len(self.classes_)

    def _held_out(self, rows: NDArray[Any], target: NDArray[Any]) -> tuple[NDArray[Any], ...]:
        return nn.train_test_split(rows, target, self.validation_fraction, rng=self._rng)

    def _loss(self, prediction: Any, target: Any) -> Any:
        return nn.softmax_cross_entropy(prediction, target)

    def _score(self, prediction: Any, target: Any) -> float:
        return nn.metrics.accuracy(prediction, target)


class MLPRegressor(RegressorMixin, _MLP):  # type: ignore[misc]
    """A network that predicts numbers, by the squared error.

    Parameters
    ----------
    hidden_layer_sizes, activation, solver, alpha, batch_size, learning_rate_init, max_iter, \
shuffle, random_state, tol, verbose, warm_start, momentum, early_stopping, validation_fraction, \
n_iter_no_change
        As those of `MLPClassifier`; the score is R².

    Attributes
    ----------
    model_ : nn.MLP
    coefs_, intercepts_ : list of ndarray
    loss_curve_ : list of float
    n_iter_, n_features_in_ : int

    Examples
    --------
    >>> X = np.linspace(-1, 1, 40)[:, np.newaxis]
    >>> model = MLPRegressor(16, activation="tanh", learning_rate_init=0.05, random_state=0)
    >>> model.fit(X, X[:, 0] ** 2).score(X, X[:, 0] ** 2) > 0.9
    True
    """

    def partial_fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Train one epoch on these rows."""
        return self._partial_fit(X, y)

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return the prediction for each row."""
        output = self._output(X)
        return output[:, 0] if self._flat else output

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags

    def _checked(self, X: Any, y: Any, *, first: bool) -> tuple[NDArray[Any], NDArray[Any]]:
        X, y = validate_data(
            self,
            X,
            y,
            dtype=(np.float64, np.float32),
            multi_output=True,
            y_numeric=True,
            reset=first,
        )
        self._flat = y.ndim == 1
        return X, y.reshape(len(y), -1).astype(X.dtype, copy=False)

    def _outputs(self, target: NDArray[Any]) -> int:
        return int(target.shape[1])

    def _held_out(self, rows: NDArray[Any], target: NDArray[Any]) -> tuple[NDArray[Any], ...]:
        return nn.train_test_split(
            rows, target, self.validation_fraction, stratify=False, rng=self._rng
        )

    def _loss(self, prediction: Any, target: Any) -> Any:
        return nn.mse(prediction, target) / 2

    def _score(self, prediction: Any, target: Any) -> float:
        return nn.metrics.r2(prediction, target)
