"""A program as the text of a Python function, for NumPy, JAX or PyTorch."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from sympy import Expr
from sympy.printing.pycode import pycode

from gradbook.emit.pages.given import linear
from gradbook.emit.pages.libraries import NUMPY, Words
from gradbook.emit.pages.names import NotEmitted
from gradbook.emit.pages.program import Program
from gradbook.emit.pages.terms import Array, Number, is_mask
from gradbook.emit.pages.text import Printer

_LOGSUMEXP = '''

def logsumexp(u, axis):
    """log Σ exp(u) along an axis, whatever the size of u."""
    top = u.max(axis=axis, keepdims=True)
    return (top + np.log(np.exp(u - top).sum(axis=axis, keepdims=True))).squeeze(axis)
'''
_LOGDET = '''

def logdet(A):
    """log det A, whatever the size of det A; nan where that is below 0."""
    sign, logarithm = np.linalg.slogdet(A)
    return np.where(sign > 0, logarithm, np.nan)
'''


def source_of(program: Program, sizes: object = None, words: Words = NUMPY) -> str:
    """The text: the sizes, what the page defines, the slopes back to its letters, the results."""
    printer = Printer(words, program.arrays)
    body = [f"{array.name} = {_right(printer, array)}" for array in program.made]
    body = _with_indices(body, program, words)
    read = list(_sizes(program, "\n".join(body)))
    (_, result), *others = program.results
    if others:
        result += ", {" + ", ".join(f'"{name}": {slope}' for name, slope in others) + "}"
    lines = [*read, *body, f"return {result}"]
    used = {word for line in body for word in re.findall(r"(?<![.\w])\w+(?=\()", line)}
    helper = _LOGSUMEXP if words is NUMPY and "logsumexp" in used else ""
    helper += _LOGDET.replace("np", words.module) if "logdet" in used else ""
    text = function(program, lines)
    like = next((array.name for array in program.given if array.name not in program.labels), "")
    imports = "import math\n\n" * any("math." in line for line in body) + words.imports
    whole = f"{imports}\n{helper}\n\n{text}\n"
    return whole.replace("    \n", "\n").replace("⟨like⟩", like)


def function(program: Program, lines: Iterable[str], at: str = "") -> str:
    """The text of a function, given its statements."""
    names = ", ".join(array.name for array in program.given)
    first, *rest = told(program)
    says = [f'"""{first}', *rest, *([at] if at else []), '"""']
    return "\n    ".join([f"def objective({names}):", *says, *lines])


def _with_indices(body: list[str], program: Program, words: Words) -> list[str]:
    """The lines, with the page's letter for all numbers from 0 to a size, where it has one."""
    letters: dict[Expr, str] = {}
    for name, count in program.indices:
        if name not in program.arrays and name not in map(str, program.sizes):
            letters.setdefault(count, name)
    for count, name in letters.items():
        whole = words.arange.format(pycode(count))
        first = next((n for n, line in enumerate(body) if whole in line), None)
        if first is not None:
            body = [line.replace(whole, name) for line in body]
            body.insert(first, f"{name} = {whole}")
    return body


def _right(printer: Printer, array: Array) -> str:
    assert array.body is not None
    code = printer.of_numbers(array.body, array.axes)
    if code.axes == array.axes:
        return f"1.0 * {code.text}" if is_mask(array.body) and code.is_truth else code.text
    return _filled(printer, array, code.text)


def _filled(printer: Printer, array: Array, text: str) -> str:
    """An array that is the same along an axis, written out."""
    assert array.body is not None
    if isinstance(array.body, Number):
        return printer.full(text, array.axes)
    spread = printer._spread(printer(array.body, array.axes), array.axes)
    return f"{printer.full('0.0', array.axes)} + {spread.text if spread.axes else text}"


def told(program: Program) -> Iterator[str]:
    """What is computed, and the shapes of what is given."""
    by = [name for name, _ in program.results[1:]]
    yield f"{program.title}{f', and its gradient by {_and(by)}' if by else ''}."
    yield ""
    yield from (f"{array.name}: {_shape(array, program)}" for array in program.given)


def _shape(array: Array, program: Program) -> str:
    counts = ", ".join(_written(axis.range.count) for axis in array.axes)
    shape = f"({counts}{',' if len(array.axes) == 1 else ''})"
    if array.name not in program.labels:
        return shape if array.axes else "a number"
    assert array.letter is not None
    assert array.letter.range is not None
    found = array.letter.range
    one = f"0 … {_written(found.count - 1)}"
    if found.step != 1:
        one = f"{_written(found.first)} or {_written(found.last)}"
    return f"{shape}, each of them {one}" if array.axes else one


def _and(names: Sequence[str]) -> str:
    """a, b and c."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def _written(size: Expr) -> str:
    return str(size).replace("-", "−")


def _sizes(program: Program, body: str) -> Iterator[str]:
    """Lines that read the sizes that the body needs off the arrays."""
    found: dict[str, str] = {}
    for array in program.given:
        for place, axis in enumerate(array.axes):
            factors, more = linear(axis.range.count)
            if len(factors) == 1 and factors[0][0] not in found:
                ((size, factor),) = factors
                length = f"{array.name}.shape[{place}]" + (f" {-more:+}" if more else "")
                length = length.replace(" +", " + ").replace(" -", " - ")
                found[size] = f"({length}) // {factor}" if factor != 1 else length
    used = used_sizes(program, body, found)
    yield from (f"{size} = {length}" for size, length in found.items() if size in used)


def used_sizes(program: Program, text: str, known: Collection[str]) -> set[str]:
    """The sizes that are read in a text. Raises NotEmitted where one is not known."""
    used = set(re.findall(r"[^\W\d]\w*", text)) & {str(size) for size in program.sizes}
    if unknown := used.difference(known):
        raise NotEmitted(
            f"{program.title} depends on {', '.join(sorted(unknown))}, which is the size of no "
            "array that it is made of"
        )
    return used
