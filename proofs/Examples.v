(* The toy's container, opened: with its own context and aad, and with others. Computed by Coq's virtual
   machine, which coqchk does not have: coqchk needs 100 s where coqc needs 9. So coqc alone checks this
   file in check.py. No theorem uses it. *)
From Coq.Strings Require Import Byte.
From Coq Require Import List.
From Latchkey Require Import Bytes Toy.
Import ListNotations ToyContainer.

Definition toy_open (context aad : bytes) : option bytes :=
  open_message K.decapsulation_key K.ek K.decaps toy_key context aad (sealed toy_sealing).

Example the_toy_opens : toy_open [x01] [x04] = Some [x02].
Proof. vm_compute. reflexivity. Qed.
Example another_context_does_not_open : toy_open [x03] [x04] = None.
Proof. vm_compute. reflexivity. Qed.
Example another_aad_does_not_open : toy_open [x01] [x05] = None.
Proof. vm_compute. reflexivity. Qed.
