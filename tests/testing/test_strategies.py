"""What the strategies draw keeps its promise, and shrinks to what is short."""

import numpy as np
import pytest
from hypothesis import find, given
from hypothesis import strategies as hst

from autograd.testing import strategies as st
from autograd.testing.layouts import LAYOUTS

MATRICES = st.shapes(min_dims=2, min_side=1)
PROMISES = {
    "real": (st.real(-1, 2), lambda a: np.all((a >= -1) & (a <= 2))),
    "positive": (st.positive(), lambda a: np.all(a >= 0.25)),
    "unit": (st.unit(), lambda a: np.all((a > 0) & (a < 1))),
    "away_from_zero": (st.away_from_zero(), lambda a: np.all(np.abs(a) >= 0.25)),
    "complex_numbers": (st.complex_numbers(), lambda a: a.dtype == np.complex128),
    "distinct": (st.distinct(), lambda a: np.all(np.diff(np.sort(a, axis=None)) >= 0.25)),
    "with_ties": (st.with_ties(), lambda a: a.size < 2 or np.unique(a).size < a.size),
    "indices": (st.indices(3), lambda a: np.all((a >= -3) & (a < 3)) and a.dtype == np.int64),
}


@pytest.mark.parametrize("name", PROMISES)
@given(data=hst.data())
def test_domains_keep_their_promises(name, data):
    domain, promise = PROMISES[name]
    shape = data.draw(st.shapes())
    array = data.draw(domain(shape))
    assert array.shape == shape
    assert promise(array)


@given(data=hst.data())
def test_matrices_keep_their_promises(data):
    a, b = (data.draw(st.arrays(domain, MATRICES)) for domain in (st.invertible(), st.spd()))
    assert np.all(np.linalg.cond(a) < 100)
    np.testing.assert_array_equal(b, np.swapaxes(b, -1, -2))
    assert np.all(np.linalg.eigvalsh(b) > 0)


@pytest.mark.parametrize(
    ("domain", "wanted"),
    [
        (st.away_from_zero(), lambda a: np.any(a < 0)),
        (st.with_ties(), lambda a: np.unique(a).size > 1),
        (st.indices(3), lambda a: np.any(a < 0) and np.unique(a % 3).size < a.size),
        (st.real(), lambda a: np.any(a % 1)),
        (st.real(), lambda a: a.size == 0),
        (st.real(), lambda a: a.ndim == 0),
        (st.real(), lambda a: a.ndim == 3),
    ],
)
def test_what_should_be_drawn_is_drawn(domain, wanted):
    find(st.arrays(domain), wanted)


def test_examples_shrink_to_what_is_short():
    assert repr(find(st.arrays(), lambda a: a.size > 1 and np.max(a) > 0.5)) in (
        "array([0.      , 0.515625])",
        "array([0.515625, 0.      ])",
    )


@given(st.broadcastable_arrays(st.real(), st.positive(), st.complex_numbers()))
def test_broadcastable_arrays_broadcast(drawn):
    np.broadcast_shapes(*(a.shape for a in drawn))
    assert [a.dtype for a in drawn] == [np.float64, np.float64, np.complex128]


@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 3), (2, 0, 3)])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts_keep_elements(layout, shape):
    a = np.arange(np.prod(shape)).reshape(shape) + 0.5
    laid = LAYOUTS[layout](a)
    assert laid.shape == shape
    np.testing.assert_array_equal(laid, a[:1] + 0 * a if layout == "stride-0" and shape else a)


def test_layouts_are_what_they_are_called():
    a = np.arange(6.0).reshape(2, 3)
    laid = {name: layout(a) for name, layout in LAYOUTS.items()}
    assert laid["Fortran-ordered"].flags.f_contiguous
    assert laid["reversed"].strides == (-24, -8)
    assert laid["strided"].strides == (48, 16)
    assert not laid["unaligned"].flags.aligned
    assert laid["stride-0"].strides[0] == 0
    assert not laid["read-only"].flags.writeable
    assert not laid["byte-swapped"].dtype.isnative


@given(data=hst.data())
def test_arrays_are_laid_out_and_cast(data):
    array = data.draw(st.arrays(st.real(), (2, 3), np.float32, st.layouts()))
    assert array.shape == (2, 3)
    assert array.dtype.newbyteorder("=") == np.float32


def test_other_layouts_are_drawn():
    find(st.arrays(shapes=(2, 3), layouts=st.layouts()), lambda a: not a.flags.c_contiguous)


def test_containers_hold_leaves():
    found = find(st.containers(hst.just(1.5)), lambda c: isinstance(c, dict) and len(c) == 2)
    assert found == {"w": 1.5, "b": 1.5}
    assert find(st.containers(hst.just(1.5)), lambda c: isinstance(c, tuple)) == (1.5,)


@given(data=hst.data())
def test_axes_are_of_the_shape(data):
    shape = data.draw(st.shapes(min_dims=1))
    np.sum(np.zeros(shape), data.draw(st.axes(shape)))
    np.cumsum(np.zeros(shape), data.draw(st.axis(shape)))
    assert data.draw(st.axes(())) in (None, ())


@pytest.mark.parametrize(
    ("call", "text"),
    [(lambda: st.indices(0), "length 0 has no indices"), (lambda: st.axis(()), "has no axes")],
)
def test_what_cannot_be_drawn_is_named(call, text):
    with pytest.raises(ValueError, match=text):
        call()
