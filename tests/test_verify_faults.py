"""Pages whose lines hang, die, fill the memory or fail: the command says so, and goes on.

One run of the command for all of them: each process that dies costs the start of another.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from textwrap import dedent

import pytest

COMMAND = [sys.executable, "-m", "gradbook.cli", "verify"]

HEAD = """
import os, signal, sys, time
from sympy import Sum
from gradbook import Claim, Derivation, Loss
from gradbook.notation import C, hinge, j, s, unequal, y

loss = Loss("a loss", Sum(unequal(j, y) * hinge(s[j] - s[y] + 1), (j, 0, C - 1)), "a_loss")
notes = Derivation("a loss", loss)
"""

#: Only for m = 4, which one of the methods asks for: then one process dies for each line.
FAULTS = """
@notes.line("N1", "It is true")
def true(case):
    '''s = W x̃'''
    yield Claim(case.s, case.W * case.x)

@notes.line("N2", "It never ends")
def endless(case):
    '''s = W x̃'''
    while case.m == 4:
        pass
    yield Claim(case.s, case.W * case.x)

@notes.line("N3", "It fills the memory")
def large(case):
    '''s = W x̃'''
    filled = []
    while case.m == 4:
        filled.append(bytes(100_000_000))
    yield Claim(case.s, case.W * case.x)

@notes.line("N4", "It ends the process")
def exits(case):
    '''s = W x̃'''
    if case.m == 4:
        os._exit(0)
    yield Claim(case.s, case.W * case.x)

@notes.line("N5", "It is killed")
def killed(case):
    '''s = W x̃'''
    if case.m == 4:
        os.kill(os.getpid(), signal.SIGKILL)
    yield Claim(case.s, case.W * case.x)

@notes.line("N6", "It raises")
def raises(case):
    '''s = W x̃'''
    raise RuntimeError("no luck")

@notes.line("N7", "It prints")
def prints(case):
    '''s = W x̃'''
    print("s = W x̃ says", case)
    yield Claim(case.s, case.W * case.x)

@notes.line("N8", "It has sides of shapes that do not fit")
def shapes(case):
    '''s = W x̃'''
    yield Claim(case.s, case.W * case.W * case.W)

@notes.line("N9", "It has a letter of the notation for any size")
def letter(case):
    '''s = W x̃'''
    yield Claim(case.s[j], case.W[j, :] * case.x)

@notes.line("N10", "Its conditions never hold")
def never(case):
    '''0 = 1, where s_0 > s_1 > s_0'''
    yield Claim(0, 1, given=(case.s[0] > case.s[1], case.s[1] > case.s[0]))

@notes.line("N11", "It leaves")
def leaves(case):
    '''s = W x̃'''
    sys.exit(0)
"""


def page(folder: Path, lines: str) -> Path:
    path = folder / "page.py"
    path.write_text(HEAD + dedent(lines), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The command on a page of all faults, its output and its data, by line."""
    folder = tmp_path_factory.mktemp("faults")
    limits = ["--cpu-limit", "2", "--memory-limit", "2048", "--json", folder / "v.json"]
    done = subprocess.run(
        [*COMMAND, page(folder, FAULTS), "--jobs", "1", *limits],
        capture_output=True,
        text=True,
        timeout=300,
    )
    return done, json.loads((folder / "v.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("line", "first", "then"),
    [
        ("N2", "has not ended after 2 s of processor time", ""),
        ("N3", "needs more than 2 GiB of memory", ""),
        ("N4", "ends its process, with exit status 0", ""),
        ("N5", "was killed (SIGKILL), as by a system that is out of memory", ""),
        ("N6", "line N6 fails for C = 2, m = 0, y = 0, page.py:", ": RuntimeError: no luck"),
        ("N8", "line N8 fails for C = 2, m = 0, y = 0, page.py:", ": ShapeError: Matrix size"),
        ("N9", "line N9 fails for C = 2, m = 0, y = 0, page.py:", ": TypeError: 'Symbol' object"),
        ("N10", "its conditions never hold", ""),
        ("N11", "line N11 fails for C = 2, m = 0, y = 0, page.py:", ": SystemExit: 0"),
    ],
)
def test_a_line_that_hangs_dies_or_fails_is_undecided_with_the_reason(run, line, first, then):
    _, data = run
    found = next(entry for entry in data["lines"] if entry["id"] == line)
    assert found["status"] == "undecided"
    assert found["counterexample"] is None
    assert found["reason"].startswith(first)
    assert then in found["reason"]


def test_the_other_lines_are_proved(run):
    _, data = run
    proved = {entry["id"] for entry in data["lines"] if entry["status"] == "proved"}
    assert proved == {"N1", "N7"}


def test_the_exit_status_is_2_and_there_is_no_traceback(run):
    done, data = run
    assert done.returncode == 2
    assert "Traceback" not in done.stdout + done.stderr
    assert data["passed"] is False
    assert "not decided: N2, N3, N4" in done.stdout


def test_what_a_line_prints_is_not_part_of_the_report(run):
    done, _ = run
    assert "says C = 2" not in done.stdout
    assert "s = W x̃ says C = 2, m = 0, y = 0" in done.stderr


def test_the_kernels_of_a_page_that_is_not_decided_are_not_checked_and_that_is_said(run):
    done, data = run
    assert {kernel["status"] for kernel in data["kernels"]} == {"not checked: N2 is not decided"}
    assert " kernels: not checked: N2 is not decided" in done.stdout


INTERRUPTED = """
@notes.line("N1", "It is true")
def true(case):
    '''s = W x̃'''
    yield Claim(case.s, case.W * case.x)

@notes.line("N2", "It sleeps")
def sleeps(case):
    '''s = W x̃'''
    open(f"{os.getpid()}.asleep", "w").close()
    time.sleep(1000)
"""


def interruptible():
    """As in a terminal: what is started in the background ignores SIGINT, and hands that on."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM], ids=lambda end: end.name)
def test_an_interrupt_shows_what_was_decided_and_leaves_no_process(tmp_path, end):
    command = [*COMMAND, page(tmp_path, INTERRUPTED), "--jobs", "1", "--json", "v.json"]
    process = subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, text=True, preexec_fn=interruptible
    )
    worker = asleep(tmp_path)
    process.send_signal(end)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "interrupted" in out.splitlines()[-2]
    data = json.loads((tmp_path / "v.json").read_text(encoding="utf-8"))
    assert data["derivations"][0]["interrupted"] is True
    first, second = data["lines"]
    assert first["status"] == "proved"
    assert (second["status"], second["reason"]) == ("undecided", "interrupted")
    assert gone(worker)


def test_where_the_command_is_killed_its_processes_end(tmp_path):
    command = [*COMMAND, page(tmp_path, INTERRUPTED), "--jobs", "1"]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL)
    worker = asleep(tmp_path)
    process.kill()
    process.wait()
    assert gone(worker)


def asleep(folder: Path) -> int:
    """The process that has come to the line that sleeps."""
    while not (found := list(folder.glob("*.asleep"))):
        time.sleep(0.05)
    return int(found[0].stem)


def gone(process: int) -> bool:
    """Whether it ends: waits for that, and fails with the time limit of the test run otherwise."""
    for _ in range(600):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def test_a_report_that_cannot_be_written_is_one_sentence_before_the_work(tmp_path):
    command = [*COMMAND, page(tmp_path, INTERRUPTED), "--html", tmp_path / "page.py" / "v.html"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert done.stderr == f"gradbook: {command[-1]}: File exists\n"
    assert not list(tmp_path.glob("*.asleep"))
