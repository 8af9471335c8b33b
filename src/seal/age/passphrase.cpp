#include "seal/age/passphrase.hpp"

#include <openssl/evp.h>

#include <algorithm>

#include "seal/aead.hpp"
#include "seal/clean.hpp"

namespace latchkey::seal::age {
namespace {

constexpr std::string_view kLabel = "age-encryption.org/v1/scrypt";
constexpr std::size_t kKeySize = 32;
constexpr std::size_t kMaxPassphrase = 1 << 16;
constexpr std::uint64_t kR = 8, kP = 1;
// What libcrypto counts: 128 * r * (N + p + 2) bytes, and 32 bytes for each block of its V.
constexpr std::uint64_t kMaxMemory =
    (std::uint64_t{128} * kR << latchkey::age::kMaxWorkFactor) + (1 << 20);
// Bytes of stack that scrypt may use: four times what was measured.
constexpr std::size_t kScryptDepth = 16 * 1024;

Result<void> derive(std::span<std::uint8_t> key, View passphrase,
                    const ScryptParameters& parameters) noexcept {
  std::array<std::uint8_t, kLabel.size() + kScryptSaltSize> salt;
  std::ranges::copy(parameters.salt, std::ranges::copy(kLabel, salt.begin()).out);
  return cleanly<kScryptDepth>([&]() noexcept -> Result<void> {
    const OwnErrors errors;
    const int done =
        EVP_PBE_scrypt(reinterpret_cast<const char*>(passphrase.data()), passphrase.size(),
                       salt.data(), salt.size(), std::uint64_t{1} << parameters.work_factor, kR, kP,
                       kMaxMemory, key.data(), key.size());
    if (done != 1) return errors.no_memory_or(Error::crypto_failed);
    return {};
  });
}

}  // namespace

Result<LockedBuffer> unwrap_by_passphrase(const Stanza& stanza, View passphrase) noexcept {
  const auto parameters = scrypt_parameters_of(stanza);
  if (!parameters) return parameters.error();
  if (parameters->work_factor > latchkey::age::kMaxWorkFactor) return Error::too_costly;
  if (passphrase.empty()) return Error::password_needed;
  if (passphrase.size() > kMaxPassphrase) return Error::too_long;
  auto key = LockedBuffer::create(kKeySize);
  if (!key) return key;
  const auto derived = key->write(
      [&](std::span<std::uint8_t> to) noexcept { return derive(to, passphrase, *parameters); });
  if (!derived) return derived.error();
  auto file_key = LockedBuffer::create(kFileKeySize);
  if (!file_key) return file_key;
  const std::array<std::uint8_t, kNonceSize> nonce{};
  const auto opened = key->read([&](View secret) noexcept {
    return file_key->write([&](std::span<std::uint8_t> to) noexcept {
      return aead_open(to, hpke::Aead::chacha20_poly1305, secret, nonce, stanza.body, {});
    });
  });
  if (!opened) {
    return opened.error() == Error::not_authentic ? Error::wrong_password : opened.error();
  }
  return file_key;
}

}  // namespace latchkey::seal::age
