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
