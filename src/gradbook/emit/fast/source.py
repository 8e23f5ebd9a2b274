"""The C source of target "c-fast": the schedule, the loss's own stage, and the passages around it.

The passages are C files beside this one, written by hand; they know nothing of any loss. What is
printed for the loss stands where its scores are known and the gradient is not.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from textwrap import indent

from gradbook.emit.fast.lanes import coefficients
from gradbook.emit.fast.schedule import Schedule, groupable, shifted
from gradbook.emit.for_c import about, penalty_of
from gradbook.emit.functions import functions_of
from gradbook.emit.heading import heading
from gradbook.emit.lowering import Lowered
from gradbook.emit.plan import plan

HOW_TO_CALL = """\
To call it, with W, CLASSES × D, and X, n × D, row by row, and y[i] in 0 … CLASSES − 1; X[i*D] is 1,
for the bias:

    double L, *dL = malloc(CLASSES*D*sizeof *dL);
    if (loss_and_gradient(n, D, W, X, y, @callthreads, &L, dL))
        … no memory (1), a label out of range (2), or a number that is not finite (3)

To compile it: cc -std=c99 -O3 -march=native -ffp-contract=fast -pthread -c FILE.c, and link with
-lm. -DCLASSES=100 is for 100 classes; -DREAL=float -DREAL_BYTES=4 makes W, X and dL float. Vectors
are as wide as the compiler's target has them: AVX-512, AVX2, NEON, SSE2.
"""

#: What each number of the schedule is, in the source's own comment.
MEANINGS = {
    "block_rows": "rows of X at hand at a time",
    "pass_rows": "rows for which the gradient follows at once",
    "panels": "1: lanes run over the classes for the scores; 0: along D",
    "tile_rows": "rows,",
    "tile_classes": "classes",
    "tile_vectors": "and vectors that are summed in registers",
    "chunk": "how much of W stays in the first cache",
    "strip": "vectors of D whose rows are added up once for all classes",
    "shared": "1: rows with the same coefficients are added up first",
    "grouped": "1: the gradient is sums of selected rows; 0: of products",
    "table_rows": "rows,",
    "table_vectors": "and vectors of the tables of sums",
    "far_bytes": "a larger X is not in the second cache: ask for it early",
}


def printed(lowered: Lowered, classes: int, schedule: Schedule) -> str:
    """The source for C = classes, for any n and D. Raises ValueError for a function not in C99."""
    with functions_of("C99"):
        stage, kept = coefficients(plan(lowered))
    for name in ("shared", "grouped"):
        if getattr(schedule, name) and not groupable(lowered):
            raise ValueError(
                f"schedule must not be {name} for {lowered.source.name}: its coefficients are not "
                "proved to be 0 or 1"
            )
    loss = lowered.source
    lines = [*heading(loss, "c-fast", lowered), "", *optimisations(lowered, schedule), ""]
    arrays = [f"real {name}[classes][most_rows]" for name in kept]
    arrays += ["real weight[most_rows]"] * loss.weighted
    numbers = [letter.name for letter, _ in loss.parameters]
    given = ", ".join(["weights" if loss.weighted else "NULL", *numbers])
    declared = ["const real *weights"] * loss.weighted
    declared += [*(f"double {name}" for name in numbers), "int threads,"]
    vectors = passage("vectors").replace("@kept", "".join(f"    {array};\n" for array in arrays))
    penalty = penalty_of(loss).lstrip("\n").replace("a < C;", "a < classes;")
    driver = passage("driver").replace("@declared", ", ".join(declared)).replace("@given", given)
    parts = [
        about(lines, HOW_TO_CALL, loss),
        "\n".join(macros(lowered, classes, schedule)),
        vectors.replace("@numbers", "".join(f"    double {name};\n" for name in numbers)),
        passage("panels_of_w" if schedule.panels else "rows_of_x"),
        stage,
        passage("sums_of_selected_rows" if schedule.grouped else "sums_of_products"),
        driver.replace("@penalty", indent(penalty, " " * 4)),
    ]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def optimisations(lowered: Lowered, schedule: Schedule) -> Iterator[str]:
    """Which proved facts make the code faster, each with its proof."""
    yield "Proved of this loss, and used:"
    shift, total = lowered.shift_invariant, lowered.coefficients_sum_to_zero
    if shifted(lowered):
        yield f"  {shift}:"
        yield "    scores are differences to one class"
        yield f"  {total}:"
        yield "    that class's row of the gradient is minus the sum of the others"
    if schedule.grouped:
        yield f"  {lowered.integer_coefficients}:"
        yield "    the gradient is sums of selected rows of X"
    if schedule.shared:
        yield f"  {lowered.integer_coefficients}:"
        yield "    rows of one label that select the same classes share their coefficients"
    if not (shifted(lowered) or schedule.grouped or schedule.shared):
        yield "  nothing"


def macros(lowered: Lowered, classes: int, schedule: Schedule) -> Iterator[str]:
    """The numbers, each of which -D may change."""
    yield "#ifndef REAL"
    yield "#define REAL double"
    yield "#define REAL_BYTES 8"
    yield "#endif"
    yield "#ifndef CLASSES"
    yield f"#define CLASSES {classes}"
    yield "#endif"
    yield f"#define SHIFTED {int(shifted(lowered))} /* scores are differences to one class */"
    yield f"#define WEIGHTED {int(lowered.source.weighted)} /* examples have weights */"
    yield ""
    yield "/* The schedule: numbers that change the speed, and nothing else. */"
    for name, value in schedule.macros().items():
        yield f"#define {name} {value} /* {MEANINGS[name.lower()]} */"


def passage(name: str) -> str:
    """The text of one of the C files beside this one."""
    return files("gradbook.emit.fast").joinpath(f"{name}.c").read_text(encoding="utf-8")
