#include "hybrid/hybrid.hpp"

#include "api/access.hpp"
#include "base/secrecy.hpp"
#include "base/try.hpp"
#include "base/wipe.hpp"
#include "dispatch/dispatch.hpp"

namespace latchkey::hybrid {

Result<void> encapsulate_both(base::Out<kHybridCiphertextSize> ct, base::Out<kHybridSecretSize> ss,
                              const EncapsulationKey& pk_M, base::In<kSize> pk_X,
                              base::In<kHybridRandomnessSize> randomness) noexcept {
  base::wipe(ss.data(), ss.size());
  const auto* const precomputed = SecretAccess::precomputed(pk_M);
  if (precomputed == nullptr) return Error::moved_from;
  dispatch::x25519_table().public_and_shared(ct.last<kSize>(), ss.last<kSize>(),
                                             randomness.last<kSize>(), pk_X);
  LATCHKEY_TRY(check_shared(ss.last<kSize>()));
  kem_table<MlKem::k768>().encaps(ct.first<kCiphertextSize>(), ss.first<kSharedSecretSize>(),
                                  precomputed->key, randomness.first<32>());
  base::declassify(ct.data(), ct.size());  // it is sent in the clear
  return {};
}

Result<void> decapsulate_both(base::Out<kHybridSecretSize> ss, const DecapsulationKey& sk_M,
                              base::In<kSize> sk_X, base::In<kHybridCiphertextSize> ct) noexcept {
  base::wipe(ss.data(), ss.size());
  const auto secret_M = LATCHKEY_TRY(SecretAccess::secret_key(sk_M));
  LATCHKEY_TRY(agree(ss.last<kSize>(), sk_X, ct.last<kSize>()));
  kem_table<MlKem::k768>().decaps(ss.first<kSharedSecretSize>(),
                                  SecretAccess::precomputed(sk_M.encapsulation_key())->key,
                                  *secret_M, ct.first<kCiphertextSize>());
  const auto still = SecretAccess::check_after_use(sk_M);
  if (!still) base::wipe(ss.data(), ss.size());
  return still;
}

}  // namespace latchkey::hybrid
