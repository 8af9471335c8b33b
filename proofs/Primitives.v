(* Everything that is assumed, and nothing else: what the composition is made of. Toy.v shows that
   these assumptions can hold together; check.py, that no other file assumes anything.

   No assumption here is about secrecy. That a collision or a forgery cannot be found is not assumed
   either: the theorems name the collision or the forgery that a broken promise would be. *)
From Coq Require Import List NArith.
From Latchkey Require Import Bytes.
Import ListNotations.
Open Scope N_scope.

(* The two functions of FIPS 202 that the one-stage key derivations of HPKE use. *)
Inductive sponge := shake128 | shake256.

Module Type Primitives.

  (* FIPS 203, Algorithms 14 and 15. That decryption undoes encryption is not assumed of every
     message, for it fails once in 2^164 keys and messages: the theorems ask it of those at hand. *)
  Parameter kpke_encrypt : forall (ek m r : bytes), bytes.
  Parameter kpke_decrypt : forall (dk_pke c : bytes), bytes.

  (* FIPS 203, section 4.1: G gives K and r; H is SHA3-256. *)
  Parameter G : bytes -> bytes * bytes.
  Parameter H : bytes -> bytes.
  Parameter J : bytes -> bytes.
  Axiom length_G : forall s, length (fst (G s)) = 32%nat.
  Axiom length_H : forall s, length (H s) = 32%nat.
  Axiom length_J : forall s, length (J s) = 32%nat.

  (* RFC 7748. *)
  Parameter x25519 : forall (scalar point : bytes), bytes.

  (* HMAC-SHA256 (RFC 2104), and the first n bytes of SHAKE (FIPS 202). *)
  Parameter hmac : forall (key data : bytes), bytes.
  Axiom length_hmac : forall key data, length (hmac key data) = 32%nat.
  Parameter shake : forall (kind : sponge) (n : nat) (data : bytes), bytes.
  Axiom length_shake : forall kind n data, length (shake kind n data) = n.

  (* RFC 5116, section 2, by HPKE's number of the AEAD. *)
  Parameter aead_seal : forall (aead : N) (key nonce aad plaintext : bytes), bytes.
  Parameter aead_open : forall (aead : N) (key nonce aad ciphertext : bytes), option bytes.
  Axiom aead_correct : forall aead key nonce aad plaintext,
    aead_open aead key nonce aad (aead_seal aead key nonce aad plaintext) = Some plaintext.

End Primitives.
