"""`pytest --gradbook`: notebooks, pages and functions are tests.

- A notebook, `*.ipynb`: one test of how it was saved (`saved`), then one for each code cell, which
  is run and shows what it showed (`notebook`).
- A page, a `*.md` that says `gradbook: page` in its front matter, or a notebook that says it in a
  comment `<!-- gradbook: page -->`: one test for each line, which is proved (`lines`).
- A function below a comment `# gradbook: PAGE` in a `*.py`: one test, which judges it
  (`functions`).

`collecting` finds them, `marks` is what marks them, `pictures` compares pictures, and `failure` is
words in place of a traceback.

pytest loads this module in every run where gradbook is installed, so that it imports nothing of
gradbook until `--gradbook` asks for it. docs/ci.md tells how a project uses it.
"""

from __future__ import annotations

from typing import Literal

import pytest

#: Each setting of the project: name, kind, default, help.
SETTINGS: tuple[tuple[str, Literal["bool", "args", "float"], object, str], ...] = (
    ("gradbook_markers", "bool", False, "allow nbval's markers and tags; they are counted"),
    ("gradbook_errors", "bool", False, "allow an error that a notebook shows as it is raised"),
    ("gradbook_ignore", "args", [], "not compared: MIME types such as text/html, stdout, stderr"),
    ("gradbook_stripped", "bool", False, "run notebooks without outputs, and compare nothing"),
    ("gradbook_output_timeout", "float", 5.0, "seconds to wait for an output that is announced"),
    ("gradbook_max_output", "float", 1000.0, "the most output that a cell may have saved, in kB"),
    ("gradbook_pictures", "float", 0.02, "the most by which a picture may differ, from 0 to 1"),
)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("gradbook", "pages, notebooks and functions as tests")
    group.addoption(
        "--gradbook",
        action="store_true",
        help="run notebooks (*.ipynb), pages (*.md) and marked functions as tests",
    )
    group.addoption(
        "--gradbook-write",
        metavar="DIR",
        help="write the notebooks as this run executed them into this folder",
    )
    for name, kind, default, said in SETTINGS:
        parser.addini(name, said, type=kind, default=default)


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("gradbook"):
        from gradbook.pytest_plugin.collecting import Collecting

        config.pluginmanager.register(Collecting(config), "gradbook-collecting")
