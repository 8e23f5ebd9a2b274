"""The emitted code for PyTorch and JAX on an accelerator: whether it is right there, and how fast.

    PYTHONPATH=src python -m benchmarks.on_device

Nothing but NumPy, SymPy, and PyTorch or JAX is needed. The modules are checked as every emitted
kernel is, in float64 and float32: in each region and at each kink against exact arithmetic, to the
last bit; against the kernel by hand, within what rounding allows; against finite differences. Then
they are timed against PyTorch's own loss, forward and backward, with the data on the device. Tables
are printed, and all of it is written to build/benchmarks/on_device.json. Ends with 0 if everything
that could run is right, 1 if something is wrong, and 2 if nothing could run.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from textwrap import fill
from time import perf_counter
from typing import Any

import numpy as np

from benchmarks.devices import (
    BASELINE,
    PRODUCTS,
    first_line,
    jax_kernel,
    jax_on,
    jax_works,
    on_torch,
    torch_backward,
    torch_module,
    torch_on,
    torch_works,
)
from benchmarks.measure import Clock, in_turns
from benchmarks.one_run import agree, problem
from benchmarks.rivals import NotHere, Work
from derivation.multiclass_svm import svm
from gradbook.check.calls import Misbehaved, subject_of
from gradbook.check.judge import CHECKS
from gradbook.emit import emit
from gradbook.kernels import Kernel, by_hand

#: (n, D, C) that are timed.
SHAPES = ((60_000, 785, 10), (4096, 1025, 1000))

DTYPES = ("float64", "float32")

#: The checks that need no data set: each takes thousands of calls.
ASKED = ("exact", "by hand", "finite differences")

#: The host only waits while a device works: that it is preempted says nothing.
CLOCK = Clock("wall", perf_counter, discards=False)

RESULTS = Path("build/benchmarks/on_device.json")

#: What is checked.
SUBJECTS: dict[str, Callable[[str], Kernel]] = {
    "torch: loss_and_gradient": torch_module,
    "torch: mean_loss, backward by W": torch_backward,
    "jax: the kernel": jax_kernel,
}


def checked(kernel: Kernel) -> dict[str, dict[str, Any]]:
    """What each check finds."""
    found = {}
    for name in ASKED:
        began = perf_counter()
        try:
            check, findings = CHECKS[name](subject_of(kernel), svm, 0)
            said = [check.detail, *map(str, findings)]
            passed, error, bound = check.passed and not findings, check.max_error, check.bound
            cases = check.cases
        except Misbehaved as misbehaved:
            said, passed, error, bound, cases = [str(misbehaved)], False, 0.0, 0.0, 0
        found[name] = {
            "passed": passed,
            "cases": cases,
            "max_error": float(error),
            "bound": float(bound),
            "said": said,
            "seconds": perf_counter() - began,
        }
    return found


def by_X(device: str) -> dict[str, Any]:
    """The gradient by X of PyTorch's backward, (1/n) Mᵀ W, to the last bit, at every kink."""
    torch, module = torch_on(device), emit(svm, "torch").module
    cases, wrong = 0, []
    for classes in (2, 3, 4):
        for dtype in DTYPES:
            W, X, y, expected = every_sign(classes, dtype)
            w, x, labels = on_torch(torch, device, (W, X, y))
            x.requires_grad_()
            assert module is not None
            module.mean_loss(w, x, labels).backward()
            differ = (x.grad.cpu().numpy() != expected).any(axis=1)
            cases += len(y)
            wrong += [f"x̃ = {X[i]}, y = {y[i]}, {dtype}" for i in np.flatnonzero(differ)[:1]]
    one = {"passed": not wrong, "cases": cases, "max_error": 0.0, "bound": 0.0, "said": wrong}
    return {"exact": one}


def every_sign(classes: int, dtype: str) -> tuple[np.ndarray, ...]:
    """W, X, y for which margins have every pattern of signs, 0 included, and (1/n) Mᵀ W, exactly.

    The scores are entries of x̃, small integers; n is a power of two, so that nothing is rounded.
    """
    grid = np.stack(np.meshgrid(*[np.arange(-2.0, 2.0)] * classes), -1).reshape(-1, classes)
    scores, y = np.repeat(grid, classes, 0), np.tile(np.arange(classes), len(grid))
    n = 1 << (len(y) - 1).bit_length()
    scores, y = np.resize(scores, (n, classes)), np.resize(y, n)
    mu = [svm.exact_at_scores(s, int(label))[1] for s, label in zip(scores, y, strict=True)]
    M = np.array(mu, float)
    W = np.hstack([np.zeros((classes, 1)), np.eye(classes)])
    X = np.hstack([np.ones((n, 1)), scores])
    return W.astype(dtype), X.astype(dtype), y, (M @ W / n).astype(dtype)


def timed(device: str, shape: tuple[int, int, int], dtype: str, seconds: float) -> dict[str, Any]:
    """The seconds of everything that can run and agrees with the kernel by hand in float64."""
    W, X, y = problem(*shape, dtype)
    in_double = W.astype(np.float64), X.astype(np.float64), y
    expected = by_hand("multiclass_svm")[-1].function(*in_double)
    works: dict[str, Work] = {}
    missing: dict[str, str] = {}
    errors: dict[str, float] = {}
    for make in (torch_works, jax_works):
        try:
            for name, made in make(device, W, X, y):
                try:
                    work = made()
                    result = work()
                except Exception as error:  # what fails must not end the others' race
                    missing[name] = f"{type(error).__name__}: {first_line(error)}"
                    continue
                if name != PRODUCTS:
                    value, gradient = (in_numpy(part) for part in result)
                    found = float(value), gradient
                    errors[name] = float(
                        np.abs(gradient - expected[1]).max() / np.abs(expected[1]).max()
                    )
                    if not agree(expected, found, dtype):
                        missing[name] = f"wrong: its gradient is off by {errors[name]:.1e}"
                        continue
                works[name] = work
        except NotHere as reason:
            missing[make.__name__.partition("_")[0]] = str(reason)
    timings = in_turns(works, seconds, CLOCK) if works else {}
    return {
        "shape": list(shape),
        "dtype": dtype,
        "seconds": {name: timing.seconds for name, timing in timings.items()},
        "samples": {name: timing.samples for name, timing in timings.items()},
        "relative_errors": errors,
        "missing": missing,
    }


def in_numpy(value: Any) -> np.ndarray:
    """An array of either library, on the host."""
    return np.asarray(value.cpu() if hasattr(value, "cpu") else value)


# What is shown, in 80 columns.


def checks_row(name: str, found: Mapping[str, Any]) -> str:
    cells = []
    for check in ASKED:
        one = found.get(check)
        mark = "–" if one is None else f"{'✓' if one['passed'] else '✗'} {one['cases']:,}"
        cells.append(f"{mark:>12}")
    return f"{name:<36}{''.join(cells)}"


def times_table(run: Mapping[str, Any]) -> Iterator[str]:
    n, D, C = run["shape"]
    title = f"{n} × {D} × {C}, {run['dtype']}"
    yield f"{title:<38}{'ms':>10}{'of PyTorch’s own':>18}{'error':>10}"
    baseline = run["seconds"].get(BASELINE)
    for name, seconds in run["seconds"].items():
        ratio = f"{seconds / baseline:.2f}" if baseline else "–"
        error = run["relative_errors"].get(name)
        shown = "–" if error is None else f"{error:.0e}"
        yield f"  {name:<36}{1e3 * seconds:>10.3f}{ratio:>18}{shown:>10}"
    for name, reason in run["missing"].items():
        yield f"  {name:<36}  {reason}"[:80]


def about(device: str) -> dict[str, str]:
    """The device and the versions."""
    found = {"python": platform.python_version(), "numpy": np.__version__, "device": device}
    try:
        torch = torch_on(device)
        found["torch"] = torch.__version__
        found["torch_float32_products"] = torch.get_float32_matmul_precision()
        if device.startswith("cuda"):
            found["device"] = torch.cuda.get_device_name(device)
    except NotHere as reason:
        found["torch"] = str(reason)
    try:
        jax, place = jax_on(device)
        found["jax"] = f"{jax.__version__}, {place}"
    except NotHere as reason:
        found["jax"] = str(reason)
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Checks, then times; prints each row when it is known."""
    options = _parser().parse_args(arguments)
    results: dict[str, Any] = {"about": about(options.device), "checks": {}, "times": []}

    def show(text: str = "") -> None:
        print(text, flush=True)
        options.json.parent.mkdir(parents=True, exist_ok=True)
        written = json.dumps(results, indent=1, ensure_ascii=False)
        options.json.write_text(written + "\n", encoding="utf-8")

    for name, said in results["about"].items():
        show(f"{name:<24}{said}"[:80])
    show(f"\n{'checked':<36}{''.join(f'{name:>12}' for name in ('exact', 'by hand', 'diff.'))}")
    ways: dict[str, Callable[[str], dict[str, Any]]] = {
        name: lambda device, make=make: checked(make(device))  # type: ignore[misc]
        for name, make in SUBJECTS.items()
    }
    ways["torch: mean_loss, backward by X"] = by_X
    for name, way in ways.items():
        try:
            found = way(options.device)
        except NotHere as reason:
            show(f"{name:<36}  {reason}"[:80])
            continue
        results["checks"][name] = found
        show(checks_row(name, found))
        for one in found.values():
            if not one["passed"]:
                for said in one["said"]:
                    show(fill(said, 80, initial_indent="    ", subsequent_indent="    "))
    for shape in options.shapes:
        for dtype in DTYPES:
            run = timed(options.device, shape, dtype, options.seconds)
            results["times"].append(run)
            show("\n" + "\n".join(times_table(run)))
    show(f"\ndata: {options.json}")
    if not results["checks"]:
        return 2
    right = all(one["passed"] for found in results["checks"].values() for one in found.values())
    wrong = any("wrong:" in said for run in results["times"] for said in run["missing"].values())
    return 0 if right and not wrong else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.on_device",
        description="Checks and times the emitted code for PyTorch and JAX on a device.",
    )
    parser.add_argument("--device", default="cuda", help="of PyTorch and JAX (default: cuda)")
    parser.add_argument("--seconds", type=float, default=8, help="for each table (default: 8)")
    parser.add_argument("--json", type=Path, default=RESULTS, metavar="FILE")
    parser.add_argument("--shapes", type=_shape, nargs="*", default=SHAPES, metavar="NxDxC")
    return parser


def _shape(text: str) -> tuple[int, int, int]:
    n, D, C = (int(part) for part in text.lower().split("x"))
    return n, D, C


if __name__ == "__main__":
    sys.exit(main())
