#include "keyfile/cheap_password.hpp"

#include <openssl/x509.h>

#include <algorithm>

namespace latchkey::test {
namespace {

bool are_cheap = false;
std::array<std::uint8_t, CheapPasswords::kSaltSize> salt_of_latest;

void remember(const unsigned char* salt) {
  std::copy_n(salt, salt_of_latest.size(), salt_of_latest.begin());
}

}  // namespace

CheapPasswords::CheapPasswords() { are_cheap = true; }
CheapPasswords::~CheapPasswords() { are_cheap = false; }

const std::array<std::uint8_t, CheapPasswords::kSaltSize>& CheapPasswords::latest_salt() {
  return salt_of_latest;
}

extern "C" {

X509_ALGOR* __real_PKCS5_pbe2_set_iv(const EVP_CIPHER* cipher, int rounds, unsigned char* salt,
                                     int salt_size, unsigned char* iv, int prf);
X509_ALGOR* __wrap_PKCS5_pbe2_set_iv(const EVP_CIPHER* cipher, int rounds, unsigned char* salt,
                                     int salt_size, unsigned char* iv, int prf) {
  remember(salt);
  return __real_PKCS5_pbe2_set_iv(cipher, are_cheap ? CheapPasswords::kRounds : rounds, salt,
                                  salt_size, iv, prf);
}

X509_ALGOR* __real_PKCS5_pbe2_set_scrypt(const EVP_CIPHER* cipher, const unsigned char* salt,
                                         int salt_size, unsigned char* iv, std::uint64_t n,
                                         std::uint64_t r, std::uint64_t p);
X509_ALGOR* __wrap_PKCS5_pbe2_set_scrypt(const EVP_CIPHER* cipher, const unsigned char* salt,
                                         int salt_size, unsigned char* iv, std::uint64_t n,
                                         std::uint64_t r, std::uint64_t p) {
  remember(salt);
  if (!are_cheap) return __real_PKCS5_pbe2_set_scrypt(cipher, salt, salt_size, iv, n, r, p);
  return __real_PKCS5_pbe2_set_scrypt(cipher, salt, salt_size, iv, CheapPasswords::kN,
                                      CheapPasswords::kR, CheapPasswords::kP);
}

}  // extern "C"

}  // namespace latchkey::test
