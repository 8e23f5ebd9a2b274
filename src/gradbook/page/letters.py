"""The letters of a page: what each is, and what to say of one that is not there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from sympy import Expr, Integer, Symbol

from gradbook.page import tree as t
from gradbook.page.core import Letter, Range, Shape
from gradbook.page.source import PageError, Source, Span, Unreadable, Waits
from gradbook.page.tokens import FUNCTIONS
from gradbook.page.written import head_written


@dataclass
class Letters:
    """What has been declared and defined so far.

    numbering: how a size is numbered, by the ranges that were declared.
    later:     where a letter is defined that is not defined yet.
    promised:  the shape that the prose gives to a letter that is defined later.
    """

    source: Source
    known: dict[tuple[str, int, int], Letter] = field(default_factory=dict)
    numbering: dict[Expr, Range] = field(default_factory=dict)
    later: dict[tuple[str, int, int], Span] = field(default_factory=dict)
    promised: dict[tuple[str, int, int], Shape] = field(default_factory=dict)
    undeclared: dict[tuple[str, int, int], PageError] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Letter]:
        return iter(self.known.values())

    def add(self, letter: Letter) -> None:
        """Raises Unreadable for a letter that there is already: one letter, one meaning."""
        before = self.known.get(letter.key)
        if before is not None and before.broken is None:
            first, second = sorted((before, letter), key=lambda each: each.span)
            self.known[letter.key] = first
            raise self.twice(first, second)
        self.known[letter.key] = letter
        self.undeclared.pop(letter.key, None)

    def twice(self, first: Letter, second: Letter) -> Unreadable:
        """What to say of a letter that the text declares once more, further on."""
        where = self.source.position(first.span.start)[0]
        return Unreadable(
            second.span,
            f"{written(second)} has a meaning already, from line {where}",
            "one letter, one meaning: take another letter",
        )

    def numbered(self, size: Expr) -> Range:
        """How the entries along a size are numbered: from 1, unless a range says otherwise."""
        return self.numbering.get(size, Range(Integer(1), size))

    def number(self, found: Range, span: Span) -> None:
        """Raises Unreadable where the same size is numbered in another way already."""
        before = self.numbering.setdefault(found.count, found)
        if before != found:
            raise Unreadable(
                span,
                f"{found.count} things are numbered {found} here and {before} elsewhere",
                "a size is numbered in one way on a page",
            )

    def least(self, size: Expr) -> int | None:
        """The smallest value of a formula of sizes; None where it is not seen."""
        least = size.xreplace({size_symbol(letter.head): Integer(letter.least) for letter in self})
        return int(least) if least.is_Integer else None

    def is_unknown(self, head: str) -> bool:
        """Whether no letter of the page has this head, declared, defined or yet to be."""
        return all(each != head for each, _, _ in (*self.known, *self.later))

    def has_entry(self, name: t.Name) -> bool:
        """Whether it is an entry or a row of a letter that there is."""
        above, below = len(name.above), len(name.below)
        return any(
            letter.head == name.head
            and letter.above == above
            and letter.below < below
            and letter.broken is None
            and not letter.shape.is_number
            for letter in self
        )

    def told_apart(self, name: t.Name) -> t.Name:
        """W^{(1)}, w_0 and h_θ where the page has letters of that name: these are no indices."""
        for one in (*_with_numbers(name), *self._with_letters(name)):
            key = (one.head, len(one.above), len(one.below))
            if key in self.known or (key in self.later and not self.has_entry(name)):
                return one
        return name

    def new(self, name: t.Name) -> t.Name:
        """A name that is defined: what is no index in it belongs to its head."""
        return next(self._with_letters(with_numbers(name)), with_numbers(name))

    def _with_letters(self, name: t.Name) -> Iterator[t.Name]:
        """h_θ, f_{w,b}: with letters below that are no indices."""
        heads = [part.head for part in name.below if isinstance(part, t.Name) and not part.below]
        kinds = {self.known[head, 0, 0].kind for head in heads if (head, 0, 0) in self.known}
        if heads and len(heads) == len(name.below) and kinds and kinds <= {"value", "defined"}:
            below = ",".join(map(head_written, heads))
            yield replace(name, head=f"{name.head}_{below}", below=())

    def look_up(self, name: t.Name) -> Letter:
        """The letter that a name with its indices is, or is an entry of.

        Raises Unreadable for one that is not there, Waits for one whose definition was not read.
        """
        name = self.told_apart(name)
        above, below = len(name.above), len(name.below)
        found = [
            letter
            for letter in self.known.values()
            if letter.head == name.head and letter.above == above and letter.below <= below
        ]
        for letter in sorted(found, key=lambda letter: -letter.below):
            if letter.broken is not None:
                raise Waits(letter.broken)
            entries = below - letter.below
            if entries == 0 or not letter.shape.is_number:
                return self.before(letter, name)
        self.unknown(name, found)
        raise AssertionError("unknown raises")

    def before(self, letter: Letter, name: t.Name) -> Letter:
        """Raises Unreadable for a letter that is declared after its first use."""
        if letter.kind != "size" and letter.kind != "index" and letter.span > name.span:
            where = self.source.position(letter.span.start)[0]
            raise Unreadable(
                name.span,
                f"{written(letter)} is declared only on line {where}",
                "a letter is declared before its first use",
            )
        return letter

    def unknown(self, name: t.Name, found: list[Letter]) -> None:
        """Says what is wrong with a name that is no letter, once for each."""
        key = (name.head, len(name.above), len(name.below))
        for known in (key, (name.head, key[1], 0)):
            if known in self.undeclared:
                raise Waits(self.undeclared[known])
        if found:
            letter = found[0]
            raise Unreadable(
                name.span,
                f"{written(letter)} is a number and has no index",
                "if a product is meant, write the factors apart" if name.below else "",
            )
        for (head, above, below), span in self.later.items():
            if head == name.head and above == key[1] and below <= key[2]:
                where = self.source.position(span.start)[0]
                if span < name.span:
                    raise Unreadable(name.span, f"{head_written(head)} is defined by itself")
                raise Unreadable(
                    name.span,
                    f"{head_written(head)} is defined only on line {where}",
                    "a definition stands before its first use",
                )
        others = [letter for letter in self if letter.head == name.head]
        if others:
            forms = " and ".join(written(letter) for letter in others)
            raise Unreadable(
                name.span,
                f"{shown(name)} is not a letter of this page: {forms} "
                f"{'is' if len(others) == 1 else 'are'}",
                _other_form(name, others[0]),
            )
        behind = self.source.text[name.span.start :]
        for function in FUNCTIONS:
            if len(function) > 2 and behind.startswith(function):
                span = Span(name.span.start, name.span.start + len(function))
                message = f"{function} is written as single letters"
                raise Unreadable(span, message, rf"write \{function}")
        head = head_written(name.head)
        latex = name.head if len(name.head) == 1 else "…"
        raise Undeclared(
            name.span,
            f"{head} is not declared",
            rf"say in the text what it is, ${latex} \in \mathbb{{R}}$, or define it: {head} := …",
            key if found else (name.head, key[1], 0 if not name.below else key[2]),
        )


def _with_numbers(name: t.Name) -> Iterator[t.Name]:
    """The name with the numbers above it, below it, or both, as a part of its head."""
    above, below = (
        ",".join(part.text if isinstance(part, t.Number) else "?" for part in indices)
        for indices in (name.above, name.below)
    )
    head = name.head
    if above and below and "?" not in above + below:
        yield replace(name, head=f"{head}_{below}^({above})", above=(), below=())
    if above and "?" not in above:
        yield replace(name, head=f"{head}^({above})", above=())
    if below and "?" not in below:
        yield replace(name, head=f"{head}_{below}", below=())


def with_numbers(name: t.Name) -> t.Name:
    """A name that is declared or defined: what is numbered by numbers is a letter for each."""
    return next(_with_numbers(name), name)


class Undeclared(Unreadable):
    """A letter that nothing declares: said at its first use only."""

    def __init__(self, span: Span, message: str, hint: str, key: tuple[str, int, int]) -> None:
        super().__init__(span, message, hint)
        self.key = key


def size_symbol(head: str) -> Symbol:
    """A size as a symbol: what it is worth is said by a page's sizes, not by the symbol."""
    return Symbol(head_written(head), integer=True, nonnegative=True)


def written(letter: Letter) -> str:
    """A letter with places for its indices: x^{(i)}, L_i^{(j)}."""
    names = iter("ij" if letter.above and letter.below else "ijk")
    below = "".join(next(names, "·") for _ in range(letter.below))
    above = ", ".join(next(names, "·") for _ in range(letter.above))
    head = head_written(letter.head)
    return head + (f"_{below}" if below else "") + (f"^({above})" if above else "")


def with_indices(letter: Letter, slots: tuple[int, ...]) -> str:
    """A letter with numbers for its own indices, in their places: w_2, x^(1)."""
    above, below = slots[: letter.above], slots[letter.above :]
    head = head_written(letter.head)
    head += "_" + ",".join(map(str, below)) if below else ""
    return head + (f"^({', '.join(map(str, above))})" if above else "")


def shown(name: t.Name) -> str:
    below = "".join(_index(index) for index in name.below)
    above = ", ".join(_index(index) for index in name.above)
    head = head_written(name.head)
    return head + (f"_{below}" if below else "") + (f"^({above})" if above else "")


def _index(node: t.Node) -> str:
    if isinstance(node, t.Number):
        return node.text
    return shown(node) if isinstance(node, t.Name) else "…"


def _other_form(name: t.Name, letter: Letter) -> str:
    if letter.above and not name.above:
        return f"the number of {written(letter)} stands above, in brackets: ^{{(i)}}"
    if name.above and not letter.above:
        return f"{written(letter)} has no index above; a power is written without brackets"
    return f"write {written(letter)}"
