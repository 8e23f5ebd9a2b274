"""What is thorough is left out, and the last lines say so.

A test that is marked `thorough` repeats at length what a quick one shows: at more sizes, for every
kernel of the catalogue, at random. Of a test with many cases, `@pytest.mark.quick("C > 5", "max")`
names those that always run, each by a part of its id, and the others are thorough. pyproject.toml
leaves what is thorough out with `-m "not thorough"`, and `make test-all` runs it. How much it was
comes from the workers that collected it.
"""

import pytest

COMMAND = "make test-all"

left_out = set()


@pytest.hookimpl(tryfirst=True)  # pytest selects by markers in this hook too
def pytest_collection_modifyitems(config, items):
    marked = [(item, mark) for item in items for mark in item.iter_markers("quick")]
    there_is_not = {(item.function, name) for item, mark in marked for name in mark.args}
    for item, mark in marked:
        names = [name for name in mark.args if name in item.callspec.id]
        there_is_not -= {(item.function, name) for name in names}
        if not names:
            item.add_marker("thorough")
    if not any("::" in argument for argument in config.args):
        for function, name in there_is_not:
            raise pytest.UsageError(f"{function.__name__} has no case {name!r} to be quick")


def pytest_deselected(items):
    left_out.update(item.nodeid for item in items if item.get_closest_marker("thorough"))


def pytest_sessionfinish(session):
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = sorted(left_out)


@pytest.hookimpl(optionalhook=True)  # it is xdist's
def pytest_testnodedown(node):
    left_out.update(getattr(node, "workeroutput", {}).get("left_out", ()))


def pytest_terminal_summary(terminalreporter):
    if left_out:
        terminalreporter.write_line(f"{len(left_out)} thorough tests were left out: {COMMAND}")
