#include "seal/password.hpp"

#include <openssl/crypto.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include <climits>
#include <cstring>
#include <limits>

#include "base/wipe.hpp"
#include "memory/entropy.hpp"
#include "seal/libcrypto.hpp"

namespace latchkey::seal {
namespace {

using View = std::span<const std::uint8_t>;

// What a key that we write costs (OWASP's advice of 2023 for PBKDF2).
constexpr std::uint64_t kScryptN = 1 << 14, kScryptR = 8, kScryptP = 1;
constexpr int kRounds = 600'000;
// What one that we read may cost, at most: seconds.
constexpr std::uint64_t kMaxRounds = 10'000'000;
constexpr std::uint64_t kMaxScryptWork = (kScryptN * kScryptR * kScryptP) << 7;  // N * r * p
// 32 MiB, which libcrypto does not exceed (it counts 128 * r * (N + p + 2) bytes).
constexpr std::uint64_t kMaxScryptMemory = (std::uint64_t{32} << 20) / 128;

constexpr int kSaltSize = 16, kIvSize = 16;  // bytes
constexpr std::size_t kMaxPassword = 1 << 16;

using Envelope = Owned<X509_SIG, X509_SIG_free>;
using Algorithm = Owned<X509_ALGOR, X509_ALGOR_free>;
using Integer = const ASN1_INTEGER*;

// Bytes that libcrypto allocated, wiped when they go.
struct Secret {
  ~Secret() { OPENSSL_clear_free(data, static_cast<std::size_t>(size)); }
  unsigned char* data = nullptr;
  int size = 0;
};

// The DER of an object is one encoding among several that libcrypto reads.
bool encodes_as(const X509_SIG* envelope, View der) noexcept {
  Secret again;
  const int size = i2d_X509_SIG(envelope, &again.data);
  again.size = size < 0 ? 0 : size;
  return size >= 0 && static_cast<std::size_t>(size) == der.size() &&
         std::memcmp(again.data, der.data(), der.size()) == 0;
}

Envelope read_envelope(View der) noexcept {
  if (der.size() > LONG_MAX) return nullptr;
  const unsigned char* at = der.data();
  return Envelope(d2i_X509_SIG(nullptr, &at, static_cast<long>(der.size())));
}

template <class T, auto item, auto free>
Owned<T, free> parameters_of(const X509_ALGOR* algorithm) noexcept {
  const ASN1_OBJECT* object;
  int type;
  const void* value;
  X509_ALGOR_get0(&object, &type, &value, algorithm);
  if (type != V_ASN1_SEQUENCE) return nullptr;
  return Owned<T, free>(static_cast<T*>(ASN1_TYPE_unpack_sequence(item(), algorithm->parameter)));
}

int kind_of(const X509_ALGOR* algorithm) noexcept { return OBJ_obj2nid(algorithm->algorithm); }

// The most there is for what does not fit, or is negative.
std::uint64_t number(Integer integer) noexcept {
  std::uint64_t n = 0;
  if (ASN1_INTEGER_get_uint64(&n, integer) == 1) return n;
  return std::numeric_limits<std::uint64_t>::max();
}

Result<void> check_cost(const X509_ALGOR* derivation) noexcept {
  if (kind_of(derivation) == NID_id_pbkdf2) {
    const auto pbkdf2 = parameters_of<PBKDF2PARAM, PBKDF2PARAM_it, PBKDF2PARAM_free>(derivation);
    if (!pbkdf2) return Error::unknown_version;
    if (number(pbkdf2->iter) > kMaxRounds) return Error::too_costly;
    return {};
  }
  if (kind_of(derivation) == NID_id_scrypt) {
    const auto scrypt =
        parameters_of<SCRYPT_PARAMS, SCRYPT_PARAMS_it, SCRYPT_PARAMS_free>(derivation);
    if (!scrypt) return Error::unknown_version;
    const std::uint64_t n = number(scrypt->costParameter), r = number(scrypt->blockSize),
                        p = number(scrypt->parallelizationParameter);
    if (n == 0 || r == 0 || p == 0) return Error::unknown_version;
    if (n > kMaxScryptMemory || p > kMaxScryptMemory || r > kMaxScryptMemory / (n + p + 2) ||
        n * r * p > kMaxScryptWork) {
      return Error::too_costly;
    }
    return {};
  }
  return Error::unknown_version;
}

// PBES2 with a cipher that is known here, at a bearable cost.
Result<void> check_algorithm(const X509_ALGOR* algorithm) noexcept {
  if (kind_of(algorithm) != NID_pbes2) return Error::unknown_version;
  const auto pbes2 = parameters_of<PBE2PARAM, PBE2PARAM_it, PBE2PARAM_free>(algorithm);
  if (!pbes2) return Error::unknown_version;
  const int cipher = kind_of(pbes2->encryption);
  if (cipher != NID_aes_128_cbc && cipher != NID_aes_192_cbc && cipher != NID_aes_256_cbc) {
    return Error::unknown_version;
  }
  return check_cost(pbes2->keyfunc);
}

Algorithm make_algorithm(PasswordHash hash, std::uint8_t* salt, std::uint8_t* iv) noexcept {
  if (hash == PasswordHash::scrypt) {
    return Algorithm(PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), salt, kSaltSize, iv, kScryptN,
                                           kScryptR, kScryptP));
  }
  return Algorithm(
      PKCS5_pbe2_set_iv(EVP_aes_256_cbc(), kRounds, salt, kSaltSize, iv, NID_hmacWithSHA256));
}

bool crypt(Secret& out, const X509_ALGOR* algorithm, View password, View in,
           bool encrypt) noexcept {
  return in.size() <= INT_MAX &&
         PKCS12_pbe_crypt(algorithm, reinterpret_cast<const char*>(password.data()),
                          static_cast<int>(password.size()), in.data(), static_cast<int>(in.size()),
                          &out.data, &out.size, encrypt ? 1 : 0) != nullptr;
}

Result<void> check_password(View password) noexcept {
  if (password.empty()) return Error::password_needed;
  if (password.size() > kMaxPassword) return Error::too_long;
  return {};
}

}  // namespace

Result<LockedBuffer> encrypt_key(View key, PasswordProtection protection) noexcept {
  if (const auto usable = check_password(protection.password); !usable) return usable.error();
  std::array<std::uint8_t, kSaltSize + kIvSize> random;
  if (!memory::random_bytes(random)) return Error::no_entropy;
  const OwnErrors errors;
  Algorithm algorithm = make_algorithm(protection.hash, random.data(), &random[kSaltSize]);
  Secret encrypted;
  if (!algorithm || !crypt(encrypted, algorithm.get(), protection.password, key, true)) {
    return Error::crypto_failed;
  }
  const Envelope envelope(X509_SIG_new());
  if (!envelope) return Error::crypto_failed;
  X509_ALGOR* its_algorithm;
  ASN1_OCTET_STRING* its_content;
  X509_SIG_getm(envelope.get(), &its_algorithm, &its_content);
  Secret der;
  if (X509_ALGOR_copy(its_algorithm, algorithm.get()) != 1 ||
      ASN1_OCTET_STRING_set(its_content, encrypted.data, encrypted.size) != 1 ||
      (der.size = i2d_X509_SIG(envelope.get(), &der.data)) <= 0) {
    der.size = 0;
    return Error::crypto_failed;
  }
  return LockedBuffer::copy_of({der.data, static_cast<std::size_t>(der.size)});
}

bool is_encrypted_key(View der) noexcept {
  const OwnErrors errors;
  return read_envelope(der) != nullptr;
}

Result<LockedBuffer> decrypt_key(View der, View password) noexcept {
  const OwnErrors errors;
  const Envelope envelope = read_envelope(der);
  if (!envelope) return Error::not_a_key;
  if (!encodes_as(envelope.get(), der)) return Error::not_canonical;
  const X509_ALGOR* algorithm;
  const ASN1_OCTET_STRING* content;
  X509_SIG_get0(envelope.get(), &algorithm, &content);
  if (const auto readable = check_algorithm(algorithm); !readable) return readable.error();
  if (const auto usable = check_password(password); !usable) return usable.error();
  Secret key;
  const View encrypted(ASN1_STRING_get0_data(content),
                       static_cast<std::size_t>(ASN1_STRING_length(content)));
  if (!crypt(key, algorithm, password, encrypted, false)) return Error::wrong_password;
  return LockedBuffer::copy_of({key.data, static_cast<std::size_t>(key.size)});
}

}  // namespace latchkey::seal
