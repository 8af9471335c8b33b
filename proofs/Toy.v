(* The assumptions can hold together: here they do, for primitives that nobody should use. With that
   no theorem is true merely because its assumptions contradict each other; and the conclusions
   speak of something, for a sealing exists that meets every premise. *)
From Coq.Strings Require Import Byte.
From Coq Require Import Arith NArith Lia List.
From Latchkey Require Import Bytes Primitives Kem XWing Hpke Bind Container.
Import ListNotations.
Open Scope N_scope.
Open Scope list_scope.

Definition zeros (n : nat) : bytes := repeat x00 n.

Definition checksum (s : bytes) : N :=
  fold_left (fun sum b => (sum * 257 + Byte.to_N b + 1) mod 2305843009213693951) s 0.

Module Toy <: Primitives.
  Definition kpke_encrypt (ek m r : bytes) : bytes := firstn 1088 (m ++ zeros 1088).
  Definition kpke_decrypt (dk_pke c : bytes) : bytes := firstn 32 c.

  Definition G (s : bytes) : bytes * bytes := (i2osp 32 (checksum s), s).
  Definition H (s : bytes) : bytes := i2osp 32 (checksum s).
  Definition J (s : bytes) : bytes := i2osp 32 (checksum s).
  Lemma length_G : forall s, length (fst (G s)) = 32%nat.
  Proof. intros s. apply length_i2osp. Qed.
  Lemma length_H : forall s, length (H s) = 32%nat.
  Proof. intros s. apply length_i2osp. Qed.
  Lemma length_J : forall s, length (J s) = 32%nat.
  Proof. intros s. apply length_i2osp. Qed.

  Definition x25519 (scalar point : bytes) : bytes := H (scalar ++ point).

  Definition hmac (key data : bytes) : bytes := H (key ++ data).
  Lemma length_hmac : forall key data, length (hmac key data) = 32%nat.
  Proof. intros key data. apply length_H. Qed.
  Definition shake (kind : sponge) (n : nat) (data : bytes) : bytes := i2osp n (checksum data).
  Lemma length_shake : forall kind n data, length (shake kind n data) = n.
  Proof. intros kind n data. apply length_i2osp. Qed.

  Definition aead_seal (aead : N) (key nonce aad plaintext : bytes) : bytes := key ++ aad ++ plaintext.
  Definition aead_open (aead : N) (key nonce aad ciphertext : bytes) : option bytes :=
    let head := key ++ aad in
    if list_eq_dec Byte.byte_eq_dec (firstn (length head) ciphertext) head
    then Some (skipn (length head) ciphertext) else None.
  Lemma aead_correct : forall aead key nonce aad plaintext,
    aead_open aead key nonce aad (aead_seal aead key nonce aad plaintext) = Some plaintext.
  Proof.
    intros aead key nonce aad plaintext. unfold aead_open, aead_seal. rewrite app_assoc.
    rewrite firstn_app, Nat.sub_diag, firstn_O, firstn_all, app_nil_r.
    destruct (list_eq_dec _ _ _) as [_|Hdiffers]; [|contradiction].
    rewrite skipn_app, Nat.sub_diag, skipn_all. reflexivity.
  Qed.
End Toy.

Module Import ToyContainer := Container Toy.
Module Import ToyBind := Bind Toy.
Module K := Kem Toy.

Definition toy_key : K.decapsulation_key := {| K.dk_pke := []; K.ek := zeros 1184; K.z := [] |}.

(* The default suite, with ML-KEM-768. *)
Definition toy_suite : suite := {| kem_id := 65; kdf_of := hkdf_sha256; aead_id := 3 |}.

Definition toy_sealing : sealing :=
  {| head := {| kind_of := message; suite_of := toy_suite; size_field := 17 |};
     to := zeros 1184; context_of := [x01]; aad_of := [x04];
     secret := K.shared_secret (zeros 1184) (zeros 32);
     sent := K.ciphertext (zeros 1184) (zeros 32); plaintext := [x02] |}.

(* Both KEMs have what Container.v asks of one. *)
Module X := XWing Toy.
Definition mlkem_containers_commit :=
  container_commits K.decapsulation_key K.ek K.decaps K.length_decaps.
Definition xwing_containers_commit :=
  container_commits X.private_key X.public X.decaps X.length_decaps.

(* Nothing is assumed: check.py reads what these lines print. *)
Import ToyContainer.HP.
Print Assumptions export_commits.
Print Assumptions schedule_input_injective.
Print Assumptions container_commits.
Print Assumptions one_message.
Print Assumptions one_chunk.
Print Assumptions open_seal.
Print Assumptions opens_as_sealed.
Print Assumptions bind_commits.
Print Assumptions combiner_input_injective.
