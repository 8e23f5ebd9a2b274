"""In the process of a subject: harmless stand-ins for what many files import and do not need.

A stand-in is used only where it does not change what the function computes: for names that Python
or NumPy had once and have now under another name, for plots, progress bars and debuggers. What else
cannot be imported is `Missing`: that hurts a function which uses it, and no other.
"""

from __future__ import annotations

import builtins
import functools
import importlib.abc
import importlib.machinery
import sys
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import ModuleType
from typing import Any, NoReturn

import numpy as np

#: Names that NumPy no longer has, and what they stood for.
OF_NUMPY: Mapping[str, Any] = {
    "float": float, "int": int, "complex": complex, "object": object, "str": str,
    "float_": np.float64, "complex_": np.complex128, "unicode": str,
    "Inf": np.inf, "Infinity": np.inf, "infty": np.inf, "PINF": np.inf, "NINF": -np.inf,
    "NaN": np.nan, "NAN": np.nan, "PZERO": 0.0, "NZERO": -0.0,
    "product": np.prod, "cumproduct": np.cumprod, "sometrue": np.any, "alltrue": np.all,
    "round_": np.round, "row_stack": np.vstack, "mat": np.asmatrix,
    "in1d": lambda a, b, **how: np.isin(np.ravel(a), b, **how),
}  # fmt: skip

#: Names that Python 3 no longer has, and what they stood for.
OF_PYTHON: Mapping[str, Any] = {
    "xrange": range, "unicode": str, "long": int, "basestring": str, "raw_input": input,
    "reduce": functools.reduce,
}  # fmt: skip


class Silent(ModuleType):
    """Whatever is asked of it is itself again, and whatever it is called with does nothing."""

    def __init__(self, name: str = "silent") -> None:
        super().__init__(name)
        self.__path__: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        return arguments[0] if len(arguments) == 1 and callable(arguments[0]) else self

    def __getitem__(self, key: Any) -> Any:
        return self

    def __setitem__(self, key: Any, value: Any) -> None: ...

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *error: Any) -> None: ...

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[type, ...]:
        return ()  # a class may be made from it, and has then nothing of it


class _Bars(Silent):
    """tqdm: a bar is the iterable that it was given, and its methods do nothing."""

    def __call__(self, iterable: Any = (), *arguments: Any, **keywords: Any) -> Any:
        return _Bar(iterable)

    def trange(self, *bounds: int, **keywords: Any) -> Any:
        return _Bar(range(*bounds))

    tnrange = trange


class _Bar(Silent):
    def __init__(self, iterable: Any) -> None:
        super().__init__("a bar")
        self._iterable = iterable

    def __iter__(self) -> Iterator[Any]:
        return iter(self._iterable)

    def __len__(self) -> int:
        return len(self._iterable)


class _Decorators(Silent):
    """numba: a compiled function is the function, and its ranges are ranges."""

    prange = range

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        if len(arguments) == 1 and callable(arguments[0]) and not keywords:
            return arguments[0]
        return lambda function: function


def _past(name: str) -> ModuleType:
    """past.builtins, past.utils, six.moves, … : the names of Python 2."""
    module = Silent(name)
    as_lists: dict[str, Callable[..., Any]] = {
        "map": lambda f, *a: list(map(f, *a)),
        "filter": lambda f, a: list(filter(f, a)),
        "range": range,  # a range is a list wherever it is only looped over
        "zip": zip,
    }
    names = {**vars(builtins), **OF_PYTHON, **(as_lists if name.startswith("past") else {})}
    module.__dict__.update({key: names[key] for key in names if not key.startswith("_")})
    module.__dict__["old_div"] = lambda a, b: a // b if _whole(a) and _whole(b) else a / b
    return module


def _whole(value: Any) -> bool:
    return isinstance(value, int | np.integer)


Maker = Callable[[str], ModuleType]

#: What draws or stops for a person; installed or not, it is not let in.
INSTEAD: Mapping[str, Maker] = {
    **dict.fromkeys(("matplotlib", "mpl_toolkits", "pylab", "seaborn", "plotly"), Silent),
    **dict.fromkeys(("pdb", "ipdb", "pudb", "IPython"), Silent),
    "tqdm": _Bars,
}
#: What stands in where it is not installed.
IF_MISSING: Mapping[str, Maker] = {
    **dict.fromkeys(("past", "six", "future"), _past),
    **dict.fromkeys(("line_profiler", "memory_profiler", "typing_extensions"), Silent),
    "numba": _Decorators,
}


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def __init__(self, makers: Mapping[str, Maker]) -> None:
        self._makers = makers

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name.partition(".")[0] not in self._makers:
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return self._makers[spec.name.partition(".")[0]](spec.name)

    def exec_module(self, module: ModuleType) -> None: ...


def of_typing(names: Iterable[str]) -> None:
    """Lets typing have what a later Python has: for annotations, which are never evaluated."""
    for name in names:
        if not hasattr(typing, name):
            setattr(typing, name, Silent(name))


def install() -> None:
    """Puts the stand-ins in place, in this process for good."""
    sys.meta_path.insert(0, _Finder(INSTEAD))
    sys.meta_path.append(_Finder(IF_MISSING))
    for name, value in OF_NUMPY.items():
        if name not in vars(np):
            setattr(np, name, value)
    for name, value in OF_PYTHON.items():
        setattr(builtins, name, value)


class Missing:
    """In the place of what could not be imported. It fails as soon as it is used."""

    def __init__(self, name: str, why: str) -> None:
        self.__dict__["_said"] = f"it uses {name}: {why}"

    def _fail(self, *_: Any, **__: Any) -> NoReturn:
        raise ImportError(self.__dict__["_said"])

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[type, ...]:
        return ()  # a class that is derived from it has nothing of it

    __getattr__ = __call__ = __getitem__ = __iter__ = __len__ = __bool__ = __array__ = _fail
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = _fail
    __rtruediv__ = __float__ = __int__ = __index__ = __enter__ = __setattr__ = _fail
