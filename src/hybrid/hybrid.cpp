#include "hybrid/hybrid.hpp"

#include "api/access.hpp"
#include "api/hash.hpp"
#include "base/secrecy.hpp"
#include "base/try.hpp"
#include "base/wipe.hpp"

namespace latchkey::hybrid {

Result<HybridPublicKey> HybridPublicKey::parse(std::span<const std::uint8_t> bytes) noexcept {
  if (bytes.size() != kHybridKeySize) return Error::encapsulation_key_length;
  auto pk_M = LATCHKEY_TRY(EncapsulationKey::parse(bytes.first(kEncapsulationKeySize)));
  auto pk_X = LATCHKEY_TRY(crypto::X25519Key::public_key(bytes.last<crypto::kX25519Size>()));
  return HybridPublicKey{std::move(pk_M), std::move(pk_X)};
}

// X25519 comes first: libcrypto leaves the registers as they are, and ML-KEM clears them.
Result<void> encapsulate_both(base::Out<kHybridCiphertextSize> ct, base::Out<kHybridSecretSize> ss,
                              const HybridPublicKey& key,
                              base::In<kHybridRandomnessSize> randomness) noexcept {
  base::wipe(ss.data(), ss.size());
  const auto* const pk_M = SecretAccess::precomputed(key.pk_M);
  if (pk_M == nullptr) return Error::moved_from;
  const auto ek_X =
      LATCHKEY_TRY(crypto::X25519Key::secret_key(randomness.last<crypto::kX25519Size>()));
  LATCHKEY_TRY(ek_X.write_public(ct.last<crypto::kX25519Size>()));
  LATCHKEY_TRY(ek_X.agree(ss.last<crypto::kX25519Size>(), key.pk_X));
  const auto ct_M = ct.first<kCiphertextSize>();
  dispatch::kem_table().encaps(ct_M, ss.first<kSharedSecretSize>(), pk_M->key,
                               randomness.first<32>());
  base::declassify(ct_M.data(), ct_M.size());  // it is sent in the clear
  return {};
}

Result<void> decapsulate_both(base::Out<kHybridSecretSize> ss, const DecapsulationKey& sk_M,
                              crypto::X25519In sk_X, crypto::X25519In pk_X,
                              base::In<kHybridCiphertextSize> ct) noexcept {
  base::wipe(ss.data(), ss.size());
  const auto secret_M = LATCHKEY_TRY(SecretAccess::secret_key(sk_M));
  const auto pair_X = LATCHKEY_TRY(crypto::X25519Key::key_pair(sk_X, pk_X));
  const auto ct_X = LATCHKEY_TRY(crypto::X25519Key::public_key(ct.last<crypto::kX25519Size>()));
  LATCHKEY_TRY(pair_X.agree(ss.last<crypto::kX25519Size>(), ct_X));
  dispatch::kem_table().decaps(ss.first<kSharedSecretSize>(),
                               SecretAccess::precomputed(sk_M.encapsulation_key())->key, *secret_M,
                               ct.first<kCiphertextSize>());
  const auto still = SecretAccess::check_after_use(sk_M);
  if (!still) base::wipe(ss.data(), ss.size());
  return still;
}

}  // namespace latchkey::hybrid
