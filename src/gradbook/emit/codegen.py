"""Target "codegen": the stages as C99, through `sympy.utilities.codegen`.

Three routines, each for one example: s from W and x̃; ℓ and μ from s and y; G from μ and x̃. They are
printed for a *group* of examples at once, one in each lane::

    s[0][lane] = W[0]*x[0][lane] + W[1]*x[1][lane] + W[2]*x[2][lane];

so that a loop over lanes has neither branches nor sums, and any compiler turns it into vector
instructions without being allowed to reorder arithmetic. The driver below them walks through X.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

from sympy import Expr, ImmutableDenseMatrix, MatrixSymbol, Symbol
from sympy.utilities.codegen import (
    DataType,
    InOutArgument,
    InputArgument,
    OutputArgument,
    Result,
    Routine,
)

from gradbook.emit.called_in_c import CalledInC
from gradbook.emit.driver import DRIVER
from gradbook.emit.functions import functions_of
from gradbook.emit.groups import GroupCodeGen
from gradbook.emit.stages import Definition, Stages
from gradbook.emit.target import InC

#: `real` is double, or what the library is compiled for: -DREAL=float.
REAL = DataType("real", "REAL*8", "float", "", "", "f64")
LABEL = DataType("int64_t", "INTEGER*8", "int", "", "", "i64")

#: With more entries of W than this, -O3 compiles for long and gains nothing over -O1.
LARGE = 32

#: Where a routine is inlined, its loops over lanes are unrolled before vectors are looked for.
FLAGS = ("-fno-inline",)


def compiled(source: str, classes: int, features: int) -> CalledInC:
    """(W, X, y) → (ℓ, G) from a source that `printed` returned."""
    large = classes * (features + 1) > LARGE
    flags = (*FLAGS, *(("-O1", "-ftree-vectorize") if large else ("-O3",)))
    return CalledInC(source, flags, False, "the sums of one group of examples")


def printed(steps: Stages, lines: Sequence[str]) -> str:
    """The C source: a comment with `lines`, the three routines, and the driver."""
    text = StringIO()
    generator = GroupCodeGen(lines, shared=steps.W)
    with functions_of("C99"):
        generator.dump_c(routines(steps), text, prefix="", empty=False)
    return text.getvalue() + DRIVER


TARGET = InC("codegen", "codegen C99", printed, compiled)


def routines(steps: Stages) -> list[Routine]:
    """The stages as three routines, each for one example."""
    C, D = steps.W.shape
    x, s, mu = MatrixSymbol("x", D, 1), MatrixSymbol("s", C, 1), MatrixSymbol("mu", C, 1)
    G = MatrixSymbol("G", C, D)

    elements = dict(zip(steps.x, x, strict=True))
    elements |= {name: mu[a, 0] for a, (name, _) in enumerate(steps.mu)}
    scores = [value.xreplace(elements) for _, value in steps.scores]
    gradient = [value.xreplace(elements) for row in steps.gradient for _, value in row]

    loss, value = steps.loss
    coefficients = [value for _, value in steps.mu]
    algebra = [(name, s[a, 0]) for a, (name, _) in enumerate(steps.scores)]
    algebra += [definition for stage in steps.algebra for definition in stage.definitions]
    needed = list(locals_of(algebra, [value, *coefficients]))

    return [
        Routine("scores", [given(steps.W), given(x), made(s, scores)], [], [], []),
        Routine(
            "coefficients",
            [given(s), InputArgument(steps.y, LABEL), added(loss, value), made(mu, coefficients)],
            results=[],
            local_vars=needed,
            global_vars=[],
        ),
        Routine("gradient", [given(mu), given(x), added(G, gradient)], [], [], []),
    ]


def locals_of(definitions: Sequence[Definition], results: Iterable[Expr]) -> Iterator[Result]:
    """Those of the definitions that the results need, as local variables, in the same order."""
    needed = {symbol for result in results for symbol in result.free_symbols}
    used = []
    for name, value in reversed(definitions):
        if name in needed:
            needed |= value.free_symbols
            used.append((name, value))
    for name, value in reversed(used):
        yield Result(value, name, name, REAL)


def given(matrix: MatrixSymbol) -> InputArgument:
    """An argument that is only read."""
    return InputArgument(matrix, REAL, _bounds(matrix))


def made(matrix: MatrixSymbol, values: Sequence[Expr]) -> OutputArgument:
    """An argument that becomes the values, row by row."""
    return OutputArgument(matrix, matrix, _filled(matrix, values), REAL, _bounds(matrix))


def added(target: MatrixSymbol | Symbol, values: Sequence[Expr] | Expr) -> InOutArgument:
    """An argument to which the value is added, or to a matrix the values, row by row."""
    if isinstance(target, Symbol):
        return InOutArgument(target, target, values, REAL)
    return InOutArgument(target, target, _filled(target, values), REAL, _bounds(target))


def _filled(matrix: MatrixSymbol, values: Sequence[Expr]) -> ImmutableDenseMatrix:
    return ImmutableDenseMatrix(*matrix.shape, values)


def _bounds(matrix: MatrixSymbol) -> list[tuple[int, int]]:
    return [(0, int(size) - 1) for size in matrix.shape]
