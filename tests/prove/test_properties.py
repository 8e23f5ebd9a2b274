"""What a derivation says of its loss: by the solver for small C, by induction for every C."""

import sys
from dataclasses import replace

import pytest
from sympy import Rational

from derivation.multiclass_svm import notes, svm
from gradbook.loss import Loss
from gradbook.notation import hinge, s, y
from gradbook.prove.by_regions import METHOD as REGIONS
from gradbook.prove.induction import METHOD as INDUCTION
from gradbook.prove.loss_properties import METHOD as SOLVER
from gradbook.prove.properties import FEW, PROPERTIES, prove_property
from gradbook.prove.sizes import Sizes

SMALL = Sizes(range(2, 4))


@pytest.mark.quick("sum", "slopes", "subgradient", "shift", "other")
@pytest.mark.parametrize("name", PROPERTIES)
def test_every_property_of_the_page_is_proved(name):
    assert name in notes.of_loss.properties
    found = prove_property(name, svm, SMALL)
    assert found.holds
    assert found.decision.by(SOLVER).sizes == "C 2–3, all y"
    by_induction = found.decision.by(INDUCTION)
    assert (by_induction is None) == (PROPERTIES[name].any_classes is None)
    assert by_induction is None or by_induction.sizes == "every C ≥ 2, every y"


def declaring(slope):
    """The page's formula with another slope at its kinks."""
    kinks = svm.formula.atoms(hinge)
    return svm.formula.xreplace({kink: hinge(kink.args[0], slope) for kink in kinks})


@pytest.mark.parametrize(
    ("name", "formula"),
    [
        ("sum", svm.formula + s[y]),
        ("shift", svm.formula + s[y]),
        ("subgradient", -svm.formula),
        ("subgradient", declaring(2)),
        ("subgradient", declaring(-1)),
    ],
    ids=["the label's score", "the label's score, shifted", "concave", "slope 2", "slope −1"],
)
def test_a_property_that_a_loss_has_not_is_refuted_with_scores_that_show_it(name, formula):
    found = prove_property(name, replace(svm, formula=formula), SMALL)
    assert found.decision.status == "refuted"
    assert found.decision.counterexample is not None
    assert not found.holds


def test_a_property_that_cannot_be_decided_is_undecided():
    squared = svm.formula.xreplace({a: a**2 for a in svm.formula.atoms(hinge)})
    found = prove_property("slopes", replace(svm, formula=squared), SMALL)
    assert found.decision.status == "undecided"
    assert len(found.decision.proofs) == 3
    assert "not affine in pieces" in found.decision.reason


def test_a_property_that_nobody_knows_is_refused():
    with pytest.raises(
        ValueError, match=r"properties must be among slopes, kinks, .* not 'convex'"
    ):
        prove_property("convex", svm, SMALL)


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        (0 * s[y], "declares no value at a kink"),
        (hinge(s[y]) + hinge(-s[y]), "two hinges of the loss share a kink"),
    ],
    ids=["nothing", "an absolute value"],
)
def test_a_declaration_that_cannot_be_told_is_not_proved(formula, reason):
    found = prove_property("kinks", replace(svm, formula=formula), SMALL)
    assert (found.decision.status, reason in found.decision.reason) == ("undecided", True)


@pytest.mark.thorough
@pytest.mark.parametrize("value", [0, Rational(1, 2), 1])
def test_any_consistent_declaration_is_told_from_another(value):
    loss = replace(svm, formula=declaring(value))
    assert prove_property("other kinks", loss, SMALL).holds
    assert prove_property("kinks", loss, SMALL).holds


@pytest.mark.quick("slopes", "subgradient", "sum")
@pytest.mark.parametrize("name", PROPERTIES)
def test_without_the_solver_the_regions_alone_are_asked(name, monkeypatch):
    monkeypatch.setitem(sys.modules, "z3", None)
    found = prove_property(name, svm, SMALL)
    (proof,) = found.decision.proofs
    assert (proof.method, proof.status, proof.sizes) == (REGIONS, "proved", str(FEW))


@pytest.mark.parametrize(
    ("name", "formula"),
    [
        ("sum", svm.formula + s[y]),
        ("shift", svm.formula + s[y]),
        ("subgradient", -svm.formula),
        ("subgradient", declaring(2)),
    ],
)
def test_without_the_solver_what_a_loss_has_not_is_refuted_all_the_same(name, formula, monkeypatch):
    monkeypatch.setitem(sys.modules, "z3", None)
    found = prove_property(name, replace(svm, formula=formula), SMALL)
    assert (found.decision.status, found.decision.deciding.method) == ("refuted", REGIONS)
    assert found.decision.counterexample is not None


class Misderived(Loss):
    """The page's loss with coefficients that are right but at a kink, or nowhere."""

    def coefficients(self, classes, label=y):
        right = svm.coefficients(classes, label)
        if self.key == "twice":
            return tuple(2 * mu for mu in right)
        return replace(svm, formula=declaring(1)).coefficients(classes, label)


@pytest.mark.parametrize(("name", "key"), [("slopes", "twice"), ("kinks", "at_the_kink")])
def test_regions_refute_coefficients_that_are_not_the_loss_s_own(name, key, monkeypatch):
    monkeypatch.setitem(sys.modules, "z3", None)
    found = prove_property(name, Misderived("misderived", svm.formula, key), SMALL)
    assert (found.decision.status, found.decision.deciding.method) == ("refuted", REGIONS)
