// Bytes put together, and HKDF-SHA256 (RFC 5869) on OpenSSL's HMAC: what expected values are made
// of.
#pragma once

#include <openssl/hmac.h>

#include <string_view>

#include "api/support.hpp"

namespace latchkey::test {

inline Bytes text(std::string_view characters) { return {characters.begin(), characters.end()}; }

inline Bytes operator+(Bytes left, View right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

// The most significant byte first.
inline Bytes number(std::size_t n, std::size_t size) {
  Bytes bytes(size);
  for (; size > 0; n >>= 8) bytes[--size] = n & 0xff;
  return bytes;
}

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
