"""The pytest plugin: fixture and marker ``gradcheck``, options for order and number of examples."""

import functools
from collections.abc import Callable
from typing import Any

import pytest

from autograd.testing.gradients import Report, check_grads


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("gradcheck", "checks of derivatives (graphgrad)")
    group.addoption(
        "--gradcheck-order",
        type=int,
        default=2,
        metavar="N",
        help="up to which derivative to check (default: 2)",
    )
    group.addoption(
        "--gradcheck-examples",
        type=int,
        default=None,
        metavar="N",
        help="how many points a gradcheck_property tries (default: what hypothesis' profile says)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker; hand the options on."""
    config.addinivalue_line(
        "markers",
        "gradcheck(order=2, modes=('rev', 'fwd'), rtol=1e-8): a check of derivatives; what is "
        "given here are the defaults of the fixture `gradcheck`.",
    )
    try:
        from autograd.testing import properties
    except ImportError:  # without hypothesis there are no properties
        return
    properties.DEFAULTS["order"] = config.getoption("--gradcheck-order")
    properties.DEFAULTS["examples"] = config.getoption("--gradcheck-examples")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what checks derivatives, so that ``-m gradcheck`` selects it."""
    for item in items:
        is_property = getattr(getattr(item, "function", None), "is_gradcheck", False)
        if is_property or "gradcheck" in getattr(item, "fixturenames", ()):
            item.add_marker("gradcheck")


@pytest.fixture
def gradcheck(request: pytest.FixtureRequest) -> Callable[..., Report]:
    """Return `autograd.testing.check_grads`, with the order of the command line."""
    options: dict[str, Any] = {"order": request.config.getoption("--gradcheck-order")}
    for marker in reversed(list(request.node.iter_markers("gradcheck"))):
        options |= marker.kwargs
    return functools.partial(check_grads, **options)
