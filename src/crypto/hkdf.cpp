#include "crypto/hkdf.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <algorithm>
#include <array>

#include "base/stack.hpp"
#include "base/wipe.hpp"
#include "crypto/clean.hpp"
#include "crypto/libcrypto.hpp"
#include "crypto/library_context.hpp"

namespace latchkey::crypto {
namespace {

// One HMAC-SHA256, computed part by part.
class Hmac {
 public:
  explicit Hmac(View key) noexcept
      : algorithm_(EVP_MAC_fetch(crypto::library_context(), "HMAC", nullptr)),
        context_(algorithm_ ? EVP_MAC_CTX_new(algorithm_.get()) : nullptr) {
    char digest[] = "SHA256";
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_end()};
    good_ = context_ && EVP_MAC_init(context_.get(), key.data(), key.size(), parameters) == 1;
  }

  void add(Parts parts) noexcept {
    for (const View part : parts) {
      if (part.empty()) continue;
      good_ = good_ && EVP_MAC_update(context_.get(), part.data(), part.size()) == 1;
    }
  }

  // Whether all went well.
  [[nodiscard]] bool finish(std::span<std::uint8_t, kSha256Size> out) noexcept {
    std::size_t size = 0;
    return good_ && EVP_MAC_final(context_.get(), out.data(), &size, out.size()) == 1 &&
           size == out.size();
  }

 private:
  Owned<EVP_MAC, EVP_MAC_free> algorithm_;
  Owned<EVP_MAC_CTX, EVP_MAC_CTX_free> context_;
  bool good_ = false;
};

}  // namespace

Result<void> hmac_sha256(std::span<std::uint8_t, kSha256Size> out, View key, Parts input) noexcept {
  const bool done = cleanly([&]() noexcept {
    const OwnErrors errors;
    Hmac hmac(key);
    hmac.add(input);
    return hmac.finish(out);
  });
  if (done) return {};
  base::wipe(out.data(), out.size());
  return crypto::failure();
}

Result<void> hkdf_extract(std::span<std::uint8_t, kSha256Size> out, View salt,
                          Parts input) noexcept {
  // HMAC pads a short key with zeros, so these stand for no salt; libcrypto needs a key.
  static constexpr std::uint8_t kNoSalt[kSha256Size] = {};
  return hmac_sha256(out, salt.empty() ? View(kNoSalt) : salt, input);
}

// T(i) = HMAC(key, T(i - 1) || info || i).
Result<void> hkdf_expand(std::span<std::uint8_t> out, View key, Parts info) noexcept {
  base::Scrubbed<std::array<std::uint8_t, kSha256Size>> block;
  View before;  // T(0) is empty
  std::uint8_t counter[] = {0};
  for (std::size_t at = 0; at < out.size(); at += kSha256Size) {
    ++counter[0];
    const bool done = cleanly([&]() noexcept {
      const OwnErrors errors;
      Hmac hmac(key);
      hmac.add({before});
      hmac.add(info);
      hmac.add({counter});
      return hmac.finish(*block);
    });
    if (!done) {
      base::wipe(out.data(), out.size());
      return crypto::failure();
    }
    base::copy_secret(&out[at], block->data(), std::min(kSha256Size, out.size() - at));
    before = *block;
  }
  return {};
}

}  // namespace latchkey::crypto
