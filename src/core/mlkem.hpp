// ML-KEM-768 (FIPS 203, sections 6 and 7) on prepared keys, over a backend.
//
// Hashes are scheduled over the four lanes of one Keccak (riders.hpp). Where that changes the order
// of the standard's steps, the function says so; the results are the standard's, byte for byte.
//
// Nothing here wipes what it worked with (FIPS 203, section 3.3): the entries do (entry.hpp).
#pragma once

#include "base/secrecy.hpp"
#include "core/kpke.hpp"

namespace latchkey::core {

// Lanes 0, 1 and 2 expand the matrix; a rider that crosses several rows stays in one lane.
inline constexpr unsigned kRiderLane = 3;
inline constexpr unsigned kSecondRiderLane = 2;

// Whole blocks of H's input that are there once `rows` polynomials of t_hat are encoded.
inline constexpr std::size_t h_blocks_ready(std::size_t rows) {
  return base::quotient<kSha3_256Rate>(rows * encoded_size(12));
}

[[gnu::always_inline]] inline In<kSymBytes> rho_of(const PublicKey& key) noexcept {
  return In<kEncapsulationKeySize>(key.ek).last<kSymBytes>();
}

// PRF output for s and e (Algorithm 13, steps 8 to 15), in that order.
using KeyNoise = NoiseBytes[2 * kK];

// Algorithm 13, step 1, taken apart: sigma stays, rho goes into the key.
template <Backend B>
In<kSymBytes> take_rho(PublicKey& pub, In<2 * kSymBytes> rho_sigma) noexcept {
  base::copy(Out<kEncapsulationKeySize>(pub.ek).template last<kSymBytes>(),
             rho_sigma.template first<kSymBytes>());
  base::declassify(rho_of(pub).data(), kSymBytes);  // rho is part of the encapsulation key
  return rho_sigma.template last<kSymBytes>();
}

// Algorithm 13, steps 16 to 20. expand_row(i) is to expand row i of A_hat (steps 3 to 7), and may
// bring the noise of later rows with it.
template <Backend B, class F>
void kpke_keygen(PublicKey& pub, SecretKey& sec, const KeyNoise& noise, F expand_row) noexcept {
  typename B::Multiplier s[kK];
  NttPoly e_hat;
  NttProduct product;
  Poly poly;
  for (std::size_t i = 0; i < kK; ++i) {
    B::sample_cbd2(poly, noise[i]);
    B::ntt(sec.s_hat[i], poly);  // step 16
    B::prepare(s[i], sec.s_hat[i]);
  }
  for (std::size_t i = 0; i < kK; ++i) {
    expand_row(i);
    B::sample_cbd2(poly, noise[kK + i]);
    B::ntt(e_hat, poly);  // step 17
    const NttPoly* const row[] = {&pub.a_hat[i][0], &pub.a_hat[i][1], &pub.a_hat[i][2]};
    B::dot(product, row, s);
    B::add_product(pub.t_hat[i], product, e_hat);  // step 18
    const auto encoded = part<encoded_size(12)>(Out<kEncapsulationKeySize>(pub.ek), i);
    B::encode12(encoded, pub.t_hat[i]);                // step 19
    base::declassify(encoded.data(), encoded.size());  // so is the encoded t_hat
  }
}

// Algorithm 16, ML-KEM.KeyGen_internal, merged with Algorithm 13, K-PKE.KeyGen: H(ek), which is
// Algorithm 16's, begins while Algorithm 13 still expands the rows of A_hat.
// 10 four-lane permutations and 5 single ones.
template <Backend B>
void keygen(PublicKey& pub, SecretKey& sec, In<kSymBytes> d, In<kSymBytes> z) noexcept {
  std::uint8_t rho_sigma[2 * kSymBytes];
  KeyNoise noise;
  typename B::Keccak4 keccak;
  base::copy(Out<kSymBytes>(sec.d), d);
  base::copy(Out<kSymBytes>(sec.z), z);

  const std::uint8_t k[] = {kK};
  hash<B>(Out<64>(rho_sigma), GMessage(d, k));  // Algorithm 13, step 1
  const auto sigma = take_rho<B>(pub, rho_sigma);

  prf<B, 4>(noise, sigma, 0, keccak);  // s and e[0]; e[1] and e[2] ride with the first row
  PrfRider<B, 2> e(kRiderLane, noise + 4, sigma, 4);
  HRider<B> h(kRiderLane, HMessage(pub.ek), pub.h);
  kpke_keygen<B>(pub, sec, noise, [&](std::size_t i) {
    h.set_ready(h_blocks_ready(i));
    if (i == 0) {
      sample_matrix_vartime<B, kK>(pub.a_hat, 0, rho_of(pub), keccak, e);
    } else {
      sample_matrix_vartime<B, kK>(pub.a_hat, kK * i, rho_of(pub), keccak, h);
    }
  });
  h.finish(keccak);
}

// Decodes t_hat, with section 7.2's modulus check.
template <Backend B>
KeyCheck decode_ek(PublicKey& pub, In<kEncapsulationKeySize> ek) noexcept {
  base::copy(Out<kEncapsulationKeySize>(pub.ek), ek);
  std::uint64_t not_reduced = 0;
  for (std::size_t i = 0; i < kK; ++i) {
    not_reduced |= B::decode12(pub.t_hat[i], part<encoded_size(12)>(ek, i)).bits();
  }
  return not_reduced == 0 ? KeyCheck::passed : KeyCheck::not_reduced;
}

// Section 7.2's modulus check, and an encapsulation key's matrix and hash: H(ek) rides.
// 9 four-lane permutations. If the check fails `pub` is to be thrown away.
template <Backend B>
KeyCheck expand_ek_vartime(PublicKey& pub, In<kEncapsulationKeySize> ek) noexcept {
  if (decode_ek<B>(pub, ek) != KeyCheck::passed) return KeyCheck::not_reduced;
  typename B::Keccak4 keccak;
  HRider<B> h(kRiderLane, HMessage(pub.ek), pub.h);
  for (std::size_t i = 0; i < kK; ++i) {
    sample_matrix_vartime<B, kK>(pub.a_hat, kK * i, rho_of(pub), keccak, h);
  }
  return KeyCheck::passed;
}

// The parts of dk_PKE || ek || H(ek) || z, the expanded form (Algorithm 16, step 3).
struct ExpandedKey {
  In<kVectorSize> dk_pke;
  In<kEncapsulationKeySize> ek;
  In<kSymBytes> h;
  In<kSymBytes> z;

  [[gnu::always_inline]] explicit ExpandedKey(In<kDecapsulationKeySize> dk) noexcept
      : dk_pke(dk.first<kVectorSize>()),
        ek(dk.subspan<kVectorSize, kEncapsulationKeySize>()),
        h(dk.subspan<kVectorSize + kEncapsulationKeySize, kSymBytes>()),
        z(dk.last<kSymBytes>()) {
    base::declassify(ek.data(), ek.size());  // the encapsulation key is public
    base::declassify(h.data(), h.size());    // and so is its hash
  }
};

// Decodes s_hat, and checks that each coefficient is below q. Section 7.3 has no such check:
// ByteDecode_12 would reduce. But KeyGen makes no such key, and one key would have many encodings.
template <Backend B>
KeyCheck decode_dk_pke(NttVector& s_hat, In<kVectorSize> dk_pke) noexcept {
  std::uint64_t not_reduced = 0;
  for (std::size_t i = 0; i < kK; ++i) {
    not_reduced |= B::decode12(s_hat[i], part<encoded_size(12)>(dk_pke, i)).bits();
  }
  // Whether the key is reduced, the caller is told: one bit for all of s_hat.
  base::declassify(&not_reduced, sizeof not_reduced);
  return not_reduced == 0 ? KeyCheck::passed : KeyCheck::not_reduced;
}

// Section 7.3's hash check, the modulus checks of both halves, and an expanded decapsulation key
// made ready. If a check fails `pub` and `sec` are to be thrown away.
template <Backend B>
KeyCheck expand_dk(PublicKey& pub, SecretKey& sec, In<kDecapsulationKeySize> bytes) noexcept {
  const ExpandedKey dk(bytes);
  if (expand_ek_vartime<B>(pub, dk.ek) != KeyCheck::passed) return KeyCheck::not_reduced;
  if (base::differ(dk.h, In<kSymBytes>(pub.h)).bits() != 0) return KeyCheck::hash_mismatch;
  if (decode_dk_pke<B>(sec.s_hat, dk.dk_pke) != KeyCheck::passed) return KeyCheck::not_reduced;
  std::memset(sec.d, 0, sizeof sec.d);
  base::copy(Out<kSymBytes>(sec.z), dk.z);
  return KeyCheck::passed;
}

// The expanded form of a key: Algorithm 16, step 3.
template <Backend B>
void encode_dk(Out<kDecapsulationKeySize> dk, const PublicKey& pub, const SecretKey& sec) noexcept {
  for (std::size_t i = 0; i < kK; ++i) {
    B::encode12(part<encoded_size(12)>(dk, i), sec.s_hat[i]);
  }
  base::copy(dk.template subspan<kVectorSize, kEncapsulationKeySize>(),
             In<kEncapsulationKeySize>(pub.ek));
  base::copy(dk.template subspan<kVectorSize + kEncapsulationKeySize, kSymBytes>(),
             In<kSymBytes>(pub.h));
  base::copy(dk.template last<kSymBytes>(), In<kSymBytes>(sec.z));
}

// Algorithm 17, ML-KEM.Encaps_internal. 2 four-lane permutations and 1 single one.
template <Backend B>
void encaps(Out<kCiphertextSize> c, Out<kSharedSecretSize> key, const PublicKey& pub,
            In<kSymBytes> m) noexcept {
  std::uint8_t digest[2 * kSymBytes];
  EncryptionNoise noise;
  typename B::Keccak4 keccak;
  hash<B>(Out<64>(digest), GMessage(m, pub.h));  // step 1
  const auto k_r = In<64>(digest);
  const auto r = k_r.template last<kSymBytes>();
  prf<B, 4>(noise, r, 0, keccak);
  prf<B, 3>(noise + 4, r, 4, keccak);
  WriteTo to{c};
  kpke_encrypt<B>(to, pub, m, noise);  // step 2
  base::copy(key, k_r.template first<kSharedSecretSize>());
}

// Algorithm 18, steps 8 to 11: K' if the ciphertext is what m' encrypts to, else K_bar.
template <Backend B>
void choose_key(Out<kSharedSecretSize> key, const PublicKey& pub, In<kSymBytes> m,
                const EncryptionNoise& noise, In<kCiphertextSize> c, In<kSymBytes> k_prime,
                In<kSymBytes> k_bar) noexcept {
  CompareWith c_prime(c);
  kpke_encrypt<B>(c_prime, pub, m, noise);
  const auto rejected = base::Mask<std::uint64_t>::if_nonzero(c_prime.difference);
  base::copy(key, k_prime);
  base::assign_if(rejected, key, k_bar);
}

struct DecapsWork {
  std::uint8_t m[kSymBytes];
  std::uint8_t k_r[2 * kSymBytes];
  std::uint8_t k_bar[kSymBytes];
  EncryptionNoise noise;
};

// Algorithm 18, ML-KEM.Decaps_internal, with a prepared key. J(z || c) takes nine permutations one
// after another, so it rides beside G and the PRF.
// 4 four-lane permutations and 5 single ones.
template <Backend B>
void decaps(Out<kSharedSecretSize> key, const PublicKey& pub, const SecretKey& sec,
            In<kCiphertextSize> c) noexcept {
  DecapsWork w;
  typename B::Keccak4 keccak;
  kpke_decrypt<B>(w.m, sec.s_hat, c);                            // step 5
  HashRider<B, GMessage, 64> g(0, GMessage(w.m, pub.h), w.k_r);  // step 6
  JRider<B> j(kRiderLane, JMessage(sec.z, c), w.k_bar);          // step 7
  permute<B>(keccak, 0, g, j);
  const auto k_r = In<64>(w.k_r);
  const auto r = k_r.template last<kSymBytes>();
  prf<B, 3>(w.noise, r, 0, keccak, j);
  prf<B, 3>(w.noise + 3, r, 3, keccak, j);
  prf<B, 1>(w.noise + 6, r, 6, keccak, j);
  j.finish(keccak);
  choose_key<B>(key, pub, w.m, w.noise, c, k_r.template first<kSymBytes>(), w.k_bar);
}

// The checks of expand_dk() and Algorithm 18 in one, for a key in expanded form that is used once.
// Three times three permutations carry two streams of A_hat beside H(ek) and J(z || c), and the
// next three the last three streams beside a part of the PRF. 13 four-lane permutations and 1
// single one. `key` is zeroed if the key fails a check.
template <Backend B>
KeyCheck decaps_once(Out<kSharedSecretSize> key, In<kDecapsulationKeySize> bytes,
                     In<kCiphertextSize> c) noexcept {
  std::memset(key.data(), 0, key.size());
  const ExpandedKey dk(bytes);
  PublicKey pub;
  if (decode_ek<B>(pub, dk.ek) != KeyCheck::passed) return KeyCheck::not_reduced;

  DecapsWork w;
  NttVector s_hat;
  typename B::Keccak4 keccak;
  const KeyCheck s_hat_check = decode_dk_pke<B>(s_hat, dk.dk_pke);
  kpke_decrypt<B>(w.m, s_hat, c);                // step 5
  hash<B>(Out<64>(w.k_r), GMessage(w.m, dk.h));  // step 6
  const auto k_r = In<64>(w.k_r);
  const auto r = k_r.template last<kSymBytes>();

  JRider<B> j(kSecondRiderLane, JMessage(dk.z, c), w.k_bar);  // step 7
  HRider<B> h(kRiderLane, HMessage(pub.ek), pub.h);
  for (std::size_t first = 0; first < 6; first += 2) {
    sample_matrix_vartime<B, 2>(pub.a_hat, first, rho_of(pub), keccak, j, h);
  }
  PrfRider<B, 3> noise(kRiderLane, w.noise + 4, r, 4);
  sample_matrix_vartime<B, 3>(pub.a_hat, 6, rho_of(pub), keccak, noise);
  prf<B, 4>(w.noise, r, 0, keccak);
  if (base::differ(dk.h, In<kSymBytes>(pub.h)).bits() != 0) return KeyCheck::hash_mismatch;
  if (s_hat_check != KeyCheck::passed) return s_hat_check;
  choose_key<B>(key, pub, w.m, w.noise, c, k_r.template first<kSymBytes>(), w.k_bar);
  return KeyCheck::passed;
}

}  // namespace latchkey::core
