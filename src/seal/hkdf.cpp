#include "seal/hkdf.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "base/wipe.hpp"
#include "crypto/library_context.hpp"
#include "seal/clean.hpp"
#include "seal/libcrypto.hpp"

namespace latchkey::seal {
namespace {

std::size_t size_of(Parts parts) noexcept {
  std::size_t size = 0;
  for (const View part : parts) size += part.size();
  return size;
}

void copy_to(std::span<std::uint8_t> to, Parts parts) noexcept {
  for (const View part : parts) {
    if (!part.empty()) std::memcpy(to.data(), part.data(), part.size());
    to = to.subspan(part.size());
  }
}

}  // namespace

Result<LockedBuffer> joined(Parts parts) noexcept {
  auto buffer = LockedBuffer::create(size_of(parts));
  if (!buffer) return buffer;
  const auto done = buffer->write([&](std::span<std::uint8_t> to) noexcept { copy_to(to, parts); });
  if (!done) return done.error();
  return buffer;
}

Result<void> hmac_sha256(std::span<std::uint8_t, kSha256Size> out, View key, View input) noexcept {
  const auto done = cleanly([&]() noexcept -> Result<void> {
    const OwnErrors errors;
    std::size_t size = 0;
    if (EVP_Q_mac(crypto::library_context(), "HMAC", nullptr, "SHA256", nullptr, key.data(),
                  key.size(), input.data(), input.size(), out.data(), out.size(),
                  &size) == nullptr) {
      return crypto::failure();
    }
    return {};
  });
  if (!done) base::wipe(out.data(), out.size());
  return done;
}

// Section 2.2.
Result<void> hkdf_extract(std::span<std::uint8_t, kSha256Size> out, View salt,
                          Parts input) noexcept {
  // HMAC fills a short key up with zeros, so these stand for no salt; libcrypto wants some.
  static constexpr std::uint8_t kNoSalt[kSha256Size] = {};
  if (salt.empty()) salt = kNoSalt;
  const auto all = joined(input);
  if (!all) return all.error();
  return all->read([&](View bytes) noexcept { return hmac_sha256(out, salt, bytes); });
}

// Section 2.3: T(i) = HMAC(key, T(i - 1) || info || i).
Result<void> hkdf_expand(std::span<std::uint8_t> out, View key, Parts info) noexcept {
  auto input = LockedBuffer::create(kSha256Size + size_of(info) + 1);
  if (!input) return input.error();
  const auto done = input->write([&](std::span<std::uint8_t> bytes) noexcept -> Result<void> {
    copy_to(bytes.subspan(kSha256Size), info);
    base::Scrubbed<std::array<std::uint8_t, kSha256Size>> block;
    View before = bytes.subspan(kSha256Size);  // nothing is T(0)
    for (std::size_t at = 0; at < out.size(); at += kSha256Size) {
      ++bytes.back();
      if (const auto made = hmac_sha256(*block, key, before); !made) return made;
      std::memcpy(&out[at], block->data(), std::min(kSha256Size, out.size() - at));
      std::memcpy(bytes.data(), block->data(), kSha256Size);
      before = bytes;
    }
    return {};
  });
  if (!done) base::wipe(out.data(), out.size());
  base::clear_registers();
  return done;
}

}  // namespace latchkey::seal
