"""Settings of every test: hypothesis draws the same examples each time, however long one takes,
and a quarter of them where what is thorough is left out.

A test of a library that gradbook does not install, `@pytest.mark.framework("torch")`, is left out
where there is none, and the last lines say so. So is what needs bubblewrap.
"""

import gc
from importlib.util import find_spec

import costs
import thorough
from hypothesis import settings

from gradbook.subjects.sandbox import chosen

settings.register_profile("gradbook", deadline=None, derandomize=True)
settings.register_profile("quick", settings.get_profile("gradbook"), max_examples=25)

FRAMEWORKS = ("distributed", "jax", "nbgrader", "otter", "pyarrow", "torch", "zarr")
#: Packages that are called otherwise than what is imported.
PACKAGES = {"otter": "otter-grader"}

BUBBLEWRAP = chosen("auto") == "bwrap"


def pytest_configure(config):
    config.addinivalue_line("markers", "needs_bwrap: runs where bubblewrap works")
    config.addinivalue_line("markers", "framework(name): runs where this library is installed")
    settings.load_profile("quick" if config.option.markexpr == "not thorough" else "gradbook")
    config.pluginmanager.register(costs)
    config.pluginmanager.register(thorough)


def pytest_collection_modifyitems(config, items):
    def runs(item):
        if not BUBBLEWRAP and item.get_closest_marker("needs_bwrap"):
            return False
        return all(find_spec(mark.args[0]) for mark in item.iter_markers("framework"))

    left_out = [item for item in items if not runs(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if runs(item)]


def pytest_collection_finish():
    gc.freeze()  # what is imported by now is not to be looked through at every collection
    gc.set_threshold(100_000, 50, 50)


def pytest_terminal_summary(terminalreporter):
    if not BUBBLEWRAP:
        terminalreporter.write_line("bubblewrap does not work here: its tests were not run (bwrap)")
    for name in FRAMEWORKS:
        if not find_spec(name):
            terminalreporter.write_line(
                f"{name} is not installed: its tests were not run "
                f"(pip install {PACKAGES.get(name, name)})"
            )
