"""Margins, penalties and weights: derived with letters, emitted as arguments, exact as the rest."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from compilers import compile_strictly
from losses_and_data import integers, squared, svm
from sympy import Ne, Rational, Sum, Symbol, diff
from targets import EVERY_ANY_SIZE, EVERY_FIXED_SIZE

from gradbook import Loss, check
from gradbook.any_size import IndexedClaim, agree, derive, prove_claim
from gradbook.any_size.letters import W as W_
from gradbook.any_size.letters import a, b, x
from gradbook.emit import emit
from gradbook.emit import target as emit_target
from gradbook.emit.lowering import lower
from gradbook.loss import weights as weight_symbols
from gradbook.notation import C, Delta, hinge, j, lamda, partial, s, step, unequal, y
from gradbook.penalty import L2
from gradbook.prove.induction import STATEMENTS

margin = Loss(
    "the SVM loss with a margin",
    Sum(unequal(j, y) * hinge(s[j] - s[y] + Delta), (j, 0, C - 1)),
    "svm_with_margin",
    parameters={Delta: 1},
)
everything = replace(
    margin, parameters={Delta: 1, lamda: 0}, penalty=L2(), weighted=True, name="all of it"
)
halved = replace(everything, penalty=L2(factor=Rational(1, 2), bias=True), name="half, with bias")
numbered = replace(svm, penalty=L2(strength=Rational(1, 4)), name="a number")
weighted_squares = replace(squared, weighted=True)
VARIANTS = (margin, everything, halved, numbered, weighted_squares)

WEIGHTS = [0, 1, 2, 3, 1, 1, 0.5, 4]


#: What is left of a margin for the label's own class is a number, and no array.
OF_NUMBERS = Loss(
    "kinks of numbers",
    Sum(hinge(2 - hinge(s[j] - s[y] + Delta)) * step(Delta + C - 4, Rational(1, 2)), (j, 0, C - 1)),
    "kinks_of_numbers",
    parameters={Delta: 1},
)


def of_one_call(loss):
    """The arguments of a call besides W, X and y, and the loss with these numbers."""
    names = {letter.name for letter, _ in loss.parameters}
    numbers = {name: n for name, n in {"Delta": 2, "lamda": 0.25}.items() if name in names}
    weights = {"weights": WEIGHTS} if loss.weighted else {}
    return {**numbers, **weights}, loss.where(**numbers), weights


# Derived and proved.


def test_the_gradient_is_derived_with_a_letter_for_the_margin_in_two_ways_that_agree():
    agreement = agree(derive(margin))
    assert agreement.holds
    assert agreement.routes is True


def test_the_row_of_the_gradient_is_proved_for_every_margin():
    left = partial(margin.formula, W_[a, b])
    row = IndexedClaim(left, step(s[a] - s[y] + Delta) * x[b], (Ne(a, y),))
    assert prove_claim(row).status == "proved"
    row = IndexedClaim(left, step(s[a] - s[y] + 1) * x[b], (Ne(a, y),))
    assert prove_claim(row).status == "refuted"


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda statement: statement.text)
def test_what_holds_of_the_loss_is_proved_for_every_margin_by_induction(statement):
    assert statement.prove(margin).holds


def test_what_code_relies_on_is_proved_for_every_margin():
    lowered = lower(everything)
    assert lowered.coefficients_sum_to_zero is not None
    assert lowered.integer_coefficients.values == (0, 1)


@pytest.mark.parametrize("factor", [1, Rational(1, 2), 3])
@pytest.mark.parametrize("bias", [False, True])
def test_the_gradient_of_the_penalty_is_that_of_its_formula_written_out(factor, bias):
    penalty = L2(factor=factor, bias=bias)
    W = weight_symbols(3, 4)
    squares = sum(W[k, c] ** 2 for k in range(3) for c in range(0 if bias else 1, 4))
    for k in range(3):
        for c in range(4):
            derived = penalty.slope * W[k, c] if c or bias else 0
            assert diff(factor * lamda * squares, W[k, c]) == derived


def test_a_penalty_says_what_it_is():
    assert str(L2()) == (
        "lamda Σ_ab W_ab², b ≥ 1 · gradient 2*lamda*W[a, b] for b ≥ 1, 0 for b = 0"
    )
    assert str(L2(factor=Rational(1, 2), bias=True)) == (
        "1/2 lamda Σ_ab W_ab² · gradient lamda*W[a, b]"
    )


def test_the_exact_loss_is_the_mean_of_weighted_losses_and_the_penalty():
    loss = everything.where(Delta=3, lamda=Rational(1, 2))
    value, gradient = loss.exact([[1, 2], [3, 4]], [[1, 1], [1, -1]], [0, 1], [2, 0])
    # s = (3, 7), y = 0: the margin is 7 − 3 + 3 = 7; twice, over n = 2; and (4 + 16)/2.
    assert value == 7 + 10
    assert gradient.tolist() == [[-1, -1 + 2], [1, 1 + 4]]


# Emitted, and exact.


@pytest.mark.quick("numpy", "64-c-a", "64-c-half", "64-c-squared", "64-c-the")
@pytest.mark.parametrize("loss", VARIANTS, ids=lambda loss: loss.name)
@pytest.mark.parametrize("target", EVERY_ANY_SIZE)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_target_is_exact_with_margin_penalty_and_weights(loss, target, dtype):
    given, expected, weights = of_one_call(loss)
    kernel = emit(loss, target)
    for seed in range(3):
        W, X, y = integers(4, 2, 8, seed, dtype)
        value, gradient = kernel(W, X, y, **given)
        exact_value, exact_gradient = expected.exact(W, X, y, *weights.values())
        assert value == exact_value
        assert np.array_equal(gradient, exact_gradient.astype(float))
        assert gradient.dtype == dtype


def test_sums_of_chunks_have_each_example_with_its_weight_and_the_penalty_once_in_the_mean():
    given, expected, weights = of_one_call(everything)
    W, X, y = integers(3, 2, 8)
    numbers = {name: value for name, value in given.items() if name != "weights"}
    kernel = emit(everything, "numpy")
    first, second = (
        kernel.sums(W, X[part], y[part], weights=WEIGHTS[part], **numbers)
        for part in (slice(5), slice(5, 8))
    )
    loss, gradient = expected.exact(W, X, y, **weights)
    assert (first + second).mean[0] == loss
    assert (first + second).mean[1].tolist() == gradient.tolist()
    with pytest.raises(ValueError, match=r"^weights must hold one number for each row of X"):
        kernel.sums(W, X, y, weights=[*WEIGHTS, 1])


@pytest.mark.quick("numpy")
@pytest.mark.parametrize("target", EVERY_ANY_SIZE)
def test_what_is_not_given_is_what_the_loss_says(target):
    data = integers(4, 2, 8)
    value, gradient = emit(everything, target)(*data)
    plain_value, plain_gradient = emit(svm, target)(*data)
    assert value == plain_value
    assert np.array_equal(gradient, plain_gradient)


@pytest.mark.parametrize("loss", VARIANTS, ids=lambda loss: loss.name)
@pytest.mark.parametrize("real", ["double", "float"])
def test_the_c_source_compiles_without_a_warning(loss, real, tmp_path):
    source = emit(loss, "c").source
    assert compile_strictly(source, tmp_path, f"-DREAL={real}") == (0, "")
    assert max(map(len, source.splitlines())) <= 100


OTHERS = {
    "half the penalty": replace(everything, penalty=L2(factor=Rational(1, 2))),
    "the bias penalised": replace(everything, penalty=L2(bias=True)),
    "every example once": replace(everything, weighted=False),
    "a margin of 1": replace(everything, formula=svm.formula),
}


@pytest.mark.quick("-numpy")
@pytest.mark.parametrize("target", EVERY_ANY_SIZE)
@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_another_convention_gives_another_result(target, other):
    given, expected, weights = of_one_call(everything)
    if not other.weighted:
        del given["weights"]
    W, X, y = integers(4, 2, 8)
    value, gradient = emit(other, target)(W, X, y, **given)
    exact_value, exact_gradient = expected.exact(W, X, y, *weights.values())
    assert value != exact_value or not np.array_equal(gradient, exact_gradient.astype(float))


@pytest.mark.framework("torch")
@pytest.mark.parametrize("loss", [everything, halved], ids=lambda loss: loss.name)
def test_torch_differentiates_all_of_it(loss):
    import torch

    mean_loss = emit(loss, "torch").module.mean_loss
    generator = torch.Generator().manual_seed(1)
    W, X = (
        torch.randn(shape, dtype=torch.float64, generator=generator, requires_grad=True)
        for shape in ((4, 3), (6, 3))
    )
    y, weights = torch.tensor([0, 1, 2, 3, 0, 1]), torch.arange(6, dtype=torch.float64)
    assert torch.autograd.gradcheck(lambda W, X: mean_loss(W, X, y, weights, 2.0, 0.3), (W, X))
    weights.requires_grad = True
    with pytest.raises(NotImplementedError, match="a gradient by W and by X, and by nothing else"):
        mean_loss(W, X, y, weights).backward()


# Checked, and refused.


@pytest.mark.thorough
def test_a_kernel_with_another_margin_passes_every_check_that_the_page_has():
    wide = margin.where(Delta=2)
    assert check(emit(wide, "numpy"), wide).passed
    assert not check(emit(margin, "numpy"), wide).passed


@pytest.mark.thorough
def test_a_kernel_with_every_parameter_passes_every_check_that_the_page_has():
    assert check(emit(everything, "c"), everything).passed


def test_a_loss_with_a_penalty_is_not_checked_as_one_without():
    with pytest.raises(ValueError, match=r"^loss must have no penalty to be checked, but has 1/4 "):
        check(emit(numbered, "numpy"), numbered)


@pytest.mark.parametrize("target", EVERY_FIXED_SIZE)
def test_a_target_for_one_size_takes_no_parameters(target):
    with pytest.raises(ValueError, match=f"no parameters, penalty or weights for '{target}'"):
        emit(margin, target, classes=3, features=2)
    kernel = emit(margin.where(Delta=2), target, classes=3, features=2)
    data = integers(3, 2, 8)
    assert kernel(*data)[0] == margin.where(Delta=2).exact(*data)[0]


#: Keywords and macros of C and Python, and names that the sources have themselves.
NAMES = ["INFINITY", "REAL", "NULL", "NAN", "I", "EOF", "M_PI", "static", "lambda", "exp", "free"]
NAMES += ["n", "S", "mu", "numpy", "L", "u0", "self", "a b", "9", "\u03bb", "*/", '"""', "_"]


@pytest.mark.quick("numpy")
@pytest.mark.parametrize("target", EVERY_ANY_SIZE)
def test_a_letter_of_any_name_is_an_argument_of_the_source(target):
    letters = [Symbol(name, real=True) for name in NAMES]
    summand = unequal(j, y) * hinge(s[j] - s[y] + sum(2**i * a for i, a in enumerate(letters)))
    named = Loss("named", Sum(summand, (j, 0, C - 1)), "named", {}, dict.fromkeys(letters, 0))
    kernel = emit(named, target)
    given = {name: i % 2 for i, name in enumerate(NAMES)}
    assert tuple(kernel.parameters) == tuple(NAMES)
    total = sum(2**i * value for i, value in enumerate(given.values()))
    assert kernel([[1.0], [0.0]], [[1.0]], [0], **given)[0] == total - 1


@pytest.mark.parametrize("name", ["a\0", "a\nb", "\ud800", "a\u202eb"])
def test_a_name_that_no_source_can_hold_is_refused(name):
    letter = Symbol(name, real=True)
    with pytest.raises(ValueError, match="must be text that can be printed"):
        Loss("named", s[y] * letter, "named", {}, {letter: 1})
    with pytest.raises(ValueError, match="must be text that can be printed"):
        Loss("named", Sum(hinge(s[letter]), (letter, 0, C - 1)), "named")
    with pytest.raises(ValueError, match="must be text that can be printed"):
        replace(svm, name="\0")


REFUSED = {
    "an unknown parameter": ({"delta": 1}, TypeError, "has no parameter delta, but these: Delta"),
    "a word": ({"Delta": "1"}, TypeError, "Delta must be a real number, not '1'"),
    "a truth": ({"Delta": True}, TypeError, "Delta must be a real number, not True"),
    "infinity": ({"Delta": np.inf}, ValueError, "Delta must be finite, not inf"),
    "too few weights": ({"weights": [1]}, ValueError, r"each row of X, shape \(4,\), not \(1,\)"),
    "no numbers": ({"weights": ["a"] * 4}, TypeError, "weights must hold float16, .* not <U1"),
    "NaN": ({"weights": [1, 1, np.nan, 1]}, ValueError, r"finite, but weights\[2\] is nan"),
}


@pytest.mark.parametrize(("given", "error", "message"), REFUSED.values(), ids=REFUSED)
def test_a_call_refuses_what_is_no_weight_and_no_number(given, error, message):
    with pytest.raises(error, match=message):
        emit(everything, "numpy")(*integers(3, 2, 4), **given)


def test_a_kernel_without_weights_and_parameters_takes_none():
    kernel = emit(svm, "numpy")
    with pytest.raises(TypeError, match="takes no weights: its loss is not weighted"):
        kernel(*integers(3, 2, 4), weights=[1] * 4)
    with pytest.raises(TypeError, match="has no parameter Delta, but these: none"):
        kernel(*integers(3, 2, 4), Delta=1)


WRONG = {
    "λ without a number": (lambda: replace(svm, penalty=L2()), "a number for the penalty's lamda"),
    "a letter that is not real": (
        lambda: replace(svm, parameters={C: 1}),
        "Symbol of a real number, not C",
    ),
    "a number that is none": (
        lambda: replace(svm, parameters={Delta: Symbol("u")}),
        "rational number",
    ),
    "a factor of 0": (lambda: L2(factor=0), "factor must be a positive rational number, not 0"),
    "a strength that is none": (lambda: L2(strength=lamda**2), "letter or a rational number"),
    "the name of an argument": (
        lambda: replace(margin, parameters={Delta: 1, Symbol("W", real=True): 0}),
        "names of their own, unlike s, W, X, y, weights, not W",
    ),
    "a name twice": (
        lambda: replace(margin, parameters={Delta: 1, Symbol("Delta", positive=True): 2}),
        "names of their own, .* not Delta",
    ),
    "weights for none": (
        lambda: svm.exact([[0], [0]], [[1]], [0], [1]),
        "weights must not be given for .*: it is not weighted",
    ),
}


@pytest.mark.parametrize(("make", "message"), WRONG.values(), ids=WRONG)
def test_a_loss_that_means_nothing_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_a_parameter_is_given_by_its_name():
    assert margin.where(Delta=Rational(1, 2)).formula.has(Rational(1, 2))
    assert margin.where(Delta=1).formula == svm.formula
    assert everything.in_numbers.parameters == ()
    with pytest.raises(TypeError, match="has no parameter margin: Delta"):
        margin.where(margin=2)
    assert Fraction(1, 2) == margin.where(Delta=0.5).exact([[0], [0]], [[1]], [0])[0]
    assert Symbol("Delta", real=True) == Delta


@pytest.mark.parametrize("target", ["numpy", "c", "jax", "torch"])
def test_a_kink_of_numbers_alone_is_emitted(target, monkeypatch, empty_cache):
    monkeypatch.setattr(emit_target, "find_spec", lambda name: None)  # run with NumPy
    kernel = emit(OF_NUMBERS, target)
    if target == "numpy":
        W, X, labels = integers(3, 1, 4, dtype=np.float32)
        assert kernel(W, X, labels)[1].dtype == np.float32
