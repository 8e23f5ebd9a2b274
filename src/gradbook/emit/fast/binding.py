"""From the C source to a Python function that costs little to call.

The source is compiled together with `binding.c` into a Python module, where Python's and NumPy's
headers are there; else alone, and called through ctypes: then a call takes some microseconds more.
"""

from __future__ import annotations

import ctypes
import sysconfig
from collections.abc import Callable
from importlib.machinery import ExtensionFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gradbook.emit import build
from gradbook.emit.called_in_c import passed
from gradbook.emit.fast.source import passage
from gradbook.loss import Loss

Result = tuple[float, NDArray[Any]]

#: (W, X, y, …, threads) → (L, dL), or None for arrays that are not plain or that give no result.
Call = Callable[..., Result | None]

FLAGS = ("-O3", "-ffp-contract=fast", "-fno-math-errno", "-fno-trapping-math", "-pthread")

REALS = {np.dtype(np.float64): ("double", 8), np.dtype(np.float32): ("float", 4)}

NAME = "gradbook_kernel"


def compiled(source: str, classes: int, dtype: np.dtype[Any], loss: Loss) -> Call:
    """The function of a source for C = classes and a dtype, float32 or float64.

    A loss with weights or parameters is always called through ctypes.

    Raises build.NoCompiler and build.CompilationFailed.
    """
    real, size = REALS[dtype]
    flags = (*FLAGS, f"-DCLASSES={classes}", f"-DREAL={real}", f"-DREAL_BYTES={size}")
    headers = (Path(sysconfig.get_path("include")), Path(np.get_include()))
    if (headers[0] / "Python.h").is_file() and not (loss.weighted or loss.parameters):
        # Python's headers need a later C than the kernel, and are not ours to warn about.
        flags_here = (*flags, "-std=gnu11", "-w", *(f"-I{folder}" for folder in headers))
        # The headers want to be first.
        code = f"#define PY_SSIZE_T_CLEAN\n#include <Python.h>\n{source}{passage('binding')}"
        try:
            return build.library(code, flags_here, load=_module).call
        except build.CompilationFailed:
            pass  # headers that do not fit: the kernel may compile without them
    return _through_ctypes(build.library(source, flags), classes, dtype)


def _module(path: Path) -> Any:
    loader = ExtensionFileLoader(NAME, str(path))
    spec = spec_from_loader(NAME, loader)
    assert spec is not None
    try:
        module = module_from_spec(spec)
        loader.exec_module(module)
    except (ImportError, SystemError) as error:
        raise build.CompilationFailed(f"the compiled kernel cannot be loaded: {error}") from None
    return module


def _through_ctypes(library: ctypes.CDLL, classes: int, dtype: np.dtype[Any]) -> Call:
    entry = build.function(library, "loss_and_gradient")

    def call(W: Any, X: Any, y: Any, *more: Any) -> Result | None:
        if not (_plain(W, 2, dtype) and _plain(X, 2, dtype) and _plain(y, 1, np.dtype(np.int64))):
            return None
        (n, D), C = X.shape, len(W)
        if classes != C or D < 1 or W.shape[1] != D or n < 1 or len(y) != n:
            return None
        value, gradient = np.empty(1), np.empty(W.shape, dtype)
        given, threads = passed(n, D, W, X, y, *more[:-1]), ctypes.c_int(more[-1])
        status = entry(*given, threads, *passed(value, gradient))
        if status == 1:
            raise MemoryError("there is not enough memory for the sums of one block of examples")
        return (float(value[0]), gradient) if status == 0 else None

    return call


def _plain(array: Any, dimensions: int, dtype: np.dtype[Any]) -> bool:
    return (
        type(array) is np.ndarray
        and array.ndim == dimensions
        and array.dtype == dtype
        and array.dtype.isnative
        and array.flags.c_contiguous
        and array.flags.aligned
    )
