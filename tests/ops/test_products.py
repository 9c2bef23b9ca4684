"""What the rows of products do not say: planes, numbers and lists, conjugates, refusals."""

import numpy as np
import pytest

import autograd as ag
from autograd.errors import KeywordError

PRODUCTS = [np.dot, np.inner, np.kron, np.outer, np.multiply]


def pair(*shapes, seed=0):
    rng = np.random.default_rng(seed)
    return [rng.standard_normal(shape) for shape in shapes]


@pytest.mark.filterwarnings("ignore:Arrays of 2-dimensional vectors")
@pytest.mark.parametrize(("left", "right"), [(2, 2), (2, 3), (3, 2)])
@pytest.mark.parametrize("batch", [(), (4,), (1, 4)])
def test_cross_products_of_vectors_in_the_plane(left, right, batch):
    """A vector in the plane is one in space whose third component is zero."""
    a, b = pair((*batch, left), (4, right))
    cut = (Ellipsis, 2) if left == right == 2 else Ellipsis
    (w,) = pair(np.shape(np.cross(a, b)))
    grown = lambda x: np.concatenate([x, np.zeros((*x.shape[:-1], 3 - x.shape[-1]))], axis=-1)
    found = ag.grad(lambda a, b: np.sum(w * np.cross(a, b)), (0, 1))(a, b)
    expected = ag.grad(lambda a, b: np.sum(w * np.cross(grown(a), grown(b))[cut]), (0, 1))(a, b)
    for f, e in zip(found, expected, strict=True):
        np.testing.assert_allclose(f, e)


@pytest.mark.filterwarnings("ignore:Arrays of 2-dimensional vectors")
def test_cross_products_in_the_plane_with_axes():
    a, b = pair((2, 4), (5, 4, 2))
    (w,) = pair((5, 4))
    ga, gb = ag.grad(lambda a, b: np.sum(w * np.cross(a, b, axisa=0)), (0, 1))(a, b)
    np.testing.assert_allclose(ga, [(w * b[..., 1]).sum(0), -(w * b[..., 0]).sum(0)])
    np.testing.assert_allclose(gb, np.stack([-w * a[1], w * a[0]], axis=-1))
    v = np.ones_like(a)
    tangent = ag.jvp(lambda a: np.cross(a, b, axisa=0), (a,), (v,))[1]
    np.testing.assert_allclose(tangent, np.cross(v, b, axisa=0))


@pytest.mark.parametrize("function", PRODUCTS)
@pytest.mark.parametrize("number", [3, 3.0, np.float64(3.0)])
def test_products_with_a_number(function, number):
    x = np.array([1.0, 2.0])
    for f in (lambda x: function(number, x), lambda x: function(x, number)):
        np.testing.assert_allclose(ag.grad(lambda x, f=f: np.sum(f(x)))(x), [3, 3])


@pytest.mark.parametrize("function", [np.dot, np.inner, np.vdot, np.matmul, np.vecdot])
def test_products_with_a_list(function):
    x = np.array([1.0, 2.0])
    np.testing.assert_allclose(ag.grad(lambda x: function(x, [5, 7]))(x), [5, 7])
    np.testing.assert_allclose(ag.grad(lambda x: function([x[1], x[0]], x))(x), [4, 2])


def test_the_first_argument_is_conjugated():
    """|z|² is vdot(z, z), and its gradient 2 conj(z); where nothing is conjugated it is 2z."""
    z = np.array([1 + 2j, 3 - 1j])
    for function in (np.vdot, np.vecdot):
        found = ag.grad(lambda z, f=function: np.real(f(z, z)))(z)
        np.testing.assert_allclose(found, 2 * np.conj(z))
    for function in (np.dot, np.inner, np.matmul):
        np.testing.assert_allclose(ag.grad(lambda z, f=function: np.real(f(z, z)))(z), 2 * z)


def test_a_real_argument_gets_the_real_part():
    x, z = np.array([1.0, 2.0]), np.array([1 + 2j, 3 - 1j])
    for function in (np.vdot, np.dot, np.inner, np.outer, np.kron):
        found = ag.grad(lambda x, f=function: np.sum(np.real(f(x, z))))(x)
        expected = np.real(z) if function in (np.vdot, np.dot, np.inner) else [4, 4]
        np.testing.assert_allclose(found, expected)


@pytest.mark.parametrize("axes", [0, 1, 2, ([1, 2], [0, 1]), (np.array([-1]), [1]), (2, -2)])
def test_tensordot_is_what_einsum_says(axes):
    a, b = pair((3, 4, 4), (4, 4, 2))
    if isinstance(axes, int):
        left, right = list(range(3 - axes, 3)), list(range(axes))
    else:
        left, right = ([int(i) % 3 for i in np.atleast_1d(side)] for side in axes)
    a_names, b_names = list("abc"), list("def")
    for i, j in zip(left, right, strict=True):
        b_names[j] = a_names[i]
    out = [n for n in a_names if n not in b_names] + [n for n in b_names if n not in a_names]
    (w,) = pair(np.tensordot(a, b, axes).shape)
    ga, gb = ag.grad(lambda a, b: np.sum(w * np.tensordot(a, b, axes)), (0, 1))(a, b)
    names = ["".join(n) for n in (out, a_names, b_names)]
    np.testing.assert_allclose(ga, np.einsum(f"{names[0]},{names[2]}->{names[1]}", w, b))
    np.testing.assert_allclose(gb, np.einsum(f"{names[0]},{names[1]}->{names[2]}", w, a))


@pytest.mark.parametrize("function", [np.dot, np.outer])
def test_nothing_is_written_into(function):
    x = ag.Tensor([1.0, 2.0])
    with pytest.raises(KeywordError, match=f"np.{function.__name__} .*out="):
        function(x, x, out=np.zeros(()))
    with pytest.raises(KeywordError, match="out="):
        function(x, x, np.zeros(()))


@pytest.mark.parametrize("keyword", [{"axis": 0}, {"keepdims": True}, {"axes": [0, 0, ()]}])
def test_generalised_ufuncs_take_no_keywords(keyword):
    x = ag.Tensor([1.0, 2.0])
    with pytest.raises(KeywordError, match=f"np.vecdot .*{next(iter(keyword))}="):
        np.vecdot(x, x, **keyword)


@pytest.mark.parametrize(
    ("function", "shapes"),
    [(np.dot, ((2, 3), (2, 3))), (np.tensordot, ((2, 3), (2, 3))), (np.inner, ((2,), (3,)))],
)
def test_shapes_that_do_not_fit_raise_numpys_error(function, shapes):
    a, b = pair(*shapes)
    if function is np.tensordot:
        a = a.T
    with pytest.raises(ValueError, match=r"align|mismatch"):
        function(ag.Tensor(a), b)


def test_axes_may_be_numpys_integers():
    a, b = pair((2, 3), (3, 2))
    expected = ag.grad(lambda a: np.sum(np.tensordot(a, b, 1)))(a)
    for axes in (np.int64(1), (np.int64(1), np.int64(0))):
        found = ag.grad(lambda a, axes=axes: np.sum(np.tensordot(a, b, axes)))(a)
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(
    ("function", "shapes", "defaults"),
    [
        (np.tensordot, ((2, 3, 4), (3, 4, 5)), {"axes": 2}),
        (np.cross, ((4, 3), (4, 3)), {"axisa": -1, "axisb": -1, "axisc": -1}),
        (np.cross, ((3, 4, 3), (3, 4, 3)), {"axisa": -1, "axisb": -1, "axisc": -1}),
    ],
)
def test_keywords_that_are_left_out_are_numpys_defaults(function, shapes, defaults):
    arrays = pair(*shapes)
    for argnum in (0, 1):
        given, left_out = (
            ag.grad(lambda *xs, keywords=keywords: np.sum(function(*xs, **keywords) ** 2), argnum)
            for keywords in (defaults, {})
        )
        np.testing.assert_array_equal(given(*arrays), left_out(*arrays))


@pytest.mark.parametrize("number", [2.0, 3, 2j])
def test_tensordot_without_axes_takes_python_numbers(number):
    x = np.array([1.0, 2.0])
    np.testing.assert_array_equal(
        ag.jacobian(lambda x: np.real(np.tensordot(number, x, 0)))(x), np.real(number) * np.eye(2)
    )
    np.testing.assert_array_equal(
        ag.jacobian(lambda x: np.real(np.tensordot(x, number, 0)))(x), np.real(number) * np.eye(2)
    )
