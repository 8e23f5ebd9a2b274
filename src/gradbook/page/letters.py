"""The letters of a page: what each is, and what to say of one that is not there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from sympy import Expr, Integer, Symbol, oo

from gradbook.page import tree as t
from gradbook.page.core import Condition, Key, Letter, Range, Shape, Value
from gradbook.page.parser import not_read
from gradbook.page.source import PageError, Source, Span, Unreadable, Waits
from gradbook.page.tokens import FUNCTIONS, NOT_READ, command
from gradbook.page.written import head_written, with_indices

#: Words that need a \text or a backslash, however short.
_SPELLED = ("if", "for", "where", "when", "with", "else", "otherwise", "ln", "tr", "Tr")


@dataclass
class Letters:
    """What has been declared and defined so far.

    numbering: how a size is numbered, by the ranges that were declared.
    later:     where a letter is defined that is not defined yet.
    promised:  the shape that the prose gives to a letter that is defined later.
    """

    source: Source
    known: dict[Key, Letter] = field(default_factory=dict)
    numbering: dict[Expr, Range] = field(default_factory=dict)
    later: dict[Key, Span] = field(default_factory=dict)
    promised: dict[Key, Shape] = field(default_factory=dict)
    undeclared: dict[Key, PageError] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Letter]:
        return iter(self.known.values())

    def add(self, letter: Letter) -> None:
        """Raises Unreadable for a letter that there is already: one letter, one meaning."""
        before = self.known.get(letter.key)
        if before is not None and before.broken is None:
            first, second = sorted((before, letter), key=lambda each: each.span)
            self.known[letter.key] = first
            raise self.twice(first, second)
        for other in self:
            if other.head != letter.head and self._alike(letter, other):
                where = self.source.position(other.span.start)[0]
                message = f"{written(letter)} cannot be told from {written(other)} of line {where}"
                raise Unreadable(letter.span, message, "one letter, one meaning: take another")
        self.known[letter.key] = letter
        self.undeclared.pop(letter.key, None)

    def _alike(self, one: Letter, other: Letter) -> bool:
        """Whether both are shown as one, or one as an entry of the other: w_1 beside a vector w."""
        one, other = sorted((one, other), key=lambda letter: len(letter.head))
        if head_written(one.head) == head_written(other.head):
            return True
        hangs = other.head.removeprefix(one.head)
        if hangs == other.head or "size" in (one.kind, other.kind):
            return False
        if hangs == "^2":
            return True
        number = re.fullmatch(r"(?:_(\d+))?(?:\^\((\d+)\))?", hangs)
        if number is None or bool(number[2]) != bool(one.above) or one.above > 1:
            return False
        if number[1] is None:
            return one.below == 0
        along = (*one.slots[one.above :], *self._ranges(one))[:1]
        return any(int(number[1]) >= found.first for found in along)

    def _ranges(self, letter: Letter) -> Iterator[Range]:
        """How the entries of a vector, or the rows and columns of a matrix, are numbered."""
        for size in (letter.shape.rows, letter.shape.columns):
            if size is not None and size != 1:
                yield self.numbered(size)

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

    def bounds(self, known: Iterable[Condition] = ()) -> dict[Expr, tuple[Expr, Expr]]:
        """The smallest and the greatest value of each size, where conditions on sizes are known."""
        bounds = {size_symbol(s.head): (s.least, oo) for s in self if s.kind == "size"}
        for size_of, low, high in filter(None, map(bounded, known)):
            before = bounds.get(size_of, (0, oo))
            bounds[size_of] = max(before[0], low), min(before[1], high)
        return bounds

    def least(self, size: Expr, known: Iterable[Condition] = ()) -> int | None:
        """The smallest value of a formula of sizes; None where it is not seen."""
        bounds = self.bounds(known)
        least = Integer(0)
        for part, factor in size.expand().as_coefficients_dict().items():
            ends = (1, 1) if part == 1 else bounds.get(part, (-oo, oo))
            least += factor * ends[bool(factor < 0)]
        return int(least) if least.is_Integer else None

    def is_unknown(self, head: str) -> bool:
        """Whether no letter of the page has this head, declared, defined or yet to be."""
        return all(each != head for each, _, _ in (*self.known, *self.later))

    def in_another_font(self, name: t.Name) -> str:
        """What to say of 𝐱 where the page has x."""
        plain = re.sub(r"math\w+ ", "", name.head)
        found = next((each for each in self if re.sub(r"math\w+ ", "", each.head) == plain), None)
        if found is None:
            return ""
        hint = f"the page has {written(found)}: letters in other fonts are other letters"
        one, other = map(self._latex, (name.span, found.span))
        return rf"{hint}; ${one} \equiv {other}$ in the text reads one as the other"

    def _latex(self, span: Span) -> str:
        """The head of a letter, as it is written on the page."""
        return re.split("[_^]", self.source.text[span.start : span.end])[0]

    def has_entry(self, name: t.Name) -> bool:
        """Whether it is an entry or a row of a letter that there is."""
        return any(
            letter.head == name.head
            and letter.above == len(name.above)
            and letter.below < len(name.below)
            and letter.broken is None
            and not letter.shape.is_number
            and self._numbers(letter, name.below[letter.below :])
            for letter in self
        )

    def _numbers(self, letter: Letter, indices: tuple[t.Node, ...]) -> bool:
        """Whether no number is below the first: w_0 is no entry where w begins with w_1."""
        return not any(
            isinstance(index, t.Number) and int(index.text) < along.first
            for index, along in zip(indices, self._ranges(letter), strict=False)
        )

    def told_apart(self, name: t.Name) -> t.Name:
        """W^{(1)}, w_0 and h_θ where the page has letters of that name: these are no indices."""
        for one in (*_with_numbers(name), *_with_letters(name)):
            if one.key in self.known or (one.key in self.later and not self.has_entry(name)):
                return one
        return name

    def new(self, name: t.Name, right: object = None) -> t.Name:
        """A name that is declared or defined: what is no index in it belongs to its head.

        h_θ of a number θ, 1_m of a size m; μ_B and J_{mse}, with a letter below that there is not,
        here or on the right side.
        """
        name = with_numbers(name)
        below = [part.head for part in name.below if isinstance(part, t.Name)]
        kinds = {self.known[head, 0, 0].kind for head in below if (head, 0, 0) in self.known}
        used = self._used(right)
        is_word = any(self.is_unknown(head) and head not in used for head in below)
        if right is None:  # k in x_k, of which nothing is said, is more often forgotten
            is_word = is_word and (len(below) > 1 or below[0].isupper())
        if is_word or (kinds and kinds <= {"value", "defined", "size"}):
            return next(_with_letters(name), name)
        return name

    def _used(self, right: object) -> set[str]:
        """The letters on the right side, without those below one that is part of its head."""
        names = list(t.names_in(right))
        told = {id(name): self.told_apart(name) for name in names}
        hanging = {id(part) for name in names if told[id(name)].plain for part in name.below}
        return {told[id(name)].head for name in names if id(name) not in hanging}

    def look_up(self, name: t.Name, as_index: bool = False) -> Letter:
        """The letter that a name with its indices is, or is an entry of. as_index: what it is for.

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
                return letter
        self.unknown(name, found, as_index)
        raise AssertionError("unknown raises")

    def unknown(self, name: t.Name, found: list[Letter], as_index: bool) -> None:
        """Says what is wrong with a name that is no letter, once for each."""
        key = name.key
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
        for letter in others:
            if letter.broken is not None:
                raise Waits(letter.broken)
        if others:
            forms = " and ".join(written(letter) for letter in others)
            raise Unreadable(
                name.span,
                f"{shown(name)} is not a letter of this page: {forms} "
                f"{'is' if len(others) == 1 else 'are'}",
                _other_form(name, others[0]),
            )
        head = head_written(name.head)
        latex = self._latex(name.span)
        hint = rf"say in the text what it is, ${latex} \in \mathbb{{R}}$, or define it: {head} := …"
        if as_index:
            hint = rf"an index has a range, which the text says: ${latex} \in \{{1, \dots, n\}}$"
        if re.match(r"\s*(?:\\left\s*)?\(", self.source.text[name.span.end :]):
            hint = f"a function is defined, {head}(x) := …; a number or a matrix is declared"
        raise Undeclared(
            name.span,
            f"{head} is not declared",
            self.in_another_font(name) or hint,
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


def _with_letters(name: t.Name) -> Iterator[t.Name]:
    """The name with the letters below it as a part of its head."""
    heads = [part.head for part in name.below if isinstance(part, t.Name) and part.plain]
    if heads and len(heads) == len(name.below):
        yield replace(name, head=f"{name.head}_{''.join(map(head_written, heads))}", below=())


def with_numbers(name: t.Name) -> t.Name:
    """A name that is declared or defined: what is numbered by numbers is a letter for each."""
    return next(_with_numbers(name), name)


class Undeclared(Unreadable):
    """A letter that nothing declares: said at its first use only."""

    def __init__(self, span: Span, message: str, hint: str, key: Key) -> None:
        super().__init__(span, message, hint)
        self.key = key


def bounded(condition: Condition) -> tuple[Expr, Expr, Expr] | None:
    """What a condition on a size, C = 3 or C ≥ 3, says: the size, its least and its greatest."""
    left, right, sign = condition.left, condition.right, condition.sign
    if not (isinstance(left, Value) and isinstance(right, Value) and left.value.is_Symbol):
        return None
    ends = {
        "=": (right.value, right.value),
        "≥": (right.value, oo),
        ">": (right.value + 1, oo),
        "≤": (0, right.value),
        "<": (0, right.value - 1),
    }
    return (left.value, *ends[sign]) if right.value.is_Integer and sign in ends else None


def size_symbol(head: str) -> Symbol:
    """A size as a symbol: what it is worth is said by a page's sizes, not by the symbol."""
    return Symbol(head_written(head), integer=True, nonnegative=True)


def written(letter: Letter) -> str:
    """A letter with places for its indices: x^{(i)}, L_i^{(j)}."""
    names = iter("ij" if letter.above and letter.below else "ijk")
    below = [next(names, "·") for _ in range(letter.below)]
    return with_indices(letter.head, below, [next(names, "·") for _ in range(letter.above)])


def numbered(letter: Letter, slots: tuple[int, ...]) -> str:
    """A letter with numbers for its own indices: w_2, x^(1)."""
    above, below = slots[: letter.above], slots[letter.above :]
    return with_indices(letter.head, list(map(str, below)), list(map(str, above)), ",")


def shown(node: t.Node, other: str = "…") -> str:
    """A name or a number as it is written."""
    if isinstance(node, t.Number):
        return node.text
    if not isinstance(node, t.Name):
        return other
    return with_indices(node.head, list(map(shown, node.below)), list(map(shown, node.above)))


def _other_form(name: t.Name, letter: Letter) -> str:
    if name.head == "e":
        return r"e to a power is \exp(…) where the page has a letter e"
    if letter.above and not name.above:
        return f"the number of {written(letter)} stands above, in brackets: ^{{(i)}}"
    if name.above and not letter.above:
        return f"{written(letter)} has no index above; a power is written without brackets"
    return f"write {written(letter)}, or declare or define {shown(name)} as well"


def as_word(found: Unreadable, source: Source) -> Unreadable:
    """Of letters side by side, which are a product, which word they may have been meant as."""
    span = source.word(found.span)
    if span is None:
        return found
    word, behind = source.text[span.start : span.end], source.text[span.end :]
    begins = [each for each in (*FUNCTIONS, *NOT_READ) if len(each) > 2 and word.startswith(each)]
    if name := max([*begins, *(word for each in _SPELLED if each == word)], key=len, default=""):
        span = Span(span.start, span.start + len(name))
        hint = f"write {command(name)}" if name in FUNCTIONS else rf"\text{{{name}}}"
        hint = not_read(span, name).hint if name in NOT_READ else hint
        return Unreadable(span, f"{name} is written as single letters", hint)
    if len(word) < 4 or not behind.startswith("("):
        return found
    hint = rf"a function with a long name is \text{{{word}}}(x) := …"
    return Unreadable(found.span, found.message, hint)
