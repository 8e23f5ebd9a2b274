(* What squared_hinge.md says, for Coq: made by gradbook certify, accepted by coqc.

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

(* Q; its slopes as Q4 claims them. *)
Module Loss_1.

(* What each class but the label has: its score, and what else the page gives it. *)
Definition class := (R)%type.

Definition term (a sy : R) : R := ((hinge ((a + 1) - sy)) * (hinge ((a + 1) - sy))).
Definition mu_other (a sy : R) : R := (2 * (hinge ((a + 1) - sy))).
Definition mu_label (a sy : R) : R := (-2 * (hinge ((a + 1) - sy))).

(* The loss, and the slope by the label's score: the other classes are a list of any length. *)
Fixpoint loss (sy : R) (others : list class) : R :=
  match others with [] => 0 | a :: more => term a sy + loss sy more end.
Fixpoint mu_y (sy : R) (others : list class) : R :=
  match others with [] => 0 | a :: more => mu_label a sy + mu_y sy more end.
Definition off_kinks (a sy : R) : Prop := ((a + 1) - sy) <> 0.

Ltac cases :=
  intros; cbv beta; unfold term, mu_other, mu_label, hinge, step, closed_step, Rsqr in *;
  repeat (destruct Rlt_dec || destruct Rle_dec); (ring || lra || nra).

Lemma term_by_other : forall a sy, off_kinks a sy ->
  derivable_pt_lim (fun a => term a sy) a (mu_other a sy).
Proof.
  intros a sy H0. eapply slope_is.
  - exact (derivable_pt_lim_mult (fun a => (hinge ((a + 1) - sy))) (fun a => (hinge ((a + 1) - sy))) a _ _ (derivable_pt_lim_comp (fun a => ((a + 1) - sy)) hinge a _ _ (derivable_pt_lim_minus (fun a => (a + 1)) (fun a => sy) a _ _ (derivable_pt_lim_plus (fun a => a) (fun a => 1) a _ _ (derivable_pt_lim_id a) (derivable_pt_lim_const 1 a)) (derivable_pt_lim_const sy a)) (hinge_slope _ H0)) (derivable_pt_lim_comp (fun a => ((a + 1) - sy)) hinge a _ _ (derivable_pt_lim_minus (fun a => (a + 1)) (fun a => sy) a _ _ (derivable_pt_lim_plus (fun a => a) (fun a => 1) a _ _ (derivable_pt_lim_id a) (derivable_pt_lim_const 1 a)) (derivable_pt_lim_const sy a)) (hinge_slope _ H0))).
  - cases.
Qed.

Lemma term_by_label : forall a sy, off_kinks a sy ->
  derivable_pt_lim (fun sy => term a sy) sy (mu_label a sy).
Proof.
  intros a sy H0. eapply slope_is.
  - exact (derivable_pt_lim_mult (fun sy => (hinge ((a + 1) - sy))) (fun sy => (hinge ((a + 1) - sy))) sy _ _ (derivable_pt_lim_comp (fun sy => ((a + 1) - sy)) hinge sy _ _ (derivable_pt_lim_minus (fun sy => (a + 1)) (fun sy => sy) sy _ _ (derivable_pt_lim_const (a + 1) sy) (derivable_pt_lim_id sy)) (hinge_slope _ H0)) (derivable_pt_lim_comp (fun sy => ((a + 1) - sy)) hinge sy _ _ (derivable_pt_lim_minus (fun sy => (a + 1)) (fun sy => sy) sy _ _ (derivable_pt_lim_const (a + 1) sy) (derivable_pt_lim_id sy)) (hinge_slope _ H0))).
  - cases.
Qed.

(* In every region, for every number of classes: the slope by the score of any class ... *)
Theorem slope_by_other : forall before after a sy, off_kinks a sy ->
  derivable_pt_lim (fun a => loss sy (before ++ a :: after)) a (mu_other a sy).
Proof.
  intros before after a sy H. induction before as [|b more IH]; simpl; eapply slope_is.
  - apply (derivable_pt_lim_plus (fun a => term a sy) (fun _ => loss sy after));
      [now apply term_by_other | apply derivable_pt_lim_const].
  - ring.
  - apply (derivable_pt_lim_plus (fun _ => term b sy));
      [apply derivable_pt_lim_const | exact IH].
  - ring.
Qed.

(* ... and by that of the label. *)
Theorem slope_by_label : forall others sy,
  Forall (fun a => off_kinks a sy) others ->
  derivable_pt_lim (fun sy => loss sy others) sy (mu_y sy others).
Proof.
  intros others sy H. induction H as [|a more off _ IH]; simpl.
  - apply derivable_pt_lim_const.
  - apply (derivable_pt_lim_plus (fun sy => term a sy)); [now apply term_by_label | exact IH].
Qed.

Lemma term_subgradient : forall a b sy ty,
  term b ty >= term a sy + mu_other a sy * (b - a) + mu_label a sy * (ty - sy).
Proof. intros; pose proof (Rle_0_sqr (((b + 1) - ty) - ((a + 1) - sy))) as S0; cases. Qed.

(* Two points: each class has its score at both. *)
Definition point := (R * class)%type.
Definition at_s (p : point) : class := let '(b, a) := p in a.
Definition at_t (p : point) : class := let '(b, a) := p in b.
Fixpoint rise (sy : R) (points : list point) : R :=
  match points with [] => 0 | (b, a) :: more => mu_other a sy * (b - a) + rise sy more end.

(* No tangent lies above the loss, kinks included, for every number of classes. *)
Theorem subgradient : forall points sy ty,
  loss ty (map at_t points) >=
  loss sy (map at_s points) + rise sy points + mu_y sy (map at_s points) * (ty - sy).
Proof.
  intros points sy ty. induction points as [|[b a] more IH]; simpl; [lra|].
  pose proof (term_subgradient a b sy ty). rewrite Rmult_plus_distr_r. lra.
Qed.

Lemma term_sum : forall a sy, mu_other a sy + mu_label a sy = 0.
Proof. cases. Qed.

Fixpoint mu_others (sy : R) (others : list class) : R :=
  match others with [] => 0 | a :: more => mu_other a sy + mu_others sy more end.

Theorem slopes_sum_to_zero : forall others sy, mu_others sy others + mu_y sy others = 0.
Proof.
  intros others sy. induction others as [|a more IH]; simpl; [ring|].
  pose proof (term_sum a sy). lra.
Qed.

Lemma term_shift : forall a sy t, term (a + t) (sy + t) = term a sy.
Proof. cases. Qed.

Definition shifted (t : R) (c : class) : class := let a := c in a + t.

Theorem shift : forall others sy t, loss (sy + t) (map (shifted t) others) = loss sy others.
Proof.
  intros others sy t. induction others as [|a more IH]; simpl; [reflexivity|].
  rewrite IH. f_equal. apply term_shift.
Qed.

End Loss_1.

Print Assumptions Loss_1.slope_by_other.
Print Assumptions Loss_1.slope_by_label.
Print Assumptions Loss_1.subgradient.
Print Assumptions Loss_1.slopes_sum_to_zero.
Print Assumptions Loss_1.shift.
