// What is behind the handle of a secret (latchkey.h).
#pragma once

#include "api/access.hpp"
#include "base/try.hpp"
#include "c_api/core/handles.hpp"
#include "latchkey/mlkem.hpp"

namespace latchkey::c {

// A shared secret of a KEM, which session keys are made of, or other secret bytes.
class Secret {
 public:
  Secret(SharedSecret secret) noexcept : shared_(std::move(secret)) {}  // NOLINT: implicit
  Secret(LockedBuffer secret) noexcept                                  // NOLINT: implicit
      : bytes_(std::move(secret)), is_shared_(false) {}

  // The secret of a KEM; null, if it is something else.
  [[nodiscard]] const SharedSecret* shared() const noexcept {
    return is_shared_ ? &shared_ : nullptr;
  }
  [[nodiscard]] std::size_t size() const noexcept {
    return is_shared_ ? kSharedSecretSize : bytes_.size();
  }
  [[nodiscard]] bool is_locked() const noexcept {
    return is_shared_ ? shared_.is_locked() : bytes_.is_locked();
  }

  // Calls f with the bytes. Errors: those of what is in it.
  template <class F>
  [[nodiscard]] Result<void> read(F f) const noexcept {
    if (!is_shared_) return bytes_.read(f);
    const OpenSecrets open;
    const auto all = LATCHKEY_TRY(shared_.expose());
    f(View(all));
    return SecretAccess::check_after_use(shared_);
  }

 private:
  SharedSecret shared_;
  LockedBuffer bytes_;
  bool is_shared_ = true;
};

}  // namespace latchkey::c

struct latchkey_secret : latchkey::c::Tagged<latchkey_secret> {
  static constexpr std::uint64_t kTag = 0x7465'7263'6573'6b6c;  // "lksecret"
  static constexpr const char* kWhat = "secret";

  explicit latchkey_secret(latchkey::c::Secret made) noexcept : content(std::move(made)) {}

  latchkey::c::Secret content;
  latchkey::LockedBuffer parcel = {};  // for children, of a handle that they can inherit
};
