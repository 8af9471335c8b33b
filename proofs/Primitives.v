(* Everything that is assumed, and nothing else: what the composition is made of. Toy.v shows that
   these assumptions can hold together; check.py, that no other file assumes anything.

   No assumption here speaks of secrecy. That a collision or a forgery cannot be found is not
   assumed either: the theorems name the collision or the forgery that a broken promise would be. *)
From Coq Require Import List NArith.
From Latchkey Require Import Bytes.
Import ListNotations.
Open Scope N_scope.

Module Type Primitives.

  (* FIPS 203, Algorithms 14 and 15. That decryption undoes encryption is not assumed of every
     message, for it fails once in 2^164 keys and messages: the theorems ask it of those at hand. *)
  Parameter kpke_encrypt : forall (ek m r : bytes), bytes.
  Parameter kpke_decrypt : forall (dk_pke c : bytes), bytes.
  Axiom size_kpke_encrypt : forall ek m r, size (kpke_encrypt ek m r) = 1088.

  (* FIPS 203, section 4.1: G gives K and r. *)
  Parameter G : bytes -> bytes * bytes.
  Parameter H : bytes -> bytes.
  Parameter J : bytes -> bytes.
  Axiom size_G : forall s, size (fst (G s)) = 32.
  Axiom size_J : forall s, size (J s) = 32.

  (* One extraction and expansion to the AEAD's key and nonce. *)
  Parameter kdf : bytes -> bytes * bytes.

  (* RFC 5116, section 2. *)
  Parameter aead_seal : forall (key nonce aad plaintext : bytes), bytes.
  Parameter aead_open : forall (key nonce aad ciphertext : bytes), option bytes.
  Axiom aead_correct : forall key nonce aad plaintext,
    aead_open key nonce aad (aead_seal key nonce aad plaintext) = Some plaintext.

End Primitives.
