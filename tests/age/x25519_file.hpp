// Stanzas for X25519 recipients as age writes them, by the definition of the format
// (https://c2sp.org/age), and identities for them.
#pragma once

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <memory>

#include "age/file_maker.hpp"
#include "encoding/bech32.hpp"
#include "latchkey/age.hpp"

namespace latchkey::test {

using EvpKey = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

struct X25519Pair {
  explicit X25519Pair(Bytes bytes) : secret(std::move(bytes)), pub(32) {
    std::size_t size = pub.size();
    require_made(EVP_PKEY_get_raw_public_key(evp().get(), pub.data(), &size) == 1);
  }

  [[nodiscard]] EvpKey evp() const {
    return {EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, nullptr, secret.data(), secret.size()),
            EVP_PKEY_free};
  }
  [[nodiscard]] Bytes agree(View peer) const {
    const EvpKey mine = evp(), theirs{EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, nullptr,
                                                                  peer.data(), peer.size()),
                                      EVP_PKEY_free};
    const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(
        EVP_PKEY_CTX_new(mine.get(), nullptr), EVP_PKEY_CTX_free);
    Bytes shared(32);
    std::size_t size = shared.size();
    require_made(EVP_PKEY_derive_init(context.get()) == 1 &&
                 EVP_PKEY_derive_set_peer(context.get(), theirs.get()) == 1 &&
                 EVP_PKEY_derive(context.get(), shared.data(), &size) == 1);
    return shared;
  }
  // As text, "AGE-SECRET-KEY-1...".
  [[nodiscard]] std::string identity() const {
    std::string name(encoding::bech32_size("AGE-SECRET-KEY-", 32), ' ');
    encoding::bech32_encode({reinterpret_cast<std::uint8_t*>(name.data()), name.size()},
                            "AGE-SECRET-KEY-", secret);
    return name;
  }

  Bytes secret, pub;
};

inline Bytes hmac_by_openssl(View key, View data) {
  Bytes mac(32);
  unsigned size = 32;
  require_made(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), data.data(),
                    data.size(), mac.data(), &size) != nullptr);
  return mac;
}

// What an X25519 stanza is made of.
struct X25519Stanza {
  X25519Stanza(Random& random, const FileMaker& file, const X25519Pair& recipient)
      : X25519Stanza(X25519Pair(random.vector(32)), file, recipient) {}
  X25519Stanza(const X25519Pair& sender, const FileMaker& file, const X25519Pair& recipient)
      : share(sender.pub),
        shared(recipient.agree(share)),
        root(hmac_by_openssl(share + recipient.pub, shared)),
        key(hmac_by_openssl(root, text("age-encryption.org/v1/X25519") + Bytes{1})),
        stanza("-> X25519 " + unpadded_base64(share) + "\n" + file.wrapped(key)) {}

  Bytes share, shared, root, key;  // root: the output of HKDF's extraction
  std::string stanza;
};

}  // namespace latchkey::test
