"""How a function wants its arguments and what it returns: none of it is an error.

The page writes W as (C, D) and each example as a column; courses pass W as (D, C) and the examples
as rows of X. A `Convention` says which of these a function means; `asking` puts questions in it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gradbook.judge.penalties.forms import Form
from gradbook.questions.question import Question

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
              "column", (N, 1), or counted "from-1" on; for an array of 0 and 1 "one-hot", (N,
              C), or "one-hot columns", (C, N).
    bias:     the shape of a bias beside W, or one of INSIDE, where W has a feature more than X; ""
              if there is none.
    returns:  "loss and gradient", "loss" or "gradient".
    beside:   what is returned with a loss and is no gradient, in words; it is not judged.
    penalty:  one of `forms.CONVENTIONS`, such as ½·reg·ΣW² / n; None if there is no reg.
    summed:   whether loss and gradient are sums over the examples; else they are means.
    constant: whether there is a penalty though no reg is given: what is left where all features are
              0, which is subtracted from every answer. other_penalty: "", or the penalty in words
              where it is neither reg·ΣW² nor half of it.
    classes, features, batch: C, D and n that it states; 0 where it takes any.
    matrices: whether W and X are np.matrix, of which * is the product of matrices.
    weighed:  "" where reg multiplies the penalty; where it multiplies the data's part, and the
              penalty stands alone: "sum" or "mean", what is taken of the examples.
    at_kink:  the value that it gives to the indicator of a margin of exactly 0; None where it is
              not one value, but a subgradient everywhere.
    smooth:   whether the loss has no kinks.
    kept:     parameters that are not given, and keep their defaults.
    """

    order: tuple[str, ...] = ("W", "X", "y", "reg")
    named: tuple[tuple[str, str], ...] = ()
    weights: str = "(D, C)"
    examples: str = "(N, D)"
    labels: str = "integers"
    bias: str = ""
    returns: str = "loss and gradient"
    beside: str = ""
    penalty: Form | None = None
    summed: bool = False
    constant: bool = False
    other_penalty: str = ""
    classes: int = 0
    features: int = 0
    batch: int = 0
    matrices: bool = False
    weighed: str = ""
    at_kink: float | None = 0.0
    smooth: bool = False
    kept: tuple[str, ...] = ()

    @property
    def roles(self) -> tuple[str, ...]:
        """Of all arguments that are given."""
        return (*self.order, *(role for _, role in self.named))

    def with_role(self, role: str, other: str) -> Convention:
        """The same with another role for each argument that has this one."""
        order = tuple(other if each == role else each for each in self.order)
        named = tuple((name, other if each == role else each) for name, each in self.named)
        return replace(self, order=order, named=named)

    @property
    def has_reg(self) -> bool:
        """Whether the strength of the regularisation is an argument."""
        return "reg" in self.roles

    @property
    def alone(self) -> bool:
        """Whether it takes one example, and no batch."""
        return self.examples == ALONE

    @property
    def stated(self) -> tuple[int, int, int]:
        """C, D and n that it is made for; 0 where it takes any."""
        return self.classes, self.features, self.batch

    @property
    def gives_loss(self) -> bool:
        return "loss" in self.returns

    @property
    def gives_gradient(self) -> bool:
        return "gradient" in self.returns

    @property
    def averaged(self) -> bool:
        """Whether the penalty is divided by n, as the data's part is."""
        return self.penalty is not None and self.penalty.divisor == " / n"

    def added(self, question: Question) -> tuple[float, np.ndarray]:
        """What reg adds to the loss and to its gradient, (C, D)."""
        slope = self.penalty.slope if self.penalty and question.reg else None
        if self.penalty is None or slope is None:
            return 0.0, np.zeros_like(question.W)
        return float(self.penalty.value(question)), slope.value(question)

    def __str__(self) -> str:
        words = [
            self._data(),
            "W and X are np.matrix" if self.matrices else "",
            self._sizes() if any(self.stated) else "",
            _LABELS.get(self.labels, ""),
            self._bias() if self.bias else "",
            f"returns the {self.returns.replace('and', 'and the')}",
            "the sum over the examples, not the mean" if self.summed else "",
            _WEIGHED.get(self.weighed, ""),
            self._penalty() if self.penalty or self.other_penalty else "",
            self.penalty.left_out.strip() if self.penalty else "",
            "" if self.has_reg or self.constant else "there is no reg",
            self._kink() if self.gives_gradient and not self.smooth else "",
            f"{' and '.join(self.kept)} as by default" if self.kept else "",
        ]
        return "; ".join(word for word in words if word)

    def _data(self) -> str:
        if not self.alone:
            return f"W is {self.weights} and X is {self.examples}"
        label = ", y a number" if self.labels == "integers" else ""
        return f"one example: W is {self.weights}, x is (D,){label}"

    def _sizes(self) -> str:
        sizes = zip("CDn", self.stated, strict=True)
        stated = " and ".join(f"{name} = {size}" for name, size in sizes if size)
        return f"it is made for {stated}, and judged there"

    def _bias(self) -> str:
        if self.bias in INSIDE:
            return f"the bias is {self.bias}, and the examples' 1 comes from the function"
        return f"b is {self.bias}, beside W"

    def _penalty(self) -> str:
        if self.other_penalty:
            return f"the penalty is {self.other_penalty}, and its gradient agrees with it"
        assert self.penalty is not None
        penalty = replace(self.penalty, left_out="")
        words = penalty.words
        if self.summed:  # the sum is n times the mean, and so is what is added to it
            words = "n·" * (not self.averaged) + replace(penalty, divisor="").words
        return f"the penalty is {words.replace('reg·', '') if self.weighed else words}"

    def _kink(self) -> str:
        if self.at_kink is None:
            return "at a margin of 0 it takes one of the subgradients"
        sign = {0.0: "1{… > 0}", 1.0: "1{… ≥ 0}"}.get(self.at_kink)
        return f"the indicator is {sign or f'{self.at_kink:g} at a margin of 0'}"


_LABELS = {
    "column": "y is (N, 1)",
    "from-1": "y is 1 … C",
    "one-hot": "y is one-hot",
    "one-hot columns": "y is one-hot, (C, N)",
}
_WEIGHED = {
    "sum": "C multiplies the data's part, the sum over the examples",
    "mean": "C multiplies the data's part, the mean over the examples",
}


def laid_out(convention: Convention, W: np.ndarray) -> np.ndarray:
    """W, or a gradient, (C, D), as the function has it."""
    W = W.T if has_features_first(convention) else W
    return W.ravel() if convention.weights in FLAT else W


def read_back(convention: Convention, W: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """As (C, D), which is `shape`, what `laid_out` would have made of it."""
    transposed = has_features_first(convention)
    W = W.reshape(shape[::-1] if transposed else shape)
    return W.T if transposed else W


def has_features_first(convention: Convention) -> bool:
    """Whether W is (D, C), in itself or where it lies in one row."""
    return FLAT.get(convention.weights, convention.weights) == "(D, C)"


def no_bias(convention: Convention, question: Question) -> np.ndarray:
    """A bias of zeros, in the shape that it has beside W."""
    C = question.C
    return np.zeros({"(C, 1)": (C, 1), "(1, C)": (1, C)}.get(convention.bias, C))


def with_bias(convention: Convention, W: np.ndarray, b: np.ndarray) -> np.ndarray:
    """(C, D), or where the bias is in W (C, D + 1), with b as one of its features."""
    if convention.bias not in INSIDE:
        return W
    columns = [W, b.reshape(-1, 1)]
    return np.hstack(columns if INSIDE[convention.bias] else columns[::-1])
