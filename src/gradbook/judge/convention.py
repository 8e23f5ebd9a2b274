"""How a function wants its arguments and what it returns: none of it is an error.

The page writes W as (C, D) and each example as a column; courses pass W as (D, C) and the examples
as rows of X. A `Convention` says which of these a function means, and `ask` puts a question to it
in its own convention and brings the answer back into the page's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from gradbook.judge.presentation import PLAIN, Presentation
from gradbook.judge.question import Question
from gradbook.judge.reply import Reply, combined
from gradbook.judge.sizes import cut, fits, fitted
from gradbook.subjects import Argument, Subject

__all__ = [
    "PLAIN",
    "Convention",
    "Presentation",
    "Reply",
    "arguments",
    "as_returned",
    "ask",
    "keywords",
    "posed",
]

#: What a function may penalise: a factor of reg·ΣW², and which feature's weights it spares.
PENALTIES = {1.0: "reg·ΣW²", 0.5: "½·reg·ΣW²"}
#: W in one row, as optimisers want it, and how it lies there.
FLAT = {"(C·D,)": "(C, D)", "(D·C,)": "(D, C)"}
#: A bias in W itself, for a 1 that the function appends to the examples: which feature it is.
INSIDE = {"W's last feature": -1, "W's first feature": 0}
#: One example, and no batch: x is (D,), y a number.
ALONE = "(D,)"


@dataclass(frozen=True)
class Convention:
    """order: the role of each argument, "W", "X", "y", "reg", "margin", "b", "classes" or "count".

    named:    arguments that are given by the name of their parameter: (name, role).
    weights:  "(C, D)" or "(D, C)", or one of FLAT. examples: "(N, D)" or "(D, N)"; "(D,)" where it
              takes one example, and its label as a number. labels: "integers", (N,), or as a
              "column", (N, 1); for an array of 0 and 1 "one-hot", (N, C), or "one-hot columns",
              (C, N).
    bias:     the shape of a bias beside W, or one of INSIDE, where W has a feature more than X; ""
              if there is none.
    returns:  "loss and gradient", "loss" or "gradient".
    penalty:  1 for reg·ΣW², ½ for ½·reg·ΣW²; None if there is no reg. averaged: whether it is
              divided by n, as the data's part is. spared: the feature whose weights are not
              penalised: None, 0 for the first or −1 for the last.
    summed:   whether loss and gradient are sums over the examples; else they are means.
    constant: whether there is a penalty though no reg is given: what is left where all features are
              0, which is subtracted from every answer. other_penalty: "", or the penalty in words
              where it is neither reg·ΣW² nor half of it.
    classes, features: the sizes of W that it states; 0 where it takes any.
    weighed:  "" where reg multiplies the penalty; where it multiplies the data's part, and the
              penalty stands alone: "sum" or "mean", what is taken of the examples.
    at_kink:  the value that it gives to the indicator of a margin of exactly 0; None where it is
              not one value, but a subgradient everywhere.
    kept:     parameters that are not given, and keep their defaults.
    """

    order: tuple[str, ...] = ("W", "X", "y", "reg")
    named: tuple[tuple[str, str], ...] = ()
    weights: str = "(D, C)"
    examples: str = "(N, D)"
    labels: str = "integers"
    bias: str = ""
    returns: str = "loss and gradient"
    penalty: float | None = None
    averaged: bool = False
    spared: int | None = None
    summed: bool = False
    constant: bool = False
    other_penalty: str = ""
    classes: int = 0
    features: int = 0
    weighed: str = ""
    at_kink: float | None = 0.0
    kept: tuple[str, ...] = ()

    @property
    def roles(self) -> tuple[str, ...]:
        """Of all arguments that are given."""
        return (*self.order, *(role for _, role in self.named))

    @property
    def has_reg(self) -> bool:
        """Whether the strength of the regularisation is an argument."""
        return "reg" in self.roles

    @property
    def alone(self) -> bool:
        """Whether it takes one example, and no batch."""
        return self.examples == ALONE

    @property
    def gives_loss(self) -> bool:
        return "loss" in self.returns

    @property
    def gives_gradient(self) -> bool:
        return "gradient" in self.returns

    def __str__(self) -> str:
        words = [
            self._data(),
            self._sizes() if self.classes or self.features else "",
            _LABELS.get(self.labels, ""),
            self._bias() if self.bias else "",
            f"returns the {self.returns.replace('and', 'and the')}",
            "the sum over the examples, not the mean" if self.summed else "",
            _WEIGHED.get(self.weighed, ""),
            self._penalty() if self.penalty or self.other_penalty else "",
            {
                0: "without the first feature's weights",
                -1: "without the last feature's weights",
            }.get(1 if self.spared is None else self.spared, ""),
            "" if self.has_reg or self.constant else "there is no reg",
            self._kink() if self.gives_gradient else "",
            f"{' and '.join(self.kept)} as by default" if self.kept else "",
        ]
        return "; ".join(word for word in words if word)

    def _data(self) -> str:
        if not self.alone:
            return f"W is {self.weights} and X is {self.examples}"
        label = ", y a number" if self.labels == "integers" else ""
        return f"one example: W is {self.weights}, x is (D,){label}"

    def _sizes(self) -> str:
        sizes = {"C": self.classes, "D": self.features}
        stated = " and ".join(f"{name} = {size}" for name, size in sizes.items() if size)
        return f"it is made for {stated}, and judged there"

    def _bias(self) -> str:
        if self.bias in INSIDE:
            return f"the bias is {self.bias}, and the examples' 1 comes from the function"
        return f"b is {self.bias}, beside W"

    def _penalty(self) -> str:
        if self.other_penalty:
            return f"the penalty is {self.other_penalty}, and its gradient agrees with it"
        assert self.penalty is not None
        # The sum is n times the mean, and so is what is added to it.
        over_n = ("" if self.averaged else "n·") if self.summed else " / n" * self.averaged
        penalty = (
            over_n + PENALTIES[self.penalty] if self.summed else PENALTIES[self.penalty] + over_n
        )
        return f"the penalty is {penalty.replace('reg·', '') if self.weighed else penalty}"

    def _kink(self) -> str:
        if self.at_kink is None:
            return "at a margin of 0 it takes one of the subgradients"
        sign = {0.0: "1{… > 0}", 1.0: "1{… ≥ 0}"}.get(self.at_kink)
        return f"the indicator is {sign or f'{self.at_kink:g} at a margin of 0'}"


_LABELS = {
    "column": "y is (N, 1)",
    "one-hot": "y is one-hot",
    "one-hot columns": "y is one-hot, (C, N)",
}
_WEIGHED = {
    "sum": "C multiplies the data's part, the sum over the examples",
    "mean": "C multiplies the data's part, the mean over the examples",
}


def posed(convention: Convention, question: Question) -> Question:
    """The question as one call can ask it: of a batch one example, where it takes one."""
    if not convention.alone or question.n == 1:
        return question
    return question.example(int(np.argmax(question.right.loss)))


def ask(
    subject: Subject,
    convention: Convention,
    question: Question,
    presentation: Presentation = PLAIN,
) -> Reply:
    """One answer; to a batch, the mean over its examples of a function that takes one, or a sum.

    What the function does wrong is in the reply. Where reg multiplies the data's part, this part is
    what it adds from reg = 0 to reg = 1, and a penalty of strength r is as much as a data's part of
    strength 1 / r, all of it divided by that. A constant penalty is what is left without features.
    """
    if convention.alone and question.n > 1:
        ones = [question.example(i) for i in range(question.n)]
        replies = [ask(subject, convention, one, presentation) for one in ones]
        return combined(replies, [1 / question.n] * question.n)
    if convention.classes or convention.features:
        sizes = convention.classes, convention.features
        if not fits(question, *sizes):
            return _not_asked(convention, question)
        plain = replace(convention, classes=0, features=0)
        asked_there = fitted(question, *sizes)
        return cut(ask(subject, plain, asked_there, presentation), question, asked_there)
    if convention.constant:
        bare = replace(question, X=0 * question.X)
        asked = (question, bare, replace(bare, W=0 * question.W))
        plain = replace(convention, constant=False)
        return combined([ask(subject, plain, one, presentation) for one in asked], (1.0, -1.0, 1.0))
    if not convention.weighed:
        reply = _one_call(subject, convention, question, presentation, question.reg)
        return combined([reply], [1 / question.n]) if convention.summed else reply
    size = question.n if convention.weighed == "sum" else 1
    strengths = [data_strength(convention, question)] + [0.0] * (question.reg == 0)
    replies = [
        _one_call(subject, convention, question, presentation, strength) for strength in strengths
    ]
    scale = 1 / (strengths[0] * size)
    return combined(replies, [scale, -scale][: len(replies)])


def _not_asked(convention: Convention, question: Question) -> Reply:
    """Where a function is not made for the question's sizes, it is not looked at: what is right."""
    right = question.right
    return Reply(
        loss=float(right.loss.mean()) if convention.gives_loss else None,
        gradient=right.mu.T @ question.X / question.n if convention.gives_gradient else None,
    )


def data_strength(convention: Convention, question: Question) -> float:
    """What is given for reg: where it multiplies the data's part, 1 stands for no penalty."""
    if not convention.weighed:
        return float(question.reg)
    size = question.n if convention.weighed == "sum" else 1
    return 1 / (question.reg * size) if question.reg else 1.0


def as_returned(
    convention: Convention, question: Question, loss: float, gradient: np.ndarray
) -> tuple[float, np.ndarray]:
    """Loss and gradient of the page as the function itself should give them, for `arguments`."""
    if convention.weighed:
        size = question.n if convention.weighed == "sum" else 1
        scale = data_strength(convention, question) * size
        loss, gradient = loss * scale, gradient * scale
        if not question.reg:
            W = question.W.copy()
            if convention.spared is not None:
                W[:, convention.spared] = 0
            factor = (convention.penalty or 0.0) / (question.n if convention.averaged else 1)
            loss, gradient = loss + factor * float((W**2).sum()), gradient + 2 * factor * W
    if convention.summed:
        loss, gradient = loss * question.n, gradient * question.n
    # With respect to a bias of 0 the gradient is that of a feature of 1s, and has no penalty.
    return loss, _with_bias(convention, gradient, question.right.mu.mean(axis=0))


def _one_call(
    subject: Subject,
    convention: Convention,
    question: Question,
    presentation: Presentation,
    strength: float,
) -> Reply:
    answer = subject(
        *arguments(convention, question, presentation, strength),
        **keywords(convention, question, presentation, strength),
    )
    problem = answer.error
    gradient, other, of_bias = answer.gradient, None, answer.of_bias
    if not problem and convention.gives_loss and answer.loss is None:
        instead = f"{answer.no_loss} in place of a loss" if answer.no_loss else ""
        problem = f"returns {instead or f'{answer.returned} and no loss'}"
    if not problem and convention.gives_gradient:
        page = (question.C, question.D + (convention.bias in INSIDE))
        shape = laid_out(convention, np.empty(page)).shape
        if gradient is None:
            said = answer.no_gradient
            instead = f"{said} in place of a gradient" if said else ""
            problem = f"returns {instead or f'{answer.returned} and no gradient'}"
        elif gradient.shape != shape:
            # As it would be in the page's layout, if it is a matrix.
            gradient = gradient.T if convention.weights == "(D, C)" else gradient
            assert answer.gradient is not None
            other = answer.gradient.shape
            problem = f"returns a gradient of the shape {other} where W has {shape}"
        else:
            gradient = read_back(convention, gradient, page)
        if not problem and convention.bias in INSIDE:
            assert gradient is not None
            of_bias = tuple(map(float, gradient[:, INSIDE[convention.bias]]))
            gradient = np.delete(gradient, INSIDE[convention.bias], axis=1)
    return Reply(
        loss=answer.loss if convention.gives_loss else None,
        gradient=gradient if convention.gives_gradient else None,
        error=problem,
        fatal=answer.fatal,
        too_slow=answer.too_slow,
        changed=answer.changed,
        aliases=answer.aliases,
        shape=other,
        single=answer.single,
        of_bias=of_bias if convention.bias else (),
    )


def arguments(
    convention: Convention,
    question: Question,
    presentation: Presentation = PLAIN,
    strength: float | None = None,
) -> list[Argument]:
    """What the function is called with, in its own order and layout. strength: in place of reg."""
    given = _given(convention, question, presentation, strength)
    return [given[role] for role in convention.order]


def keywords(
    convention: Convention,
    question: Question,
    presentation: Presentation = PLAIN,
    strength: float | None = None,
) -> dict[str, Argument]:
    """What it is given by name."""
    given = _given(convention, question, presentation, strength)
    return {name: given[role] for name, role in convention.named}


def _given(
    convention: Convention,
    question: Question,
    presentation: Presentation,
    strength: float | None,
) -> Mapping[str, Any]:
    b = presentation.b(_no_bias(convention, question))
    W = _with_bias(convention, question.W, b)
    W = laid_out(convention, W)
    X = question.X.T if convention.examples == "(D, N)" else question.X
    y = {
        "integers": question.y,
        "column": question.y[:, None],
        "one-hot": question.own,
        "one-hot columns": question.own.T,
    }[convention.labels]
    if convention.alone:
        X = X[0]
    given = {
        "W": presentation.W(W),
        "X": presentation.X(X),
        "y": presentation.y(y)[0] if convention.alone else presentation.y(y),
        "reg": data_strength(convention, question) if strength is None else float(strength),
        "margin": 1.0,
        "b": b,
        "classes": question.C,
        "count": question.n,
    }
    if not given.keys() >= {*convention.roles}:
        given |= _further(convention, question)
    return given | dict(presentation.given)


def _further(convention: Convention, question: Question) -> dict[str, Any]:
    """What few functions want beside the data: sizes, scores, weights of 1, room for a gradient."""
    W = _with_bias(convention, question.W, _no_bias(convention, question))
    shape = W.shape[::-1] if _has_features_first(convention) else W.shape
    scores = question.X @ question.W.T
    if convention.alone:
        scores = scores[0]
    return {
        "features": W.shape[1],
        "shape": np.array(shape),
        "indices": np.arange(question.n),
        "gradient": np.zeros(laid_out(convention, W).shape),
        "scores": scores.T if convention.examples == "(D, N)" else scores,
        "sample weights": np.ones(question.n),
        "class weights": np.ones(question.C),
        "flag": False,
    }


def name_of(role: str, subject: Subject, convention: Convention) -> str:
    """What a function calls an argument that it is given."""
    if role in convention.order:
        name = subject.parameters[convention.order.index(role)]
    else:
        name = next(name for name, each in convention.named if each == role)
    return name.removeprefix("self.")


def laid_out(convention: Convention, W: np.ndarray) -> np.ndarray:
    """W, or a gradient, (C, D), as the function has it."""
    W = W.T if _has_features_first(convention) else W
    return W.ravel() if convention.weights in FLAT else W


def read_back(convention: Convention, W: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """As (C, D), which is `shape`, what `laid_out` would have made of it."""
    transposed = _has_features_first(convention)
    W = W.reshape(shape[::-1] if transposed else shape)
    return W.T if transposed else W


def _has_features_first(convention: Convention) -> bool:
    """Whether W is (D, C), in itself or where it lies in one row."""
    return FLAT.get(convention.weights, convention.weights) == "(D, C)"


def _no_bias(convention: Convention, question: Question) -> np.ndarray:
    """A bias of zeros, in the shape that it has beside W."""
    C = question.C
    return np.zeros({"(C, 1)": (C, 1), "(1, C)": (1, C)}.get(convention.bias, C))


def _with_bias(convention: Convention, W: np.ndarray, b: np.ndarray) -> np.ndarray:
    """(C, D), or where the bias is in W (C, D + 1), with b as one of its features."""
    if convention.bias not in INSIDE:
        return W
    columns = [W, b.reshape(-1, 1)]
    return np.hstack(columns if INSIDE[convention.bias] else columns[::-1])
