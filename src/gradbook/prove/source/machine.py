"""A program in C, statement by statement: whole numbers are numbers, real ones are formulas.

What is run is the part of C99 that is emitted here; anything else is refused. Real arithmetic is
exact: rounding, overflow and the widths of integers are not looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pycparser import c_ast as c
from sympy import Expr, oo, sympify

from gradbook.notation import step
from gradbook.prove.source.arithmetic import (
    ARITHMETIC,
    COMPARED,
    FUNCTIONS,
    indicator,
    quotient,
    selected,
)
from gradbook.prove.source.memory import Fault, Heap, Pointer, Scope, Variable
from gradbook.prove.source.parsed import (
    CELL,
    NotRead,
    Pointed,
    Program,
    Row,
    Scalar,
    Struct,
    Type,
    acts,
    is_void,
    is_zero,
    number,
    type_of,
    where,
)
from gradbook.prove.source.signs import Signs, Zero

#: A program that has run so many statements is taken not to end.
MOST_STATEMENTS = 2_000_000

#: Functions that change nothing.
_HARMLESS = {*FUNCTIONS, "fmax", "fmin", "fabs"}


class Leaves(Exception):
    """What ends a loop's turn, a loop or a function."""

    def __init__(self, how: str, value: Any = None) -> None:
        super().__init__(how)
        self.how, self.value = how, value


class Machine:
    """One run of a program. signs: which way its comparisons fall. memory: whether there is any.

    reached: the statements and choices that were run, by their lines and columns.
    refused: whether memory was asked for where there is none.
    """

    def __init__(self, program: Program, signs: Signs, memory: bool = True) -> None:
        self.program, self.signs, self.memory = program, signs, memory
        self.heap = Heap()
        self.reached: set[str] = set()
        self.statements, self.refused = 0, False
        self.constants: dict[str, int] = {}
        for enum in program.enums:
            for each in enum.values.enumerators:
                self.constants[each.name] = self.value(each.value, {})

    def block(self, name: str, values: Sequence[Any], const: bool = False) -> Pointer:
        """Memory that a call is given."""
        return Pointer(self.heap.new(name, values, const), 0, None)

    def call(self, name: str, arguments: Sequence[Any]) -> Any:
        """What the function returns. Raises Fault, and NotRead for what is not known here."""
        function = self.program.functions[name]
        parameters = function.decl.type.args.params
        if len(parameters) != len(arguments):
            raise NotRead(f"{name} takes {len(parameters)} arguments, not {len(arguments)}")
        scope: Scope = {}
        for parameter, argument in zip(parameters, arguments, strict=True):
            of = self.type(parameter.type, scope)
            if isinstance(of, Row):
                of = Pointed(of.of)
            scope[parameter.name] = Variable(of, self.converted(argument, of))
        try:
            self.run(function.body, scope)
        except Leaves as left:
            return left.value
        return None

    def type(self, node: c.Node, scope: Scope) -> Type:
        return type_of(node, self.program, lambda count: self.value(count, scope))

    def converted(self, value: Any, to: Type) -> Any:
        """A value as one of a type."""
        if isinstance(to, Pointed):
            if isinstance(value, Pointer):
                return Pointer(value.block, value.byte, to.to or value.to)
            return None if value is None or value == 0 else self.heap.pointer(int(value), to.to)
        if isinstance(to, Scalar) and to.whole:
            if isinstance(value, Pointer):
                return self.heap.number(value)
            return self.whole(value)
        return sympify(value)

    def whole(self, value: Any) -> int:
        """A whole number, which may depend on comparisons."""
        if isinstance(value, int):
            return value
        value = self.signs.resolved(sympify(value))
        if not value.is_Integer:
            raise NotRead(f"{value} is made a whole number, which is not known here")
        return int(value)

    # Statements.

    def run(self, node: c.Node, scope: Scope) -> None:
        self.statements += 1
        if self.statements > MOST_STATEMENTS:
            raise Fault("does not end")
        if not isinstance(node, c.Compound):
            self.reached.add(where(node))
        match node:
            case c.Compound():
                inner = dict(scope)
                for each in node.block_items or ():
                    self.run(each, inner)
            case c.DeclList():
                for each in node.decls:
                    self.run(each, scope)
            case c.Decl():
                self.declare(node, scope)
            case c.If():
                self.choose(node, scope)
            case c.For():
                self.loop(node, scope)
            case c.Return():
                raise Leaves("return", None if node.expr is None else self.value(node.expr, scope))
            case c.Continue():
                raise Leaves("continue")
            case c.EmptyStatement():
                pass
            case _:
                self.value(node, scope)

    def declare(self, node: c.Decl, scope: Scope) -> None:
        of = self.type(node.type, scope)
        if isinstance(of, Row | Struct):
            cells = [None if node.init is None else 0] * (of.size // CELL)
            if node.init is not None and not is_zero(node.init):
                raise NotRead(f"{where(node)}: an array is 0 or nothing at first")
            block = self.heap.new(node.name, cells)
            scope[node.name] = Variable(of, Pointer(block, 0, of))
            return
        scope[node.name] = Variable(of)
        if node.init is not None:
            scope[node.name].value = self.converted(self.value(node.init, scope), of)

    def choose(self, node: c.If, scope: Scope) -> None:
        taken = node.iftrue if self.holds(self.value(node.cond, scope)) else node.iffalse
        if taken is not None:
            self.run(taken, scope)

    def loop(self, node: c.For, scope: Scope) -> None:
        inner = dict(scope)
        if node.init is not None:
            self.run(node.init, inner)
        while node.cond is None or self.holds(self.value(node.cond, inner)):
            try:
                self.run(node.stmt, inner)
            except Leaves as left:
                if left.how != "continue":
                    raise
            if node.next is not None:
                self.value(node.next, inner)

    def holds(self, value: Any) -> bool:
        """Whether a condition of this value holds, in this run."""
        if isinstance(value, Expr):
            value = self.signs.resolved(value)
            return not self.signs.decide(value, 0)
        return bool(value)

    # Expressions.

    def value(self, node: c.Node, scope: Scope) -> Any:
        match node:
            case c.Constant():
                return number(node)
            case c.ID(name=name):
                return self.named(node, name, scope)
            case c.ArrayRef() | c.StructRef():
                return self.read(self.place(node, scope))
            case c.UnaryOp():
                return self.unary(node, scope)
            case c.BinaryOp():
                return self.binary(node, scope)
            case c.Assignment():
                return self.assign(node, scope)
            case c.TernaryOp():
                return self.ternary(node, scope)
            case c.Cast() if is_void(node.to_type):  # (void)y: it is not used, on purpose
                self.value(node.expr, scope)
                return None
            case c.Cast():
                return self.converted(self.value(node.expr, scope), self.type(node.to_type, scope))
            case c.FuncCall():
                return self.called(node, scope)
            case c.ExprList():
                return [self.value(each, scope) for each in node.exprs][-1]
        raise NotRead(f"{where(node)}: {type(node).__name__} is not known here")

    def named(self, node: c.Node, name: str, scope: Scope) -> Any:
        if name == "NULL":
            return None
        if name == "INFINITY":
            return oo
        if name in self.constants:
            return self.constants[name]
        if name not in scope:
            raise NotRead(f"{where(node)}: {name} is not known here")
        variable = scope[name]
        if isinstance(variable.type, Row):
            return Pointer(variable.value.block, variable.value.byte, variable.type.of)
        if variable.value is None and not isinstance(variable.type, Pointed):
            raise Fault(f"reads {name}, which was never written")
        return variable.value

    def place(self, node: c.Node, scope: Scope) -> Pointer:
        """The address of a part of an array, of a struct, or of what a pointer points to."""
        match node:
            case c.ArrayRef():
                return self.target(node.name, scope).moved(
                    self.whole(self.value(node.subscript, scope))
                )
            case c.StructRef(type="->"):
                whole = self.target(node.name, scope)
                if not isinstance(whole.to, Struct):
                    raise NotRead(f"{where(node)}: -> is known here of a struct alone")
                byte, part = whole.to.place(node.field.name)
                return Pointer(whole.block, whole.byte + byte, part)
            case c.UnaryOp(op="*"):
                return self.target(node.expr, scope)
        raise NotRead(f"{where(node)}: {type(node).__name__} is no place that is known here")

    def target(self, node: c.Node, scope: Scope) -> Pointer:
        """What is followed. Raises Fault for a pointer that leads nowhere."""
        pointer = self.value(node, scope)
        if not isinstance(pointer, Pointer) or pointer.to is None:
            raise Fault(f"follows what leads nowhere, {where(node)}")
        return pointer

    def read(self, place: Pointer) -> Any:
        if isinstance(place.to, Row):
            return Pointer(place.block, place.byte, place.to.of)
        return place.block.read(place.byte)

    def assign(self, node: c.Assignment, scope: Scope) -> Any:
        value = self.value(node.rvalue, scope)
        if node.op != "=":
            value = self.operated(node.op[:-1], self.value(node.lvalue, scope), value)
        if isinstance(node.lvalue, c.ID):
            variable = scope[node.lvalue.name]
            variable.value = self.converted(value, variable.type)
            return variable.value
        place = self.place(node.lvalue, scope)
        assert place.to is not None
        place.block.write(place.byte, self.converted(value, place.to))
        return value

    def ternary(self, node: c.TernaryOp, scope: Scope) -> Any:
        condition, both = self.value(node.cond, scope), (node.iftrue, node.iffalse)
        if self.stays_open(condition, *both):
            self.reached |= {where(each) for each in both}
            return selected(indicator(condition), *(self.value(each, scope) for each in both))
        taken = node.iftrue if self.holds(condition) else node.iffalse
        self.reached.add(where(taken))
        return self.value(taken, scope)

    def stays_open(self, condition: Any, *parts: c.Node) -> bool:
        """Whether a condition need not be decided, as what depends on it is only computed."""
        is_open = isinstance(condition, Expr) and not condition.is_number
        return is_open and not any(acts(part, _HARMLESS) for part in parts)

    def unary(self, node: c.UnaryOp, scope: Scope) -> Any:
        if node.op == "sizeof":
            return self.size(node.expr, scope)
        if node.op == "*":
            return self.read(self.place(node, scope))
        if node.op == "p++":
            before = self.value(node.expr, scope)
            scope[node.expr.name].value = before + 1
            return before
        value = self.value(node.expr, scope)
        match node.op:
            case "-":
                return -value
            case "!":
                return int(not self.holds(value))
        raise NotRead(f"{where(node)}: {node.op} is not known here")

    def size(self, node: c.Node, scope: Scope) -> int:
        if isinstance(node, c.Typename):
            return self.type(node, scope).size
        return CELL if isinstance(node, c.UnaryOp) else scope[node.name].type.size

    def binary(self, node: c.BinaryOp, scope: Scope) -> Any:
        left = self.value(node.left, scope)
        if node.op in ("&&", "||"):
            if not self.stays_open(left, node.right):
                left = int(self.holds(left))
                if bool(left) != (node.op == "&&"):
                    return left
            right = self.value(node.right, scope)
            one, two = (indicator(sympify(each)) for each in (left, right))
            return one * two if node.op == "&&" else one + two - one * two
        return self.operated(node.op, left, self.value(node.right, scope))

    def operated(self, op: str, left: Any, right: Any) -> Any:
        if isinstance(left, Pointer) and op == "+" and isinstance(right, int):
            return left.moved(right)
        if isinstance(left, Pointer) or left is None or right is None:
            return int((op == "==") == (left == right))
        if op in COMPARED:
            return self.compared(op, left, right)
        if op == "/" and isinstance(left, int) and isinstance(right, int):
            return quotient(left, right)
        if op in ARITHMETIC:
            return ARITHMETIC[op](left, right)
        raise NotRead(f"{op} is not known here")

    def compared(self, op: str, left: Any, right: Any) -> Any:
        if isinstance(left, int) and isinstance(right, int):
            return int(COMPARED[op](left, right))
        if oo in (left, right) or -oo in (left, right):
            return int(bool(COMPARED[op](sympify(left), sympify(right))))
        difference = self.signs.resolved(sympify(left) - sympify(right))
        match op:
            case ">":
                return step(difference)
            case "<":
                return step(-difference)
            case ">=":
                return 1 - step(-difference)
            case "<=":
                return 1 - step(difference)
            case "==":
                return Zero(difference)
        return 1 - Zero(difference)

    def called(self, node: c.FuncCall, scope: Scope) -> Any:
        name = node.name.name
        given = [self.value(each, scope) for each in (node.args.exprs if node.args else ())]
        if name in self.program.functions:
            return self.call(name, given)
        match name:
            case "malloc" | "calloc":
                return self.allocated(name, given)
            case "free":
                if given[0] is not None:
                    given[0].block.cells.clear()
                return None
            case "fmax" | "fmin":
                return self.larger(*given) if name == "fmax" else -self.larger(-given[0], -given[1])
            case "fabs":
                return selected(self.compared(">", given[0], 0), given[0], -given[0])
        if name not in FUNCTIONS:
            raise NotRead(f"{where(node)}: the function {name} is not known here")
        return FUNCTIONS[name](*(self.signs.resolved(sympify(each)) for each in given))

    def allocated(self, name: str, given: Sequence[int]) -> Pointer | None:
        if not self.memory:
            self.refused = True
            return None
        size = given[0] if name == "malloc" else given[0] * given[1]
        cells = [None if name == "malloc" else 0] * (size // CELL)
        return Pointer(self.heap.new("memory", cells), 0, None)

    def larger(self, left: Any, right: Any) -> Any:
        if -oo in (left, right):
            return right if left == -oo else left
        return selected(self.compared(">", right, left), right, left)
