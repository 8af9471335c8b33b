(* The assumptions can hold together: here they do, for primitives that nobody should use. With that
   no theorem is true merely because its assumptions contradict each other; and the conclusions
   speak of something, for a sealing exists that meets every premise. *)
From Coq Require Import List Arith NArith Lia.
From Coq.Strings Require Import Byte.
From Latchkey Require Import Bytes Primitives Kem Sealing Hpke.
Import ListNotations.
Open Scope N_scope.

Definition zeros (n : nat) : bytes := repeat x00 n.

Lemma size_zeros (n : nat) : size (zeros n) = N.of_nat n.
Proof. unfold size, zeros. rewrite repeat_length. reflexivity. Qed.

Module Toy <: Primitives.
  Definition kpke_encrypt (ek m r : bytes) : bytes := firstn 1088 (m ++ zeros 1088).
  Definition kpke_decrypt (dk_pke c : bytes) : bytes := firstn 32 c.
  Lemma size_kpke_encrypt : forall ek m r, size (kpke_encrypt ek m r) = 1088.
  Proof.
    intros ek m r. unfold size, kpke_encrypt. rewrite firstn_length, app_length.
    unfold zeros. rewrite repeat_length. lia.
  Qed.

  Definition G (s : bytes) : bytes * bytes := (zeros 32, s).
  Definition H (s : bytes) : bytes := s.
  Definition J (s : bytes) : bytes := zeros 32.
  Lemma size_G : forall s, size (fst (G s)) = 32.
  Proof. intros s. apply size_zeros. Qed.
  Lemma size_J : forall s, size (J s) = 32.
  Proof. intros s. apply size_zeros. Qed.

  Definition kdf (s : bytes) : bytes * bytes := (s, []).

  Definition aead_seal (key nonce aad plaintext : bytes) : bytes := key ++ aad ++ plaintext.
  Definition aead_open (key nonce aad ciphertext : bytes) : option bytes :=
    let head := key ++ aad in
    if list_eq_dec Byte.byte_eq_dec (firstn (length head) ciphertext) head
    then Some (skipn (length head) ciphertext) else None.
  Lemma aead_correct : forall key nonce aad plaintext,
    aead_open key nonce aad (aead_seal key nonce aad plaintext) = Some plaintext.
  Proof.
    intros key nonce aad plaintext. unfold aead_open, aead_seal. rewrite app_assoc.
    rewrite firstn_app, Nat.sub_diag, firstn_O, firstn_all, app_nil_r.
    destruct (list_eq_dec _ _ _) as [_|Hdiffers]; [|contradiction].
    rewrite skipn_app, Nat.sub_diag, skipn_all. reflexivity.
  Qed.
End Toy.

Module Import ToySealing := Sealing Toy.

Definition toy_key : K.decapsulation_key :=
  {| K.dk_pke := []; K.ek := zeros 1184; K.z := [] |}.

Definition toy_sealing : sealing :=
  {| to := zeros 1184; context := [x01]; aad := []; m := zeros 32; plaintext := [x02] |}.

Example the_toy_opens :
  open [] toy_key [x01] [] (sent toy_sealing) (body [] toy_sealing) = Some [x02].
Proof. apply (open_seal [] toy_sealing toy_key); reflexivity. Qed.

(* This KDF has no collision, and this AEAD no forgery under a key of its own sealings' making, so
   what is left of opened_was_sealed is its first case. *)
Example another_context_does_not_open :
  open [] toy_key [x03] [] (sent toy_sealing) (body [] toy_sealing) = None.
Proof. vm_compute. reflexivity. Qed.

(* Nothing is assumed: check.py reads what these lines print. *)
Print Assumptions open_seal.
Print Assumptions mismatch_means_another_input.
Print Assumptions mismatch_means_another_key.
Print Assumptions opened_was_sealed.
Print Assumptions rejected_is_not_opened.
Print Assumptions schedule_input_injective.
Print Assumptions sealing_info_injective.
Print Assumptions combiner_input_injective.
