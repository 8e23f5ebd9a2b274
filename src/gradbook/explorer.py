"""A loss to move about in: three scores, or a row of W, are dragged through its regions.

    from gradbook.explorer import explore
    explore(notes)

In JupyterLab it moves, by the mouse or the arrow keys. In a notebook that is run by a program, and
so in one that is saved, it is a picture with words, the same each time. It needs the extras
`notebooks` (ipywidgets, anywidget) and `report` (matplotlib).
"""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from html import escape
from typing import Any

import numpy as np
from sympy import Expr, Matrix, Rational, Symbol, latex, nsimplify, sstr
from sympy.core.relational import Relational

from gradbook import arguments
from gradbook.emit import emit
from gradbook.kernels import Kernel
from gradbook.loss import Loss, scores
from gradbook.notation import as_written, hinge
from gradbook.page import Page
from gradbook.page.cases import cases_at, example_sizes
from gradbook.report.sketches import at_scores

CLASSES = 3
#: The example x̃: a 1 for the bias, and two features.
EXAMPLE = (1.0, 0.5, -1.0)
_REACH, _STEP = 6.0, 0.25
_SCORES = -1  # what is moved: the scores, or the row of W with this number

Row = tuple[float, ...]


@dataclass(frozen=True)
class Condition:
    """A line of a page that is said of the classes `about` where `given` holds, of the scores."""

    line: str
    about: tuple[int, ...]
    given: tuple[Relational, ...]


@dataclass(frozen=True)
class Place:
    """Weights, and what a page says there of the one example.

    W: three rows, in the order of EXAMPLE; y: the label, 0, 1 or 2.
    """

    page: Page
    W: tuple[Row, ...]
    y: int
    conditions: tuple[Condition, ...] = field(repr=False)

    @cached_property
    def scores(self) -> Row:
        """s = W x̃."""
        return tuple(map(float, np.array(self.W) @ EXAMPLE))

    @cached_property
    def found(self) -> tuple[float, np.ndarray]:
        """ℓ and ∇_W ℓ, shape (3, 3), by the code that is emitted of the page."""
        loss, gradient = _kernel(self.page.loss)(np.array(self.W), [EXAMPLE], [self.y])
        return float(loss), np.asarray(gradient)

    @property
    def mu(self) -> Row:
        """The coefficients of x̃ in the rows of the gradient: its first column, for x̃_0 = 1."""
        return tuple(map(float, self.found[1][:, 0]))

    @property
    def active(self) -> Expr:
        """The formula of ℓ, with 0 for each maximum that is 0 here."""
        formula: Expr = self.page.loss.at(CLASSES, self.y)
        return formula.replace(hinge, lambda u, *_: u if u.xreplace(self._values) > 0 else 0 * u)

    @property
    def lines(self) -> Mapping[str, tuple[int, ...]]:
        """The lines that are said here and not everywhere, each with the classes it is about."""
        found: dict[str, tuple[int, ...]] = {}
        for one in self.conditions:
            if all(bool(part.xreplace(self._values)) for part in one.given):
                found[one.line] = tuple(dict.fromkeys((*found.get(one.line, ()), *one.about)))
        return found

    @property
    def _values(self) -> dict[Symbol, Rational]:
        return dict(zip(scores(CLASSES), map(Rational, self.scores), strict=True))


def conditions(page: Page, y: int) -> Iterator[Condition]:
    """The lines of a page that are said in a part of the scores alone, where the label is y."""
    ours = scores(CLASSES)
    seen = set()
    for line in page:
        for claim in (claim for claim in line.claims if not claim.shape):
            for case in cases_at(page, claim, example_sizes(page)):
                if any(label != y + 1 for label in case.at.labels.values()):
                    continue
                stated = case.at.claim(claim, case.free)
                if stated is None or not stated.given:
                    continue
                letters = set().union(*(part.free_symbols for part in stated.given))
                families = {stated.meant.family.get(letter) for letter in letters}
                if len(families) != 1 or None in families:
                    continue  # it is not about the scores of one example
                theirs = [each for each, of in stated.meant.family.items() if of in families]
                names = dict(zip(theirs, ours, strict=False))
                given = tuple(part.xreplace(names) for part in stated.given)
                about = tuple(k for k, each in enumerate(theirs) if each in letters and k != y)
                if (line.id, given) not in seen:
                    seen.add((line.id, given))
                    yield Condition(line.id, about, given)


def explore(*pages: Page, label: int = 0) -> Explorer:
    """What a cell shows of pages that state a loss: its regions, to be moved about in.

    label: the correct class, 0, 1 or 2. Raises ValueError for a page without a loss.
    """
    if not pages:
        raise TypeError("explore needs a page that states a loss")
    for page in pages:
        if not isinstance(page, Page):
            raise TypeError(
                f"pages must be pages, as gradbook.read gives, not {arguments.shown(page)}"
            )
    if label not in range(CLASSES):
        raise ValueError(f"label must be 0, 1 or 2, not {arguments.shown(label)}")
    losses = {page.loss.name: page for page in pages}
    return Explorer(losses, next(iter(losses)), ((0.0,) * 3, (0.5, 0, 0), (-1.5, 0, 0)), int(label))


class Explorer:
    """Pages by the names of their losses, and where one is among the weights.

    What is moved is the bias of a row, so that its score moves with it, or a whole row of W.
    """

    def __init__(self, pages: Mapping[str, Page], loss: str, W: tuple[Row, ...], y: int) -> None:
        self.pages = pages
        self._conditions: dict[tuple[str, int], tuple[Condition, ...]] = {}
        self.go(loss, W, y)

    def go(self, loss: str, W: tuple[Row, ...], y: int) -> None:
        """Be elsewhere."""
        page = self.pages[loss]
        if (loss, y) not in self._conditions:
            self._conditions[loss, y] = tuple(conditions(page, y))
        self.place = Place(page, W, y, self._conditions[loss, y])

    def widget(self) -> Any:
        """The controls beside the picture, as a widget of ipywidgets."""
        return _widget(self)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        png, size = _picture(self.place)
        shown: dict[str, Any] = {"text/plain": words(self.place), "image/png": png}
        # A server started this kernel: somebody sits before it. A saved widget would be empty.
        if "JPY_SESSION_NAME" in os.environ:
            shown |= self.widget()._repr_mimebundle_()
        return shown, {"image/png": {**size, "alt": words(self.place)}}


def words(place: Place) -> str:
    """What is seen at a place, in a few lines of plain text."""
    s, mu = (", ".join(map(_number, row)) for row in (place.scores, place.mu))
    return (
        f"{place.page.loss.name}, y = {place.y}, scores s = ({s})\n"
        f"loss {_number(place.found[0])}, coefficients μ = ({mu})\n"
        f"here the loss is {sstr(as_written(place.active), order='none')}\n{_held(place)}"
    )


def _held(place: Place) -> str:
    """Which lines of the page hold here, or else the one of the gradient."""
    said: dict[tuple[int, ...], list[str]] = {}
    for line, about in place.lines.items():
        said.setdefault(about, []).append(line)
    if not said:
        return f"{place.page.loss.cites['gradient']} gives the gradient, here as everywhere"
    parts = (
        f"{', '.join(lines)} for class{'es' * (len(about) > 1)} {' and '.join(map(str, about))}"
        for about, lines in said.items()
    )
    return f"lines of the page that hold here: {'; '.join(parts)}"


def _number(value: float) -> str:
    return f"{value:.3g}".replace("-", "−")


def _html(place: Place) -> str:
    """The same with its formulas, and the whole gradient."""
    loss, gradient = place.found
    shown = latex(Matrix(gradient).applyfunc(lambda value: nsimplify(f"{value:.3g}").evalf(3)))
    x, s = (latex(Matrix([list(map(nsimplify, row))])) for row in (EXAMPLE, place.scores))
    return (
        rf"<p>$\tilde{{x}} = {x}^\top, \quad s = W \tilde{{x}} = {s}^\top$</p>"
        rf"<p>loss ${_number(loss)} = {latex(as_written(place.active), order='none')}$</p>"
        rf"<p>$\nabla_W \ell = \mu \tilde{{x}}^\top = {shown}$</p><p>{escape(_held(place))}</p>"
    )


def _picture(place: Place) -> tuple[bytes, dict[str, int]]:
    title = f"loss {_number(place.found[0])}, μ = ({', '.join(map(_number, place.mu))})"
    drawn = at_scores(place.page.loss, place.scores, place.mu, place.y, title)
    shown: tuple[bytes, dict[str, int]] = drawn._repr_png_()  # type: ignore[attr-defined]
    return shown


def _image(place: Place) -> str:
    """The picture in HTML, with its words: a widget of ipywidgets for pictures has none."""
    png, _size = _picture(place)
    source = f"data:image/png;base64,{b64encode(png).decode()}"
    return f'<img width="100%" src="{source}" alt="{escape(words(place))}">'


@cache
def _kernel(loss: Loss) -> Kernel:
    return emit(loss, "numpy")


def _widget(explorer: Explorer) -> Any:
    """The controls, the picture and the words. Each control has a label, and moves by the keys."""
    import ipywidgets as w

    from gradbook.slider import Slider

    place = explorer.place
    loss = w.Dropdown(options=list(explorer.pages), value=place.page.loss.name, description="loss")
    label = w.Dropdown(options=list(range(CLASSES)), value=place.y, description="label y")
    rows = [(f"row {j} of W", j) for j in range(CLASSES)]
    moved = w.Dropdown(options=[("the scores", _SCORES), *rows], description="move")
    sliders = [Slider(min=-_REACH, max=_REACH, step=_STEP) for _ in range(CLASSES)]
    picture, said = w.HTML(layout=w.Layout(width="28rem", max_width="100%")), w.HTMLMath()

    def numbers() -> Row:
        return explorer.place.scores if moved.value == _SCORES else explorer.place.W[moved.value]

    def draw() -> None:
        picture.value = _image(explorer.place)
        said.value = _html(explorer.place)

    def show(_: Any = None) -> None:
        explorer.go(loss.value, explorer.place.W, label.value)
        for k, (slider, value) in enumerate(zip(sliders, numbers(), strict=True)):
            slider.description = f"s_{k}" if moved.value == _SCORES else f"W_{moved.value}{k}"
            slider.unobserve(move, "value")
            slider.value = value
            slider.observe(move, "value")
        draw()

    def move(_: Any) -> None:
        W = [list(row) for row in explorer.place.W]
        values = [slider.value for slider in sliders]
        if moved.value != _SCORES:
            W[moved.value] = values
        else:
            for row, value, score in zip(W, values, explorer.place.scores, strict=True):
                row[0] += value - score  # the bias, whose x̃ is 1
        explorer.go(loss.value, tuple(map(tuple, W)), label.value)
        draw()

    for control in (loss, label, moved):
        control.observe(show, "value")
    show()
    controls = w.VBox([loss, label, moved, *sliders, said], layout=w.Layout(width="24rem"))
    layout = w.Layout(display="flex", flex_flow="row wrap")
    return w.Box([controls, picture], layout=layout)
