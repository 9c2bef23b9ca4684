"""Mutants that change nothing one could test, each with the reason."""

REASONS = {
    "the walk repeats the tangent of a number, and a number cannot be written into": [
        "conversion.numbers: lambda g, ans: g * np.ones_like(ans) => lambda g, ans: g",
        (
            "conversion.numbers: lambda g, ans: g * np.ones_like(ans) => lambda g, ans: "
            "mutation.written(g * np.ones_like(ans), g)"
        ),
        (
            "conversion.numbers: lambda g, ans: g * number_of(ans) => lambda g, ans: "
            "mutation.written(g * number_of(ans), g)"
        ),
    ],
    "a norm is zero where all its elements are": [
        "linalg.power_weights: zero = (x == 0) | (size == 0) => zero = x == 0",
    ],
    "a slice of the whole length is the whole": [
        "fft.resized: if size > wanted: => if size >= wanted:",
    ],
    "an index taken to repeat is added more slowly, to the same; only truth is asked": [
        (
            "indexing.repeats: return not all((isinstance(k, ONCE) or (isinstance(k, "
            "np.ndarray | np.bool_) and k.dtype == bool) for k in (key if isinstance(key, "
            "tuple) else (key,)))) => return not all((isinstance(k, ONCE) or (isinstance(k, "
            "np.bool_) and k.dtype == bool) for k in (key if isinstance(key, tuple) else "
            "(key,))))"
        ),
        (
            "indexing.repeats: return not all((isinstance(k, ONCE) or (isinstance(k, "
            "np.ndarray | np.bool_) and k.dtype == bool) for k in (key if isinstance(key, "
            "tuple) else (key,)))) => return not all((isinstance(k, ONCE) or (isinstance(k, "
            "np.ndarray) and k.dtype == bool) for k in (key if isinstance(key, tuple) else "
            "(key,))))"
        ),
    ],
    "both are polynomials of one matrix, and commute": [
        (
            "polynomials.adjugates: found.append(a @ found[-1] + ans[i] * identity) => "
            "found.append(found[-1] @ a + ans[i] * identity)"
        ),
    ],
    "both have the same dtype": [
        (
            "linalg.cofactor: if a.shape[-1] < 2 or worst_condition(a, inverse) > "
            "np.finfo(a.dtype).eps ** (-0.25): => if a.shape[-1] < 2 or worst_condition(a, "
            "inverse) > np.finfo(ans.dtype).eps ** (-0.25):"
        ),
        (
            "methods.sum_of_exponentials.shares: number = np.maximum(np.sum(tied, axis, "
            "dtype=ans.dtype, keepdims=True), 1) => number = np.maximum(np.sum(tied, axis, "
            "dtype=array.dtype, keepdims=True), 1)"
        ),
        (
            "polynomials.adjugates: identity = np.eye(a.shape[0], dtype=a.dtype) => identity "
            "= np.eye(a.shape[0], dtype=ans.dtype)"
        ),
        (
            "reductions.tie_weights: number = np.sum(tied, axis, dtype=ans.dtype, "
            "keepdims=True) => number = np.sum(tied, axis, dtype=a.dtype, keepdims=True)"
        ),
    ],
    "for a square factor the projector is zero": [
        (
            "decompositions.qr_vjp: if gq is not None and q.shape[-1] < m: => if gq is not "
            "None and q.shape[-1] <= m:"
        ),
    ],
    "how much is taken for rounding: between the bounds both answers are as good": [
        (
            "decompositions.inverse_gaps: tied = np.abs(gaps) <= n * "
            "np.finfo(values.dtype).eps * top => tied = np.abs(gaps) <= "
            "np.finfo(values.dtype).eps * top"
        ),
    ],
    "it is added zero times": [
        "polynomials.adjugates: found = [identity + 0 * a] => found = [identity + 0]",
        "polynomials.adjugates: found = [identity + 0 * a] => found = [identity - 0 * a]",
    ],
    "of a matrix, axis -2 is the first one already": [
        (
            "products.columns: front = b if b.ndim < 2 else np.moveaxis(b, -2, 0) => front = "
            "b if b.ndim < 3 else np.moveaxis(b, -2, 0)"
        ),
        (
            "products.columns: front = b if b.ndim < 2 else np.moveaxis(b, -2, 0) => front = "
            "b if b.ndim <= 2 else np.moveaxis(b, -2, 0)"
        ),
        (
            "products.dot_vjp_b: return summed if len(b_shape) < 2 else np.moveaxis(summed, "
            "0, -2) => return summed if len(b_shape) < 3 else np.moveaxis(summed, 0, -2)"
        ),
        (
            "products.dot_vjp_b: return summed if len(b_shape) < 2 else np.moveaxis(summed, "
            "0, -2) => return summed if len(b_shape) <= 2 else np.moveaxis(summed, 0, -2)"
        ),
    ],
    "of two terms, the one before is the other one": [
        (
            "einsum.transposed: mine, other = (terms[which], terms[1 - which]) => mine, "
            "other = (terms[which], terms[which - 1])"
        ),
    ],
    "one more round, in which nothing is left to reach": [
        "cumulative.recurrence: while step < g.shape[-1]: => while step <= g.shape[-1]:",
        "reductions.running_product: while step < size: => while step <= size:",
    ],
    "only the first row is used": [
        (
            "decompositions.svd_vjp: longer = grown(s[..., None, :], 1, size)[..., 0, :] => "
            "longer = grown(s[..., None, :], 2, size)[..., 0, :]"
        ),
    ],
    "the array has one dimension, so that axis -1 of the stack is axis 1": [
        (
            "polynomials.roots_of: lambda g, ans, p: -g / evaluated(derivative(p), ans) @ "
            "np.stack(powers(ans, p.shape[0]), -1) => lambda g, ans, p: -g / "
            "evaluated(derivative(p), ans) @ np.stack(powers(ans, p.shape[0]), 1)"
        ),
    ],
    "the array has two dimensions, so that axis -1 is axis 1": [
        (
            "creation.np.vander: lambda g, x, N=None, increasing=False: np.sum(g * "
            "vander_slopes(x, N, increasing), -1) => lambda g, x, N=None, increasing=False: "
            "np.sum(g * vander_slopes(x, N, increasing), 1)"
        ),
    ],
    "the cotangents of several outputs are the walk's own, and used once": [
        (
            "decompositions.eig_vjp: return np.linalg.solve(v.mT, inner @ v.mT) => return "
            "mutation.written(np.linalg.solve(v.mT, inner @ v.mT), g)"
        ),
        (
            "decompositions.qr_vjp: return pulled + grown(back, m, n) => return "
            "mutation.written(pulled + grown(back, m, n), g)"
        ),
        "decompositions.svd_vjp: return pulled => return mutation.written(pulled, g)",
    ],
    "the diagonal is added and taken away again": [
        (
            "linalg.cofactors_rule: pairs = np.where(identity(n), 0, product_weights(others, "
            "-1)) => pairs = np.where(0, identity(n), product_weights(others, -1))"
        ),
    ],
    "the distance is the same from either end": [
        (
            "decompositions.places: distances = np.abs(found[..., :, None] - wanted[..., "
            "None, :]) => distances = np.abs(wanted[..., None, :] - found[..., :, None])"
        ),
    ],
    "the divisor differs only where the numerator is zero or the quotient is not chosen": [
        (
            "complex_parts.turn: return (size != 0) / (size + (size == 0)) => return (size "
            "!= 0) / (size - (size == 0))"
        ),
        (
            "decompositions.inverse: return np.where(zero, 0, 1 / (x + zero)) => return "
            "np.where(zero, 0, 1 / (x - zero))"
        ),
        "decompositions.inverse_gaps: return gaps => return -gaps",
        (
            "decompositions.inverse_gaps: return np.where(tied, 0, 1 / (gaps + tied)) => "
            "return np.where(tied, 0, 1 / (gaps - tied))"
        ),
        (
            "elementwise.direction: return np.where(zero, 0, x / (np.abs(x) + zero)) => "
            "return np.where(zero, 0, x / (np.abs(x) - zero))"
        ),
        (
            "elementwise.power_vjp_x: return g * (slope / np.where(is_zero, x + (x == 0), "
            "1)) => return g * (slope / np.where(is_zero, x - (x == 0), 1))"
        ),
        (
            "elementwise.ratio: return (y != 0) * x / (y + (y == 0)) => return (y != 0) * x "
            "/ (y - (y == 0))"
        ),
        (
            "indexing.repeats: return not all((isinstance(k, ONCE) or (isinstance(k, "
            "np.ndarray | np.bool_) and k.dtype == bool) for k in (key if isinstance(key, "
            "tuple) else (key,)))) => return -(not all((isinstance(k, ONCE) or "
            "(isinstance(k, np.ndarray | np.bool_) and k.dtype == bool) for k in (key if "
            "isinstance(key, tuple) else (key,)))))"
        ),
        (
            "linalg.length_weights: never_zero = ans + np.where(ans == 0, np.inf, "
            "0).astype(ans.dtype) => never_zero = ans - np.where(ans == 0, np.inf, "
            "0).astype(ans.dtype)"
        ),
        (
            "linalg.lstsq_jvp_a: return (dx, dr, rank, np.real(diagonal(adjoint(u) @ g @ "
            "adjoint(vh)))) => return (dx, dr, -rank, np.real(diagonal(adjoint(u) @ g @ "
            "adjoint(vh))))"
        ),
        (
            "linalg.lstsq_jvp_b: return (dx, 2 * np.real(np.sum(rest, "
            "0))[:residuals.shape[0]], rank, np.zeros_like(s)) => return (dx, 2 * "
            "np.real(np.sum(rest, 0))[:residuals.shape[0]], -rank, np.zeros_like(s))"
        ),
        (
            "linalg.lstsq_jvp_b: return (dx, 2 * np.real(np.sum(rest, "
            "0))[:residuals.shape[0]], rank, np.zeros_like(s)) => return (dx, 2 * "
            "np.real(np.sum(rest, 0))[:residuals.shape[0]], rank, -np.zeros_like(s))"
        ),
        "polynomials.polyval_vjp_p: return np.zeros(p_shape) => return -np.zeros(p_shape)",
        (
            "reductions.half_inverse: return 0.5 / (ans + (ans == 0)) => return 0.5 / (ans - "
            "(ans == 0))"
        ),
        "reductions.product_weights: return a => return -a",
    ],
    "the formulas hold for any scale": [
        (
            "elementwise.scale: size = np.where(np.isfinite(x), 1 + np.floor(np.abs(x)), 1) "
            "=> size = np.where(np.isfinite(x), 1 + np.floor(np.abs(x)), 2)"
        ),
        (
            "elementwise.scale: size = np.where(np.isfinite(x), 1 + np.floor(np.abs(x)), 1) "
            "=> size = np.where(np.isfinite(x), 2 + np.floor(np.abs(x)), 1)"
        ),
    ],
    "the matrix is square": [
        (
            "decompositions.diagonal: return np.sum(x * identity(x.shape[-1]), -1) => return "
            "np.sum(x * identity(x.shape[-2]), -1)"
        ),
        "decompositions.from_triangle: n = x.shape[-1] => n = x.shape[-2]",
        "decompositions.half_lower: n = x.shape[-1] => n = x.shape[-2]",
        "decompositions.onto_triangle: n = g.shape[-1] => n = g.shape[-2]",
        (
            "decompositions.places: for column in range(distances.shape[-1]): => for column "
            "in range(distances.shape[-2]):"
        ),
    ],
    "the rank has no derivative, and no one reads its tangent": [
        (
            "linalg.lstsq_jvp_a: return (dx, dr, rank, np.real(diagonal(adjoint(u) @ g @ "
            "adjoint(vh)))) => return (dx, dr, mutation.single(rank), "
            "np.real(diagonal(adjoint(u) @ g @ adjoint(vh))))"
        ),
        (
            "linalg.lstsq_jvp_b: return (dx, 2 * np.real(np.sum(rest, "
            "0))[:residuals.shape[0]], rank, np.zeros_like(s)) => return (dx, 2 * "
            "np.real(np.sum(rest, 0))[:residuals.shape[0]], mutation.single(rank), "
            "np.zeros_like(s))"
        ),
    ],
    "the result is no array, but says where a few elements are added": [
        (
            "indexing.getitem_function: lambda g, a_shape, key: scatter(g, key, a_shape) => "
            "lambda g, a_shape, key: mutation.kept(scatter(g, key, a_shape))"
        ),
        (
            "indexing.written_array: lambda g, key, path: written(g, 0, key, path) => lambda "
            "g, key, path: mutation.kept(written(g, 0, key, path))"
        ),
    ],
    "the sign is 1 or -1, and only asked whether it is positive": [
        (
            "products.cross_vjp: found = (np.cross(other, g) if sign > 0 else np.cross(g, "
            "other))[..., :moved[-1]] => found = (np.cross(other, g) if sign >= 0 else "
            "np.cross(g, other))[..., :moved[-1]]"
        ),
        (
            "products.cross_vjp: found = g[..., None] * (turned if sign > 0 else -turned) => "
            "found = g[..., None] * (turned if sign >= 0 else -turned)"
        ),
        (
            "products.cross_vjp_a: return cross_vjp(g, a_shape, b, axes, 1) => return "
            "cross_vjp(g, a_shape, b, axes, 2)"
        ),
        (
            "products.cross_vjp_b: return cross_vjp(g, b_shape, a, axes, -1) => return "
            "cross_vjp(g, b_shape, a, axes, -2)"
        ),
    ],
    "the tangent rule names the same parameter, and its default is the one that is read": [
        (
            "reductions.product_vjp: def product_vjp(g, a, axis=None, where=True, "
            "initial=1): => def product_vjp(g, a, axis=None, where=True, initial=2):"
        ),
    ],
    "values are the same, and the walk gives the result the dtype of its argument": [
        (
            "conversion.number_of: return np.arange(g.size, dtype=g.dtype) => return "
            "np.arange(g.size)"
        ),
        "decompositions.below: return np.tri(n, k=k, dtype=bool) => return np.tri(n, k=k)",
        "decompositions.identity: return np.eye(*shape, dtype=bool) => return np.eye(*shape)",
        (
            "methods.sum_of_exponentials.shares: number = np.maximum(np.sum(tied, axis, "
            "dtype=ans.dtype, keepdims=True), 1) => number = np.maximum(np.sum(tied, axis, "
            "keepdims=True), 1)"
        ),
        (
            "polynomials.adjugates: identity = np.eye(a.shape[0], dtype=a.dtype) => identity "
            "= np.eye(a.shape[0])"
        ),
        (
            "reductions.tie_weights: number = np.sum(tied, axis, dtype=ans.dtype, "
            "keepdims=True) => number = np.sum(tied, axis, keepdims=True)"
        ),
    ],
    "what is beyond a bound is on it in the result, and both count as outside": [
        (
            "elementwise.bounded: lambda g, x, lower, upper: np.where((x <= lower) & (lower "
            "< upper), g, 0) => lambda g, ans, lower, upper: np.where((ans <= lower) & "
            "(lower < upper), g, 0)"
        ),
        (
            "elementwise.bounded: lambda g, x, lower, upper: np.where((x > lower) & (x < "
            "upper), g, 0) => lambda g, ans, lower, upper: np.where((ans > lower) & (ans < "
            "upper), g, 0)"
        ),
        (
            "elementwise.bounded: lambda g, x, lower, upper: np.where(np.maximum(x, lower) "
            ">= upper, g, 0) => lambda g, ans, lower, upper: np.where(np.maximum(ans, lower) "
            ">= upper, g, 0)"
        ),
    ],
    "what is left of the matrix is diagonal": [
        (
            "decompositions.diagonal: return np.sum(x * identity(x.shape[-1]), -1) => return "
            "np.sum(x * identity(x.shape[-1]), -2)"
        ),
    ],
    "what is written to is a read-only view of the cotangent": [
        (
            "reductions.sum_vjp: return g if where is True else np.where(where, g, 0) => "
            "return mutation.written(g if where is True else np.where(where, g, 0), g)"
        ),
    ],
    "what stands in for a divisor of zero is not chosen": [
        (
            "linalg.power_weights: modulus = np.where(zero, 1, modulus) => modulus = "
            "np.where(zero, 2, modulus)"
        ),
        (
            "linalg.power_weights: return np.where(zero, 0, direction * (modulus / "
            "np.where(zero, 1, size)) ** (p - 1)) => return np.where(zero, 0, direction * "
            "(modulus / np.where(zero, 2, size)) ** (p - 1))"
        ),
        (
            "reductions.spread_weights: factor = np.where(divisor > 0, 2 / np.where(divisor "
            "> 0, divisor, 1), math.nan) => factor = np.where(divisor > 0, 2 / "
            "np.where(divisor > 0, divisor, 2), math.nan)"
        ),
    ],
    "where the result is finite this is not chosen, and the exponential of -inf is the same zero": [
        (
            "methods.sum_of_exponentials.shares: below = np.where(infinite, 0, array) - "
            "np.where(infinite, 0, ans) => below = np.where(0, infinite, array) - "
            "np.where(infinite, 0, ans)"
        ),
        (
            "methods.sum_of_exponentials.shares: below = np.where(infinite, 0, array) - "
            "np.where(infinite, 0, ans) => below = np.where(infinite, 0, array) - "
            "np.where(0, infinite, ans)"
        ),
        (
            "methods.sum_of_exponentials.shares: infinite = np.isinf(ans) => infinite = "
            "np.isinf(array)"
        ),
        (
            "methods.sum_of_exponentials.shares: tied = infinite & (array == ans) => tied = "
            "array == ans"
        ),
    ],
    "which of two ways to the cofactors is gone: both are right, and agree to rounding": [
        (
            "linalg.cofactor: if a.shape[-1] < 2 or worst_condition(a, inverse) > "
            "np.finfo(a.dtype).eps ** (-0.25): => if a.shape[-1] < 2 or worst_condition(a, "
            "inverse) > np.finfo(a.dtype).eps ** 0.25:"
        ),
        (
            "linalg.cofactor: if a.shape[-1] < 2 or worst_condition(a, inverse) > "
            "np.finfo(a.dtype).eps ** (-0.25): => if a.shape[-1] < 2 or worst_condition(a, "
            "inverse) > np.finfo(a.dtype).eps:"
        ),
        (
            "linalg.cofactor: if a.shape[-1] < 2 or worst_condition(a, inverse) > "
            "np.finfo(a.dtype).eps ** (-0.25): => if a.shape[-1] < 2 or worst_condition(a, "
            "inverse) >= np.finfo(a.dtype).eps ** (-0.25):"
        ),
        (
            "linalg.cofactor: if a.shape[-1] < 2 or worst_condition(a, inverse) > "
            "np.finfo(a.dtype).eps ** (-0.25): => if a.shape[-1] < 2 or "
            "worst_condition(inverse, a) > np.finfo(a.dtype).eps ** (-0.25):"
        ),
        (
            "linalg.cofactor: if a.shape[-1] < 2 or worst_condition(a, inverse) > "
            "np.finfo(a.dtype).eps ** (-0.25): => if a.shape[-1] < 3 or worst_condition(a, "
            "inverse) > np.finfo(a.dtype).eps ** (-0.25):"
        ),
        (
            "linalg.cofactor: if a.shape[-1] < 2 or worst_condition(a, inverse) > "
            "np.finfo(a.dtype).eps ** (-0.25): => if a.shape[-1] <= 2 or worst_condition(a, "
            "inverse) > np.finfo(a.dtype).eps ** (-0.25):"
        ),
        (
            "linalg.cofactor: if a.shape[-1] < 2 or worst_condition(a, inverse) > "
            "np.finfo(a.dtype).eps ** (-0.25): => if a.shape[-2] < 2 or worst_condition(a, "
            "inverse) > np.finfo(a.dtype).eps ** (-0.25):"
        ),
        (
            "linalg.cofactor: if a.shape[-1] < 2 or worst_condition(a, inverse) > "
            "np.finfo(a.dtype).eps ** (-0.25): => if a.shape[1] < 2 or worst_condition(a, "
            "inverse) > np.finfo(a.dtype).eps ** (-0.25):"
        ),
        (
            "linalg.worst_condition: sizes = (np.linalg.norm(x, axis=(-2, -1)) for x in (a, "
            "inverse)) => sizes = (np.linalg.norm(x) for x in (a, inverse))"
        ),
        (
            "linalg.worst_condition: sizes = (np.linalg.norm(x, axis=(-2, -1)) for x in (a, "
            "inverse)) => sizes = (np.linalg.norm(x, axis=0) for x in (a, inverse))"
        ),
    ],
    "zeros are zeros of any sign and precision": [
        (
            "linalg.lstsq_jvp_b: return (dx, 2 * np.real(np.sum(rest, "
            "0))[:residuals.shape[0]], rank, np.zeros_like(s)) => return (dx, 2 * "
            "np.real(np.sum(rest, 0))[:residuals.shape[0]], rank, "
            "mutation.single(np.zeros_like(s)))"
        ),
        (
            "polynomials.polyval_vjp_p: return np.zeros(p_shape) => return "
            "mutation.single(np.zeros(p_shape))"
        ),
    ],
}
EQUIVALENT = {key: reason for reason, keys in REASONS.items() for key in keys}
