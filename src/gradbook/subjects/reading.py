"""Which functions a file has, and which small changes, as a process with limits reads them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from gradbook.subjects.candidates import Letters
from gradbook.subjects.channel import Garbled, message, receive, text
from gradbook.subjects.files import content
from gradbook.subjects.isolated import LIMITS, Limits
from gradbook.subjects.process import Ended, Process
from gradbook.subjects.sandbox import PACKAGE, chosen
from gradbook.subjects.subject import Obstacle


@dataclass(frozen=True)
class Function:
    """A function of a file; why it is not judged, in a sentence, and `code` in a word or two; ""
    if nothing that can be read is in the way.
    """

    name: str
    why: str = ""
    code: str = ""


@dataclass(frozen=True)
class Changed:
    """Statement number `index` of a file with another text."""

    index: int
    text: str


class Reader:
    """Reads files, one after another, in a process that is started anew where one ends it."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self._limits = limits
        self._process: Process | None = None
        self._number = 0

    def __enter__(self) -> Reader:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is not None:
            self._process.end()
            self._process = None

    def functions(self, path: Path, letters: Letters | None = None) -> tuple[Function, ...]:
        """All of a .py file or a notebook, those that look like a loss first.

        letters: of a page, as for `candidates`.

        Raises Obstacle, with its code, where there are none of these.
        """
        return tuple(
            Function(*map(text, row)) for row in self._list(path, {"letters": letters}, "functions")
        )

    def changes(self, path: Path, name: str, roles: Mapping[str, str]) -> Iterator[Changed]:
        """The small changes of a function, the likeliest slips first, as `mend.slips` has them.

        Raises Obstacle.
        """
        first = 0
        while True:
            task = {"name": name, "roles": roles, "first": first}
            found = self._list(path, task, "slips")
            if not found:
                return
            yield from (Changed(int(index), str(text)) for index, text in found)
            first += len(found)

    def shown(
        self, path: Path, changed: Changed
    ) -> tuple[str, tuple[str, ...], tuple[str, ...], str]:
        """place, before, after and where of a `Mend`. Raises Obstacle."""
        task = {"change": [changed.index, changed.text]}
        place, before, after, where = self._asked(path, task)["shown"]
        return str(place), tuple(map(str, before)), tuple(map(str, after)), str(where)

    def _list(self, path: Path, task: Mapping[str, Any], key: str) -> list[Any]:
        found = self._asked(path, task).get(key)
        if not isinstance(found, list):
            raise Obstacle(f"{path.name} cannot be read", "unreadable")
        return found

    def _asked(self, path: Path, task: Mapping[str, Any]) -> Mapping[str, Any]:
        """What is told. Raises Obstacle, with its code, where it is that nothing can be told."""
        told = self._ask(path, content(path), task)
        if "obstacle" in told:
            raise Obstacle(text(told["obstacle"]), text(told.get("code", "")))
        return told

    def _ask(self, path: Path, given: bytes, task: Mapping[str, Any]) -> Mapping[str, Any]:
        limits = self._limits
        task = {
            **task,
            "file": path.name,
            "seconds": limits.loading,
            "waiting": limits.waiting * limits.loading + 5,
            "memory": limits.memory,
            "file_size": limits.file_size,
        }
        self._number += 1
        try:
            if self._process is None:
                boxed = chosen(limits.sandbox) == "bwrap"
                self._process = Process(limits.output, boxed, "reader", PACKAGE)
            self._process.start_clock(limits.loading, limits.waiting * limits.loading)
            self._process.send(message(self._number, task, [np.frombuffer(given, np.uint8)]))
            return receive(self._number, self._process.into)[1]
        except Ended as ended:
            self._process = None
            raise Obstacle(f"{path.name} cannot be read: that {ended}", "unreadable") from None
        except Garbled:
            self.__exit__(None, None, None)
            raise Obstacle(f"{path.name} cannot be read", "unreadable") from None
