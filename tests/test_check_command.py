"""`gradbook check`, as it is typed: what it prints, writes and exits with."""

import csv
import json
import re
from pathlib import Path

import pytest
from rich.cells import cell_len
from sources_to_judge import GOOD

from gradbook.cli import main

ROOT = Path(__file__).parents[1]
WRONG = GOOD.replace("/ len(y) + 2", "+ 2")
COLUMNS_FIRST = """\
import numpy as np
def svm_loss(W, X, y):
    n = np.arange(len(y))
    S = W @ X
    M = np.maximum(0, S - S[y, n] + 1)
    M[y, n] = 0
    I = (M > 0).astype(float)
    I[y, n] = -I.sum(axis=0)
    return M.sum() / len(y), I @ X.T / len(y)
"""


ONE_EXAMPLE = """\
import numpy as np
def L_i(x, y, W):
    s = W.dot(x)
    margins = np.maximum(0, s - s[y] + 1)
    margins[y] = 0
    return margins.sum()
"""
WEIGHED = """\
import numpy as np
def svm_loss(W, X, y, C):
    n = np.arange(len(y))
    S = X @ W
    M = np.maximum(0, S - S[n, y][:, None] + 1)
    M[n, y] = 0
    return np.sum(W * W) / 2 + C * M.sum()
"""


@pytest.fixture
def files(tmp_path, monkeypatch):
    """A working directory with files to judge."""
    cell = {"cell_type": "code", "source": GOOD}
    for name, text in {
        "good.py": GOOD,
        "wrong.py": WRONG,
        "columns.py": COLUMNS_FIRST,
        "one.py": ONE_EXAMPLE,
        "weighed.py": WEIGHED,
        "old.py": "def svm_loss(W, X, y, reg):\n    print 1\n",
        "mine.ipynb": json.dumps({"cells": [cell]}),
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def check(*arguments, mend=False):
    """What the command returns; without looking for a change that mends, unless that is asked."""
    without = () if mend or "--without" in arguments else ("--without", "mend")
    flags = ("--page", "multiclass_svm", "--jobs", "1", *without)
    return main(["check", *map(str, arguments), *flags])


@pytest.mark.quick("old.py", "good.py:none", "svm_los-")
@pytest.mark.parametrize(
    ("target", "code", "said"),
    [
        ("good.py:svm_loss", 0, "✓ right"),
        ("good.py", 0, "✓ right"),
        ("mine.ipynb:svm_loss", 0, "✓ right"),
        ("wrong.py:svm_loss", 1, "✗ wrong"),
        ("old.py", 2, "line 2 is Python 2"),
        ("good.py:none", 2, "good.py has no function none; its functions: svm_loss"),
        ("good.py:svm_los", 2, "its functions: svm_loss: did you mean svm_loss?"),
    ],
)
def test_the_exit_code_says_right_wrong_or_not_judged(files, capsys, target, code, said):
    assert check(target) == code
    assert said in " ".join(capsys.readouterr().out.split())


def test_the_convention_is_reported_and_can_be_forced(files, capsys):
    forced = ("--weights", "C,D", "--examples", "d, n", "--order", "W,X,y", "--labels", "integers")
    assert check("columns.py", *forced) == 0
    assert "W is (C, D) and X is (D, N)" in capsys.readouterr().out
    assert check("columns.py", "--weights", "D,C", "--examples", "N,D") == 2


@pytest.mark.thorough
def test_one_example_and_a_weight_of_the_data_are_reported_and_can_be_forced(files, capsys):
    assert check("one.py", "--examples", "D") == 0
    assert "one example: W is (C, D), x is (D,), y a number" in capsys.readouterr().out
    assert check("weighed.py", "--reg-multiplies", "sum") == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "C multiplies the data's part, the sum over the examples" in said
    assert check("weighed.py", "--reg-multiplies", "penalty") == 1


@pytest.mark.parametrize(
    ("flag", "value", "said"),
    [
        ("--weights", "D,D", "must be C,D or D,C, not 'D,D'"),
        ("--examples", "C,D", "must be N,D or D,N, not 'C,D'"),
        ("--order", "W,X", "must be W, X and y, and reg and margin if it has them"),
        ("--labels", "words", "invalid choice: 'words'"),
        ("--penalty", "third", "invalid choice: 'third'"),
        ("--kink", "2", "invalid choice: '2'"),
        (
            "--without",
            "purity,speed",
            "must be some of purity, dtype, layout, mend, not 'purity,speed'",
        ),
        ("--jobs", "0", "must be an integer ≥ 1"),
    ],
)
def test_a_flag_that_makes_no_sense_is_refused(files, capsys, flag, value, said):
    with pytest.raises(SystemExit) as stopped:
        main(["check", "good.py", flag, value])
    assert stopped.value.code == 2
    assert said in capsys.readouterr().err


def test_what_is_not_there_is_one_sentence(files, capsys):
    assert check("none.py") == 2
    assert capsys.readouterr().err == "gradbook: there is no file or folder none.py\n"


def test_a_folder_has_a_row_for_each_function_here_and_in_each_report(files, capsys):
    for name in ("columns.py", "mine.ipynb", "one.py", "weighed.py"):
        (files / name).unlink()
    reports = {kind: files / "reports" / f"grades.{kind}" for kind in ("json", "csv", "html")}
    assert (
        check(".", *(part for kind, path in reports.items() for part in (f"--{kind}", path))) == 1
    )
    printed = capsys.readouterr()
    assert printed.err == ""
    rows = [row for row in printed.out.splitlines() if not row.startswith("report: ")]
    assert max(map(cell_len, rows)) <= 80
    assert rows[-1].startswith("1 right · 1 wrong · 1 not judged · ")
    data = json.loads(reports["json"].read_text("utf-8"))
    files_in_order = ["good.py", "old.py", "wrong.py"]
    assert [row["file"] for row in data["functions"]] == files_in_order
    with reports["csv"].open(encoding="utf-8", newline="") as table:
        assert [row["file"] for row in csv.DictReader(table)] == files_in_order
    page = reports["html"].read_text("utf-8")
    assert all(name in page for name in files_in_order)


def test_the_example_in_the_documents_prints_what_it_says(files, capsys):
    told = (ROOT / "docs/judging.md").read_text(encoding="utf-8")
    flags = re.M | re.S
    (source,) = re.findall(r"^```python\n(import numpy as np\n+def .*?)^```$", told, flags)
    ((target, excerpt),) = re.findall(r"^\$ gradbook check (\S+) --seed 0\n(.*?)^```$", told, flags)
    (files / target.partition(":")[0]).write_text(source, encoding="utf-8")
    assert check(target, "--seed", "0", mend=True) == 1
    printed = [without_times(row) for row in capsys.readouterr().out.splitlines()]
    assert printed == [without_times(row) for row in excerpt.splitlines()]


def without_times(row):
    """And without what is installed here."""
    row = re.sub(r"^(  sandbox +).*", r"\1…", row.rstrip())
    return re.sub(r"in \d+\.\d s$", "in … s", row)
