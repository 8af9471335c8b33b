(* Sealing: a KEM, a KDF that binds, an AEAD. What is opened was sealed, to this key and in this
   context; otherwise here are two KDF inputs that collide, or a forgery of the AEAD. *)
From Coq Require Import List NArith Lia.
From Coq.Strings Require Import Byte.
From Latchkey Require Import Bytes Primitives Kem.
Import ListNotations.
Open Scope N_scope.

Module Sealing (P : Primitives).
  Import P.
  Module Import K := Kem P.

  Section Sealing.
  Variable label : bytes.

  (* What the session key is derived from: bind(). *)
  Definition kdf_input (secret c ek context : bytes) : bytes :=
    label ++ fields 8 [secret; c; ek; context].

  Definition seal_with (key_and_nonce : bytes * bytes) (aad plaintext : bytes) : bytes :=
    aead_seal (fst key_and_nonce) (snd key_and_nonce) aad plaintext.

  Definition open_with (key_and_nonce : bytes * bytes) (aad body : bytes) : option bytes :=
    aead_open (fst key_and_nonce) (snd key_and_nonce) aad body.

  (* One call of seal, with the randomness that it drew. *)
  Record sealing := { to : bytes; context : bytes; aad : bytes; m : bytes; plaintext : bytes }.

  Definition sent (s : sealing) : bytes := ciphertext (to s) (m s).
  Definition input (s : sealing) : bytes :=
    kdf_input (shared_secret (to s) (m s)) (sent s) (to s) (context s).
  Definition body (s : sealing) : bytes := seal_with (kdf (input s)) (aad s) (plaintext s).

  Definition opening_input (dk : decapsulation_key) (context c : bytes) : bytes :=
    kdf_input (decaps dk c) c (ek dk) context.

  Definition open (dk : decapsulation_key) (context aad c body : bytes) : option bytes :=
    if size c =? 1088 then open_with (kdf (opening_input dk context c)) aad body else None.

  (* Sizes that the types of the library see to. *)
  Definition sound_key (ek : bytes) : Prop := size ek = 1184.
  Definition sound_context (context : bytes) : Prop := size context < 256 ^ 8.

  (* ---- What is sealed can be opened. *)

  Theorem open_seal (s : sealing) (dk : decapsulation_key) :
    ek dk = to s -> decrypts dk (m s) ->
    open dk (context s) (aad s) (sent s) (body s) = Some (plaintext s).
  Proof.
    intros Hto Hdecrypts. unfold open, sent, opening_input, ciphertext.
    rewrite size_kpke_encrypt, N.eqb_refl. fold (ciphertext (to s) (m s)).
    rewrite <- Hto, (decaps_encaps dk (m s) Hdecrypts).
    unfold body, input, sent, open_with, seal_with. rewrite <- Hto. apply aead_correct.
  Qed.

  (* ---- The KDF's input commits to everything. *)

  Lemma input_fits (secret c ek context : bytes) :
    size secret = 32 -> size c = 1088 -> sound_key ek -> sound_context context ->
    fits 8 [secret; c; ek; context].
  Proof.
    intros Hsecret Hc Hek Hcontext. unfold sound_key in Hek.
    repeat apply Forall_cons; try apply Forall_nil; try exact Hcontext;
      (rewrite Hsecret || rewrite Hc || rewrite Hek); reflexivity.
  Qed.

  Theorem kdf_input_injective (secret c ek context secret' c' ek' context' : bytes) :
    fits 8 [secret; c; ek; context] -> fits 8 [secret'; c'; ek'; context'] ->
    kdf_input secret c ek context = kdf_input secret' c' ek' context' ->
    secret = secret' /\ c = c' /\ ek = ek' /\ context = context'.
  Proof.
    intros Hfits Hfits' Heq. apply app_inv_head in Heq.
    apply fields_injective in Heq; try assumption; [|reflexivity].
    injection Heq as -> -> -> ->. repeat split.
  Qed.

  Definition collision (x y : bytes) : Prop := x <> y /\ kdf x = kdf y.

  (* Whose ciphertext, key or context is another, derives its AEAD key from another input. *)
  Theorem mismatch_means_another_input (s : sealing) (dk : decapsulation_key) (ctx c : bytes) :
    size c = 1088 -> sound_key (to s) -> sound_key (ek dk) ->
    sound_context (context s) -> sound_context ctx ->
    c <> sent s \/ ek dk <> to s \/ ctx <> context s ->
    input s <> opening_input dk ctx c.
  Proof.
    intros Hc Hto Hek Hcontext Hctx Hmismatch Heq.
    unfold input, opening_input in Heq.
    apply kdf_input_injective in Heq as (_ & Hsent & Hkey & Hctx').
    - destruct Hmismatch as [Hother|[Hother|Hother]]; apply Hother; symmetry; assumption.
    - apply input_fits; try assumption; [apply size_G | apply size_kpke_encrypt].
    - apply input_fits; try assumption. apply size_decaps.
  Qed.

  Corollary mismatch_means_another_key (s : sealing) (dk : decapsulation_key) (ctx c : bytes) :
    size c = 1088 -> sound_key (to s) -> sound_key (ek dk) ->
    sound_context (context s) -> sound_context ctx ->
    c <> sent s \/ ek dk <> to s \/ ctx <> context s ->
    kdf (input s) <> kdf (opening_input dk ctx c) \/
    collision (input s) (opening_input dk ctx c).
  Proof.
    intros Hc Hto Hek Hcontext Hctx Hmismatch.
    pose proof (mismatch_means_another_input s dk ctx c Hc Hto Hek Hcontext Hctx Hmismatch).
    destruct (pair_eq_dec (kdf (input s)) (kdf (opening_input dk ctx c))) as [Hsame|Hother];
      [right; split | left]; assumption.
  Qed.

  (* ---- What is opened was sealed. *)

  (* A body that opens under this key and nonce, made by none of the sealings. *)
  Definition forgery (made : list sealing) (key_and_nonce : bytes * bytes) (a b : bytes) : Prop :=
    open_with key_and_nonce a b <> None /\
    forall s, In s made -> ~ (kdf (input s) = key_and_nonce /\ aad s = a /\ body s = b).

  Theorem opened_was_sealed
      (made : list sealing) (dk : decapsulation_key) (ctx a c b opened : bytes) :
    (forall s, In s made -> sound_key (to s) /\ sound_context (context s)) ->
    sound_key (ek dk) -> sound_context ctx ->
    open dk ctx a c b = Some opened ->
    (exists s, In s made /\ to s = ek dk /\ context s = ctx /\ aad s = a /\ sent s = c /\
               body s = b /\ plaintext s = opened) \/
    (exists s, In s made /\ collision (input s) (opening_input dk ctx c)) \/
    forgery made (kdf (opening_input dk ctx c)) a b.
  Proof.
    intros Hmade Hek Hctx Hopen. unfold open in Hopen.
    destruct (size c =? 1088) eqn:Hsize; [|discriminate]. apply N.eqb_eq in Hsize.
    assert (Hdec : forall s, {kdf (input s) = kdf (opening_input dk ctx c) /\ aad s = a /\
                              body s = b} +
                             {~ (kdf (input s) = kdf (opening_input dk ctx c) /\ aad s = a /\
                                 body s = b)}).
    { intros s.
      destruct (pair_eq_dec (kdf (input s)) (kdf (opening_input dk ctx c)));
        destruct (bytes_eq_dec (aad s) a); destruct (bytes_eq_dec (body s) b);
        (left; repeat split; assumption) || (right; intuition). }
    destruct (Exists_dec _ made Hdec) as [Hfound|Hnone].
    - apply Exists_exists in Hfound as (s & Hin & Hkdf & Haad & Hbody).
      destruct (Hmade s Hin) as [Hto Hcontext].
      destruct (bytes_eq_dec (input s) (opening_input dk ctx c)) as [Hsame|Hdiffers].
      + left. exists s. unfold input, opening_input in Hsame.
        apply kdf_input_injective in Hsame as (_ & Hsent & Hkey & Hctx').
        * repeat split; try assumption.
          rewrite <- Hkdf, <- Haad, <- Hbody in Hopen. unfold body, seal_with, open_with in Hopen.
          rewrite aead_correct in Hopen. injection Hopen as Hopen. exact Hopen.
        * apply input_fits; try assumption; [apply size_G | apply size_kpke_encrypt].
        * apply input_fits; try assumption. apply size_decaps.
      + right; left. exists s. repeat split; assumption.
    - right; right. split.
      + rewrite Hopen. discriminate.
      + intros s Hin Hmatch. apply Hnone. apply Exists_exists. exists s. split; assumption.
  Qed.

  (* Implicit rejection never ends in a plaintext, unless a collision or a forgery is at hand. *)
  Theorem rejected_is_not_opened
      (made : list sealing) (dk : decapsulation_key) (ctx a c b opened : bytes) :
    (forall s, In s made -> sound_key (to s) /\ sound_context (context s)) ->
    (forall s, In s made -> to s = ek dk -> decrypts dk (m s)) ->
    sound_key (ek dk) -> sound_context ctx ->
    rejects dk c ->
    open dk ctx a c b = Some opened ->
    (exists s, In s made /\ collision (input s) (opening_input dk ctx c)) \/
    forgery made (kdf (opening_input dk ctx c)) a b.
  Proof.
    intros Hmade Hdecrypts Hek Hctx Hrejects Hopen.
    destruct (opened_was_sealed made dk ctx a c b opened Hmade Hek Hctx Hopen)
      as [(s & Hin & Hto & _ & _ & Hsent & _)|Hbroken]; [exfalso | exact Hbroken].
    apply (honest_is_not_rejected dk (m s) (Hdecrypts s Hin Hto)).
    rewrite <- Hto at 1. fold (sent s). rewrite Hsent. exact Hrejects.
  Qed.

  End Sealing.

End Sealing.
