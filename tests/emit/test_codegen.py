"""Target "codegen": the C is clean, exact and fast to come by, and every mistake in it shows."""

import multiprocessing
import threading
from math import fsum

import numpy as np
import pytest
from compilers import compile_strictly, run_under_sanitizers
from losses_and_data import (
    EXACT,
    cross_entropy,
    integers,
    is_exact,
    loss,
    regions,
    squared,
    svm,
)
from sympy import Piecewise, Rational, Sum, Symbol, besselj, exp, pi, sqrt

import gradbook
from gradbook.emit import build, emit
from gradbook.emit.codegen import compiled
from gradbook.kernels import by_hand
from gradbook.loss import Loss
from gradbook.notation import C, hinge, j, s, unequal, y

ODD = (
    loss("no_label", Sum(hinge(s[j]) ** 3, (j, 0, C - 1))),
    loss("linear", Sum(sqrt(pi) * s[j], (j, 0, C - 1))),
    loss("label_as_a_number", Sum((s[j] - y) ** 2 / (1 + y), (j, 0, C - 1))),
    loss("numbers_with_names", Sum(exp(-(s[j] ** 2)) * sqrt(pi) + exp(1), (j, 0, C - 1))),
    Loss("a /* comment */ in a name??/", Sum(hinge(s[j] - s[y]), (j, 0, C - 1)), "int"),
)


def test_the_source_is_c_to_read():
    source = emit(svm, "codegen", classes=3, features=2).source
    assert source.startswith("/*\n   multi-class SVM loss")
    assert f"gradbook {gradbook.__version__}, SymPy 1.14.0, target codegen\n" in source
    assert "C = 3 classes, m = 2 features" in source
    assert "        const real u_2 = s_2 - s_y + 1;\n" in source
    assert "        s[1][lane] = W[3]*x[0][lane] + W[4]*x[1][lane] + W[5]*x[2][lane];\n" in source
    assert max(map(len, source.splitlines())) <= 100


def test_the_routines_do_not_branch():
    source = emit(squared, "codegen", classes=3, features=2).source
    routines = source[source.index("static void scores") : source.index("typedef struct")]
    assert "if" not in routines
    assert "pow" not in routines


@pytest.mark.quick("multiclass_svm", "pairs-double", "squared_hinge-float")
@pytest.mark.parametrize("real", ["double", "float"])
@pytest.mark.parametrize("loss", [*EXACT, cross_entropy, *ODD], ids=lambda loss: loss.key)
def test_the_source_compiles_without_a_warning(loss, real, tmp_path):
    source = emit(loss, "codegen", classes=3, features=2).source
    assert compile_strictly(source, tmp_path, f"-DREAL={real}") == (0, "")


MAIN = """
#include <stdio.h>
int main(void)
{
    const int64_t sizes[] = {1, 7, 8, 9, 15, 16, 511, 512, 513, 1024, 1100};
    for (int i = 0; i < 11; i++) {
        const int64_t n = sizes[i];
        real *W = malloc(classes*width*sizeof(real)), *X = malloc((size_t)n*width*sizeof(real));
        int64_t *y = malloc((size_t)n*sizeof(int64_t));
        double L, *dL = malloc(classes*width*sizeof(double));
        for (int64_t k = 0; k < classes*width; k++)
            W[k] = (real)(k*7 % 5 - 2);
        for (int64_t k = 0; k < n*width; k++)
            X[k] = (real)(k*11 % 7 - 3);
        for (int64_t k = 0; k < n; k++)
            y[k] = k*k % classes;
        if (loss_and_gradient(n, W, X, y, &L, dL))
            return 1;
        printf("%.17g", L);
        for (int64_t k = 0; k < classes*width; k++)
            printf(" %.17g", dL[k]);
        printf("\\n");
        free(W); free(X); free(y); free(dL);
    }
    return 0;
}
"""


def expected_of_main(loss, classes, width):
    W = np.array([k * 7 % 5 - 2 for k in range(classes * width)]).reshape(classes, width)
    for n in (1, 7, 8, 9, 15, 16, 511, 512, 513, 1024, 1100):
        X = np.array([k * 11 % 7 - 3 for k in range(n * width)]).reshape(n, width)
        value, gradient = loss.exact(W, X, [k * k % classes for k in range(n)])
        yield [value, *gradient.ravel()]


@pytest.mark.quick("loss0-size0-double")
@pytest.mark.parametrize("real", ["double", "float"])
@pytest.mark.parametrize(("loss", "size"), [(svm, (3, 2)), (squared, (4, 0)), (svm, (11, 3))])
def test_the_source_runs_clean_under_sanitizers(loss, size, real, tmp_path):
    classes, features = size
    source = emit(loss, "codegen", classes=classes, features=features).source
    done = run_under_sanitizers(source + MAIN, tmp_path, real)
    assert (done.returncode, done.stderr) == (0, "")
    found = [[float(word) for word in line.split()] for line in done.stdout.splitlines()]
    # The sums are exact; the one division by n is rounded.
    expected = [
        [float(value) for value in row] for row in expected_of_main(loss, classes, features + 1)
    ]
    assert found == expected


@pytest.mark.parametrize(
    ("right", "wrong"), [("W[8]", "W[9]"), ("y + done, g);\n            else", "y + n, g);\n else")]
)
def test_the_sanitizers_notice_a_read_beyond_the_data(right, wrong, tmp_path):
    source = emit(svm, "codegen", classes=3, features=2).source
    assert right in source
    done = run_under_sanitizers(source.replace(right, wrong) + MAIN, tmp_path)
    assert done.returncode != 0
    assert "AddressSanitizer" in done.stderr


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("(u_1 > 0)", "(u_1 >= 0)"),
        ("u_1 > 0 ? u_1 : 0", "u_1 > 0 ? u_1 : u_1"),
        ("u_1 = s_1 - s_y + 1", "u_1 = s_1 - s_y - 1"),
        ("-t_0 - t_1 - t_2", "-t_0 - on_1 - t_2"),
        ("mu[2][lane] = is_2*t_3 + t_2", "mu[2][lane] = is_2*t_3 - t_2"),
        ("G[6][lane] += mu[2]", "G[6][lane] += mu[1]"),
        ("G[7][lane] += mu[2][lane]*x[1]", "G[7][lane] += mu[2][lane]*x[2]"),
        ("is_1 = (1 == y[lane])", "is_1 = (2 == y[lane])"),
        ("s[1][lane] = W[3]", "s[1][lane] = W[0]"),
        ("dL[k] /= (double)n", "dL[k] /= classes"),
    ],
)
def test_a_wrong_source_differs_in_some_region(right, wrong):
    source = emit(svm, "codegen", classes=3, features=2).source
    assert right in source
    function = compiled(source.replace(right, wrong), 3, 2)
    assert not all(is_exact(function, svm, *data) for data in regions(3, 2))


def test_the_source_is_exact_in_every_region():
    function = compiled(emit(svm, "codegen", classes=3, features=2).source, 3, 2)
    assert all(is_exact(function, svm, *data) for data in regions(3, 2))


@pytest.mark.quick("float64-2048", "float32-1024")
@pytest.mark.parametrize("n", [1, 2, 4, 8, 16, 32, 512, 1024, 2048])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_number_of_examples_is_summed_whole(n, dtype):
    kernel = emit(svm, "codegen", classes=3, features=2)
    assert is_exact(kernel, svm, *integers(3, 2, n, dtype=dtype))


@pytest.mark.parametrize("n", [3, 5, 7, 9, 17, 513, 1000])
def test_a_group_that_is_not_full_counts_what_it_has(n):
    W, X, y = integers(3, 2, n)
    value, gradient = emit(svm, "codegen", classes=3, features=2)(W, X, y)
    exact_value, exact_gradient = svm.exact(W, X, y)
    assert value == float(exact_value)
    assert np.array_equal(gradient, exact_gradient.astype(float))


@pytest.mark.thorough
@pytest.mark.parametrize(("dtype", "within"), [(np.float64, 1e-15), (np.float32, 2e-7)])
def test_the_loss_of_many_examples_keeps_its_digits(dtype, within):
    rng = np.random.default_rng(5)
    n = 200_000
    W = rng.standard_normal((3, 3)).astype(dtype)
    X = rng.standard_normal((n, 3)).astype(dtype)
    y = rng.integers(0, 3, n)
    value, gradient = emit(svm, "codegen", classes=3, features=2)(W, X, y)
    S = X @ W.T
    margins = np.maximum(S - S[np.arange(n), y][:, None] + 1, 0)
    margins[np.arange(n), y] = 0
    assert value == pytest.approx(fsum(margins.ravel()) / n, rel=within)
    _, wide = by_hand("multiclass_svm")[0](W.astype(float), X.astype(float), y)
    assert gradient == pytest.approx(wide, abs=within * 10)


def test_float32_and_float64_are_both_computed_in_their_own_precision():
    kernel = emit(svm, "codegen", classes=2, features=0)
    W, X = np.array([[1.0], [1 + 2.0**-20]]), np.array([[1.0 + 2.0**-20]])
    exact, _ = svm.exact(W, X, [0])
    assert kernel(W, X, [0])[0] == float(exact)
    single = kernel(W.astype(np.float32), X.astype(np.float32), [0])
    assert single[0] == np.float32(exact)
    assert single[0] != exact
    assert single[1].dtype == np.float32


def test_data_that_are_not_aligned_are_read():
    raw = np.zeros(8 * 9 + 1, np.uint8)
    X = raw[1:].view(np.float64).reshape(3, 3)
    W, X[:], y = (array[:3] for array in integers(3, 2, 4))
    assert not X.flags.aligned
    kernel = emit(svm, "codegen", classes=3, features=2)
    assert kernel(W, X, y)[0] == kernel(W, X.copy(), y)[0]


def test_without_a_compiler_nothing_is_emitted_that_was_not_compared(monkeypatch, empty_cache):
    compared = emit(svm, "codegen", classes=3, features=2)
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CC", raising=False)
    assert emit(svm, "codegen", classes=3, features=2).source == compared.source
    with pytest.raises(build.NoCompiler, match=r"^no C compiler: "):
        emit(squared, "codegen", classes=3, features=2)


def test_many_threads_may_make_the_first_call():
    kernel = emit(svm, "codegen", classes=4, features=1)
    data = integers(4, 1, 64)
    expected = svm.exact(*data)[0]
    found = []
    threads = [
        threading.Thread(target=lambda: found.extend(kernel(*data)[0] for _ in range(50)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 400


def _value(kernel, data, results):
    results.put(kernel(*data)[0])


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:os.fork.. was called:RuntimeWarning")  # JAX, if loaded
def test_a_loaded_kernel_works_in_a_forked_process():
    if "fork" not in multiprocessing.get_all_start_methods():
        pytest.skip("this system cannot fork")
    context = multiprocessing.get_context("fork")
    kernel = emit(svm, "codegen", classes=3, features=2)
    data = integers(3, 2, 64)
    expected = kernel(*data)[0]
    results = context.SimpleQueue()
    child = context.Process(target=_value, args=(kernel, data, results))
    child.start()
    child.join(30)
    assert child.exitcode == 0
    assert results.get() == expected


@pytest.mark.parametrize("loss", ODD, ids=lambda loss: loss.key)
def test_odd_losses_compute_what_lambdify_computes(loss):
    data = integers(3, 2, 8)
    value, gradient = emit(loss, "codegen", classes=3, features=2)(*data)
    expected, expected_gradient = emit(loss, "lambdify", classes=3, features=2)(*data)
    assert value == pytest.approx(expected, rel=1e-14)
    assert gradient == pytest.approx(expected_gradient, rel=1e-13, abs=1e-13)


def test_a_function_that_c_does_not_have_is_refused():
    unknown = loss("unknown", Sum(besselj(1, s[j]), (j, 0, C - 1)))
    with pytest.raises(
        ValueError, match=r"^loss must be made of functions that C99 has, not besse"
    ):
        emit(unknown, "codegen", classes=2, features=0)


def test_a_piecewise_function_is_printed_as_an_expression():
    half = Rational(1, 2)
    huber = Piecewise((s[j] ** 2 / 2, s[j] ** 2 < 1), (hinge(s[j]) + hinge(-s[j]) - half, True))
    formula = loss("huber", Sum(unequal(j, y) * huber, (j, 0, C - 1)))
    kernel = emit(formula, "codegen", classes=2, features=0)
    assert kernel([[0.0], [0.5]], [[1.0]], [0])[0] == 0.125
    assert kernel([[0.0], [-3.0]], [[1.0]], [0])[0] == 2.5
    assert Symbol("y") not in formula.formula.free_symbols
