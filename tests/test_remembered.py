"""What was found of a page before is not decided again, unless what it rests on differs."""

import json

import pytest
from command_line import gradbook
from pages_to_verify import SVM, about, said

from gradbook.emit import kept
from gradbook.page import read_text
from gradbook.proof import Proof
from gradbook.prove.decision import Decision
from gradbook.prove.properties import PropertyFound
from gradbook.verify import remembered, tasks
from gradbook.verify.remembered import Remembered
from gradbook.verify.results import results
from gradbook.verify.tasks import KernelTask, PropertyTask, line_tasks
from gradbook.workers import Limits

PAGE = r"""# Sums and products

Let $n \ge 1$, $a, b \in \mathbb{R}$ and $v \in \mathbb{R}^{n}$.

$$
u := a + b, \qquad u^2 = a^2 + 2 a b + b^2 \tag{A}
$$

$$
w := a b, \qquad (a - b)^2 = u^2 - 4 w \tag{B}
$$

$$
2 u = a + b \tag{D}
$$

$$
\nabla_v (v^\top v) = 2 v \tag{E}
$$
"""
LINES = {"A", "B", "D", "E"}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    place = tmp_path / "cache"
    monkeypatch.setenv("GRADBOOK_CACHE", str(place))
    return place


def decide(text, thorough=False):
    """What is found of each line by each method, and the lines that are decided anew."""
    page = read_text(text)
    assert page.errors == ()
    known, asked = Remembered(page), list(line_tasks(page, thorough))
    new = set(asked) - known.among(asked).keys()
    earlier = Remembered(page)
    with results(0, Limits(), None, earlier) as run:
        found = {str(task): result for task, result in run(asked)}
    assert (earlier.kept, earlier.decided) == (len(asked) - len(new), len(new))
    return found, {task.line for task in new}


@pytest.fixture
def before(folder):
    found, new = decide(PAGE)
    assert new == LINES
    return found


def test_of_a_page_that_has_not_changed_nothing_is_decided_again(before):
    assert decide(PAGE) == (before, set())
    assert any(proof.status == "refuted" for proof in before.values())


def test_what_is_false_is_shown_where_it_stands_now(before):
    longer = PAGE.replace("# Sums", "# Twice two sums").replace(r"\tag{B}", r"\quad \tag{B}")
    found, new = decide(longer)
    assert new == set()
    for name, proof in before.items():
        if proof.span is not None:
            at, now = proof.span, found[name].span
            assert longer[now.start : now.end] == PAGE[at.start : at.end] == "a + b"


@pytest.mark.parametrize(
    ("old", "new", "decided"),
    [
        (r"(a - b)^2 =", r"(a - b)^2 \ge", {"B"}),
        ("2 u = a + b", "u = a + b", {"D"}),
        ("w := a b", "w := b a", {"B"}),
        ("u := a + b", "u := b + a", {"A", "B", "D"}),
        (r"\ge 1", r"\ge 2", LINES),
        ("a, b", "a \\ge 0$, $b", LINES),
        (r"\tag{E}", r"\tag{F}", {"F"}),
    ],
)
def test_an_edit_costs_the_lines_that_it_is_about(before, old, new, decided):
    assert PAGE.count(old) >= 1
    assert decide(PAGE.replace(old, new, 1))[1] == decided


def test_other_sizes_are_decided(before):
    assert decide(PAGE, thorough=True)[1] == LINES


@pytest.mark.parametrize(
    ("module", "name", "value"),
    [
        pytest.param(kept, "running", lambda: "…", id="an edited prover"),
        pytest.param(kept, "running", lambda: None, id="a prover that is being edited"),
        pytest.param(kept, "VERSIONS", ("3.99", *kept.VERSIONS[1:]), id="another Python"),
        pytest.param(kept, "VERSIONS", (*kept.VERSIONS[:1], "1.15"), id="another SymPy"),
        pytest.param(remembered, "_versions", lambda: ("4.99",), id="another solver"),
    ],
)
def test_what_another_prover_found_is_not_used(before, monkeypatch, module, name, value):
    monkeypatch.setattr(module, name, value)
    assert decide(PAGE)[1] == LINES


def damaged(path):
    path.write_bytes(path.read_bytes()[:-1] + b"?")


def anybody_may_write(path):
    path.chmod(0o666)


def a_link(path):
    path.rename(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")


@pytest.mark.parametrize("change", [damaged, anybody_may_write, a_link])
def test_a_file_that_cannot_be_trusted_is_not_used(before, folder, change):
    (path,) = folder.glob("*.found")
    change(path)
    assert decide(PAGE)[1] == LINES


def test_what_cannot_be_kept_is_decided_each_time(folder):
    folder.write_text("no folder")
    assert decide(PAGE)[1] == decide(PAGE)[1] == LINES


def test_only_the_newest_file_of_a_page_stays(before, folder):
    decide(PAGE.replace("2 u", "3 u"))
    assert len(list(folder.glob("*.found"))) == 1
    assert decide(PAGE)[1] == set()


def undecided(**what):
    return Proof("undecided", "z3, all reals", reason="…", **what)


@pytest.mark.parametrize(
    ("found", "stays"),
    [
        (Proof("proved", "z3, all reals"), True),
        (undecided(exhausted=True), True),
        (undecided(), False),
        (undecided(unfinished=True), False),
    ],
)
def test_what_a_busy_machine_left_undecided_is_not_kept(found, stays):
    page = read_text(about(SVM, "sum"))
    line, of_loss = next(line_tasks(page)), PropertyTask(page.source, "sum")
    earlier = Remembered(page)
    earlier.note(line, found)
    earlier.note(of_loss, PropertyFound("sum", "Σ μ = 0", "", Decision((found,))))
    earlier.save()
    assert len(Remembered(page).among([line, of_loss])) == 2 * stays


def test_nothing_is_kept_of_a_line_that_is_said_in_python():
    page = read_text(about(SVM) + said("P1", "yield Claim(case.s, case.W * case.x)"))
    asked = [task for task in line_tasks(page) if task.line == "P1"]
    known = Remembered(page)
    known.note(asked[0], Proof("proved", asked[0].method))
    known.save()
    assert Remembered(page).among(asked) == {}


def test_a_kernel_is_checked_again_for_another_compiler_and_another_loss(monkeypatch):
    def task(page):
        return KernelTask(page.source, ("numpy", None, None), "NumPy", "numpy", "Python")

    page, other = (read_text(about(formula)) for formula in (SVM, SVM.replace("+ 1", "+ 2")))
    earlier = Remembered(page)
    passed = tasks.Verdict("NumPy", "numpy", "Python", (), (), "passed")
    monkeypatch.setattr(remembered, "_is_final", lambda found: True)
    earlier.note(task(page), passed)
    earlier.save()
    assert list(Remembered(page).among([task(page)]).values()) == [passed]
    assert Remembered(other).among([task(other)]) == {}
    monkeypatch.setattr(remembered, "built_by", lambda: "another cc")
    assert Remembered(page).among([task(page)]) == {}


def test_the_command_says_what_is_from_before_and_decides_all_anew_where_it_is_asked_to(tmp_path):
    path = tmp_path / "page.md"
    path.write_text(PAGE.replace("2 u =", "u ="), encoding="utf-8")
    report = tmp_path / "v.json"
    said, counted = [], []
    for options in ([], [], ["--fresh"]):
        run = gradbook("verify", path, "--jobs", "1", "--json", report, *options)
        assert run.code == 0
        (data,) = json.loads(report.read_text("utf-8"))["pages"]
        said.append("findings are from before: --fresh decides all anew" in run.out)
        counted.append((data["kept"], data["decided"]))
    assert said == [False, True, False]
    assert counted == [(0, 12), (12, 0), (0, 12)]
