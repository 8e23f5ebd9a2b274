"""Bounds of rounding from Gappa, a prover about floats (Daumas and Melquiond, ACM TOMS 37, 2010).

The text that is printed for one size is taken statement by statement, each operation in its order.
What a statement makes is a number between two bounds whose error is bounded, and the next one is
told no more of it. max(0, u) has the error of u at most, an indicator none: it is taken to fall as
the exact one does.
"""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import inf, nextafter

from gradbook.kernels import Kernel
from gradbook.questions.rounding_in_a_box import Box, RoundingBound

#: Seconds of the clock after which Gappa is ended. They decide nothing, on a busy machine either:
#: a statement, a sum of 65 products, takes one.
LIMIT = 900
OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}


class NotBounded(ValueError):
    """A text, or a statement of it, of which Gappa does not say anything."""


@dataclass(frozen=True)
class Number:
    """What is known of a number of the text: the exact one is between low and high, the computed
    one is off by at most error. whole: whether it is an integer.
    """

    low: Fraction
    high: Fraction
    error: Fraction = Fraction(0)
    whole: bool = False


Value = Number | Fraction
#: A name or an entry of W ↦ what it is called in a question, and what is known of it.
Leaves = dict[str, tuple[str, Number]]


def bounds_by_gappa(kernel: Kernel, box: Box) -> RoundingBound | None:
    """The bounds for a text of one size; None where Gappa is not installed, or gives no answer."""
    if shutil.which("gappa") is None or kernel.classes is None or kernel.features is None:
        return None
    try:
        found = [_numbers(kernel, label, box) for label in range(kernel.classes)]
    except (NotBounded, SyntaxError):
        return None
    unit = Fraction(RoundingBound.unit)

    def worst(head: str) -> float:
        """The largest error of what is called like this, over all labels."""
        named = (each for numbers in found for each in numbers.items())
        errors = [_number(each).error for name, each in named if re.match(head, name)]
        units = max(errors, default=Fraction(0)) / unit
        nearest = float(units)
        return nearest if nearest >= units else nextafter(nearest, inf)

    entries = kernel.classes * (kernel.features + 1)
    if any(not {"s_0", "loss"} <= each.keys() or _entries(each) != entries for each in found):
        return None
    return RoundingBound(box, worst(r"s_\d"), worst("u_"), worst("loss$"), worst("G_"), by="gappa")


def _entries(numbers: Mapping[str, Value]) -> int:
    """Of how many entries of the gradient something is known."""
    return sum(name.startswith("G_") for name in numbers)


def _numbers(kernel: Kernel, label: int, box: Box) -> dict[str, Value]:
    """Every name of the text, for an example with this label."""
    weights, features = Fraction(box.weights), Fraction(box.features)
    known: dict[str, Value] = {"W": Number(-weights, weights), "y": Fraction(label)}
    for b in range((kernel.features or 0) + 1):
        known[f"x_{b}"] = Number(-features, features)
    for name, expression in _parsed(kernel.source, kernel.language):
        known[name] = _value(expression, known)
    return known


@cache
def _parsed(text: str, language: str) -> tuple[tuple[str, ast.expr], ...]:
    """The statements that compute one example, C in the words of Python."""
    if language == "C":
        text = text.partition("static void scores")[2].partition("typedef struct")[0]
        text = re.sub(r"\b(\w+)(?:\[(\d+)\])\[lane\]", r"\1_\2", text).replace("[lane]", "")
        text = re.sub(r"\((\w+) > 0 \? \1 : 0\)", r"maximum(\1, 0)", text)
        made = re.findall(r"(?:^|\s)(?:const real )?(\w+) \+?= ([^;]+);", text)
        made = [(name, right) for name, right in made if name not in ("real", "lane")]
        found = [
            (name, ast.parse(" ".join(right.split()), mode="eval").body) for name, right in made
        ]
    else:
        assigned = (each for each in ast.walk(ast.parse(text)) if isinstance(each, ast.Assign))
        found = [(ast.unparse(each.targets[0]), each.value) for each in assigned]
    # The mean over the examples comes after what is bounded.
    return tuple((name, right) for name, right in found if name not in ("L", "G"))


def _value(tree: ast.expr, known: Mapping[str, Value]) -> Value:
    """What a statement makes of what is known."""
    match tree:
        case ast.Name(id=name) if name in known:
            return known[name]
        case ast.Call(func=ast.Attribute(value=inner, attr="astype")):
            return _value(inner, known)
        case ast.Call(func=called, args=[u, ast.Constant(0)]) if "maximum" in ast.unparse(called):
            of = _number(_value(u, known))
            return Number(Fraction(0), max(of.high, Fraction(0)), of.error, of.whole)
        case ast.Compare(left=ast.Constant(label), ops=[ast.Eq()], comparators=[ast.Name("y")]):
            return Fraction(known["y"] == label)
        case ast.Compare(left=ast.Constant(label), ops=[ast.NotEq()], comparators=[ast.Name("y")]):
            return Fraction(known["y"] != label)
        case ast.Compare(left=ast.Name(), ops=[ast.Gt()], comparators=[ast.Constant(0)]):
            return Number(Fraction(0), Fraction(1), whole=True)
        case ast.BinOp(ast.Call(ast.Attribute(attr="dot"), args=[a, b]), ast.Div(), ast.Call()):
            return _value(ast.BinOp(a, ast.Mult(), b), known)  # the mean over one example
    leaves: Leaves = {}
    operations = _operations(tree, known, leaves)
    if isinstance(operations, Fraction):
        return operations
    told = dict(leaves.values())
    if operations in told:
        return told[operations]
    if operations == "(-v0)":  # nothing is rounded
        of = told["v0"]
        return Number(-of.high, -of.low, of.error, of.whole)
    return _bounded(operations, tuple(told.items()))


def _operations(tree: ast.expr, known: Mapping[str, Value], leaves: Leaves) -> str | Fraction:
    """The same operations as Gappa reads them, without those with 0 and 1, which round nothing.

    leaves: becomes what stands in it, under v0, v1, … in the order of the text, so that statements
    which differ in names alone are one question.
    """
    match tree:
        case ast.Constant(int() | float() as number) if float(number).is_integer():
            return Fraction(number)
        case ast.Name(id=name) | ast.Subscript(value=ast.Name(id=name)) if name in known:
            value = known[name]
            if isinstance(value, Fraction):
                return value
            return leaves.setdefault(ast.unparse(tree), (f"v{len(leaves)}", value))[0]
        case ast.UnaryOp(ast.USub(), inner):
            of = _operations(inner, known, leaves)
            return -of if isinstance(of, Fraction) else f"(-{of})"
        case ast.BinOp(left, ast.Pow(), ast.Constant(2)):
            return _operations(ast.BinOp(left, ast.Mult(), left), known, leaves)
        case ast.BinOp(left, operator, right) if type(operator) in OPERATORS:
            sign = OPERATORS[type(operator)]
            a, b = _operations(left, known, leaves), _operations(right, known, leaves)
            return _together(a, sign, b)
    raise NotBounded(f"{ast.unparse(tree)} is none of the operations that are put to Gappa")


def _together(a: str | Fraction, sign: str, b: str | Fraction) -> str | Fraction:
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        found = {"+": a + b, "-": a - b, "*": a * b}.get(sign)
        found = a / b if found is None and b else found
        if found is None or found.denominator & (found.denominator - 1):
            raise NotBounded(f"{a} {sign} {b} is rounded")
        return found
    if sign == "*" and 0 in (a, b):
        return Fraction(0)
    if sign in "+*" and a == "+*".index(sign):
        return b
    if b == (1 if sign in "*/" else 0):
        return a
    if sign == "-" and a == 0:
        return f"(-{b})"
    a, b = (_written(each) if isinstance(each, Fraction) else each for each in (a, b))
    return f"({a} {sign} {b})"


@cache
def _bounded(operations: str, leaves: tuple[tuple[str, Number], ...]) -> Number:
    """The result of operations on numbers of which that much is known. Raises NotBounded."""
    exact = re.sub(r"\bv(\d+)", r"e\1", operations)
    definitions, known = ["@double = float<ieee_64, ne>;"], []
    for name, each in leaves:
        own = name.replace("v", "e")
        rounding = "fixed<0, ne>" if each.whole else "double"
        definitions.append(f"{name} = {rounding}(r{name});")
        definitions += [] if each.error else [f"{own} = {name};"]
        known.append(f"{own} in [{_written(each.low)}, {_written(each.high)}]")
        span = _written(each.error)
        known += [f"{name} - {own} in [-{span}, {span}]"] if each.error else []
    goal = r"computed - exact in ? /\ exact in ?"
    definitions += [f"computed double= {operations};", f"exact = {exact};"]
    assumed = r" /\ ".join(known)
    script = "\n".join([*definitions, f"{{ {assumed} -> {goal} }}"])
    said = _answer(script)
    found = dict(re.findall(r"^\s*(computed - exact|exact) in (\[[^\]]*\])", said, re.MULTILINE))
    if len(found) < 2:
        raise NotBounded(f"Gappa bounds nothing of {operations}")
    (least, most), (low, high) = _ends(found["computed - exact"]), _ends(found["exact"])
    error = max(abs(least), abs(most))
    # Integers, of which sums and products alone are made.
    whole = all(each.whole for _, each in leaves) and not re.search("/|b-", operations)
    return Number(low, high, error, whole and not error)


def _answer(script: str) -> str:
    """What Gappa says of a script."""
    try:
        ran = subprocess.run(
            ["gappa"], input=script, capture_output=True, text=True, timeout=LIMIT, check=False
        )
    except subprocess.TimeoutExpired:
        raise NotBounded(f"Gappa takes longer than {LIMIT} s") from None
    return ran.stdout + ran.stderr


def _ends(interval: str) -> tuple[Fraction, Fraction]:
    """[-9b-52 {…}, 3] as fractions: 9b-52 is 9 · 2⁻⁵²."""
    ends = re.findall(r"(-?\d+)(?:b(-?\d+))?(?: \{[^}]*\})?(?=[,\]])", interval)
    low, high = (int(digits) * Fraction(2) ** int(power or 0) for digits, power in ends)
    return low, high


def _written(value: Fraction) -> str:
    """A binary fraction as Gappa reads it."""
    power = value.denominator.bit_length() - 1
    if value.denominator != 1 << power:
        raise NotBounded(f"{value} is no binary fraction")
    return f"{value.numerator}b-{power}" if power else str(value.numerator)


def _number(value: Value) -> Number:
    return value if isinstance(value, Number) else Number(value, value)
