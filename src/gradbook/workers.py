"""Tasks in processes of their own, each within limits; one that dies costs its own task alone.

A task is whatever can be pickled and has a method `carry_out()`. Its result, pickled too, comes
back from there, or `Unfinished`, with the reason. The limits decide nothing: they are far above
what any task takes, and exist to end what would never end, or would fill the memory. ::

    with Workers(jobs=2) as workers:
        for place, result in workers.carry_out(tasks):
            ...
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import pickle
import queue
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, Pipe, wait
from typing import Any, Protocol

_START = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from gradbook.workers import serve
serve(int(sys.argv[2]), int(sys.argv[3]))
"""


class Task(Protocol):
    def carry_out(self) -> Any: ...


@dataclass(frozen=True)
class Limits:
    """What ends one task.

    cpu:    seconds of processor time. memory: of its process, in bytes of address space.
    wall:   seconds on the clock, for what sleeps for ever: many, for a machine may be busy.
    """

    cpu: int = 180
    memory: int = 4 << 30

    @property
    def wall(self) -> int:
        return 20 * self.cpu


@dataclass(frozen=True)
class Unfinished:
    """A task that has no result. why: one clause, with the task as its subject."""

    why: str


class Workers:
    """So many processes, started when they are first needed; none is left when the `with` ends."""

    def __init__(self, jobs: int, limits: Limits = Limits()) -> None:
        self._jobs, self._limits = jobs, limits
        self._idle: list[_Worker] = []
        self._busy: list[_Worker] = []

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        while self._idle or self._busy:
            (self._idle or self._busy).pop().end()

    def carry_out(self, tasks: Sequence[Task]) -> Iterator[tuple[int, Any]]:
        """The place of each task and its result, as they come; the first tasks begin first."""
        waiting = list(enumerate(tasks))[::-1]
        while waiting or self._busy:
            while waiting and len(self._busy) < self._jobs:
                worker = self._idle.pop() if self._idle else _Worker(self._limits)
                self._busy.append(worker)
                worker.begin(*waiting.pop())
            wait([worker.connection for worker in self._busy], timeout=1)
            for worker in list(self._busy):
                result = worker.result()
                if result is None:
                    continue
                self._busy.remove(worker)
                if isinstance(result[0], Unfinished):
                    worker.end()  # what is left in it is not known
                else:
                    self._idle.append(worker)
                yield worker.place, result[0]


@dataclass
class _Worker:
    """One process, and the task that it is at."""

    limits: Limits
    place: int = 0
    connection: Connection = field(init=False)
    _process: subprocess.Popen[bytes] | _Forked = field(init=False)
    _until: float = 0.0

    def __post_init__(self) -> None:
        self.connection, theirs = Pipe()
        start = _Forked if _is_alone() else _started
        self._process = start(theirs.fileno(), self.limits.memory)
        theirs.close()

    def begin(self, place: int, task: Task) -> None:
        self.place, self._until = place, time.monotonic() + self.limits.wall
        with contextlib.suppress(OSError):  # it has died: `result` says so
            self.connection.send((task, self.limits))

    def result(self) -> tuple[Any] | None:
        """What came of the task; None where it is still at it."""
        try:
            if self.connection.poll():
                return (self.connection.recv(),)
        except (EOFError, OSError):
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=60)  # it is gone at once, but for a busy machine
            if self._process.poll() is None:
                return (Unfinished("closes the channel of its answer"),)
        except Exception as error:
            return (Unfinished(f"gives an answer that cannot be read: {_named(error)}"),)
        if (status := self._process.poll()) is not None:
            return (Unfinished(_how_it_ended(status, self.limits)),)
        if time.monotonic() > self._until:
            return (Unfinished(f"has not ended after {self.limits.wall:,} s"),)
        return None

    def end(self) -> None:
        """Kills the process and whatever it started."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        if self._process.poll() is None:  # it may not have come to have a group yet
            os.kill(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self.connection.close()


def _started(descriptor: int, memory: int) -> subprocess.Popen[bytes]:
    """A process that loads everything anew.

    Not by `multiprocessing`, which would run the file of whoever asks once more.
    """
    return subprocess.Popen(
        [sys.executable, "-c", _START, json.dumps(sys.path), str(descriptor), str(memory)],
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr.fileno() if _has_descriptor(sys.stderr) else subprocess.DEVNULL,
        pass_fds=(descriptor,),
        start_new_session=True,  # so that it ends with all that it started, and by us alone
    )


def _is_alone() -> bool:
    """Whether this process has one thread, of whatever library: none can be in the middle of
    something that its copy would wait for. It is asked of Linux alone.
    """
    try:
        return len(os.listdir("/proc/self/task")) == 1
    except OSError:
        return False


class _Forked:
    """A copy of this process, which has loaded already what takes longest: as Popen shows one."""

    returncode: int | None = None

    def __init__(self, descriptor: int, memory: int) -> None:
        self.pid = os.fork()
        if not self.pid:
            try:
                _become_a_worker(descriptor)
                serve(descriptor, memory)
            finally:
                os._exit(1)  # nothing of what called this is to happen twice

    def poll(self) -> int | None:
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int | None:
        """Its exit status, also None where there is none after `timeout` seconds."""
        until = math.inf if timeout is None else time.monotonic() + timeout
        while self.poll() is None and time.monotonic() < until:
            time.sleep(0.001)
        return self.returncode


def _become_a_worker(descriptor: int) -> None:
    """What is another's is closed, as in a new process: else a channel would outlive its end."""
    os.setsid()
    for end in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(end, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(sys.stderr.fileno() if _has_descriptor(sys.stderr) else nothing, 1)
    os.closerange(3, descriptor)
    os.closerange(descriptor + 1, os.sysconf("SC_OPEN_MAX"))
    sys.stdout = os.fdopen(1, "w", buffering=1)  # not with what is still to be printed there


@contextlib.contextmanager
def ended_as_by_interrupt() -> Iterator[None]:
    """Whoever ends this process, or closes its terminal, is heard as one who interrupts it."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = {end: signal.signal(end, interrupt) for end in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for end, handler in before.items():
            signal.signal(end, handler)


def _has_descriptor(stream: Any) -> bool:
    try:
        return stream.fileno() >= 0
    except (AttributeError, OSError, ValueError):
        return False


def _how_it_ended(status: int, limits: Limits) -> str:
    if status >= 0:
        return f"ends its process, with exit status {status}"
    name = signal.Signals(-status).name
    if name == "SIGXCPU":
        return f"has not ended after {limits.cpu:,} s of processor time"
    if name == "SIGKILL":
        return "was killed (SIGKILL), as by a system that is out of memory"
    return f"crashes its process ({name})"


def _named(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


# In the process.


def serve(descriptor: int, memory: int) -> None:
    """Carries out what comes, one task after another, for as long as whoever asks is there."""
    _limit(resource.RLIMIT_AS, memory)
    _limit(resource.RLIMIT_CORE, 0)
    connection = Connection(descriptor)
    waiting: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(connection, waiting), daemon=True).start()
    while True:
        task, limits = pickle.loads(waiting.get())
        connection.send(_carried_out(task, limits))


def _limit(what: int, amount: int) -> None:
    """Where the system allows less already, or knows no such limit, that stays."""
    _, hard = resource.getrlimit(what)
    allowed = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(what, (allowed, hard))


def _receive(connection: Connection, waiting: queue.SimpleQueue[bytes]) -> None:
    """Also while a task is carried out: where nobody waits for its answer any more, it ends."""
    try:
        while True:
            waiting.put(connection.recv_bytes())
    except (EOFError, OSError):
        os._exit(0)


def _carried_out(task: Task, limits: Limits) -> Any:
    _limit(resource.RLIMIT_CPU, int(time.process_time()) + 1 + limits.cpu)
    try:
        return task.carry_out()
    except MemoryError:
        return Unfinished(f"needs more than {limits.memory / 2**30:g} GiB of memory")
    except RecursionError:
        return Unfinished("goes deeper than Python can")
    except BaseException as error:  # an exit, or an interrupt that nobody at a keyboard caused
        return Unfinished(f"fails: {_named(error)}")
