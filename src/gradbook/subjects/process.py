"""A process for code that is not trusted: its time, its output, and how it ended."""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import weakref
from pathlib import Path

from gradbook.subjects.channel import Buffers

#: What the process runs: `child.main`, in a package that has its files and runs no `__init__` of
#: gradbook's, which would import SymPy.
_START = """
import sys, types
for name, folder in (("gradbook", sys.argv[1]), ("gradbook.subjects", sys.argv[2])):
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__path__ = [folder]
from gradbook.subjects.child import main
for name in [name for name in sys.modules if name.partition(".")[0] == "gradbook"]:
    del sys.modules[name]
main(int(sys.argv[3]))
"""
_HERE = Path(__file__).parent
#: Of the environment, what finds Python and its libraries. Nothing else is told.
_KEPT = ("PATH", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
_SET = {
    "PYTHONHASHSEED": "0",  # a set of texts has one order, today and tomorrow
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONBREAKPOINT": "0",
    "PYTHONUTF8": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "MPLBACKEND": "agg",
    "LANG": "C.UTF-8",
}
_AT_ONCE = 1 << 16


class Ended(Exception):
    """The process was ended or has ended. The message is one clause that says why.

    too_slow: whether it was for the time that it took.
    """

    def __init__(self, why: str, too_slow: bool = False) -> None:
        super().__init__(why)
        self.too_slow = too_slow


class Process:
    """A Python process in a temporary folder, and the socket to it.

    Every wait is bounded by a deadline, and what it prints by `output` bytes between two calls of
    `start_clock`. Raises Ended from whatever finds it at its end; it is gone then, with its folder.
    """

    def __init__(self, output: int) -> None:
        self._folder = tempfile.mkdtemp(prefix="gradbook-")
        self._channel, theirs = socket.socketpair()
        self._printed, write = os.pipe()
        own = {"HOME": self._folder, "TMPDIR": self._folder, "MPLCONFIGDIR": self._folder}
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        places = (str(_HERE.parent), str(_HERE), str(theirs.fileno()))
        self._popen = subprocess.Popen(
            [sys.executable, "-P", "-W", "ignore", "-c", _START, *places],
            stdin=subprocess.DEVNULL,
            stdout=write,
            stderr=write,
            cwd=self._folder,
            env=kept | _SET | own,
            pass_fds=(theirs.fileno(),),
            start_new_session=True,
        )
        theirs.close()
        os.close(write)
        self._channel.setblocking(False)
        os.set_blocking(self._printed, False)
        self._poll = select.poll()
        self._poll.register(self._printed, select.POLLIN)
        self._output, self._count, self._tail, self._silent = output, 0, b"", False
        self._computing, self._waiting, self._deadline = 0.0, 0.0, 0.0
        self._end = weakref.finalize(
            self, _end, self._popen, self._channel, self._printed, self._folder
        )

    def start_clock(self, computing: float, waiting: float) -> None:
        """What follows may take so many seconds, and print as much as it may anew.

        computing: of the processor; the process ends itself after them. waiting: on the clock.
        """
        self._computing, self._waiting = computing, waiting
        self._deadline, self._count = time.monotonic() + waiting, 0

    def end(self) -> None:
        """Kills the process, whatever it started, and removes its folder."""
        self._end()

    def send(self, buffers: Buffers) -> None:
        for buffer in buffers:
            rest = memoryview(buffer)
            while rest:
                try:
                    rest = rest[self._channel.send(rest) :]
                except BlockingIOError:
                    self._wait(select.POLLOUT)
                except OSError:
                    raise self._ended() from None

    def into(self, buffer: memoryview) -> None:
        """Fills the buffer with what the process sends."""
        while buffer:
            try:
                count = self._channel.recv_into(buffer)
            except BlockingIOError:
                self._wait(select.POLLIN)
                continue
            except OSError:
                count = 0
            if count == 0:
                raise self._ended()
            buffer = buffer[count:]

    def _wait(self, event: int) -> None:
        """Until the channel can be used; meanwhile, what is printed is counted and dropped."""
        self._poll.register(self._channel, event)
        while True:
            left = self._deadline - time.monotonic()
            ready = dict(self._poll.poll(max(0, left * 1000)))
            if self._printed in ready:
                self._read_printed()
            if self._channel.fileno() in ready:
                return
            if left <= 0:
                raise self._ended(f"waited longer than {self._waiting:g} s", too_slow=True)

    def _read_printed(self) -> None:
        with contextlib.suppress(BlockingIOError):
            text = os.read(self._printed, _AT_ONCE)
            self._count += len(text)
            self._tail = (self._tail + text)[-500:]
            if not text and not self._silent:
                self._silent = True  # nobody has it open any more
                self._poll.unregister(self._printed)
        if self._count > self._output:
            raise self._ended(f"printed more than {self._output / 1e6:g} MB")

    def _ended(self, why: str = "", too_slow: bool = False) -> Ended:
        """Ends the process; without a reason, says how it had ended by itself."""
        if not why:
            with contextlib.suppress(subprocess.TimeoutExpired, Ended):
                self._popen.wait(timeout=1)
                self._read_printed()
            too_slow = self._popen.returncode == -signal.SIGPROF
            why = f"ran longer than {self._computing:g} s"
            if not too_slow:
                why = _how(self._popen.returncode, self._tail)
        self.end()
        return Ended(why, too_slow)


def _how(status: int | None, tail: bytes) -> str:
    if status is None:
        return "closed the channel of its answers"
    if status >= 0:
        if b"MemoryError" in tail:
            return "needs more memory than it may have"
        return f"ends its process, with exit status {status}"
    if -status == signal.SIGKILL:
        return "was killed from outside (signal 9), as by a system that is out of memory"
    return f"crashed (signal {-status}, {signal.Signals(-status).name})"


def _end(popen: subprocess.Popen[bytes], channel: socket.socket, printed: int, folder: str) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(popen.pid, signal.SIGKILL)  # its session is its own
    popen.wait()
    channel.close()
    os.close(printed)
    shutil.rmtree(folder, ignore_errors=True)
