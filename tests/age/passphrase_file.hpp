// A file as `age -p` writes it, by its definition (https://c2sp.org/age).
#pragma once

#include <openssl/evp.h>

#include <algorithm>
#include <stdexcept>

#include "age/mac.hpp"
#include "age/payload.hpp"
#include "crypto/aead.hpp"
#include "encoding/base64.hpp"
#include "keyfile/encoding.hpp"

namespace latchkey::test {

inline std::string unpadded_base64(View bytes) {
  std::string text(encoding::base64_size(bytes.size()), ' ');
  encoding::base64_encode({reinterpret_cast<std::uint8_t*>(text.data()), text.size()}, bytes);
  while (text.ends_with('=')) text.pop_back();
  return text;
}

struct PassphraseFile {
  // One chunk of content.
  PassphraseFile(Random& random, std::string_view passphrase, unsigned work_factor,
                 View content = {})
      : key(32), file_key(random.vector(16)), nonce(random.vector(16)) {
    const auto require = [](bool good) {
      if (!good) throw std::runtime_error("no passphrase file");
    };
    const Bytes salt = random.vector(16), salted = text("age-encryption.org/v1/scrypt") + salt;
    require(EVP_PBE_scrypt(passphrase.data(), passphrase.size(), salted.data(), salted.size(),
                           std::uint64_t{1} << work_factor, 8, 1, std::uint64_t{1} << 30,
                           key.data(), key.size()) == 1);
    Bytes body(32);
    const std::array<std::uint8_t, 12> zeros{};
    require(crypto::aead_seal(body, hpke::Aead::chacha20_poly1305, key, zeros, file_key, {})
                .has_value());
    header = text("age-encryption.org/v1\n-> scrypt " + unpadded_base64(salt) + " " +
                  std::to_string(work_factor) + "\n" + unpadded_base64(body) + "\n---");
    const auto secret = LockedBuffer::copy_of(file_key);
    std::array<std::uint8_t, 32> mac;
    require(age::internal::compute_mac(mac, *secret, header).has_value());
    std::string end = unpadded_base64(mac);
    end.append("\n");
    header = header + text(" ") + text(end);
    auto chunks = age::internal::Payload::create(*secret, nonce);
    Bytes place(content.size() + 16);
    std::ranges::copy(content, place.begin());
    require(chunks->seal(place, content.size(), Last::yes).has_value());
    payload = nonce + place;
  }

  [[nodiscard]] Bytes bytes() const { return header + payload; }

  Bytes key, file_key, nonce;  // the key that the passphrase gives, and what it opens
  Bytes header, payload;
};

}  // namespace latchkey::test
