"""Is this function right, and if not, what is wrong with it? The judge of functions people have.

`judge(subject, loss)` asks a function exact questions and explains what it answers. In the order in
which a function passes:

    signature, forced     what its parameters are, by their names, and what a person has said
    convention, detect    how it wants its arguments; in_vain says why it answered in none
    of_scores, sizes      functions of given scores; functions that state their sizes
    reduction, weighed    the sum or the mean; a weight C of the data in place of the penalty's
    settle, other_penalty  the value at a kink, and the penalty
    other_losses          what is another loss, of those that are known (known_losses)

    question, scene       one question: the right answer, and what is special about it
    dual, values          the right answers of any loss, with what rounding comes to
    deck, apart, variety  what is asked: every region and kink, each example by itself, any kind
    base_set, further     what must all be right; and more, to tell what the wrong goes with
    asking, presentation, reply  the question in the function's own convention, and back
    evidence, answered    what was answered, beside what is right and what rounding allows

    faults                what people do instead: a file each; rewriting, printed for formulas
    edits, hypothesis     a fault as a change of one part, and what few of them predict
    search, work          the hypotheses that predict every answer, within so much work
    conditions, where     where alone it is wrong: traits and thresholds are the words
    diagnosis, fault      from answers to what is wrong; facts, where no fault explains it
    constants, failures, overflow  answers that are always the same, missing, or no number
    examples              how much each example of a batch counts
    penalty               what reg adds: its forms, strength, batches, and where it is wrong
                          (penalty_forms, penalty_strength, penalty_batches, penalty_where)
    bias, options, other_margins  a bias beside W, weights of examples, a margin that is given
    purity, history, state  what is written to, and what is kept: stale, accumulated or drawn
    letters, of_page      functions of a whole page, by its letters; times, what their gradients are
    numerical             other types and layouts in memory
    numbers_in_words      measured numbers, as short as they can be said

    judge                 all of it; of_python, for any function of this process
    judgement, table, example  what was found, the measured coefficients, and a call that shows it
"""

from gradbook.judge.convention import Convention
from gradbook.judge.forced import Forced
from gradbook.judge.judge import judge
from gradbook.judge.judgement import Finding, Judgement, Mend, Row
from gradbook.judge.of_python import check

__all__ = ["Convention", "Finding", "Forced", "Judgement", "Mend", "Row", "check", "judge"]
