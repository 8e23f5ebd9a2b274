"""The whole script of a page: what all losses need, and a module for each loss."""

from __future__ import annotations

from gradbook import arguments
from gradbook.certify.of_sums import THEOREMS, of_sum
from gradbook.certify.of_totals import HEAD, of_total
from gradbook.certify.summed import Summed, summed_losses
from gradbook.certify.totalled import Totalled, totalled_losses
from gradbook.page import Page


def certificate(page: Page) -> str:
    """A script for Coq 8.16 or later, of every loss of the page that is a sum over classes, or made
    of the label's score and a total over all classes.

    Raises ValueError where there is none whose slopes by the scores the page claims, and
    coq.NotWritten, a ValueError, for a formula of other functions.
    """
    arguments.instance("page", page, Page, "a page")
    found: list[tuple[Summed | Totalled, str]] = []
    found += [(loss, of_sum(loss)) for loss in summed_losses(page)]
    parts = [_HEAD.replace("@PAGE@", page.path.name)]
    for total in totalled_losses(page):
        parts += [HEAD] if HEAD not in parts else []
        found.append((total, of_total(total)))
    for place, (loss, text) in enumerate(found, start=1):
        name = f"Loss_{place}"
        said = ", ".join(loss.lines)
        proved = [theorem for theorem in THEOREMS if f"Theorem {theorem} " in text]
        printed = "\n".join(f"Print Assumptions {name}.{theorem}." for theorem in proved)
        parts.append(f"(* {loss.name}; its slopes as {said} claims them. *)\nModule {name}.")
        parts.append(f"{text.strip()}\n\nEnd {name}.\n\n{printed}")
    if not found:
        raise ValueError(
            f"{page.title} has no certificate: it says no loss as a sum over the other classes, or "
            "of a total over all, whose slopes by its scores, or by the rows of W, it claims"
        )
    return "\n\n".join(parts) + "\n"


_HEAD = """(* What @PAGE@ says, for Coq: made by gradbook certify, accepted by coqc.

   The definitions are those of the page; everything below them is proved of them. *)
Require Import Reals Lra List.
Import ListNotations.
Open Scope R_scope.

(* max(0, u), 1{u > 0} and 1{u >= 0} *)
Definition hinge (u : R) : R := if Rlt_dec 0 u then u else 0.
Definition step (u : R) : R := if Rlt_dec 0 u then 1 else 0.
Definition closed_step (u : R) : R := if Rle_dec 0 u then 1 else 0.

Lemma hinge_slope : forall u, u <> 0 -> derivable_pt_lim hinge u (step u).
Proof.
  intros u off eps positive. exists (mkposreal (Rabs u) (Rabs_pos_lt u off)).
  intros h not_0 near; simpl in near. unfold hinge, step. unfold Rabs in near.
  destruct (Rcase_abs h), (Rcase_abs u), (Rlt_dec 0 u), (Rlt_dec 0 (u + h)); try lra;
  match goal with |- Rabs ?e < _ => replace e with 0 by (field; lra); rewrite Rabs_R0; lra end.
Qed.

Lemma slope_is : forall f x l m, derivable_pt_lim f x l -> l = m -> derivable_pt_lim f x m.
Proof. intros f x l m H <-; exact H. Qed."""
