// Converts keys between their encodings and the precomputed form, with the input checks of FIPS
// 203, sections 7.2 and 7.3. A_hat and H(ek) are computed once a key.
#pragma once

#include "mlkem/kpke.hpp"
#include "mlkem/schedule.hpp"

namespace latchkey::mlkem {

// ByteDecode_12 of a vector. The result is 0 if each coefficient is below q.
template <Backend B, ParameterSet p>
[[gnu::always_inline]] inline std::uint64_t decode_vector(NttVector<p.k>& v,
                                                          In<p.vector_size()> bytes) noexcept {
  std::uint64_t not_reduced = 0;
  for (std::size_t i = 0; i < p.k; ++i) {
    not_reduced |= B::decode12(v[i], part<encoded_size(12)>(bytes, i)).bits();
  }
  return not_reduced;
}

// Section 7.2's modulus check encodes t_hat again and compares: that is equal to asking whether
// each coefficient is below q.
template <Backend B, ParameterSet p>
[[gnu::always_inline]] inline KeyCheck decode_t_hat(NttVector<p.k>& t_hat,
                                                    In<p.vector_size()> bytes) noexcept {
  const bool reduced = decode_vector<B, p>(t_hat, bytes) == 0;
  return reduced ? KeyCheck::passed : KeyCheck::not_reduced;
}

// Decodes t_hat, with the modulus check, and copies ek.
template <Backend B, ParameterSet p>
KeyCheck decode_ek(PublicKey<p>& pub, In<p.encapsulation_key_size()> ek) noexcept {
  base::copy(std::span(pub.ek), ek);
  return decode_t_hat<B, p>(pub.t_hat, ek.template first<p.vector_size()>());
}

// Section 7.2's modulus check, and an encapsulation key's matrix and hash.
// If the check fails `pub` is to be thrown away.
template <Backend B, ParameterSet p>
KeyCheck precompute_ek_vartime(PublicKey<p>& pub, In<p.encapsulation_key_size()> ek) noexcept {
  if (decode_ek<B, p>(pub, ek) != KeyCheck::passed) return KeyCheck::not_reduced;
  sample_matrix_and_hash_vartime<B, p>(pub);
  return KeyCheck::passed;
}

// The parts of dk_PKE || ek || H(ek) || z, the expanded form (Algorithm 16, step 3).
template <ParameterSet p>
struct DecapsulationKeyParts {
  static constexpr std::size_t kVectorSize = p.vector_size();
  static constexpr std::size_t kEkSize = p.encapsulation_key_size();

  In<kVectorSize> dk_pke;
  In<kEkSize> ek;
  In<kSymBytes> h;
  In<kSymBytes> z;

  [[gnu::always_inline]] explicit DecapsulationKeyParts(In<p.decapsulation_key_size()> dk) noexcept
      : dk_pke(dk.template first<kVectorSize>()),
        ek(dk.template subspan<kVectorSize, kEkSize>()),
        h(dk.template subspan<kVectorSize + kEkSize, kSymBytes>()),
        z(dk.template last<kSymBytes>()) {
    base::declassify(ek.data(), ek.size());  // the encapsulation key is public
    base::declassify(h.data(), h.size());    // and so is its hash
  }
};

// Decodes s_hat, and checks that each coefficient is below q. Section 7.3 has no such check:
// ByteDecode_12 would reduce. But KeyGen makes no such key, and one key would have many encodings.
template <Backend B, ParameterSet p>
KeyCheck decode_dk_pke(NttVector<p.k>& s_hat, In<p.vector_size()> dk_pke) noexcept {
  std::uint64_t not_reduced = decode_vector<B, p>(s_hat, dk_pke);
  // The caller learns one bit: whether all of s_hat is below q.
  base::declassify(&not_reduced, sizeof not_reduced);
  return not_reduced == 0 ? KeyCheck::passed : KeyCheck::not_reduced;
}

// Section 7.3's hash check, the modulus checks of both halves, and an expanded decapsulation key
// made ready. If a check fails `pub` and `sec` are to be thrown away.
template <Backend B, ParameterSet p>
KeyCheck precompute_dk(PublicKey<p>& pub, SecretKey<p>& sec,
                       In<p.decapsulation_key_size()> bytes) noexcept {
  const DecapsulationKeyParts<p> dk(bytes);
  if (precompute_ek_vartime<B, p>(pub, dk.ek) != KeyCheck::passed) return KeyCheck::not_reduced;
  if (base::not_equal(dk.h, In<kSymBytes>(pub.h)).bits() != 0) return KeyCheck::hash_mismatch;
  if (decode_dk_pke<B, p>(sec.s_hat, dk.dk_pke) != KeyCheck::passed) return KeyCheck::not_reduced;
  std::memset(sec.d, 0, sizeof sec.d);
  base::copy(Out<kSymBytes>(sec.z), dk.z);
  return KeyCheck::passed;
}

// The expanded form of a key: Algorithm 16, step 3.
template <Backend B, ParameterSet p>
void encode_dk(Out<p.decapsulation_key_size()> dk, const PublicKey<p>& pub,
               const SecretKey<p>& sec) noexcept {
  constexpr std::size_t kVectorSize = p.vector_size(), kEkSize = p.encapsulation_key_size();
  for (std::size_t i = 0; i < p.k; ++i) {
    B::encode12(part<encoded_size(12)>(dk, i), sec.s_hat[i]);
  }
  base::copy(dk.template subspan<kVectorSize, kEkSize>(), In<kEkSize>(pub.ek));
  base::copy(dk.template subspan<kVectorSize + kEkSize, kSymBytes>(), In<kSymBytes>(pub.h));
  base::copy(dk.template last<kSymBytes>(), In<kSymBytes>(sec.z));
}

}  // namespace latchkey::mlkem
