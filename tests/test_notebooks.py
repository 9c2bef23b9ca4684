"""The story in notebooks/: run from top to bottom, linked in order, free of whose machine it was.

That they run is for `make notebooks`, which executes them anew (nbmake). Here is what is committed.
"""

import base64
import json
import re
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
LINK = re.compile(r"\]\(([^)#\s]+)\)")
MACHINE = re.compile(r"(?:/(?:home|Users|root|tmp|work|usr|opt)/|[A-Z]:\\)\w")
LARGEST_IMAGE = 60_000  # bytes of a PNG: what a checkout and a page can bear

each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def cells(path, kind):
    return [c for c in json.loads(path.read_text())["cells"] if c["cell_type"] == kind]


def source(path, kind):
    return "\n".join("".join(cell["source"]) for cell in cells(path, kind))


def outputs(path):
    return [output for cell in cells(path, "code") for output in cell["outputs"]]


def test_there_are_ten():
    assert [path.stem[:2] for path in NOTEBOOKS] == [f"{number:02}" for number in range(1, 11)]


@each
def test_cells_were_run_in_order(path):
    counts = [cell["execution_count"] for cell in cells(path, "code")]
    assert counts == list(range(1, len(counts) + 1))


@each
def test_it_shows_numbers_and_figures_and_no_error(path):
    kinds = {output["output_type"] for output in outputs(path)}
    assert kinds <= {"stream", "display_data", "execute_result"}
    assert {output.get("name", "stdout") for output in outputs(path)} == {"stdout"}  # no warnings
    shown = {mime for output in outputs(path) for mime in output.get("data", {})}
    assert shown & {"image/png", "image/svg+xml"}


@each
def test_images_are_small(path):
    images = [output.get("data", {}).get("image/png", "") for output in outputs(path)]
    assert all(len(base64.b64decode(image)) <= LARGEST_IMAGE for image in images)


@each
def test_nothing_tells_whose_machine_it_was(path):
    document = json.loads(path.read_text())
    for cell in document["cells"]:
        for output in cell.get("outputs", []):
            for mime in output.get("data", {}):
                if mime.startswith("image/png"):
                    output["data"][mime] = ""  # letters that mean nothing
    assert not MACHINE.search(json.dumps(document))
    assert set(document["metadata"]) == {"kernelspec", "language_info"}
    assert document["metadata"]["language_info"] == {"name": "python"}  # no version of it
    assert not any(cell["metadata"] for cell in document["cells"])  # no times


@each
def test_links_lead_somewhere(path):
    targets = [t for t in LINK.findall(source(path, "markdown")) if "://" not in t]
    assert [target for target in targets if not (path.parent / target).exists()] == []


@pytest.mark.parametrize(
    ("path", "following"), list(pairwise(NOTEBOOKS)), ids=lambda path: path.stem
)
def test_each_leads_to_the_next(path, following):
    last = "".join(cells(path, "markdown")[-1]["source"]).splitlines()[-1]
    title = source(following, "markdown").splitlines()[0].removeprefix("# ")
    assert last == f"Next: [{title}]({following.name})"


def test_the_documentation_lists_them_all():
    page = (ROOT / "docs" / "index.md").read_text()
    titles = {path.name: source(path, "markdown").splitlines()[0] for path in NOTEBOOKS}
    missing = [name for name in titles if f"/notebooks/{name})" not in page]
    assert missing == []
