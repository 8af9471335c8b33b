#include "crypto/pbes2.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <climits>
#include <limits>
#include <optional>

#include "base/bytes.hpp"
#include "base/try.hpp"
#include "base/wipe.hpp"
#include "crypto/clean.hpp"
#include "crypto/library_context.hpp"
#include "crypto/password_hash.hpp"
#include "memory/entropy.hpp"

namespace latchkey::crypto {
namespace {

using Cipher = Owned<EVP_CIPHER, EVP_CIPHER_free>;
using CipherContext = Owned<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;

// The cost of the password hash in files that we write (for PBKDF2, OWASP's advice of 2023).
constexpr std::uint64_t kScryptN = 1 << 14, kScryptR = 8, kScryptP = 1;
constexpr int kRounds = 600'000;

constexpr std::size_t kSaltSize = 16, kIvSize = 16, kBlock = 16;  // bytes
constexpr std::size_t kMaxKeySize = 32;                           // bytes, of AES-256
// Bytes of stack that a password's work may use: four times what was measured.
constexpr std::size_t kPasswordDepth = 16 * 1024;

int kind_of(const X509_ALGOR* algorithm) noexcept { return OBJ_obj2nid(algorithm->algorithm); }

View view_of(const ASN1_STRING* string) noexcept {
  return {ASN1_STRING_get0_data(string), static_cast<std::size_t>(ASN1_STRING_length(string))};
}

// The largest number there is, for one that does not fit or is negative.
std::uint64_t number(const ASN1_INTEGER* integer) noexcept {
  std::uint64_t n = 0;
  if (ASN1_INTEGER_get_uint64(&n, integer) == 1) return n;
  return std::numeric_limits<std::uint64_t>::max();
}

// Parameters are bytes to the object around them, so each has to be the DER of what it is.
// Errors: unknown_version, not_canonical, no_memory, crypto_failed.
template <class T, auto item, auto free>
Result<Owned<T, free>> parameters_of(const X509_ALGOR* algorithm) noexcept {
  const ASN1_TYPE* const parameter = algorithm->parameter;
  if (parameter == nullptr || parameter->type != V_ASN1_SEQUENCE) return Error::unknown_version;
  const OwnErrors errors;
  Owned<T, free> read(static_cast<T*>(ASN1_TYPE_unpack_sequence(item(), parameter)));
  if (!read) return errors.no_memory_or(Error::not_canonical);
  const View der = view_of(parameter->value.sequence);
  LATCHKEY_TRY(check_encoding(read.get(), item(), der));
  return read;
}

// Everything but the password. The objects own what the views show.
struct Parameters {
  Owned<PBE2PARAM, PBE2PARAM_free> pbes2;
  Owned<PBKDF2PARAM, PBKDF2PARAM_free> pbkdf2;
  Owned<SCRYPT_PARAMS, SCRYPT_PARAMS_free> scrypt;

  const char* cipher = nullptr;  // its name in libcrypto
  std::size_t key_size = 0;      // bytes
  View iv, salt;
  ScryptCost cost{};  // where there is no `pbkdf2`
  Prf prf = Prf::sha1;
  std::uint64_t rounds = 0;
};

struct CipherFacts {
  int kind;
  const char* name;
  std::size_t key_size;
};
constexpr CipherFacts kCiphers[] = {{NID_aes_128_cbc, "AES-128-CBC", 16},
                                    {NID_aes_192_cbc, "AES-192-CBC", 24},
                                    {NID_aes_256_cbc, "AES-256-CBC", 32}};

// AES in CBC mode: the cipher, its key's size and its IV.
Result<void> read_cipher(Parameters& all) noexcept {
  const X509_ALGOR* const encryption = all.pbes2->encryption;
  const auto* const found = std::ranges::find(kCiphers, kind_of(encryption), &CipherFacts::kind);
  if (found == std::end(kCiphers)) return Error::unknown_version;
  all.cipher = found->name;
  all.key_size = found->key_size;
  const ASN1_TYPE* const iv = encryption->parameter;
  if (iv == nullptr || iv->type != V_ASN1_OCTET_STRING) return Error::not_canonical;
  all.iv = view_of(iv->value.octet_string);
  if (all.iv.size() != kIvSize) return Error::not_canonical;
  return {};
}

// A key length need not be given; if it is, it has to be the cipher's.
Result<void> check_key_length(const ASN1_INTEGER* length, std::size_t key_size) noexcept {
  if (length != nullptr && number(length) != key_size) return Error::not_canonical;
  return {};
}

struct PrfKind {
  int kind;
  Prf prf;
};
constexpr PrfKind kPrfs[] = {{NID_hmacWithSHA1, Prf::sha1},
                             {NID_hmacWithSHA224, Prf::sha224},
                             {NID_hmacWithSHA256, Prf::sha256},
                             {NID_hmacWithSHA384, Prf::sha384},
                             {NID_hmacWithSHA512, Prf::sha512},
                             {NID_hmacWithSHA512_224, Prf::sha512_224},
                             {NID_hmacWithSHA512_256, Prf::sha512_256}};

std::optional<Prf> prf_of(const X509_ALGOR* algorithm) noexcept {
  if (algorithm == nullptr) return Prf::sha1;  // RFC 8018, appendix A.2
  const auto* const found = std::ranges::find(kPrfs, kind_of(algorithm), &PrfKind::kind);
  if (found == std::end(kPrfs)) return std::nullopt;
  return found->prf;
}

// NULL, as RFC 8018 (appendix B.1) asks for, or none.
Result<void> check_no_parameters(const X509_ALGOR* algorithm) noexcept {
  const ASN1_TYPE* const parameter = algorithm != nullptr ? algorithm->parameter : nullptr;
  if (parameter != nullptr && parameter->type != V_ASN1_NULL) return Error::not_canonical;
  return {};
}

Result<void> read_pbkdf2(Parameters& all) noexcept {
  auto read = LATCHKEY_TRY(
      parameters_of<PBKDF2PARAM, PBKDF2PARAM_it, PBKDF2PARAM_free>(all.pbes2->keyfunc));
  all.pbkdf2 = std::move(read);
  const PBKDF2PARAM& given = *all.pbkdf2;
  if (given.salt->type != V_ASN1_OCTET_STRING) return Error::unknown_version;
  const auto prf = prf_of(given.prf);
  if (!prf) return Error::unknown_version;
  LATCHKEY_TRY(check_no_parameters(given.prf));
  all.prf = *prf;
  all.salt = view_of(given.salt->value.octet_string);
  all.rounds = number(given.iter);
  LATCHKEY_TRY(check_key_length(given.keylength, all.key_size));
  return check_pbkdf2(all.prf, all.rounds, all.salt.size(), all.key_size);
}

Result<void> read_scrypt(Parameters& all) noexcept {
  auto read = LATCHKEY_TRY(
      parameters_of<SCRYPT_PARAMS, SCRYPT_PARAMS_it, SCRYPT_PARAMS_free>(all.pbes2->keyfunc));
  all.scrypt = std::move(read);
  const SCRYPT_PARAMS& given = *all.scrypt;
  all.salt = view_of(given.salt);
  all.cost = {number(given.costParameter), number(given.blockSize),
              number(given.parallelizationParameter)};
  LATCHKEY_TRY(check_key_length(given.keyLength, all.key_size));
  return check_scrypt(all.cost, all.salt.size());
}

Result<Parameters> read_parameters(const X509_ALGOR* algorithm) noexcept {
  if (kind_of(algorithm) != NID_pbes2) return Error::unknown_version;
  auto pbes2 = LATCHKEY_TRY(parameters_of<PBE2PARAM, PBE2PARAM_it, PBE2PARAM_free>(algorithm));
  Parameters all;
  all.pbes2 = std::move(pbes2);
  LATCHKEY_TRY(read_cipher(all));
  Result<void> read = Error::unknown_version;
  const int derivation = kind_of(all.pbes2->keyfunc);
  if (derivation == NID_id_pbkdf2) read = read_pbkdf2(all);
  if (derivation == NID_id_scrypt) read = read_scrypt(all);
  if (!read) return read.error();
  return all;
}

Result<void> derive(std::span<std::uint8_t> key, const Parameters& by, View password) noexcept {
  if (by.pbkdf2) return pbkdf2(key, password, by.salt, by.prf, by.rounds);
  return scrypt(key, password, by.salt, by.cost);
}

// The size of what was written to `out`. Straight into locked memory: PKCS12_pbe_crypt, which does
// the same on the heap, leaves the key there where the last block is damaged.
Result<std::size_t> crypt_into(std::span<std::uint8_t> out, const Parameters& by, View password,
                               View in, Direction direction) noexcept {
  base::Scrubbed<std::array<std::uint8_t, kMaxKeySize>> key;
  LATCHKEY_TRY(derive(std::span(*key).first(by.key_size), by, password));
  const OwnErrors errors;
  const Cipher cipher(EVP_CIPHER_fetch(library_context(), by.cipher, nullptr));
  const CipherContext context(EVP_CIPHER_CTX_new());
  int size = 0, rest = 0;
  if (!cipher || !context ||
      EVP_CipherInit_ex2(context.get(), cipher.get(), key->data(), by.iv.data(),
                         static_cast<int>(direction), nullptr) != 1 ||
      EVP_CipherUpdate(context.get(), out.data(), &size, in.data(), static_cast<int>(in.size())) !=
          1) {
    return errors.no_memory_or(failure());
  }
  if (EVP_CipherFinal_ex(context.get(), out.data() + size, &rest) != 1) {
    return direction == Direction::decrypt ? Error::wrong_password : Error::crypto_failed;
  }
  return static_cast<std::size_t>(size) + static_cast<std::size_t>(rest);
}

X509_ALGOR* new_pbkdf2(std::uint8_t* salt, std::uint8_t* iv) noexcept {
  OSSL_LIB_CTX* const context = library_context();
  if (context == nullptr) {
    return PKCS5_pbe2_set_iv(EVP_aes_256_cbc(), kRounds, salt, kSaltSize, iv, NID_hmacWithSHA256);
  }
  const Cipher cipher(EVP_CIPHER_fetch(context, "AES-256-CBC", nullptr));
  if (!cipher) return nullptr;
  return PKCS5_pbe2_set_iv_ex(cipher.get(), kRounds, salt, kSaltSize, iv, NID_hmacWithSHA256,
                              context);
}

// RFC 7914, section 7: no key length, so the cipher's.
ASN1_TYPE* new_scrypt_parameters(const std::uint8_t* salt) noexcept {
  const Owned<SCRYPT_PARAMS, SCRYPT_PARAMS_free> parameters(SCRYPT_PARAMS_new());
  if (!parameters || ASN1_OCTET_STRING_set(parameters->salt, salt, kSaltSize) != 1 ||
      ASN1_INTEGER_set_uint64(parameters->costParameter, kScryptN) != 1 ||
      ASN1_INTEGER_set_uint64(parameters->blockSize, kScryptR) != 1 ||
      ASN1_INTEGER_set_uint64(parameters->parallelizationParameter, kScryptP) != 1) {
    return nullptr;
  }
  return ASN1_TYPE_pack_sequence(SCRYPT_PARAMS_it(), parameters.get(), nullptr);
}

// libcrypto's function for scrypt fetches from the program's context, whatever ours is. So for ours
// this replaces the hash of an algorithm with PBKDF2.
X509_ALGOR* new_scrypt(std::uint8_t* salt, std::uint8_t* iv) noexcept {
  if (library_context() == nullptr) {
    return PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), salt, kSaltSize, iv, kScryptN, kScryptR,
                                 kScryptP);
  }
  Algorithm algorithm(new_pbkdf2(salt, iv));
  if (!algorithm) return nullptr;
  const Owned<PBE2PARAM, PBE2PARAM_free> pbes2(
      static_cast<PBE2PARAM*>(ASN1_TYPE_unpack_sequence(PBE2PARAM_it(), algorithm->parameter)));
  Owned<ASN1_TYPE, ASN1_TYPE_free> parameters(new_scrypt_parameters(salt));
  if (!pbes2 || !parameters) return nullptr;
  ASN1_OBJECT_free(pbes2->keyfunc->algorithm);
  ASN1_TYPE_free(pbes2->keyfunc->parameter);
  pbes2->keyfunc->algorithm = OBJ_nid2obj(NID_id_scrypt);
  pbes2->keyfunc->parameter = parameters.release();
  if (ASN1_TYPE_pack_sequence(PBE2PARAM_it(), pbes2.get(), &algorithm->parameter) == nullptr) {
    return nullptr;
  }
  return algorithm.release();
}

}  // namespace

Result<void> check_encoding(const void* object, const ASN1_ITEM* item, View der) noexcept {
  const Encoding again(object, item);
  if (again.bytes().empty()) return Error::crypto_failed;
  if (!std::ranges::equal(again.bytes(), der)) return Error::not_canonical;
  return {};
}

Result<Algorithm> new_pbes2(PasswordHash hash) noexcept {
  std::array<std::uint8_t, kSaltSize + kIvSize> random;
  if (!memory::random_bytes(random)) return Error::no_entropy;
  std::uint8_t* const salt = random.data();
  std::uint8_t* const iv = salt + kSaltSize;
  const OwnErrors errors;
  Algorithm algorithm(hash == PasswordHash::scrypt ? new_scrypt(salt, iv) : new_pbkdf2(salt, iv));
  if (!algorithm) return errors.no_memory_or(failure());
  return algorithm;
}

Result<void> check_pbes2(const X509_ALGOR* algorithm) noexcept {
  LATCHKEY_TRY(read_parameters(algorithm));
  return {};
}

Result<LockedBuffer> pbes2_crypt(const X509_ALGOR* algorithm, View password, View in,
                                 Direction direction) noexcept {
  const auto parameters = LATCHKEY_TRY(read_parameters(algorithm));
  if (in.size() > INT_MAX - kBlock) return Error::too_long;
  auto place = LockedBuffer::create(in.size() + kBlock);
  if (!place) return place;
  const auto size = place->write([&](std::span<std::uint8_t> out) noexcept {
    return crypto::cleanly<kPasswordDepth>(
        [&]() noexcept { return crypt_into(out, parameters, password, in, direction); });
  });
  if (!size) return size.error();
  return place->read([&](View all) noexcept { return LockedBuffer::copy_of(all.first(*size)); });
}

}  // namespace latchkey::crypto
