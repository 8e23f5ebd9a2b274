"""A certificate of a loss that is a sum over the other classes, for every number of them.

The classes but the label are a list of any length; what is proved of one summand is carried to the
list by induction over it.
"""

from __future__ import annotations

from sympy import Expr, Ge, Symbol

from gradbook.certify.coq import slope, term
from gradbook.certify.summed import LABEL, OTHER, Summed
from gradbook.notation import hinge
from gradbook.prove.query import Query

#: What is proved, by the names that it has in a script.
THEOREMS = ("slope_by_other", "slope_by_label", "subgradient", "slopes_sum_to_zero", "shift")
#: The same at a second point, s′.
PRIMED = {OTHER: Symbol("b", real=True), LABEL: Symbol("ty", real=True)}


def of_sum(loss: Summed) -> str:
    """The definitions and theorems of one loss. Raises coq.NotWritten."""
    own = [Symbol(f"d{place}", real=True) for place, _ in enumerate(loss.besides, start=1)]
    letters = dict(zip(loss.besides, own, strict=True))
    f, other, label = (each.xreplace(letters) for each in (loss.term, loss.other, loss.label))
    kinks = sorted({each.args[0] for each in f.atoms(hinge)}, key=str)
    known = {u: f"H{place}" for place, u in enumerate(kinks)}
    d = "".join(f" {each}" for each in own)
    fills = {
        "D": d,
        "CLASS": f"({' * '.join(['R'] * (1 + len(own)))})%type",
        "AD": _tuple("a", own),
        "POINT": f"(b, {_tuple('a', own)})",
        "LET": f"let {_tuple('a', own)}" if not own else f"let '{_tuple('a', own)}",
        "FUN": f"'{_tuple('a', own)}" if own else "a",
        "SHIFTED": _tuple("a + t", own),
        "BD": _tuple("b", own),
        "E": "".join(f" e{k}" for k, _ in enumerate(own)),
        "INTRO_AD": _pattern(["a", *map(str, own)]),
        "INTRO_BE": _pattern(["b", *(f"e{k}" for k, _ in enumerate(own))]),
        "INTRO_POINT": f"[b {_pattern(['a', *map(str, own)])}]",
        "TERM": term(f),
        "OTHER": term(other),
        "LABEL": term(label),
        "OFF": " /\\ ".join(f"{term(u)} <> 0" for u in kinks) or "True",
        "GIVEN": _conjunction(list(known.values())),
        "BY_OTHER": slope(f, OTHER, lambda u, sign: known[u]),
        "BY_LABEL": slope(f, LABEL, lambda u, sign: known[u]),
        "SQUARES": " ".join(
            f"pose proof (Rle_0_sqr ({term(u.xreplace(PRIMED))} - {term(u)})) as S{place};"
            for place, u in enumerate(kinks)
        ),
    }
    text = _SLOPES + (_SUBGRADIENT if _is_convex(f, other, label) else "") + _SUM_AND_SHIFT
    for name, fill in fills.items():
        text = text.replace(f"@{name}@", fill)
    return text


def _is_convex(f: Expr, other: Expr, label: Expr) -> bool:
    """Whether the slopes are subgradients, as z3 finds: what is not so is not stated."""
    rise = other * (PRIMED[OTHER] - OTHER) + label * (PRIMED[LABEL] - LABEL)
    inequality = Ge(f.xreplace(PRIMED), f + rise, evaluate=False)
    return Query("the tangents lie below", (inequality,)).decide().holds is True


def _tuple(first: str, others: list[Symbol]) -> str:
    found = ", ".join([first, *map(str, others)])
    return f"({found})" if "," in found else found


def _pattern(names: list[str]) -> str:
    """[[a b] d]: ((a, b), d), taken apart."""
    found = names[0]
    for name in names[1:]:
        found = f"[{found} {name}]"
    return found


def _conjunction(names: list[str]) -> str:
    *before, last = names or ["_"]
    for name in reversed(before):
        last = f"[{name} {last}]"
    return last


_SLOPES = """
(* What each class but the label has: its score, and what else the page gives it. *)
Definition class := @CLASS@.

Definition term (a@D@ sy : R) : R := @TERM@.
Definition mu_other (a@D@ sy : R) : R := @OTHER@.
Definition mu_label (a@D@ sy : R) : R := @LABEL@.

(* The loss, and the slope by the label's score: the other classes are a list of any length. *)
Fixpoint loss (sy : R) (others : list class) : R :=
  match others with [] => 0 | @AD@ :: more => term a@D@ sy + loss sy more end.
Fixpoint mu_y (sy : R) (others : list class) : R :=
  match others with [] => 0 | @AD@ :: more => mu_label a@D@ sy + mu_y sy more end.
Definition off_kinks (a@D@ sy : R) : Prop := @OFF@.

Ltac cases :=
  intros; cbv beta; unfold term, mu_other, mu_label, hinge, step, closed_step, Rsqr in *;
  repeat (destruct Rlt_dec || destruct Rle_dec); (ring || lra || nra).

Lemma term_by_other : forall a@D@ sy, off_kinks a@D@ sy ->
  derivable_pt_lim (fun a => term a@D@ sy) a (mu_other a@D@ sy).
Proof.
  intros a@D@ sy @GIVEN@. eapply slope_is.
  - exact @BY_OTHER@.
  - cases.
Qed.

Lemma term_by_label : forall a@D@ sy, off_kinks a@D@ sy ->
  derivable_pt_lim (fun sy => term a@D@ sy) sy (mu_label a@D@ sy).
Proof.
  intros a@D@ sy @GIVEN@. eapply slope_is.
  - exact @BY_LABEL@.
  - cases.
Qed.

(* In every region, for every number of classes: the slope by the score of any class ... *)
Theorem slope_by_other : forall before after a@D@ sy, off_kinks a@D@ sy ->
  derivable_pt_lim (fun a => loss sy (before ++ @AD@ :: after)) a (mu_other a@D@ sy).
Proof.
  intros before after a@D@ sy H. induction before as [|@INTRO_BE@ more IH]; simpl; eapply slope_is.
  - apply (derivable_pt_lim_plus (fun a => term a@D@ sy) (fun _ => loss sy after));
      [now apply term_by_other | apply derivable_pt_lim_const].
  - ring.
  - apply (derivable_pt_lim_plus (fun _ => term b@E@ sy));
      [apply derivable_pt_lim_const | exact IH].
  - ring.
Qed.

(* ... and by that of the label. *)
Theorem slope_by_label : forall others sy,
  Forall (fun @FUN@ => off_kinks a@D@ sy) others ->
  derivable_pt_lim (fun sy => loss sy others) sy (mu_y sy others).
Proof.
  intros others sy H. induction H as [|@INTRO_AD@ more off _ IH]; simpl.
  - apply derivable_pt_lim_const.
  - apply (derivable_pt_lim_plus (fun sy => term a@D@ sy)); [now apply term_by_label | exact IH].
Qed.
"""

_SUBGRADIENT = """
Lemma term_subgradient : forall a b@D@ sy ty,
  term b@D@ ty >= term a@D@ sy + mu_other a@D@ sy * (b - a) + mu_label a@D@ sy * (ty - sy).
Proof. intros; @SQUARES@ cases. Qed.

(* Two points: each class has its score at both. *)
Definition point := (R * class)%type.
Definition at_s (p : point) : class := let '@POINT@ := p in @AD@.
Definition at_t (p : point) : class := let '@POINT@ := p in @BD@.
Fixpoint rise (sy : R) (points : list point) : R :=
  match points with [] => 0 | @POINT@ :: more => mu_other a@D@ sy * (b - a) + rise sy more end.

(* No tangent lies above the loss, kinks included, for every number of classes. *)
Theorem subgradient : forall points sy ty,
  loss ty (map at_t points) >=
  loss sy (map at_s points) + rise sy points + mu_y sy (map at_s points) * (ty - sy).
Proof.
  intros points sy ty. induction points as [|@INTRO_POINT@ more IH]; simpl; [lra|].
  pose proof (term_subgradient a b@D@ sy ty). rewrite Rmult_plus_distr_r. lra.
Qed.
"""

_SUM_AND_SHIFT = """
Lemma term_sum : forall a@D@ sy, mu_other a@D@ sy + mu_label a@D@ sy = 0.
Proof. cases. Qed.

Fixpoint mu_others (sy : R) (others : list class) : R :=
  match others with [] => 0 | @AD@ :: more => mu_other a@D@ sy + mu_others sy more end.

Theorem slopes_sum_to_zero : forall others sy, mu_others sy others + mu_y sy others = 0.
Proof.
  intros others sy. induction others as [|@INTRO_AD@ more IH]; simpl; [ring|].
  pose proof (term_sum a@D@ sy). lra.
Qed.

Lemma term_shift : forall a@D@ sy t, term (a + t)@D@ (sy + t) = term a@D@ sy.
Proof. cases. Qed.

Definition shifted (t : R) (c : class) : class := @LET@ := c in @SHIFTED@.

Theorem shift : forall others sy t, loss (sy + t) (map (shifted t) others) = loss sy others.
Proof.
  intros others sy t. induction others as [|@INTRO_AD@ more IH]; simpl; [reflexivity|].
  rewrite IH. f_equal. apply term_shift.
Qed.
"""
