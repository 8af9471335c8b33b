// All that a backend computes for one key of a parameter set, checked against the oracle of
// oracle_mlkem.hpp.
#pragma once

#include "mlkem/backends.hpp"
#include "mlkem/fenced.hpp"
#include "mlkem/oracle_mlkem.hpp"
#include "support/random.hpp"

namespace latchkey::test {

template <mlkem::ParameterSet p>
class KemChecks {
 public:
  // The backend's outputs and inputs will lie at `site`.
  KemChecks(const dispatch::Backend& backend, Site site, Random& random)
      : kem_(kem_of<p>(backend)), site_(site), random_(random) {}

  // Checks every operation on the key with seed d || z. Both ways to decapsulate, with a
  // precomputed key and at once, get true, changed and random ciphertexts.
  void whole_key(oracle::ByteView d, oracle::ByteView z) const;

  // precompute_ek_vartime alone, of an encapsulation key that need not have a decapsulation key.
  void expansion(const oracle::Bytes& ek) const;

  // decaps and decaps_once; `dk` passes the hash check, and whatever its s_hat is.
  void decapsulation(const oracle::Bytes& dk, const oracle::Bytes& c) const;

  // That neither takes a key that FIPS 203, sections 7.2 and 7.3, refuses.
  void refusal(const oracle::Bytes& dk, mlkem::KeyCheck reason) const;

  // That encaps_finish does not take the t_hat of `ek`, and gives zeros; the header has `h`.
  void refusal_of_t_hat(const oracle::Bytes& ek, const oracle::Bytes& h,
                        mlkem::KeyCheck reason) const;

 private:
  void keygen(oracle::ByteView d, oracle::ByteView z, const oracle::Keys& keys) const;
  void encapsulation(const oracle::Bytes& ek, const oracle::Bytes& m,
                     const oracle::Encapsulation& expected) const;
  void encapsulation_in_two_steps(const oracle::Bytes& ek, const oracle::Bytes& m,
                                  const oracle::Encapsulation& expected) const;

  const mlkem::KemTable<p>& kem_;
  Site site_;
  Random& random_;
};

extern template class KemChecks<mlkem::kMlKem512>;
extern template class KemChecks<mlkem::kMlKem768>;
extern template class KemChecks<mlkem::kMlKem1024>;

}  // namespace latchkey::test
