// What the tests of the public interface share: OpenSSL as the oracle for hashes, inputs that end
// exactly where their allocation ends, and single coefficients of an encoded key.
#pragma once

#include <openssl/evp.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "latchkey/derand.hpp"
#include "latchkey/mlkem768.hpp"
#include "support/catch.hpp"
#include "support/random.hpp"

// In hexadecimal, where a test fails.
template <>
struct Catch::StringMaker<std::vector<std::uint8_t>> {
  static std::string convert(const std::vector<std::uint8_t>& bytes) {
    std::string text;
    for (const unsigned byte : bytes) {
      for (const unsigned digit : {byte >> 4, byte & 15}) text += "0123456789abcdef"[digit];
    }
    return text;
  }
};

namespace latchkey::test {

using Bytes = std::vector<std::uint8_t>;
using View = std::span<const std::uint8_t>;

inline Bytes copy_of(View bytes) { return Bytes(bytes.begin(), bytes.end()); }
inline Bytes copy_of(const SharedSecret& secret) {
  const OpenSecrets open;
  return copy_of(*secret.expose());
}

// A copy on the heap with nothing behind it, so that AddressSanitizer sees a read past the end.
class Exact {
 public:
  explicit Exact(View bytes) : size_(bytes.size()), bytes_(new std::uint8_t[bytes.size()]) {
    std::copy(bytes.begin(), bytes.end(), bytes_.get());
  }
  operator View() const { return {bytes_.get(), size_}; }  // NOLINT: implicit

 private:
  std::size_t size_;
  std::unique_ptr<std::uint8_t[]> bytes_;
};

// The hash of first || second by OpenSSL.
inline Bytes digest(const EVP_MD* algorithm, View first, View second, std::size_t size) {
  const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(),
                                                                   EVP_MD_CTX_free);
  Bytes out(size);
  bool done = EVP_DigestInit_ex(context.get(), algorithm, nullptr) == 1 &&
              EVP_DigestUpdate(context.get(), first.data(), first.size()) == 1 &&
              EVP_DigestUpdate(context.get(), second.data(), second.size()) == 1;
  if ((EVP_MD_flags(algorithm) & EVP_MD_FLAG_XOF) != 0) {
    done = done && EVP_DigestFinalXOF(context.get(), out.data(), size) == 1;
  } else {
    done = done && EVP_DigestFinal_ex(context.get(), out.data(), nullptr) == 1;
  }
  if (!done) throw std::runtime_error("OpenSSL failed");
  return out;
}

// J(z || c) of FIPS 203, section 4.1: what a ciphertext made for another key decapsulates to.
inline Bytes rejection_secret(View z, View ciphertext) {
  return digest(EVP_shake256(), z, ciphertext, 32);
}
inline Bytes h(View ek) { return digest(EVP_sha3_256(), ek, {}, 32); }

inline constexpr int kQ = 3329;
inline constexpr std::size_t kCoefficients = 768;  // in t_hat and in s_hat

// Where the parts of dk_PKE || ek || H(ek) || z begin.
inline constexpr std::size_t kEkOffset = 1152;
inline constexpr std::size_t kHashOffset = kEkOffset + kEncapsulationKeySize;
inline constexpr std::size_t kZOffset = kHashOffset + 32;

// Coefficient i of an encoded vector: 12 bits from bit 12 i on.
inline int coefficient(View encoded, std::size_t i) {
  const std::size_t byte = i * 3 / 2;
  const int pair = encoded[byte] | encoded[byte + 1] << 8;
  return i % 2 == 0 ? pair & 0xfff : pair >> 4;
}
inline void set_coefficient(std::span<std::uint8_t> encoded, std::size_t i, int value) {
  const std::size_t byte = i * 3 / 2;
  int pair = encoded[byte] | encoded[byte + 1] << 8;
  pair = i % 2 == 0 ? (pair & 0xf000) | value : (pair & 0x000f) | value << 4;
  encoded[byte] = static_cast<std::uint8_t>(pair & 0xff);
  encoded[byte + 1] = static_cast<std::uint8_t>(pair >> 8);
}

// A key pair with everything that it can be written as.
struct KeyMaterial {
  Bytes seed;
  DecapsulationKey key;
  Bytes ek;
  Bytes expanded;

  explicit KeyMaterial(Random& random)
      : seed(random.vector(kSeedSize)),
        key(DecapsulationKey::from_seed(seed).value()),
        ek(copy_of(key.encapsulation_key().bytes())),
        expanded(kDecapsulationKeySize) {
    const auto exported = key.export_expanded(std::span(expanded).first<kDecapsulationKeySize>());
    if (!exported) throw std::runtime_error(describe(exported.error()));
  }
  [[nodiscard]] View z() const { return View(seed).last(32); }
};

template <class T>
void require_error(const Result<T>& result, Error expected) {
  REQUIRE_FALSE(result.has_value());
  REQUIRE(describe(result.error()) == std::string(describe(expected)));
}

inline void require_secret(const Result<SharedSecret>& secret, const Bytes& expected) {
  REQUIRE(secret.has_value());
  REQUIRE(copy_of(*secret) == expected);
}

}  // namespace latchkey::test

// A test case that runs for each parameter set, as `set`.
#define LATCHKEY_TEST_OF_KEMS(name)                                                     \
  TEMPLATE_TEST_CASE_SIG(name, "", ((latchkey::MlKem set), set), latchkey::MlKem::k512, \
                         latchkey::MlKem::k768, latchkey::MlKem::k1024)
