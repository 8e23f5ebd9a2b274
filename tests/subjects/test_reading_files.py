"""Reading a function out of a file or a notebook: what is run of it, and what stands in the way."""

import json
import textwrap

import numpy as np
import pytest

from gradbook.subjects import Isolated, Limits, Obstacle
from gradbook.subjects.source import read_source

W = np.ones((2, 3))


@pytest.fixture
def read(tmp_path):
    """read(text, name="f"): the function of a file with this text, isolated."""
    made = []

    def make(text, name="f", file="mine.py", beside=()):
        path = tmp_path / file
        path.write_bytes(text if isinstance(text, bytes) else textwrap.dedent(text).encode())
        limits = Limits(beside=tuple(tmp_path / name for name in beside))
        made.append(Isolated(path, name, limits))
        return made[-1]

    yield make
    for one in made:
        one.close()


def cells(*sources, version=4):
    """A notebook with these code cells, as JSON."""
    if version == 3:
        code = [{"cell_type": "code", "input": source} for source in sources]
        return json.dumps({"nbformat": 3, "worksheets": [{"cells": code}]}).encode()
    code = [{"cell_type": "code", "source": s.splitlines(keepends=True)} for s in sources]
    text = {"cell_type": "markdown", "source": ["# a heading"]}
    return json.dumps({"nbformat": 4, "cells": [text, *code]}).encode()


# What is run.


def test_only_what_the_function_needs_is_run(read):
    subject = read(
        """
        import numpy as np
        from nowhere import something
        X = load_what_is_not_there("data/cifar")
        table = [1.0]
        table.append(2.0)
        table[0] = 5.0
        def helper(): return table
        def f(W): return float(sum(helper()))
        1 / 0
        for epoch in range(10**12):
            loss = f(X)
        """
    )
    assert subject(W).loss == 7.0
    assert subject.remarks == ()


def test_the_main_block_is_not_run(read):
    text = 'n = 1.0\nif __name__ == "__main__":\n    n = 2.0\ndef f(W): return n\n'
    assert read(text)(W).loss == 1.0


def test_calls_that_set_something_of_a_needed_module_are_run(read):
    text = "import numpy as np\nnp.random.seed(3)\ndef f(W): return np.random.rand()\n"
    assert read(text)(W).loss == np.random.RandomState(3).rand()


def test_a_local_name_does_not_need_a_global_of_the_same_name(read):
    text = "import time\nX = time.sleep(99)\ndef f(W):\n    X = W + 1\n    return X.sum()\n"
    assert read(text)(W).loss == 12.0


def test_decorators_defaults_and_later_bindings_are_needed(read):
    text = """
    def twice(g): return lambda *a: 2 * g(*a)
    one = 1.0
    @twice
    def f(W, by=one): return by
    f = twice(f)
    """
    assert read(text)(W).loss == 4.0


def test_annotations_are_not_evaluated_and_need_nothing(read):
    head = "from typings_that_are_not_there import Float\n"
    subject = read(f"{head}def f(W: Float[No.thing, 'n d']) -> Not.there: return 1.0\n")
    assert subject(W).loss == 1.0
    assert subject.remarks == ()


def test_what_a_file_imports_from_the_future_holds(read):
    assert (
        read("from __future__ import division, print_function\ndef f(W): return 1 / 2")(W).loss
        == 0.5
    )


def test_of_the_files_beside_it_those_that_are_named_can_be_imported_and_no_other(read, tmp_path):
    (tmp_path / "pack").mkdir()
    (tmp_path / "beside.py").write_text("value = 3.0")
    (tmp_path / "pack" / "other.py").write_text("value = 4.0")
    text = "from {} import value\ndef f(W): return value"
    assert read(text.format("beside"), beside=["beside.py"])(W).loss == 3.0
    assert read(text.format("pack.other"), beside=["pack", "beside.py"])(W).loss == 4.0
    assert "beside is not installed" in read(text.format("beside"))(W).error
    assert "beside is not installed" in read(text.format("beside"), beside=["pack"])(W).error


def test_a_file_beside_it_does_not_stand_in_for_a_module_of_python(read, tmp_path):
    (tmp_path / "random.py").write_text("1 / 0")
    (tmp_path / "pytest.py").write_text("value = 3.0")
    text = "import random, pytest\ndef f(W): return random.random() * 0 + pytest.value"
    assert read(text, beside=["random.py", "pytest.py"])(W).loss == 3.0


def test_dataclasses_and_classes_work(read):
    text = """
    from dataclasses import dataclass
    @dataclass
    class Pair:
        loss: float
    def f(W): return Pair(1.5).loss
    """
    assert read(text)(W).loss == 1.5


def test_of_two_functions_with_one_name_the_last_counts_and_that_is_said(read):
    subject = read("def f(W): return 1.0\n\n\n@staticmethod\ndef f(W): return 2.0\n")
    assert subject(W).loss == 2.0
    assert subject.remarks == ("f is defined 2 times, at line 1 and line 4; the last counts",)


# Harmless stand-ins.


@pytest.mark.parametrize(
    ("head", "body", "loss"),
    [
        ("from past.builtins import xrange", "sum(xrange(4))", 6),
        ("", "sum(xrange(4))", 6),
        ("from six.moves import xrange, zip", "sum(xrange(4))", 6),
        ("from past.utils import old_div", "old_div(7, 2) + old_div(7.0, 2)", 6.5),
        ("from builtins import range, object", "sum(range(4))", 6),
        ("from future import standard_library\nstandard_library.install_aliases()", "1", 1),
        ("import numpy as np", "np.zeros(3, dtype=np.float).sum() + np.float(2)", 2),
        ("import numpy as np", "np.product([2, 3])", 6),
        ("import numpy as np", "np.Inf", np.inf),
        ("import matplotlib.pyplot as plt", "(plt.figure().add_subplot(1), plt.show(), 1.0)[2]", 1),
        ("from matplotlib import pyplot as plt", "[plt.plot([1]), 2.0][1]", 2),
        ("from tqdm import tqdm", "sum(tqdm(range(4)))", 6),
        ("from tqdm import trange", "sum(trange(1, 4))", 6),
        ("from tqdm.notebook import tqdm", "sum(i for i in tqdm([1, 2], desc='x'))", 3),
        ("import tqdm", "sum(tqdm.tqdm([1, 2]))", 3),
        (
            "from tqdm import tqdm",
            "[bar.set_description('x') and 0 or len(bar) for bar in [tqdm([1])]][0]",
            1,
        ),
        ("import pdb", "(pdb.set_trace(), 1.0)[1]", 1),
        ("from IPython.core.debugger import set_trace", "(set_trace(), 1.0)[1]", 1),
        ("", "(breakpoint(), 1.0)[1]", 1),
    ],
    ids=str,
)
def test_a_stand_in_leaves_what_is_computed_as_it_is(read, head, body, loss):
    subject = read(f"{head}\ndef f(W): return {body}\n")
    answer = subject(W)
    assert (answer.loss, answer.error) == (loss, "")


def test_numba_leaves_functions_as_they_are_where_it_is_not_installed(read):
    text = """
    from numba import njit, jit, prange
    @njit
    def g(n): return sum(prange(n))
    @jit(nopython=True, cache=True)
    def f(W): return g(4)
    """
    assert read(text)(W).loss == 6


def test_names_that_numpy_no_longer_has_are_named(read):
    subject = read("import numpy as np\ndef f(W): return np.float(1)\n")
    assert subject.remarks == ("np.float: NumPy no longer has it; what it was stands in",)


# What stands in the way.


def test_a_missing_import_hurts_only_who_uses_it(read):
    body = "return 1.0 if W.size else torch.tensor(1)"
    subject = read(f"import torch_of_the_future as torch\ndef f(W): {body}\n")
    said = "torch_of_the_future is not installed"
    assert subject(W).loss == 1.0
    assert subject.remarks == (f"line 1: import torch_of_the_future as torch fails, for {said}",)
    assert subject(np.zeros(0)).error == f"raises ImportError: it uses torch_of_the_future: {said}"


def test_a_fallback_for_a_missing_import_is_taken(read):
    text = """
    try:
        import cupy_that_is_not_there as np
    except ImportError:
        import numpy as np
    def f(W): return np.sum(W)
    """
    subject = read(text)
    assert subject(W).loss == 6.0
    assert subject.remarks == ()


def test_an_import_that_raises_is_as_good_as_missing(read, tmp_path):
    (tmp_path / "broken.py").write_text("1 / 0")
    subject = read("from broken import g\ndef f(W): return g(W)", beside=["broken.py"])
    why = "importing it raises ZeroDivisionError: division by zero"
    assert subject(W).error == f"raises ImportError: it uses broken.g: {why}"


def test_a_statement_that_fails_is_named(read):
    subject = read("T = open('no/such/file').read()\ndef f(W): return len(T)\n")
    assert subject.remarks[0].startswith("line 1, for T, raises FileNotFoundError")
    assert subject(W).error == "raises NameError: name 'T' is not defined"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "def f(W):\n    print 'loss', 1\n",
            "mine.py cannot be read: line 2 is Python 2: it has a print statement, where Python 3 "
            "has print(…)",
        ),
        (
            "def f(W):\n    try: pass\n    except E, e: pass\n",
            "mine.py cannot be read: line 3 is Python 2: it has “except X, e”, where Python 3 has "
            "“except X as e”",
        ),
        ("def f(W):\n    if W:\n\treturn 1\n        return 2\n", "mixes tabs and spaces"),
        ("def f(W):\n", "mine.py cannot be read: line 1 is not Python 3: expected an indented"),
        ("def g(W): pass\n", "mine.py has no function f; its functions: g"),
        ("", "mine.py has no function f; its functions: none"),
        ("f = 3\n", "f in mine.py is no function but int"),
        ("f = 1 / 0\n", "f cannot be defined: line 1, for f, raises ZeroDivisionError"),
        (
            "from nowhere import wrap\n\n\nf = wrap(3)\n",
            "f cannot be defined: line 4, for f, raises ImportError: it uses nowhere.wrap: nowhere "
            "is not installed",
        ),
        (
            "from nowhere import f\n",
            "f cannot be defined: line 1: from nowhere import f fails, for nowhere is not",
        ),
        ("import sys\nf = sys.exit()\n", "f cannot be defined: line 2, for f, raises SystemExit"),
        ("(" * 5000, "mine.py cannot be read"),
        ("x = 1\x00\n", "mine.py cannot be read"),
    ],
    ids=str,
)  # fmt: skip
def test_an_obstacle_is_one_sentence(read, text, sentence):
    with pytest.raises(Obstacle) as caught:
        read(text)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_python_2_elsewhere_in_the_file_is_no_obstacle(read):
    text = 'import numpy as np\n@np.vectorize\ndef f(W):\n    return 1.0\n\nprint "done"\n'
    subject = read(text)
    assert np.all(subject(W).gradient == 1)
    assert subject.remarks == (
        "line 6 is Python 2: it has a print statement, where Python 3 has print(…)",
    )


def test_a_file_in_another_encoding_is_read(read):
    text = "# -*- coding: latin-1 -*-\ndef f(W): return float(len('é'))\n"
    assert read(text.encode("latin-1"))(W).loss == 1
    assert read("def f(W): return float(len('é'))\n".encode("latin-1"))(W).loss == 1
    assert read(b"\xef\xbb\xbfdef f(W): return 1.0\r\n")(W).loss == 1


# Notebooks.


@pytest.mark.parametrize("version", [3, 4])
def test_a_notebook_is_its_code_cells(read, version):
    content = cells("import numpy as np", "def f(W):\n    return np.sum(W)", version=version)
    assert read(content, file="mine.ipynb")(W).loss == 6


def test_magics_and_other_languages_are_passed_over(read):
    content = cells(
        "%matplotlib inline\nimport numpy as np\n!pip install x\nnp.sum?",
        "%%bash\nrm -rf x",
        "%%time\ndef f(W):\n    %time\n    a = 7\n    return g(a)",
        "get_ipython().magic('x')\ndef g(a): return (a\n % 4)",
    )
    subject = read(content, file="mine.ipynb")
    assert subject(W).loss == 3
    assert subject.remarks == ()


def test_a_cell_that_fails_is_named(read):
    subject = read(cells("T = 1 / 0", "def f(W):\n    return T"), file="mine.ipynb")
    assert subject.remarks == ("cell 2, for T, raises ZeroDivisionError: division by zero",)


def test_a_cell_that_fails_where_it_defines_the_function_is_an_obstacle(read):
    with pytest.raises(Obstacle, match=r"cell 2 is Python 2: it has a print statement"):
        read(cells("def f(W):\n    print 1"), file="mine.ipynb")


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"cells": [1]}', b"not json", b'"x"'])
def test_what_is_no_notebook_is_an_obstacle(read, content):
    with pytest.raises(Obstacle, match=r"mine\.ipynb is not a notebook"):
        read(content, file="mine.ipynb")


def test_nothing_is_run_when_a_file_is_read(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text("raise SystemExit\ndef f(W): return 1\n")
    assert list(read_source(path).functions) == ["f"]
