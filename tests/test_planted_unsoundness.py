"""A fault that is planted in one part, so that it takes for true what is false, is noticed by
another: nothing that is said of a page rests on one part alone.

Each plant says what is false and passes the part that has it, and who notices.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import _lru_cache_wrapper

import pytest
from sympy import Add, Ge, Gt, Indexed, Integer, Sum, Symbol, true

from gradbook.any_size import canonical, coincidence, lines, rules
from gradbook.any_size.lines import METHOD as ANY_SIZE
from gradbook.check.calls import subject_of
from gradbook.check.exact import exact
from gradbook.check.source import source_of_loss
from gradbook.emit import WrongSource, emit, for_c
from gradbook.emit.compared import require_right
from gradbook.loss import Loss
from gradbook.notation import C, hinge, j, partial, s, step, unequal, y
from gradbook.page import cases, read_text
from gradbook.proof import Proof
from gradbook.prove import by_regions, cleared, derivatives, field, in_field, query, smt
from gradbook.prove.by_regions import METHOD as REGIONS
from gradbook.prove.by_solver import METHOD as SOLVER
from gradbook.prove.induction import METHOD as INDUCTION
from gradbook.prove.induction import Statement
from gradbook.prove.properties import prove_property
from gradbook.prove.source import Machine
from gradbook.regions import Arrangement, Cell
from gradbook.verify import remembered, verify_page
from gradbook.verify.remembered import Remembered
from gradbook.verify.tasks import LineTask, proved

SVM = Loss("SVM", Sum(unequal(j, y) * hinge(s[j] - s[y] + 1), (j, 0, C - 1)), "svm")
DECLARED = r"""# What is false

Let $C \ge 2$, $n \ge 1$, $m \ge 1$, $j, k \in \{1, \dots, C\}$, $i \in \{1, \dots, n\}$,
$y^{(i)} \in \{1, \dots, C\}$, $s \in \mathbb{R}^C$, $A \in \mathbb{R}^{m \times m}$,
$\kappa \in \mathbb{R}$.

$$
z := 2 s, \qquad \nabla_z \max(0, z_1) = \nabla_z \max(0, z_1) \tag{Z}
$$
"""


@pytest.fixture(autouse=True)
def nothing_is_remembered():
    forget()
    yield
    forget()


def forget():
    """What was worked out before a plant, or with it, is not used again."""
    modules = [vars(of) for name, of in sys.modules.items() if name.startswith("gradbook.")]
    classes = [vars(of) for module in modules for of in module.values() if isinstance(of, type)]
    for names in (*modules, *classes):
        for each in names.values():
            if isinstance(each, _lru_cache_wrapper):
                each.cache_clear()
    query._answers.clear()


@dataclass(frozen=True)
class Plant:
    """A fault of one way to prove.

    of: the methods that then prove what is false. by: those that refute it all the same.
    put: puts it there, with pytest's monkeypatch.
    """

    part: str
    of: tuple[str, ...]
    false: str
    by: tuple[str, ...]
    put: Callable[[pytest.MonkeyPatch], None]


PLANTS: list[Plant] = []


def planted(part, of, false, by):
    def kept(put):
        PLANTS.append(Plant(part, of, false, by, put))
        return put

    return kept


# The rules for any size. Each is also computed at small sizes: that is another part, `compute`.


@planted(
    "the form of an indicator",
    (ANY_SIZE,),
    r"\mathbb{1}\{s_j \ge 0\} = \mathbb{1}\{s_j > 0\}",
    (REGIONS, SOLVER, ANY_SIZE),
)
def what_stands_at_the_kink_is_lost(monkeypatch):
    right = canonical.indicator_form
    monkeypatch.setattr(canonical, "indicator_form", lambda u, at_kink: right(u, Integer(0)))


@planted("the form of a sum", (ANY_SIZE,), r"\sum_k s_k = 1", (REGIONS, SOLVER, ANY_SIZE))
def every_vector_adds_up_to_1(monkeypatch):
    monkeypatch.setattr(canonical, "adds_up_to_1", lambda *_: True)


@planted(
    "the ways in which letters coincide",
    (ANY_SIZE,),
    r"\frac{\partial s_j}{\partial s_k} = 0",
    (REGIONS, SOLVER, ANY_SIZE),
)
def two_letters_are_never_the_same_class(monkeypatch):
    apart = [tuple]
    monkeypatch.setattr(
        coincidence, "_partitions", lambda terms: [kind((t,) for t in terms) for kind in apart]
    )


@planted(
    "the chain rule for any size",
    (ANY_SIZE,),
    r"\frac{\partial}{\partial s_j} \max(0, 2 s_j) = \mathbb{1}\{s_j > 0\}",
    (REGIONS, SOLVER, ANY_SIZE),
)
def the_inner_slope_is_left_out(monkeypatch):
    def chain(f, v):
        if isinstance(f, Indexed | Symbol | Sum | partial) or f.is_Add or f.is_Mul:
            return partial(f, v)
        slopes = (rules.slope(f, at) for at, u in enumerate(f.args, 1) if rules.varies(u, v))
        return Add(*slopes)

    wrong = rules.Rule("chain rule", rules._on_derivatives(chain))
    monkeypatch.setattr(lines, "DERIVATIVES", (rules.LINEAR, rules.PRODUCT, wrong, rules.LETTER))


# The regions.


@planted(
    "the signs of a pattern",
    (REGIONS,),
    r"\mathbb{1}\{s_j \ge 0\} = \mathbb{1}\{s_j > 0\}",
    (ANY_SIZE, SOLVER),
)
def faces_are_left_out(monkeypatch):
    for module in (by_regions, in_field):
        right = module.patterns

        def without_faces(*asked, right=right):
            return (signs for signs in right(*asked) if 0 not in signs.values())

        monkeypatch.setattr(module, "patterns", without_faces)


@planted("the regions", (REGIONS,), r"\max(0, s_j) \ge -s_j", (ANY_SIZE, SOLVER))
def the_last_region_is_left_out(monkeypatch):
    right = Arrangement.intervals
    monkeypatch.setattr(Arrangement, "intervals", lambda *asked: right(*asked)[:-1])


@planted("a region", (REGIONS,), r"\max(0, s_j) \ge s_j + 1", (ANY_SIZE, SOLVER))
def no_point_of_a_region_is_below_0(monkeypatch):
    monkeypatch.setattr(Cell, "negative_point", lambda *_, **__: None)


@planted(
    "the field of exp and log",
    (REGIONS,),
    r"\exp(s_j) \exp(s_k) = \exp(s_j s_k)",
    (ANY_SIZE, SOLVER),
)
def every_quotient_is_0(monkeypatch):
    monkeypatch.setattr(field.Field, "vanishes", lambda *_: True)


@planted("what is not below 0", (REGIONS,), r"\exp(\kappa \det(A)) \ge 1", (REGIONS,))
def everything_is_above_0_and_nobody_else_can_be_asked(monkeypatch):
    monkeypatch.setitem(sys.modules, "z3", None)
    monkeypatch.setattr(field.Field, "is_nonnegative", lambda *_: True)


# Derivatives.


@planted(
    "the slope of max(0, u)",
    (SOLVER,),
    r"\frac{\partial}{\partial s_j} \max(0, 2 s_j) = \mathbb{1}\{s_j > 0\}",
    (ANY_SIZE,),
)
def the_slope_is_halved(monkeypatch):
    monkeypatch.setattr(hinge, "fdiff", lambda self, _=1: step(*self.args) / 2)


@planted(
    "the chain rule through defined letters",
    (SOLVER,),
    r"\frac{\partial}{\partial s_j} z_j^2 = 2 z_j",
    (ANY_SIZE,),
)
def the_slope_of_a_defined_letter_is_1(monkeypatch):
    monkeypatch.setattr(derivatives.Meaning, "_slope", lambda self, letter, v: Integer(1))


# The solver.


@planted(
    "comparisons for the solver",
    (SOLVER,),
    r"\mathbb{1}\{s_j > 0\} = 1 \quad \text{if } s_j \ge 0",
    (REGIONS, ANY_SIZE),
)
def at_least_is_more_than(monkeypatch):
    kind = type(Ge(Symbol("a"), 0))
    monkeypatch.setitem(smt._COMPARISONS, kind, lambda a, b: a > b)


@planted(
    "the pieces of an indicator",
    (SOLVER,),
    r"\mathbb{1}\{s_j \ge 0\} = \mathbb{1}\{s_j > 0\}",
    (REGIONS, ANY_SIZE),
)
def the_kink_belongs_to_no_piece(monkeypatch):
    def pieces(u, at_kink):
        return ((Gt(u, 0, evaluate=False), Integer(1)), (true, Integer(0)))

    monkeypatch.setattr(smt, "_pieces_of_step", pieces)


@planted(
    "quotients for the solver",
    (SOLVER,),
    r"\frac{s_j}{s_k} \ge 0 \quad \text{if } s_j \ge 0",
    (REGIONS, ANY_SIZE),
)
def the_sign_of_a_divisor_is_lost(monkeypatch):
    def relation(self, left, right, relation):
        return relation(self.of(left - right).above, 0, evaluate=False)

    monkeypatch.setattr(cleared.Cleared, "relation", relation)


@planted("signs of letters", (SOLVER,), r"\max(0, s_j) = s_j", (REGIONS, ANY_SIZE))
def every_letter_is_above_0(monkeypatch):
    def declared(self):
        return [letter > 0 for letter in self.letters.values()]

    monkeypatch.setattr(smt.Translator, "declared", declared)


@planted("z3", (SOLVER,), r"\exp(\det(A)) = 1 + \det(A)", (REGIONS,))
def it_finds_no_counterexample(monkeypatch):
    monkeypatch.setattr(query, "check", lambda *_: smt.solver_module().unsat)


# The cases in which both are asked.


@planted("the labels of the cases", (REGIONS, SOLVER), r"s_{y^{(i)}} = s_1", (ANY_SIZE,))
def every_label_is_the_first(monkeypatch):
    right = cases._labels

    def first_alone(*asked):
        yield next(iter(right(*asked)))

    monkeypatch.setattr(cases, "_labels", first_alone)


@planted("the free indices of the cases", (REGIONS, SOLVER), r"s_j = s_1", (ANY_SIZE,))
def every_index_is_the_first(monkeypatch):
    right = cases._free
    monkeypatch.setattr(cases, "_free", lambda *asked: [next(iter(right(*asked)))])


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.put.__name__)
def test_a_fault_of_one_way_to_prove_is_noticed_by_another(plant, monkeypatch):
    page = read_text(f"{DECLARED}\n$$\n{plant.false} \\tag{{F}}\n$$\n")
    assert page.errors == ()
    report = verify_page(page, jobs=0)
    assert report.false == ("F",)
    forget()
    plant.put(monkeypatch)
    decision = {line.id: of for line, of in verify_page(page, jobs=0).lines}["F"]
    assert decision.status == "refuted"
    assert {m for m in plant.by if decision.by(m).status == "refuted"} == {*plant.by}
    with monkeypatch.context() as alone:  # without what is computed beside it
        alone.setattr(lines, "tried", lambda *_: lines.Trial(1))
        alone.setattr(by_regions, "search", lambda *_, **__: None)
        forget()
        assert {m: proved(page["F"], m).status for m in plant.of} == dict.fromkeys(
            plant.of, "proved"
        )


# What is found of a page before, of a loss as a whole, and of code.


def test_a_finding_that_is_kept_by_the_wrong_key_is_noticed_at_a_point(monkeypatch, tmp_path):
    monkeypatch.setenv("GRADBOOK_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(remembered, "content_of_line", lambda line: line.id)
    text = f"{DECLARED}\n$$\n\\kappa^2 \\ge 0 \\tag{{F}}\n$$\n"
    task = LineTask(read_text(text).source, "F", REGIONS)
    earlier = Remembered(read_text(text))
    earlier.note(task, task.carry_out())
    earlier.save()
    assert [proof.status for proof in Remembered(read_text(text)).among([task]).values()] == [
        "proved"
    ]
    false = read_text(text.replace(r"\ge 0", r"\ge 1"))
    assert Remembered(false).among([replace(task, source=false.source)]) == {}


def test_an_induction_that_proves_everything_is_noticed_at_few_classes(monkeypatch):
    always = Proof("proved", INDUCTION, "every C ≥ 2, every y")
    monkeypatch.setattr(Statement, "_decide", lambda *_: always)
    of_scores = Loss("a sum", Sum(unequal(j, y) * hinge(s[j]), (j, 0, C - 1)), "a_sum")
    decision = prove_property("shift", of_scores).decision
    assert [proof.status for proof in decision.proofs] == ["refuted", "refuted", "proved"]
    assert decision.status == "refuted"


def at_least(machine, op, left, right, rightly=Machine.compared):
    return rightly(machine, ">" if op == ">=" else op, left, right)


def test_a_text_that_is_run_wrongly_on_letters_is_noticed_on_numbers(monkeypatch):
    kernel = emit(SVM, "c")
    wrong = replace(kernel, source=kernel.source.replace("(u > 0);", "(u >= 0);"))
    assert not source_of_loss(wrong, SVM, ((2, 2, 1),))[0].passed
    monkeypatch.setattr(Machine, "compared", at_least)
    assert source_of_loss(wrong, SVM, ((2, 2, 1),))[0].passed
    with pytest.raises(WrongSource, match="its gradient differs"):
        require_right(for_c.compiled(wrong.source), SVM)


def test_exact_answers_that_are_wrong_at_a_kink_are_noticed_by_right_kernels(monkeypatch):
    rightly = Loss.exact_at_scores

    def at_kinks(loss, scores, label):
        """With 1 for the slope of max(0, u) where u = 0."""
        value, slopes = rightly(loss, scores, label)
        margins = [score - scores[label] + 1 for score in scores]
        slopes = [slope + (margin == 0) for slope, margin in zip(slopes, margins, strict=True)]
        slopes[label] -= margins.count(0)
        return value, tuple(slopes)

    kernel = subject_of(emit(SVM, "lambdify", classes=3, features=1))
    assert exact(kernel, SVM)[0].passed
    monkeypatch.setattr(Loss, "exact_at_scores", at_kinks)
    forget()
    assert not exact(kernel, SVM)[0].passed
