"""A function of a file, in a process of its own, as a subject."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gradbook.subjects.channel import (
    Garbled,
    answer_from_message,
    call_to_message,
    message,
    receive,
    text,
    texts,
)
from gradbook.subjects.process import Ended, Process
from gradbook.subjects.subject import Answer, Argument, Obstacle

GARBLED = "wrote into the channel of its answers"


@dataclass(frozen=True)
class Limits:
    """What a subject may take. A limit that is passed is its answer, or an obstacle.

    seconds: for one call. loading: seconds to load it. total: seconds for all calls of a subject
    and of those made from it by `fresh`; to need more is no fault, but ends the judging. memory:
    bytes, beyond what Python and NumPy have. output: bytes printed in one call. file_size: bytes of
    one file in its temporary folder.
    """

    seconds: float = 5
    loading: float = 20
    total: float = 120
    memory: int = 2 << 30
    output: int = 1_000_000
    file_size: int = 64_000_000


class Isolated:
    """The function `name` of a .py file or a notebook, in a process of its own.

    The process has limits, a temporary folder, and a channel for data alone: this is isolation
    against accidents, no sandbox against malice. Of the file only what the function needs is run.
    After an answer that is fatal the next call starts the process anew. Raises Obstacle where the
    function cannot be had, with one sentence that says why, and from the first call after all calls
    together took more than their total.
    """

    renews = True

    def __init__(self, path: str | Path, name: str, limits: Limits = Limits()) -> None:
        self.path, self.name, self.limits = Path(path).resolve(), name, limits
        self._spent = [0.0]  # seconds; shared with those that `fresh` makes
        self._process: Process | None = None
        self._number = 0
        self.parameters: tuple[str, ...] = ()
        self.defaults: dict[str, Any] = {}
        self.remarks: tuple[str, ...] = ()
        self._start()

    def fresh(self) -> Isolated:
        """The same function in another process."""
        another = Isolated(self.path, self.name, self.limits)
        another._spent = self._spent
        return another

    def close(self) -> None:
        """Ends the process, as forgetting the subject does; a later call would start another."""
        if self._process is not None:
            self._process.end()
            self._process = None

    def __call__(self, *arguments: Argument, **keywords: Argument) -> Answer:
        left = self.limits.total - self._spent[0]
        if left <= 0:
            raise self._too_slow()
        try:
            process = self._process or self._start()
        except Obstacle as obstacle:
            return Answer(error=f"cannot be started anew: {obstacle}", fatal=True)
        self._number += 1
        buffers = call_to_message(self._number, arguments, keywords)
        began = time.monotonic()
        try:
            process.start_clock(min(self.limits.seconds, left))
            process.send(buffers)
            _, content, bodies = receive(self._number, process.into)
            return answer_from_message(content, bodies, process.into)
        except Ended as ended:
            self._process = None
            if time.monotonic() - began >= left:
                raise self._too_slow() from None
            return Answer(error=str(ended), fatal=True)
        except Garbled:
            self.close()
            return Answer(error=GARBLED, fatal=True)
        finally:
            self._spent[0] += time.monotonic() - began

    def _too_slow(self) -> Obstacle:
        return Obstacle(f"its calls took more than {self.limits.total:g} s in all: it is too slow")

    def _start(self) -> Process:
        """Starts the process and loads the function there."""
        if os.name != "posix":
            raise Obstacle("a process with limits needs Linux or macOS")
        if not self.path.is_file():
            raise Obstacle(f"there is no file {self.path.name}")
        self._process = process = Process(self.limits.output)
        task = {
            "path": str(self.path),
            "name": self.name,
            # The judge ends what takes too long; if the judge has gone, the process does it.
            "seconds": self.limits.seconds + 5,
            "loading": self.limits.loading + 5,
            "memory": self.limits.memory,
            "file_size": self.limits.file_size,
        }
        try:
            process.start_clock(self.limits.loading)
            process.send(message(0, task))
            _, content, _ = receive(0, process.into)
            obstacle = text(content.get("obstacle", ""))
            self.parameters = texts(content.get("parameters", []))
            self.defaults = _defaults(content.get("defaults", {}))
            self.remarks = texts(content.get("remarks", []))
        except Ended as ended:
            self._process = None
            raise Obstacle(f"what {self.name} needs of {self.path.name} {ended}") from None
        except Garbled:
            self.close()
            raise Obstacle(f"loading {self.path.name} {GARBLED}") from None
        if obstacle:
            self.close()
            raise Obstacle(obstacle)
        return process


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
