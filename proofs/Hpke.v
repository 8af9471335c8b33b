(* What HPKE's key schedule and X-Wing's combiner commit to: the bytes that they hash differ as soon
   as one of the fields does. *)
From Coq Require Import List NArith Lia.
From Latchkey Require Import Bytes.
Import ListNotations.
Open Scope N_scope.

(* draft-ietf-hpke-pq, one-stage key derivation: LabeledDerive(secrets, label, context, L), with
   secrets = lp(psk) || lp(ss) and context = mode || lp(psk_id) || lp(info). Between the two stand
   "HPKE-v1", the suite, the label, L and the mode, whose size is the same for all suites. *)
Definition schedule_input (psk ss between psk_id info : bytes) : bytes :=
  fields 2 [psk; ss] ++ between ++ fields 2 [psk_id; info].

Theorem schedule_input_injective
    (psk ss between psk_id info psk' ss' between' psk_id' info' : bytes) :
  fits 2 [psk; ss; psk_id; info] -> fits 2 [psk'; ss'; psk_id'; info'] ->
  length between = length between' ->
  schedule_input psk ss between psk_id info = schedule_input psk' ss' between' psk_id' info' ->
  psk = psk' /\ ss = ss' /\ between = between' /\ psk_id = psk_id' /\ info = info'.
Proof.
  unfold fits, schedule_input. intros Hfits Hfits' Hlength Heq.
  rewrite !Forall_cons_iff in Hfits, Hfits'.
  destruct Hfits as (Hpsk & Hss & Hid & Hinfo & _).
  destruct Hfits' as (Hpsk' & Hss' & Hid' & Hinfo' & _).
  apply fields_in_front_injective in Heq as [Hsecrets Heq];
    [|reflexivity | repeat constructor; assumption | repeat constructor; assumption].
  apply app_injective in Heq as [-> Heq]; [|exact Hlength].
  apply fields_injective in Heq;
    [|reflexivity | repeat constructor; assumption | repeat constructor; assumption].
  injection Hsecrets as -> ->. injection Heq as -> ->. repeat split.
Qed.

(* The info of a sealed message: the recipient's key and the caller's context behind a label. *)
Definition sealing_info (label ek context : bytes) : bytes := label ++ fields 8 [ek; context].

Theorem sealing_info_injective (label ek context ek' context' : bytes) :
  fits 8 [ek; context] -> fits 8 [ek'; context'] ->
  sealing_info label ek context = sealing_info label ek' context' ->
  ek = ek' /\ context = context'.
Proof.
  intros Hfits Hfits' Heq. apply app_inv_head in Heq.
  apply fields_injective in Heq; try assumption; [|reflexivity].
  injection Heq as -> ->. split; reflexivity.
Qed.

(* draft-connolly-cfrg-xwing-kem, section 5.3. No lengths: every field but the last has 32 bytes. *)
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
