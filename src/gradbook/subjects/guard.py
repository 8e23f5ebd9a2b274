"""In the process of a subject: what it may not do, so that an accident stays an accident.

This is no sandbox. It keeps code that means no harm from doing any: a runaway allocation, a file
written beside the wrong one, a process started for each example. Code that wants to get out can.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import sys
from pathlib import Path
from typing import Any

_STARTS = frozenset(
    [
        *("os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.startfile"),
        *("os.system", "pty.spawn", "subprocess.Popen"),
    ]
)
_SIGNALS = frozenset(("os.kill", "os.killpg", "signal.pthread_kill"))
_CONNECTS = frozenset(("socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo"))
#: Audit event ↦ which of its arguments are paths that it changes.
_CHANGES = {
    "os.chmod": (0,), "os.chown": (0,), "os.link": (0, 1), "os.mkdir": (0,), "os.remove": (0,),
    "os.rename": (0, 1), "os.rmdir": (0,), "os.symlink": (1,), "os.truncate": (0,),
    "os.utime": (0,), "os.setxattr": (0,), "os.removexattr": (0,), "shutil.rmtree": (0,),
}  # fmt: skip
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class NotAllowed(PermissionError):
    """The subject tried to do what it may not. The message says what."""


def guard(memory: int, file_size: int) -> None:
    """Limits this process for good. memory: bytes beyond what it has; file_size: of each file."""
    for what, limit in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, file_size),
        (resource.RLIMIT_AS, _memory_now() + memory),
    ):
        with contextlib.suppress(OSError, ValueError):  # some systems do not limit some things
            resource.setrlimit(what, (limit, limit))
    _forbid_processes_of_multiprocessing()
    sys.addaudithook(_Watch(Path.cwd()))


def die_after(computing: float, waiting: float) -> None:
    """The process ends after so many seconds of computing; 0: it does not.

    And after so many seconds on the clock, even if nobody is left to end it.
    """
    signal.setitimer(signal.ITIMER_PROF, computing)  # SIGPROF ends it, whatever else is running
    signal.setitimer(signal.ITIMER_REAL, waiting)


def _memory_now() -> int:
    """Bytes of address space in use; a guess where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    except OSError:
        return 1 << 30
    return pages * resource.getpagesize()


def _forbid_processes_of_multiprocessing() -> None:
    """It starts them by a function that tells no audit hook."""
    import _posixsubprocess

    def refuse(*_: Any) -> None:
        raise NotAllowed("it starts another process")

    _posixsubprocess.fork_exec = refuse  # type: ignore[assignment]


class _Watch:
    """Refuses processes, signals, connections, and changes of files outside of one folder."""

    def __init__(self, folder: Path) -> None:
        self._allowed = (f"{os.path.realpath(folder)}{os.sep}", "/dev/null", "/dev/tty")

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            if isinstance(flags, int) and flags & _WRITES:
                self._inside(path)
        elif event in _CHANGES:
            for index in _CHANGES[event]:
                self._inside(arguments[index])
        elif event in _STARTS:
            raise NotAllowed("it starts another process")
        elif event in _SIGNALS:
            raise NotAllowed("it sends a signal")
        elif event in _CONNECTS:
            raise NotAllowed("it opens a network connection")

    def _inside(self, path: Any) -> None:
        if not isinstance(path, str | bytes | os.PathLike):  # a file that is open already
            return
        where = os.path.realpath(os.fsdecode(path))
        if not f"{where}{os.sep}".startswith(self._allowed[0]) and where not in self._allowed[1:]:
            raise NotAllowed(f"it writes to {os.fsdecode(path)}, outside of its own folder")
