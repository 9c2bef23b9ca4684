"""Solutions of equations: derivatives against closed forms and differences."""

import sys

import numpy as np
import pytest
from numpy.testing import assert_allclose

import autograd as ag
from autograd.errors import ConvergenceError, DtypeError, NotDifferentiableError, ShapeError
from autograd.testing import check_grads
from autograd.transforms import implicit

RNG = np.random.default_rng(0)
A = RNG.normal(size=(4, 4)) + 4 * np.eye(4)
B = RNG.normal(size=4)


def newton(f, x):
    """Return a root of f, by Newton's method."""
    for _ in range(50):
        x = x - np.linalg.solve(ag.jacobian(f)(x), f(x))
    return x


cube_root = ag.implicit_root(lambda x, a: x**3 - a, np.cbrt)


def test_a_cube_root_to_third_order():
    a = 8.0
    assert cube_root(a) == 2.0
    assert_allclose(ag.grad(cube_root)(a), 1 / 12, rtol=1e-14)
    assert_allclose(ag.grad(ag.grad(cube_root))(a), -2 / 9 * a ** (-5 / 3), rtol=1e-14)
    third = ag.grad(ag.grad(ag.grad(cube_root)))
    assert_allclose(third(a), 10 / 27 * a ** (-8 / 3), rtol=1e-14)
    assert_allclose(ag.jvp(cube_root, (a,), (2.0,)), (2.0, 1 / 6), rtol=1e-14)
    assert_allclose(ag.hvp(cube_root, a, 1.0), -2 / 9 * a ** (-5 / 3), rtol=1e-14)


def test_both_modes_and_both_orders_agree_with_differences():
    assert check_grads(cube_root, np.array([8.0, 2.0, 3.0])).derivatives > 80
    solve = ag.implicit_root(lambda x, a, b: a @ x - b, np.linalg.solve)
    assert check_grads(solve, A, B).derivatives > 500


def test_it_is_numpys_solve():
    """The derivatives of A⁻¹b by the theorem are those of the rule of np.linalg.solve."""
    solve = ag.implicit_root(lambda x, a, b: a @ x - b, np.linalg.solve)
    for f in (lambda f, a: np.sum(f(a, B) ** 3), lambda f, a: np.sum(np.sin(f(A, a[0])))):
        found, expected = (ag.grad(lambda a, s=s, f=f: f(s, a)) for s in (solve, np.linalg.solve))
        assert_allclose(found(A), expected(A), rtol=1e-11, atol=1e-14)


def test_containers_and_several_arrays():
    def residual(x, p):
        u, v = x["u"], x["v"]
        equation = np.sum(u) * p["b"] - 3 * v - np.sin(v) + p["a"][0]
        return {"first": u**3 + u - p["a"] * v, "second": [equation]}

    def solve(p):
        flat = lambda z: np.concatenate(
            [np.ravel(r) for r in _leaves(residual({"u": z[:2], "v": z[2]}, p))]
        )
        z = newton(flat, np.ones(3))
        return {"u": z[:2], "v": z[2]}

    def _leaves(r):
        return [r["first"], r["second"][0]]

    root = ag.implicit_root(residual, solve)

    def f(a, b):
        if np.result_type(a) == np.longdouble:
            raise TypeError("LAPACK has no longdouble")
        return root({"a": a, "b": b})

    assert check_grads(f, np.array([1.0, 2.0]), 0.5, order=2).derivatives > 80


def test_tensors_that_the_equation_closes_over():
    """x³ = w with w in the closure of both the outer function and the equation."""
    f = lambda w: ag.implicit_root(lambda x: x**3 - w, lambda: 2.0)()
    assert_allclose(ag.grad(f)(8.0), 1 / 12, rtol=1e-14)
    assert_allclose(ag.grad(ag.grad(f))(8.0), -2 / 9 * 8.0 ** (-5 / 3), rtol=1e-14)
    assert_allclose(ag.jvp(f, (8.0,), (1.0,))[1], 1 / 12, rtol=1e-14)


def test_without_variables_the_solution_is_plain():
    assert type(cube_root(8.0)) is np.float64
    with ag.no_grad():
        assert cube_root(ag.Tensor(8.0)) == 2.0


def test_the_solver_is_not_recorded_and_sees_plain_arrays():
    seen = []

    def solve(a):
        seen.append(type(a))
        return np.cbrt(a)

    y = ag.implicit_root(lambda x, a: x**3 - a, solve)(ag.Tensor([8.0, 27.0]))
    assert seen == [np.ndarray]
    assert y.op == "implicit_root"
    assert [parent.op for parent in y.parents] == [None]


def test_single_precision_stays():
    a = np.float32([8.0, 27.0])
    slope = ag.grad(lambda a: np.sum(cube_root(a)))(a)
    assert slope.dtype == np.float32
    assert_allclose(slope, [1 / 12, 1 / 27], rtol=1e-6)


def test_complex_solutions():
    """z³ = a is holomorphic; z + 0.3 conj(z) = a² is not."""
    root = ag.implicit_root(lambda z, a: z**3 - a, lambda a: a ** (1 / 3))
    assert check_grads(root, np.array(2.0 + 1j)).derivatives > 30
    mixed = ag.implicit_root(
        lambda z, a: z + 0.3 * np.conj(z) - a * a,
        lambda a: (a * a - 0.3 * np.conj(a * a)) / (1 - 0.09),
    )
    assert check_grads(mixed, np.array([2.0 + 1j, 0.5j])).derivatives > 100


# Fixed points.


def test_a_fixed_point_in_all_it_depends_on():
    w = 0.2 * A
    f = lambda w, b: ag.fixed_point(lambda x: np.tanh(0.3 * (w @ x) + b), np.zeros(4))
    assert check_grads(f, w, B).derivatives > 500
    assert_allclose(ag.grad(lambda a: ag.fixed_point(_heron, 1.0, a))(9.0), 1 / 6, rtol=1e-14)


def _heron(x, a):
    return (x + a / x) / 2


def test_the_start_has_no_influence():
    f = lambda x0: ag.fixed_point(_heron, x0, 9.0)
    assert ag.grad(lambda x0: f(x0) + 0.0 * x0)(1.0) == 0.0


def test_containers_of_fixed_points():
    step = lambda x, a: {"p": np.cos(a * x["q"]), "q": (0.5 * x["p"],)[0]}
    found = ag.fixed_point(step, {"p": 0.5, "q": 0.5}, 1.0)
    assert_allclose(found["p"], np.cos(0.5 * found["p"]), rtol=1e-11)
    f = lambda a: ag.fixed_point(step, {"p": 0.5, "q": 0.5}, a)["p"]
    p = found["p"]  # p = cos(a p/2): dp/da = -sin(p/2) p/2 / (1 + sin(p/2)/2)
    expected = -np.sin(p / 2) * p / 2 / (1 + np.sin(p / 2) / 2)
    assert_allclose(ag.grad(f)(1.0), expected, rtol=1e-10)


def test_no_convergence():
    with pytest.raises(ConvergenceError, match=r"last of at most 7 steps is .* long"):
        ag.fixed_point(lambda x: x + 1.0, 0.0, maxiter=7)
    with (
        pytest.raises(ConvergenceError, match="has not converged"),
        np.errstate(over="ignore", invalid="ignore"),
    ):
        ag.fixed_point(lambda x: x * x * x + 2.0, 2.0)


# Linear systems.


def large(n):
    w = RNG.normal(size=(n, n)) / (4 * np.sqrt(n))
    b = RNG.normal(size=n)
    return lambda s: np.sum(ag.fixed_point(lambda x: np.tanh(s * (w @ x) + b), np.zeros(n)) ** 2)


def test_large_systems_are_solved_without_their_matrix(monkeypatch):
    f = large(implicit.DENSE + 100)
    monkeypatch.setattr(implicit, "LARGEST", 0)  # so that a matrix would raise
    h = 1e-5
    assert_allclose(ag.grad(f)(0.5), (f(0.5 + h) - f(0.5 - h)) / (2 * h), rtol=1e-7)
    curved = (ag.grad(f)(0.5 + h) - ag.grad(f)(0.5 - h)) / (2 * h)
    assert_allclose(ag.hvp(f, 0.5, 1.0), curved, rtol=1e-6)


def test_both_ways_to_solve_agree(monkeypatch):
    f = large(50)
    dense = ag.grad(f)(0.5)
    monkeypatch.setattr(implicit, "DENSE", 10)
    assert_allclose(ag.grad(f)(0.5), dense, rtol=1e-9)


def test_without_scipy_the_matrix_is_formed(monkeypatch):
    f = large(50)
    expected = ag.grad(f)(0.5)
    monkeypatch.setattr(implicit, "DENSE", 10)
    monkeypatch.setitem(sys.modules, "scipy.sparse.linalg", None)
    assert_allclose(ag.grad(f)(0.5), expected, rtol=1e-12)
    monkeypatch.setattr(implicit, "LARGEST", 20)
    with pytest.raises(ConvergenceError, match="of 50 unknowns, is too large for its matrix"):
        ag.grad(f)(0.5)


def test_a_linear_solver_of_your_own():
    sizes = []

    def solve(apply, b):
        sizes.append(b.size)
        return b / apply(np.ones_like(b))  # the matrix is diagonal

    root = ag.implicit_root(lambda x, a: x**3 - a, np.cbrt, linear_solve=solve)
    found = ag.grad(lambda a: np.sum(root(a)))(np.array([8.0, 27.0]))
    assert_allclose(found, [1 / 12, 1 / 27], rtol=1e-14)
    assert sizes == [2]


# Errors.


def test_a_multiple_root_is_not_differentiable():
    double = ag.implicit_root(lambda x, a: x * x - a, lambda a: 0.0 * a)
    with pytest.raises(NotDifferentiableError, match="in its solution is singular"):
        ag.grad(double)(0.0)


def test_a_wrong_number_of_equations():
    root = ag.implicit_root(lambda x, a: x[:1] - a, lambda a: np.ones(2))
    with pytest.raises(ShapeError, match=r"as many numbers as there are in the solution, 2, .* 1"):
        ag.grad(lambda a: np.sum(root(a)))(1.0)


def test_solutions_of_integers_are_refused():
    with pytest.raises(DtypeError, match="a solution is made of real or complex numbers"):
        ag.grad(ag.implicit_root(lambda x, a: x - a, lambda a: np.array([1])))(1.0)
