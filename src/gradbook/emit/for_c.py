"""Target "c": plain loops in C99, for any C, D and n at run time: for reading and for porting.

    >>> from derivation.multiclass_svm import svm
    >>> from gradbook.emit import emit
    >>> print(emit(svm, "c").source.partition("each score, μ. */\\n")[2].partition("\\n\\n")[0])
            const real s_y = s[label];
            real r0 = 0, r1 = 0;
            for (int64_t a = 0; a < C; a++) {
                if (a == label)
                    continue;
                const real u = s[a] - s_y + 1;
                r0 += (u > 0 ? u : 0);
                const real on = (u > 0);
                r1 += on;
                mu[a] = on;
            }
            *L += r0;
            mu[label] = -r1;

The rest is the same for every loss: the scores before it, the gradient after it, and the mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sympy import Add, Expr, Symbol

from gradbook import notation
from gradbook.emit.arguments import names
from gradbook.emit.arrays import positive_first
from gradbook.emit.c99 import C99Printer, comment, wrapped
from gradbook.emit.called_in_c import CalledInC
from gradbook.emit.class_loops import ClassLoops, Loop, class_loops, mu
from gradbook.emit.functions import functions_of
from gradbook.emit.lowering import Reduction, s_a, s_y
from gradbook.emit.plan import Plan, letters_of
from gradbook.emit.target import InC
from gradbook.loss import Loss

FLAGS = ("-O3",)

HOW_TO_CALL = """\
To call it, with W, C × D, and X, n × D, row by row, and y[i] in 0 … C − 1; X[i*D] is 1, for the
bias:

    double L, *dL = malloc(C*D*sizeof *dL);
    if (loss_and_gradient(n, C, D, W, X, y, @call&L, dL))
        … there is no memory for the scores of one example

To compile it: cc -std=c99 -O3 -c FILE.c, and link with -lm. -DREAL=float makes W and X float.
"""

OPENING = """\
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <tgmath.h>

#ifndef REAL
#define REAL double
#endif
typedef REAL real;

/* Σ_b w_b x_b, in eight sums that a compiler may compute at once without rounding otherwise. */
static real dot(int64_t D, const real *w, const real *x)
{
    real sum[8] = {0};
    int64_t b = 0;
    for (; b + 8 <= D; b += 8)
        for (int k = 0; k < 8; k++)
            sum[k] += w[b + k]*x[b + k];
    for (; b < D; b++)
        sum[b % 8] += w[b]*x[b];
    return ((sum[0] + sum[4]) + (sum[1] + sum[5])) + ((sum[2] + sum[6]) + (sum[3] + sum[7]));
}
"""

FUNCTION = """\
/* The mean loss over n examples, L, and its gradient by W, dL: C × D like W. Returns 0; or 1, and
   writes nothing, if there is no memory. */
int loss_and_gradient(int64_t n, int64_t C, int64_t D, const real *W, const real *X,
                      const int64_t *y,@parameters double *L, double *dL)
{
    real *s = malloc((size_t)C*@count*sizeof(real));
    if (s == NULL)
        return 1;
    real *@arrays;

    *L = 0;
    for (int64_t k = 0; k < C*D; k++)
        dL[k] = 0;
    for (int64_t i = 0; i < n; i++) {
        const real *x = X + i*D;
        const int64_t label = y[i];

        /* The scores, s = W x̃. */
        for (int64_t a = 0; a < C; a++)
            s[a] = dot(D, W + a*D, x);

        /* The loss, and its derivative by each score, μ. */
@statements
        /* The gradient, μ x̃ᵀ. */
        for (int64_t a = 0; a < C; a++) {
            if (mu[a] == 0)
                continue;
            for (int64_t b = 0; b < D; b++)
                dL[a*D + b] += mu[a]*x[b];
        }
    }
    *L /= (double)n;
    for (int64_t k = 0; k < C*D; k++)
        dL[k] /= (double)n;
@penalty    free(s);
    return 0;
}
"""


def printed(steps: Plan, lines: Sequence[str]) -> str:
    """The source, with `lines` in the comment at its top."""
    loss, loops = steps.lowered.source, class_loops(steps)
    arrays = ["mu", *map(str, loops.kept)]
    pointers = ", *".join(f"{name} = s + {at}*C" for at, name in enumerate(arrays, 1))
    with functions_of("C99"):
        statements = "".join(_Statements(steps, loops).lines())
    function = (
        FUNCTION.replace("@count", str(len(arrays) + 1))
        .replace("@arrays", pointers.replace("1*C", "C"))
        .replace("@statements", statements)
        .replace("@parameters", parameters(loss))
        .replace("@penalty", penalty_of(loss))
    )
    return f"{about([*lines, ''], HOW_TO_CALL, loss)}\n\n{OPENING}\n{function}"


def about(lines: Iterable[str], how_to_call: str, loss: Loss) -> str:
    """The comment at the top of a source. how_to_call: with a place for what the loss takes."""
    call = "".join(f"{name}, " for name in names(loss))
    how_to_call = how_to_call.replace("@call", call) + described(loss)
    return comment([*lines, *how_to_call.splitlines()])


def parameters(loss: Loss) -> str:
    """The arguments between y and L, on a line of their own."""
    weights = ["const real *weights"] if loss.weighted else []
    declared = [*weights, *(f"double {letter.name}" for letter, _ in loss.parameters)]
    margin = "\n" + " " * len("int loss_and_gradient(")
    return f"{margin}{', '.join(declared)},{margin}".rstrip(" ") + margin[2:] if declared else ""


def described(loss: Loss) -> str:
    """What the arguments between y and L are."""
    lines = []
    if loss.weighted:
        lines.append("weights[i] is how many times example i counts; the mean is divided by n.")
    if loss.parameters:
        usual = ", ".join(f"{letter} = {number}" for letter, number in loss.parameters)
        lines.append(f"Unless one means something else, {usual}.")
    if loss.penalty is not None:
        lines.append(f"Added to the mean: {loss.penalty.written}.")
    return "".join(f"{line}\n" for line in lines)


PENALTY = """\

    /* The penalty, and its gradient. */
    for (int64_t a = 0; a < C; a++)
        for (int64_t b = @first; b < D; b++) {
            const double w = W[a*D + b];
            *L += @strength*w*w;
            dL[a*D + b] += @slope*w;
        }
"""


def penalty_of(loss: Loss) -> str:
    """The statements that add the penalty."""
    if loss.penalty is None:
        return ""
    printer = C99Printer()
    strength = loss.penalty.factor * loss.penalty.strength
    return (
        PENALTY.replace("@first", "0" if loss.penalty.bias else "1")
        .replace("@strength", printer.doprint(strength))
        .replace("@slope", printer.doprint(loss.penalty.slope))
    )


class _LoopPrinter(C99Printer):
    """What is kept for every class has an index."""

    def __init__(self, kept: Iterable[Symbol]) -> None:
        super().__init__({"allow_unknown_functions": False})
        self.kept = frozenset(kept)

    def _print_Symbol(self, expr: Symbol) -> str:
        if expr == s_a:
            return "s[a]"
        if expr == notation.C:
            return "(real)C"  # 1/C is not to be divided as whole numbers are
        return f"{expr.name}[a]" if expr in self.kept else expr.name

    def _print_Add(self, expr: Add, order: Any = None) -> str:
        return str(super()._print_Add(positive_first(expr), order="none"))


class _Statements:
    """The statements between the scores and μ."""

    def __init__(self, plan: Plan, loops: ClassLoops) -> None:
        self.plan, self.loops = plan, loops
        self.printer = _LoopPrinter({*loops.kept, mu})

    def lines(self) -> Iterator[str]:
        if self.plan.lowered.source.weighted:
            yield wrapped("const real weight = weights[i];", 2)
        if s_y in letters_of(self.plan):
            yield wrapped("const real s_y = s[label];", 2)
        for loop in self.loops.loops:
            yield from self.loop(loop)
        yield from self.constants(self.loops.after, 2)
        yield wrapped(f"*L += {self.code(self.plan.loss)};", 2)
        yield wrapped(f"mu[label] = {self.code(self.plan.label)};", 2)

    def loop(self, loop: Loop) -> Iterator[str]:
        yield from self.constants(loop.before, 2)
        starts = {"sum": "0", "max": "-INFINITY"}
        if loop.reductions:
            started = (f"{r.name} = {starts[r.op]}" for r in loop.reductions)
            yield wrapped(f"real {', '.join(started)};", 2)
        yield wrapped("for (int64_t a = 0; a < C; a++) {", 2)
        if loop.others:
            yield wrapped("if (a == label)", 3) + wrapped("continue;", 4)
        for step in loop.steps:
            if isinstance(step, Reduction):
                yield from self.reduction(step, guarded=not loop.others)
            elif step.name in self.printer.kept:
                yield wrapped(f"{self.code(step.name)} = {self.code(step.value)};", 3)
            else:
                yield from self.constants([step], 3)
        yield wrapped("}", 2)

    def reduction(self, reduction: Reduction, guarded: bool) -> Iterator[str]:
        depth = 3
        if guarded and reduction.over == "other":
            yield wrapped("if (a != label)", depth)
            depth += 1
        name, value = reduction.name, self.code(reduction.summand)
        if reduction.op == "sum":
            yield wrapped(f"{name} += {value};", depth)
        else:
            yield wrapped(f"{name} = fmax({name}, {value});", depth)

    def constants(self, definitions: Iterable[Any], depth: int) -> Iterator[str]:
        for definition in definitions:
            yield wrapped(f"const real {definition.name} = {self.code(definition.value)};", depth)

    def code(self, expr: Expr) -> str:
        return str(self.printer.doprint(expr))


def compiled(source: str) -> CalledInC:
    """(W, X, y, …) → (L, dL) from a source that `printed` returned."""
    return CalledInC(source, FLAGS, True, "the scores of one example")


TARGET = InC("c", "C99", printed, compiled)
