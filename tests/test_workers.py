"""A process with one thread is copied, with all it has loaded; beside others, a new one begins."""

import subprocess
import sys
import threading

import pytest

from gradbook.workers import Workers

ASKS = """
import sys, threading
from gradbook.workers import Workers

class Loaded:
    def carry_out(self):
        return "sentinel" in sys.modules

sys.modules["sentinel"] = sys
with Workers(2) as workers:
    print([result for _, result in workers.carry_out([Loaded()] * 3)])
"""


def test_a_copy_of_a_process_has_what_that_has_loaded():
    asked = subprocess.run([sys.executable, "-c", ASKS], capture_output=True, text=True, check=True)
    assert asked.stdout == "[True, True, True]\n"
    assert not asked.stderr


class Loaded:
    def carry_out(self):
        return "sentinel" in sys.modules


@pytest.fixture
def another_thread():
    ended = threading.Event()
    thread = threading.Thread(target=ended.wait)
    thread.start()
    yield
    ended.set()
    thread.join()


@pytest.mark.usefixtures("another_thread")
def test_beside_another_thread_a_process_begins_anew(monkeypatch):
    monkeypatch.setitem(sys.modules, "sentinel", sys)
    with Workers(1) as workers:
        assert list(workers.carry_out([Loaded()])) == [(0, False)]
