"""Every name that programs import from HIPS autograd is where they look for it."""

import importlib
import pathlib
import subprocess
import sys

import numpy as np
import pytest

import autograd as ag
from autograd import Tensor

NAMES = {
    "autograd": (
        "grad value_and_grad grad_and_aux elementwise_grad egrad deriv jacobian hessian make_vjp "
        "make_jvp make_hvp make_ggnvp hessian_tensor_product hessian_vector_product "
        "tensor_jacobian_product vector_jacobian_product holomorphic_grad grad_named "
        "multigrad_dict checkpoint primitive dict list tuple isinstance type"
    ),
    "autograd.differential_operators": (
        "grad value_and_grad grad_and_aux elementwise_grad deriv jacobian hessian make_vjp "
        "make_jvp make_jvp_reversemode make_hvp make_ggnvp hessian_tensor_product grad_named "
        "hessian_vector_product tensor_jacobian_product vector_jacobian_product holomorphic_grad "
        "multigrad_dict checkpoint"
    ),
    "autograd.builtins": "isinstance type list tuple dict SequenceBox DictBox",
    "autograd.extend": (
        "primitive defvjp defvjp_argnum defvjp_argnums defjvp defjvp_argnum defjvp_argnums "
        "def_linear notrace_primitive register_notrace Box VSpace vspace SparseObject "
        "JVPNode VJPNode"
    ),
    "autograd.core": (
        "make_vjp make_jvp primitive vspace VSpace VJPNode JVPNode primitive_vjps primitive_jvps "
        "defvjp defjvp SparseObject"
    ),
    "autograd.tracer": (
        "isbox getval Box new_box trace_stack Node trace primitive notrace_primitive "
        "register_notrace toposort subvals"
    ),
    "autograd.util": "quick_grad_check func subvals subval toposort",
    "autograd.wrap_util": "unary_to_nary get_name get_doc",
    "autograd.misc": "flatten const_graph",
    "autograd.misc.flatten": "flatten flatten_func",
    "autograd.misc.optimizers": "sgd rmsprop adam",
    "autograd.misc.fixed_points": "fixed_point",
    "autograd.misc.tracers": "const_graph full_graph FullGraphNode",
    "autograd.test_util": (
        "check_grads check_vjp check_jvp check_equivalent combo_check scalar_close EPS TOL RTOL"
    ),
    "autograd.numpy.numpy_boxes": "ArrayBox",
    "autograd.numpy.numpy_vspaces": "ArrayVSpace ComplexArrayVSpace",
    "autograd.numpy.numpy_vjps": "unbroadcast unbroadcast_f replace_zero match_complex",
    "autograd.numpy.numpy_jvps": "defjvp def_linear",
    "autograd.numpy.numpy_wrapper": "wrap_namespace array_from_args array concatenate",
    "autograd.numpy.linalg": "_dot T cholesky LinAlgError",
    "autograd.numpy.fft": "fft irfftn fftshift",
    "autograd.numpy.random": "randn RandomState default_rng Generator",
    "autograd.numpy": "make_diagonal linalg fft random numpy_boxes numpy_vjps pi ndarray float64",
}


@pytest.mark.parametrize(("module", "names"), NAMES.items(), ids=NAMES)
def test_names_resolve(module, names):
    found = importlib.import_module(module)
    missing = [name for name in names.split() if not hasattr(found, name)]
    assert not missing


PARTS = [
    *("numpy", "builtins", "core", "extend", "tracer", "util", "wrap_util"),
    "differential_operators",
]


def test_import_autograd_alone_reaches_the_modules_that_hips_loads():
    program = "import autograd; " + "; ".join(f"autograd.{part}.__name__" for part in PARTS)
    program += "; autograd.numpy.linalg.inv; autograd.numpy.numpy_boxes.ArrayBox"
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_the_types_are_no_part_of_a_star_import():
    scope = {}
    exec("from autograd import *", scope)
    assert "grad" in scope
    assert not {"dict", "list", "tuple", "isinstance", "type"} & scope.keys()


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'autograd' has no attribute 'nothing'"):
        ag.nothing  # noqa: B018


def test_the_functions_of_both_names_are_the_same():
    operators = importlib.import_module("autograd.differential_operators")
    assert operators.grad is ag.grad
    assert ag.egrad is ag.elementwise_grad
    assert ag.hessian_tensor_product is ag.hessian_vector_product
    assert ag.tensor_jacobian_product is ag.vector_jacobian_product


def test_numpys_classes_and_constants_are_its_own():
    anp = importlib.import_module("autograd.numpy")
    for name in ["ndarray", "float64", "complex128", "inf", "newaxis", "generic", "number"]:
        assert getattr(anp, name) is getattr(np, name)
    assert anp.random.Generator is np.random.Generator
    assert anp.__version__ == np.__version__


def test_a_tensor_is_an_array_box():
    boxes = importlib.import_module("autograd.numpy.numpy_boxes")
    assert isinstance(Tensor(1.0), boxes.ArrayBox)
    assert issubclass(Tensor, boxes.ArrayBox)
    assert not isinstance(np.ones(2), boxes.ArrayBox)
    assert type(Tensor(1.0)).__module__.startswith("autograd")  # by which autoray tells libraries


def test_only_programs_look_into_boxes():
    """`_value` is HIPS's and walks the graph; the package's own code reads `_data`."""
    package = pathlib.Path(ag.__file__).parent
    users = [path.name for path in package.rglob("*.py") if "._value" in path.read_text("utf8")]
    assert users == []
