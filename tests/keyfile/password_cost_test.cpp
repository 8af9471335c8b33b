// What a key file may cost: the most expensive ones that are accepted, each tried in a process of
// its own, and those just beyond, which are refused at once.

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>

#include "crypto/password_hash.hpp"
#include "keyfile/der_writer.hpp"

namespace latchkey::test {
namespace {

constexpr double kMostSeconds = 5;
constexpr long kMostKibibytes = 300 * 1024;

const Bytes kContent(96, 7);  // encrypted bytes: no password makes a key of them
const Bytes kSalt(16, 3), kLongSalt(crypto::kMaxSaltSize, 3);

struct Cost {
  double seconds;  // of CPU time
  long kibibytes;
};

// Of reading the file. The password is tried, and is wrong.
Cost cost_of(const Bytes& file) {
  const pid_t child = ::fork();
  if (child == 0) {
    const auto key = read_private_key(file, view_of("password"));
    ::_exit(!key && key.error() == Error::wrong_password ? 0 : 1);
  }
  int status = -1;
  rusage usage{};
  REQUIRE(::wait4(child, &status, 0, &usage) == child);
  REQUIRE(status == 0);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return {seconds(usage.ru_utime) + seconds(usage.ru_stime), usage.ru_maxrss};
}

void require_bearable(const std::string& name, const Bytes& derivation,
                      std::string_view cipher = "60864801650304012a") {
  CAPTURE(name);
  const Cost cost = cost_of(encrypted_key_der(derivation, kContent, cipher));
  std::printf("%s: %.2f s, %ld MiB\n", name.c_str(), cost.seconds, cost.kibibytes / 1024);
  REQUIRE(cost.seconds < kMostSeconds);
  REQUIRE(cost.kibibytes < kMostKibibytes);
}

// At once: without a password, too, and with less than a thousandth of the time.
void require_refused(const Bytes& derivation, Error expected) {
  CAPTURE(derivation);
  const Bytes file = encrypted_key_der(derivation, kContent);
  require_error(read_private_key(Exact(file)), expected);
  require_error(read_private_key(Exact(file), view_of("password")), expected);
}

constexpr std::uint64_t k1 = 1;

// The ends of what the bounds of scrypt leave: N large, r large, p large, and what age writes.
struct Scrypt {
  std::uint64_t n, r, p;
};
constexpr Scrypt kDearestScrypt[] = {{k1 << 20, 2, 1}, {k1 << 18, 8, 1}};
constexpr Scrypt kOtherScrypt[] = {{k1 << 10, k1 << 11, 1}, {k1 << 7, 1, k1 << 14},
                                   {k1 << 15, 1, 64},       {k1 << 14, 8, 16},
                                   {2, k1 << 14, 1},        {2, 1, k1 << 14}};

void require_bearable(const Scrypt& scrypt) {
  const auto [n, r, p] = scrypt;
  require_bearable("scrypt, N = " + std::to_string(n) + ", r = " + std::to_string(r) +
                       ", p = " + std::to_string(p),
                   scrypt_der(kLongSalt, n, r, p));
}

// The most rounds where a round costs so many HMAC-SHA-256s.
void require_bearable_pbkdf2(const std::string& name, std::uint8_t prf, std::uint64_t price) {
  const std::uint64_t rounds = crypto::kMaxPbkdf2Work / price;
  require_bearable("PBKDF2, " + name + ", " + std::to_string(rounds) + " rounds",
                   pbkdf2_der(kLongSalt, rounds, prf_der(prf)));
  require_refused(pbkdf2_der(kSalt, rounds + 1, prf_der(prf)), Error::too_costly);
}

TEST_CASE("The most expensive key files that are accepted take less than 5 s and 300 MiB") {
  for (const Scrypt& scrypt : kDearestScrypt) require_bearable(scrypt);
  require_bearable_pbkdf2("SHA-256", kHmacSha256, 1);
}

TEST_CASE("Every other expensive key file takes less than 5 s and 300 MiB", "[.soak]") {
  for (const Scrypt& scrypt : kOtherScrypt) require_bearable(scrypt);
  require_bearable_pbkdf2("SHA-1", kHmacSha1, 2);  // two blocks make a key
  require_bearable_pbkdf2("SHA-224", kHmacSha224, 2);
  require_bearable_pbkdf2("SHA-384", kHmacSha384, 3);
  require_bearable_pbkdf2("SHA-512", kHmacSha512, 3);
  require_bearable_pbkdf2("SHA-512/224", kHmacSha512_224, 6);
  require_bearable_pbkdf2("SHA-512/256", kHmacSha512_256, 3);
}

TEST_CASE("The default of scrypt elsewhere, N = 2^15, is accepted") {
  const Cost cost = cost_of(encrypted_key_der(scrypt_der(kSalt, k1 << 15, 8, 1), kContent));
  REQUIRE(cost.seconds < 1);
}

TEST_CASE("Numbers of scrypt beyond the bounds are refused without any work") {
  for (const auto& [n, r, p] :
       {Scrypt{k1 << 19, 8, 1}, Scrypt{k1 << 18, 8, 2}, Scrypt{k1 << 21, 2, 1},
        Scrypt{k1 << 18, 9, 1}, Scrypt{2, k1 << 14, 2}, Scrypt{2, 1, (k1 << 14) + 1},
        Scrypt{2, (k1 << 14) + 1, 1}, Scrypt{2, 1, k1 << 18}, Scrypt{k1 << 63, 8, 1},
        Scrypt{2, k1 << 63, 2}, Scrypt{k1 << 32, k1 << 31, 2}}) {
    require_refused(scrypt_der(kSalt, n, r, p), Error::too_costly);
  }
  // Not scrypt's numbers (RFC 7914, section 2): N is below 2^(128 r / 8).
  for (const auto& [n, r, p] : {Scrypt{k1 << 16, 1, 1}, Scrypt{3, 8, 1}, Scrypt{1, 8, 1},
                                Scrypt{2, 0, 1}, Scrypt{2, 8, 0}}) {
    require_refused(scrypt_der(kSalt, n, r, p), Error::unknown_version);
  }
}

TEST_CASE("A salt of more than 1,024 bytes is refused without any work, by both hashes") {
  const Bytes longer(crypto::kMaxSaltSize + 1, 3);
  require_refused(scrypt_der(longer, 2, 1, 1), Error::too_costly);
  require_refused(pbkdf2_der(longer, 1, prf_der(kHmacSha256)), Error::too_costly);
}

TEST_CASE("An encrypted key whose parameters do not fit each other is refused") {
  const Bytes sha256 = prf_der(kHmacSha256);
  for (const std::uint64_t size : {0, 16, 31, 33, 1 << 30}) {
    CAPTURE(size);
    require_refused(scrypt_der(kSalt, 2, 1, 1, der_number(size)), Error::not_canonical);
    require_refused(pbkdf2_der(kSalt, 1, sha256, der_number(size)), Error::not_canonical);
  }
  const Bytes right = scrypt_der(kSalt, 2, 1, 1, der_number(32));
  require_error(read_private_key(encrypted_key_der(right, kContent), view_of("password")),
                Error::wrong_password);
  for (const std::size_t size : {0, 15, 17, 1000}) {
    const Bytes file = encrypted_key_der(right, kContent, "60864801650304012a", size);
    require_error(read_private_key(file, view_of("password")), Error::not_canonical);
  }
  require_refused(pbkdf2_der(kSalt, 0, sha256), Error::unknown_version);
  require_refused(pbkdf2_der(kSalt, 1, prf_der(6)), Error::unknown_version);  // HMAC-MD5
}

TEST_CASE("The HMAC of PBKDF2 has no parameters but NULL (RFC 8018, appendix B.1)") {
  for (const Bytes& parameters :
       {der_octets({}), der_number(0), der_sequence({}), der_id("2a"), Bytes{0x0c, 0x01, 'x'}}) {
    require_refused(pbkdf2_der(kSalt, 1, prf_der(kHmacSha256, parameters)), Error::not_canonical);
    require_refused(pbkdf2_der(kSalt, 1, prf_der(kHmacSha1, parameters)), Error::not_canonical);
  }
  for (const Bytes& parameters : {Bytes{0x05, 0x00}, Bytes{}}) {  // NULL, and none
    const Bytes file =
        encrypted_key_der(pbkdf2_der(kSalt, 1, prf_der(kHmacSha256, parameters)), kContent);
    require_error(read_private_key(file, view_of("password")), Error::wrong_password);
  }
}

// AES in CBC mode by OpenSSL, with the IV of encrypted_key_der().
Bytes encrypted_by_openssl(const EVP_CIPHER* cipher, const Bytes& key, const Bytes& content) {
  const std::unique_ptr<EVP_CIPHER_CTX, void (*)(EVP_CIPHER_CTX*)> context(EVP_CIPHER_CTX_new(),
                                                                           EVP_CIPHER_CTX_free);
  const Bytes iv(16, 1);
  Bytes out(content.size() + 16);
  int size = 0, rest = 0;
  REQUIRE(EVP_EncryptInit_ex(context.get(), cipher, nullptr, key.data(), iv.data()) == 1);
  REQUIRE(EVP_EncryptUpdate(context.get(), out.data(), &size, content.data(),
                            static_cast<int>(content.size())) == 1);
  REQUIRE(EVP_EncryptFinal_ex(context.get(), out.data() + size, &rest) == 1);
  out.resize(static_cast<std::size_t>(size + rest));
  return out;
}

TEST_CASE("Keys are read that OpenSSL encrypts by each cipher and each HMAC that is known") {
  Random random;
  const Bytes seed = random.vector(kSeedSize);
  const Bytes plain = private_key_der(0, kMlKemAlgorithm, seed_choice(seed));
  const std::pair<const EVP_CIPHER*, const char*> ciphers[] = {
      {EVP_aes_128_cbc(), "608648016503040102"},
      {EVP_aes_192_cbc(), "608648016503040116"},
      {EVP_aes_256_cbc(), "60864801650304012a"}};
  const std::pair<const EVP_MD*, std::uint8_t> hashes[] = {{EVP_sha1(), kHmacSha1},
                                                           {EVP_sha224(), kHmacSha224},
                                                           {EVP_sha256(), kHmacSha256},
                                                           {EVP_sha384(), kHmacSha384},
                                                           {EVP_sha512(), kHmacSha512},
                                                           {EVP_sha512_224(), kHmacSha512_224},
                                                           {EVP_sha512_256(), kHmacSha512_256}};
  for (const auto& [cipher, id] : ciphers) {
    for (const auto& [hash, prf] : hashes) {
      Bytes key(static_cast<std::size_t>(EVP_CIPHER_get_key_length(cipher)));
      REQUIRE(PKCS5_PBKDF2_HMAC("password", 8, kSalt.data(), static_cast<int>(kSalt.size()), 3,
                                hash, static_cast<int>(key.size()), key.data()) == 1);
      const Bytes file = encrypted_key_der(pbkdf2_der(kSalt, 3, prf_der(prf)),
                                           encrypted_by_openssl(cipher, key, plain), id);
      require_seed(read_private_key(Exact(file), view_of("password")), seed);
      const Bytes length = der_number(key.size());
      require_seed(
          read_private_key(Exact(encrypted_key_der(pbkdf2_der(kSalt, 3, prf_der(prf), length),
                                                   encrypted_by_openssl(cipher, key, plain), id)),
                           view_of("password")),
          seed);
    }
  }
}

}  // namespace
}  // namespace latchkey::test
