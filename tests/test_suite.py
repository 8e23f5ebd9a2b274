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
"""


@pytest.fixture
def run(tmp_path):
    """The last lines of a run of a small suite."""
    (tmp_path / "test_it.py").write_text(A_SUITE)
    plugins = [part for name in ("xdist", "thorough", "costs") for part in ("-p", name)]

    def last_lines(*arguments):
        ended = subprocess.run(
            [sys.executable, "-m", "pytest", *plugins, *arguments],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(TESTS), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
            capture_output=True,
            text=True,
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    return last_lines


@pytest.mark.parametrize("workers", [(), ("-n", "1")], ids=["here", "in a worker"])
def test_the_end_of_a_run_says_what_was_left_out_and_what_cost_most(run, workers):
    said = run(*workers, "-m", "not thorough").splitlines()
    assert "4 thorough tests were left out: make test-all" in said
    first = next(at for at, line in enumerate(said) if "the costliest tests:" in line) + 1
    assert said[first].endswith("s  test_it.py::test_costly")
    assert len([line for line in said if "s  test_it.py::" in line]) == 10


def test_nothing_is_said_to_be_left_out_where_nothing_was(run):
    assert "left out" not in run("-m", "")
