"""Lines that hang, die, fill the memory or fail: the command says so, and goes on.

One run of the command for all of them: each process that dies costs the start of another.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command_line import gradbook
from pages_to_verify import SVM, about, said

COMMAND = [sys.executable, "-m", "gradbook", "verify"]

TRUE = "yield Claim(case.s, case.W * case.x)"
#: Only for m = 2, which one of the methods asks for: then one process dies for each line.
FAULTS = {
    "P1": TRUE,
    "P2": f"while case.m == 2:\n    pass\n{TRUE}",
    "P3": f"filled = []\nwhile case.m == 2:\n    filled.append(bytes(100_000_000))\n{TRUE}",
    "P4": f"import os\nif case.m == 2:\n    os._exit(0)\n{TRUE}",
    "P5": f"import os, signal\nif case.m == 2:\n    os.kill(os.getpid(), signal.SIGKILL)\n{TRUE}",
    "P6": "raise RuntimeError('no luck')",
    "P7": f"print('s = W x says', case)\n{TRUE}",
    "P8": "yield Claim(case.s, case.W * case.W * case.W)",
    "P9": "from gradbook.notation import j\nyield Claim(case.s[j], case.W[j, :] * case.x)",
    "P10": "yield Claim(0, 1, given=(case.s[0] > case.s[1], case.s[1] > case.s[0]))",
    "P11": "import sys\nsys.exit(0)",
}


def page(folder: Path, lines: dict[str, str]) -> Path:
    path = folder / "page.md"
    path.write_text(about(SVM) + "".join(said(*line) for line in lines.items()), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The command on a page of all faults, its output and its data, by line."""
    folder = tmp_path_factory.mktemp("faults")
    limits = ["--cpu-limit", "2", "--memory-limit", "1024", "--json", folder / "v.json"]
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
        ("P2", "has not ended after 2 s of processor time", ""),
        ("P3", "needs more than 1 GiB of memory", ""),
        ("P4", "ends its process, with exit status 0", ""),
        ("P5", "was killed (SIGKILL), as by a system that is out of memory", ""),
        ("P6", "line P6 fails for C = 2, m = 0, y = 0, page.md:", ": RuntimeError: no luck"),
        ("P8", "line P8 fails for C = 2, m = 0, y = 0, page.md:", ": ShapeError: Matrix size"),
        ("P9", "line P9 fails for C = 2, m = 0, y = 0, page.md:", ": TypeError: 'Symbol' object"),
        ("P10", "no case fulfils its conditions", ""),
        ("P11", "line P11 fails for C = 2, m = 0, y = 0, page.md:", ": SystemExit: 0"),
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
    assert proved == {"N2", "P1", "P7"}


def test_the_exit_status_is_2_and_there_is_no_traceback(run):
    done, data = run
    assert done.returncode == 2
    assert "Traceback" not in done.stdout + done.stderr
    assert data["passed"] is False
    assert "undecided: P2, P3, P4" in done.stdout


def test_what_a_line_prints_is_not_part_of_the_report(run):
    done, _ = run
    assert "says C = 2" not in done.stdout
    assert "s = W x says C = 2, m = 0, y = 0" in done.stderr


def test_the_kernels_of_a_page_that_is_not_decided_are_not_checked_and_that_is_said(run):
    done, data = run
    assert data["pages"][0]["not_checked"] == "P2 is not decided"
    assert " kernels: not checked: P2 is not decided" in done.stdout


INTERRUPTED = {
    "P1": TRUE,
    "P2": "import os, time\nopen(f'{os.getpid()}.asleep', 'w').close()\ntime.sleep(1000)\nyield",
}


def interruptible():
    """As in a terminal: what is started in the background ignores SIGINT, and hands that on."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.quick("SIGINT")
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
    assert any("interrupted" in row for row in out.splitlines()[-4:])
    data = json.loads((tmp_path / "v.json").read_text(encoding="utf-8"))
    assert data["pages"][0]["interrupted"] is True
    *_, first, second = data["lines"]
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
    path = page(tmp_path, INTERRUPTED)
    done = gradbook("verify", path, "--html", path / "v.html", cwd=tmp_path)
    assert (done.code, done.err) == (2, f"gradbook: {path}/v.html: File exists\n")
    assert not list(tmp_path.glob("*.asleep"))
