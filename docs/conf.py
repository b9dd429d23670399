"""How the site is made: ``python tools/make_site.py``, or ``make docs``.

The pages are where readers of the repository find them: `docs/`, the notebooks in `examples/`, and a few pages beside
them. So the source is the repository's root, and links between pages are the same in both. Nothing is loaded from
elsewhere: the theme uses the reader's own fonts, and formulas become MathML when the site is made.
"""

from __future__ import annotations

import kapteam

project = "kapteam"
author = "the authors of kapteam"
copyright = author
version = release = kapteam.__version__
language = "en"

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.viewcode", "numpydoc"]
root_doc = "docs/index"
include_patterns = [
    "docs/**.md", "examples/**.md", "CHANGELOG.md", "CONTRIBUTING.md", "law/README.md",
    "benchmarks/*.md",
]  # fmt: skip
nitpicky = True
exclude_patterns = [".*", "build", "dist", "kapteam-demo", "src", "tests"]

myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_timeout = 60
nb_execution_show_tb = True
nb_merge_streams = True

autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
numpydoc_show_class_members = False

html_theme = "furo"
html_title = "kapteam"
html_copy_source = False
html_show_sphinx = False
