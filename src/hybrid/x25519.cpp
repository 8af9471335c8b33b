#include "hybrid/x25519.hpp"

#include <array>

#include "base/secrecy.hpp"
#include "base/stack.hpp"
#include "dispatch/dispatch.hpp"

namespace latchkey::hybrid {

void public_key(base::Out<kSize> pub, base::In<kSize> secret) noexcept {
  dispatch::x25519_table().public_key(pub, secret);
  base::declassify(pub.data(), pub.size());  // it is sent in the clear
}

Result<void> check_shared(base::Out<kSize> shared) noexcept {
  constexpr std::array<std::uint8_t, kSize> kZeros{};
  std::uint64_t differs = base::secrets_differ(shared.data(), kZeros.data(), kSize);
  base::declassify(&differs, sizeof differs);  // the peer's low order is the peer's own doing
  if (differs == 0) return Error::low_order;
  return {};
}

Result<void> agree(base::Out<kSize> shared, base::In<kSize> secret, base::In<kSize> peer) noexcept {
  dispatch::x25519_table().shared_secret(shared, secret, peer);
  return check_shared(shared);
}

}  // namespace latchkey::hybrid
