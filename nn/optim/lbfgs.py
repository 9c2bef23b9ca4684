"""L-BFGS: SciPy's, over a closure."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import Tensor
from nn.optim.optimizer import Optimizer, Setting
from nn.optim.transformations import chain, not_negative
from nn.values import plain


class LBFGS(Optimizer):
    """Limited-memory BFGS with line search, by ``scipy.optimize.minimize(method="L-BFGS-B")``.

    For whole data sets, where the loss has no noise: each `step` minimises from where the
    parameters are, and takes as many evaluations as it is allowed. What it learns about curvature
    is forgotten between steps. Needs SciPy: ``pip install graphgrad[scipy]``.

    Parameters
    ----------
    params : iterable of Tensor
        One group.
    max_iter : int
        Iterations in a step.
    max_eval : int, optional
        Evaluations of the closure in a step, about; 1.25 max_iter unless given.
    tolerance_grad : float
        It ends where no element of the gradient is larger,
    tolerance_change : float
        or the loss changes by less, relative to it or to one, whichever is larger.
    history_size : int
        How many earlier steps it remembers.

    Raises
    ------
    ValueError
        If a number is out of its range, or there are several groups.

    Examples
    --------
    >>> x = Tensor([3.0, -1.0])
    >>> optimizer = LBFGS([x])
    >>> def closure():
    ...     optimizer.zero_grad()
    ...     loss = np.sum((x - np.array([1.0, 2.0])) ** 4)
    ...     loss.backward()
    ...     return loss
    >>> first = optimizer.step(closure)
    >>> first
    Tensor(97.)
    >>> bool(closure().item() < 1e-6)
    True
    """

    max_iter, max_eval = Setting(), Setting()
    tolerance_grad, tolerance_change, history_size = Setting(), Setting(), Setting()

    def __init__(
        self,
        params: Iterable[Tensor],
        max_iter: int = 20,
        max_eval: int | None = None,
        tolerance_grad: float = 1e-7,
        tolerance_change: float = 1e-9,
        history_size: int = 100,
    ) -> None:
        max_eval = max_iter * 5 // 4 if max_eval is None else max_eval
        _check_counts(max_iter=max_iter, max_eval=max_eval, history_size=history_size)
        super().__init__(
            params,
            lambda **settings: chain(),  # noqa: ARG005 - SciPy does what they say
            max_iter=max_iter,
            max_eval=max_eval,
            tolerance_grad=not_negative("tolerance_grad", tolerance_grad),
            tolerance_change=not_negative("tolerance_change", tolerance_change),
            history_size=history_size,
        )
        if len(self.param_groups) > 1:
            raise ValueError(f"LBFGS takes one group, got {len(self.param_groups)}")

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Minimise what `closure` computes.

        Parameters
        ----------
        closure : callable
            Forgets the gradients, computes the loss, calls its ``backward`` and returns it.

        Returns
        -------
        The loss that it returned first, at the parameters before the step.

        Raises
        ------
        TypeError
            If there is no closure.
        ValueError
            If it left no gradients.
        ImportError
            If SciPy is not installed.
        """
        if closure is None:
            raise TypeError("LBFGS evaluates the loss several times a step: step(closure)")
        try:
            from scipy.optimize import minimize
        except ImportError as error:
            raise ImportError("LBFGS needs SciPy: pip install graphgrad[scipy]") from error
        first = closure()
        trained = [x for x in self.params if x.requires_grad and x.grad is not None]
        if not trained:
            raise ValueError("the closure left no gradients: call the loss's backward() in it")
        losses = [first]

        def evaluate(vector: NDArray[Any]) -> tuple[float, NDArray[Any]]:
            self._set(trained, vector)
            loss = losses.pop() if losses else closure()
            value = loss.item() if isinstance(loss, Tensor) else float(loss)
            return value, _joined([x.grad for x in trained])

        start = _joined([x.data for x in trained])
        found = minimize(evaluate, start, jac=True, method="L-BFGS-B", options=self._options())
        self._set(trained, found.x)
        self.steps += 1
        return first

    def _options(self) -> dict[str, Any]:
        """Return the settings by SciPy's names."""
        settings = self.param_groups[0]
        return {
            "maxiter": settings["max_iter"],
            "maxfun": settings["max_eval"],
            "gtol": settings["tolerance_grad"],
            "ftol": settings["tolerance_change"],
            "maxcor": settings["history_size"],
        }

    @staticmethod
    def _set(params: list[Tensor], vector: NDArray[Any]) -> None:
        """Set the parameters to the parts of a vector."""
        ends = np.cumsum([x.size for x in params])
        for x, part in zip(params, np.split(vector, ends[:-1]), strict=True):
            x.data = part.reshape(x.shape).astype(x.dtype)


def _check_counts(**counts: int) -> None:
    """Refuse numbers of less than one."""
    for name, count in counts.items():
        if count < 1:
            raise ValueError(f"{name} must be at least 1, got {count}")


def _joined(arrays: list[Any]) -> NDArray[Any]:
    """Return all elements as one vector of doubles."""
    return np.concatenate([np.ravel(plain(array)).astype(np.float64) for array in arrays])
