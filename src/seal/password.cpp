#include "seal/password.hpp"

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <algorithm>
#include <climits>
#include <limits>

#include "memory/entropy.hpp"
#include "seal/clean.hpp"
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

constexpr int kSaltSize = 16, kIvSize = 16, kBlock = 16;  // bytes
// Bytes of stack that a password's work may use: four times what was measured.
constexpr std::size_t kPasswordDepth = 16 * 1024;
constexpr std::size_t kMaxPassword = 1 << 16;

using Envelope = Owned<X509_SIG, X509_SIG_free>;
using Algorithm = Owned<X509_ALGOR, X509_ALGOR_free>;
using Cipher = Owned<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;
using Integer = const ASN1_INTEGER*;

// DER that libcrypto allocated. What we encode is encrypted, and so no secret.
struct Encoding {
  Encoding(const void* object, const ASN1_ITEM* item) noexcept
      : size(ASN1_item_i2d(static_cast<const ASN1_VALUE*>(object), &data, item)) {}
  ~Encoding() { OPENSSL_free(data); }
  Encoding(const Encoding&) = delete;
  Encoding& operator=(const Encoding&) = delete;
  // Empty after an error.
  [[nodiscard]] View bytes() const noexcept {
    return {data, static_cast<std::size_t>(size < 0 ? 0 : size)};
  }

  unsigned char* data = nullptr;
  int size;
};

// The DER of an object is one encoding among several that libcrypto reads.
// Errors: not_canonical; crypto_failed.
Result<void> check_encoding(const void* object, const ASN1_ITEM* item, View der) noexcept {
  const Encoding again(object, item);
  if (again.bytes().empty()) return Error::crypto_failed;
  if (!std::ranges::equal(again.bytes(), der)) return Error::not_canonical;
  return {};
}

Envelope read_envelope(View der) noexcept {
  const unsigned char* at = der.data();
  return Envelope(d2i_X509_SIG(nullptr, &at, static_cast<long>(der.size())));
}

// They are bytes to the object around them, so each has to be the DER of what it is.
// Errors: unknown_version, not_canonical, no_memory, crypto_failed.
template <class T, auto item, auto free>
Result<Owned<T, free>> parameters_of(const X509_ALGOR* algorithm) noexcept {
  const ASN1_TYPE* const parameter = algorithm->parameter;
  if (parameter == nullptr || parameter->type != V_ASN1_SEQUENCE) return Error::unknown_version;
  const OwnErrors errors;
  Owned<T, free> read(static_cast<T*>(ASN1_TYPE_unpack_sequence(item(), parameter)));
  if (!read) return errors.no_memory_or(Error::not_canonical);
  const ASN1_STRING* const bytes = parameter->value.sequence;
  const View der(ASN1_STRING_get0_data(bytes), static_cast<std::size_t>(ASN1_STRING_length(bytes)));
  if (const auto same = check_encoding(read.get(), item(), der); !same) return same.error();
  return read;
}

int kind_of(const X509_ALGOR* algorithm) noexcept { return OBJ_obj2nid(algorithm->algorithm); }

// The most there is for what does not fit, or is negative.
std::uint64_t number(Integer integer) noexcept {
  std::uint64_t n = 0;
  if (ASN1_INTEGER_get_uint64(&n, integer) == 1) return n;
  return std::numeric_limits<std::uint64_t>::max();
}

Result<void> check_pbkdf2(const X509_ALGOR* derivation) noexcept {
  const auto pbkdf2 = parameters_of<PBKDF2PARAM, PBKDF2PARAM_it, PBKDF2PARAM_free>(derivation);
  if (!pbkdf2) return pbkdf2.error();
  const std::uint64_t rounds = number((*pbkdf2)->iter);
  if (rounds == 0) return Error::unknown_version;
  if (rounds > kMaxRounds) return Error::too_costly;
  return {};
}

// RFC 7914, section 2: N is a power of two above 1.
Result<void> check_scrypt(const X509_ALGOR* derivation) noexcept {
  const auto scrypt =
      parameters_of<SCRYPT_PARAMS, SCRYPT_PARAMS_it, SCRYPT_PARAMS_free>(derivation);
  if (!scrypt) return scrypt.error();
  const std::uint64_t n = number((*scrypt)->costParameter), r = number((*scrypt)->blockSize),
                      p = number((*scrypt)->parallelizationParameter);
  if (n <= 1 || (n & (n - 1)) != 0 || r == 0 || p == 0) return Error::unknown_version;
  if (n > kMaxScryptMemory || p > kMaxScryptMemory || r > kMaxScryptMemory ||
      r * (n + p + 2) > kMaxScryptMemory || n * r * p > kMaxScryptWork) {
    return Error::too_costly;
  }
  return {};
}

// PBES2 with a cipher that is known here, at a bearable cost.
Result<void> check_algorithm(const X509_ALGOR* algorithm) noexcept {
  if (kind_of(algorithm) != NID_pbes2) return Error::unknown_version;
  const auto pbes2 = parameters_of<PBE2PARAM, PBE2PARAM_it, PBE2PARAM_free>(algorithm);
  if (!pbes2) return pbes2.error();
  const int cipher = kind_of((*pbes2)->encryption);
  if (cipher != NID_aes_128_cbc && cipher != NID_aes_192_cbc && cipher != NID_aes_256_cbc) {
    return Error::unknown_version;
  }
  const X509_ALGOR* const derivation = (*pbes2)->keyfunc;
  switch (kind_of(derivation)) {
    case NID_id_pbkdf2:
      return check_pbkdf2(derivation);
    case NID_id_scrypt:
      return check_scrypt(derivation);
    default:
      return Error::unknown_version;
  }
}

Algorithm make_algorithm(PasswordHash hash, std::uint8_t* salt, std::uint8_t* iv) noexcept {
  if (hash == PasswordHash::scrypt) {
    return Algorithm(PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), salt, kSaltSize, iv, kScryptN,
                                           kScryptR, kScryptP));
  }
  return Algorithm(
      PKCS5_pbe2_set_iv(EVP_aes_256_cbc(), kRounds, salt, kSaltSize, iv, NID_hmacWithSHA256));
}

enum class Direction : int { decrypt = 0, encrypt = 1 };

// Straight into locked memory: PKCS12_pbe_crypt, which does the same on the heap, leaves the key
// there where the last block is damaged. Errors: crypto_failed; wrong_password, where the padding
// is none.
Result<std::size_t> crypt_into(std::span<std::uint8_t> out, const X509_ALGOR* algorithm,
                               View password, View in, Direction direction) noexcept {
  const Cipher cipher(EVP_CIPHER_CTX_new());
  int size = 0, rest = 0;
  if (!cipher ||
      EVP_PBE_CipherInit(algorithm->algorithm, reinterpret_cast<const char*>(password.data()),
                         static_cast<int>(password.size()), algorithm->parameter, cipher.get(),
                         static_cast<int>(direction)) != 1 ||
      EVP_CipherUpdate(cipher.get(), out.data(), &size, in.data(), static_cast<int>(in.size())) !=
          1) {
    return Error::crypto_failed;
  }
  if (EVP_CipherFinal_ex(cipher.get(), out.data() + size, &rest) != 1) {
    return direction == Direction::decrypt ? Error::wrong_password : Error::crypto_failed;
  }
  return static_cast<std::size_t>(size) + static_cast<std::size_t>(rest);
}

Result<LockedBuffer> crypt(const X509_ALGOR* algorithm, View password, View in,
                           Direction direction) noexcept {
  if (in.size() > INT_MAX - kBlock) return Error::too_long;
  auto place = LockedBuffer::create(in.size() + kBlock);
  if (!place) return place;
  const auto size = place->write([&](std::span<std::uint8_t> out) noexcept {
    return cleanly<kPasswordDepth>(
        [&]() noexcept { return crypt_into(out, algorithm, password, in, direction); });
  });
  if (!size) return size.error();
  return place->read([&](View all) noexcept { return LockedBuffer::copy_of(all.first(*size)); });
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
  const Algorithm algorithm = make_algorithm(protection.hash, random.data(), &random[kSaltSize]);
  if (!algorithm) return Error::crypto_failed;
  const auto encrypted = crypt(algorithm.get(), protection.password, key, Direction::encrypt);
  if (!encrypted) return encrypted.error();
  const Envelope envelope(X509_SIG_new());
  if (!envelope) return Error::crypto_failed;
  X509_ALGOR* its_algorithm;
  ASN1_OCTET_STRING* its_content;
  X509_SIG_getm(envelope.get(), &its_algorithm, &its_content);
  const auto done = encrypted->read([&](View bytes) noexcept -> Result<void> {
    const int size = static_cast<int>(bytes.size());
    if (X509_ALGOR_copy(its_algorithm, algorithm.get()) != 1 ||
        ASN1_OCTET_STRING_set(its_content, bytes.data(), size) != 1) {
      return Error::crypto_failed;
    }
    return {};
  });
  if (!done) return done.error();
  const Encoding der(envelope.get(), ASN1_ITEM_rptr(X509_SIG));
  if (der.bytes().empty()) return Error::crypto_failed;
  return LockedBuffer::copy_of(der.bytes());
}

Result<LockedBuffer> decrypt_key(View der, View password) noexcept {
  const OwnErrors errors;
  const Envelope envelope = read_envelope(der);
  if (!envelope) return errors.no_memory_or(Error::not_a_key);
  const auto same = check_encoding(envelope.get(), ASN1_ITEM_rptr(X509_SIG), der);
  if (!same) return same.error();
  const X509_ALGOR* algorithm;
  const ASN1_OCTET_STRING* content;
  X509_SIG_get0(envelope.get(), &algorithm, &content);
  if (const auto readable = check_algorithm(algorithm); !readable) return readable.error();
  if (const auto usable = check_password(password); !usable) return usable.error();
  const View encrypted(ASN1_STRING_get0_data(content),
                       static_cast<std::size_t>(ASN1_STRING_length(content)));
  return crypt(algorithm, password, encrypted, Direction::decrypt);
}

}  // namespace latchkey::seal
