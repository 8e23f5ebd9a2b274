"""Data goes one way: no module imports, at once or later, what is built on it."""

import ast
import re
import subprocess
import sys
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

SOURCE = Path("src/gradbook")

#: From the bottom up: a module may import what stands in its own row, and in those before it.
LAYERS = (
    ("arguments", "deferred", "domain", "kinks", "notation", "linear", "regions", "writing"),
    ("cluster", "jobs", "page", "workers"),
    ("case", "chunks", "claim", "kernels", "loss", "penalty", "proof", "any_size", "prove"),
    ("questions",),
    ("emit",),
    ("called", "check", "subjects", "judge", "mend"),
    (
        "certify",
        "meant",
        "verify",
        "submissions",
        "grade",
    ),
    ("report",),
    ("slider",),
    ("__main__", "cli", "explorer", "magics", "pytest_plugin"),
)


def modules():
    """Every module of the package, by its name."""
    found = {}
    for path in SOURCE.rglob("*.py"):
        parts = path.relative_to(SOURCE.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


class Imports(ast.NodeVisitor):
    """The modules that a text imports, within functions too; not what types alone need."""

    def __init__(self, known):
        self.known, self.found, self.roots = known, set(), set()

    def visit_If(self, node):
        if not (isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"):
            self.generic_visit(node)

    def visit_Import(self, node):
        self.roots |= {alias.name.partition(".")[0] for alias in node.names}
        self.found |= {alias.name for alias in node.names} & self.known.keys()

    def visit_ImportFrom(self, node):
        self.roots.add((node.module or "").partition(".")[0])
        for alias in node.names:
            full = f"{node.module}.{alias.name}"
            self.found |= {full if full in self.known else node.module} & self.known.keys()


def imports_of(text, known):
    visitor = Imports(known)
    visitor.visit(ast.parse(text))
    return visitor


KNOWN = modules()


@cache  # it takes a second, in every worker that only looks for tests
def imports():
    """What each module imports."""
    return {
        name: imports_of(path.read_text(encoding="utf-8"), KNOWN) for name, path in KNOWN.items()
    }


def graph():
    return {name: each.found for name, each in imports().items()}


def circle(graph):
    """The names of a circle, or None."""
    try:
        list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        return error.args[1]
    return None


def test_no_module_imports_itself_by_a_circle():
    assert circle(graph()) is None


def test_a_circle_is_found_within_functions_too():
    text = "def f():\n    from gradbook.report import page"
    assert imports_of(text, KNOWN).found == {"gradbook.report.page"}
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"a"}})


def layer(name):
    """The row of a module; −1 for the package itself."""
    part = name.removeprefix("gradbook").removeprefix(".").partition(".")[0]
    return next((row for row, names in enumerate(LAYERS) if part in names), -1)


def test_every_part_has_its_layer():
    assert [name for name in KNOWN if name != "gradbook" and layer(name) < 0] == []


def test_no_module_imports_a_layer_above_its_own():
    upward = [
        (a, b) for a, of in graph().items() for b in of if layer(a) < layer(b) and a != "gradbook"
    ]
    assert upward == []


def test_the_package_imports_no_page():
    assert [name for name, each in imports().items() if "derivation" in each.roots] == []
    assert "derivation" in imports_of("from derivation.softmax import notes", KNOWN).roots


def loaded(statement):
    """The modules that are there after a statement, in a process of its own."""
    code = f"{statement}\nimport sys; print(*sys.modules)"
    return set(subprocess.check_output([sys.executable, "-c", code], text=True).split())


def test_importing_gradbook_loads_next_to_nothing():
    assert not loaded("import gradbook") & {"sympy", "numpy", "z3", "matplotlib", "rich"}


@pytest.mark.parametrize(
    ("modules", "more"),
    [
        ("gradbook.judge", {"gradbook.emit", "gradbook.prove", "rich"}),
        ("gradbook.submissions, gradbook.verify", set()),
    ],
)
def test_no_solver_is_loaded_before_it_is_asked_no_plots_and_no_other_library(modules, more):
    heavy = {"z3", "matplotlib", "IPython", "scipy", "sklearn", "torch", "jax"}
    assert not loaded(f"import {modules}") & (heavy | more)


def folders_with_a_map():
    """The folders of the package; the files of `faults` are found by their codes, and listed."""
    inits = SOURCE.rglob("__init__.py")
    return sorted({path.parent for path in inits} - {SOURCE, SOURCE / "judge" / "faults"})


@pytest.mark.parametrize("folder", folders_with_a_map(), ids=str)
def test_the_map_of_a_folder_names_what_is_in_it(folder):
    """A folder is read in an order, and its first lines say in which."""
    said = ast.get_docstring(ast.parse((folder / "__init__.py").read_text("utf-8")))
    there = {path.stem for path in folder.glob("*.py")} | {
        path.parent.name for path in folder.glob("*/__init__.py")
    }
    assert there - {"__init__"} <= set(re.findall(r"\w+", said))
