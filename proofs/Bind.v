(* Session keys: bind() of bind.hpp. *)
From Coq.Strings Require Import Byte String.
From Coq Require Import Arith NArith Lia List.
From Latchkey Require Import Bytes Primitives Hpke.
Import ListNotations.
Open Scope N_scope.
Open Scope list_scope.

Module Bind (P : Primitives).
  Import P.
  Module Import HP := Hpke P.

  (* docs/formats.md. The byte is the KDF's. *)
  Definition bound (kdf_byte : byte) (secret c ek context : bytes) : bytes :=
    text "latchkey-bind-v1" ++ [kdf_byte] ++ fields 8 [secret; c; ek; context].

  Definition root_of_hkdf (secret c ek context : bytes) : bytes :=
    hmac no_salt (bound x01 secret c ek context).
  Definition root_of_shake (secret c ek context : bytes) : bytes :=
    shake shake256 64 (bound x02 secret c ek context).

  Theorem bound_injective (b : byte) (secret c ek context secret' c' ek' context' : bytes) :
    fits 8 [secret; c; ek; context] -> fits 8 [secret'; c'; ek'; context'] ->
    bound b secret c ek context = bound b secret' c' ek' context' ->
    secret = secret' /\ c = c' /\ ek = ek' /\ context = context'.
  Proof.
    intros Hfits Hfits' Heq. unfold bound in Heq. do 2 apply app_inv_head in Heq.
    apply fields_injective in Heq; try assumption; [|reflexivity].
    injection Heq as -> -> -> ->. repeat split.
  Qed.

  Theorem bind_commits (secret c ek context secret' c' ek' context' : bytes) :
    fits 8 [secret; c; ek; context] -> fits 8 [secret'; c'; ek'; context'] ->
    root_of_hkdf secret c ek context = root_of_hkdf secret' c' ek' context' \/
    root_of_shake secret c ek context = root_of_shake secret' c' ek' context' ->
    (secret = secret' /\ c = c' /\ ek = ek' /\ context = context') \/ kdf_collision.
  Proof.
    intros Hfits Hfits' [Heq|Heq].
    - apply hmac_injective in Heq as [[_ Heq]|Hcollision];
        [left | right; left; assumption | reflexivity | reflexivity].
      apply bound_injective in Heq; assumption.
    - apply (shake_injective shake256 64 0) in Heq as [Heq|Hcollision];
        [left | right; right; assumption | simpl; lia].
      apply bound_injective in Heq; assumption.
  Qed.

End Bind.
