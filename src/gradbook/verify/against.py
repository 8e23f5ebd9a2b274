"""A page held against a model: which lines of the model it has too, in its own letters and order.

Both are written out at small sizes, with definitions unfolded and ∇ left as it stands. What a line
says there are equalities of entries. A line is there if a line of the page says it: that of the
same id, or one that stands for no other; through a chain that is cut elsewhere, or with a right
side that is proved equal. It follows if what it says is stated for another line already, or by
several. Lines that are false count for nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice, permutations, product
from typing import Literal

from sympy import Expr, Rel

from gradbook.notation import partial
from gradbook.page import Page, PageLine
from gradbook.page.at_sizes import AtSizes
from gradbook.page.core import ClaimRead, Key, Letter, made_of
from gradbook.page.stated import Instance
from gradbook.prove.by_regions import by_regions
from gradbook.prove.derivatives import meaning_of
from gradbook.prove.patterns import Undecided
from gradbook.prove.points import Sides, told_apart
from gradbook.regions import letters_of

#: There; stated in other lines only; a line of the same id says something else, of the same letters
#: or of one that is defined otherwise; it is false; it cannot be read; there is none.
Status = Literal["there", "follows", "other", "depends", "false", "unread", "missing"]
#: So many ways to pair the letters of two pages are tried.
PAIRINGS = 24

Renaming = Mapping[Expr, Expr]
#: A formula and its relation to 0.
Condition = tuple[Expr, str]


@dataclass(frozen=True)
class Held:
    """A line of the model. line: that of the page with the same id."""

    model: PageLine
    status: Status
    line: PageLine | None = None


@dataclass(frozen=True)
class Differs:
    """A letter that the page defines as something else than the model does."""

    letter: Letter
    model: Letter


@dataclass(frozen=True)
class Against:
    """What a page has of a model page."""

    model: Page
    lines: tuple[Held, ...]
    definitions: tuple[Differs, ...]

    @property
    def passed(self) -> bool:
        kept = all(held.status in ("there", "follows") for held in self.lines)
        return kept and not self.definitions


def against(page: Page, model: Page, false: Collection[str] = ()) -> Against:
    """Which lines of the model the page has, under the pairing of letters that finds most.

    false: the ids of lines of the page that are refuted.
    """
    theirs = _Written(model, _sizes(model))
    pairings = [
        _Compared(ours, theirs, renaming, frozenset(false))
        for sizes in _paired_sizes(page, model)
        for ours in [_Written(page, sizes)]
        for renaming in _paired(ours, theirs)
    ]
    best = max(pairings, key=lambda each: each.in_common)
    return Against(model, tuple(best.lines()), tuple(best.differing))


# Pairs of letters.


def _sizes(page: Page) -> dict[str, int]:
    """Sizes at which different formulas differ: one more than the smallest."""
    return {letter.head: letter.least + 1 for letter in page.letters if letter.kind == "size"}


def _paired_sizes(page: Page, model: Page) -> Iterator[dict[str, int]]:
    """Sizes for the page: those of the model with the same names, the others in every order."""
    ours, theirs = _sizes(page), _sizes(model)
    others = [theirs[head] for head in theirs if head not in ours]
    free = [head for head in ours if head not in theirs]
    for chosen in set(permutations(others, min(len(others), len(free)))):
        yield (
            ours
            | {h: theirs[h] for h in ours if h in theirs}
            | dict(zip(free, chosen, strict=False))
        )


def _paired(ours: _Written, theirs: _Written) -> Iterator[Renaming]:
    """Our given letters as theirs: of one shape, and of one name where there are such."""
    groups: dict[object, tuple[list[Letter], list[Letter]]] = {}
    for written, side in ((ours, 0), (theirs, 1)):
        for letter in written.page.letters:
            if letter.kind == "value":
                groups.setdefault(written.kind(letter), ([], []))[side].append(letter)
    choices = []
    for mine, other in groups.values():
        same = [(a, b) for a in mine for b in other if a.head == b.head]
        heads = {a.head for a, _ in same}
        mine = [a for a in mine if a.head not in heads]
        other = [b for b in other if b.head not in heads]
        orders = permutations(other, min(len(mine), len(other)))
        choices.append([same + list(zip(mine, order, strict=False)) for order in orders])
    for chosen in islice(product(*choices), PAIRINGS):
        yield {
            one: other
            for pairs in chosen
            for a, b in pairs
            for one, other in zip(ours.symbols(a), theirs.symbols(b), strict=True)
        }


# A page at sizes.


@dataclass(frozen=True)
class Fact:
    """left relation right, wherever `given` holds: of one entry."""

    left: Expr
    right: Expr
    relation: str = "="
    given: frozenset[Condition] = frozenset()

    def renamed(self, names: Renaming) -> Fact:
        given = frozenset((u.xreplace(names), sign) for u, sign in self.given)
        return Fact(self.left.xreplace(names), self.right.xreplace(names), self.relation, given)


class _Written:
    """A page written out at sizes, each given index at one value."""

    def __init__(self, page: Page, sizes: Mapping[str, int]) -> None:
        self.page = page
        self.at = AtSizes(sizes, {}, page.kept_letters, page.letters.numbering)
        labels: dict[Instance, int] = dict(self._labels())
        self.at = AtSizes(sizes, labels, self.at.kept, self.at.numbering)

    def _labels(self) -> Iterator[tuple[Instance, int]]:
        for letter in self.page.letters:
            if letter.kind == "label" and letter.range is not None:
                along = self.at.range(letter.range)
                for place, slots in enumerate(product(*map(self.at.range, letter.slots))):
                    yield (letter.key, slots), along[(place + 1) % len(along)]

    def kind(self, letter: Letter) -> object:
        """What is alike in letters that may be one."""
        slots = tuple(len(self.at.range(slot)) for slot in letter.slots)
        return self.at.shape(letter.shape), slots, letter.sign

    def symbols(self, letter: Letter) -> list[Expr]:
        places = product(*map(self.at.range, letter.slots))
        return [each for slots in places for each in self.at.symbols(letter, (letter.key, slots))]

    @cached_property
    def said(self) -> dict[str, list[frozenset[Fact]]]:
        """What each definition and each claim of a line says, entry by entry."""
        return {
            line.id: [
                *(frozenset(Fact(v, v) for v in self.values[d.key]) for d in line.definitions),
                *(frozenset(self._facts(claim)) for claim in line.claims if not claim.shape),
            ]
            for line in self.page
        }

    def _facts(self, claim: ClaimRead) -> Iterator[Fact]:
        for values in product(*map(self.at.range, claim.free.values())):
            try:
                stated = self.at.claim(claim, dict(zip(claim.free, values, strict=True)))
                if stated is None:
                    continue
                given = frozenset(map(self.condition, stated.given))
                for left, right in zip(stated.left, stated.right, strict=True):
                    yield Fact(self.normal(left), self.normal(right), stated.relation, given)
            except (ArithmeticError, IndexError, ValueError):
                continue  # there is no such formula at these sizes

    @cached_property
    def values(self) -> dict[Key, tuple[Expr, ...]]:
        """The entries of every defined letter, for all of its indices."""
        return {
            each.key: tuple(self._values(each)) for each in self.page.letters if each.definition
        }

    def _values(self, letter: Letter) -> Iterator[Expr]:
        definition = letter.definition
        assert definition is not None
        for slots in product(*map(self.at.range, letter.slots)):
            at = dict(zip(definition.slots, slots, strict=True))
            if all(False not in self.at.each_condition(each, at) for each in definition.domain):
                value = self.at.value(definition.body, at)
                yield from map(self.normal, [value] if isinstance(value, Expr) else value)

    def condition(self, found: Rel) -> Condition:
        """u > 0 for −u < 0 and for a > b."""
        sign = {"<": ">", "<=": ">="}.get(found.rel_op, found.rel_op)
        u = found.lhs - found.rhs if sign == found.rel_op else found.rhs - found.lhs
        return self.normal(u), sign

    def normal(self, formula: Expr) -> Expr:
        """In given letters: ∂ by one of those stays, ∂ by a defined one is worked out."""
        meaning = meaning_of(self.at.meant)
        while letters := letters_of(formula) & meaning.of.keys():
            inner = [a for a in formula.atoms(partial) if a.args[1] in meaning.of]
            first = min(inner, key=lambda atom: len(atom.atoms(partial)), default=None)
            formula = formula.xreplace(
                {letter: meaning.of[letter] for letter in letters}
                if first is None
                else {first: meaning.derivative(*first.args)}
            )
        return formula.expand()


# What is stated.


class _Stated:
    """What follows from some claims by =, under conditions."""

    def __init__(self, said: Iterable[frozenset[Fact]]) -> None:
        self.facts = {fact for facts in said for fact in facts}
        self._classes: dict[frozenset[Condition], dict[Expr, set[Expr]]] = {}

    def says(self, facts: Iterable[Fact]) -> bool:
        return all(map(self.has, facts))

    def has(self, fact: Fact) -> bool:
        if fact in self.facts:
            return True
        if fact.relation != "=" or fact.left == fact.right:
            return any(fact == replace(one, given=fact.given) for one in self.facts) or (
                fact.left == fact.right and bool(self.equal_to(fact.left, fact.given))
            )
        for one, other in ((fact.left, fact.right), (fact.right, fact.left)):
            for stated in self.equal_to(one, fact.given):
                result = one.has(partial) and not other.has(partial) and not stated.has(partial)
                if stated == other or (result and _equal(stated, other, fact.given)):
                    return True
        return False

    def equal_to(self, formula: Expr, given: frozenset[Condition]) -> set[Expr]:
        """All that is stated to be equal to the formula where these conditions hold."""
        if given not in self._classes:
            classes: dict[Expr, set[Expr]] = {}
            for fact in self.facts:
                if fact.relation == "=" and fact.given <= given:
                    one = classes.get(fact.left, {fact.left})
                    both = one | classes.get(fact.right, {fact.right})
                    classes |= dict.fromkeys(both, both)
            self._classes[given] = classes
        return self._classes[given].get(formula, set())


def _equal(one: Expr, other: Expr, given: frozenset[Condition]) -> bool:
    """Proved equal, or, where that is not decided, told apart by no point."""
    if one == other:
        return True
    relations = tuple(Rel(u, 0, sign, evaluate=False) for u, sign in given)
    sides = Sides((one,), (other,), "=", relations, 1)
    try:
        return by_regions(sides).proved
    except Undecided:
        return told_apart(sides) is None


class _Compared:
    """Our page beside theirs, in their letters."""

    def __init__(
        self, ours: _Written, theirs: _Written, names: Renaming, false: frozenset[str]
    ) -> None:
        self.page, self.theirs, self.false = ours.page, theirs, false
        self.own = {line.id: line for line in ours.page}
        self.said = {
            id: [frozenset(fact.renamed(names) for fact in facts) for facts in said]
            for id, said in ours.said.items()
            if id not in false
        }
        self.values = {
            key: tuple(entry.xreplace(names) for entry in entries)
            for key, entries in ours.values.items()
        }

    @property
    def in_common(self) -> int:
        """How much the two pages say alike, as it is written."""
        ours = _Stated(said for line in self.said.values() for said in line).facts
        theirs = _Stated(said for line in self.theirs.said.values() for said in line).facts
        return len(ours & theirs)

    def lines(self) -> Iterator[Held]:
        """What there is of each line of the model."""
        there = {line.id for line in self.theirs.page if self._in_its_place(line.id)}
        claims = (said for id, line in self.said.items() if id not in there for said in line)
        free = dict(enumerate(claims))
        for line in self.theirs.page:
            if (
                line.id not in there
                and line.id not in self.false
                and self._elsewhere(line.id, free)
            ):
                there.add(line.id)
        everything = _Stated(said for line in self.said.values() for said in line)
        for line in self.theirs.page:
            mine = self.own.get(line.id)
            if line.id in there:
                yield Held(line, "there", mine)
            elif line.id in self.false:
                yield Held(line, "false", mine)
            elif mine is not None and mine.unread:
                yield Held(line, "unread", mine)
            elif all(map(everything.says, self.theirs.said[line.id])):
                yield Held(line, "follows", mine)
            else:
                yield Held(line, "missing" if mine is None else self._why(mine), mine)

    def _in_its_place(self, id: str) -> bool:
        stated = _Stated(self.said.get(id, ()))
        return id in self.said and all(map(stated.says, self.theirs.said[id]))

    def _elsewhere(self, id: str, free: dict[int, frozenset[Fact]]) -> bool:
        """Whether claims that stand for no line yet say this one, each claim one of its."""
        used: list[int] = []
        for facts in self.theirs.said[id]:
            alone = (n for n, said in free.items() if n not in used and _Stated([said]).says(facts))
            used.append(next(alone, -1))
        if -1 in used:
            return False
        for number in used:
            del free[number]
        return True

    def _why(self, mine: PageLine) -> Status:
        about = made_of(tuple((claim.left, claim.right) for claim in mine.claims))
        differing = {each.letter.key for each in self.differing}
        itself = differing & {letter.key for letter in mine.definitions}
        return "depends" if about & differing and not itself else "other"

    @cached_property
    def differing(self) -> list[Differs]:
        """Letters with one name and two values, of those that are made of no other such letter;
        but not where theirs has another name here.
        """
        ours, theirs = self.page.letters.known, self.theirs.page.letters.known
        others = set(self.values.values())
        found = {
            key
            for key, entries in self.theirs.values.items()
            if key in self.values and entries not in others and not self._same(key)
        }
        roots = (key for key in found if not made_of(_body(ours[key])) & found)
        return [Differs(ours[key], theirs[key]) for key in sorted(roots)]

    def _same(self, key: Key) -> bool:
        mine, entries = self.values[key], self.theirs.values[key]
        pairs = zip(mine, entries, strict=False)
        return len(mine) == len(entries) and all(_equal(a, b, frozenset()) for a, b in pairs)


def _body(letter: Letter) -> object:
    return None if letter.definition is None else letter.definition.body
