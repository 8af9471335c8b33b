#include "crypto/aead.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <climits>

#include "base/secrecy.hpp"
#include "base/wipe.hpp"
#include "crypto/clean.hpp"
#include "crypto/libcrypto.hpp"
#include "crypto/library_context.hpp"

namespace latchkey::crypto {
namespace {

// As libcrypto names them.
const char* libcrypto_name(hpke::Aead aead) noexcept {
  switch (aead) {
    case hpke::Aead::aes_128_gcm:
      return "AES-128-GCM";
    case hpke::Aead::aes_256_gcm:
      return "AES-256-GCM";
    case hpke::Aead::chacha20_poly1305:
      return "ChaCha20-Poly1305";
    case hpke::Aead::export_only:
      break;
  }
  return "";
}

using Cipher = Owned<EVP_CIPHER, EVP_CIPHER_free>;
using Context = Owned<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;

// libcrypto counts in int.
bool feed(EVP_CIPHER_CTX* context, std::uint8_t* out, View in) noexcept {
  constexpr std::size_t kMost = std::size_t{1} << 30;
  static_assert(kMost <= INT_MAX);
  while (!in.empty()) {
    const View part = in.first(std::min(in.size(), kMost));
    int written = 0;
    if (EVP_CipherUpdate(context, out, &written, part.data(), static_cast<int>(part.size())) != 1) {
      return false;
    }
    if (out != nullptr) out += written;
    in = in.subspan(part.size());
  }
  return true;
}

// All but the tag.
bool start(EVP_CIPHER_CTX* context, hpke::Aead aead, View key, View nonce, Parts aad,
           bool encrypt) noexcept {
  if (context == nullptr || key.empty() || key.size() != key_size(aead)) return false;
  const Cipher cipher(EVP_CIPHER_fetch(crypto::library_context(), libcrypto_name(aead), nullptr));
  return cipher &&
         EVP_CipherInit_ex2(context, cipher.get(), key.data(), nonce.data(), encrypt ? 1 : 0,
                            nullptr) == 1 &&
         std::ranges::all_of(aad, [&](View part) { return feed(context, nullptr, part); });
}

}  // namespace

Result<void> aead_seal(std::span<std::uint8_t> box, hpke::Aead aead, View key,
                       std::span<const std::uint8_t, kNonceSize> nonce, View message,
                       Parts aad) noexcept {
  const auto sealed = cleanly([&]() noexcept -> Result<void> {
    if (message.size() > max_message(aead)) return Error::too_long;
    const OwnErrors errors;
    const Context context(EVP_CIPHER_CTX_new());
    std::uint8_t none[16];
    int rest = 0;
    if (!start(context.get(), aead, key, nonce, aad, true) ||
        !feed(context.get(), box.data(), message) ||
        EVP_CipherFinal_ex(context.get(), none, &rest) != 1 || rest != 0 ||
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, kTagSize,
                            box.data() + message.size()) != 1) {
      return crypto::failure();
    }
    return {};
  });
  if (sealed) {
    base::declassify(box.data(), box.size());  // it is sent in the clear
  } else {
    base::wipe(box.data(), box.size());
  }
  return sealed;
}

Result<void> aead_open(std::span<std::uint8_t> message, hpke::Aead aead, View key,
                       std::span<const std::uint8_t, kNonceSize> nonce, View box,
                       Parts aad) noexcept {
  const auto opened = cleanly([&]() noexcept -> Result<void> {
    if (message.size() > max_message(aead)) return Error::too_long;
    const OwnErrors errors;
    const Context context(EVP_CIPHER_CTX_new());
    std::uint8_t none[16];
    int rest = 0;
    auto* const tag = const_cast<std::uint8_t*>(box.data() + message.size());
    if (!start(context.get(), aead, key, nonce, aad, false) ||
        !feed(context.get(), message.data(), box.first(message.size())) ||
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, kTagSize, tag) != 1) {
      return crypto::failure();
    }
    if (EVP_CipherFinal_ex(context.get(), none, &rest) == 1 && rest == 0) return {};
    return Error::not_authentic;
  });
  if (!opened) base::wipe(message.data(), message.size());
  return opened;
}

}  // namespace latchkey::crypto
