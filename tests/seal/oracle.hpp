// HKDF (RFC 5869) on OpenSSL's HMAC, with SHA-256 unless told otherwise: what expected values are
// made of.
#pragma once

#include <openssl/hmac.h>

#include "keyfile/encoding.hpp"

namespace latchkey::test {

inline Bytes hmac(View key, View data, const EVP_MD* hash = EVP_sha256()) {
  Bytes out(static_cast<std::size_t>(EVP_MD_get_size(hash)));
  HMAC(hash, key.data(), static_cast<int>(key.size()), data.data(), data.size(), out.data(),
       nullptr);
  return out;
}

// HMAC fills its key up with zeros, so no salt is like zeros.
inline Bytes hkdf_extract(View salt, View ikm, const EVP_MD* hash = EVP_sha256()) {
  return hmac(salt.empty() ? Bytes(32) : salt, ikm, hash);
}

inline Bytes hkdf_expand(View prk, View info, std::size_t size, const EVP_MD* hash = EVP_sha256()) {
  Bytes key, block;
  for (std::uint8_t i = 1; key.size() < size; ++i) {
    block = hmac(prk, block + info + Bytes{i}, hash);
    key = std::move(key) + block;
  }
  key.resize(size);
  return key;
}

}  // namespace latchkey::test
