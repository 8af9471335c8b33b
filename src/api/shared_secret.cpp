#include "api/shared_secret.hpp"

#include "base/secrecy.hpp"
#include "base/stack.hpp"

namespace latchkey {

Result<SharedSecret> SecretAccess::allocate_secret() noexcept {
  auto slot = LATCHKEY_TRY(memory::allocate_slot(kSharedSecretSize));
  SharedSecret secret;
  secret.slot_ = std::move(slot);
  return secret;
}

Result<std::span<const std::uint8_t, kSharedSecretSize>> SharedSecret::expose() const& noexcept {
  const auto bytes = LATCHKEY_TRY(memory::bytes_of(slot_));
  return std::span<const std::uint8_t, kSharedSecretSize>(bytes, kSharedSecretSize);
}

bool SharedSecret::is_locked() const noexcept { return memory::is_locked(slot_); }

Result<void> must_agree(const SharedSecret& ours, const SharedSecret& theirs) noexcept {
  const auto left = ours.expose(), right = theirs.expose();
  if (!left || !right) return Error::purged;  // by another thread, just now
  const OpenSecrets open;
  std::uint64_t differ = base::secrets_differ(left->data(), right->data(), left->size());
  for (const SharedSecret* secret : {&ours, &theirs}) {  // one may have been wiped meanwhile
    LATCHKEY_TRY(SecretAccess::check_after_use(*secret));
  }
  base::declassify(&differ, sizeof differ);  // whether the key works is not secret
  if (differ != 0) return Error::inconsistent_key;
  return {};
}

}  // namespace latchkey
