#include "seal/hkdf.hpp"

#include <openssl/core_names.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <cstring>

#include "base/wipe.hpp"
#include "seal/clean.hpp"
#include "seal/libcrypto.hpp"

namespace latchkey::seal {
namespace {

OSSL_PARAM octets(const char* name, View bytes) noexcept {
  return OSSL_PARAM_construct_octet_string(name, const_cast<std::uint8_t*>(bytes.data()),
                                           bytes.size());
}

Result<void> zeroed_unless(bool done, std::span<std::uint8_t> out) noexcept {
  if (done) return {};
  base::wipe(out.data(), out.size());
  return Error::crypto_failed;
}

}  // namespace

Result<LockedBuffer> joined(Parts parts) noexcept {
  std::size_t size = 0;
  for (const View part : parts) size += part.size();
  auto buffer = LockedBuffer::create(size);
  if (!buffer) return buffer;
  const auto done = buffer->write([&](std::span<std::uint8_t> to) noexcept {
    for (const View part : parts) {
      if (!part.empty()) std::memcpy(to.data(), part.data(), part.size());
      to = to.subspan(part.size());
    }
  });
  if (!done) return done.error();
  return buffer;
}

Result<void> hkdf_extract(std::span<std::uint8_t, kSha256Size> out, View salt,
                          Parts input) noexcept {
  // HMAC fills a short key up with zeros, so these stand for no salt; libcrypto wants some.
  static constexpr std::uint8_t kNoSalt[kSha256Size] = {};
  if (salt.empty()) salt = kNoSalt;
  const auto all = joined(input);
  if (!all) return all.error();
  // HKDF-Extract is HMAC. libcrypto's HKDF gives the salt back to the heap as it is, which in HPKE
  // is the KEM's secret; its HMAC wipes its key.
  return all->read([&](View bytes) noexcept {
    const bool done = cleanly([&]() noexcept {
      const OwnErrors errors;
      return HMAC(EVP_sha256(), salt.data(), static_cast<int>(salt.size()), bytes.data(),
                  bytes.size(), out.data(), nullptr) != nullptr;
    });
    return zeroed_unless(done, out);
  });
}

Result<void> hkdf_expand(std::span<std::uint8_t> out, View key, Parts info) noexcept {
  const auto all = joined(info);
  if (!all) return all.error();
  return all->read([&](View bytes) noexcept {
    const bool done = cleanly([&]() noexcept {
      const OwnErrors errors;
      const Owned<EVP_KDF, EVP_KDF_free> kdf(EVP_KDF_fetch(nullptr, "HKDF", nullptr));
      const Owned<EVP_KDF_CTX, EVP_KDF_CTX_free> context(kdf ? EVP_KDF_CTX_new(kdf.get())
                                                             : nullptr);
      int mode = EVP_KDF_HKDF_MODE_EXPAND_ONLY;
      char digest[] = "SHA256";
      const OSSL_PARAM parameters[] = {
          OSSL_PARAM_construct_int(OSSL_KDF_PARAM_MODE, &mode),
          OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
          octets(OSSL_KDF_PARAM_KEY, key), octets(OSSL_KDF_PARAM_INFO, bytes),
          OSSL_PARAM_construct_end()};
      return context && EVP_KDF_derive(context.get(), out.data(), out.size(), parameters) == 1;
    });
    return zeroed_unless(done, out);
  });
}

}  // namespace latchkey::seal
