"""The other operators on functions, in HIPS autograd's calling form.

``op(function, argnum=0)`` returns a function of the same arguments. They are made of the runs and
walks of the other modules of this package.
"""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.errors import NotNumericError, NotScalarError
from autograd.operands import value_of
from autograd.ops.conversion import joined
from autograd.transforms.gradient import grad
from autograd.transforms.jacobians import jacobian
from autograd.transforms.products import puller, pusher
from autograd.transforms.running import (
    NUMBERS,
    Argnum,
    Run,
    check_numbers,
    name_of,
    named_after,
    one_number,
    pull_run,
    run_function,
    warn_if_independent,
    without_aux,
    without_tensors,
)
from autograd.tree import flatten, map_leaves

Function = Callable[..., Any]


def grad_and_aux(function: Function, argnum: Argnum = 0) -> Function:
    """Return the function from the arguments to the gradient and what else `function` returns.

    Parameters
    ----------
    function : callable
        To a pair: one real number, and anything else.
    argnum : int, str, or tuple or list of them
        Which arguments to differentiate.

    Returns
    -------
    callable
        To ``(gradient of the number, what else)``.

    Examples
    --------
    >>> grad_and_aux(lambda x: (x**2, {"twice": 2 * x}))(3.0)
    (np.float64(6.0), {'twice': np.float64(6.0)})
    """

    @named_after(function, "grad_and_aux", argnum)
    def gradient_and_aux(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
        run, aux = without_aux(run_function(function, argnum, args, kwargs), has_aux=True)
        return pull_run(one_number("grad_and_aux", function, run))[0], aux

    return gradient_and_aux


def elementwise_grad(function: Function, argnum: Argnum = 0) -> Function:
    """Return the gradient of the sum of what `function` returns.

    That is all derivatives of an elementwise function at once.

    Of a function that is not elementwise it is the sum of the rows of the Jacobian.

    Examples
    --------
    >>> elementwise_grad(np.sin)(np.array([0.0, np.pi]))
    array([ 1., -1.])
    """

    @named_after(function, "elementwise_grad", argnum)
    def gradient(*args: Any, **kwargs: Any) -> Any:
        run = run_function(function, argnum, args, kwargs)
        check_numbers("elementwise_grad", function, run.value)
        ones = map_leaves(_ones_like_real, run.value)
        return pull_run(run, ones)[0]

    return gradient


def _ones_like_real(y: Any) -> Any:
    """Return ones of the shape and dtype of `y`, which must be real."""
    value = value_of(y)
    kind = np.result_type(value)
    if kind.kind == "c":
        raise NotScalarError(
            f"Elementwise_grad only applies to real-output functions, got {kind}; take the real "
            f"part, or see jvp and vjp"
        )
    return np.ones_like(value)


egrad = elementwise_grad


def deriv(function: Function, argnum: Argnum = 0) -> Function:
    """Return the derivative of `function` in the direction of ones, by forward mode.

    Of a function of one number, that is its derivative, whatever shape it returns.

    Examples
    --------
    >>> deriv(lambda t: np.array([1.0, 10.0]) * t**2)(3.0)
    array([ 6., 60.])
    """

    @named_after(function, "deriv", argnum)
    def derivative(*args: Any, **kwargs: Any) -> Any:
        run = _run(function, argnum, args, kwargs)
        warn_if_independent(run)
        return pusher(run)(run.rebuild([np.ones_like(v._data) for v in run.variables]))

    return derivative


def make_vjp(function: Function, argnum: Argnum = 0) -> Function:
    """Return the function from the arguments to the pullback there, and the value.

    Returns
    -------
    callable
        To ``(pull, value)``; `pull` goes from a cotangent of the value to that of the argument, as
        often as it is called.

    Examples
    --------
    >>> pull, value = make_vjp(np.square)(np.array([1.0, 2.0]))
    >>> pull(np.array([1.0, 10.0]))
    array([ 2., 40.])
    """

    @named_after(function, "make_vjp", argnum)
    def pull_and_value(*args: Any, **kwargs: Any) -> tuple[Function, Any]:
        run = _run(function, argnum, args, kwargs)
        return puller(run), without_tensors(run, run.value)

    return pull_and_value


def make_jvp(function: Function, argnum: Argnum = 0) -> Function:
    """Return the function from the arguments to the pushforward there.

    Returns
    -------
    callable
        To the function from a tangent to ``(value, tangent of the value)``.

    Examples
    --------
    >>> make_jvp(np.square)(np.array([1.0, 2.0]))(np.array([1.0, 10.0]))
    (array([1., 4.]), array([ 2., 40.]))
    """

    @named_after(function, "make_jvp", argnum)
    def pushforward(*args: Any, **kwargs: Any) -> Function:
        run = _run(function, argnum, args, kwargs)
        warn_if_independent(run)
        push = pusher(run)
        return lambda tangent: (without_tensors(run, run.value), push(tangent))

    return pushforward


def make_jvp_reversemode(function: Function, argnum: Argnum = 0) -> Function:
    """Return the function from the arguments to the function from a tangent to that of the value.

    The name is HIPS autograd's, which took this way for want of rules for forward mode.

    Examples
    --------
    >>> make_jvp_reversemode(np.square)(3.0)(1.0)
    np.float64(6.0)
    """

    @named_after(function, "make_jvp_reversemode", argnum)
    def pushforward(*args: Any, **kwargs: Any) -> Function:
        push = make_jvp(function, argnum)(*args, **kwargs)
        return lambda tangent: push(tangent)[1]

    return pushforward


def make_hvp(function: Function, argnum: Argnum = 0) -> Function:
    """Return the function from the arguments to Hessian-vector products there, and the gradient.

    Returns
    -------
    callable
        To ``(product, gradient)``; `product` goes from a vector to the Hessian times that vector.

    Examples
    --------
    >>> product, gradient = make_hvp(lambda x: np.sum(x**3))(np.array([1.0, 2.0]))
    >>> gradient, product(np.array([1.0, 0.0]))
    (array([ 3., 12.]), array([6., 0.]))
    """

    @named_after(function, "make_hvp", argnum)
    def product_and_gradient(*args: Any, **kwargs: Any) -> tuple[Function, Any]:
        run = _run(grad(function, argnum), argnum, args, kwargs)
        return pusher(run), without_tensors(run, run.value)

    return product_and_gradient


def hessian_vector_product(function: Function, argnum: Argnum = 0) -> Function:
    """Return the function from the arguments, and a vector after them, to Hessian times vector.

    The vector has the form of the argument: it may be a matrix, or a container.

    Examples
    --------
    >>> product = hessian_vector_product(lambda x: np.sum(x**3))
    >>> product(np.array([1.0, 2.0]), np.array([1.0, 0.0]))
    array([6., 0.])
    """

    @named_after(function, "hessian_vector_product", argnum, same_arguments=False)
    def product(*args: Any, **kwargs: Any) -> Any:
        *args, vector = args  # type: ignore[assignment]
        return make_hvp(function, argnum)(*args, **kwargs)[0](vector)

    return product


hessian_tensor_product = hessian_vector_product


def vector_jacobian_product(function: Function, argnum: int = 0) -> Function:
    """Return the function from the arguments, and a vector after them, to vector times Jacobian.

    The axes of the vector, or matrix, are summed with the first axes of what `function` returns.

    Examples
    --------
    >>> product = vector_jacobian_product(lambda x: np.array([[1.0, 2.0], [3.0, 4.0]]) @ x)
    >>> product(np.array([1.0, 1.0]), np.array([1.0, 10.0]))
    array([31., 42.])
    """

    @named_after(function, "vector_jacobian_product", argnum, same_arguments=False)
    def product(*args: Any, **kwargs: Any) -> Any:
        *args, vector = args  # type: ignore[assignment]

        def contracted(*args: Any, **kwargs: Any) -> Any:
            return np.tensordot(vector, function(*args, **kwargs), np.ndim(vector))

        return jacobian(contracted, argnum)(*args, **kwargs)

    return product


tensor_jacobian_product = vector_jacobian_product


def _half_sum_of_squares(x: Any) -> Any:
    return np.sum(x**2, axis=-1) / 2


def make_ggnvp(f: Function, g: Function = _half_sum_of_squares, f_argnum: Argnum = 0) -> Function:
    """Return the function from the arguments to products with the generalized Gauss-Newton matrix.

    That is JᵀHJ, with the Jacobian J of `f` and the Hessian H of `g` at what `f` returns
    (N. N. Schraudolph, Fast curvature matrix-vector products, Neural Computation 14, 2002).

    Parameters
    ----------
    f : callable
    g : callable
        Of what `f` returns; half the sum of squares over the last axis.
    f_argnum : int, str, or tuple or list of them
        Which arguments of `f` to differentiate.

    Returns
    -------
    callable
        To the function from a vector to the product.

    Examples
    --------
    >>> product = make_ggnvp(lambda x: np.array([[1.0, 2.0], [3.0, 4.0]]) @ x)(np.zeros(2))
    >>> product(np.array([1.0, 0.0]))
    array([10., 14.])
    """

    @named_after(f, "make_ggnvp", f_argnum)
    def products(*args: Any, **kwargs: Any) -> Function:
        run = _run(f, f_argnum, args, kwargs)
        y = without_tensors(run, run.value)
        push, pull, curve = pusher(run), puller(run), make_jvp(elementwise_grad(g))(y)
        return lambda vector: pull(curve(push(vector))[1])

    return products


def holomorphic_grad(function: Function, argnum: Argnum = 0) -> Function:
    """Return the derivative of a holomorphic function, from the gradient of its real part.

    Warns
    -----
    UserWarning
        If the argument is not complex: then the derivative is real, which is half of the truth.

    Examples
    --------
    >>> holomorphic_grad(lambda z: z**2)(1 + 2j)
    np.complex128(2+4j)
    """

    def real_part(*args: Any, **kwargs: Any) -> Any:
        value = joined(function(*args, **kwargs))
        if not isinstance(value, NUMBERS):
            raise NotNumericError(f"{name_of(function)} returned {value!r}; return one number")
        real: Any = np.real
        return real(value)

    gradient = grad(named_after(function, "real_part", argnum)(real_part), argnum)

    @named_after(function, "holomorphic_grad", argnum)
    def derivative(*args: Any, **kwargs: Any) -> Any:
        found = gradient(*args, **kwargs)
        if not all(np.iscomplexobj(value_of(leaf)) for leaf in flatten(found)[0]):
            warnings.warn("Input to holomorphic_grad is not complex", UserWarning, stacklevel=2)
        return found

    return derivative


def grad_named(function: Function, argname: str) -> Function:
    """Return the gradient in the argument of that name: ``grad(function, argname)``.

    Examples
    --------
    >>> grad_named(lambda x, y: x * y**2, "y")(5.0, 3.0)
    np.float64(30.0)
    """
    return grad(function, argname)


def multigrad_dict(function: Function) -> Function:
    """Return the gradient in all arguments at once, a dictionary by their names.

    Defaults are arguments, too. Arguments that are no real or complex numbers have None.

    Examples
    --------
    >>> multigrad_dict(lambda x, y, scale=1.0: scale * x * y)(2.0, y=3.0)
    {'x': np.float64(3.0), 'y': np.float64(2.0), 'scale': np.float64(6.0)}
    """
    import inspect

    signature = inspect.signature(function)

    def of_dictionary(arguments: dict[str, Any]) -> Any:
        bound = signature.bind_partial()
        bound.arguments.update(arguments)
        return function(*bound.args, **bound.kwargs)

    gradient = grad(named_after(function, "of_dictionary", "all")(of_dictionary))

    @named_after(function, "multigrad_dict", "all")
    def gradients(*args: Any, **kwargs: Any) -> Any:
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        return gradient(dict(bound.arguments))

    return gradients


def _run(function: Function, argnum: Argnum, args: Any, kwargs: dict[str, Any]) -> Run:
    """Return a run of a function, which must return a number, an array, or a container of them."""
    run = run_function(function, argnum, args, kwargs)
    leaves = flatten(run.value)[0]
    if leaves and not any(isinstance(leaf, NUMBERS) for leaf in leaves):
        raise NotNumericError(
            f"a derivative needs numbers, arrays, or containers of them: {name_of(function)} "
            f"returned {run.value!r}"
        )
    return run
