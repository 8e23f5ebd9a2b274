"""A run says at its end what it left out and what cost most."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent

A_SUITE = """\
import pytest

def test_costly():
    sum(range(3_000_000))

@pytest.mark.parametrize("k", range(11))
def test_quick(k):
    pass

@pytest.mark.thorough
@pytest.mark.parametrize("k", range(4))
def test_thorough(k):
    pass

@pytest.mark.quick("a case", "another")
@pytest.mark.parametrize("k", ["a case", "one more", "another"])
def test_many(k):
    pass
"""


@pytest.fixture
def run(tmp_path):
    """run(arguments of pytest): the exit code and what was printed for a small suite."""
    (tmp_path / "test_it.py").write_text(A_SUITE)
    plugins = [part for name in ("xdist", "thorough", "costs") for part in ("-p", name)]

    def of_pytest(*arguments):
        ended = subprocess.run(
            [sys.executable, "-m", "pytest", *plugins, *arguments],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(TESTS), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
            capture_output=True,
            text=True,
        )
        return ended.returncode, ended.stdout + ended.stderr

    return of_pytest


@pytest.mark.parametrize("workers", [(), ("-n", "1")], ids=["here", "in a worker"])
def test_the_end_of_a_run_says_what_was_left_out_and_what_cost_most(run, workers):
    code, said = run(*workers, "-m", "not thorough")
    assert (code, "14 passed" in said) == (0, True)
    lines = said.splitlines()
    assert "5 thorough tests were left out: make test-all" in lines
    first = next(at for at, line in enumerate(lines) if "the costliest tests:" in line) + 1
    assert lines[first].endswith("s  test_it.py::test_costly")
    assert len([line for line in lines if "s  test_it.py::" in line]) == 10


def test_nothing_is_said_to_be_left_out_where_nothing_was(run):
    code, said = run("-m", "")
    assert (code, "19 passed" in said, "left out" in said) == (0, True, False)


def test_a_quick_case_that_there_is_not_is_an_error(run, tmp_path):
    (tmp_path / "test_it.py").write_text(A_SUITE.replace('"another"]', '"a third"]'))
    code, said = run("-m", "not thorough")
    assert (code, "test_many has no case 'another' to be quick" in said) == (4, True)
