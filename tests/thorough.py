"""What is thorough is left out, and the last lines say so.

A test that is marked `thorough` repeats at length what a quick one shows: at more sizes, for every
kernel of the catalogue, at random. pyproject.toml leaves these out with `-m "not thorough"`, and
`make test-all` runs them. The number of them comes from the workers that collected them.
"""

import pytest

COMMAND = "make test-all"

left_out = set()


def pytest_configure(config):
    config.addinivalue_line("markers", f"thorough: only `{COMMAND}` runs it")


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
