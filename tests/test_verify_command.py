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
from gradbook import Report, check, tasks
from gradbook.report.data import as_data

PAGE = ROOT / "derivation" / "multiclass_svm.py"
DEFINITIONS = {"N1", "N3", "N5", "N15", "N18"}
UNDER_A_CONDITION = {"N8", "N10", "N11"}


class Verified(NamedTuple):
    """A run of `gradbook verify`, with both reports, and what it was asked to verify."""

    run: Run
    data: dict
    page: str
    lines: tuple[str, ...]
    properties: tuple[str, ...]
    origins: frozenset[str]


ALL = (notes.ids, notes.properties, tasks.EMITTED)
#: What is cheap, and what the README shows.
SOME = (
    ("N1", "N2", "N3", "N4", "N12", "N13", "N14", "N15"),
    ("subgradient", "sum"),
    (("lambdify", 3, 2), ("codegen", 3, 2)),
)


@pytest.fixture(
    scope="module",
    params=[SOME, pytest.param(ALL, marks=pytest.mark.thorough)],
    ids=["some", "all"],
)
def verified(request, tmp_path_factory):
    """One run, shared by the tests of this file."""
    lines, properties, emitted = request.param
    folder = tmp_path_factory.mktemp("verified")
    page = PAGE
    if request.param is not ALL:
        page = part_of_page(folder, lines, properties)
        with page.open("a", encoding="utf-8") as text:  # the processes that check kernels read it
            text.write(f"\nfrom gradbook import tasks\n\ntasks.EMITTED = {emitted}\n")
    reports = ("--json", folder / "new" / "v.json", "--html", folder / "v.html")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tasks, "EMITTED", emitted)
        run = gradbook("verify", page, "--jobs", "1", *reports)
    data = json.loads((folder / "new" / "v.json").read_text("utf-8"))
    origins = frozenset({target for target, *_ in emitted} | {"by hand"})
    return Verified(run, data, (folder / "v.html").read_text("utf-8"), lines, properties, origins)


def part_of_page(
    folder: Path, lines: tuple[str, ...], properties: tuple[str, ...], *change: str
) -> Path:
    """A copy of the derivation with these lines and properties alone, one thing in it changed."""
    text = PAGE.read_text("utf-8")
    for old, new in (
        change or ("", ""),
        (str(notes.properties).replace("'", '"'), repr(properties)),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / PAGE.name
    path.write_text(f"{text}\n\nnotes.lines[:] = [notes[id] for id in {lines}]\n", "utf-8")
    rows = PAGE.with_name("notes.md").read_text("utf-8").splitlines(keepends=True)
    kept = [row for row in rows if not row.startswith("| N") or row.split()[1] in lines]
    (folder / "notes.md").write_text("".join(kept), "utf-8")
    name = f"{PAGE.stem}_any_size.py"
    text = PAGE.with_name(name).read_text("utf-8")
    text += f"\n\nfor id in page.lines.keys() - {lines}:\n    del page.lines[id]\n"
    (folder / name).write_text(text, "utf-8")
    return path


def test_verify_exits_0_when_all_holds(verified):
    assert (verified.run.code, verified.run.err) == (0, "")
    assert verified.data["passed"] is True


def test_every_line_is_in_the_data_as_proved_or_as_a_definition(verified):
    assert tuple(line["id"] for line in verified.data["lines"]) == verified.lines
    for line in verified.data["lines"]:
        assert line["status"] == ("definition" if line["id"] in DEFINITIONS else "proved")
        assert line["statement"]
        assert line["methods"]
        assert line["seconds"] >= 0


REGIONS, SOLVER, ANY_SIZE = "region by region", "z3, all reals", "indexed sums, any C, m, n"


def test_every_claim_from_n4_is_proved_at_small_sizes_at_any_size_and_by_the_solver(verified):
    claims = [
        line for line in verified.data["lines"] if line["id"] not in {"N1", "N2", "N3", "N18"}
    ]
    assert claims
    for line in claims:
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
    data = verified.data
    for entry in data["lines"] + data["properties"]:
        for method in entry["methods"]:
            words = "; ".join(method["assumptions"])
            any_size = method["sizes"] == "any"
            assert ("C ≥ 2" if any_size else "y fixed") in words, (entry, method["method"])
    where = "only where the condition of a claim holds: s_1 - s_0 + 1 > 0 for C = 2, y = 0"
    under_it = [
        line["id"]
        for line in data["lines"]
        if any(where in words for words in line["methods"][0]["assumptions"])
    ]
    assert under_it == [id for id in verified.lines if id in UNDER_A_CONDITION]


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


def test_every_kernel_is_in_the_data_with_its_checks(verified):
    kernels = verified.data["kernels"]
    assert {kernel["origin"] for kernel in kernels} == verified.origins
    for kernel in kernels:
        assert kernel["passed"]
        assert kernel["name"]
        assert kernel["language"] in {"Python", "C"}
        names = [check["name"] for check in kernel["checks"]]
        assert names == ["exact", "by hand", "finite differences", "digits", "training"]
        assert all(check["passed"] and check["cases"] > 0 for check in kernel["checks"])
        assert all({"max_error", "bound"} <= check.keys() for check in kernel["checks"])


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
    assert f"{lines} lines hold, {kernels} kernels agree" in run.out


def without_times(row: str) -> str:
    return " ".join(re.sub(r"\s+\d+\.\d s$", "", row).split())


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
            lines, kernels = len(notes.ids), len(list(tasks.kernels_for(svm)))
            assert row.startswith(f"{lines} lines hold, {kernels} kernels agree ·")
        elif row != "…" and not row.startswith(("report:", svm.name)):
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
    assert parts.count["svg"] == len(verified.data["kernels"])


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
    page = part_of_page(tmp_path, lines, ("sum",), old, new)
    run = gradbook("verify", page, "--jobs", "1", "--json", tmp_path / "v.json")
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
    path = part_of_page(
        tmp_path,
        ("N2", "N3"),
        ("sum",),
        '"""L_i = Σ_{j≠y} max(0, s_j − s_y + 1)"""',
        '"""L_i = Σ_{j≠y} max(0, s_j + s_y + 1)"""',
    )
    run = gradbook("verify", path, "--jobs", "1")
    assert run.code == 1
    assert "N3 is refuted" in run.out
    assert "the page says" in run.out


def test_without_a_compiler_the_verdict_says_so_and_nothing_crashes(monkeypatch, tmp_path):
    monkeypatch.setenv("CC", "/no/such/compiler")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("GRADBOOK_CACHE", str(tmp_path / "empty"))
    kernels = [
        kernel for kernel in tasks.kernels_for(svm) if kernel.name == "codegen, C = 3, m = 2"
    ]
    (kernel,) = kernels
    report = Report(notes, PAGE, (), ((kernel, check(kernel, svm)),), 1.0)
    assert not report.passed
    assert not report.refuted
    assert "not compiled: no C compiler" in str(report)
    assert as_data([report])["kernels"][0]["passed"] is False
