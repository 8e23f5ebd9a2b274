"""A line as it was read: every bracket, every condition and every quantifier said.

What a reader takes for granted, and a machine may have taken otherwise, stands here in full: how
far a Σ or a ∇ reaches, what is a product and what an index, for which values a line is meant.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sympy import Integer

from gradbook.page import core as c
from gradbook.page.conditions import arguments_at, index_written
from gradbook.page.core import ClaimRead, Condition, Core, Letter, Range
from gradbook.page.written import head_written, with_indices

if TYPE_CHECKING:
    from gradbook.page.read_statements import Read


def read_aloud(read: Read) -> str:
    """A statement: what it defines, and what it claims for which values."""
    parts = []
    letter = read.defines
    if letter is not None and letter.definition is not None:
        slots = dict(zip(letter.definition.slots, letter.slots, strict=True))
        indices = tuple(c.Running(slot, along) for slot, along in slots.items())
        name = text(c.Ref(letter.shape, letter, letter.key, indices))
        defined = f"{name} := {text(letter.definition.body)}"
        parts.append(defined + _for(slots, letter.definition.domain, "for each"))
    parts += _chained(read.claims)
    return "; ".join(parts)


def _chained(claims: tuple[ClaimRead, ...]) -> list[str]:
    """The claims of one chain as one chain: a = b = c."""
    if not claims:
        return []
    first = claims[0]
    said = text(first.left)
    for claim in claims:
        if claim.shape:
            said += " ∈ ℝ" if claim.left.shape.is_number else f" ∈ ℝ^({claim.left.shape})"
        else:
            said += f" {claim.sign} {text(claim.right)}"
    return [said + _for(first.free, first.given, "for every")]


def _for(free: Mapping[str, Range], given: tuple[Condition, ...], each: str) -> str:
    letters = [f"{head_written(name)} ∈ {{{found}}}" for name, found in free.items()]
    words = f", {each} {', '.join(letters)}" if letters else ""
    if given:
        words += f"{' with' if letters else ', where'} {', '.join(map(condition, given))}"
    return words


def condition(found: Condition) -> str:
    """j ≠ y^(i), or s_j − s_y + 1 > 0."""
    sides = (found.left, found.right)
    left, right = (text(s) if isinstance(s, Core) else index_written(s) for s in sides)
    return f"{left} {found.sign} {right}"


def text(part: Core) -> str:
    """A formula on one line."""
    match part:
        case c.Value(value=value):
            written = str(value).replace("-", "−").replace("*", "")
            return f"({written})" if value.is_Add else written
        case c.Zeros():
            return f"0 ({part.shape})"
        case c.IndexValue(index=index):
            return index_written(index)
        case c.Ref():
            return _named(part, arguments_at(part))
        case c.Applied(function=function, parameters=parameters, arguments=arguments):
            others = dict(zip((each.key for each in parameters), arguments, strict=True))
            found = tuple(
                others.get(each.key, each) if isinstance(each, c.Ref) else each
                for each in arguments_at(function)
            )
            return _named(function, found)
        case c.At():
            return _entry(part)
        case c.Plus(terms=terms):
            return _sum(terms)
        case c.Scaled(factor=a, of=b) | c.MatMul(left=a, right=b):
            inner = f"({text(b)})" if isinstance(b, c.Scaled | c.MatMul) else _factor(b)
            return f"{_factor(a)}·{inner}"
        case c.Entrywise(left=a, right=b):
            return f"{_factor(a)} ∘ {_factor(b)}"
        case c.Over(above=a, below=b):
            return f"{_tight(a)}/{_tight(b)}"
        case c.ToThe(base=base, exponent=exponent):
            return f"{_tight(base)}^{exponent}".replace("-", "−")
        case c.Function(name=name, of=of):
            return _function(name, of)
        case c.Ones(conditions=conditions):
            return f"1{{{', '.join(map(condition, conditions))}}}"
        case c.Along(index=index, range=along, conditions=conditions, of=of):
            name, said = _running(index, text(of))
            under = [f"{name} = {along}", *map(condition, conditions)]
            sign = "Σ" if isinstance(part, c.SumOver) else "max"
            return f"{sign}_{{{', '.join(under)}}} [{said}]"
        case c.GradientBy(by=by, of=of):
            if part.shape.is_number:
                return f"∂[{text(of)}]/∂{text(by)}"
            return f"∇_{_below(text(by))} [{text(of)}]"
        case c.Stack(blocks=blocks):
            rows = ["[" + ", ".join(map(text, row)) + "]" for row in blocks]
            return rows[0] if len(rows) == 1 else "[" + "; ".join(rows) + "]"
        case c.Each():
            return _each(part)
        case c.Choice(branches=branches):
            return _choice(branches)
    raise TypeError(f"{part!r} is no formula")


def _below(written: str) -> str:
    return written if len(written) == 1 else f"{{{written}}}"


def _named(ref: c.Ref, arguments: tuple[Core, ...]) -> str:
    """x^(i), or f(x, y) of a function."""
    own = ref.letter.above + ref.letter.below
    name = _letter(ref.letter, [index_written(slot) for slot in ref.slots[:own]])
    return f"{name}({', '.join(map(text, arguments))})" if arguments else name


def _letter(letter: Letter, slots: list[str]) -> str:
    above, below = slots[: letter.above], slots[letter.above :]
    return with_indices(letter.head, [_joined(below)] if below else (), above)


def _joined(indices: list[str]) -> str:
    """ab, or {y^(i)} where an index is more than a letter."""
    short = all(len(index) == 1 for index in indices)
    return "".join(indices) if short else "{" + ",".join(indices) + "}"


def _entry(part: c.At) -> str:
    along = ((part.row, part.of.shape.rows), (part.column, part.of.shape.columns))
    indices: list[c.Index | None] = [
        index for index, size in along if index is not None and size != 1
    ]
    below = _joined(list(map(index_written, indices or [part.column])))
    below = f"{{:,{below}}}" if part.row is None else below
    if isinstance(part.of, c.Ref) and not part.of.letter.below and not part.of.letter.arguments:
        return with_indices(part.of.letter.head, [below], list(map(index_written, part.of.slots)))
    whole = text(part.of)
    return f"{whole}_{below}" if isinstance(part.of, c.Ref) else f"({whole})_{below}"


def _sum(terms: tuple[tuple[int, Core], ...]) -> str:
    written = ""
    for place, (sign, term) in enumerate(terms):
        one = f"({text(term)})" if isinstance(term, c.Plus) else text(term)
        if place == 0:
            written = f"−{one}" if sign < 0 else one
        else:
            written += f" {'−' if sign < 0 else '+'} {one}"
    return written


def _factor(part: Core) -> str:
    sums = c.Plus | c.Along | c.Entrywise | c.Choice | c.GradientBy | c.Over
    return f"({text(part)})" if isinstance(part, sums) else text(part)


def _tight(part: Core) -> str:
    alone = c.Value | c.IndexValue | c.Ref | c.Applied | c.At | c.Function | c.Ones
    return text(part) if isinstance(part, alone) else f"({text(part)})"


def _function(name: str, of: Core) -> str:
    if name == "diag" and isinstance(of, c.Each) and of.of == c.Value(c.NUMBER, Integer(1)):
        return f"I_{_below(str(of.shape.rows))}"
    if name == "transpose":
        return f"{_tight(of)}ᵀ"
    if name == "inverse":
        return f"{_tight(of)}⁻¹"
    if name == "square":
        return f"‖{text(of)}‖²"
    if name == "sqrt" and isinstance(of, c.Function) and of.name == "square":
        return f"‖{text(of.of)}‖"
    if name == "max0":
        return f"max(0, {text(of)})"
    return f"√({text(of)})" if name == "sqrt" else f"{name}({text(of)})"


def _each(part: c.Each) -> str:
    names, of = _running(part.index, text(part.of))
    what = "row" if part.down else "column"
    said = [f"{what} {index_written(index)}: {text(other)}" for index, other in part.besides]
    return f"[{'; '.join([*said, f'{what} {names} = {part.range}: {of}'])}]"


def _running(index: str, of: str) -> tuple[str, str]:
    """An index and what it runs in; that of dots gets a letter."""
    if not index.startswith("#"):
        return head_written(index), of
    name = next((name for name in "kℓpqr" if name not in of), "·")
    return name, of.replace(f"{{{index}}}", name).replace(index, name)


def _choice(branches: tuple[tuple[tuple[Condition, ...], Core], ...]) -> str:
    said = [
        f"{text(of)} if {', '.join(map(condition, given))}" if given else f"{text(of)} else"
        for given, of in branches
    ]
    return "{" + "; ".join(said) + "}"
