#include "age/passphrase.hpp"

#include <algorithm>

#include "base/try.hpp"
#include "crypto/aead.hpp"
#include "crypto/clean.hpp"
#include "crypto/password_hash.hpp"

namespace latchkey::age::internal {
namespace {

constexpr std::string_view kLabel = "age-encryption.org/v1/scrypt";
constexpr std::size_t kKeySize = 32;
constexpr std::size_t kMaxPassphrase = 1 << 16;
constexpr std::uint64_t kR = 8, kP = 1;
// Bytes of stack that scrypt may use: four times what was measured.
constexpr std::size_t kScryptDepth = 16 * 1024;
static_assert(kR << latchkey::age::kMaxWorkFactor <= crypto::kMaxScryptWork);
static_assert(kR << (latchkey::age::kMaxWorkFactor + 1) > crypto::kMaxScryptWork);

Result<void> derive(std::span<std::uint8_t> key, View passphrase,
                    const ScryptParameters& parameters) noexcept {
  std::array<std::uint8_t, kLabel.size() + kScryptSaltSize> salt;
  std::ranges::copy(parameters.salt, std::ranges::copy(kLabel, salt.begin()).out);
  const crypto::ScryptCost cost{.n = std::uint64_t{1} << parameters.work_factor, .r = kR, .p = kP};
  return crypto::cleanly<kScryptDepth>(
      [&]() noexcept { return crypto::scrypt(key, passphrase, salt, cost); });
}

}  // namespace

Result<LockedBuffer> unwrap_by_passphrase(const Stanza& stanza, View passphrase) noexcept {
  const auto parameters = LATCHKEY_TRY(scrypt_parameters_of(stanza));
  if (parameters.work_factor > latchkey::age::kMaxWorkFactor) return Error::work_factor;
  if (passphrase.empty()) return Error::password_needed;
  if (passphrase.size() > kMaxPassphrase) return Error::too_long;
  auto key = LockedBuffer::create(kKeySize);
  if (!key) return key;
  const auto derived = key->write(
      [&](std::span<std::uint8_t> to) noexcept { return derive(to, passphrase, parameters); });
  if (!derived) return derived.error();
  auto file_key = LockedBuffer::create(kFileKeySize);
  if (!file_key) return file_key;
  const std::array<std::uint8_t, crypto::kNonceSize> nonce{};
  const auto opened = key->read([&](View secret) noexcept {
    return file_key->write([&](std::span<std::uint8_t> to) noexcept {
      return crypto::aead_open(to, hpke::Aead::chacha20_poly1305, secret, nonce, stanza.body, {});
    });
  });
  if (!opened) {
    return opened.error() == Error::not_authentic ? Error::wrong_password : opened.error();
  }
  return file_key;
}

}  // namespace latchkey::age::internal
