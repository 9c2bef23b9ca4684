"""Every function that this NumPy lets be overridden is differentiated, constant, or refused."""

import numpy as np
import pytest

import autograd as ag
from autograd import dispatch
from autograd.errors import NotDifferentiableError
from docs import support

dispatch.state_all()
FUNCTIONS = support.functions()
REFUSED = sorted(FUNCTIONS.keys() & dispatch.REFUSED.keys())


def test_no_function_is_unaccounted_for():
    missing = [name for name, f in sorted(FUNCTIONS.items()) if support.kind_of(name, f) is None]
    assert not missing, "state them, or refuse them in autograd/ops/refused.py with a reason"


def test_no_function_is_stated_and_refused():
    for name, function in FUNCTIONS.items():
        assert (function in dispatch.KINDS) + (name in dispatch.REFUSED) <= 1, name


def test_a_function_in_two_classes_is_reported(monkeypatch):
    monkeypatch.setitem(dispatch.REFUSED, "np.sin", "we say so")
    with pytest.raises(ValueError, match=r"np\.sin is both stated and refused"):
        support.kind_of("np.sin", np.sin)


def test_what_is_stated_is_what_is_called():
    assert dispatch.KINDS.keys() == dispatch.TABLE.keys()


@pytest.mark.parametrize("name", REFUSED)
def test_refusals_tell_why(name):
    with pytest.raises(NotDifferentiableError) as caught:
        dispatch.call_function(FUNCTIONS[name], (ag.Tensor(1.0),), {})
    assert str(caught.value).startswith(f"{name} of a Tensor has no derivative here: ")
    assert dispatch.REFUSED[name] in str(caught.value)


def test_the_page_is_what_the_table_says():
    text = support.PAGE.read_text(encoding="utf-8")
    version = ".".join(np.__version__.split(".")[:2])
    if f"NumPy {version} " not in text:
        pytest.skip("the page was made with another version of NumPy")
    assert text == support.page(), "make it again: python docs/support.py"


def test_the_page_names_each_function_once():
    page = support.page()
    tables = page[: page.index("## Methods")]
    for name in FUNCTIONS:
        assert tables.count(f"`{name}`") == 1, name
