// Writes DER (X.690) for the tests of key files: values that are right, and values that are not.
#pragma once

#include "keyfile/key_files.hpp"

namespace latchkey::test {

inline Bytes der_value(std::uint8_t tag, View content) {
  const auto size = content.size();
  const auto low = static_cast<std::uint8_t>(size), high = static_cast<std::uint8_t>(size >> 8);
  if (size < 0x80) return Bytes{tag, low} + content;
  if (size < 0x100) return Bytes{tag, 0x81, low} + content;
  return Bytes{tag, 0x82, high, low} + content;
}

inline Bytes der_number(std::uint64_t n) {
  Bytes bytes;
  do bytes.insert(bytes.begin(), static_cast<std::uint8_t>(n));
  while (n >>= 8);
  if (bytes[0] >= 0x80) bytes.insert(bytes.begin(), 0);
  return der_value(0x02, bytes);
}

inline Bytes der_octets(View content) { return der_value(0x04, content); }
inline Bytes der_sequence(View content) { return der_value(0x30, content); }

// The content of an object identifier, in hexadecimal.
inline Bytes der_id(std::string_view hex) { return der_value(0x06, from_hex(hex)); }

inline const Bytes kMlKemAlgorithm = der_sequence(der_id("608648016503040402"));
inline const Bytes kXWingAlgorithm = der_sequence(der_id("2b0601040183e62d81c87a"));

// OneAsymmetricKey (RFC 5958, section 2) with that version field; `rest` follows the key.
inline Bytes private_key_der(std::uint8_t version, View algorithm, View key, View rest = {}) {
  return der_sequence(der_number(version) + algorithm + der_octets(key) + rest);
}

// The seed of ML-KEM with its tag (RFC 9935, section 6).
inline Bytes seed_choice(View seed) { return der_value(0x80, seed); }

// EncryptedPrivateKeyInfo (RFC 5958, section 3) by PBES2 with AES-256 or another cipher.
inline Bytes encrypted_key_der(View derivation, View content,
                               std::string_view cipher = "60864801650304012a",
                               std::size_t iv_size = 16) {
  const Bytes encryption = der_sequence(der_id(cipher) + der_octets(Bytes(iv_size, 1)));
  const Bytes parameters = der_sequence(copy_of(derivation) + encryption);
  return der_sequence(der_sequence(der_id("2a864886f70d01050d") + parameters) +
                      der_octets(content));
}

// The key derivations (RFC 7914, section 7; RFC 8018, appendix A.2).
inline Bytes scrypt_der(View salt, std::uint64_t n, std::uint64_t r, std::uint64_t p,
                        View key_length = {}) {
  const Bytes numbers = der_number(n) + der_number(r) + der_number(p);
  return der_sequence(der_id("2b06010401da47040b") +
                      der_sequence(der_octets(salt) + numbers + key_length));
}
inline Bytes pbkdf2_der(View salt, std::uint64_t rounds, View prf, View key_length = {}) {
  return der_sequence(der_id("2a864886f70d01050c") +
                      der_sequence(der_octets(salt) + der_number(rounds) + key_length + prf));
}

// HMAC with the hash of that number in 1.2.840.113549.2. Its parameters are NULL.
inline Bytes prf_der(std::uint8_t hash, const Bytes& parameters = {0x05, 0x00}) {
  return der_sequence(der_value(0x06, from_hex("2a864886f70d02") + Bytes{hash}) + parameters);
}
inline constexpr std::uint8_t kHmacSha1 = 7, kHmacSha224 = 8, kHmacSha256 = 9, kHmacSha384 = 10,
                              kHmacSha512 = 11, kHmacSha512_224 = 12, kHmacSha512_256 = 13;

}  // namespace latchkey::test
