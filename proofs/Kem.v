(* ML-KEM over K-PKE: FIPS 203, Algorithms 17 and 18. *)
From Coq Require Import List NArith.
From Coq.Strings Require Import Byte.
From Latchkey Require Import Bytes Primitives.
Import ListNotations.
Open Scope N_scope.

Module Kem (P : Primitives).
  Import P.

  (* The fields of a decapsulation key whose hash was checked, so that H(ek) need not stand in it. *)
  Record decapsulation_key := { dk_pke : bytes; ek : bytes; z : bytes }.

  (* Algorithm 17. *)
  Definition shared_secret (ek m : bytes) : bytes := fst (G (m ++ H ek)).
  Definition ciphertext (ek m : bytes) : bytes := kpke_encrypt ek m (snd (G (m ++ H ek))).

  (* Algorithm 18. *)
  Definition decrypted (dk : decapsulation_key) (c : bytes) : bytes := kpke_decrypt (dk_pke dk) c.

  Definition decaps (dk : decapsulation_key) (c : bytes) : bytes :=
    let m' := decrypted dk c in
    if bytes_eq_dec c (ciphertext (ek dk) m') then shared_secret (ek dk) m' else J (z dk ++ c).

  (* Decapsulation ends in implicit rejection. *)
  Definition rejects (dk : decapsulation_key) (c : bytes) : Prop :=
    c <> ciphertext (ek dk) (decrypted dk c).

  (* K-PKE decrypts what encapsulation with the randomness m sends. *)
  Definition decrypts (dk : decapsulation_key) (m : bytes) : Prop :=
    decrypted dk (ciphertext (ek dk) m) = m.

  Theorem decaps_encaps (dk : decapsulation_key) (m : bytes) :
    decrypts dk m -> decaps dk (ciphertext (ek dk) m) = shared_secret (ek dk) m.
  Proof.
    intros Hm. unfold decaps. rewrite Hm.
    destruct (bytes_eq_dec _ _) as [_|Hdiffers]; [reflexivity | contradiction].
  Qed.

  Theorem honest_is_not_rejected (dk : decapsulation_key) (m : bytes) :
    decrypts dk m -> ~ rejects dk (ciphertext (ek dk) m).
  Proof. intros Hm Hrejects. apply Hrejects. rewrite Hm. reflexivity. Qed.

  Theorem rejection_is_J (dk : decapsulation_key) (c : bytes) :
    rejects dk c -> decaps dk c = J (z dk ++ c).
  Proof.
    intros Hrejects. unfold decaps.
    destruct (bytes_eq_dec _ _) as [Hsame|_]; [contradiction | reflexivity].
  Qed.

  Lemma length_decaps (dk : decapsulation_key) (c : bytes) : length (decaps dk c) = 32%nat.
  Proof. unfold decaps. destruct (bytes_eq_dec _ _); [apply length_G | apply length_J]. Qed.

End Kem.
