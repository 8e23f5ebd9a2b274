"""Certificates: what they state is what the page says, and Coq accepts them, and no wrong ones."""

import math
import re
import shutil
import subprocess
from operator import add, mul, sub, truediv

import pytest
from command_line import ROOT, gradbook
from sympy import Symbol, exp, log

from gradbook.certify import certificate, coq
from gradbook.certify.coq import NotWritten, slope, term
from gradbook.certify.of_sums import THEOREMS, of_sum
from gradbook.certify.of_totals import of_total
from gradbook.certify.summed import LABEL, OTHER, Summed, summed_losses
from gradbook.certify.totalled import TOTAL, Totalled, totalled_losses
from gradbook.notation import hinge, step
from gradbook.page import read, read_text

SHIPPED = sorted((ROOT / "docs" / "certificates").glob("*.v"))
#: Axioms of Coq's real numbers, that of classical logic among them, which log needs; no others.
AXIOMS = {
    "ClassicalDedekindReals.sig_forall_dec",
    "ClassicalDedekindReals.sig_not_dec",
    "Classical_Prop.classic",
    "FunctionalExtensionality.functional_extensionality_dep",
}
has_coq = pytest.mark.skipif(shutil.which("coqc") is None, reason="coqc is not installed")


def page_of(name):
    return ROOT / "derivation" / f"{name}.md"


def coqc(script, folder):
    """What coqc says of a script, and whether it accepts it."""
    path = folder / "page.v"
    path.write_text(script, "utf-8")
    run = subprocess.run(["coqc", path.name], cwd=folder, capture_output=True, text=True)
    return run.stdout + run.stderr, run.returncode == 0


@pytest.mark.quick("softmax")
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_certificate_in_the_docs_is_fresh(path):
    assert path.read_text("utf-8") == certificate(read(page_of(path.stem)))


def test_the_summand_and_the_slopes_are_those_of_the_page():
    u = OTHER - LABEL + 1
    (svm,) = summed_losses(read(page_of("multiclass_svm")))
    assert (svm.term, svm.other, svm.label) == (hinge(u), step(u), -step(u))
    (squared,) = summed_losses(read(page_of("squared_hinge")))
    assert (squared.term, squared.other, squared.label) == (
        hinge(u) ** 2,
        2 * hinge(u),
        -2 * hinge(u),
    )
    plain, _ = summed_losses(read(page_of("weston_watkins")))
    (cost,) = plain.besides
    assert plain.term == hinge(OTHER - LABEL + cost)


def test_the_total_and_the_slopes_are_those_of_the_page():
    (softmax,) = totalled_losses(read(page_of("softmax")))
    assert (softmax.share, softmax.loss) == (exp(OTHER), -log(exp(LABEL) / TOTAL))
    assert (softmax.other, softmax.label) == (exp(OTHER) / TOTAL, exp(LABEL) / TOTAL - 1)
    assert list(totalled_losses(read(page_of("multiclass_svm")))) == []


MEANT = {
    "hinge": lambda u: max(0.0, u),
    "step": lambda u: float(u > 0),
    "closed_step": lambda u: float(u >= 0),
    "exp": math.exp,
    "ln": math.log,
    "/": lambda u: 1 / u,
    "-": lambda u: -u,
}


def as_coq_reads(text, at):
    """The value of a formula of a script: (f u), (a + b), (/ u), letters and numbers."""
    words = re.findall(r"[()]|[^\s()]+", text)

    def value():
        word = words.pop(0)
        if word != "(":
            return at[word] if word in at else float(word)
        if words[0] in MEANT:
            of = MEANT[words.pop(0)]
            found = of(value())
        else:
            left, sign, right = value(), words.pop(0), value()
            found = {"+": add, "-": sub, "*": mul, "/": truediv}[sign](left, right)
        assert words.pop(0) == ")"
        return found

    found = value()
    assert not words
    return found


#: Numbers for the scores, for what a class has of its own, and for the total of softmax.
NUMBERS = {"a": 0.4, "sy": 0.9, "T": 7.5, "d1": 0.3}


def defined_alike(name):
    """Whether the formulas of a script, read as Coq reads them, have the values that they have as
    formulas of the page.
    """
    page = read(page_of(name))
    losses = [*summed_losses(page), *totalled_losses(page)]
    wanted = [
        getattr(loss, part)
        for loss in losses
        for part in ("share", "loss", "term", "other", "label")
        if hasattr(loss, part)
    ]
    found = re.findall(
        r"^Definition (?:share|loss_of|term|mu_\w+) .*:= (.*)\.$", certificate(page), re.M
    )
    at = {Symbol(letter, real=True): number for letter, number in NUMBERS.items()}
    for loss in losses:
        at |= dict.fromkeys(getattr(loss, "besides", ()), NUMBERS["d1"])
    pairs = zip(found, wanted, strict=True)
    return all(
        math.isclose(as_coq_reads(text, NUMBERS), float(formula.xreplace(at).doit()), rel_tol=1e-12)
        for text, formula in pairs
    )


@pytest.mark.quick("softmax")
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_definitions_of_a_script_are_the_formulas_of_the_page(path):
    assert defined_alike(path.stem)


def differences_as_sums(expr, right=coq._parts):
    found = right(expr)
    return ("+", *found[1:]) if found and found[0] == "-" else found


def test_a_formula_that_is_written_wrongly_into_a_script_is_noticed(monkeypatch):
    monkeypatch.setattr(coq, "_parts", differences_as_sums)
    assert not defined_alike("squared_hinge")


#: Each is wrong in one place of the page.
WRONG = {
    "factor": ("squared_hinge", r"= 2 \max(0, m_j) x^\top", r"= 3 \max(0, m_j) x^\top"),
    "sign": ("squared_hinge", r"= -2 \sum", r"= 2 \sum"),
    "loss": ("squared_hinge", r"(\max(0, m_j))^2, \qquad Q =", r"\max(0, m_j), \qquad Q ="),
    "margin": ("weston_watkins", r"m_j := s_j - s_y + D_{yj}", r"m_j := 2 s_j - s_y + D_{yj}"),
    "softmax": (
        "softmax",
        r"&= p_k - \mathbb{1}\{k = y\} \tag",
        r"&= p_k^2 - \mathbb{1}\{k = y\} \tag",
    ),
    "indicator": ("weston_watkins", r"= \mathbb{1}\{m_j > 0\}", r"= \mathbb{1}\{m_j > 1\}"),
}


def wrong(name):
    page, right, other = WRONG[name]
    text = page_of(page).read_text("utf-8")
    assert right in text
    return certificate(read_text(text.replace(right, other, 1)))


@pytest.mark.quick("factor", "softmax")
@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_on_a_page_is_in_its_certificate(name):
    """Nothing is mended, or derived anew."""
    page, _, _ = WRONG[name]
    defined = re.compile(r"^Definition (?:term|mu_\w+) .*", re.M)
    right = certificate(read(page_of(page)))
    assert defined.findall(wrong(name)) != defined.findall(right)


@has_coq
@pytest.mark.thorough
@pytest.mark.parametrize("name", WRONG)
def test_coq_refuses_the_certificate_of_a_wrong_page(name, tmp_path):
    said, accepted = coqc(wrong(name), tmp_path)
    assert not accepted
    assert "Tactic failure" in said or "not a valid field equation" in said


@has_coq
@pytest.mark.thorough
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_coq_accepts_a_certificate_and_needs_the_axioms_of_the_reals_alone(path, tmp_path):
    said, accepted = coqc(path.read_text("utf-8"), tmp_path)
    assert accepted, said
    names = set(re.findall(r"^([\w.]+)\s*(?::|$)", said, re.M)) - {"Axioms", "Closed"}
    assert names <= AXIOMS
    asked = path.read_text("utf-8").count("Print Assumptions")
    assert said.count("Axioms:") + said.count("Closed under") == asked >= len(THEOREMS) - 1


def test_no_subgradient_is_stated_of_a_loss_that_is_not_convex():
    a, sy = OTHER, LABEL
    bent = Summed("L", ("L1",), -hinge(a - sy), -step(a - sy), step(a - sy), ())
    text = of_sum(bent)
    assert "Theorem subgradient" not in text
    assert "Theorem slope_by_label" in text


def test_what_is_proved_of_a_total_is_what_its_form_allows():
    of, T = exp(LABEL), TOTAL
    plain = Totalled("L", ("L1",), exp(OTHER), -log(of / T), exp(OTHER) / T, of / T - 1)
    unlike = Totalled(
        "L",
        ("L1",),
        exp(2 * OTHER),
        log(T),
        2 * exp(OTHER) / T,
        of,
    )
    stated = ["Theorem slopes_sum_to_zero", "Theorem shift"]
    assert [theorem in of_total(plain) for theorem in stated] == [True, True]
    assert [theorem in of_total(unlike) for theorem in stated] == [False, False]


def test_a_formula_is_written_as_coq_reads_it():
    a, b = Symbol("a", real=True), Symbol("b", real=True)
    assert term(a - 2 * b + 1) == "((a + 1) - (2 * b))"
    assert term(exp(a) / (1 + b**2)) == "((/ ((b * b) + 1)) * (exp a))"
    assert term(step(a, 1) - log(b)) == "((closed_step a) - (ln b))"
    assert slope(b, a, lambda u, sign: str(u)) == "(derivable_pt_lim_const b a)"
    for formula in (hinge(a, 1), abs(a)):
        with pytest.raises(NotWritten, match="is not made of"):
            term(formula)
    with pytest.raises(NotWritten, match="has no slope"):
        slope(step(a), a, lambda u, sign: str(u))


def test_a_page_without_such_a_loss_has_no_certificate():
    with pytest.raises(ValueError, match="Ridge regression has no certificate"):
        certificate(read(page_of("ridge")))


def test_the_command_writes_a_file_or_prints_it(tmp_path):
    run = gradbook("certify", "squared_hinge", "-o", tmp_path)
    assert run.code == 0
    written = (tmp_path / "squared_hinge.v").read_text("utf-8")
    assert written == gradbook("certify", "squared_hinge").out
