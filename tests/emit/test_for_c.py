"""Target "c": loops to read that run anywhere, for any size, and every mistake in them shows."""

import re

import pytest
from compilers import compile_strictly, run_under_sanitizers
from losses_and_data import EXACT, cross_entropy, integers, is_exact, loss, regions, squared, svm
from sympy import Sum, besselj, exp, pi, sqrt

import gradbook
from gradbook.emit import emit
from gradbook.emit.for_c import compiled
from gradbook.loss import Loss
from gradbook.notation import C, hinge, j, s, unequal, y

ODD = (
    loss("no_label", Sum(hinge(s[j]) ** 3, (j, 0, C - 1))),
    loss("no_score", Sum(hinge(1 - s[y]), (j, 0, C - 1))),
    loss("nothing", sqrt(pi) * C),
    loss("shares", Sum(unequal(j, y) * hinge(s[j]) * exp(-(s[j] ** 2)), (j, 0, C - 1)) / C),
    Loss("a /* comment */ in a name??/", Sum(hinge(s[j] - s[y]), (j, 0, C - 1)), "int"),
)


def test_the_source_is_c_to_read():
    source = emit(svm, "c").source
    assert source.startswith("/*\n   multi-class SVM loss")
    assert f"gradbook {gradbook.__version__}, SymPy 1.14.0, target c\n" in source
    assert "\n     r1    = Σ_{a≠y} 1{s_a - s_y + 1 > 0}\n" in source
    assert "            const real u = s[a] - s_y + 1;\n" in source
    assert "        mu[label] = -r1;\n" in source
    assert max(map(len, source.splitlines())) <= 100


@pytest.mark.quick("multiclass_svm", "shares-double", "squared_hinge-float")
@pytest.mark.parametrize("real", ["double", "float"])
@pytest.mark.parametrize("loss", [*EXACT[:-1], cross_entropy, *ODD], ids=lambda loss: loss.key)
def test_the_source_compiles_without_a_warning(loss, real, tmp_path):
    assert compile_strictly(emit(loss, "c").source, tmp_path, f"-DREAL={real}") == (0, "")


MAIN = """
#include <stdio.h>
int main(void)
{
    const int64_t sizes[][3] = {{1, 2, 1}, {4, 2, 8}, {8, 3, 7}, {16, 11, 9}, {32, 5, 33}};
    for (int k = 0; k < 5; k++) {
        const int64_t n = sizes[k][0], C = sizes[k][1], D = sizes[k][2];
        real *W = malloc((size_t)(C*D)*sizeof *W), *X = malloc((size_t)(n*D)*sizeof *X);
        int64_t *y = malloc((size_t)n*sizeof *y);
        for (int64_t b = 0; b < C*D; b++)
            W[b] = (real)(b*7 % 5 - 2);
        for (int64_t b = 0; b < n*D; b++)
            X[b] = (real)(b*11 % 7 - 3);
        for (int64_t i = 0; i < n; i++)
            y[i] = i*i % C;
        @call
        printf("%.17g", L);
        for (int64_t b = 0; b < C*D; b++)
            printf(" %.17g", dL[b]);
        printf("\\n");
        free(W); free(X); free(y); free(dL);
    }
    return 0;
}
"""


def expected_of_main(loss):
    for n, classes, D in [(1, 2, 1), (4, 2, 8), (8, 3, 7), (16, 11, 9), (32, 5, 33)]:
        W = [[(a * D + b) * 7 % 5 - 2 for b in range(D)] for a in range(classes)]
        X = [[(i * D + b) * 11 % 7 - 3 for b in range(D)] for i in range(n)]
        value, gradient = loss.exact(W, X, [i * i % classes for i in range(n)])
        yield [float(value), *map(float, gradient.ravel())]


def program(source):
    """The source with a main function that calls it as the comment at its top says."""
    call = re.search(r"    (double L.*)\n *(if \(.*\))\n *… there is no memory", source)
    return source + MAIN.replace("@call", f"{call[1]}\n        {call[2]}\n            return 1;")


@pytest.mark.thorough
@pytest.mark.parametrize("real", ["double", "float"])
@pytest.mark.parametrize("loss", [svm, squared], ids=lambda loss: loss.key)
def test_a_program_that_calls_it_as_its_comment_says_runs_clean_under_sanitizers(
    loss, real, tmp_path
):
    done = run_under_sanitizers(program(emit(loss, "c").source), tmp_path, real)
    assert (done.returncode, done.stderr) == (0, "")
    found = [[float(word) for word in line.split()] for line in done.stdout.splitlines()]
    assert found == list(expected_of_main(loss))


def test_the_softmax_runs_clean_under_sanitizers(tmp_path):
    done = run_under_sanitizers(program(emit(cross_entropy, "c").source), tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("right", "wrong"), [("W + a*D, x", "W + (a + 1)*D, x"), ("malloc((size_t)C*2", "malloc(1*2")]
)
def test_the_sanitizers_notice_an_access_beyond_the_data(right, wrong, tmp_path):
    source = emit(svm, "c").source
    assert right in source
    done = run_under_sanitizers(program(source.replace(right, wrong)), tmp_path)
    assert done.returncode != 0
    assert re.search("AddressSanitizer|runtime error", done.stderr)


def is_right(source):
    function = compiled(source)
    data = [*regions(3, 2), integers(3, 18, 16)]
    return all(is_exact(function, svm, *each) for each in data)


def test_the_source_is_exact_in_every_region():
    assert is_right(emit(svm, "c").source)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("on = (u > 0)", "on = (u >= 0)"),
        ("(u > 0 ? u : 0)", "u"),
        ("s[a] - s_y + 1", "s[a] - s_y - 1"),
        ("r0 = 0, r1 = 0", "r0 = 0, r1 = 1"),
        ("mu[label] = -r1", "mu[label] = -r0"),
        ("if (a == label)", "if (a == 0)"),
        ("dL[a*D + b] += mu[a]*x[b]", "dL[a*D + b] += x[b]"),
        ("int64_t b = 0;\n    for (; b + 8", "int64_t b = 1;\n    for (; b + 8"),
        ("sum[b % 8] += w[b]*x[b]", "sum[b % 8] = w[b]*x[b]"),
        ("(sum[1] + sum[5])", "(sum[1] + sum[4])"),
        ("s_y = s[label]", "s_y = s[0]"),
        ("*L += r0", "*L = r0 + 1"),
    ],
)
def test_a_wrong_source_differs_in_some_region(right, wrong):
    source = emit(svm, "c").source
    assert right in source
    assert not is_right(source.replace(right, wrong))


def test_a_function_that_c_does_not_have_is_refused():
    unknown = loss("unknown", Sum(besselj(1, s[j]), (j, 0, C - 1)))
    with pytest.raises(ValueError, match=r"^loss must be made of functions that C99 has, not bes"):
        emit(unknown, "c")
