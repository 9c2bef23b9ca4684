"""What the rows of einsum do not say: its way to BLAS, keywords, errors, rare forms."""

import numpy as np
import pytest

import autograd as ag
from autograd.errors import KeywordError
from autograd.ops import einsum as module

RNG = np.random.default_rng(0)
PAIRS = [
    "ij,jk->ik", "ij,jk->ki", "ji,kj->ik", "i,i->", "ij,ij->i", "ij,j->i", "i,ij->j",
    "bij,bjk->bik", "ibj,kjb->kbi", "abij,bj->iab", "iij,jk->ik", "ijl,jk->ik", "ijkl,jlm->mki",
    "bi,bi->b", "bij,bi->bj", "ijk,ijk->", "iij,jjk->k",
]  # fmt: skip


def random(term, n):
    return RNG.standard_normal([n + "abijklm".index(letter) for letter in term])


def terms(subscripts):
    return subscripts.split("->")[0].split(",")


@pytest.mark.parametrize("n", [1, 3, 8])
@pytest.mark.parametrize("subscripts", PAIRS)
def test_products_of_matrices_are_numpys(subscripts, n):
    arrays = [random(term, n) for term in terms(subscripts)]
    expected = np.einsum(subscripts, *arrays)
    found = np.einsum(subscripts, *map(ag.Tensor, arrays))
    np.testing.assert_allclose(found.data, expected, rtol=1e-12, atol=1e-12)
    assert found.shape == expected.shape


@pytest.mark.parametrize("subscripts", PAIRS)
def test_small_and_large_go_different_ways(subscripts, monkeypatch):
    arrays = [random(term, 2) for term in terms(subscripts)]
    loss = lambda a, b: np.sum(np.sin(np.einsum(subscripts, a, b)))
    found = []
    for least in (0, 10**9):
        monkeypatch.setattr(module, "LEAST", least)
        module.as_matrices.cache_clear()
        assert bool(module.as_matrices(subscripts, *(a.shape for a in arrays))) == (
            least == 0 and subscripts not in {"ij,ij->i", "bi,bi->b"}
        )
        found.append(ag.grad(loss, (0, 1))(*arrays))
    module.as_matrices.cache_clear()
    for a, b in zip(*found, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-12)


def test_large_products_of_matrices_do_not_loop():
    shapes = (40, 40), (40, 40)
    assert module.as_matrices("ij,jk->ik", *shapes) is not None
    assert module.as_matrices("ij,ij->ij", *shapes) is None


def test_the_gradient_of_a_trace_is_the_identity():
    x = RNG.standard_normal((3, 3))
    np.testing.assert_array_equal(ag.grad(lambda x: np.einsum("ii", x))(x), np.eye(3))
    np.testing.assert_array_equal(ag.grad(lambda x: np.einsum(x, [0, 0]))(x), np.eye(3))
    diagonal = ag.grad(lambda x: np.sum(np.einsum("ii->i", x) * [1, 2, 3]))(x)
    np.testing.assert_array_equal(diagonal, np.diag([1.0, 2, 3]))


def test_what_was_not_taken_gets_zero_even_of_an_infinite_cotangent():
    x = np.ones((2, 2))
    with np.errstate(divide="ignore"):
        found = ag.grad(lambda x: np.sum(np.sqrt(np.einsum("ii->i", x) - 1)))(x)
    np.testing.assert_array_equal(found, [[np.inf, 0], [0, np.inf]])


def test_the_result_without_arrow_is_in_alphabetical_order():
    x, y = RNG.standard_normal((2, 3)), RNG.standard_normal((2, 3))
    assert np.einsum("ba", ag.Tensor(x)).shape == (3, 2)
    (w,) = (RNG.standard_normal((3, 2)),)
    np.testing.assert_array_equal(ag.grad(lambda x: np.sum(w * np.einsum("ba", x)))(x), w.T)
    assert np.einsum("Zb,Za", ag.Tensor(x), y).shape == (3, 3)
    assert np.einsum("...a,...Z", ag.Tensor(x), y).shape == (2, 3, 3)


@pytest.mark.parametrize(
    "path",
    [
        ["einsum_path", (0, 1), (0, 1)],
        ["einsum_path", [0, 1, 2]],
        ("einsum_path", (1, 2), (0, 1)),
        ("greedy", 10),
        "optimal",
    ],
)
def test_any_path_gives_the_same(path):
    arrays = [RNG.standard_normal(shape) for shape in ((2, 3), (3, 4), (4, 2))]
    loss = lambda *arrays, **options: np.sum(np.einsum("ij,jk,kl->il", *arrays, **options) ** 2)
    for x, y in zip(
        ag.grad(lambda *arrays: loss(*arrays, optimize=path), (0, 1, 2))(*arrays),
        ag.grad(lambda a, b, c: np.sum((a @ b @ c) ** 2), (0, 1, 2))(*arrays),
        strict=True,
    ):
        np.testing.assert_allclose(x, y)


def test_many_operands_cost_what_their_pairs_cost():
    """Together these would be 10 ** 12 multiplications."""
    arrays = [RNG.standard_normal((100, 100)) for _ in range(5)]
    found = ag.grad(lambda x: np.einsum("ij,jk,kl,lm,mn->", x, *arrays[1:]))(arrays[0])
    rest = arrays[1] @ (arrays[2] @ (arrays[3] @ arrays[4].sum(1)))
    np.testing.assert_allclose(found, np.broadcast_to(rest, (100, 100)))


def test_bytes_numbers_lists_and_tensors_in_lists():
    x = np.array([1.0, 2.0])
    np.testing.assert_array_equal(ag.grad(lambda x: np.einsum(b"i,i", x, [3, 4]))(x), [3, 4])
    np.testing.assert_array_equal(ag.grad(lambda x: np.einsum("i,->", x, 3))(x), [3, 3])
    np.testing.assert_array_equal(
        ag.grad(lambda x: np.einsum("i,i->", [x[1], 2 * x[0]], x))(x), [6, 3]
    )


def test_the_transpose_is_a_view_as_numpys_is():
    x = ag.Tensor(np.zeros((2, 3)))
    y = x * 1.0
    z = np.einsum("ij->ji", y)
    y[0, 1] = 5.0
    assert z.data[1, 0] == 5.0
    np.sum(z * z).backward()
    expected = np.zeros((2, 3))
    np.testing.assert_array_equal(x.grad, expected)


@pytest.mark.parametrize("order", ["C", "F", "A", "K"])
def test_order_is_that_of_the_memory(order):
    x, y = RNG.standard_normal((3, 4)), RNG.standard_normal((4, 5))
    found = np.einsum("ij,jk->ki", ag.Tensor(x), y, order=order)
    if order in "CF":
        assert found.data.flags[f"{order}_CONTIGUOUS"]
    gradient = ag.grad(lambda x: np.sum(np.einsum("ij,jk->ki", x, y, order=order)))(x)
    np.testing.assert_allclose(gradient, np.broadcast_to(y.sum(1), (3, 4)))
    assert np.einsum("ij->", ag.Tensor(x), order=order).shape == ()


def test_dtype_and_casting():
    x, y = np.array([1.0, 2.0]), np.array([3, 4])
    assert np.einsum("i,i", ag.Tensor(x), y, dtype=complex).dtype == complex
    with pytest.raises(TypeError, match=r"einsum cannot cast .* float64 to float32 .* 'safe'"):
        np.einsum("i,i", ag.Tensor(x), y, dtype=np.float32)
    single = lambda x: np.einsum("i,i", x, y, dtype=np.float32, casting="same_kind")
    assert single(ag.Tensor(x)).dtype == np.float32
    gradient = ag.grad(single)(x)
    assert gradient.dtype == np.float64
    np.testing.assert_array_equal(gradient, y)


@pytest.mark.parametrize(
    ("subscripts", "message"),
    [
        ("ij", "number of dimensions|subscripts"),
        ("i->j", "did not appear|never appeared|output subscript"),
        ("i,i->", "number|operands"),
        ("i!", "invalid|not a valid"),
        ("...->i", "ellipsis|dimensions|output subscript"),
    ],
)
def test_subscripts_that_are_wrong_raise_numpys_error(subscripts, message):
    with pytest.raises(ValueError, match=message):
        np.einsum(subscripts, ag.Tensor([1.0, 2.0]))


def test_sizes_that_do_not_fit_raise_numpys_error():
    with pytest.raises(ValueError, match=r"broadcast|match"):
        np.einsum("ij,jk->ik", ag.Tensor(np.ones((20, 30))), np.ones((20, 30)))


def test_numbers_of_axes_are_checked():
    for numbers in ([52], [-1]):
        with pytest.raises(ValueError, match="0 to 51 and Ellipsis"):
            np.einsum(ag.Tensor([1.0]), numbers)


def test_nothing_is_written_into():
    with pytest.raises(KeywordError, match=r"einsum .*out="):
        np.einsum("i->i", ag.Tensor([1.0, 2.0]), out=np.zeros(2))


def test_keywords_that_are_not_numpys_are_refused():
    with pytest.raises(TypeError, match="whatever"):
        np.einsum("i->i", ag.Tensor([1.0, 2.0]), whatever=1)


def test_the_path_is_what_numpy_says():
    arrays = [RNG.standard_normal(shape) for shape in ((2, 3), (3, 4), (4, 2))]
    found = np.einsum_path("ij,jk,kl->il", *map(ag.Tensor, arrays))
    assert found == np.einsum_path("ij,jk,kl->il", *arrays)
