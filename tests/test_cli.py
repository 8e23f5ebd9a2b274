"""The command line, run as a user runs it: in processes of its own."""

import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

import pytest
from rich.cells import cell_len

from derivation.multiclass_svm import notes, svm
from gradbook import Report, check, emit
from gradbook.report.data import as_data
from gradbook.report.show import show_line

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "derivation" / "multiclass_svm.py"
DEFINITIONS = {"N1", "N3", "N5", "N15", "N18"}
ALL_PROPERTIES = '("slopes", "kinks", "other kinks", "subgradient", "sum", "shift")'


class Run(NamedTuple):
    code: int
    out: str
    err: str


def gradbook(*arguments: str | Path, cwd: Path = ROOT, **environment: str) -> Run:
    done = subprocess.run(
        [sys.executable, "-m", "gradbook.cli", *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, **environment},
    )
    return Run(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="module")
def verified(tmp_path_factory):
    """One run of `gradbook verify` with both reports, shared by the tests of this file."""
    folder = tmp_path_factory.mktemp("verified")
    run = gradbook("verify", "--json", folder / "new" / "v.json", "--html", folder / "v.html")
    return run, json.loads((folder / "new" / "v.json").read_text()), (folder / "v.html").read_text()


def wrong_page(folder: Path, old: str, new: str, lines: tuple[str, ...]) -> Path:
    """A copy of the derivation in which one thing is wrong: of these lines, and of one property.

    What the rest of the page says is proved once, of the whole page, in `verified`.
    """
    text = PAGE.read_text()
    for part in (old, ALL_PROPERTIES):
        assert part in text
    text = text.replace(old, new, 1).replace(ALL_PROPERTIES, '("sum",)')
    path = folder / "multiclass_svm.py"
    path.write_text(f"{text}\n\nnotes.lines[:] = [notes[id] for id in {lines}]\n")
    return path


def test_verify_exits_0_when_all_holds(verified):
    run, data, _ = verified
    assert (run.code, run.err) == (0, "")
    assert data["passed"] is True


def test_every_line_is_in_the_data_as_proved_or_as_a_definition(verified):
    _, data, _ = verified
    assert [line["id"] for line in data["lines"]] == [f"N{i}" for i in range(1, 19)]
    for line in data["lines"]:
        assert line["status"] == ("definition" if line["id"] in DEFINITIONS else "proved")
        assert line["statement"]
        assert line["methods"]
        assert line["seconds"] >= 0


REGIONS, SOLVER, ANY_SIZE = "region by region", "z3, all reals", "indexed sums, any C, m, n"


def test_every_claim_from_n4_is_proved_at_small_sizes_at_any_size_and_by_the_solver(verified):
    _, data, _ = verified
    for line in data["lines"][3:17]:
        methods = {method["method"]: method for method in line["methods"]}
        assert methods.keys() >= {REGIONS, SOLVER, ANY_SIZE}
        assert methods[REGIONS]["sizes"]["C"] == [2, 3, 4, 5]
        assert methods[REGIONS]["sizes"]["m"] == [0, 1, 2, 3, 4]
        assert methods[REGIONS]["regions"] == 2730
        assert methods[SOLVER]["sizes"]["C"] == list(range(2, 11))
        assert methods[ANY_SIZE]["sizes"] == "any"
        for method in methods.values():
            assert method["status"] in ("proved", "definition")
            assert method["inputs"] == "all reals"


def test_every_proof_says_what_it_depends_on(verified):
    _, data, _ = verified
    for entry in data["lines"] + data["properties"]:
        for method in entry["methods"]:
            words = "; ".join(method["assumptions"])
            any_size = method["sizes"] == "any"
            assert ("C ≥ 2" if any_size else "y fixed") in words, (entry, method["method"])
    n10 = next(line for line in data["lines"] if line["id"] == "N10")["methods"][0]
    where = "only where the condition of a claim holds: s_1 - s_0 + 1 > 0 for C = 2, y = 0"
    assert any(where in words for words in n10["assumptions"])


def test_the_gradient_is_proved_by_induction_over_the_classes_too(verified):
    _, data, _ = verified
    by_induction = "z3, by induction over the classes"
    found = [
        line["id"]
        for line in data["lines"]
        if any(method["method"] == by_induction for method in line["methods"])
    ]
    assert found == ["N14"]


def test_every_property_of_the_loss_is_in_the_data_as_proved(verified):
    _, data, _ = verified
    assert tuple(entry["name"] for entry in data["properties"]) == notes.properties
    assert {entry["status"] for entry in data["properties"]} == {"proved"}


def test_every_kernel_is_in_the_data_with_its_checks(verified):
    _, data, _ = verified
    origins = {kernel["origin"] for kernel in data["kernels"]}
    assert origins == {"lambdify", "codegen", "numpy", "c", "c-fast", "by hand"}
    for kernel in data["kernels"]:
        assert kernel["passed"]
        assert kernel["name"]
        assert kernel["language"] in {"Python", "C"}
        names = [check["name"] for check in kernel["checks"]]
        assert names == ["exact", "by hand", "finite differences", "digits", "training"]
        assert all(check["passed"] and check["cases"] > 0 for check in kernel["checks"])
        assert all({"max_error", "bound"} <= check.keys() for check in kernel["checks"])


def test_the_table_has_a_row_for_each_line_and_kernel_and_fits_80_columns(verified):
    run, data, _ = verified
    for line in data["lines"]:
        row = rf"^ {line['id']} .*{line['status']} +✓ +[✓–] +✓ +\d+\.\d s$"
        assert re.search(row, run.out, re.M), line["id"]
    for kernel in data["kernels"]:
        assert kernel["name"] in run.out
    rows = [row for row in run.out.splitlines() if not row.startswith("report: ")]
    assert max(map(cell_len, rows)) <= 80
    assert "18 lines hold, 9 kernels agree" in run.out


def without_times(row: str) -> str:
    return re.sub(r"\s+\d+\.\d s$", "", row.strip())


def test_the_excerpt_in_the_readme_is_what_verify_prints(verified):
    run, *_ = verified
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    excerpt = re.search(r"^\$ make verify\n(.*?)^```$", readme, re.M | re.S)[1]
    printed = {without_times(row) for row in run.out.splitlines()}
    for row in map(without_times, excerpt.splitlines()):
        if "✓" in row:
            # The errors depend on the last bits of a processor's arithmetic; the rest does not.
            kernel = row.partition("✓")[0].strip()
            assert any(line.startswith(kernel) and "✗" not in line for line in printed), row
        elif "lines hold" in row:
            assert any(line.startswith(row.partition(" ·")[0]) for line in printed), row
        elif row != "…" and not row.startswith("report:"):
            assert row in printed, row


class Parts(HTMLParser):
    """What a page refers to, and how many of each element it has."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.count: dict[str, int] = {}

    def handle_starttag(self, tag, attributes):
        self.count[tag] = self.count.get(tag, 0) + 1
        self.links += [
            value or ""
            for name, value in attributes
            if name in {"src", "href", "xlink:href"} and not (value or "").startswith("#")
        ]


def test_the_html_page_needs_nothing_but_itself(verified):
    _, data, page = verified
    parts = Parts()
    parts.feed(page)
    assert parts.links == []
    assert "script" not in parts.count
    assert "@import" not in page
    assert "url(http" not in page
    assert parts.count["math"] == 18
    assert parts.count["svg"] == len(data["kernels"])


@pytest.mark.parametrize(
    ("old", "new", "line", "lines"),
    [
        (
            "case.s[j] - case.s[case.y] + 1\n\n\ndef L",
            "case.s[j] - case.s[case.y] - 1\n\n\ndef L",
            "N3",
            ("N1", "N2", "N3", "N4"),
        ),
        (
            "indicator(margin(case, j) > 0) * case.x.T",
            "indicator(margin(case, j) >= 0) * case.x.T",
            "N14",
            ("N3", "N13", "N14", "N15"),
        ),
        (
            "yield Claim(gradient(L(case), case.W), outer)",
            "yield Claim(gradient(L(case), case.W), outer.T)",
            "N16",
            ("N3", "N15", "N16", "N18"),
        ),
    ],
    ids=["a sign", "≥ for >", "a wrong shape"],
)
def test_verify_exits_1_and_names_the_first_wrong_line_with_a_counterexample(
    tmp_path, old, new, line, lines
):
    page = wrong_page(tmp_path, old, new, lines)
    run = gradbook("verify", page, "--json", tmp_path / "v.json")
    data = json.loads((tmp_path / "v.json").read_text())
    assert run.code == 1
    assert data["passed"] is False
    assert tuple(entry["id"] for entry in data["lines"]) == lines
    first = next(entry for entry in data["lines"] if entry["status"] == "refuted")
    assert first["id"] == line
    assert first["counterexample"]["W"]
    assert first["counterexample"]["x"]
    assert f"{line} is refuted" in run.out
    assert "W = " in run.out
    assert f"\n{line} is wrong: " in run.out
    assert all(kernel["status"] == f"not checked: {line} is wrong" for kernel in data["kernels"])


def test_a_statement_that_differs_from_the_page_is_refuted(tmp_path):
    lines = ("N2", "N3", "N4")
    rows = (PAGE.parent / "notes.md").read_text().splitlines(keepends=True)
    kept = [row for row in rows if not row.startswith("| N") or row.split()[1] in lines]
    (tmp_path / "notes.md").write_text("".join(kept))
    path = wrong_page(
        tmp_path,
        '"""L_i = Σ_{j≠y} max(0, s_j − s_y + 1)"""',
        '"""L_i = Σ_{j≠y} max(0, s_j + s_y + 1)"""',
        lines,
    )
    run = gradbook("verify", path)
    assert run.code == 1
    assert "N3 is refuted" in run.out
    assert "the page says" in run.out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import no_such_module", "does not run: ModuleNotFoundError"),
        ("x = 1", "no derivation in"),
        ("def f(:", "does not run: SyntaxError"),
    ],
)
def test_verify_exits_2_for_a_file_that_cannot_be_used(tmp_path, text, said):
    path = tmp_path / "page.py"
    path.write_text(text)
    run = gradbook("verify", path)
    assert run.code == 2
    assert said in run.err
    assert len(run.err.strip().splitlines()) == 1
    assert "Traceback" not in run.err


def test_verify_exits_2_for_a_name_that_is_not_there():
    run = gradbook("verify", "no_such_page")
    assert run.code == 2
    assert run.err == "gradbook: there is no file, folder or derivation named no_such_page\n"


def test_without_a_compiler_the_verdict_says_so_and_nothing_crashes(monkeypatch, tmp_path):
    monkeypatch.setenv("CC", "/no/such/compiler")
    monkeypatch.setenv("PATH", str(tmp_path))
    kernel = emit(svm, "codegen", classes=3, features=2)
    report = Report(notes, PAGE, (), ((kernel, check(kernel, svm)),), 1.0)
    assert not report.passed
    assert not report.refuted
    assert "not compiled: no C compiler" in str(report)
    assert as_data([report])["kernels"][0]["passed"] is False


def test_show_prints_every_line_within_80_columns():
    run = gradbook("show")
    assert run.code == 0
    assert [f"N{i}" for i in range(1, 19)] == re.findall(r"^(N\d+)", run.out, re.M)
    assert max(map(len, run.out.splitlines())) <= 80


@pytest.mark.parametrize("line", [f"N{i}" for i in range(1, 19)])
def test_show_prints_one_line_with_its_small_example(line):
    text = show_line(notes[line])
    assert text.startswith(f"{line} · {notes[line].title}")
    assert max(map(len, text.splitlines())) <= 80


def test_show_any_size_derives_the_gradient_with_letters_for_the_sizes():
    run = gradbook("show", "--any-size")
    assert (run.code, run.err) == (0, "")
    assert "∇_W L = (1/n) Mᵀ X̃" in run.out
    assert "δ selects a term" in run.out
    assert max(map(cell_len, run.out.splitlines())) <= 80


def test_show_says_which_lines_there_are_when_asked_for_another():
    run = gradbook("show", "N99")
    assert run.code == 2
    assert run.err.startswith("gradbook: no line N99 in multi-class SVM loss: it has N1, N2")


def test_emit_prints_the_source_or_writes_it(tmp_path):
    printed = gradbook("emit", "multiclass_svm", "--target", "codegen")
    assert printed.code == 0
    assert "double" in printed.out
    written = gradbook("emit", "multiclass_svm", "--target", "codegen", "-o", tmp_path / "svm.c")
    assert written.code == 0
    assert (tmp_path / "svm.c").read_text().strip() == printed.out.strip()


def test_emit_refuses_a_size_that_makes_no_sense():
    run = gradbook("emit", "multiclass_svm", "--classes", "1")
    assert run.code == 2
    assert "classes must be an integer ≥ 2" in run.err


def test_a_file_that_cannot_be_written_is_one_sentence(tmp_path):
    (tmp_path / "taken").write_text("")
    run = gradbook("emit", "multiclass_svm", "-o", tmp_path / "taken" / "svm.c")
    assert run.code == 2
    assert run.err.startswith("gradbook: ")
    assert len(run.err.strip().splitlines()) == 1


def test_a_reader_who_has_read_enough_is_no_error():
    command = f"{sys.executable} -m gradbook.cli emit multiclass_svm | true"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
