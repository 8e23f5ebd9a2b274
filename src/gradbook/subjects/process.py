"""A process for code that is not trusted: its time, its output, and how it ended."""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import weakref
from functools import cache
from pathlib import Path
from typing import BinaryIO

from gradbook.subjects import sandbox
from gradbook.subjects.channel import Buffers

#: What the process runs: `main` of a module, in packages that have their files and run no
#: `__init__` of gradbook's, which would import SymPy. What is judged there cannot import them, nor
#: find them in __main__.
_START = """
import site, sys, types
module, package, channel, life = sys.argv[1:5]
sys.path += sys.argv[5:]
site.setquit()
for name in ("", ".subjects", ".mend"):
    sys.modules["gradbook" + name] = types.ModuleType("gradbook" + name)
    sys.modules["gradbook" + name].__path__ = [package + name.replace(".", "/")]
main = __import__("gradbook.subjects." + module, fromlist=["main"]).main
for name in [name for name in sys.modules if name.partition(".")[0] == "gradbook"]:
    del sys.modules[name]
sys.modules["gradbook"] = sys.modules["derivation"] = None
sys.argv[:] = [""]
(lambda main, *sockets: (globals().clear(), main(*sockets)))(main, int(channel), int(life))
"""
#: The environment, with the folder and what finds libraries. Nothing else is told.
_ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
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
_KEPT = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
#: Removes a folder when its standard input is closed, and what was still written meanwhile.
_REMOVE = 'cat; rm -rf -- "$1"; sleep 0.3; rm -rf -- "$1"'
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

    def __init__(
        self, output: int, boxed: bool, module: str = "child", shown: Path = sandbox.OWN
    ) -> None:
        """boxed: in bubblewrap. module: of `subjects`, whose `main` it runs."""
        self._boxed = boxed
        self.folder = sandbox.new_folder() if boxed else tempfile.mkdtemp(dir=_home())
        self._channel, theirs = socket.socketpair()
        life, their_life = socket.socketpair()
        self._printed, write = os.pipe()
        told, tell = os.pipe()
        descriptors = [theirs.fileno(), their_life.fileno()]
        command = [sandbox.PYTHON, "-P", "-s", "-S", "-W", "ignore", "-c", _START]
        command += [module, str(sandbox.PACKAGE), *map(str, descriptors), *sandbox.packages()]
        if boxed:
            command = sandbox.shut_in(command, self.folder, shown, tell)
            descriptors.append(tell)
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        own = dict.fromkeys(("HOME", "TMPDIR", "MPLCONFIGDIR"), self.folder)
        self._popen = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=write,
            stderr=write,
            cwd="/" if boxed else self.folder,
            env=_ENVIRONMENT | kept | own,
            pass_fds=descriptors,
            start_new_session=True,
        )
        theirs.close()
        their_life.close()
        for descriptor in (write, tell):
            os.close(descriptor)
        self._channel.setblocking(False)
        os.set_blocking(self._printed, False)
        self._poll = select.poll()
        self._poll.register(self._printed, select.POLLIN)
        self._output, self._count, self._tail, self._silent = output, 0, b"", False
        self._computing, self._waiting, self._deadline = 0.0, 0.0, 0.0
        folder = "" if boxed else self.folder
        ours = (self._channel, life, _file(self._printed), _file(told))
        self._end = weakref.finalize(self, _end, self._popen, ours, folder)

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
            too_slow = self._status == -signal.SIGPROF
            why = f"ran longer than {self._computing:g} s"
            if not too_slow:
                why = _how(self._status, self._tail)
        self.end()
        return Ended(why, too_slow)

    @property
    def _status(self) -> int | None:
        """As of `Popen`: bubblewrap says of a signal what a shell does."""
        status = self._popen.returncode
        return 128 - status if self._boxed and status is not None and status > 128 else status


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


def _file(descriptor: int) -> BinaryIO:
    """What closes it once and never again."""
    return os.fdopen(descriptor, "rb")


def _end(
    popen: subprocess.Popen[bytes], ours: tuple[socket.socket | BinaryIO, ...], folder: str
) -> None:
    """Kills whatever there is of a process, and waits until it is gone, with its folder."""
    told = ours[-1].read()  # type: ignore[union-attr]  # by bubblewrap, as soon as it has started
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if not told:
            os.killpg(popen.pid, signal.SIGKILL)  # its session is its own
        elif popen.poll() is None:
            # The first of its own process ids: with it all others die, and bubblewrap ends last.
            os.kill(json.loads(told)["child-pid"], signal.SIGKILL)
    popen.wait()
    for each in ours:
        each.close()
    if folder:
        shutil.rmtree(folder, ignore_errors=True)


@cache
def _home() -> str:
    """The folder of the folders. It goes when this process has ended, however it has."""
    folder = tempfile.mkdtemp()
    end, _ = os.pipe()  # the other end is open for as long as this process is there
    null = [(os.POSIX_SPAWN_OPEN, each, os.devnull, os.O_WRONLY, 0) for each in (1, 2)]
    os.posix_spawn(
        "/bin/sh",
        ["sh", "-c", _REMOVE, "sh", folder],
        {"PATH": os.environ.get("PATH", os.defpath)},
        file_actions=[(os.POSIX_SPAWN_DUP2, end, 0), *null],
        setsid=True,
    )
    os.close(end)
    return folder
