#include "age/mac.hpp"

#include "base/mask.hpp"
#include "base/secrecy.hpp"
#include "base/wipe.hpp"

namespace latchkey::age::internal {

using base::Scrubbed;

Result<void> compute_mac(std::span<std::uint8_t, kMacSize> mac, const LockedBuffer& file_key,
                         View authenticated) noexcept {
  Scrubbed<std::array<std::uint8_t, crypto::kSha256Size>> root, key;
  auto done =
      file_key.read([&](View bytes) noexcept { return crypto::hkdf_extract(*root, {}, {bytes}); });
  if (done) done = crypto::hkdf_expand(*key, *root, {bytes_of("header")});
  if (done) done = crypto::hmac_sha256(mac, *key, {authenticated});
  if (!done) base::wipe(mac.data(), mac.size());
  return done;
}

Result<void> check_mac(const Header& header, const LockedBuffer& file_key) noexcept {
  Scrubbed<std::array<std::uint8_t, kMacSize>> expected;
  const auto done = compute_mac(*expected, file_key, header.authenticated());
  if (!done) return done;
  std::uint64_t differs = base::not_equal<kMacSize>(*expected, header.mac()).bits();
  base::declassify(&differs, sizeof differs);  // the caller is told
  if (differs != 0) return Error::not_authentic;
  return {};
}

}  // namespace latchkey::age::internal
