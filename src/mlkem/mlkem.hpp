// ML-KEM (FIPS 203, section 6) over a backend. keys.hpp has the input checks of section 7, and
// batch.hpp the same algorithms for several keys at once.
//
// schedule*.hpp compute the hashes, in an order of its own; the results are the standard's, byte
// for byte.
//
// Nothing here wipes what it worked with (FIPS 203, section 3.3): the entries do (entry.hpp).
#pragma once

#include "mlkem/keys.hpp"
#include "mlkem/schedule_keygen.hpp"
#include "mlkem/schedule_once.hpp"

namespace latchkey::mlkem {

// Algorithm 16, ML-KEM.KeyGen_internal.
template <Backend B, ParameterSet p>
void keygen(PublicKey<p>& pub, SecretKey<p>& sec, In<kSymBytes> d, In<kSymBytes> z) noexcept {
  KeygenHashes<B, p> hashes(pub, d);
  kpke_keygen<B, p>(pub, sec.s_hat, hashes);  // step 1
  hashes.finish();                            // step 3, H(ek); dk is encode_dk() in keys.hpp
  base::copy(Out<kSymBytes>(sec.d), d);
  base::copy(Out<kSymBytes>(sec.z), z);
}

// Algorithm 17, ML-KEM.Encaps_internal.
template <Backend B, ParameterSet p>
void encaps(Out<p.ciphertext_size()> c, Out<kSharedSecretSize> K, const PublicKey<p>& pub,
            In<kSymBytes> m) noexcept {
  KeyAndCoins g;
  EncryptionNoise<p> noise;
  hash_encaps<B, p>(g, noise, m, pub.h);  // step 1
  WriteTo<p> to{c};
  kpke_encrypt<B, p>(to, pub, m, noise);  // step 2
  base::copy(K, g.K());
}

// The same, with section 7.2's modulus check, for a key that is used once. `pub` is room for what
// is precomputed of it. If the key fails the check, the outputs stay as they were.
template <Backend B, ParameterSet p>
KeyCheck encaps_once(Out<p.ciphertext_size()> c, Out<kSharedSecretSize> K, PublicKey<p>& pub,
                     In<p.encapsulation_key_size()> ek, In<kSymBytes> m) noexcept {
  if (decode_ek<B, p>(pub, ek) != KeyCheck::passed) return KeyCheck::not_reduced;
  KeyAndCoins g;
  EncryptionNoise<p> noise;
  hash_encaps_once<B, p>(g, noise, pub, m);  // step 1
  WriteTo<p> to{c};
  kpke_encrypt<B, p>(to, pub, m, noise);  // step 2
  base::copy(K, g.K());
  return KeyCheck::passed;
}

// Algorithm 18, steps 8 to 12, implicit rejection: K' if the ciphertext is what m' encrypts to,
// else K_bar.
template <Backend B, ParameterSet p>
void choose_key(Out<kSharedSecretSize> K, const PublicKey<p>& pub, In<kSymBytes> m,
                const DecapsHashes<p>& hashes, In<p.ciphertext_size()> c) noexcept {
  CompareWith<p> compared(c);
  kpke_encrypt<B, p>(compared, pub, m, hashes.noise);  // step 8: c', compared with c as it is made
  const auto rejected = base::Mask<std::uint64_t>::if_nonzero(compared.difference);
  base::copy(K, hashes.g.K());
  base::assign_if(rejected, K, In<kSymBytes>(hashes.k_bar));  // steps 9 to 11
}

// Algorithm 18, ML-KEM.Decaps_internal, with a precomputed key.
template <Backend B, ParameterSet p>
void decaps(Out<kSharedSecretSize> K, const PublicKey<p>& pub, const SecretKey<p>& sec,
            In<p.ciphertext_size()> c) noexcept {
  std::uint8_t m[kSymBytes];
  DecapsHashes<p> hashes;
  kpke_decrypt<B, p>(m, sec.s_hat, c);            // step 5
  hash_decaps<B, p>(hashes, m, pub.h, sec.z, c);  // steps 6 and 7
  choose_key<B, p>(K, pub, m, hashes, c);         // steps 8 to 12
}

// The checks of precompute_dk() and Algorithm 18 in one, for a key in expanded form that is used
// once. The shared secret is zeroed if the decapsulation key fails a check, and written last: the
// inputs may lie there.
template <Backend B, ParameterSet p>
KeyCheck decaps_once(Out<kSharedSecretSize> K, In<p.decapsulation_key_size()> bytes,
                     In<p.ciphertext_size()> c) noexcept {
  const auto refuse = [=](KeyCheck why) noexcept {
    std::memset(K.data(), 0, K.size());
    return why;
  };
  const DecapsulationKeyParts<p> dk(bytes);  // steps 1 to 4
  PublicKey<p> pub;
  if (decode_ek<B, p>(pub, dk.ek) != KeyCheck::passed) return refuse(KeyCheck::not_reduced);

  NttVector<p.k> s_hat;
  std::uint8_t m[kSymBytes];
  DecapsHashes<p> hashes;
  const KeyCheck s_hat_check = decode_dk_pke<B, p>(s_hat, dk.dk_pke);
  kpke_decrypt<B, p>(m, s_hat, c);                        // step 5
  hash_decaps_once<B, p>(hashes, pub, m, dk.h, dk.z, c);  // steps 6 and 7
  if (base::not_equal(dk.h, In<kSymBytes>(pub.h)).bits() != 0) {
    return refuse(KeyCheck::hash_mismatch);
  }
  if (s_hat_check != KeyCheck::passed) return refuse(s_hat_check);
  choose_key<B, p>(K, pub, m, hashes, c);  // steps 8 to 12
  return KeyCheck::passed;
}

}  // namespace latchkey::mlkem
