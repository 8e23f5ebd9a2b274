"""Functions that a page defines: f(x) := …, and f(u) with something else in the place of x.

f(x) is f, as it is defined. In f(u) the letter x of the definition is u; so x may stand in the
definition only as itself, and not in another letter that is made of it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sympy import Integer

from gradbook.page import core as c
from gradbook.page import tree as t
from gradbook.page.as_read import text
from gradbook.page.core import NUMBER, Core, Fixed, Index, Letter, Range, Running
from gradbook.page.letters import Undeclared, shown
from gradbook.page.source import Unreadable, Waits
from gradbook.page.written import head_written

if TYPE_CHECKING:
    from gradbook.page.elaborate import Elaboration


def arguments(self: Elaboration, node: t.Applied) -> tuple[tuple[Core, ...], dict[str, Range]]:
    """What stands in the brackets of f(x_i; W) := …, and the indices that f gets by that."""
    found: list[Core] = []
    for argument in _single(self, node):
        if self.is_index(argument):
            found.append(c.IndexValue(NUMBER, self.index(argument)))
            continue
        part = self.of(argument)
        if not isinstance(part, c.Ref):
            raise Unreadable(
                argument.span, "a function is defined for letters", "f(x) := …, and then f(u + v)"
            )
        found.append(part)
    slots = {name: along for name, along in self.free.items() if name not in self.bound}
    return tuple(found), slots


def _single(self: Elaboration, node: t.Applied) -> list[t.Node]:
    """The arguments but for θ in J(θ), of letters θ_j: J is of all of them, in every use."""
    heads = {letter.head for letter in self.letters if letter.slots}
    known = self.letters.known
    return [
        a
        for a in node.arguments
        if not (isinstance(a, t.Name) and a.plain and a.head in heads and a.key not in known)
    ]


def applied(self: Elaboration, node: t.Applied) -> Core:
    """f(x), f of something else, or f'(x)."""
    head = node.function.head
    if head.endswith("'") and self.letters.is_unknown(head):
        return _derivative(self, replace(node, function=replace(node.function, head=head[:-1])))
    node = replace(node, function=self.letters.told_apart(node.function))
    letter, arguments = self.letters.look_up(node.function), _single(self, node)
    if not letter.arguments and arguments:
        name = head_written(node.function.head)
        raise Unreadable(node.span, f"{name} is no function of this page here", f"{name}(x) := …")
    if len(arguments) != len(letter.arguments):
        count = f"{len(letter.arguments)} argument{'s' if len(letter.arguments) > 1 else ''}"
        raise Unreadable(node.span, f"{shown(node.function)} has {count}: {written(letter)}")
    own = self.slots_of(letter, node.function)
    assert letter.definition is not None
    names = letter.definition.slots
    at: dict[str, Index] = dict(zip(names, own, strict=False))
    others: list[tuple[c.Ref, Core]] = []
    for argument, parameter in zip(arguments, letter.arguments, strict=True):
        if isinstance(parameter, c.IndexValue) and isinstance(parameter.index, Running):
            at[parameter.index.name] = self.index(argument, parameter.index.range)
            continue
        assert isinstance(parameter, c.Ref)
        part = self.of(argument, parameter.shape)
        if _same(parameter, part, names[len(own) :], at):
            continue
        by_entries = parameter.shape.is_number and letter.shape.is_number
        if not by_entries or len(arguments) > 1:  # f of a number acts entry by entry
            self.same(parameter.shape, part.shape, argument.span, "in the definition it is", "here")
        _may_be_another(letter, parameter, argument)
        others.append((parameter, part))
    missing = [name for name in names if name not in at]
    if missing:
        raise Unreadable(node.span, f"for which {missing[0]} is this? It is {written(letter)}")
    ref = self.ref(letter, tuple(at[name] for name in names), node)
    if not others:
        return ref
    parameters, found = zip(*others, strict=True)
    shape = found[0].shape if ref.shape.is_number and len(found) == 1 else ref.shape
    shape = shape if parameters[0].shape.is_number else ref.shape
    return c.Applied(shape, ref, parameters, found)


def _derivative(self: Elaboration, node: t.Applied) -> Core:
    """f'(z): the slope of f at the number z; of a vector z, the slope at each entry."""
    of = applied(self, node)
    by = self.of(node.arguments[0])
    part = by.of if isinstance(by, c.At) else by
    if len(node.arguments) > 1 or not isinstance(part, c.Ref) or of.shape != by.shape:
        message = f"{head_written(node.function.head)}′ is read at one letter, a number or a vector"
        raise Unreadable(node.span, message, "name what stands there: z := …")
    if of.shape.is_number:
        return c.GradientBy(NUMBER, by, of)
    if of.shape.columns != 1 or of.shape.rows is None:
        raise Unreadable(node.span, "the slope of each entry is read of a column")
    along, one = self.letters.numbered(of.shape.rows), self.letters.numbered(Integer(1)).first
    with self.between_dots() as name:
        entry = c.At(NUMBER, of, Running(name, along), Fixed(one))
    return c.GradientBy(by.shape, by, c.SumOver(NUMBER, name, along, (), entry))


def depending(self: Elaboration, node: t.DependsOn) -> Core:
    """E(w), where w is in the definition of E: E itself.

    Raises Unreadable for any other letter in front of a bracket: a function, or a product? Of one
    that nothing declares it is said once, and what needs it waits.
    """
    letter = self.letters.known.get(node.of.key)
    if letter is not None and letter.broken is not None:
        raise Waits(letter.broken)
    if letter is not None and letter.definition is not None:
        inside = c.made_of(letter.definition.body)
        if all(isinstance(each, t.Name) and each.key in inside for each in node.on):
            return self.name(node.of)
    head = node.of.head if node.of.key in self.letters.known else node.of.head.rstrip("'")
    key = (head, 0, 0)
    if key in self.letters.undeclared:
        raise Waits(self.letters.undeclared[key])
    name = shown(replace(node.of, head=head))
    argument = shown(node.on[0]) if len(node.on) == 1 else "…"
    message = f"{name}({argument}): a function of {argument}, or {name} times it?"
    hint = f"a function is defined, {name}({argument}) := …"
    if len(node.on) > 1:
        message = f"{name}(…) is no function that this page defines"
        hint = rf"a product is written {name} \cdot (…); a function is defined, {name}(x, y) := …"
    elif head == node.of.head:
        hint = rf"a product is written {name} \cdot {argument}, without brackets; {hint}"
    if self.letters.is_unknown(head):
        raise Undeclared(node.span, message, hint, key)
    raise Unreadable(node.span, message, hint)


def _same(parameter: c.Ref, part: Core, names: tuple[str, ...], at: dict[str, Index]) -> bool:
    """Whether it is the letter of the definition: x_j for x_i, and then i is j."""
    if not isinstance(part, c.Ref) or part.key != parameter.key:
        return False
    found = dict(at)
    for slot, index in zip(parameter.slots, part.slots, strict=True):
        if isinstance(slot, Running) and slot.name in names:
            if found.setdefault(slot.name, index) != index:
                return False
        elif slot != index:
            return False
    at.update(found)
    return True


def _may_be_another(letter: Letter, parameter: c.Ref, argument: t.Node) -> None:
    """Raises Unreadable where something else in the place of a letter would not reach all of f."""
    assert letter.definition is not None
    hint = f"write out what is meant: here it is {written(letter)}"
    if parameter.letter.definition is not None or parameter.slots:
        name = head_written(parameter.letter.head)
        raise Unreadable(argument.span, f"{name} is not a letter that can be replaced", hint)
    for part in c.parts_of(letter.definition.body):
        made = isinstance(part, c.Ref) and part.letter.definition is not None
        if made and any(_is(parameter, each) for each in c.parts_of(part, through=True)):
            assert isinstance(part, c.Ref)
            name = head_written(part.letter.head)
            message = f"{head_written(letter.head)} is made of {name}, and {name} is made of "
            raise Unreadable(argument.span, message + head_written(parameter.letter.head), hint)
        if isinstance(part, c.GradientBy) and any(_is(parameter, e) for e in c.parts_of(part.by)):
            raise Unreadable(argument.span, "what is differentiated by cannot be replaced", hint)


def _is(parameter: c.Ref, part: object) -> bool:
    return isinstance(part, c.Ref) and part.key == parameter.key


def written(letter: Letter) -> str:
    """f(x, y), as it is defined."""
    names = letter.definition.slots if letter.definition is not None else ()
    slots = tuple(Running(name, of) for name, of in zip(names, letter.slots, strict=False))
    return text(c.Ref(letter.shape, letter, letter.key, slots))
