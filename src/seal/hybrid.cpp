#include "seal/hybrid.hpp"

#include "base/secrecy.hpp"
#include "base/wipe.hpp"
#include "kem/hash.hpp"
#include "kem/prepared.hpp"

namespace latchkey::seal {

Result<HybridPublicKey> HybridPublicKey::parse(std::span<const std::uint8_t> bytes) noexcept {
  if (bytes.size() != kHybridKeySize) return Error::encapsulation_key_length;
  auto pk_M = EncapsulationKey::parse(bytes.first(kEncapsulationKeySize));
  if (!pk_M) return pk_M.error();
  auto pk_X = X25519Key::public_key(bytes.last<kX25519Size>());
  if (!pk_X) return pk_X.error();
  return HybridPublicKey{std::move(*pk_M), std::move(*pk_X)};
}

// X25519 comes first: libcrypto leaves the registers as they are, and ML-KEM clears them.
Result<void> encapsulate_both(base::Out<kHybridCiphertextSize> ct, base::Out<kHybridSecretSize> ss,
                              const HybridPublicKey& key,
                              base::In<kHybridRandomnessSize> randomness) noexcept {
  base::wipe(ss.data(), ss.size());
  const auto* const pk_M = SecretAccess::prepared(key.pk_M);
  if (pk_M == nullptr) return Error::moved_from;
  const auto ek_X = X25519Key::secret_key(randomness.last<kX25519Size>());
  if (!ek_X) return ek_X.error();
  if (const auto sent = ek_X->write_public(ct.last<kX25519Size>()); !sent) return sent;
  if (const auto done = ek_X->agree(ss.last<kX25519Size>(), key.pk_X); !done) return done;
  const auto ct_M = ct.first<kCiphertextSize>();
  dispatch::kem_ops().encaps(ct_M, ss.first<kSharedSecretSize>(), pk_M->key,
                             randomness.first<32>());
  base::declassify(ct_M.data(), ct_M.size());  // it is sent in the clear
  return {};
}

Result<void> decapsulate_both(base::Out<kHybridSecretSize> ss, const DecapsulationKey& sk_M,
                              X25519In sk_X, X25519In pk_X,
                              base::In<kHybridCiphertextSize> ct) noexcept {
  base::wipe(ss.data(), ss.size());
  const auto secret_M = SecretAccess::secret_key(sk_M);
  if (!secret_M) return secret_M.error();
  const auto pair_X = X25519Key::key_pair(sk_X, pk_X);
  if (!pair_X) return pair_X.error();
  const auto ct_X = X25519Key::public_key(ct.last<kX25519Size>());
  if (!ct_X) return ct_X.error();
  if (const auto done = pair_X->agree(ss.last<kX25519Size>(), *ct_X); !done) return done;
  dispatch::kem_ops().decaps(ss.first<kSharedSecretSize>(),
                             SecretAccess::prepared(sk_M.encapsulation_key())->key, **secret_M,
                             ct.first<kCiphertextSize>());
  const auto still = SecretAccess::check_after_use(sk_M);
  if (!still) base::wipe(ss.data(), ss.size());
  return still;
}

}  // namespace latchkey::seal
