"""A function of a file, in a process of its own, as a subject."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np

from gradbook import arguments
from gradbook.subjects.channel import (
    Garbled,
    answer_from_message,
    call_to_message,
    computing_from_message,
    message,
    receive,
    text,
    texts,
)
from gradbook.subjects.files import handed_in
from gradbook.subjects.process import Ended, Process
from gradbook.subjects.sandbox import SANDBOXES, chosen, readable
from gradbook.subjects.subject import Answer, Argument, Obstacle, TooSlow

#: No statement of the file is edited.
AS_WRITTEN = (-1, "")
GARBLED = "wrote into the channel of its answers"


@dataclass(frozen=True)
class Limits:
    """What a subject may take. A limit that is passed is its answer, or an obstacle.

    Times are seconds of computing, the same on an idle machine and on a busy one. They are there to
    end what hangs.

    seconds: for one call. loading: to load it. total: for all calls of a subject and of those made
    from it by `fresh`; to need more is no fault, but ends the judging. waiting: so many times as
    long each may take on the clock, where nine others may share the machine. memory: bytes, beyond
    what Python and NumPy have. output: bytes printed in one call. file_size: bytes of one file in
    its temporary folder. sandbox: what it is shut in with, one of `SANDBOXES`. beside: files and
    folders that are copied beside it; nothing else is there.
    """

    seconds: float = 6
    loading: float = 20
    total: float = 100
    waiting: float = 10
    memory: int = 2 << 30
    output: int = 1_000_000
    file_size: int = 64_000_000
    sandbox: str = "auto"
    beside: tuple[Path, ...] = ()

    def __post_init__(self) -> None:
        for name in ("seconds", "loading", "total", "waiting"):
            arguments.positive(name, getattr(self, name))
        for name in ("memory", "output", "file_size"):
            arguments.integer(name, getattr(self, name), 1)
        arguments.choice("sandbox", self.sandbox, SANDBOXES)
        arguments.instance("beside", self.beside, tuple, "a tuple of paths")
        for path in self.beside:
            arguments.path("beside", path)

    def patient(self, total: float) -> Limits:
        """The same for a function whose calls may take `total` seconds: each as much longer."""
        times = total / self.total
        return replace(
            self, seconds=self.seconds * times, loading=self.loading * times, total=total
        )


LIMITS = Limits()


@dataclass
class _Spent:
    """Seconds that the calls took: of computing, and on the clock."""

    computing: float = 0.0
    waiting: float = 0.0


class Isolated:
    """The function `name` of a .py file or a notebook, in a process of its own.

    The process has limits, a temporary folder, and a channel for data alone: this is isolation
    against accidents, no sandbox against malice. Of the file only what the function needs is run.
    After an answer that is fatal the next call starts the process anew. Raises Obstacle where the
    function cannot be had, with one sentence that says why, and TooSlow from the first call after
    all calls together took more than their total.
    """

    renews = True

    def __init__(
        self,
        path: str | Path,
        name: str,
        limits: Limits = LIMITS,
        edited: tuple[int, str] = AS_WRITTEN,
    ) -> None:
        self.path, self.name, self.limits = Path(path).resolve(), name, limits
        self._spent = _Spent()  # shared with those that `fresh` makes
        self._process: Process | None = None
        self._magic = b""  # what its answers begin with: what is judged does not know it
        self._number = 0
        self.calls = 0
        self._edited = edited
        self.parameters: tuple[str, ...] = ()
        self.defaults: dict[str, Any] = {}
        self.call: tuple[str, ...] = ()
        self.numbers: tuple[int, ...] = ()
        self.remarks: tuple[str, ...] = ()
        self._start()

    def fresh(self) -> Isolated:
        """The same function in another process."""
        another = Isolated(self.path, self.name, self.limits, self._edited)
        another._spent = self._spent
        return another

    def edit(self, index: int, text: str) -> None:
        """Loads the function anew, with other words in statement number `index` of the file.

        In the same process, which is quicker than another; of what the file's own statements made,
        nothing is left. Raises Obstacle if it cannot be had so: what is called then is unknown.
        """
        self._edited = index, text
        if self._process is None:
            self._start()
            return
        self._number += 1
        self._process.start_clock(self.limits.loading, self.limits.waiting * self.limits.loading)
        self._load(self._process, self._number, {"edited": self._edited})

    @property
    def alive(self) -> bool:
        """Whether the last call left its process alive."""
        return self._process is not None

    def close(self) -> None:
        """Ends the process, as forgetting the subject does; a later call would start another."""
        if self._process is not None:
            self._process.end()
            self._process = None

    def __call__(self, *arguments: Argument, **keywords: Argument) -> Answer:
        total, spent = self.limits.total, self._spent
        if spent.computing >= total or spent.waiting >= self.limits.waiting * total:
            raise self._too_slow()
        try:
            process = self._process or self._start()
        except Obstacle as obstacle:
            return Answer(error=f"cannot be started anew: {obstacle}", fatal=True)
        self._number += 1
        self.calls += 1
        buffers = call_to_message(self._number, arguments, keywords)
        began, seconds = monotonic(), self.limits.seconds
        try:
            process.start_clock(seconds, self.limits.waiting * seconds)
            process.send(buffers)
            _, answer, bodies = receive(self._number, process.into, self._magic)
            spent.computing += computing_from_message(answer)
            return answer_from_message(answer, bodies, process.into)
        except Ended as ended:
            self._process = None
            spent.computing += seconds * ended.too_slow
            return Answer(error=str(ended), fatal=True, too_slow=ended.too_slow)
        except Garbled:
            self.close()
            return Answer(error=GARBLED, fatal=True)
        finally:
            spent.waiting += monotonic() - began

    def _too_slow(self) -> TooSlow:
        if self._spent.computing < self.limits.total:
            return TooSlow(
                f"its calls took more than {self.limits.waiting * self.limits.total:g} s"
            )
        return TooSlow(f"its calls took more than {self.limits.total:g} s of computing")

    def _start(self) -> Process:
        """Starts the process and loads the function there."""
        if os.name != "posix":
            raise Obstacle("a process with limits needs Linux or macOS")
        boxed = chosen(self.limits.sandbox) == "bwrap"
        files = handed_in(self.path, self.limits.beside)
        self._process = process = Process(self.limits.output, boxed)
        self._magic = secrets.token_hex(8).encode()
        task = {
            "magic": self._magic.decode(),
            "files": [[name, len(text)] for name, text in files.items()],
            "readable": () if boxed else readable(),
            "name": self.name,
            "edited": self._edited,
            "seconds": self.limits.seconds,
            "loading": self.limits.loading,
            # The judge ends what waits too long; if the judge has gone, the process does it.
            "waiting": self.limits.waiting * max(self.limits.seconds, self.limits.loading) + 5,
            "memory": self.limits.memory,
            "file_size": self.limits.file_size,
        }
        process.start_clock(self.limits.loading, self.limits.waiting * self.limits.loading)
        try:
            self._load(process, 0, task, files.values())
        except Obstacle:
            self.close()
            raise
        return process

    def _load(
        self, process: Process, number: int, task: Mapping[str, Any], files: Iterable[bytes] = ()
    ) -> None:
        """Sends what to load, and reads what it is called with. Raises Obstacle."""
        try:
            process.send(message(number, task, [np.frombuffer(b"".join(files), np.uint8)]))
            _, told, _ = receive(number, process.into, self._magic)
            obstacle = text(told.get("obstacle", ""))
            self.parameters = texts(told.get("parameters", []))
            self.defaults = _defaults(told.get("defaults", {}))
            self.call = texts(told.get("call", []))
            self.numbers = _numbers(told.get("numbers", []))
            self.remarks = texts(told.get("remarks", []))
        except Ended as ended:
            self._process = None
            raise Obstacle(f"what {self.name} needs of {self.path.name} {ended}") from None
        except Garbled:
            self.close()
            raise Obstacle(f"loading {self.path.name} {GARBLED}") from None
        if obstacle:
            raise Obstacle(obstacle)


def _numbers(value: Any) -> tuple[int, ...]:
    """Raises Garbled unless it is a list of whole numbers."""
    if not isinstance(value, list) or not all(type(number) is int for number in value):
        raise Garbled
    return tuple(value[:100])


def _defaults(value: Any) -> dict[str, Any]:
    """Raises Garbled unless it is text ↦ None, a number or a text."""
    if not isinstance(value, dict) or len(value) > 100:
        raise Garbled
    plain = {
        name: text(given) if isinstance(given, str) else given for name, given in value.items()
    }
    if any(isinstance(given, dict | list) for given in plain.values()):
        raise Garbled
    return {text(name): given for name, given in plain.items()}
