"""Matrix equations: Sylvester's, Lyapunov's, Riccati's.

Each is differentiated implicitly: the change of the solution solves a linear equation of the same
kind. In `solve_continuous_are` and `solve_discrete_are`, q and r are taken for Hermitian, as SciPy
demands: their gradients are Hermitian.
"""

import numpy as np
import scipy.linalg as sl

from autograd.errors import NotDifferentiableError
from autograd.ops.decompositions import adjoint
from autograd.primitive import Primitive, general
from autograd.scipy.linalg.parts import hermitian_mean

# a x + x b = q.


def sylvester_vjp_q(g, a, b):
    """Return the solution of the transposed equation."""
    return solve_sylvester(a.mT, b.mT, g)


solve_sylvester: Primitive = general(
    sl.solve_sylvester,
    lambda g, ans, a, b: -sylvester_vjp_q(g, a, b) @ ans.mT,
    lambda g, ans, a, b: -ans.mT @ sylvester_vjp_q(g, a, b),
    sylvester_vjp_q,
    jvps=[
        lambda g, ans, a, b: -solve_sylvester(a, b, g @ ans),
        lambda g, ans, a, b: -solve_sylvester(a, b, ans @ g),
        lambda g, a, b: solve_sylvester(a, b, g),
    ],
    broadcasts=True,
)

# a x + x aᴴ = q.


def continuous_vjp_a(g, ans, a):
    """Return the cotangent of a, which stands in two places."""
    pulled = solve_continuous_lyapunov(a.mT, g)
    return -pulled @ ans.mT - adjoint(pulled) @ np.conj(ans)


def continuous_jvp_a(g, ans, a):
    """Return the tangent of the solution."""
    return -solve_continuous_lyapunov(a, g @ ans + ans @ adjoint(g))


solve_continuous_lyapunov: Primitive = general(
    sl.solve_continuous_lyapunov,
    continuous_vjp_a,
    lambda g, a: solve_continuous_lyapunov(a.mT, g),
    jvps=[continuous_jvp_a, lambda g, a: solve_continuous_lyapunov(a, g)],
    broadcasts=True,
)
solve_lyapunov = solve_continuous_lyapunov

# a x aᴴ - x + q = 0.


def discrete_vjp_a(g, ans, a):
    """Return the cotangent of a, which stands in two places."""
    pulled = solve_discrete_lyapunov(a.mT, g)
    return pulled @ np.conj(a) @ ans.mT + adjoint(pulled) @ np.conj(a @ ans)


def discrete_jvp_a(g, ans, a):
    """Return the tangent of the solution."""
    back = adjoint(a)
    return solve_discrete_lyapunov(a, g @ ans @ back + a @ ans @ adjoint(g))


solve_discrete_lyapunov: Primitive = general(
    sl.solve_discrete_lyapunov,
    discrete_vjp_a,
    lambda g, a: solve_discrete_lyapunov(a.mT, g),
    jvps=[discrete_jvp_a, lambda g, a: solve_discrete_lyapunov(a, g)],
    broadcasts=True,
    harmless=("method",),
)

# Riccati's equations, with the gain k and the closed loop c = a - b k:
#
#     continuous   aᴴ x e + eᴴ x a - kᴴ r k + q = 0,              r k = bᴴ x e + sᴴ
#     discrete     aᴴ x a - eᴴ x e - kᴴ (r + bᴴ x b) k + q = 0,   (r + bᴴ x b) k = bᴴ x a + sᴴ
#
# The left side changes by h + hᴴ, where h is p da - p db k + t de - ds k, and by dq + kᴴ dr k;
# p is eᴴ x and t is cᴴ x in the continuous equation, p is cᴴ x and t is -eᴴ x in the discrete one.
# Against it stands what dx does: cᴴ dx e + eᴴ dx c, or cᴴ dx c - eᴴ dx e.


class Loop:
    """A solution of Riccati's equation, with what its derivatives are made of."""

    def __init__(self, x, a, b, r, e, s, discrete):
        self.discrete, self.e = discrete, e
        right = a if discrete else x if e is None else x @ e
        weighed = adjoint(b) @ (x @ a if discrete else right)
        weighed = weighed if s is None else weighed + adjoint(s)
        self.gain = np.linalg.solve(r + adjoint(b) @ x @ b if discrete else r, weighed)
        closed = a - b @ self.gain
        outer = x if e is None else adjoint(e) @ x
        self.of_a, self.of_e = outer, adjoint(closed) @ x
        if discrete:
            self.of_a, self.of_e = self.of_e, -outer
        self.matrix = closed if e is None else np.linalg.solve(e.mT, closed.mT).mT

    def push(self, change):
        """Return the change of the solution from one of the left side."""
        if self.e is not None:
            inner = np.linalg.solve(adjoint(self.e), change)
            change = np.linalg.solve(self.e.mT, inner.mT).mT
        if self.discrete:
            return solve_discrete_lyapunov(adjoint(self.matrix), change)
        return -solve_continuous_lyapunov(adjoint(self.matrix), change)

    def pull(self, g):
        """Return the cotangent of h from that of the solution, which is Hermitian."""
        matrix, g = np.conj(self.matrix), hermitian_mean(g)
        if self.discrete:
            found = solve_discrete_lyapunov(matrix, g)
        else:
            found = -solve_continuous_lyapunov(matrix, g)
        if self.e is not None:
            found = np.linalg.solve(np.conj(self.e), np.linalg.solve(self.e, found.mT).mT)
        return found + adjoint(found)


def of_loop(rule, finish, discrete):
    """Return a rule of the equation's arguments from one of the loop."""

    def with_loop(g, ans, a, b, r, e=None, s=None):
        return finish(rule, Loop(ans, a, b, r, e, s, discrete), g)

    return with_loop


def both(h):
    """Return h + hᴴ."""
    return h + adjoint(h)


PULLS = (
    lambda loop, g: loop.of_a.mT @ g,
    lambda loop, g: -loop.of_a.mT @ g @ loop.gain.mT,
    lambda loop, g: g / 2,
    lambda loop, g: np.conj(loop.gain) @ g @ loop.gain.mT / 2,
    lambda loop, g: loop.of_e.mT @ g,
    lambda loop, g: -g @ loop.gain.mT,
)
PUSHES = (
    lambda loop, g: both(loop.of_a @ g),
    lambda loop, g: -both(loop.of_a @ g @ loop.gain),
    lambda loop, g: hermitian_mean(g),
    lambda loop, g: adjoint(loop.gain) @ hermitian_mean(g) @ loop.gain,
    lambda loop, g: both(loop.of_e @ g),
    lambda loop, g: -both(g @ loop.gain),
)


def riccati(function, discrete):
    """State one of the two equations, and return it with SciPy's signature."""
    pull = lambda rule, loop, g: rule(loop, loop.pull(g))
    push = lambda rule, loop, g: loop.push(rule(loop, g))
    primitive = general(
        function,
        *(of_loop(rule, pull, discrete) for rule in PULLS),
        jvps=[of_loop(rule, push, discrete) for rule in PUSHES],
        broadcasts=True,
        harmless=("balanced",),
    )

    def with_all(a, b, q, r, e=None, s=None, balanced=True):
        """Name those that the equation does not have, too: the rules look at all.

        What SciPy 1.17 returns for ``e`` with its scaling need not solve the equation: the residual
        may be as large as the terms. Of that there is no implicit derivative.
        """
        if e is not None and balanced:
            raise NotDifferentiableError(
                f"scipy.linalg.{function.__name__} of Tensors with e= has a derivative without "
                f"scaling only, with which SciPy's result may not solve the equation; pass "
                f"balanced=False"
            )
        return primitive(a, b, q, r, e, s, balanced)

    return with_all


solve_continuous_are = riccati(sl.solve_continuous_are, discrete=False)
solve_discrete_are = riccati(sl.solve_discrete_are, discrete=True)
