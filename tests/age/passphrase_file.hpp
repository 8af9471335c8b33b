// A file as `age -p` writes it, by its definition (https://c2sp.org/age).
#pragma once

#include <openssl/evp.h>

#include "age/file_maker.hpp"

namespace latchkey::test {

struct PassphraseFile : FileMaker {
  // One chunk of content.
  PassphraseFile(Random& random, std::string_view passphrase, unsigned work_factor,
                 View content = {})
      : FileMaker(random), key(32) {
    const Bytes salt = random.vector(16), salted = text("age-encryption.org/v1/scrypt") + salt;
    require_made(EVP_PBE_scrypt(passphrase.data(), passphrase.size(), salted.data(), salted.size(),
                                std::uint64_t{1} << work_factor, 8, 1, std::uint64_t{1} << 30,
                                key.data(), key.size()) == 1);
    header = FileMaker::header("-> scrypt " + unpadded_base64(salt) + " " +
                               std::to_string(work_factor) + "\n" + wrapped(key));
    payload = FileMaker::payload(content);
  }

  [[nodiscard]] Bytes bytes() const { return header + payload; }

  Bytes key;  // that the passphrase gives
  Bytes header, payload;
};

}  // namespace latchkey::test
