"""The exceptions: the tree in their module's docstring is true."""

import builtins
import inspect
import re

import pytest

from autograd import errors

TREE = re.findall(r"[├└]── (\w+)\s+(\w+)\s+(.+)", errors.__doc__)
CLASSES = dict(inspect.getmembers(errors, inspect.isclass))


def test_the_drawn_tree_has_every_exception_sorted():
    names = [name for name, _, _ in TREE]
    assert names == sorted(CLASSES.keys() - {"GradError"})


@pytest.mark.parametrize(("name", "builtin", "what"), TREE)
def test_each_exception_is_what_the_tree_says(name, builtin, what):
    exception = CLASSES[name]
    assert exception.__bases__[:2] == (errors.GradError, getattr(builtins, builtin))
    assert exception.__doc__
    assert what
    with pytest.raises(getattr(builtins, builtin), match="words"):
        raise exception("words")
