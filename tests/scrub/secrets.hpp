// Every secret value that an operation comes by, in the bytes that a backend has it in.
#pragma once

#include "dispatch/dispatch.hpp"
#include "scrub/finder.hpp"

namespace latchkey::test {

// Computed by the oracle of tests/mlkem and, where the representation is the backend's own
// affair, by its kernels.
template <mlkem::ParameterSet p>
class Secrets {
 public:
  explicit Secrets(const dispatch::Backend& backend) : kernels_(*backend.kernels) {}

  // What is made of d and z by ML-KEM.KeyGen (Algorithms 13 and 16). `pub` is the outcome.
  void add_keygen(const mlkem::PublicKey<p>& pub, View d, View z);
  // s_hat as it is prepared and as it is encoded, and z.
  void add_key(const mlkem::SecretKey<p>& sec);
  // What is made of m by ML-KEM.Encaps (Algorithms 14 and 17).
  void add_encaps(const mlkem::PublicKey<p>& pub, View m);
  // What is made of a ciphertext by ML-KEM.Decaps (Algorithms 15 and 18).
  void add_decaps(const mlkem::PublicKey<p>& pub, const mlkem::SecretKey<p>& sec, View c);
  // The input of a hash and its states.
  void add_hash(View input, mlkem::SpongeKind kind = mlkem::kShake256);

  [[nodiscard]] const std::vector<Secret>& all() const { return secrets_; }

 private:
  void add(const char* name, View bytes);
  template <class T>
  void add_poly(const char* name, const T& poly, std::size_t window);
  // The states before and after each permutation of a sponge that absorbs first || second. So many
  // bytes of the digest become public.
  void add_sponge(const char* name, mlkem::SpongeKind kind, View first, View second,
                  std::size_t published = 0);
  // PRF_eta(seed, nonce) and the polynomial made of it.
  template <unsigned eta>
  void add_noise(mlkem::Poly& poly, const char* name, View seed, std::uint8_t nonce);
  void multiply_ntts(mlkem::NttProduct& product, const mlkem::NttVector<p.k>& left,
                     const mlkem::NttVector<p.k>& right) const;
  void add_ntt(mlkem::NttPoly& hat, const char* name, const mlkem::Poly& poly);

  const mlkem::KernelTable& kernels_;
  std::vector<Secret> secrets_;
};

extern template class Secrets<mlkem::kMlKem512>;
extern template class Secrets<mlkem::kMlKem768>;
extern template class Secrets<mlkem::kMlKem1024>;

}  // namespace latchkey::test
