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

// As libcrypto names them.
template <Hash hash>
constexpr const char* kName = hash == Hash::sha256 ? "SHA256" : "SHA384";

// One HMAC, computed part by part.
template <Hash hash>
class Hmac {
 public:
  explicit Hmac(View key) noexcept
      : algorithm_(EVP_MAC_fetch(crypto::library_context(), "HMAC", nullptr)),
        context_(algorithm_ ? EVP_MAC_CTX_new(algorithm_.get()) : nullptr) {
    char* const digest = const_cast<char*>(kName<hash>);  // libcrypto only reads it
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
  [[nodiscard]] bool finish(std::span<std::uint8_t, kDigestSize<hash>> out) noexcept {
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

template <Hash hash>
Result<void> hmac(std::span<std::uint8_t, kDigestSize<hash>> out, View key, Parts input) noexcept {
  const bool done = cleanly([&]() noexcept {
    const OwnErrors errors;
    Hmac<hash> hmac(key);
    hmac.add(input);
    return hmac.finish(out);
  });
  if (done) return {};
  base::wipe(out.data(), out.size());
  return crypto::failure();
}

template <Hash hash>
Result<void> hkdf_extract(std::span<std::uint8_t, kDigestSize<hash>> out, View salt,
                          Parts input) noexcept {
  // HMAC pads a short key with zeros, so these stand for no salt; libcrypto needs a key.
  static constexpr std::uint8_t kNoSalt[kDigestSize<hash>] = {};
  return hmac<hash>(out, salt.empty() ? View(kNoSalt) : salt, input);
}

// T(i) = HMAC(key, T(i - 1) || info || i).
template <Hash hash>
Result<void> hkdf_expand(std::span<std::uint8_t> out, View key, Parts info) noexcept {
  base::Scrubbed<std::array<std::uint8_t, kDigestSize<hash>>> block;
  View before;  // T(0) is empty
  std::uint8_t counter[] = {0};
  for (std::size_t at = 0; at < out.size(); at += block->size()) {
    ++counter[0];
    const bool done = cleanly([&]() noexcept {
      const OwnErrors errors;
      Hmac<hash> hmac(key);
      hmac.add({before});
      hmac.add(info);
      hmac.add({counter});
      return hmac.finish(*block);
    });
    if (!done) {
      base::wipe(out.data(), out.size());
      return crypto::failure();
    }
    base::copy_secret(&out[at], block->data(), std::min(block->size(), out.size() - at));
    before = *block;
  }
  return {};
}

#define LATCHKEY_INSTANTIATE(hash)                                                           \
  template Result<void> hmac<hash>(std::span<std::uint8_t, kDigestSize<hash>>, View,         \
                                   Parts) noexcept;                                          \
  template Result<void> hkdf_extract<hash>(std::span<std::uint8_t, kDigestSize<hash>>, View, \
                                           Parts) noexcept;                                  \
  template Result<void> hkdf_expand<hash>(std::span<std::uint8_t>, View, Parts) noexcept
LATCHKEY_INSTANTIATE(Hash::sha256);
LATCHKEY_INSTANTIATE(Hash::sha384);
#undef LATCHKEY_INSTANTIATE

}  // namespace latchkey::crypto
