"""The estimators: what scikit-learn demands of them, and what it does not test."""

import pickle

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from nn.sklearn import MLPClassifier, MLPRegressor

pytestmark = pytest.mark.filterwarnings(
    "ignore::sklearn.exceptions.ConvergenceWarning",
    "ignore::sklearn.exceptions.SkipTestWarning",
)


@parametrize_with_checks(
    [
        MLPClassifier(max_iter=100),
        MLPRegressor(max_iter=100, learning_rate_init=0.01),
        MLPClassifier(max_iter=30, early_stopping=True, learning_rate_init=0.03, activation="tanh"),
    ]
)
def test_scikit_learns_own_checks(estimator, check):
    check(estimator)


X = np.random.default_rng(0).normal(size=(120, 4))
CLASSES = np.array(["a", "b", "c"])[np.argmax(X[:, :3], axis=1)]
NUMBERS = X @ [1.0, 2.0, -1.0, 0.0]


@pytest.mark.parametrize("solver", ["adam", "sgd"])
@pytest.mark.parametrize("activation", ["relu", "tanh", "logistic", "gelu", np.sin])
def test_they_learn(solver, activation):
    settings = {
        "solver": solver,
        "activation": activation,
        "learning_rate_init": 0.03,
        "batch_size": 20,
        "max_iter": 60,
        "random_state": 0,
    }
    assert MLPClassifier(16, **settings).fit(X, CLASSES).score(X, CLASSES) > 0.9
    assert MLPRegressor(16, **settings).fit(X, NUMBERS).score(X, NUMBERS) > 0.9


def test_a_linear_model_is_ridge_regression():
    from sklearn.linear_model import Ridge

    ridge = Ridge(alpha=5.0).fit(X, NUMBERS)
    model = MLPRegressor(
        (), alpha=5.0, solver="sgd", learning_rate_init=0.1, max_iter=2000, tol=0, random_state=0
    ).fit(X, NUMBERS)
    np.testing.assert_allclose(model.coefs_[0][:, 0], ridge.coef_, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(model.intercepts_[0], ridge.intercept_, rtol=1e-6, atol=1e-9)


def test_several_outputs():
    targets = np.stack([NUMBERS, -NUMBERS], axis=1)
    model = MLPRegressor(16, learning_rate_init=0.03, random_state=0).fit(X, targets)
    assert model.predict(X).shape == (120, 2)
    assert model.score(X, targets) > 0.9


def test_probabilities():
    model = MLPClassifier(8, max_iter=5, random_state=0).fit(X, CLASSES)
    probabilities = model.predict_proba(X)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    np.testing.assert_allclose(np.log(probabilities), model.predict_log_proba(X))


def test_early_stopping_keeps_the_best_weights():
    settings = {"early_stopping": True, "n_iter_no_change": 3, "learning_rate_init": 0.05}
    model = MLPClassifier(8, max_iter=200, random_state=0, **settings).fit(X, CLASSES)
    assert model.n_iter_ == len(model.validation_scores_) < 200
    assert model.n_iter_ - 1 - np.argmax(model.validation_scores_) >= 3
    with pytest.raises(ValueError, match="leaves one part empty: n_samples=4"):
        model.fit(X[:4], CLASSES[:4])


def test_partial_fit_goes_on_also_after_pickling():
    whole = MLPClassifier(8, random_state=0)
    part = MLPClassifier(8, random_state=0)
    for model in (whole, part):
        model.partial_fit(X, CLASSES, classes=["c", "b", "a"])
        model.partial_fit(X, CLASSES)
    again = pickle.loads(pickle.dumps(part))
    for model in (whole, again):
        model.partial_fit(X, CLASSES)
    np.testing.assert_array_equal(again.predict_proba(X), whole.predict_proba(X))
    assert again.n_iter_ == len(again.loss_curve_) == 3


def test_partial_fit_of_some_classes_first():
    model = MLPClassifier(8, random_state=0)
    some = CLASSES != "c"
    model.partial_fit(X[some], CLASSES[some], classes=["a", "b", "c"])
    assert model.partial_fit(X, CLASSES).predict_proba(X).shape == (120, 3)
    with pytest.raises(ValueError, match="are not those of before"):
        model.partial_fit(X, CLASSES, classes=["a", "b"])
    with pytest.raises(ValueError, match="needs classes"):
        MLPClassifier().partial_fit(X, CLASSES)


def test_warm_start_begins_with_the_weights_that_are_there():
    model = MLPRegressor(8, max_iter=20, warm_start=True, random_state=0).fit(X, NUMBERS)
    before = model.loss_
    assert model.fit(X, NUMBERS).loss_curve_[20] < before
    assert len(model.loss_curve_) == 40


def test_they_stand_in_pipelines_and_searches():
    pipeline = make_pipeline(StandardScaler(), MLPClassifier(8, max_iter=10, random_state=0))
    search = GridSearchCV(pipeline, {"mlpclassifier__learning_rate_init": [1e-5, 0.05]}, cv=2)
    search.fit(X, CLASSES)
    assert search.best_params_ == {"mlpclassifier__learning_rate_init": 0.05}


def test_what_is_not_known_is_said():
    with pytest.raises(ValueError, match="solver must be 'adam' or 'sgd', got 'lbfgs'"):
        MLPRegressor(solver="lbfgs").fit(X, NUMBERS)
    with pytest.raises(ValueError, match=r"activation must be one of identity, .* got 'step'"):
        MLPRegressor(activation="step").fit(X, NUMBERS)
    with pytest.raises(ValueError, match=r"hidden_layer_sizes must be at least 1, got \[4, 0\]"):
        MLPRegressor((4, 0)).fit(X, NUMBERS)
    with pytest.raises(NotFittedError):
        MLPRegressor().predict(X)


def test_too_few_epochs_are_a_warning():
    with pytest.warns(ConvergenceWarning, match="stopped at max_iter=2 epochs, before the loss"):
        MLPRegressor(4, max_iter=2).fit(X, NUMBERS)
