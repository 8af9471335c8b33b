(* Sealed messages and streams, version 2, as docs/formats.md has them. Whoever made a container, it
   opens for one recipient's key, one context and one aad, or here is a collision. And an honest
   sealer's container opens as it was sealed, or here is a collision or a forgery of the AEAD under a
   key of that sealer's.

   The KEM is any that has 32-byte secrets: what it binds does not matter. *)
From Coq.Strings Require Import Byte String.
From Coq Require Import Arith NArith Lia List.
From Latchkey Require Import Bytes Primitives Hpke.
Import ListNotations.
Open Scope N_scope.
Open Scope list_scope.

Inductive kind := message | stream.
Definition kind_number (k : kind) : N := match k with message => 1 | stream => 2 end.
Definition label (k : kind) : bytes :=
  match k with message => text "latchkey-seal-v2" | stream => text "latchkey-seal-stream-v2" end.

Record header := { kind_of : kind; suite_of : suite; size_field : N }.

Definition header_bytes (h : header) : bytes :=
  text "LATCHKEY" ++ [x02] ++ i2osp 1 (kind_number (kind_of h)) ++ i2osp 2 (kem_id (suite_of h)) ++
  i2osp 2 (kdf_number (kdf_of (suite_of h))) ++ i2osp 2 (aead_id (suite_of h)) ++
  i2osp 8 (size_field h).

(* Its numbers fit their fields. *)
Definition sound_header (h : header) : Prop :=
  kem_id (suite_of h) < 256 ^ 2 /\ aead_id (suite_of h) < 256 ^ 2 /\ size_field h < 256 ^ 8.

(* What is in a file. The body of a message is one ciphertext; a stream's chunks are apart. *)
Record container := { hdr : header; enc : bytes; commitment : bytes; body : bytes }.

Definition preamble (c : container) : bytes := header_bytes (hdr c) ++ enc c ++ commitment c.

Lemma length_header (h : header) : length (header_bytes h) = 24%nat.
Proof. unfold header_bytes. rewrite !app_length, !length_i2osp. reflexivity. Qed.

Lemma kdf_number_injective (a b : kdf) : kdf_number a = kdf_number b -> a = b.
Proof. destruct a as [|[|]], b as [|[|]]; simpl; intros Heq; (reflexivity || discriminate Heq). Qed.

Lemma header_bytes_injective (h h' : header) :
  sound_header h -> sound_header h' -> header_bytes h = header_bytes h' -> h = h'.
Proof.
  destruct h as [k [kem kdf aead] n], h' as [k' [kem' kdf' aead'] n'].
  unfold sound_header, header_bytes; cbn [kind_of suite_of size_field kem_id kdf_of aead_id].
  intros (Hkem & Haead & Hn) (Hkem' & Haead' & Hn') Heq.
  do 2 apply app_inv_head in Heq.
  apply app_injective in Heq as [H1 Heq]; [|rewrite !length_i2osp; reflexivity].
  apply app_injective in Heq as [H2 Heq]; [|rewrite !length_i2osp; reflexivity].
  apply app_injective in Heq as [H3 Heq]; [|rewrite !length_i2osp; reflexivity].
  apply app_injective in Heq as [H4 H5]; [|rewrite !length_i2osp; reflexivity].
  apply i2osp_injective in H1; [|destruct k; reflexivity|destruct k'; reflexivity].
  apply i2osp_injective in H2; [|assumption|assumption].
  apply i2osp_injective in H3;
    [|destruct kdf as [|[|]]; reflexivity|destruct kdf' as [|[|]]; reflexivity].
  apply i2osp_injective in H4; [|assumption|assumption].
  apply i2osp_injective in H5; [|assumption|assumption].
  apply kdf_number_injective in H3. subst.
  destruct k, k'; try discriminate H1; reflexivity.
Qed.

Module Container (P : Primitives).
  Import P.
  Module Import HP := Hpke P.

  Definition info (k : kind) (ek context : bytes) : bytes := label k ++ fields 8 [ek; context].
  Definition digest (h : header) (e aad : bytes) : bytes := H (header_bytes h ++ e ++ aad).
  Definition commit (s : suite) (ss i d : bytes) : bytes :=
    export s (exporter s ss i) (text "latchkey-commitment-v2" ++ d).

  Definition hash_collision : Prop := exists x y, x <> y /\ H x = H y.
  Definition collision : Prop := kdf_collision \/ hash_collision.

  Lemma length_commit (s : suite) (ss i d : bytes) : length (commit s ss i d) = 32%nat.
  Proof.
    unfold commit, export. destruct (kdf_of s).
    - unfold labeled_expand. rewrite firstn_length, length_hmac. reflexivity.
    - apply length_shake.
  Qed.

  Lemma size_info (k : kind) (ek context : bytes) :
    size ek <= 1216 -> size context <= 60000 -> size (info k ek context) < 256 ^ 2.
  Proof.
    unfold size, info, fields, length_prefixed. intros Hek Hcontext.
    rewrite !app_length, !length_i2osp.
    assert (Hlabel : length (label k) = 16%nat \/ length (label k) = 23%nat)
      by (destruct k; [left | right]; reflexivity).
    change (256 ^ 2) with 65536. simpl length. lia.
  Qed.

  (* ---- A receiver *)

  Section Receiver.
  Variable private_key : Type.
  Variable public : private_key -> bytes.
  Variable decaps : private_key -> bytes -> bytes.
  Hypothesis length_decaps : forall dk c, length (decaps dk c) = 32%nat.
  (* The nonce with a sequence number. *)
  Variable nonce_of : bytes -> N -> bytes.

  Definition sound_key (dk : private_key) : Prop := size (public dk) <= 1216.

  Definition info_for (dk : private_key) (context : bytes) (c : container) : bytes :=
    info (kind_of (hdr c)) (public dk) context.
  Definition expected (dk : private_key) (context aad : bytes) (c : container) : bytes :=
    commit (suite_of (hdr c)) (decaps dk (enc c)) (info_for dk context c) (digest (hdr c) (enc c) aad).

  (* Before anything is decrypted. *)
  Definition accepts (dk : private_key) (context aad : bytes) (c : container) : bool :=
    (size context <=? 60000) &&
    (if bytes_eq_dec (commitment c) (expected dk context aad c) then true else false).

  Definition open_body (dk : private_key) (context : bytes) (c : container) (nonce : bytes -> bytes)
      (aad box : bytes) : option bytes :=
    let s := suite_of (hdr c) in
    let ss := decaps dk (enc c) in
    let i := info_for dk context c in
    aead_open (aead_id s) (key s ss i) (nonce (base_nonce s ss i)) aad box.

  Definition open_message (dk : private_key) (context aad : bytes) (c : container) : option bytes :=
    if accepts dk context aad c
    then open_body dk context c (fun n => n) (preamble c ++ aad) (body c) else None.

  (* Chunk number i; `last` is one byte. *)
  Definition open_chunk (dk : private_key) (context aad : bytes) (c : container) (i : N) (last : byte)
      (box : bytes) : option bytes :=
    if accepts dk context aad c
    then open_body dk context c (fun n => nonce_of n i)
                   ([last] ++ digest (hdr c) (enc c) aad ++ commitment c) box else None.

  Lemma accepts_spec (dk : private_key) (context aad : bytes) (c : container) :
    accepts dk context aad c = true ->
    size context <= 60000 /\ commitment c = expected dk context aad c.
  Proof.
    unfold accepts. intros Haccepts. apply Bool.andb_true_iff in Haccepts as [Hsize Hsame].
    apply N.leb_le in Hsize. destruct (bytes_eq_dec _ _) as [Heq|_]; [|discriminate].
    split; assumption.
  Qed.

  (* ---- It commits. *)

  Theorem container_commits (dk dk' : private_key) (context aad context' aad' : bytes) (c : container) :
    sound_key dk -> sound_key dk' ->
    accepts dk context aad c = true -> accepts dk' context' aad' c = true ->
    (decaps dk (enc c) = decaps dk' (enc c) /\ public dk = public dk' /\ context = context' /\
     aad = aad') \/ collision.
  Proof.
    unfold sound_key. intros Hek Hek' Haccepts Haccepts'.
    apply accepts_spec in Haccepts as [Hcontext Hsame].
    apply accepts_spec in Haccepts' as [Hcontext' Hsame'].
    rewrite Hsame in Hsame'. unfold expected, commit in Hsame'.
    apply export_commits in Hsame' as [(Hsecret & Hinfo & Hdigest)|Hcollision];
      [| right; left; assumption | apply length_decaps | apply length_decaps
       | apply size_info; assumption | apply size_info; assumption].
    unfold info_for, info in Hinfo. apply app_inv_head in Hinfo.
    apply fields_injective in Hinfo;
      [| reflexivity
       | repeat constructor; (eapply N.le_lt_trans; [eassumption | reflexivity])
       | repeat constructor; (eapply N.le_lt_trans; [eassumption | reflexivity])].
    injection Hinfo as Hpublic Hctx.
    apply app_inv_head in Hdigest. unfold digest in Hdigest.
    destruct (bytes_eq_dec (header_bytes (hdr c) ++ enc c ++ aad)
                           (header_bytes (hdr c) ++ enc c ++ aad')) as [Hin|Hother].
    - left. do 2 apply app_inv_head in Hin. repeat split; assumption.
    - right. right. eexists. eexists. split; [exact Hother | exact Hdigest].
  Qed.

  (* Of a message and of a chunk: the aad of its AEAD may depend on the aad, and on nothing else that
     an opener chooses. *)
  Lemma one_content (dk dk' : private_key) (context aad context' aad' p p' : bytes) (c : container)
      (nonce aead_aad : bytes -> bytes) (box : bytes) :
    sound_key dk -> sound_key dk' ->
    (if accepts dk context aad c
     then open_body dk context c nonce (aead_aad aad) box else None) = Some p ->
    (if accepts dk' context' aad' c
     then open_body dk' context' c nonce (aead_aad aad') box else None) = Some p' ->
    (p = p' /\ public dk = public dk' /\ context = context' /\ aad = aad') \/ collision.
  Proof.
    intros Hek Hek' Hopen Hopen'.
    destruct (accepts dk context aad c) eqn:Haccepts; [|discriminate].
    destruct (accepts dk' context' aad' c) eqn:Haccepts'; [|discriminate].
    destruct (container_commits _ _ _ _ _ _ _ Hek Hek' Haccepts Haccepts')
      as [(Hsecret & Hpublic & Hcontext & Haad)|Hcollision]; [left | right; assumption].
    unfold open_body, info_for in Hopen, Hopen'. rewrite Hsecret, Hpublic, Hcontext, Haad in Hopen.
    rewrite Hopen in Hopen'. injection Hopen' as Hsame. repeat split; assumption.
  Qed.

  Corollary one_message (dk dk' : private_key) (context aad context' aad' p p' : bytes) (c : container) :
    sound_key dk -> sound_key dk' ->
    open_message dk context aad c = Some p -> open_message dk' context' aad' c = Some p' ->
    (p = p' /\ public dk = public dk' /\ context = context' /\ aad = aad') \/ collision.
  Proof.
    exact (one_content dk dk' context aad context' aad' p p' c (fun n => n)
                       (fun given => preamble c ++ given) (body c)).
  Qed.

  Corollary one_chunk (dk dk' : private_key) (context aad context' aad' box p p' : bytes)
      (c : container) (i : N) (last : byte) :
    sound_key dk -> sound_key dk' ->
    open_chunk dk context aad c i last box = Some p ->
    open_chunk dk' context' aad' c i last box = Some p' ->
    (p = p' /\ public dk = public dk' /\ context = context' /\ aad = aad') \/ collision.
  Proof.
    exact (one_content dk dk' context aad context' aad' p p' c (fun n => nonce_of n i)
                       (fun given => [last] ++ digest (hdr c) (enc c) given ++ commitment c) box).
  Qed.

  (* ---- A sealer *)

  (* One call of seal_for(), with what encapsulation gave it. *)
  Record sealing := { head : header; to : bytes; context_of : bytes; aad_of : bytes; secret : bytes;
                      sent : bytes; plaintext : bytes }.

  Definition info_of (s : sealing) : bytes := info (kind_of (head s)) (to s) (context_of s).
  Definition commitment_of (s : sealing) : bytes :=
    commit (suite_of (head s)) (secret s) (info_of s) (digest (head s) (sent s) (aad_of s)).
  Definition key_of (s : sealing) : bytes := key (suite_of (head s)) (secret s) (info_of s).
  Definition nonce_for (s : sealing) : bytes := base_nonce (suite_of (head s)) (secret s) (info_of s).
  Definition preamble_of (s : sealing) : bytes := header_bytes (head s) ++ sent s ++ commitment_of s.
  Definition body_of (s : sealing) : bytes :=
    aead_seal (aead_id (suite_of (head s))) (key_of s) (nonce_for s) (preamble_of s ++ aad_of s)
              (plaintext s).
  Definition sealed (s : sealing) : container :=
    {| hdr := head s; enc := sent s; commitment := commitment_of s; body := body_of s |}.

  (* The recipient gets the sealer's secret. For ML-KEM: K-PKE decrypts this one message. *)
  Definition received_by (dk : private_key) (s : sealing) : Prop :=
    public dk = to s /\ decaps dk (sent s) = secret s.

  Lemma accepts_sealed (s : sealing) (dk : private_key) :
    received_by dk s -> size (context_of s) <= 60000 ->
    accepts dk (context_of s) (aad_of s) (sealed s) = true.
  Proof.
    intros [Hto Hsecret] Hsize. unfold accepts. apply Bool.andb_true_iff. split.
    - apply N.leb_le. assumption.
    - unfold expected, info_for, sealed; cbn [hdr enc commitment]. rewrite Hsecret, Hto.
      destruct (bytes_eq_dec _ _) as [_|Hdiffers]; [reflexivity | exfalso; apply Hdiffers; reflexivity].
  Qed.

  Theorem open_seal (s : sealing) (dk : private_key) :
    received_by dk s -> size (context_of s) <= 60000 ->
    open_message dk (context_of s) (aad_of s) (sealed s) = Some (plaintext s).
  Proof.
    intros Hreceived Hsize. unfold open_message. rewrite (accepts_sealed s dk Hreceived Hsize).
    destruct Hreceived as [Hto Hsecret].
    unfold open_body, info_for, preamble, sealed; cbn [hdr enc commitment body].
    rewrite Hsecret, Hto. apply aead_correct.
  Qed.

  (* What opens under a key that comes from the sealer's secret, with whatever suite and info, and is
     not what the sealer made: who does not know that secret has forged it. *)
  Definition forgery (s : sealing) : Prop :=
    exists suite i ad b,
      aead_open (aead_id suite) (key suite (secret s) i) (base_nonce suite (secret s) i) ad b <> None /\
      ~ (ad = preamble_of s ++ aad_of s /\ b = body_of s).

  (* Anybody can seal to a public key, so what opens need not be of this sealer. But what has her enc
     is whole. *)
  Theorem opens_as_sealed (s : sealing) (dk : private_key) (context aad p : bytes) (c : container) :
    sound_key dk -> received_by dk s -> size (context_of s) <= 60000 ->
    sound_header (hdr c) -> sound_header (head s) -> enc c = sent s ->
    open_message dk context aad c = Some p ->
    (c = sealed s /\ context = context_of s /\ aad = aad_of s /\ p = plaintext s) \/
    collision \/ forgery s.
  Proof.
    intros Hek Hreceived Hsize Hsound Hsound' Henc Hopen.
    pose proof (accepts_sealed s dk Hreceived Hsize) as Hhonest.
    pose proof (open_seal s dk Hreceived Hsize) as Hwhole.
    pose proof Hopen as Hopened. unfold open_message in Hopen.
    destruct (accepts dk context aad c) eqn:Haccepts; [|discriminate].
    destruct Hreceived as [Hto Hsecret].
    destruct (bytes_eq_dec (preamble c ++ aad) (preamble_of s ++ aad_of s)) as [Had|Hother];
      [destruct (bytes_eq_dec (body c) (body_of s)) as [Hbody|Hother]|].
    - pose proof (accepts_spec _ _ _ _ Haccepts) as [_ Hcommitment].
      assert (Hlength : length (commitment c) = length (commitment_of s)).
      { rewrite Hcommitment. unfold expected, commitment_of. rewrite !length_commit. reflexivity. }
      unfold preamble, preamble_of in Had. rewrite Henc, <- !app_assoc in Had.
      apply app_injective in Had as [Hheader Had]; [|rewrite !length_header; reflexivity].
      apply header_bytes_injective in Hheader; [|assumption|assumption].
      apply app_inv_head in Had. apply app_injective in Had as [Hcom Haad]; [|exact Hlength].
      assert (Hc : c = sealed s).
      { destruct c as [h e m b]. unfold sealed. cbn [hdr enc commitment body] in *. subst.
        reflexivity. }
      rewrite Hc in Haccepts, Hopened.
      destruct (one_message _ _ _ _ _ _ _ _ _ Hek Hek Hopened Hwhole)
        as [(Hp & _ & Hcontext & _)|Hcollision]; [left | right; left; assumption].
      repeat split; assumption.
    - right. right. unfold open_body in Hopen. rewrite Henc, Hsecret in Hopen.
      exists (suite_of (hdr c)), (info_for dk context c), (preamble c ++ aad), (body c).
      split; [rewrite Hopen; discriminate | intros [_ Hsame]; apply Hother; exact Hsame].
    - right. right. unfold open_body in Hopen. rewrite Henc, Hsecret in Hopen.
      exists (suite_of (hdr c)), (info_for dk context c), (preamble c ++ aad), (body c).
      split; [rewrite Hopen; discriminate | intros [Hsame _]; apply Hother; exact Hsame].
  Qed.

  End Receiver.

End Container.
