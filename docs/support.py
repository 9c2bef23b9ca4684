"""The page of NumPy's functions, made from the engine's own table: ``python docs/support.py``."""

import sys
from pathlib import Path

import numpy as np
import numpy.fft
import numpy.linalg
from numpy.testing.overrides import (
    get_overridable_numpy_array_functions,
    get_overridable_numpy_ufuncs,
)

from autograd import dispatch

PAGE = Path(__file__).with_name("numpy-support.md")
MODULES = ("np", "np.linalg", "np.fft", "np.lib")
KINDS = {
    "elementwise": "one rule for each argument, which serves both modes",
    "linear": "their own forward mode; the rule is the transpose",
    "general": "a rule for each mode",
    "composite": "made of the others",
    "constant": "zero wherever there is a derivative; they return what NumPy returns, plain arrays",
}
INTRODUCTION = """\
# NumPy's functions

What happens when a function of NumPy {version} is given a Tensor. The page is made from the
engine's own table by `python docs/support.py`, and a test compares it with what NumPy lets be
overridden: none is left out. [Conventions](conventions.md) tells what derivatives are at kinks,
ties and zeros.

A function that is differentiated does not take every keyword that NumPy's has. A keyword that its
rule does not know raises `KeywordError`, which names it; none is accepted and ignored.
"""
METHODS = """\
## Methods of ufuncs

`reduce`
: is `np.sum`, `np.prod`, `np.max`, `np.min`, `np.nanmax` and `np.nanmin` for `np.add`,
  `np.multiply`, `np.maximum`, `np.minimum`, `np.fmax` and `np.fmin`; it is differentiated for
  `np.logaddexp`, `np.logaddexp2` and `np.hypot`, too.

`accumulate`
: is `np.cumsum` and `np.cumprod` for `np.add` and `np.multiply`; it is differentiated for the
  others of `reduce`, too.

`reduceat`
: is differentiated for those of `reduce`.

`outer`
: is differentiated for every elementwise function of two arguments.

`at`
: is differentiated for every elementwise function; it changes the Tensor in place.

What is not associative, as `np.subtract.reduce`, raises `NotDifferentiableError`.
"""
NAMESPACE = """\
## autograd.numpy

`import autograd.numpy as np` is NumPy's namespace, the very same objects, but for those that
NumPy's protocols do not reach: {replaced}. They take Tensors in lists and in every argument:
`np.array([[t, 1.0], [0.0, u]])`, `np.r_[t, 1.0]`, `np.full(3, t)`.
"""


def functions():
    """Return the public functions that this NumPy lets be overridden, by name.

    Those of `MODULES`: which others there are depends on what else was imported (`np.char`,
    `np.polynomial`); what is not stated raises an error there, too.
    """
    found = get_overridable_numpy_array_functions() | get_overridable_numpy_ufuncs()
    named = ((dispatch.numpy_name(function), function) for function in found)
    return {
        name: function
        for name, function in named
        if module_of(name) in MODULES and not is_hidden(function)
    }


def is_hidden(function):
    """Whether a function has no public name: the twins with ``like=``, the work of `np.strings`."""
    if isinstance(function, np.ufunc):
        return getattr(np, function.__name__, None) is not function
    return getattr(sys.modules[function.__module__], function.__name__, None) is not function


def kind_of(name, function):
    """Return how a function is stated, why it is refused, or None where neither is said."""
    kinds = [dispatch.KINDS.get(function), dispatch.REFUSED.get(name)]
    found = [kind for kind in kinds if kind is not None]
    if len(found) > 1:
        raise ValueError(f"{name} is both stated and refused: {found}")
    return found[0] if found else None


def module_of(name):
    """Return the part of NumPy that a function belongs to."""
    parts = name.split(".")[:-1]
    return ".".join(parts[:2])


def page():
    """Return the page."""
    from autograd.numpy.tensors import REPLACED

    dispatch.state_all()
    known = functions()
    found = {name: kind_of(name, function) for name, function in known.items()}
    version = ".".join(np.__version__.split(".")[:2])
    parts = [INTRODUCTION.format(version=version), counts(found)]
    for module in MODULES:
        names = sorted(name for name in found if module_of(name) == module)
        title = {"np": "numpy", "np.lib": "numpy.lib"}.get(module, module.replace("np", "numpy"))
        parts += [f"## {title}\n", *section({name: found[name] for name in names}, known)]
    replaced = ", ".join(f"`{name}`" for name in sorted(REPLACED))
    return "\n".join([*parts, METHODS, NAMESPACE.format(replaced=replaced)])


def counts(found):
    """Yield the table of how many functions there are of each kind."""
    rows = [("", *MODULES), ("---", *["--:"] * len(MODULES))]
    for kind in (*KINDS, "refused"):
        of_kind = [name for name, k in found.items() if (k if k in KINDS else "refused") == kind]
        rows.append((kind, *(str(sum(module_of(n) == m for n in of_kind)) for m in MODULES)))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"


def section(found, known):
    """Yield the kinds of the functions of one module."""
    for kind, meaning in KINDS.items():
        names = [spelled(name, known[name]) for name, k in found.items() if k == kind]
        if names:
            yield f"**{kind.capitalize()}**, {meaning}: {', '.join(names)}.\n"
    reasons = {}
    for name, kind in found.items():
        if kind not in KINDS:
            reasons.setdefault(kind, []).append(spelled(name, known[name]))
    if reasons:
        yield "| Refused | Why |\n| --- | --- |"
        yield from (f"| {', '.join(names)} | {why} |" for why, names in reasons.items())
        yield ""


def spelled(name, function):
    """Return a name, and the others of the same function."""
    others = [
        f"np.{other}"
        for other in sorted(np.__all__)
        if vars(np).get(other) is function and f"np.{other}" != name
    ]
    return f"`{name}`" + (f" ({', '.join(f'`{other}`' for other in others)})" if others else "")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
