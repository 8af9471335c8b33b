#include "crypto/x25519.hpp"

#include <openssl/core_names.h>
#include <openssl/params.h>

#include "base/secrecy.hpp"
#include "base/stack.hpp"
#include "base/wipe.hpp"
#include "crypto/clean.hpp"
#include "crypto/libcrypto.hpp"
#include "crypto/library_context.hpp"

namespace latchkey::crypto {

namespace {
constexpr const char* kName = "X25519";
}

Result<X25519Key> X25519Key::made(EVP_PKEY* key) noexcept {
  if (key == nullptr) return crypto::failure();
  return X25519Key(key);
}

Result<X25519Key> X25519Key::public_key(X25519In bytes) noexcept {
  const OwnErrors errors;
  return made(EVP_PKEY_new_raw_public_key_ex(crypto::library_context(), kName, nullptr,
                                             bytes.data(), bytes.size()));
}

Result<X25519Key> X25519Key::secret_key(X25519In secret) noexcept {
  return made(cleanly([&]() noexcept {
    const OwnErrors errors;
    return EVP_PKEY_new_raw_private_key_ex(crypto::library_context(), kName, nullptr, secret.data(),
                                           secret.size());
  }));
}

Result<X25519Key> X25519Key::key_pair(X25519In secret, X25519In pub) noexcept {
  return made(cleanly([&]() noexcept {
    const OwnErrors errors;
    const Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free> context(
        EVP_PKEY_CTX_new_from_name(crypto::library_context(), kName, nullptr));
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY,
                                          const_cast<std::uint8_t*>(pub.data()), pub.size()),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PRIV_KEY,
                                          const_cast<std::uint8_t*>(secret.data()), secret.size()),
        OSSL_PARAM_construct_end()};
    EVP_PKEY* key = nullptr;
    const bool done = context && EVP_PKEY_fromdata_init(context.get()) == 1 &&
                      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_KEYPAIR, parameters) == 1;
    return done ? key : nullptr;
  }));
}

Result<void> X25519Key::write_public(X25519Out pub) const noexcept {
  const OwnErrors errors;
  std::size_t size = pub.size();
  if (EVP_PKEY_get_raw_public_key(key_, pub.data(), &size) != 1) return Error::crypto_failed;
  base::declassify(pub.data(), pub.size());  // it is sent in the clear
  return {};
}

Result<void> X25519Key::agree(X25519Out result, const X25519Key& peer) const noexcept {
  base::wipe(result.data(), result.size());
  enum class Done { no, perhaps, yes };
  const Done done = cleanly([&]() noexcept {
    const OwnErrors errors;
    const Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free> context(
        EVP_PKEY_CTX_new_from_pkey(crypto::library_context(), key_, nullptr));
    std::size_t size = result.size();
    if (!context || EVP_PKEY_derive_init(context.get()) != 1 ||
        EVP_PKEY_derive_set_peer_ex(context.get(), peer.key_, 0) != 1) {
      return Done::no;
    }
    return EVP_PKEY_derive(context.get(), result.data(), &size) == 1 ? Done::yes : Done::perhaps;
  });
  if (done == Done::no) return crypto::failure();
  // libcrypto refuses zeros itself, and then leaves them there.
  constexpr std::array<std::uint8_t, kX25519Size> kZeros{};
  std::uint64_t differs = base::secrets_differ(result.data(), kZeros.data(), kZeros.size());
  base::declassify(&differs, sizeof differs);  // the peer's low order is the peer's own doing
  if (differs == 0) return Error::low_order;
  if (done == Done::yes) return {};
  base::wipe(result.data(), result.size());
  return Error::crypto_failed;
}

}  // namespace latchkey::crypto
