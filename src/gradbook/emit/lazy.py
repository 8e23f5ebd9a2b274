"""A module that is made of a source, when something in it is first asked for."""

from __future__ import annotations

import linecache
from hashlib import sha256
from threading import Lock
from types import ModuleType
from typing import Any


class Lazy(ModuleType):
    """A module that runs its source when something in it is first asked for.

    So a source can be printed where the library that it uses is not installed; what it defines
    raises ImportError there.
    """

    def __init__(self, name: str, source: str, library: str) -> None:
        super().__init__(name)
        self.__dict__.update(_source=source, _library=library, _lock=Lock(), _ran=False)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.__name__, self._source, self._library)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        with self._lock:
            if not self._ran:
                self._run()
        if name not in self.__dict__:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        return self.__dict__[name]

    def _run(self) -> None:
        path = f"<{self.__name__} {sha256(self._source.encode()).hexdigest()[:8]}>"
        lines = self._source.splitlines(keepends=True)
        linecache.cache[path] = (len(self._source), None, lines, path)  # for tracebacks
        try:
            exec(compile(self._source, path, "exec"), self.__dict__)
        except ModuleNotFoundError as error:
            raise ImportError(
                f"a kernel for {self._library} needs it to run, and there is none: "
                f"pip install {self._library}"
            ) from error
        self.__dict__["_ran"] = True
