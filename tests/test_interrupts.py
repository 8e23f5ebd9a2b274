"""Whoever ends `gradbook check` finds nothing left of it, and what was judged written down."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

#: It says that it is called, and goes on for ever.
HANGS = "import time\ndef svm_loss(W, X, y):\n    time.sleep(0.01)\n    while True: W\n"


def of_group(marker):
    """The processes in whose environment this stands, or whose folder is below it."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            told = folder.joinpath("environ").read_bytes() + folder.joinpath("cmdline").read_bytes()
        except OSError:
            continue
        if marker.encode() in told:
            found.append(int(folder.name))
    return found


@pytest.mark.parametrize(
    ("end", "sandbox"),
    [
        (signal.SIGINT, "auto"),
        pytest.param(signal.SIGTERM, "none", marks=pytest.mark.thorough),
        pytest.param(signal.SIGHUP, "auto", marks=pytest.mark.thorough),
        pytest.param(signal.SIGKILL, "auto", marks=pytest.mark.thorough),
        (signal.SIGKILL, "none"),
    ],
)
def test_nothing_is_left_of_it_and_what_was_judged_is_written(tmp_path, end, sandbox):
    folder, temporary = tmp_path / "class", tmp_path / "temporary"
    folder.mkdir()
    temporary.mkdir()
    (folder / "a.py").write_text("x = 1\n")
    (folder / "b.py").write_text(HANGS)
    (folder / "c.py").write_text(HANGS)
    marker = f"GRADBOOK_TEST={tmp_path}"
    command = [sys.executable, "-m", "gradbook", "check", str(folder), "--jobs", "2"]
    command += ["--sandbox", sandbox, "--json", str(tmp_path / "grades.json"), "--patience", "600"]
    environment = os.environ | {"GRADBOOK_TEST": str(tmp_path), "TMPDIR": str(temporary)}
    environment |= {"PYTHONUTF8": "1"}
    with subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # As in a terminal: what is started in the background ignores SIGINT, and hands that on.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        # Until both are asked: two that judge, and what each has started.
        until(lambda: len(workers(process.pid, of_group(marker))) >= 2, 120)
        time.sleep(1)
        process.send_signal(end)
        printed, _ = process.communicate(timeout=60)
    until(lambda: not of_group(marker) and not list(temporary.iterdir()), 10)
    if end != signal.SIGKILL:
        assert process.returncode == 130
        rows = json.loads((tmp_path / "grades.json").read_text("utf-8"))["functions"]
        assert [row["file"] for row in rows] == ["a.py", "b.py", "c.py"]
        assert rows[0]["code"] == "no candidate"
        assert rows[1]["reason"] == "the process that judges it was interrupted"
        assert b"was interrupted" in printed


def workers(parent, processes):
    """Those that the parent started, but for what waits to clear up behind it."""
    found = []
    for pid in processes:
        try:
            _, _, state = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(") ")
            judges = b"gradbook" in Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            continue
        if judges and int(state.split()[1]) == parent:
            found.append(pid)
    return found


def until(true, seconds):
    """Waits for it; fails where it takes longer."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)
