"""README.md and docs: every code block runs, and what it shows is what comes out.

The ``python`` blocks of a page are one program. A comment ``# -> text`` after a statement is what
the statement gives: what it prints, or else the repr of its value. ``# raises Name: text`` is how
it fails, and how the message starts. Either stands on the statement's last line or below it, and
may go on in further comment lines that start with three spaces. Numbers with decimals are compared
to the digits that are written; those that end in a point (``6.``) are exact.
"""

import ast
import contextlib
import importlib
import io
import math
import re
import shutil
import tokenize
from pathlib import Path

import pytest

import autograd.scipy
from autograd.dispatch import KINDS, TABLE, state_all

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
PAGES = [README, *sorted(ROOT.glob("docs/*.md")), *sorted(ROOT.glob("docs/reference/*.md"))]
BLOCK = re.compile(r"^```(\S*).*\n((?:.*\n)*?)```$", re.MULTILINE)
LANGUAGES = {"python", "sh", "text", "{toctree}", "{eval-rst}"}
WIDTH = 88  # of the text on the site; longer lines of code are cut off
NUMBER = re.compile(r"[-+]?\d+\.(\d*)(?:e([-+]\d+))?")


@pytest.fixture(autouse=True)
def _left_as_it_was(tmp_path, monkeypatch):
    """Blocks write files and state primitives: neither outlives its page."""
    monkeypatch.chdir(tmp_path)
    for module in autograd.scipy.MODULES:
        importlib.import_module(f"autograd.scipy.{module}")
    state_all()  # what a block might, which would be forgotten with what it states itself
    tables = TABLE, KINDS
    before = [dict(table) for table in tables]
    yield
    for table, entries in zip(tables, before, strict=True):
        table.clear()
        table.update(entries)


def blocks(text):
    """Yield language, number of the first line and code of each block of a page."""
    for match in BLOCK.finditer(text):
        yield match[1], text.count("\n", 0, match.start(2)) + 1, match[2]


def complaints(text):
    """Run the program of a page; return what it shows wrongly, and how many outputs it shows."""
    found, count, scope = [], 0, {}
    for language, first, code in blocks(text):
        if language != "python":
            continue
        shown = shown_by_line(code)
        for statement in ast.parse(code).body:
            expected = shown.pop(statement.end_lineno, None)
            count += expected is not None
            actual = outcome(statement, scope)
            if not agree(actual, expected):
                place = f"line {first + statement.lineno - 1}: {ast.unparse(statement)!r}"
                found.append(f"{place} gives {actual!r}, shown is {expected!r}")
        for line, output in shown.items():
            found.append(f"line {first + line - 1}: no statement for output {output!r}")
    return found, count


def shown_by_line(code):
    """Return the outputs that a block shows, by the line of code that they stand on or below."""
    shown, previous = {}, 0
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type != tokenize.COMMENT:
            continue
        line = token.start[0]
        if token.string.startswith(("# -> ", "# raises ")):
            start = line - token.line.lstrip().startswith("#")
            shown[start] = token.string.removeprefix("# ").removeprefix("-> ")
        elif shown and line == previous + 1 and token.string.startswith("#   "):
            shown[start] += "\n" + token.string.removeprefix("#")
        else:
            continue
        previous = line
    return shown


def outcome(statement, scope):
    """Run a statement and return what a page shows of it."""
    printed, value = io.StringIO(), None
    with contextlib.redirect_stdout(printed):
        try:
            if isinstance(statement, ast.Expr):
                value = eval(compile(ast.Expression(statement.value), "page", "eval"), scope)
            else:
                exec(compile(ast.Module([statement], []), "page", "exec"), scope)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is compared
            return f"raises {type(error).__name__}: {error}"
    return printed.getvalue() + ("" if value is None else repr(value))


def agree(actual, expected):
    """Whether an outcome is as shown; without anything shown, whether it is no error."""
    if expected is None:
        return not actual.startswith("raises ")
    actual, expected = (
        re.sub(r"(?<=[\[(]) ", "", " ".join(text.split())) for text in (actual, expected)
    )
    if expected.startswith("raises "):
        return actual.startswith(expected)
    if NUMBER.sub("0", actual) != NUMBER.sub("0", expected):
        return False
    pairs = zip(NUMBER.finditer(actual), NUMBER.finditer(expected), strict=True)
    return all(near(float(a[0]), e) for a, e in pairs)


def near(actual, expected):
    """Whether a number is the one that is written, rounded to the decimals that are written."""
    decimals, exponent = len(expected[1]), int(expected[2] or 0)
    rounding = 0.5001 * 10.0 ** (exponent - decimals) if decimals else 0.0
    return math.isclose(actual, float(expected[0]), rel_tol=1e-12, abs_tol=max(rounding, 1e-15))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_a_page_shows_what_its_code_gives(page):
    text = page.read_text(encoding="utf-8")
    if '.svg")' in text and shutil.which("dot") is None:
        pytest.skip("the page draws with Graphviz's dot, which is not installed")
    found, count = complaints(text)
    assert not found, "\n".join(found)
    assert count == text.count("# -> ") + text.count("# raises ")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_a_page_has_no_unchecked_language_no_cut_line_and_no_broken_link(page):
    text = page.read_text(encoding="utf-8")
    assert {language for language, _, _ in blocks(text)} <= LANGUAGES
    lines = [line for _, _, code in blocks(text) for line in code.splitlines()]
    assert [line for line in lines if len(line) > WIDTH] == []
    assert text.count("\n```") == 2 * len(list(blocks(text)))
    links = re.findall(r"\]\(([^)\s#]+)[^)]*\)", BLOCK.sub("", text))
    files = [link for link in links if "://" not in link]
    assert [file for file in files if not (page.parent / file).exists()] == []


def test_the_first_gradient_stands_before_line_20_of_the_readme():
    lines = README.read_text(encoding="utf-8").splitlines()
    assert any(re.search(r"\.grad\b.*# -> ", line) for line in lines[:19])


def test_the_readme_names_the_two_commands_and_the_makefile_has_them():
    text = README.read_text(encoding="utf-8")
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    for target in ("demo", "test"):
        assert f"make {target}" in text
        assert target in targets


@pytest.mark.parametrize(
    ("code", "complaint"),
    [
        ("1.5 + 1.5  # -> 4.0", r"line 3: '1.5 \+ 1.5' gives '3.0', shown is '4.0'"),
        ("1.0 / 3.0  # -> 0.34", "gives '0.333.*', shown is '0.34'"),
        ("2.0 * 3.2  # -> 6.", r"gives '6.4', shown is '6\.'"),
        ("print('a')\n# -> b", r"line 3: .* gives 'a\\n', shown is 'b'"),
        ("[1,\n 2]  # -> [1,\n#   3]", r"line 3: .* shown is '\[1,\\n   3\]'"),
        ("x = 1  # -> 1", "'x = 1' gives '', shown is '1'"),
        ("{}['x']", "raises KeyError.*shown is None"),
        ("{}['x']  # raises KeyError: 'y'", "raises KeyError: 'x'.*raises KeyError: 'y'"),
        ("1  # raises KeyError: 'x'", "gives '1'"),
        ("1\n\n# -> 1", "line 4: no statement for output '1'"),
    ],
)
def test_the_check_sees_what_is_not_so(code, complaint):
    found, _ = complaints(f"# Page\n```python\n{code}\n```\n")
    assert len(found) == 1
    assert re.search(complaint, found[0]), found


@pytest.mark.parametrize(
    "code",
    [
        "1.0 / 3.0  # -> 0.33",
        "print('a', 1)  # -> a 1",
        "x = 1\n# not an output\nx  # -> 1",
        "[1,\n 2]\n# -> [1,\n#     2]",
        "for i in range(2):\n    print(i)\n# -> 0\n#    1",
        "{}['x']  # raises KeyError",
        "1e-9 * 1.25  # -> 1.2e-09",
    ],
)
def test_the_check_takes_what_is_so(code):
    assert complaints(f"# Page\n```python\n{code}\n```\n") == ([], 1)
