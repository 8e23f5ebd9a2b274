"""A certificate of a loss of the label's score and a total over all classes, such as softmax's.

The other classes are a list of any length. The slope by one score is that of a function of one
letter, where what the others add to the total is a number that is not below 0.
"""

from __future__ import annotations

from sympy import Expr, Symbol, cancel, exp, log

from gradbook.certify.coq import slope, term
from gradbook.certify.summed import LABEL, OTHER
from gradbook.certify.totalled import TOTAL, Totalled

#: What the other classes add to the total.
REST = Symbol("r", real=True)


def of_total(loss: Totalled) -> str:
    """The definitions and theorems of one loss. Raises coq.NotWritten."""
    share = loss.share
    with_a, with_sy = share + REST, share.xreplace({OTHER: LABEL}) + REST
    text = _SLOPES
    if not cancel(loss.other / share).free_symbols - {TOTAL}:
        text += _SUM
    logs = sorted(loss.loss.atoms(log), key=str)
    outside = loss.loss.xreplace(dict.fromkeys(logs, Symbol("_")))
    if share == exp(OTHER) and len(logs) == 1 and not outside.free_symbols & {LABEL, TOTAL}:
        # As the goal of the theorem has them: nothing may be multiplied out.
        moved = {LABEL: Symbol("(t + sy)"), TOTAL: Symbol("(T * exp t)")}
        of = logs[0].args[0]
        text += _SHIFT.replace("@MOVED@", term(of.xreplace(moved))).replace("@SAME@", term(of))
    fills = {
        "SHARE": term(share),
        "LOSS": term(loss.loss),
        "OTHER": term(loss.other),
        "LABEL": term(loss.label),
        "WITH_A": term(with_a),
        "WITH_SY": term(with_sy),
        "BY_OTHER": _steps(loss.loss.xreplace({TOTAL: with_a}), OTHER),
        "BY_LABEL": _steps(loss.loss.xreplace({TOTAL: with_sy}), LABEL),
    }
    for name, fill in fills.items():
        text = text.replace(f"@{name}@", fill)
    return text


def _steps(expr: Expr, v: Symbol) -> str:
    """That each argument is in its domain, and then the slope by v."""
    known: dict[tuple[Expr, str], str] = {}
    proof = slope(expr, v, lambda u, sign: known.setdefault((u, sign), f"H{len(known)}"))
    facts = [
        f"  assert ({name} : {f'{term(u)} <> 0' if sign == '≠' else f'0 < {term(u)}'})"
        f" by {'not_0' if sign == '≠' else 'positive'}."
        for (u, sign), name in known.items()
    ]
    return "\n".join([*facts, "  eapply slope_is.", f"  - exact {proof}."])


HEAD = """Lemma slope_of : forall f g x l, (forall z, f z = g z) ->
  derivable_pt_lim f x l -> derivable_pt_lim g x l.
Proof.
  intros f g x l same H eps above. destruct (H eps above) as [delta near]. exists delta.
  intros h not_0 small. rewrite <- !same. now apply near.
Qed.

Lemma inverse_slope : forall f x l, derivable_pt_lim f x l -> f x <> 0 ->
  derivable_pt_lim (fun x => / f x) x (- l / (f x * f x)).
Proof.
  intros f x l H not_0. apply (slope_of (fun x => 1 / f x)); [intros z; unfold Rdiv; ring|].
  eapply slope_is.
  - exact (derivable_pt_lim_div (fun _ => 1) f x 0 l (derivable_pt_lim_const 1 x) H not_0).
  - unfold Rsqr. field. exact not_0.
Qed.

Ltac positive := repeat (assumption || apply exp_pos || apply Rinv_0_lt_compat ||
  apply Rmult_lt_0_compat || (apply Rplus_lt_le_0_compat; [positive | assumption]) ||
  (apply Rplus_le_lt_0_compat; [assumption | positive])).
Ltac not_0 := apply not_eq_sym, Rlt_not_eq; positive."""

_SLOPES = """
(* What a class adds to the total; the loss and its slopes, of the label's score and the total T. *)
Definition share (a : R) : R := @SHARE@.
Definition loss_of (sy T : R) : R := @LOSS@.
Definition mu_other (a sy T : R) : R := @OTHER@.
Definition mu_label (sy T : R) : R := @LABEL@.

(* The classes are the label's score and a list of any length. *)
Fixpoint total (classes : list R) : R :=
  match classes with [] => 0 | a :: more => share a + total more end.
Definition loss (sy : R) (others : list R) : R := loss_of sy (total (sy :: others)).

Lemma total_not_below_0 : forall classes, 0 <= total classes.
Proof.
  induction classes as [|a more IH]; simpl; [lra|]. apply Rlt_le. unfold share. positive.
Qed.

Lemma total_with : forall before after a,
  total (before ++ a :: after) = share a + total (before ++ after).
Proof.
  intros. induction before as [|b more IH]; simpl; [reflexivity|]. rewrite IH. ring.
Qed.

Lemma by_other : forall a sy r, 0 <= r ->
  derivable_pt_lim (fun a => loss_of sy @WITH_A@) a (mu_other a sy @WITH_A@).
Proof.
  intros a sy r H. unfold loss_of, mu_other.
@BY_OTHER@
  - cbv beta. field. repeat split; not_0.
Qed.

Lemma by_label : forall sy r, 0 <= r ->
  derivable_pt_lim (fun sy => loss_of sy @WITH_SY@) sy (mu_label sy @WITH_SY@).
Proof.
  intros sy r H. unfold loss_of, mu_label.
@BY_LABEL@
  - cbv beta. field. repeat split; not_0.
Qed.

(* For every number of classes: the slope by the score of any class ... *)
Theorem slope_by_other : forall before after a sy,
  derivable_pt_lim (fun a => loss sy (before ++ a :: after)) a
    (mu_other a sy (total (sy :: before ++ a :: after))).
Proof.
  intros. unfold loss. set (r := total (sy :: before ++ after)).
  assert (E : forall a, total (sy :: before ++ a :: after) = @WITH_A@).
  { intros z. unfold r. simpl. rewrite total_with. unfold share. ring. }
  rewrite E. apply (slope_of (fun a => loss_of sy @WITH_A@));
    [intros z; now rewrite E | apply by_other, total_not_below_0].
Qed.

(* ... and by that of the label. *)
Theorem slope_by_label : forall others sy,
  derivable_pt_lim (fun sy => loss sy others) sy (mu_label sy (total (sy :: others))).
Proof.
  intros. unfold loss. set (r := total others).
  assert (E : forall sy, total (sy :: others) = @WITH_SY@).
  { intros z. unfold r. simpl. unfold share. ring. }
  rewrite E. apply (slope_of (fun sy => loss_of sy @WITH_SY@));
    [intros z; now rewrite E | apply by_label, total_not_below_0].
Qed.
"""

_SUM = """
Fixpoint mu_others (sy T : R) (others : list R) : R :=
  match others with [] => 0 | a :: more => mu_other a sy T + mu_others sy T more end.

Theorem slopes_sum_to_zero : forall others sy,
  mu_others sy (total (sy :: others)) others + mu_label sy (total (sy :: others)) = 0.
Proof.
  intros. set (T := total (sy :: others)).
  assert (P : 0 < T).
  { unfold T; simpl; unfold share. pose proof (total_not_below_0 others). positive. }
  assert (M : forall l, mu_others sy T l * T = total l * (mu_other sy sy T * T / share sy)).
  { induction l as [|a more IH]; simpl; [ring|]. rewrite Rmult_plus_distr_r, IH.
    unfold mu_other, share. field. repeat split; not_0. }
  apply (Rmult_eq_reg_r T); [|not_0]. rewrite Rmult_plus_distr_r, M.
  replace (total others) with (T - share sy) by (unfold T; simpl; ring).
  unfold mu_label, mu_other, share. field. repeat split; not_0.
Qed.
"""

_SHIFT = """
Lemma total_shift : forall classes t, total (map (Rplus t) classes) = total classes * exp t.
Proof.
  intros. induction classes as [|a more IH]; simpl; [ring|].
  rewrite IH. unfold share. rewrite exp_plus. ring.
Qed.

Theorem shift : forall others sy t, loss (t + sy) (map (Rplus t) others) = loss sy others.
Proof.
  intros. unfold loss. change (t + sy :: map (Rplus t) others) with (map (Rplus t) (sy :: others)).
  rewrite total_shift. set (T := total (sy :: others)).
  assert (P : 0 < T).
  { unfold T; simpl; unfold share. pose proof (total_not_below_0 others). positive. }
  unfold loss_of. pose proof (exp_pos t).
  assert (E : @MOVED@ = @SAME@) by (rewrite exp_plus; field; repeat split; not_0).
  rewrite E. reflexivity.
Qed.
"""
