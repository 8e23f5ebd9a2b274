"""SymPy's C generator, for a group of examples at once.

A `Routine` says what is computed for one example. Here it is printed for as many as a vector has
lanes: every argument gets a lane as its last index, except the ones that all examples share.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sympy import MatrixSymbol, Symbol
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.utilities.codegen import C99CodeGen, InOutArgument, InputArgument, ResultBase, Routine

from gradbook.emit.c99 import INDENT, WIDTH, C99Printer, comment, wrapped
from gradbook.emit.driver import OPENING


class GroupPrinter(C99Printer):
    """SymPy's C99 printer; what belongs to one example has a lane.

    shared:  the matrix that all examples share.
    numbers: the symbols that stand for one number in each lane.
    """

    def __init__(self, shared: MatrixSymbol, numbers: Iterable[Symbol]) -> None:
        super().__init__()
        self.shared = shared
        self.numbers = frozenset(numbers)

    def _print_MatrixElement(self, expr: MatrixElement) -> str:
        parent, k = expr.parent, expr.i * expr.parent.cols + expr.j
        return f"{parent.name}[{k}]" + ("" if parent == self.shared else "[lane]")

    def _print_Symbol(self, expr: Symbol) -> str:
        return f"{expr.name}[lane]" if expr in self.numbers else expr.name


class GroupCodeGen(C99CodeGen):
    """SymPy's C99 generator, with a loop over the lanes in place of a routine's plain statements.

    lines:  the text of the comment at the top.
    shared: the argument that all examples share, W.
    """

    def __init__(self, lines: Sequence[str], shared: MatrixSymbol) -> None:
        super().__init__()
        self.lines = lines
        self.shared = shared

    def _get_header(self) -> list[str]:
        return [comment(self.lines), "\n\n"]

    def _preprocessor_statements(self, prefix: str) -> list[str]:
        classes, width = self.shared.shape
        return [f"{OPENING}enum {{ classes = {classes}, width = {width} }};\n\n"]

    def get_prototype(self, routine: Routine) -> str:
        opening = f"static void {routine.name}("
        parameters = [self._parameter(argument) for argument in routine.arguments]
        on_one_line = f"{opening}{', '.join(parameters)})"
        if len(on_one_line) <= WIDTH:
            return on_one_line
        return opening + f",\n{' ' * len(opening)}".join(parameters) + ")"

    def _parameter(self, argument: Any) -> str:
        name, kind = argument.name.name, argument.get_datatype("C")
        if argument.name == self.shared:
            return f"const {kind} *restrict {name}"
        if isinstance(argument.name, Symbol):
            const = "const " if isinstance(argument, InputArgument) else ""
            return f"{const}{kind} *restrict {name}"
        # Not const: C99 has no conversion from an array of reals to one of const reals.
        return f"{kind} {name}[restrict][lanes]"

    def _get_routine_opening(self, routine: Routine) -> list[str]:
        return [f"{self.get_prototype(routine)}\n{{\n"]

    def _declare_locals(self, routine: Routine) -> list[str]:
        return []  # they are local to the loop

    def _call_printer(self, routine: Routine) -> list[str]:
        names = [argument.name for argument in routine.arguments]
        printer = GroupPrinter(self.shared, (name for name in names if isinstance(name, Symbol)))
        lines = [f"{INDENT}(void){name};\n" for name in unused(routine)]
        for statements in loops(routine, printer):
            lines.append(f"{INDENT}for (int64_t lane = 0; lane < lanes; lane++) {{\n")
            lines += [wrapped(statement, 2) for statement in statements]
            lines.append(f"{INDENT}}}\n")
        return lines

    def _get_routine_ending(self, routine: Routine) -> list[str]:
        return ["}\n\n"]

    def _indent_code(self, code: str) -> str:
        return code  # it is indented already


def loops(routine: Routine, printer: GroupPrinter) -> Iterator[list[str]]:
    """The statements of each loop: all that need the local variables; else one row of a result.

    A compiler gives up turning a loop into vector instructions when its body is too long.
    """
    local = [
        f"const {variable.get_datatype('C')} {variable.name} = {printer.doprint(variable.expr)};"
        for variable in routine.local_vars
    ]
    rows = [
        row
        for result in routine.arguments
        if isinstance(result, ResultBase)
        for row in assignments(result, printer)
    ]
    if local:
        yield [*local, *(statement for row in rows for statement in row)]
    else:
        yield from rows


def assignments(result: Any, printer: GroupPrinter) -> Iterator[list[str]]:
    """The statements that set a result, or add to it, row by row."""
    sign = "+=" if isinstance(result, InOutArgument) else "="
    if isinstance(result.name, Symbol):
        yield [f"{printer.doprint(result.name)} {sign} {printer.doprint(result.expr)};"]
        return
    rows, columns = result.name.shape
    for i in range(rows):
        yield [
            f"{printer.doprint(result.name[i, k])} {sign} {printer.doprint(result.expr[i, k])};"
            for k in range(columns)
        ]


def unused(routine: Routine) -> Iterator[str]:
    """The names of the arguments that the routine does not read: an odd loss needs no label."""
    formulas = [item.expr for item in (*routine.local_vars, *routine.result_variables)]
    read = {symbol for formula in formulas for symbol in formula.free_symbols}
    for argument in routine.arguments:
        if isinstance(argument, InputArgument) and argument.name not in read:
            yield argument.name.name
