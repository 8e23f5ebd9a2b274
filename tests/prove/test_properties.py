"""What a derivation says of its loss: by the solver for small C, by induction for every C."""

from dataclasses import replace

import pytest

from derivation.multiclass_svm import notes, svm
from gradbook.notation import hinge, s, y
from gradbook.prove import Sizes
from gradbook.prove.induction import METHOD as INDUCTION
from gradbook.prove.loss_properties import METHOD as SOLVER
from gradbook.prove.properties import PROPERTIES, prove_property

SMALL = Sizes(range(2, 4), range(1))


@pytest.mark.parametrize("name", PROPERTIES)
def test_every_property_of_the_page_is_proved(name):
    assert name in notes.properties
    found = prove_property(name, svm, SMALL)
    assert found.holds
    assert found.decision.by(SOLVER).sizes == "C 2–3, m 0, all y"
    assert found.decision.by(SOLVER).covers == SMALL
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
    assert "not affine in pieces" in found.decision.reason


def test_a_property_that_nobody_knows_is_refused():
    with pytest.raises(
        ValueError, match=r"properties must be among slopes, kinks, .* not 'convex'"
    ):
        prove_property("convex", svm, SMALL)
