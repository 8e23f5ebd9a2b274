"""What is found of a loss and its gradients, as so many times what is right.

What multiplies the loss and all gradients alike is a convention, as is the sum over the examples in
place of their mean, or a half in front. What multiplies one of them alone is wrong, and named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from gradbook.judge.explain.numbers_in_words import in_words, unlike
from gradbook.judge.judgement import Finding
from gradbook.judge.pages.letters import Binding, Point

#: Numbers are the same that agree in half of the digits of a float, beside the largest of all.
_WITHIN = 2.0**-26
_ZERO = 1e-9
#: By these a whole may be multiplied, and by a size.
_USUAL = (1.0, 0.5, 2.0)


@dataclass(frozen=True)
class Part:
    """What was answered at a point, and what is right there.

    lengths: of each size. loss, found: the loss and the gradients that were answered. right,
    slopes: the right ones. reg: the strength of the penalty.
    """

    lengths: Mapping[str, int]
    point: Point
    reg: float
    loss: float | None
    right: float
    found: Mapping[str, np.ndarray]
    slopes: Mapping[str, np.ndarray]

    def less(self, other: Part) -> Part:
        """What is added to another one."""
        return replace(
            self,
            loss=None if self.loss is None or other.loss is None else self.loss - other.loss,
            right=self.right - other.right,
            found={n: a - other.found[n] for n, a in self.found.items() if n in other.found},
            slopes={name: slope - other.slopes[name] for name, slope in self.slopes.items()},
        )


@dataclass(frozen=True)
class _Times:
    """number · size^power times."""

    number: float
    size: str = ""
    power: int = 0

    def over(self, other: _Times) -> _Times | None:
        """How many times the other; None where that takes two sizes."""
        if abs(other.number) < _ZERO or (self.power and other.power and self.size != other.size):
            return None
        power = self.power - other.power
        size = (self.size or other.size) if power else ""
        return _Times(self.number / other.number, size, power) if abs(power) < 2 else None

    @property
    def is_one(self) -> bool:
        return self.is_number(1.0) and not self.power

    def is_number(self, number: float) -> bool:
        return abs(self.number - number) < 1e-6

    def __str__(self) -> str:
        size = f"{'1/' * (self.power < 0)}{self.size}"
        if not self.power:
            return in_words(self.number)
        return size if self.is_number(1.0) else f"{in_words(self.number)}·{size}"


def is_times(part: Part) -> bool:
    """Whether a loss is the right one, multiplied as a convention may be."""
    ratio = part.loss / part.right if part.loss is not None and part.right else np.nan
    of_sizes = [1.0, *(float(n) ** power for n in part.lengths.values() for power in (1, -1))]
    return any(abs(ratio / (one * size) - 1) < 1e-6 for one in _USUAL for size in of_sizes)


def compared(
    parts: Sequence[Part], binding: Binding, cites: Mapping[str, str], of: str = ""
) -> tuple[list[Finding], str]:
    """What is wrong, and what all is multiplied by if that is not 1. of: "penalty", or all else."""
    whose = f"of the {of} " * bool(of)
    of_loss, factors = _factors(parts)
    gave_a_loss = all(part.loss is not None for part in parts)
    meant = _meant(of_loss, factors)
    alike: dict[str, list[str]] = {}
    for letter, factor in factors.items():
        ratio = factor.over(meant) if factor is not None and meant is not None else None
        if ratio is None or not ratio.is_one:
            misshapen = _is_misshapen(parts, letter)
            said = "has another shape" if misshapen else _said(factor, ratio)
            alike.setdefault(said, []).append(letter)
    findings = []
    for said, letters in alike.items():
        first, *others = letters
        subject = f"the gradient{'s' * bool(others)} {whose}by {named(letters, binding)}"
        told = f"{subject} {said if not others else _of_several(said)}"
        findings.append(_finding(told, cites.get(first, ""), factors[first], parts, first))
    ratio = of_loss.over(meant) if of_loss is not None and meant is not None else None
    if gave_a_loss and (ratio is None or not ratio.is_one):
        said = f"the {of or 'loss'} {_said(of_loss, ratio)}"
        findings.insert(0, _finding(said, cites.get("", ""), of_loss, parts, ""))
    usual = meant is not None and (of or any(meant.is_number(one) for one in _USUAL))
    if meant is not None and not usual and not findings:
        said = f"the loss is {meant} times that of the page, and so are its gradients"
        findings.append(_finding(said, cites.get("", ""), meant, parts, ""))
    remarked = meant is not None and not meant.is_one and not findings
    both = gave_a_loss and bool(factors)
    who, whose = ("loss and gradients are", "those") if both else ("what it returns is", "that")
    return findings, f"{who} {meant} times {whose} of the page" * remarked


def _is_misshapen(parts: Sequence[Part], letter: str) -> bool:
    return any(not part.found[letter].size for part in parts)


def named(letters: Sequence[str], binding: Binding) -> str:
    """Letters of the page as the function calls them: W1, b1 and W2."""
    *most, last = map(binding.parameter, letters)
    return f"{', '.join(most)} and {last}" if most else last


def _factors(parts: Sequence[Part]) -> tuple[_Times | None, dict[str, _Times | None]]:
    """Of the loss, and of the gradient by each letter that was returned every time."""
    lengths = [part.lengths for part in parts]
    of_loss = None
    if all(part.loss is not None for part in parts):
        losses = [(np.array(part.loss), np.array(part.right)) for part in parts]
        of_loss = _times(losses, lengths)
    letters = [name for name in parts[0].slopes if all(name in part.found for part in parts)]
    return of_loss, {
        name: _times([(part.found[name], part.slopes[name]) for part in parts], lengths)
        for name in letters
    }


def _times(
    pairs: Sequence[tuple[np.ndarray, np.ndarray]], lengths: Sequence[Mapping[str, int]]
) -> _Times | None:
    """How many times what is right was found; None where that is not one number everywhere."""
    found = np.concatenate([np.ravel(one) for one, _ in pairs])
    if found.size < sum(right.size for _, right in pairs) or not np.isfinite(found).all():
        return None
    for size in ("", *lengths[0]):
        for power in (1, -1) if size else (0,):
            of_size = [float(n.get(size, 1)) ** power for n in lengths]
            scaled = [np.ravel(one) * n for (_, one), n in zip(pairs, of_size, strict=True)]
            right = np.concatenate(scaled)
            number = float(found @ right / (right @ right)) if right.any() else 1.0
            largest = max(np.abs(found).max(), np.abs(right).max())
            if np.abs(found - number * right).max() <= _WITHIN * largest:
                return _Times(number if abs(number) > _ZERO else 0.0, size, power)
    return None


def _meant(of_loss: _Times | None, factors: Mapping[str, _Times | None]) -> _Times | None:
    """By what all is multiplied: the loss, if that is 1 or agrees with a gradient, else most."""
    every = [one for one in (*factors.values(), of_loss) if one is not None and one.number]

    def votes(one: _Times) -> tuple[bool, int, bool]:
        same = sum((ratio := other.over(one)) is not None and ratio.is_one for other in every)
        leads = one is of_loss and (one.is_one or same > 1)
        return leads, same, one.is_one

    return max(every, key=votes, default=None)


def _said(factor: _Times | None, ratio: _Times | None) -> str:
    if factor is not None and not factor.number:
        return "is 0"
    if ratio is None:
        return "is not that of the page"
    if ratio.is_number(1.0) and ratio.power == 1:
        return f"is not divided by {ratio.size}"
    if ratio.is_number(1.0) and ratio.power == -1:
        return f"is divided by {ratio.size} once too often"
    if ratio.is_number(-1.0) and not ratio.power:
        return "has the other sign"
    return f"is {ratio} times the right one"


def _of_several(said: str) -> str:
    """ "are not divided by N": the same of several gradients."""
    verb, _, rest = said.partition(" ")
    rest = rest.replace("that of", "those of").replace("right one", "right ones")
    return f"{'are' if verb == 'is' else 'have'} {rest}"


def _finding(
    said: str, line: str, factor: _Times | None, parts: Sequence[Part], letter: str
) -> Finding:
    example = next(filter(None, (_shown(part, letter) for part in parts)), "")
    part = f"gradient by {letter}" if letter else "loss"
    misshapen = bool(letter) and _is_misshapen(parts, letter)
    code = "GB803" if misshapen else "GB901" if factor is None else "GB505"
    return Finding(said, line, explained=code != "GB901", code=f"{part}: {code}", example=example)


def _shown(part: Part, letter: str) -> str:
    """The first number that is another one than it should be; "" if there is none."""
    found = part.found[letter] if letter else np.array(part.loss, float)
    right = part.slopes[letter] if letter else np.array(part.right)
    if found.shape != right.shape:
        return ""
    apart = np.argwhere(~(np.abs(found - right) <= _WITHIN * max(1.0, np.abs(right).max())))
    if not len(apart):
        return ""
    place = tuple(map(int, apart[0]))
    sizes = ", ".join(f"{name} = {length}" for name, length in part.lengths.items())
    where = f"entry {list(place)} is" if place else "it is"
    one, other = float(found[place]), float(right[place])
    return f"with {sizes}: {where} {unlike(one, other)}, not {unlike(other, one)}"


def penalties(added: Sequence[Part], binding: Binding) -> list[Finding]:
    """What is wrong where reg adds d·reg·Σ of squares of a letter, and c·reg of it to its gradient.

    The page has no such penalty; of each letter c must be 2d.
    """
    lengths = [part.lengths for part in added]
    letters = [name for name in added[0].slopes if all(name in part.found for part in added)]
    slopes = {
        name: _times([(part.found[name], part.reg * part.point[name]) for part in added], lengths)
        for name in letters
    }
    odd = [binding.parameter(name) for name, factor in slopes.items() if factor is None]
    if odd:
        said = f"what {binding.reg} adds to the gradient by {odd[0]} is no multiple of {odd[0]}"
        return [Finding(said, code="GB606")]
    if any(part.loss is None for part in added):
        return []
    squares = [[part.reg * (part.point[name] ** 2).sum() for name in letters] for part in added]
    losses = np.array([part.loss for part in added])
    in_loss, *_ = np.linalg.lstsq(np.array(squares), losses, rcond=None)
    apart = np.abs(np.array(squares) @ in_loss - losses).max()
    if apart > 1e-7 * max(1.0, np.abs(losses).max()):
        said = f"what {binding.reg} adds to the loss is no sum of squares of the weights"
        return [Finding(said, code="GB606")]
    return [*_penalties_apart(dict(zip(letters, in_loss, strict=True)), slopes, binding)]


def _penalties_apart(
    in_loss: Mapping[str, float], slopes: Mapping[str, _Times | None], binding: Binding
) -> Iterator[Finding]:
    for letter, number in in_loss.items():
        factor, name = slopes[letter], binding.parameter(letter)
        assert factor is not None
        if not factor.power and abs(2 * number - factor.number) < 1e-6:
            continue
        loss = _product(_Times(number), f"{binding.reg}·Σ{name}²")
        slope = _product(factor, f"{binding.reg}·{name}")
        said = f"the penalty of {name} is {loss} in the loss, and {slope} in its gradient"
        yield Finding(said, explained=True, code="GB601")


def _product(factor: _Times, of: str) -> str:
    if abs(factor.number) < 1e-7:
        return "nothing"
    return of if factor.is_one else f"{factor}·{of}"
