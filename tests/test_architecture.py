"""Who may import whom, and how large things may be: `docs/design.md`, as checks.

Each check reads the sources under a root folder and yields its complaints, one line each: file,
line, what is wrong, what to do. So the same checks run on this repository, which must give none,
and on small bad trees, which must give the complaint they were made for.
"""

import ast
import io
import tokenize
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("autograd", "nn")

# A part imports only parts of the lines above its own. A part is a module, or a package with all
# its modules. `graph` stands before `tensor`, since recording makes nodes and `Tensor.backward`
# starts the walk.
LAYERS = (
    (
        "autograd.allocation",
        "autograd.broadcasting",
        "autograd.errors",
        "autograd.numerical",
        "autograd.tree",
    ),
    ("autograd.batching", "autograd.foreign"),
    ("autograd.zeros",),
    ("autograd.graph",),
    ("autograd.dispatch",),
    ("autograd.tensor",),
    ("autograd.plan", "autograd.views", "autograd.operands"),
    ("autograd.primitive",),
    ("autograd.ops", "autograd.tape"),
    ("autograd.transforms",),
    ("autograd.compat",),
    (
        "autograd.numpy",
        "autograd.scipy",
        "autograd.extend",
        "autograd.testing",
        "autograd.viz",
        "autograd.kinks",
        "autograd.explanation",
        "autograd.nonfinite",
        # The modules in which HIPS autograd has these names.
        "autograd.builtins",
        "autograd.differential_operators",
        "autograd.util",
        "autograd.wrap_util",
    ),
    ("autograd.core", "autograd.misc", "autograd.test_util", "autograd.tracer"),
    ("autograd",),
    ("nn",),
)
LEVEL = {part: level for level, parts in enumerate(LAYERS) for part in parts}
# Statements know what a rule is, not how it is walked.
NEVER_MEET = {("autograd.ops", "autograd.graph")}
# The parts of `autograd` that `nn` sees, beside its public names.
PUBLIC_PARTS = {"errors", "extend", "numpy", "scipy", "testing", "viz"}
# Imported where they are used, so not by `import autograd`.
HEAVY = {"graphviz", "hypothesis", "matplotlib", "scipy"}

CORE = (
    "tensor",
    "graph",
    "plan",
    "primitive",
    "views",
    "operands",
    "zeros",
    "foreign",
    "broadcasting",
    "dispatch",
)
CORE_LINES = 1596  # of these together; why so many: docs/design.md, "Layout"
MODULE_LINES = 400
FUNCTION_LINES = 45
FUNCTION_LINES_P95 = 20

LAYOUT_TOKENS = {
    tokenize.COMMENT, tokenize.DEDENT, tokenize.ENCODING, tokenize.ENDMARKER,
    tokenize.INDENT, tokenize.NEWLINE, tokenize.NL,
}  # fmt: skip


class Import(NamedTuple):
    """One imported name: `import module` has no `name`, `from module import name` has one."""

    module: str
    name: str | None
    bound: str
    line: int
    at_import: bool

    @property
    def full(self):
        """The dotted name, which may or may not be a module's."""
        return f"{self.module}.{self.name}" if self.name else self.module


class Source:
    """One module: its path below the root, its dotted name, its syntax tree."""

    def __init__(self, root, path):
        self.path = path.relative_to(root).as_posix()
        parts = list(path.relative_to(root).with_suffix("").parts)
        self.is_package = parts[-1] == "__init__"
        self.name = ".".join(parts[:-1] if self.is_package else parts)
        self.text = path.read_text(encoding="utf-8")
        self.tree = ast.parse(self.text, self.path)

    def imports(self):
        """Yield every import but those for type checkers only, which no program ever runs."""
        todo = [(node, True) for node in self.tree.body]
        while todo:
            node, at_import = todo.pop()
            if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
                todo += [(child, at_import) for child in node.orelse]
                continue
            if isinstance(node, ast.Import):
                for alias in node.names:
                    bound = alias.asname or alias.name.partition(".")[0]
                    yield Import(alias.name, None, bound, node.lineno, at_import)
            elif isinstance(node, ast.ImportFrom):
                module = self.absolute(node)
                for alias in node.names:
                    bound = alias.asname or alias.name
                    yield Import(module, alias.name, bound, node.lineno, at_import)
            later = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            todo += [(child, at_import and not later) for child in ast.iter_child_nodes(node)]

    def absolute(self, node):
        """The module that a `from` import names, without leading dots."""
        if not node.level:
            return node.module
        parents = self.name.split(".")
        parents = parents[: len(parents) - node.level + self.is_package]
        return ".".join([*parents, *filter(None, [node.module])])

    def code_lines(self):
        """The numbers of the lines with a token that is neither comment nor docstring."""
        docstrings = {
            (body[0].value.lineno, body[0].value.col_offset)
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            and ast.get_docstring(node, clean=False) is not None
            and (body := node.body)
        }
        return {
            line
            for token in tokenize.generate_tokens(io.StringIO(self.text).readline)
            if token.type not in LAYOUT_TOKENS and token.start not in docstrings
            for line in range(token.start[0], token.end[0] + 1)
        }

    def functions(self):
        """Yield (name, line, code lines) of each outermost function; nested ones count in it."""
        code = self.code_lines()
        todo = [self.tree]
        while todo:
            for node in ast.iter_child_nodes(todo.pop()):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    lines = set(range(node.lineno, node.end_lineno + 1))
                    yield node.name, node.lineno, len(code & lines)
                else:
                    todo.append(node)


def sources(root):
    """Both packages' modules, by dotted name."""
    found = [
        Source(root, path)
        for package in PACKAGES
        for path in sorted((root / package).rglob("*.py"))
    ]
    return {source.name: source for source in found}


def part_of(name):
    """The part that a dotted name belongs to, or None for other people's modules."""
    pieces = name.split(".")
    if pieces[0] not in PACKAGES:
        return None
    if pieces[0] == "autograd" and len(pieces) > 1:
        return ".".join(pieces[:2])
    return pieces[0]


def target_module(wanted, modules):
    """The module that an import reads: `package.x` in `from package import x`, if there is one."""
    return wanted.full if wanted.full in modules else wanted.module


def misplaced_imports(root):
    """Imports that do not point upwards in `LAYERS`, and modules that are in no layer."""
    modules = sources(root)
    for source in modules.values():
        here = part_of(source.name)
        if here not in LEVEL:
            yield f"{source.path}:1: {here} is in no layer; place it in LAYERS of this test"
            continue
        for wanted in source.imports():
            there = part_of(target_module(wanted, modules))
            if there in {None, here}:
                continue
            if there not in LEVEL or LEVEL[there] >= LEVEL[here] or (here, there) in NEVER_MEET:
                yield (
                    f"{source.path}:{wanted.line}: {here} imports {wanted.full}, which is not "
                    "below it; pass the thing as an argument, or move what both need further down"
                )


def private_uses(root):
    """Imports in `nn` of names that `autograd` does not publish."""
    modules = sources(root)
    names = published(modules["autograd"]) | PUBLIC_PARTS
    parts = {f"autograd.{part}" for part in PUBLIC_PARTS}

    def is_public(wanted):
        if wanted.module == "autograd":
            return wanted.name is None or wanted.name in names
        return wanted.module in parts and not (wanted.name or "").startswith("_")

    for source in modules.values():
        if part_of(source.name) != "nn":
            continue
        for wanted in source.imports():
            if part_of(wanted.module) not in {None, "nn"} and not is_public(wanted):
                yield (
                    f"{source.path}:{wanted.line}: {wanted.full} is not public; use a name of "
                    f"autograd.__all__ or of autograd's {', '.join(sorted(PUBLIC_PARTS))}"
                )


def published(source):
    """The names in a module's literal `__all__`."""
    for node in source.tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return set(ast.literal_eval(node.value))
    pytest.fail(f"{source.path}:1: no literal __all__; write one")


def heavy_imports(root):
    """Optional or slow packages that `import autograd` alone would load."""
    modules = sources(root)
    todo, seen = ["autograd"], {"autograd"}
    while todo:
        source = modules[todo.pop()]
        for wanted in source.imports():
            if not wanted.at_import:
                continue
            if wanted.module.partition(".")[0] in HEAVY:
                yield (
                    f"{source.path}:{wanted.line}: `import autograd` reaches this import of "
                    f"{wanted.module}; import it inside the function that needs it"
                )
            pieces = target_module(wanted, modules).split(".")
            # To import a module is to import the packages around it.
            reached = {".".join(pieces[: n + 1]) for n in range(len(pieces))}
            todo += sorted(reached & modules.keys() - seen)
            seen |= reached


def shadowed_numpy(root):
    """Imports that make `np` something other than NumPy."""
    for source in sources(root).values():
        for wanted in source.imports():
            if wanted.bound == "np" and wanted.full != "numpy":
                yield (
                    f"{source.path}:{wanted.line}: np is {wanted.full} here; "
                    "`import numpy as np`, and another name for the other module"
                )


def oversized_modules(root):
    """The core together, and each module alone, above their budgets."""
    modules = sources(root)
    lines = {name: len(source.code_lines()) for name, source in modules.items()}
    core = {name: lines.get(f"autograd.{name}", 0) for name in CORE}
    if sum(core.values()) > CORE_LINES:
        shares = ", ".join(f"{name} {count}" for name, count in core.items())
        yield (
            f"autograd/:1: the core has {sum(core.values())} code lines ({shares}), "
            f"{CORE_LINES} are allowed; simplify, or raise the number in a commit that says why"
        )
    for name, count in lines.items():
        if count > MODULE_LINES:
            yield (
                f"{modules[name].path}:1: {count} code lines, {MODULE_LINES} are allowed; "
                "split the module where it holds two ideas"
            )


def oversized_functions(root):
    """Functions above the limit, and the longest ones where too many are long."""
    every = [
        (length, f"{source.path}:{line}: {name} has {length} code lines")
        for source in sources(root).values()
        for name, line, length in source.functions()
    ]
    for length, what in every:
        if length > FUNCTION_LINES:
            yield f"{what}, {FUNCTION_LINES} are allowed; split it where it does two things"
    long = sorted((item for item in every if item[0] > FUNCTION_LINES_P95), reverse=True)
    allowed = len(every) // 20
    if len(long) > allowed:
        for _, what in long:
            yield (
                f"{what}; {len(long)} of {len(every)} functions have more than "
                f"{FUNCTION_LINES_P95}, {allowed} may: shorten {len(long) - allowed} of them"
            )


CHECKS = (
    misplaced_imports,
    private_uses,
    heavy_imports,
    shadowed_numpy,
    oversized_modules,
    oversized_functions,
)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_repository_keeps_to_the_design(check):
    complaints = list(check(ROOT))
    assert not complaints, "\n" + "\n".join(complaints)


EMPTY = {"autograd/__init__.py": "__all__ = ['Tensor']\n", "nn/__init__.py": ""}


def plant(root, files):
    """Write a small tree of sources."""
    for path, text in {**EMPTY, **files}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


def function(name, lines):
    """The source of a function with that many code lines, and others that do not count."""
    head = f'def {name}():\n    """Not counted."""\n\n    # nor this\n'
    return head + "    x = 1\n" * (lines - 1)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_a_tree_within_the_rules_gives_no_complaint(check, tmp_path):
    allowed = {
        "autograd/__init__.py": (
            "from autograd import transforms\n"
            "from autograd.tensor import Tensor\n"
            "__all__ = ['Tensor']\n"
        ),
        "autograd/errors.py": "import numpy as np\n" + function("f", 45) + '"""Text."""\n' * 354,
        "autograd/graph.py": (
            "from typing import TYPE_CHECKING\n"
            "if TYPE_CHECKING:\n    from autograd.tensor import Tensor\n"
        ),
        "autograd/tensor.py": "from autograd import graph\n" + function("g", 20) * 19,
        "autograd/ops/__init__.py": "from . import shape\nfrom ..primitive import linear\n",
        "autograd/ops/shape.py": "from .. import tensor\n",
        "autograd/primitive.py": "",
        "autograd/viz/__init__.py": "import graphviz\n",
        "autograd/transforms.py": "def plot():\n    import matplotlib\n",
        "nn/layers.py": (
            "import autograd as ag\nfrom autograd import Tensor, viz\n"
            "from autograd.extend import primitive\nfrom nn.losses import mse\nimport matplotlib\n"
        ),
        "nn/losses.py": "import autograd.errors\n",
    }
    assert list(check(plant(tmp_path, allowed))) == []


@pytest.mark.parametrize(
    ("check", "files", "complaint"),
    [
        (
            misplaced_imports,
            {"autograd/graph.py": "\nimport autograd.tensor\n"},
            "autograd/graph.py:2: ",
        ),
        (
            misplaced_imports,
            {"autograd/tree.py": "from autograd import errors\n", "autograd/errors.py": ""},
            "py:1: ",
        ),
        (
            misplaced_imports,
            {"autograd/tensor.py": "from . import Tensor\n"},
            "imports autograd.Tensor",
        ),
        (
            misplaced_imports,
            {"autograd/extend.py": "def f():\n    import nn\n"},
            "extend.py:2: autograd.extend imp",
        ),
        (
            misplaced_imports,
            {"autograd/ops/a.py": "from ..graph import Node\n"},
            "imports autograd.graph.Node",
        ),
        (misplaced_imports, {"autograd/new.py": ""}, "autograd.new is in no layer"),
        (
            private_uses,
            {"nn/a.py": "from autograd import Node\n"},
            "nn/a.py:1: autograd.Node is not public",
        ),
        (
            private_uses,
            {"nn/a.py": "from autograd.tensor import Tensor\n"},
            "autograd.tensor.Tensor is not public",
        ),
        (private_uses, {"nn/a.py": "import autograd.graph as g\n"}, "autograd.graph is not public"),
        (
            private_uses,
            {"nn/a.py": "from autograd.viz import _svg\n"},
            "autograd.viz._svg is not public",
        ),
        (
            heavy_imports,
            {
                "autograd/__init__.py": "from autograd.viz.draw import svg\n",
                "autograd/viz/__init__.py": "try:\n    from scipy import fft\nfinally:\n    pass\n",
                "autograd/viz/draw.py": "",
            },
            "autograd/viz/__init__.py:2: `import autograd` reaches this import of scipy",
        ),
        (
            shadowed_numpy,
            {"nn/a.py": "import autograd.numpy as np\n"},
            "nn/a.py:1: np is autograd.numpy",
        ),
        (shadowed_numpy, {"nn/a.py": "from autograd import numpy as np\n"}, "np is autograd.numpy"),
        (
            oversized_modules,
            {
                f"autograd/{name}.py": "x = 1\n" * (CORE_LINES // 4 + 1)
                for name in ("tensor", "graph", "primitive", "dispatch")
            },
            f"the core has {CORE_LINES + 4} code lines (tensor {CORE_LINES // 4 + 1}, graph ",
        ),
        (oversized_modules, {"nn/a.py": "x = (1,\n2)\n" * 201}, "nn/a.py:1: 402 code lines"),
        (
            oversized_functions,
            {"nn/a.py": "class A:\n    def f(self):\n" + "        0\n" * 45},
            "nn/a.py:2: f has 46",
        ),
        (
            oversized_functions,
            {"nn/a.py": function("f", 21) + function("g", 20) * 18},
            "f has 21 code lines; 1 of 19",
        ),
    ],
)
def test_a_broken_rule_is_named_with_its_place(check, files, complaint, tmp_path):
    assert complaint in "\n".join(check(plant(tmp_path, files)))


def test_code_lines_are_those_with_code_on_them(tmp_path):
    text = (
        '"""Module."""\n\nx = """two\nlines"""\n# comment\n'
        'def f():\n    "Doc."\n    return (\n        x\n    )\n'
    )
    plant(tmp_path, {"nn/a.py": text})
    assert sources(tmp_path)["nn.a"].code_lines() == {3, 4, 6, 8, 9, 10}
