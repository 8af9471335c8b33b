(* HPKE's key schedule in base mode and Export: by HKDF-SHA256 in two stages (RFC 9180, sections 4 and
   5.1), which is the default, and by SHAKE in one stage (draft-ietf-hpke-pq). What is exported
   commits to the shared secret, the info and the exporter context. *)
From Coq.Strings Require Import Byte String.
From Coq Require Import Arith NArith Lia List.
From Latchkey Require Import Bytes Primitives.
Import ListNotations.
Open Scope N_scope.
Open Scope list_scope.

Definition text (s : string) : bytes := list_byte_of_string s.

(* The KDFs and their registered numbers. *)
Inductive kdf := hkdf_sha256 | one_stage (kind : sponge).
Definition kdf_number (k : kdf) : N :=
  match k with hkdf_sha256 => 1 | one_stage shake128 => 16 | one_stage shake256 => 17 end.
(* Nh, in bytes. *)
Definition exporter_length (k : kdf) : nat :=
  match k with one_stage shake256 => 64 | _ => 32 end.

Record suite := { kem_id : N; kdf_of : kdf; aead_id : N }.

(* Nk, in bytes. *)
Definition key_length (s : suite) : nat := if aead_id s =? 1 then 16 else 32.
Definition nonce_length : nat := 12.

Definition suite_id (s : suite) : bytes :=
  text "HPKE" ++ i2osp 2 (kem_id s) ++ i2osp 2 (kdf_number (kdf_of s)) ++ i2osp 2 (aead_id s).

Module Hpke (P : Primitives).
  Import P.

  (* ---- Two stages *)

  Definition no_salt : bytes := repeat x00 32.

  Definition labeled_extract (s : suite) (salt : bytes) (label : string) (ikm : bytes) : bytes :=
    hmac salt (text "HPKE-v1" ++ suite_id s ++ text label ++ ikm).

  (* For up to 32 bytes, which are one block of HKDF-Expand. *)
  Definition labeled_expand (s : suite) (prk : bytes) (label : string) (info : bytes) (n : nat) : bytes :=
    firstn n (hmac prk (i2osp 2 (N.of_nat n) ++ text "HPKE-v1" ++ suite_id s ++ text label ++
                        info ++ [x01])).

  Definition schedule_context (s : suite) (info : bytes) : bytes :=
    [x00] ++ labeled_extract s no_salt "psk_id_hash" [] ++ labeled_extract s no_salt "info_hash" info.

  Definition schedule_secret (s : suite) (ss : bytes) : bytes := labeled_extract s ss "secret" [].

  Definition expanded (s : suite) (ss info : bytes) (label : string) (n : nat) : bytes :=
    labeled_expand s (schedule_secret s ss) label (schedule_context s info) n.

  (* ---- One stage *)

  (* Between shared secret and info stands what is the same for all calls in a suite. *)
  Definition between (s : suite) (n : nat) : bytes :=
    text "HPKE-v1" ++ suite_id s ++ length_prefixed 2 (text "secret") ++ i2osp 2 (N.of_nat n) ++ [x00].

  Definition schedule_input (s : suite) (n : nat) (ss info : bytes) : bytes :=
    fields 2 [[]; ss] ++ between s n ++ fields 2 [[]; info].

  Definition derived_length (s : suite) : nat :=
    key_length s + nonce_length + exporter_length (kdf_of s).

  Definition derived (s : suite) (kind : sponge) (ss info : bytes) : bytes :=
    shake kind (derived_length s) (schedule_input s (derived_length s) ss info).

  (* ---- The three results, and Export *)

  Definition key (s : suite) (ss info : bytes) : bytes :=
    match kdf_of s with
    | hkdf_sha256 => expanded s ss info "key" (key_length s)
    | one_stage kind => firstn (key_length s) (derived s kind ss info)
    end.

  Definition base_nonce (s : suite) (ss info : bytes) : bytes :=
    match kdf_of s with
    | hkdf_sha256 => expanded s ss info "base_nonce" nonce_length
    | one_stage kind => firstn nonce_length (skipn (key_length s) (derived s kind ss info))
    end.

  Definition exporter (s : suite) (ss info : bytes) : bytes :=
    match kdf_of s with
    | hkdf_sha256 => expanded s ss info "exp" 32
    | one_stage kind => skipn (key_length s + nonce_length) (derived s kind ss info)
    end.

  (* Export(context, 32). *)
  Definition export (s : suite) (exporter_secret context : bytes) : bytes :=
    match kdf_of s with
    | hkdf_sha256 => labeled_expand s exporter_secret "sec" context 32
    | one_stage kind =>
        shake kind 32 (exporter_secret ++ text "HPKE-v1" ++ suite_id s ++
                       length_prefixed 2 (text "sec") ++ i2osp 2 32 ++ context)
    end.

  (* ---- What would be a collision *)

  (* Keys have one length: HMAC pads short ones with zeros, so that [1] and [1; 0] are one key. *)
  Definition hmac_collision : Prop :=
    exists k x k' y, length k = 32%nat /\ length k' = 32%nat /\ (k, x) <> (k', y) /\
                     hmac k x = hmac k' y.

  (* In the last bytes of an output, at least 32 of them. *)
  Definition shake_collision : Prop :=
    exists kind n from x y, (from + 32 <= n)%nat /\ x <> y /\
                            skipn from (shake kind n x) = skipn from (shake kind n y).

  Definition kdf_collision : Prop := hmac_collision \/ shake_collision.

  Lemma hmac_injective (k x k' y : bytes) :
    length k = 32%nat -> length k' = 32%nat -> hmac k x = hmac k' y ->
    (k = k' /\ x = y) \/ hmac_collision.
  Proof.
    intros Hk Hk' Heq.
    destruct (bytes_eq_dec k k') as [Hkey|Hkey], (bytes_eq_dec x y) as [Hdata|Hdata];
      [left; split; assumption | right | right | right];
      exists k, x, k', y; repeat split; try assumption; intros Hpair; injection Hpair; intros; contradiction.
  Qed.

  Lemma shake_injective (kind : sponge) (n from : nat) (x y : bytes) :
    (from + 32 <= n)%nat -> skipn from (shake kind n x) = skipn from (shake kind n y) ->
    x = y \/ shake_collision.
  Proof.
    intros Hfrom Heq. destruct (bytes_eq_dec x y) as [Hsame|Hother]; [left; assumption | right].
    exists kind, n, from, x, y. repeat split; assumption.
  Qed.

  (* ---- Export commits *)

  Lemma full_expand_injective (s : suite) (prk info prk' info' : bytes) (label : string) :
    length prk = 32%nat -> length prk' = 32%nat ->
    labeled_expand s prk label info 32 = labeled_expand s prk' label info' 32 ->
    (prk = prk' /\ info = info') \/ hmac_collision.
  Proof.
    intros Hprk Hprk' Heq. unfold labeled_expand in Heq.
    rewrite !firstn_all2 in Heq by (rewrite length_hmac; lia).
    apply hmac_injective in Heq as [[Hkey Hdata]|Hcollision]; try assumption;
      [left; split; [assumption|] | right; assumption].
    repeat apply app_inv_head in Hdata. apply app_inv_tail in Hdata. assumption.
  Qed.

  Lemma length_exporter (s : suite) (ss info : bytes) :
    length (exporter s ss info) = exporter_length (kdf_of s).
  Proof.
    unfold exporter, exporter_length. destruct (kdf_of s) as [|kind] eqn:Hkdf.
    - unfold expanded, labeled_expand. rewrite firstn_length, length_hmac. reflexivity.
    - unfold derived. rewrite skipn_length, length_shake. unfold derived_length, exporter_length.
      rewrite Hkdf. destruct kind; lia.
  Qed.

  Theorem schedule_input_injective (s : suite) (n : nat) (ss info ss' info' : bytes) :
    fits 2 [[]; ss] -> fits 2 [[]; ss'] -> fits 2 [[]; info] -> fits 2 [[]; info'] ->
    schedule_input s n ss info = schedule_input s n ss' info' -> ss = ss' /\ info = info'.
  Proof.
    intros Hss Hss' Hinfo Hinfo' Heq. unfold schedule_input in Heq.
    apply fields_in_front_injective in Heq as [Hsecret Heq]; try assumption; [|reflexivity].
    apply app_inv_head in Heq.
    apply fields_injective in Heq; try assumption; [|reflexivity].
    injection Hsecret as ->. injection Heq as ->. split; reflexivity.
  Qed.

  Lemma fits_two (x : bytes) : size x < 256 ^ 2 -> fits 2 [[]; x].
  Proof. intros Hx. repeat constructor. exact Hx. Qed.

  Theorem exporter_commits (s : suite) (ss info ss' info' : bytes) :
    length ss = 32%nat -> length ss' = 32%nat -> size info < 256 ^ 2 -> size info' < 256 ^ 2 ->
    exporter s ss info = exporter s ss' info' ->
    (ss = ss' /\ info = info') \/ kdf_collision.
  Proof.
    intros Hss Hss' Hinfo Hinfo' Heq. unfold exporter in Heq.
    destruct (kdf_of s) as [|kind] eqn:Hkdf.
    - unfold expanded in Heq.
      apply full_expand_injective in Heq as [[Hsecret Hcontext]|Hcollision];
        try apply length_hmac; [|right; left; assumption].
      unfold schedule_context in Hcontext. do 2 apply app_inv_head in Hcontext.
      apply hmac_injective in Hcontext as [[_ Hdata]|Hcollision];
        [|right; left; assumption|reflexivity|reflexivity].
      repeat apply app_inv_head in Hdata.
      apply hmac_injective in Hsecret as [[Hsame _]|Hcollision]; try assumption;
        [left; split; assumption | right; left; assumption].
    - unfold derived in Heq.
      apply shake_injective in Heq as [Heq|Hcollision];
        [| right; right; assumption
         | unfold derived_length; rewrite Hkdf; destruct kind; simpl; lia].
      apply schedule_input_injective in Heq as [Hsecret Hsame]; try (apply fits_two; assumption);
        [left; split; assumption | |];
        apply fits_two; unfold size; (rewrite Hss || rewrite Hss'); reflexivity.
  Qed.

  Theorem export_commits (s : suite) (ss info context ss' info' context' : bytes) :
    length ss = 32%nat -> length ss' = 32%nat -> size info < 256 ^ 2 -> size info' < 256 ^ 2 ->
    export s (exporter s ss info) context = export s (exporter s ss' info') context' ->
    (ss = ss' /\ info = info' /\ context = context') \/ kdf_collision.
  Proof.
    intros Hss Hss' Hinfo Hinfo' Heq.
    enough ((exporter s ss info = exporter s ss' info' /\ context = context') \/ kdf_collision)
      as [[Hexporter Hcontext]|Hcollision]; [|right; assumption|].
    - destruct (exporter_commits s ss info ss' info' Hss Hss' Hinfo Hinfo' Hexporter)
        as [[Hsecret Hsame]|Hcollision]; [left; repeat split; assumption | right; assumption].
    - unfold export in Heq. pose proof (length_exporter s ss info) as Hlength.
      pose proof (length_exporter s ss' info') as Hlength'.
      destruct (kdf_of s) as [|kind].
      + apply full_expand_injective in Heq as [Hsame|Hcollision]; try assumption;
          [left; assumption | right; left; assumption].
      + apply (shake_injective kind 32 0) in Heq as [Heq|Hcollision];
          [|right; right; assumption | simpl; lia].
        apply app_injective in Heq as [Hexporter Heq]; [|congruence].
        repeat apply app_inv_head in Heq. left. split; assumption.
  Qed.

End Hpke.
