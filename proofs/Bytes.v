(* Byte strings, and the encoding under which fields are hashed together: each behind its length, so
   that two different lists of fields never give the same bytes. *)
From Coq Require Import List NArith Lia.
From Coq.Strings Require Import Byte.
Import ListNotations.
Open Scope N_scope.

Definition bytes := list byte.

Definition bytes_eq_dec (a b : bytes) : {a = b} + {a <> b} := list_eq_dec Byte.byte_eq_dec a b.

(* I2OSP of RFC 8017, section 4.1: n as w bytes, the most significant first, modulo 256^w. *)
Definition low_byte (n : N) : byte :=
  match Byte.of_N (n mod 256) with Some b => b | None => x00 end.

Fixpoint i2osp (w : nat) (n : N) : bytes :=
  match w with
  | O => []
  | S w => i2osp w (n / 256) ++ [low_byte n]
  end.

Definition size (s : bytes) : N := N.of_nat (length s).

Lemma to_N_low_byte (n : N) : Byte.to_N (low_byte n) = n mod 256.
Proof.
  unfold low_byte.
  destruct (Byte.of_N (n mod 256)) eqn:Eq.
  - now apply Byte.to_of_N.
  - apply Byte.of_N_None_iff in Eq.
    pose proof (N.mod_upper_bound n 256 ltac:(lia)). lia.
Qed.

Lemma length_i2osp (w : nat) : forall n, length (i2osp w n) = w.
Proof.
  induction w as [|w IH]; intros n; simpl.
  - reflexivity.
  - rewrite app_length, IH; simpl; lia.
Qed.

Lemma i2osp_injective (w : nat) :
  forall n k, n < 256 ^ N.of_nat w -> k < 256 ^ N.of_nat w -> i2osp w n = i2osp w k -> n = k.
Proof.
  induction w as [|w IH]; intros n k Hn Hk Heq.
  - simpl in Hn, Hk. lia.
  - simpl in Heq. apply app_inj_tail in Heq as [Hhigh Hlow].
    rewrite Nat2N.inj_succ, N.pow_succ_r' in Hn, Hk.
    apply IH in Hhigh; try (apply N.div_lt_upper_bound; lia).
    apply (f_equal Byte.to_N) in Hlow. rewrite !to_N_low_byte in Hlow.
    rewrite (N.div_mod n 256), (N.div_mod k 256) by lia. lia.
Qed.

(* lp(x): x behind its length in w bytes. *)
Definition length_prefixed (w : nat) (x : bytes) : bytes := i2osp w (size x) ++ x.

Fixpoint fields (w : nat) (xs : list bytes) : bytes :=
  match xs with
  | [] => []
  | x :: xs => length_prefixed w x ++ fields w xs
  end.

(* Every field's length fits its w bytes. *)
Definition fits (w : nat) (xs : list bytes) : Prop := Forall (fun x => size x < 256 ^ N.of_nat w) xs.

Lemma app_injective {A : Type} (a b c d : list A) :
  length a = length c -> a ++ b = c ++ d -> a = c /\ b = d.
Proof.
  revert c; induction a as [|x a IH]; intros [|y c] Hlength Heq; simpl in *; try lia.
  - split; [reflexivity | exact Heq].
  - injection Heq as -> Heq. destruct (IH c ltac:(lia) Heq) as [-> ->]. split; reflexivity.
Qed.

(* Also in front of other bytes: the fields say themselves where they end. *)
Theorem fields_in_front_injective (w : nat) :
  forall xs ys rest rest', length xs = length ys -> fits w xs -> fits w ys ->
    fields w xs ++ rest = fields w ys ++ rest' -> xs = ys /\ rest = rest'.
Proof.
  induction xs as [|x xs IH]; intros [|y ys] rest rest' Hlength Hxs Hys Heq; simpl in *; try lia.
  - split; [reflexivity | exact Heq].
  - inversion Hxs as [|? ? Hx Hxs']; inversion Hys as [|? ? Hy Hys']; subst.
    unfold length_prefixed in Heq. rewrite <- !app_assoc in Heq.
    apply app_injective in Heq as [Hsize Heq]; [|rewrite !length_i2osp; reflexivity].
    apply i2osp_injective in Hsize; [|assumption|assumption].
    apply app_injective in Heq as [-> Heq]; [|unfold size in Hsize; lia].
    destruct (IH ys rest rest' ltac:(lia) Hxs' Hys' Heq) as [-> ->]. split; reflexivity.
Qed.

Corollary fields_injective (w : nat) (xs ys : list bytes) :
  length xs = length ys -> fits w xs -> fits w ys -> fields w xs = fields w ys -> xs = ys.
Proof.
  intros Hlength Hxs Hys Heq.
  apply (fields_in_front_injective w xs ys [] [] Hlength Hxs Hys).
  rewrite Heq. reflexivity.
Qed.
