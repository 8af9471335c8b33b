#include "x25519/oracles.hpp"

#include "support/openssl_x25519.hpp"

#ifdef LATCHKEY_HAVE_SODIUM
#include <sodium.h>
#endif

namespace latchkey::test {
namespace {

Answer by_libcrypto(const Exchange& x) {
  return {openssl::x25519_public(x.secret), openssl::x25519_shared(x.secret, x.peer)};
}

#ifdef LATCHKEY_HAVE_SODIUM
Answer by_libsodium(const Exchange& x) {
  if (sodium_init() < 0) throw std::runtime_error("libsodium does not start");
  Answer answer{};
  if (crypto_scalarmult_curve25519_base(answer.pub.data(), x.secret.data()) != 0) {
    throw std::runtime_error("libsodium makes no public key");
  }
  // Zeros where libsodium refuses, as it does for zeros.
  if (crypto_scalarmult_curve25519(answer.shared.data(), x.secret.data(), x.peer.data()) != 0) {
    answer.shared = {};
  }
  return answer;
}
#endif

}  // namespace

std::vector<Oracle> oracles() {
  return {
      {"libcrypto", by_libcrypto},
#ifdef LATCHKEY_HAVE_SODIUM
      {"libsodium", by_libsodium},
#endif
  };
}

}  // namespace latchkey::test
