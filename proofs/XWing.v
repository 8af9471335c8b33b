(* X-Wing (draft-connolly-cfrg-xwing-kem): a KEM with 32-byte secrets, as Container.v takes any, and
   what its combiner commits to. *)
From Coq.Strings Require Import Byte.
From Coq Require Import Arith NArith Lia List.
From Latchkey Require Import Bytes Primitives Kem.
Import ListNotations.
Open Scope list_scope.

(* Section 5.3. No lengths: every field but the last has 32 bytes. *)
Definition combiner_input (ss_M ss_X ct_X pk_X label : bytes) : bytes :=
  ss_M ++ ss_X ++ ct_X ++ pk_X ++ label.

Theorem combiner_input_injective
    (ss_M ss_X ct_X pk_X label ss_M' ss_X' ct_X' pk_X' label' : bytes) :
  Forall (fun x => length x = 32%nat) [ss_M; ss_X; ct_X; pk_X] ->
  Forall (fun x => length x = 32%nat) [ss_M'; ss_X'; ct_X'; pk_X'] ->
  combiner_input ss_M ss_X ct_X pk_X label = combiner_input ss_M' ss_X' ct_X' pk_X' label' ->
  ss_M = ss_M' /\ ss_X = ss_X' /\ ct_X = ct_X' /\ pk_X = pk_X' /\ label = label'.
Proof.
  rewrite !Forall_cons_iff. unfold combiner_input.
  intros (H1 & H2 & H3 & H4 & _) (H1' & H2' & H3' & H4' & _) Heq.
  apply app_injective in Heq as [-> Heq]; [|congruence].
  apply app_injective in Heq as [-> Heq]; [|congruence].
  apply app_injective in Heq as [-> Heq]; [|congruence].
  apply app_injective in Heq as [-> Heq]; [|congruence].
  repeat split. exact Heq.
Qed.

Module XWing (P : Primitives).
  Import P.
  Module M := Kem P.

  Record private_key := { sk_M : M.decapsulation_key; sk_X : bytes; pk_X : bytes }.

  Definition label : bytes := [x5c; x2e; x2f; x2f; x5e; x5c].

  Definition public (dk : private_key) : bytes := M.ek (sk_M dk) ++ pk_X dk.

  (* Section 5.5: the ciphertext is that of ML-KEM, 1088 bytes, and X25519's. H is SHA3-256. *)
  Definition decaps (dk : private_key) (c : bytes) : bytes :=
    let ct_X := skipn 1088 c in
    H (combiner_input (M.decaps (sk_M dk) (firstn 1088 c)) (x25519 (sk_X dk) ct_X) ct_X (pk_X dk)
                      label).

  Lemma length_decaps (dk : private_key) (c : bytes) : length (decaps dk c) = 32%nat.
  Proof. apply length_H. Qed.
End XWing.
