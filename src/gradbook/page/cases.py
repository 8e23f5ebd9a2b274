"""The cases in which a claim is decided: every size that matters to it, every index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from sympy import Basic, ImmutableMatrix

from gradbook.page import core as c
from gradbook.page.at_sizes import AtSizes
from gradbook.page.core import ClaimRead, Condition, Key, Label, Letter, Range, Running, parts_of
from gradbook.page.letters import numbered, size_symbol
from gradbook.page.page import Page
from gradbook.page.stated import Instance, Known
from gradbook.page.written import head_written


@dataclass(frozen=True)
class Scope:
    """sizes: the sizes that matter to a claim; free: its free indices; labels: its given indices;
    named: free indices that only say which example it is, where one is as good as another: there is
    no second index of its range, no number, and no entry or condition that it stands in.
    """

    sizes: tuple[str, ...]
    free: Mapping[str, Range]
    labels: tuple[Letter, ...]
    named: frozenset[str]


def scope(claim: ClaimRead, letters: Mapping[str, Letter]) -> Scope:
    """What a claim is about; letters: the sizes."""
    parts = list(parts_of((claim.left, claim.right, claim.given), through=True))
    labels = {part.key: part.letter for part in parts if isinstance(part, Label)}
    sizes = {symbol.name for part in parts for symbol in _sizes_in(part)}
    sizes |= {s.name for label in labels.values() if label.range for s in _ends(label.range)}
    alone = not any(
        isinstance(part, c.Ref | Label) and any(isinstance(slot, c.Fixed) for slot in part.slots)
        for part in parts
    )
    compared = {index.name for part in parts for index in _indices(part)}
    ranges = [label.range for label in labels.values()]
    named = frozenset(
        name
        for name, along in claim.free.items()
        if alone
        and name not in compared
        and not {symbol.name for symbol in along.last.free_symbols} & sizes
        and along not in (*ranges, *(other for n, other in claim.free.items() if n != name))
    )
    free = (along for name, along in claim.free.items() if name not in named)
    sizes |= {symbol.name for along in free for symbol in _ends(along)}
    used = tuple(head for head in letters if head_written(head) in sizes)
    return Scope(used, claim.free, tuple(labels.values()), named)


def _ends(along: Range) -> Iterable[Basic]:
    return along.first.free_symbols | along.last.free_symbols


def _sizes_in(part: object) -> Iterable[Basic]:
    """The sizes that a part of a formula names."""
    match part:
        case c.Value(value=value):
            return value.free_symbols
        case c.Along(range=along) | c.Each(range=along):
            return _ends(along)
        case c.Ref(letter=letter):
            sizes = (letter.shape.rows, letter.shape.columns)
            return {symbol for size in sizes if size is not None for symbol in size.free_symbols}
    return ()


def _indices(part: object) -> Iterator[Running]:
    """The index letters that tell one entry or one case from another."""
    match part:
        case c.At(row=one, column=other) | Condition(left=one, right=other):
            yield from (index for index in (one, other) if isinstance(index, Running))


@dataclass(frozen=True)
class PageCase:
    """Numbers for the sizes, the given and the free indices; `at` has the letters as symbols."""

    at: AtSizes
    free: Mapping[str, int]
    scope: Scope

    def __str__(self) -> str:
        return ", ".join(f"{name} = {value}" for name, value in self.numbers())

    def numbers(self) -> Iterator[tuple[str, int]]:
        """C = 2, y = 1, j = 2: what a counterexample begins with."""
        for head in self.scope.sizes:
            yield head_written(head), self.at.sizes[head]
        for (key, slots), value in self.at.labels.items():
            many = sum(1 for other, _ in self.at.labels if other == key) > 1
            above = f"^({', '.join(map(str, slots))})" if many else ""
            yield head_written(key[0]) + above, value
        for name, value in self.free.items():
            if name not in self.scope.named:
                yield head_written(name), value

    def letters(self) -> Iterator[tuple[str, ImmutableMatrix, str]]:
        """The given letters, their symbols, and whether each is a number, a vector or a matrix."""
        keys = [key for key, _ in self.at.given]
        for (key, slots), (letter, symbols) in self.at.given.items():
            name = numbered(letter, slots if keys.count(key) > 1 else ())
            is_vector = letter.shape.columns == 1
            kind = "number" if letter.shape.is_number else "vector" if is_vector else "matrix"
            yield name, symbols, kind


@dataclass(frozen=True)
class PageSizes:
    """How many values of each size are run, from the smallest on: `many` of more than two sizes."""

    few: int = 3
    many: int = 2

    def of(self, sizes: tuple[str, ...]) -> int:
        return self.few if len(sizes) <= 2 else self.many


def cases(page: Page, claim: ClaimRead, wanted: PageSizes = PageSizes()) -> Iterator[PageCase]:
    """The smallest first, so that a counterexample is small."""
    about = scope(claim, _sizes(page))
    ranges = [_values(page, claim, about, head, wanted) for head in about.sizes]
    for chosen in sorted(product(*ranges), key=sum):
        at = dict(zip(about.sizes, chosen, strict=True))
        yield from _cases_at(page, about, at, shared=True)


def _values(page: Page, claim: ClaimRead, about: Scope, head: str, wanted: PageSizes) -> range:
    """The values of a size that are run: the smallest that the claim is about."""
    low, high = page.letters.bounds(claim.given)[size_symbol(head)]
    return range(int(low), int(min(low + wanted.of(about.sizes) - 1, high)) + 1)


def cases_at(page: Page, claim: ClaimRead, chosen: Mapping[str, int]) -> Iterator[PageCase]:
    """The cases at these sizes; those that are not chosen are as small as they can be."""
    about = scope(claim, _sizes(page))
    return _cases_at(page, about, {head: n for head, n in chosen.items() if head in about.sizes})


def example_sizes(page: Page) -> dict[str, int]:
    """A small size that is no special one: C = 3, m = 2, n = 2."""
    return {head: max(2, letter.least + 1) for head, letter in _sizes(page).items()}


def _sizes(page: Page) -> dict[str, Letter]:
    return {letter.head: letter for letter in page.letters if letter.kind == "size"}


def _cases_at(
    page: Page, about: Scope, chosen: Mapping[str, int], shared: bool = False
) -> Iterator[PageCase]:
    """shared: with what was written out for other claims of the page, with the same numbers."""
    kept = page.kept_letters
    sizes = {head: letter.least for head, letter in _sizes(page).items()} | dict(chosen)
    for labels in _labels(sizes, about, kept, page):
        numbers = (frozenset(each.items()) for each in (sizes, labels))
        known = page.known(*numbers) if shared else Known()
        at = AtSizes(sizes, labels, kept, page.letters.numbering, known)
        for free in _free(at, about):
            yield PageCase(at, free, about)


def sizes_written(page: Page, found: tuple[ClaimRead, ...], wanted: PageSizes) -> str:
    """C 2–4, m 0–2, all y."""
    letters = _sizes(page)
    scopes = [scope(claim, letters) for claim in found]
    parts = []
    for head in letters:
        values = [
            _values(page, claim, about, head, wanted)
            for claim, about in zip(found, scopes, strict=True)
            if head in about.sizes
        ]
        if values := [each for each in values if each]:
            first, last = min(each[0] for each in values), max(each[-1] for each in values)
            parts.append(f"{head_written(head)} {first}" + f"–{last}" * (last > first))
    labels = {label.head for each in scopes for label in each.labels}
    return ", ".join([*parts, *(f"all {head_written(head)}" for head in sorted(labels))])


def _labels(
    sizes: dict[str, int], about: Scope, kept: frozenset[Key], page: Page
) -> Iterator[dict[Instance, int]]:
    """Every value of every given index."""
    at = AtSizes(sizes, {}, kept, page.letters.numbering)
    places: list[Instance] = []
    choices: list[range] = []
    for letter in about.labels:
        for slots in product(*(at.range(slot) for slot in letter.slots)):
            places.append((letter.key, slots))
            assert letter.range is not None
            choices.append(at.range(letter.range))
    for values in product(*choices):
        yield dict(zip(places, values, strict=True))


def _free(at: AtSizes, about: Scope) -> Iterator[dict[str, int]]:
    names = list(about.free)
    ranges = [
        at.range(about.free[name])[:1] if name in about.named else at.range(about.free[name])
        for name in names
    ]
    for values in product(*ranges):
        yield dict(zip(names, values, strict=True))
