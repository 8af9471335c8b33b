// HKDF-SHA256 (RFC 5869) on OpenSSL's HMAC: what expected values are made of.
#pragma once

#include <openssl/hmac.h>

#include "keyfile/encoding.hpp"

namespace latchkey::test {

inline Bytes hmac(View key, View data) {
  Bytes out(32);
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), data.data(), data.size(), out.data(),
       nullptr);
  return out;
}

// HMAC fills its key up with zeros, so no salt is like zeros.
inline Bytes hkdf_extract(View salt, View ikm) {
  return hmac(salt.empty() ? Bytes(32) : salt, ikm);
}

inline Bytes hkdf_expand(View prk, View info, std::size_t size) {
  Bytes key, block;
  for (std::uint8_t i = 1; key.size() < size; ++i) {
    block = hmac(prk, block + info + Bytes{i});
    key = std::move(key) + block;
  }
  key.resize(size);
  return key;
}

}  // namespace latchkey::test
