"""In the process of a subject: what it may not do, so that an accident stays an accident.

It keeps code that means no harm from doing any: a runaway allocation, a file written beside the
wrong one, a process started for each example. What code that means harm can do is up to `sandbox`.
"""

from __future__ import annotations

import contextlib
import fcntl
import inspect
import os
import resource
import signal
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_STARTS = frozenset(
    [
        *("os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.startfile"),
        *("os.system", "pty.spawn", "subprocess.Popen"),
    ]
)
_SIGNALS = frozenset(("os.kill", "os.killpg", "signal.pthread_kill"))
#: Without a socket there is no connection, and no datagram.
_CONNECTS = frozenset(("socket.__new__", "socket.getaddrinfo", "socket.gethostbyname"))
#: What shows the objects of the judge that are in this process.
_LOOKS = frozenset(
    [
        *("gc.get_objects", "gc.get_referrers", "gc.get_referents", "sys._current_frames"),
        *("sys.settrace", "sys.setprofile"),
    ]
)
#: Audit event ↦ which of its arguments are paths that it changes, and which their folders' files.
_CHANGES: dict[str, tuple[tuple[int, int], ...]] = {
    "os.chmod": ((0, 2),), "os.chown": ((0, 3),), "os.link": ((0, 2), (1, 3)),
    "os.mkdir": ((0, 2),), "os.remove": ((0, 1),), "os.rename": ((0, 2), (1, 3)),
    "os.rmdir": ((0, 1),), "os.symlink": ((0, 2), (1, 2)), "os.truncate": ((0, -1),),
    "os.utime": ((0, 3),), "os.setxattr": ((0, -1),), "os.removexattr": ((0, -1),),
    "shutil.rmtree": ((0, 1),),
}  # fmt: skip
_READS = frozenset(("os.listdir", "os.scandir", "os.chdir", "os.getxattr", "os.listxattr"))
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
#: They write where no hook is told.
_REMOVED = ("mkfifo", "mknod", "sethostname", "setpriority", "chroot")
#: Modules that can do anything, or write files without being heard.
_WITHOUT = (
    *("ctypes", "_ctypes", "_sqlite3", "_dbm", "_gdbm", "readline", "syslog"),
    *("_posixshmem", "_testcapi", "_testinternalcapi"),
)
_OF_SYSTEM = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom", "/proc/cpuinfo")
#: So many processes and threads more than there are, and so many open files.
_PROCESSES, _FILES = 256, 256


_FRAMES = frozenset(("tb_frame", "gi_frame", "cr_frame", "ag_frame"))
_SHOWS_FRAMES = (inspect.__file__, traceback.__file__)


class NotAllowed(PermissionError):
    """The subject tried to do what it may not. The message says what."""


def guard(memory: int, file_size: int, readable: Sequence[str]) -> None:
    """Limits this process for good.

    memory: bytes beyond what it has. file_size: of each file. readable: the folders and files that
    it may read beside its own; () where something else takes care of that.
    """
    for what, limit in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, file_size),
        (resource.RLIMIT_NOFILE, _FILES),
        (resource.RLIMIT_NPROC, _processes_now() + _PROCESSES),
        (resource.RLIMIT_AS, _memory_now() + memory),
    ):
        with contextlib.suppress(OSError, ValueError):  # some systems do not limit some things
            resource.setrlimit(what, (limit, limit))
    _forbid_processes_of_multiprocessing()
    for module in (os, sys.modules["posix"]):
        for name in _REMOVED:
            if hasattr(module, name):
                delattr(module, name)
    if readable:
        for name in _WITHOUT:
            sys.modules[name] = None  # type: ignore[assignment]
    sys.addaudithook(_Watch(Path.cwd(), readable))


def die_after(computing: float, waiting: float) -> None:
    """The process ends after so many seconds of computing; 0: it does not.

    And after so many seconds on the clock, even if nobody is left to end it.
    """
    signal.setitimer(signal.ITIMER_PROF, computing)  # SIGPROF ends it, whatever else is running
    signal.setitimer(signal.ITIMER_REAL, waiting)


def die_with(descriptor: int) -> None:
    """The process ends when the other end of this socket is closed: with the judge."""
    fcntl.fcntl(descriptor, fcntl.F_SETOWN, os.getpid())
    if hasattr(fcntl, "F_SETSIG"):
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGKILL)
    flags = fcntl.fcntl(descriptor, fcntl.F_GETFL)
    fcntl.fcntl(descriptor, fcntl.F_SETFL, flags | os.O_ASYNC)  # SIGIO, which ends it, else


def _memory_now() -> int:
    """Bytes of address space in use; a guess where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    except OSError:
        return 1 << 30
    return pages * resource.getpagesize()


def _processes_now() -> int:
    """The processes and threads of this user; a guess where the system does not tell."""
    count = 0
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if folder.stat().st_uid == os.getuid():
                count += folder.joinpath("task").stat().st_nlink - 2
    return count or 4096


def _forbid_processes_of_multiprocessing() -> None:
    """It starts them by a function that tells no audit hook."""
    import _posixsubprocess

    def refuse(*_: Any) -> None:
        raise NotAllowed("it starts another process")

    _posixsubprocess.fork_exec = refuse  # type: ignore[assignment]


class _Watch:
    """Refuses processes, signals, connections, and files outside of one folder.

    They may be read where they are `readable`; anywhere, if that is ().
    """

    def __init__(self, folder: Path, readable: Sequence[str]) -> None:
        own = os.path.realpath(folder)
        self._own = (own, "/dev/null", "/dev/tty")
        places = (own, *map(os.path.realpath, readable), *_OF_SYSTEM, f"/proc/{os.getpid()}")
        self._shut_out = bool(readable)
        self._readable = places if readable else ("/",)
        self._packages, self._asks = tuple(sys.path), False

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            self._open(*arguments)
        elif event in _CHANGES:
            for path, folder in _CHANGES[event]:
                self._check(arguments[path], arguments[folder] if folder > 0 else -1)
        elif event in _READS:
            self._check(arguments[0], writes=False)
        elif event in _STARTS:
            raise NotAllowed("it starts another process")
        elif event in _SIGNALS:
            raise NotAllowed("it sends a signal")
        elif event in _CONNECTS:
            raise NotAllowed("it opens a network connection")
        elif event in _LOOKS or (_of_frame(event, arguments) and self._is_asked_by_a_stranger()):
            raise NotAllowed("it looks at what calls it")

    def _is_asked_by_a_stranger(self) -> bool:
        """Whether a frame is asked for by code that is not Python's own, nor a package's."""
        if self._asks:
            return False
        self._asks = True
        frame = sys._getframe(2)  # below this method and `__call__`
        while frame is not None and frame.f_code.co_filename in _SHOWS_FRAMES:
            frame = frame.f_back  # type: ignore[assignment]
        self._asks = False
        return frame is not None and not _inside(frame.f_code.co_filename, self._packages)

    def _open(self, path: Any, mode: Any, flags: Any) -> None:
        self._check(path, writes=isinstance(flags, int) and bool(flags & _WRITES))
        if mode is not None or isinstance(path, int):
            return
        # By os.open. Of a folder, anything can be opened later, and of this no more is told.
        name = os.fsdecode(path)
        where = os.path.realpath(name)
        leaves = os.path.isdir(where) and not _inside(where, self._own)
        if self._shut_out and (leaves or ".." in Path(name).parts):
            raise NotAllowed(f"it opens {name}, outside of its own folder")

    def _check(self, path: Any, folder: Any = -1, writes: bool = True) -> None:
        """folder: the descriptor of the one that the path begins in."""
        if isinstance(path, int):
            if not writes:
                return  # it is open already
            path, folder = "", path
        name = os.fsdecode(path) if isinstance(path, str | bytes | os.PathLike) else ""
        begins = ""
        if isinstance(folder, int) and folder >= 0:
            begins = os.path.realpath(f"/proc/self/fd/{folder}")
        where = os.path.realpath(os.path.join(begins, name) if begins else name or ".")
        if not _inside(where, self._own if writes else self._readable):
            does = "writes to" if writes else "reads"
            raise NotAllowed(f"it {does} {name or where}, outside of its own folder")


def _of_frame(event: str, arguments: tuple[Any, ...]) -> bool:
    return event == "sys._getframe" or (event == "object.__getattr__" and arguments[1] in _FRAMES)


def _inside(where: str, places: Sequence[str]) -> bool:
    return any(where == place or where.startswith(place.rstrip("/") + "/") for place in places)
