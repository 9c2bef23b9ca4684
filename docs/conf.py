"""How the site is built (`make docs`): broken links and undocumented public names are errors."""

import inspect
import shutil
from pathlib import Path

from sphinx.util import logging

import autograd as ag
import nn
from autograd import viz

project = "GraphGrad"
author = "GraphGrad contributors"
version = release = ag.__version__
html_title = f"GraphGrad {release}"
html_theme = "furo"
html_copy_source = html_show_copyright = html_show_sphinx = False
pygments_dark_style = "github-dark"

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.napoleon",
]
exclude_patterns = ["_build"]
nitpicky = True
default_role = "code"

autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
autodoc_typehints = "none"  # the docstrings say more: shapes
autosummary_generate = False  # every entry stands on a page that says what it is for
napoleon_google_docstring = False
napoleon_use_param = napoleon_use_rtype = False  # types are prose, not links
napoleon_custom_sections = [("Attributes", "params_style")]  # the same

myst_enable_extensions = ["deflist", "dollarmath", "substitution"]
myst_heading_anchors = 3

nb_execution_mode = "off"  # the outputs that are committed are shown; `make notebooks` runs all
HERE = Path(__file__).parent
shutil.copytree(HERE.parent / "notebooks", HERE / "notebooks", dirs_exist_ok=True)  # see `relink`


def is_from_numpy(method):
    """Whether a method of Tensor is documented by NumPy."""
    return (method.__doc__ or "").startswith("Return ``np.")


def conventions():
    """Return the table of conventions, in Markdown."""
    lines = ["| function | at | derivative | why |", "|:--|:--|:--|:--|"]
    lines += [
        f"| `{row.expression}` | {row.at} | {row.derivative} | {row.reason} |"
        for row in ag.conventions()
    ]
    return "\n".join(lines)


methods = [name for name, method in vars(ag.Tensor).items() if is_from_numpy(method)]
myst_substitutions = {
    "conventions": conventions(),
    "methods": ", ".join(f"`{name}`" for name in sorted(methods)),
}


def skip_methods(_app, _what, name, member, skip, _options):
    """Leave out NumPy's methods, which are listed in one line."""
    return skip or (name in methods and is_from_numpy(member))


def relink(_app, name, source):
    """Have links of pages and notebooks to each other lead to the copies of the notebooks."""
    folder, here = ("docs", "..") if name.startswith("notebooks/") else ("notebooks", "notebooks")
    source[0] = source[0].replace(f"(../{folder}/", f"({here}/")


def check_public_names(_app, env):
    """Warn of public names that no page documents."""
    documented = env.get_domain("py").objects
    for package in (ag, ag.extend, viz, nn):
        for name in package.__all__:
            full = f"{package.__name__}.{name}"
            if full not in documented and not inspect.ismodule(getattr(package, name)):
                logging.getLogger(__name__).warning("%s is on no page of the reference", full)


def setup(app):
    """Connect what Sphinx calls."""
    app.connect("autodoc-skip-member", skip_methods)
    app.connect("source-read", relink)
    app.connect("env-check-consistency", check_public_names)
