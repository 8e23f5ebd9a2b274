"""`gradbook verify`: its exit status, its table, its data and its page.

What it says of the page is looked at for some lines and kernels, and by `make test-all` for all.
"""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

import pytest
from command_line import ROOT, Run, gradbook
from rich.cells import cell_len

from derivation.multiclass_svm import notes, svm
from gradbook import Report, check, read
from gradbook.kernels import by_hand
from gradbook.report.data import as_data
from gradbook.verify import tasks

PAGE = ROOT / "derivation" / "multiclass_svm.md"
DEFINITIONS: set[str] = set()


class Verified(NamedTuple):
    """A run of `gradbook verify`, with both reports, and what it was asked to verify."""

    run: Run
    data: dict
    page: str
    lines: tuple[str, ...]
    properties: tuple[str, ...]
    origins: frozenset[str]


ALL = (notes.of_loss.properties, tasks.EMITTED)
#: What is cheap, and what the README shows: most of the page up to N14.
SOME = (("subgradient", "sum"), (("lambdify", 3, 2), ("codegen", 3, 2)))


@pytest.fixture(
    scope="module",
    params=[SOME, pytest.param(ALL, marks=pytest.mark.thorough)],
    ids=["some", "all"],
)
def verified(request, tmp_path_factory):
    """One run, shared by the tests of this file."""
    properties, emitted = request.param
    folder = tmp_path_factory.mktemp("verified")
    page = PAGE if request.param is ALL else part_of_page(folder, properties)
    reports = ("--json", folder / "new" / "v.json", "--html", folder / "v.html")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tasks, "EMITTED", emitted)
        if request.param is SOME:  # loops over the digits take their time
            patch.setattr(tasks, "by_hand", lambda loss: by_hand(loss)[1:])
        run = gradbook("verify", page, "--jobs", "1", *reports)
    data = json.loads((folder / "new" / "v.json").read_text("utf-8"))
    origins = frozenset({target for target, *_ in emitted} | {"by hand"})
    lines = read(page).ids
    return Verified(run, data, (folder / "v.html").read_text("utf-8"), lines, properties, origins)


def part_of_page(folder: Path, properties: tuple[str, ...], *change: str) -> Path:
    """A copy of the page up to N14, with these properties alone, one thing in it changed."""
    text = PAGE.read_text("utf-8")
    for old, new in [change] if change else []:
        assert old in text
        text = text.replace(old, new, 1)
    lines = text.partition("## As a product of matrices")[0]
    for id in ("N4", "N6", "N7", "N8", "N9"):  # of which nothing further on is made
        lines = re.sub(rf"\$\$[^$]*\\tag\{{{id}\}}\s*\$\$", "", lines)
    names = ", ".join(f'"{name}"' for name in properties)
    loss = f'```toml loss\nname = "multi-class SVM loss"\nproperties = [{names}]\n```\n'
    path = folder / PAGE.name
    path.write_text(f"{lines}\n{loss}", "utf-8")
    return path


def test_verify_exits_0_when_all_holds(verified):
    assert (verified.run.code, verified.run.err) == (0, "")
    assert verified.data["passed"] is True


def test_every_line_is_in_the_data_as_proved_or_as_a_definition(verified):
    assert tuple(line["id"] for line in verified.data["lines"]) == verified.lines
    for line in verified.data["lines"]:
        assert line["status"] == ("definition" if line["id"] in DEFINITIONS else "proved")
        assert line["written"]
        assert line["read"]
        assert line["methods"]
        assert line["seconds"] >= 0


REGIONS, SOLVER, ANY_SIZE = "region by region", "z3, all reals", "indexed sums, any size"


def test_every_line_is_proved_at_small_sizes_at_any_size_and_by_the_solver(verified):
    for line in verified.data["lines"]:
        methods = {method["method"]: method for method in line["methods"]}
        assert methods.keys() >= {REGIONS, SOLVER, ANY_SIZE}
        for method in methods.values():
            assert method["status"] in ("proved", "definition")
            assert method["inputs"] == "all reals"
    by_id = {line["id"]: line for line in verified.data["lines"]}
    found = {method["method"]: method for method in by_id["N14"]["methods"]}
    assert found[REGIONS]["sizes"] == "C 2–4, m 0–2, all y"
    assert found[SOLVER]["sizes"] == "C 2–3, m 0–1, all y"
    under_a_condition = next(m for m in by_id["N10"]["methods"] if m["method"] == REGIONS)
    assert under_a_condition["regions"] > 100


def test_every_proof_for_any_size_says_what_it_depends_on(verified):
    whatever_the_classes = ("N1", "N3", "N18")  # N18 is a row of ones: no class is in it
    for line in verified.data["lines"]:
        for method in line["methods"]:
            if method["method"] == ANY_SIZE and line["id"] not in whatever_the_classes:
                assert "C ≥ 2" in "; ".join(method["assumptions"]), line["id"]


def test_the_gradient_is_proved_by_induction_over_the_classes_too(verified):
    by_induction = "z3, by induction over the classes"
    found = [
        line["id"]
        for line in verified.data["lines"]
        if any(method["method"] == by_induction for method in line["methods"])
    ]
    assert found == ["N14"]


def test_every_property_of_the_loss_is_in_the_data_as_proved(verified):
    properties = verified.data["properties"]
    assert tuple(entry["name"] for entry in properties) == verified.properties
    assert {entry["status"] for entry in properties} == {"proved"}


#: Run on letters: C at any size, and at one that is small enough.
TEXTS_PROVED = ("codegen C99, C = 3, m = 2", "NumPy, any size", "C99, any size")


def test_every_kernel_is_in_the_data_with_its_checks(verified):
    kernels = verified.data["kernels"]
    assert {kernel["origin"] for kernel in kernels} == verified.origins
    for kernel in kernels:
        assert kernel["passed"]
        assert kernel["name"]
        assert kernel["language"] in {"Python", "C"}
        names = [check["name"] for check in kernel["checks"]]
        told = ["rounding"] if kernel["origin"] in ("lambdify", "codegen") else []
        told += ["source"] if kernel["name"] in TEXTS_PROVED else []
        assert names == ["exact", "by hand", "finite differences", "digits", "training", *told]
        assert all(check["passed"] and check["cases"] > 0 for check in kernel["checks"])
        assert all({"max_error", "bound"} <= check.keys() for check in kernel["checks"])


def test_the_rounding_of_a_kernel_for_one_size_is_said_and_by_what_it_is_bounded(verified):
    out = " ".join(verified.run.out.split())
    bounded = {kernel["name"] for kernel in verified.data["kernels"] if "m = " in kernel["name"]}
    assert bounded
    for name in bounded:
        said = rf"{name}: scores within [\d,]+ u, margins [^(]*\|W\| ≤ 4, \|x̃\| ≤ 1 \((gappa|γ); u"
        assert re.search(said, out)


def test_the_table_has_a_row_for_each_line_and_kernel_and_fits_80_columns(verified):
    run, data = verified.run, verified.data
    for line in data["lines"]:
        row = rf"^ {line['id']} .*{line['status']} +✓ +[✓–] +✓ +\d+\.\d s$"
        assert re.search(row, run.out, re.M), line["id"]
    for kernel in data["kernels"]:
        assert kernel["name"] in run.out
    rows = [row for row in run.out.splitlines() if not row.startswith("report: ")]
    assert max(map(cell_len, rows)) <= 80
    lines, kernels = len(verified.lines), len(data["kernels"])
    assert f"\n{lines} lines hold: " in run.out
    assert f"\n{kernels} kernels agree · " in run.out


def without_times(row: str) -> str:
    return " ".join(re.sub(r"\s+\d+\.\d s$", "", row).split())


#: What is said of sizes and regions is about all of the page, and this is a part of it.
ABOUT_SIZES = ("small", "any", "z3", "every", "once")


def test_the_excerpt_in_the_readme_is_what_verify_prints(verified):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    excerpt = re.search(r"^\$ make verify\n(.*?)^```$", readme, re.M | re.S)[1]
    printed = {without_times(row) for row in verified.run.out.splitlines()}
    for row in map(without_times, excerpt.splitlines()):
        if "✓" in row:
            # The errors depend on the last bits of a processor's arithmetic; the rest does not.
            kernel = row.partition("✓")[0].strip()
            assert any(line.startswith(kernel) and "✗" not in line for line in printed), row
        elif "lines hold" in row:
            assert row.startswith(f"{len(notes.ids)} lines hold: ")
        elif "kernels agree" in row:
            assert row.startswith(f"{len(list(tasks.kernels_for(svm)))} kernels agree ·")
        elif row and not row.startswith(("…", "report:", *ABOUT_SIZES)) and notes.title not in row:
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
    page = verified.page
    parts = Parts()
    parts.feed(page)
    assert parts.links == []
    assert "script" not in parts.count
    assert "@import" not in page
    assert "url(http" not in page
    assert parts.count["math"] == len(verified.lines)
    assert parts.count["svg"] == 1  # of the kernel with the largest error


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("-\\tilde{x}^{(i)\\top} & \\text", "\\tilde{x}^{(i)\\top} & \\text", "N10"),
        ("+ 1 > 0\\} \\, \\tilde{x}", "+ 1 \\ge 0\\} \\, \\tilde{x}", "N14"),
    ],
    ids=["a sign", "≥ for >"],
)
def test_verify_exits_1_and_names_the_wrong_line_with_a_counterexample(tmp_path, old, new, line):
    page = part_of_page(tmp_path, ("sum",), old, new)
    run = gradbook("verify", page, "--jobs", "1", "--json", tmp_path / "v.json")
    data = json.loads((tmp_path / "v.json").read_text())
    assert run.code == 1
    assert data["passed"] is False
    (refuted,) = [entry for entry in data["lines"] if entry["status"] == "refuted"]
    assert refuted["id"] == line
    assert refuted["counterexample"]["values"]["W"]
    assert f"{line} is false" in run.out
    assert "W = " in run.out
    assert f"\nfalse: {line} · " in run.out
    assert data["pages"][0]["not_checked"] == f"{line} is wrong"


def test_without_a_compiler_the_verdict_says_so_and_nothing_crashes(monkeypatch, tmp_path):
    monkeypatch.setenv("CC", "/no/such/compiler")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("GRADBOOK_CACHE", str(tmp_path / "empty"))
    kernels = [
        kernel for _, kernel in tasks.kernels_for(svm) if kernel.name == "codegen, C = 3, m = 2"
    ]
    (kernel,) = kernels
    report = Report(notes, (), ((kernel, check(kernel, svm)),), 1.0)
    assert not report.passed
    assert not report.refuted
    assert "not compiled: no C compiler" in str(report)
    assert as_data([report])["kernels"][0]["passed"] is False
