#include "crypto/password_hash.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <climits>

#include "base/bytes.hpp"
#include "base/wipe.hpp"
#include "crypto/libcrypto.hpp"
#include "crypto/library_context.hpp"

namespace latchkey::crypto {
namespace {

static_assert(kMaxPbkdf2Work <= INT_MAX);  // libcrypto's rounds are an int

struct PrfFacts {
  const char* digest;   // its name in libcrypto
  std::size_t size;     // of its output, in bytes
  std::uint64_t price;  // in HMAC-SHA-256s, which have instructions of their own on many CPUs
};

PrfFacts facts_of(Prf prf) noexcept {
  switch (prf) {
    case Prf::sha1:
      return {"SHA1", 20, 1};
    case Prf::sha224:
      return {"SHA224", 28, 1};
    case Prf::sha256:
      return {"SHA256", 32, 1};
    case Prf::sha384:
      return {"SHA384", 48, 3};
    case Prf::sha512:
      return {"SHA512", 64, 3};
    case Prf::sha512_224:
      return {"SHA512-224", 28, 3};
    case Prf::sha512_256:
      break;
  }
  return {"SHA512-256", 32, 3};
}

const char* characters(View bytes) noexcept { return reinterpret_cast<const char*>(bytes.data()); }

// Zeroes what a failed call may have begun.
Result<void> outcome(std::span<std::uint8_t> key, bool done,
                     const crypto::OwnErrors& errors) noexcept {
  if (done) return {};
  base::wipe(key.data(), key.size());
  return errors.no_memory_or(failure());
}

Result<void> refused(std::span<std::uint8_t> key, Error why) noexcept {
  base::wipe(key.data(), key.size());
  return why;
}

}  // namespace

Result<void> check_scrypt(ScryptCost cost, std::size_t salt_size) noexcept {
  const auto [n, r, p] = cost;
  if (n <= 1 || (n & (n - 1)) != 0 || r == 0 || p == 0) return Error::unknown_version;
  if (r < 4 && n >= std::uint64_t{1} << 16 * r) return Error::unknown_version;  // N < 2^(128 r / 8)
  // Each factor first, so that no product overflows.
  if (n > kMaxScryptWork || r > kMaxScryptBlocks || p > kMaxScryptBlocks ||
      r * p > kMaxScryptBlocks || n * r * p > kMaxScryptWork ||
      128 * r * (n + p + 2) > kMaxScryptMemory || salt_size > kMaxSaltSize) {
    return Error::too_costly;
  }
  return {};
}

Result<void> scrypt(std::span<std::uint8_t> key, View password, View salt,
                    ScryptCost cost) noexcept {
  if (const auto usable = check_scrypt(cost, salt.size()); !usable) {
    return refused(key, usable.error());
  }
  const crypto::OwnErrors errors;
  const bool done = EVP_PBE_scrypt_ex(characters(password), password.size(), salt.data(),
                                      salt.size(), cost.n, cost.r, cost.p, kMaxScryptMemory,
                                      key.data(), key.size(), library_context(), nullptr) == 1;
  return outcome(key, done, errors);
}

Result<void> check_pbkdf2(Prf prf, std::uint64_t rounds, std::size_t salt_size,
                          std::size_t key_size) noexcept {
  if (rounds == 0) return Error::unknown_version;
  const PrfFacts facts = facts_of(prf);
  std::uint64_t price = 0;  // of one round
  for (std::size_t size = 0; size < key_size; size += facts.size) price += facts.price;
  if (rounds > kMaxPbkdf2Work || rounds * price > kMaxPbkdf2Work || salt_size > kMaxSaltSize) {
    return Error::too_costly;
  }
  return {};
}

Result<void> pbkdf2(std::span<std::uint8_t> key, View password, View salt, Prf prf,
                    std::uint64_t rounds) noexcept {
  if (const auto usable = check_pbkdf2(prf, rounds, salt.size(), key.size()); !usable) {
    return refused(key, usable.error());
  }
  const crypto::OwnErrors errors;
  const crypto::Owned<EVP_KDF, EVP_KDF_free> kdf(
      EVP_KDF_fetch(library_context(), "PBKDF2", nullptr));
  const crypto::Owned<EVP_KDF_CTX, EVP_KDF_CTX_free> context(kdf ? EVP_KDF_CTX_new(kdf.get())
                                                                 : nullptr);
  int any_size = 1;  // of salt and password, and any rounds: the bounds are ours
  OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_octet_string(
          OSSL_KDF_PARAM_PASSWORD, const_cast<std::uint8_t*>(password.data()), password.size()),
      OSSL_PARAM_construct_int(OSSL_KDF_PARAM_PKCS5, &any_size),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, const_cast<std::uint8_t*>(salt.data()),
                                        salt.size()),
      OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_ITER, &rounds),
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST,
                                       const_cast<char*>(facts_of(prf).digest), 0),
      OSSL_PARAM_construct_end()};
  const bool done =
      context && EVP_KDF_derive(context.get(), key.data(), key.size(), parameters) == 1;
  return outcome(key, done, errors);
}

}  // namespace latchkey::crypto
