"""What a user installs: the wheel, what it holds and needs, its public names, what it loads."""

import inspect
import json
import os
import subprocess
import sys
import venv
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

import autograd as ag
import nn

ROOT = Path(__file__).parents[1]


def run(*command, **options):
    """Run a program to its end and return what it printed."""
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=300, **options
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def pip(*arguments):
    """Run this environment's pip."""
    return run(sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel that this checkout gives."""
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT))
    (built,) = folder.glob("graphgrad-*.whl")
    return built


def test_the_wheel_holds_both_packages_typed_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {"autograd/py.typed", "nn/py.typed"} <= names
    top = {name.partition("/")[0] for name in names}
    assert {name for name in top if not name.endswith(".dist-info")} == {"autograd", "nn"}
    assert {name for name in names if name.endswith("LICENSE")}
    modules = {
        path.relative_to(ROOT).as_posix()
        for package in ("autograd", "nn")
        for path in (ROOT / package).rglob("*.py")
    }
    assert {name for name in names if name.endswith(".py")} == modules
    page = {"explorer.html", "explorer.css", "explorer.js", "vendor/viz-global.js"}
    page.add("vendor/LICENSES.txt")  # which must be wherever the library is
    assert {f"autograd/viz/explorer/{name}" for name in page} <= names


def test_the_wheel_needs_numpy_and_graphviz_only(wheel):
    with zipfile.ZipFile(wheel) as archive:
        (path,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = Parser().parsestr(archive.read(path).decode())
    needs = [need for need in metadata.get_all("Requires-Dist") if "extra ==" not in need]
    assert sorted(needs) == ["graphviz>=0.20", "numpy>=2"]
    assert metadata["Requires-Python"] == ">=3.11"


def test_the_wheel_works_in_an_empty_environment(wheel, tmp_path):
    venv.create(tmp_path / "empty", with_pip=False, symlinks=os.name != "nt")
    python = str(tmp_path / "empty" / ("Scripts" if os.name == "nt" else "bin") / "python")
    pip("--python", python, "install", str(wheel))
    program = """
import numpy as np, autograd as ag, nn
x = ag.Tensor([1.0, 2.0, 3.0])
np.sum(x**3).backward()
model = nn.MLP([3, 4, 2], rng=np.random.default_rng(0))
nn.softmax_cross_entropy(model(np.ones((5, 3))), np.array([0, 1, 0, 1, 0])).backward()
print(ag.__file__, x.grad.tolist(), all(np.any(p.grad) for p in model.parameters()))
"""
    printed = run(python, "-I", "-c", program, cwd=tmp_path)
    assert printed.startswith(str(tmp_path))
    assert printed.endswith("[3.0, 12.0, 27.0] True\n")


def test_import_autograd_does_not_load_optional_packages():
    program = "import sys, json, autograd; print(json.dumps(sorted(sys.modules)))"
    loaded = set(json.loads(run(sys.executable, "-c", program, cwd=ROOT)))
    assert "numpy" in loaded
    heavy = {"graphviz", "hypothesis", "matplotlib", "nn", "pytest", "scipy", "sklearn", "tqdm"}
    assert not loaded & heavy


@pytest.mark.parametrize("package", [ag, nn], ids=lambda package: package.__name__)
def test_all_is_the_public_namespace_sorted(package):
    def is_part(value):
        return inspect.ismodule(value) and value.__name__.startswith(f"{package.__name__}.")

    names = {
        name
        for name, value in vars(package).items()
        # pytest's rewriting of assertions leaves names like @py_builtins, which no program can say.
        if name.isidentifier() and not name.startswith("_") and not is_part(value)
    }
    # A module of the package stands in its namespace once imported, published or not.
    parts = {name for name in package.__all__ if is_part(getattr(package, name))}
    assert list(package.__all__) == sorted(names | parts)
