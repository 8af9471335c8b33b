// A file around stanzas of any kind, by the definition of the format (https://c2sp.org/age).
#pragma once

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

inline void require_made(bool good) {
  if (!good) throw std::runtime_error("no age file");
}

class FileMaker {
 public:
  explicit FileMaker(Random& random) : file_key(random.vector(16)), nonce(random.vector(16)) {}

  [[nodiscard]] Bytes header(const std::string& stanzas) const {
    const Bytes authenticated = text("age-encryption.org/v1\n" + stanzas + "---");
    std::array<std::uint8_t, 32> mac;
    require_made(age::internal::compute_mac(mac, *LockedBuffer::copy_of(file_key), authenticated)
                     .has_value());
    std::string end = unpadded_base64(mac);
    end.append("\n");
    return authenticated + text(" ") + text(end);
  }
  // One chunk.
  [[nodiscard]] Bytes payload(View content) const {
    auto chunks = age::internal::Payload::create(*LockedBuffer::copy_of(file_key), nonce);
    Bytes place(content.size() + 16);
    std::ranges::copy(content, place.begin());
    require_made(chunks->seal(place, content.size(), Last::yes).has_value());
    return nonce + place;
  }
  // The body of a stanza: the file key under a key that is used once.
  [[nodiscard]] std::string wrapped(View key) const {
    Bytes body(32);
    const std::array<std::uint8_t, 12> zeros{};
    require_made(crypto::aead_seal(body, hpke::Aead::chacha20_poly1305, key, zeros, file_key, {})
                     .has_value());
    return unpadded_base64(body) + "\n";
  }

  Bytes file_key, nonce;
};

}  // namespace latchkey::test
