"""How Sphinx makes the web site: of the repository's own files, where they stand."""

from pathlib import Path

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode, depart_HideCellInput, visit_HideCellInput
from sphinx import addnodes

from gradbook.pytest_plugin.saved import what_is_broken

project = "gradbook"
author = "The gradbook developers"
extensions = ["myst_nb", "sphinx_external_toc", "sphinx-mathjax-offline"]
external_toc_path = "tools/site/toc.yml"
include_patterns = [
    "*.md",
    "benchmarks/*.md",
    "derivation/*.md",
    "docs/*.md",
    "examples/**",
    "notebooks/*.ipynb",
]

nb_execution_mode = "off"  # the notebooks are saved as they run
nb_render_markdown_format = "myst"
nb_code_prompt_show = "Show the solution"  # nothing else is folded
nb_code_prompt_hide = "Hide the solution"
myst_enable_extensions = ["amsmath", "dollarmath"]
myst_dmath_double_inline = True  # a display in the middle of a paragraph
myst_heading_anchors = 4

html_title = project
html_favicon = "static/icon.svg"
html_theme = "sphinx_book_theme"
html_theme_options = {"navbar_persistent": []}
html_sidebars = {"**": ["navbar-logo", "search-button", "sbt-sidebar-nav"]}
html_context = {"default_mode": "auto"}  # light or dark, as the reader's system has it
html_static_path = ["static"]
html_css_files = ["site.css"]
html_show_copyright = False


def as_written(app, document):
    """Leave displays to MathJax: Sphinx would wrap their rows in what can have no numbers.

    What cannot be set, as on a sheet that was scanned, stands as it is typed.
    """
    for display in list(document.findall(nodes.math_block)):
        if what_is_broken(display.astext(), set()):
            display.replace_self(nodes.literal_block(text=display.astext(), language="latex"))
        elif not display.get("no-wrap") and not display.get("nowrap"):
            display.children = [nodes.Text(rf"\[{display.astext()}\]")]
            display["no-wrap"] = True


def without_folders(app, document):
    """A folder of the repository has no page: it is named, without a link."""
    here = Path(app.env.doc2path(app.env.docname)).parent
    for link in list(document.findall(addnodes.pending_xref)):
        if (here / link["reftarget"]).is_dir():
            link.replace_self(link.children)


def open_fold(translator, fold):
    """Let the words that stand on a fold be its name: who speaks to a browser says them."""
    visit_HideCellInput(translator, fold)
    label = ' aria-label="Toggle hidden content"'
    translator.body = [part.replace(label, "") for part in translator.body]


def setup(app):
    app.add_node(HideCodeCellNode, override=True, html=(open_fold, depart_HideCellInput))
    app.connect("doctree-read", without_folders)
    app.connect("doctree-read", as_written)
