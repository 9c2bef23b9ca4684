"""Every row under vmap: it is the same as one example after another, in both modes and outside."""

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import autograd as ag
from tests.ops.test_rules import Point, arrays, every_row

FACTORS = np.array([1.0, 0.99, 1.01])  # which stay in the domain


def close(found, expected):
    found, expected = (getattr(x, "data", x) for x in (found, expected))
    assert np.shape(found) == np.shape(expected)
    size = np.max(np.abs(expected), initial=1e-300)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-11 * size)


@every_row
@settings(max_examples=3)
@given(data=st.data())
def test_vmap_is_one_after_another(case, data):
    """Values, cotangents and tangents of a batch; and those of a batch that has ended."""
    point = Point(case, data)
    batches = [p[None] * FACTORS.reshape((3,) + (1,) * p.ndim) for p in point.primals]
    values = [point(*(b[i] for b in batches)) for i in range(3)]
    assume(len({np.shape(value) for value in values}) == 1)
    tangents, (w,) = point.random(*batches), point.random(np.stack(values))
    close(ag.vmap(point)(*batches), np.stack(values))

    def pull(w, *primals):
        return ag.vjp(point, *primals)[1](w)

    def push(primals, tangents):
        return ag.jvp(point, primals, tangents)[1]

    expected = [pull(w[i], *(b[i] for b in batches)) for i in range(3)]
    found = ag.vmap(pull)(w, *batches)
    ended = ag.vjp(ag.vmap(point), *batches)[1](w)
    for f, o, *each in zip(found, ended, *expected, strict=True):
        close(f, np.stack(arrays(each)))
        close(o, np.stack(arrays(each)))
    expected = [push([b[i] for b in batches], [t[i] for t in tangents]) for i in range(3)]
    close(ag.vmap(push)(batches, tangents), np.stack(arrays(expected)))
    close(ag.jvp(ag.vmap(point), batches, tangents)[1], np.stack(arrays(expected)))
    shared = point.primals
    alone = ag.vjp(lambda *p: ag.vmap(lambda f: np.real(f) * point(*p))(FACTORS), *shared)[1]
    expected = ag.vjp(lambda *p: np.stack([f * point(*p) for f in FACTORS]), *shared)[1](w)
    for f, e in zip(alone(w), expected, strict=True):
        close(f, e)
