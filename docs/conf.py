"""How the site is made: ``python tools/make_site.py``, or ``make docs``.

The pages are where readers of the repository find them: `docs/`, the notebooks in `examples/`, and a few pages beside
them. So the source is the repository's root, and links between pages are the same in both. Nothing is loaded from
elsewhere: the theme uses the reader's own fonts, and formulas become MathML when the site is made.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx

import kapteam

project = "kapteam"
author = "the authors of kapteam"
copyright = author
version = release = kapteam.__version__
language = "en"

extensions = ["myst_nb", "sphinx.ext.autodoc", "numpydoc"]
root_doc = "docs/index"
include_patterns = ["docs/**.md", "examples/*.md", "benchmarks/*.md", "law/*.md", "CHANGELOG.md", "CONTRIBUTING.md"]
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

# Every name of kapteam that a docstring refers to is in the reference, but for what lives inside the floors.
nitpicky = True
nitpick_ignore_regex = [
    ("py:.*", r"(?!kapteam\.).*"),
    ("py:.*", r"kapteam\.(columns|law|draw\.marks|network\.judge|rules\.rulebook|tables\.table)\..*"),
    ("py:.*", r"kapteam\.(advice\.even|matching\.(branches|certificate|communication|held|market|saved|seats))\..*"),
    ("py:.*", r"kapteam\.sessions\.(candidates|days|kinds|model|onsite|saved|solve)\..*"),
    ("py:.*", r"kapteam\.sessions\.kept\.Keeping"),
]

html_theme = "furo"
html_title = "kapteam"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_domain_indices = False
html_show_sphinx = False
html_math_renderer = "mathml"


def setup(app: Sphinx) -> None:
    """Have formulas written as MathML, which every browser shows by itself."""
    app.add_html_math_renderer("mathml", inline_renderers=(_inline, None), block_renderers=(_block, None))


def _inline(translator: Any, node: nodes.math) -> None:
    translator.body.append(tex2mathml(node.astext()))
    raise nodes.SkipNode


def _block(translator: Any, node: nodes.math_block) -> None:
    translator.body.append(tex2mathml(node.astext(), as_block=True))
    raise nodes.SkipNode
