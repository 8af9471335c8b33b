// Every secret value that an operation comes by, in the bytes that a backend has it in.
#pragma once

#include "dispatch/dispatch.hpp"
#include "scrub/finder.hpp"

namespace latchkey::test {

// Computed by the oracle of tests/kernels and, where the representation is the backend's own
// affair, by its kernels.
class Secrets {
 public:
  explicit Secrets(const dispatch::Row& row) : kernels_(*row.kernels) {}

  // What is made of d and z by ML-KEM.KeyGen (Algorithms 13 and 16). `pub` is the outcome.
  void add_keygen(const core::PublicKey& pub, View d, View z);
  // s_hat as it is prepared and as it is encoded, and z.
  void add_key(const core::SecretKey& sec);
  // What is made of m by ML-KEM.Encaps (Algorithms 14 and 17).
  void add_encaps(const core::PublicKey& pub, View m);
  // What is made of a ciphertext by ML-KEM.Decaps (Algorithms 15 and 18).
  void add_decaps(const core::PublicKey& pub, const core::SecretKey& sec, View c);
  // The input of a hash and its states.
  void add_hash(View input, core::SpongeKind kind = core::kShake256);

  [[nodiscard]] const std::vector<Secret>& all() const { return secrets_; }

 private:
  void add(const char* name, View bytes);
  template <class T>
  void add_poly(const char* name, const T& poly, std::size_t window);
  // The states before and after each permutation of a sponge that absorbs first || second. So many
  // bytes of the digest become public.
  void add_sponge(const char* name, std::size_t rate, std::uint8_t domain, View first, View second,
                  std::size_t published = 0);
  // PRF_2(seed, nonce) and the polynomial made of it.
  void add_noise(core::Poly& poly, const char* name, View seed, std::uint8_t nonce);
  void add_ntt(core::NttPoly& hat, const char* name, const core::Poly& poly);

  const core::KernelOps& kernels_;
  std::vector<Secret> secrets_;
};

}  // namespace latchkey::test
