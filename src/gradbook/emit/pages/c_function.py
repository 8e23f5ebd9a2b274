"""A program as one function in C99: loops for any size, or one entry after the other."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sympy import Add, Expr, IndexedBase

from gradbook.emit.arrays import positive_first
from gradbook.emit.c99 import INDENT, WIDTH, C99Printer, comment, wrapped
from gradbook.emit.pages.entries import entries_of
from gradbook.emit.pages.given import known_sizes
from gradbook.emit.pages.loops import Loops
from gradbook.emit.pages.names import at_sizes, free
from gradbook.emit.pages.program import Program
from gradbook.emit.pages.source import told, used_sizes
from gradbook.emit.pages.terms import Array, Ref

HOW_TO_COMPILE = "To compile it: cc -std=c99 -O3 -c FILE.c, and link with -lm."
FUNCTION = """\
@about
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
@helpers
@prototype
{
@body    return 0;
}
"""
_HELPERS = {
    "max0": """
/* max(0, u); not a number where u is none. */
static double max0(double u)
{
    return u < 0 ? 0 : u;
}
""",
    "softplus": """
/* log(1 + exp(u)), whatever the size of u. */
static double softplus(double u)
{
    return fmax(0, u) + log1p(exp(-fabs(u)));
}
""",
}


def c_source(program: Program, sizes: object = None) -> str:
    """The text, for any size. Raises NotEmitted for what there are no loops for."""
    program = with_own_results(program)
    results = [array for _, array in program.results]
    known = known_sizes(axis.range.count for array in program.given for axis in array.axes)
    loops = Loops(program.arrays, results, program.indices, list(map(str, program.sizes)))
    for array in program.made:
        loops.add(array)
    needed = [array for array in program.made if array.axes and array.name not in results]
    body = [*loops.memory(needed), *loops.lines, *(["free(memory);"] if needed else [])]
    used_sizes(program, "\n".join(body), known)
    helpers = (text for name, text in _HELPERS.items() if name in loops.helpers)
    status = "0; or 1, and writes nothing, if there is no memory" if needed else "0"
    return _framed(program, known, body, "".join(helpers), status)


def codegen_source(program: Program, sizes: Mapping[str, int]) -> str:
    """The text for one size, every entry by itself. Raises NotEmitted where these are too many."""
    program = with_own_results(program)
    entries, printer = entries_of(program, sizes), EntriesPrinter()
    written: dict[Expr, Expr] = {}  # an entry of a result has no other name
    late: list[str] = []
    for name, (_, values) in entries.results.items():
        places = IndexedBase(name, shape=(len(values),))
        for place, value in enumerate(values):
            if value.is_Symbol and value not in written:
                written[value] = places[place]
            else:
                late.append(f"{name}[{place}] = {printer.doprint(value.xreplace(written))};")
    body: list[str] = []
    for symbol, value in entries.definitions:
        place = printer.doprint(written.get(symbol, symbol))
        new = "" if symbol in written else "const double "
        body.append(f"{new}{place} = {printer.doprint(value.xreplace(written))};")
    return _framed(program, (), [*body, *late], "", "0", at_sizes(sizes))


class EntriesPrinter(C99Printer):
    """C99, where a sum begins with what is added."""

    def _print_Add(self, expr: Add, order: str | None = None) -> str:
        return str(super()._print_Add(positive_first(expr), order="none"))


def _framed(
    program: Program,
    sizes: Sequence[str],
    body: Sequence[str],
    helpers: str,
    status: str,
    at: str = "",
) -> str:
    """The whole source."""
    names = [*sizes, *(array.name for array in program.given)]
    read = set(re.findall(r"\w+", "\n".join(body)))
    body = [*(f"(void){name};" for name in names if name not in read), *body]
    about = [*told(program), *([at] if at else []), ""]
    about += [f"An array is row by row. Returns {status}.", "", HOW_TO_COMPILE]
    parts = {
        "about": comment(about),
        "helpers": helpers,
        "prototype": _prototype(program, sizes),
        "body": "".join(map(_line, body)),
    }
    source = FUNCTION
    for name, text in parts.items():
        source = source.replace(f"@{name}", text)
    return source


def with_own_results(program: Program) -> Program:
    """The program with an array of its own for each result: a gradient may be a letter, or two be
    one.
    """
    made, results, seen = list(program.made), [], {array.name for array in program.given}
    for name, array in program.results:
        if array in seen:
            of, array = program.arrays[array], free(f"d{name}", program.arrays)
            made.append(Array(array, of.axes, None, Ref(of.name, of.axes)))
        seen.add(array)
        results.append((name, array))
    return replace(program, made=tuple(made), results=tuple(results))


def _prototype(program: Program, sizes: Sequence[str]) -> str:
    given = [f"int64_t {size}" for size in sizes]
    for array in program.given:
        kind = "int64_t" if array.name in program.labels else "double"
        given.append(f"const {kind} *{array.name}" if array.axes else f"{kind} {array.name}")
    made = [f"double *restrict {name}" for _, name in program.results]
    opening = "int objective("
    lines, indent = [opening], " " * len(opening)
    for number, each in enumerate([*given, *made]):
        text = each + (")" if number == len(given) + len(made) - 1 else ", ")
        if len(lines[-1]) + len(text.rstrip()) > WIDTH:
            lines.append(indent)
        lines[-1] += text
    return "\n".join(line.rstrip() for line in lines)


def _line(statement: str) -> str:
    """A statement of a function, on as many lines as it needs."""
    inner = statement.lstrip()
    depth = 1 + (len(statement) - len(inner)) // len(INDENT)
    return wrapped(inner, depth)
