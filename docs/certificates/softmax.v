(* What softmax.md says, for Coq: made by gradbook certify, accepted by coqc.

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
Proof. intros f x l m H <-; exact H. Qed.

Lemma slope_of : forall f g x l, (forall z, f z = g z) ->
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
Ltac not_0 := apply not_eq_sym, Rlt_not_eq; positive.

(* ℓ; its slopes as S6 claims them. *)
Module Loss_1.

(* What a class adds to the total; the loss and its slopes, of the label's score and the total T. *)
Definition share (a : R) : R := (exp a).
Definition loss_of (sy T : R) : R := (- (ln ((/ T) * (exp sy)))).
Definition mu_other (a sy T : R) : R := ((/ T) * (exp a)).
Definition mu_label (sy T : R) : R := (((/ T) * (exp sy)) - 1).

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
  derivable_pt_lim (fun a => loss_of sy (r + (exp a))) a (mu_other a sy (r + (exp a))).
Proof.
  intros a sy r H. unfold loss_of, mu_other.
  assert (H0 : 0 < ((/ (r + (exp a))) * (exp sy))) by positive.
  assert (H1 : (r + (exp a)) <> 0) by not_0.
  eapply slope_is.
  - exact (derivable_pt_lim_opp (fun a => (ln ((/ (r + (exp a))) * (exp sy)))) a _ (derivable_pt_lim_comp (fun a => ((/ (r + (exp a))) * (exp sy))) ln a _ _ (derivable_pt_lim_mult (fun a => (/ (r + (exp a)))) (fun a => (exp sy)) a _ _ (inverse_slope (fun a => (r + (exp a))) a _ (derivable_pt_lim_plus (fun a => r) (fun a => (exp a)) a _ _ (derivable_pt_lim_const r a) (derivable_pt_lim_comp (fun a => a) exp a _ _ (derivable_pt_lim_id a) (derivable_pt_lim_exp _))) H1) (derivable_pt_lim_const (exp sy) a)) (derivable_pt_lim_ln _ H0))).
  - cbv beta. field. repeat split; not_0.
Qed.

Lemma by_label : forall sy r, 0 <= r ->
  derivable_pt_lim (fun sy => loss_of sy (r + (exp sy))) sy (mu_label sy (r + (exp sy))).
Proof.
  intros sy r H. unfold loss_of, mu_label.
  assert (H0 : 0 < ((/ (r + (exp sy))) * (exp sy))) by positive.
  assert (H1 : (r + (exp sy)) <> 0) by not_0.
  eapply slope_is.
  - exact (derivable_pt_lim_opp (fun sy => (ln ((/ (r + (exp sy))) * (exp sy)))) sy _ (derivable_pt_lim_comp (fun sy => ((/ (r + (exp sy))) * (exp sy))) ln sy _ _ (derivable_pt_lim_mult (fun sy => (/ (r + (exp sy)))) (fun sy => (exp sy)) sy _ _ (inverse_slope (fun sy => (r + (exp sy))) sy _ (derivable_pt_lim_plus (fun sy => r) (fun sy => (exp sy)) sy _ _ (derivable_pt_lim_const r sy) (derivable_pt_lim_comp (fun sy => sy) exp sy _ _ (derivable_pt_lim_id sy) (derivable_pt_lim_exp _))) H1) (derivable_pt_lim_comp (fun sy => sy) exp sy _ _ (derivable_pt_lim_id sy) (derivable_pt_lim_exp _))) (derivable_pt_lim_ln _ H0))).
  - cbv beta. field. repeat split; not_0.
Qed.

(* For every number of classes: the slope by the score of any class ... *)
Theorem slope_by_other : forall before after a sy,
  derivable_pt_lim (fun a => loss sy (before ++ a :: after)) a
    (mu_other a sy (total (sy :: before ++ a :: after))).
Proof.
  intros. unfold loss. set (r := total (sy :: before ++ after)).
  assert (E : forall a, total (sy :: before ++ a :: after) = (r + (exp a))).
  { intros z. unfold r. simpl. rewrite total_with. unfold share. ring. }
  rewrite E. apply (slope_of (fun a => loss_of sy (r + (exp a))));
    [intros z; now rewrite E | apply by_other, total_not_below_0].
Qed.

(* ... and by that of the label. *)
Theorem slope_by_label : forall others sy,
  derivable_pt_lim (fun sy => loss sy others) sy (mu_label sy (total (sy :: others))).
Proof.
  intros. unfold loss. set (r := total others).
  assert (E : forall sy, total (sy :: others) = (r + (exp sy))).
  { intros z. unfold r. simpl. unfold share. ring. }
  rewrite E. apply (slope_of (fun sy => loss_of sy (r + (exp sy))));
    [intros z; now rewrite E | apply by_label, total_not_below_0].
Qed.

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
  assert (E : ((/ (T * exp t)) * (exp (t + sy))) = ((/ T) * (exp sy))) by (rewrite exp_plus; field; repeat split; not_0).
  rewrite E. reflexivity.
Qed.

End Loss_1.

Print Assumptions Loss_1.slope_by_other.
Print Assumptions Loss_1.slope_by_label.
Print Assumptions Loss_1.slopes_sum_to_zero.
Print Assumptions Loss_1.shift.
