// `latchkey selftest`: the known-answer tests of both libraries.
#include <cstdio>

#include "commands.hpp"
#include "failure.hpp"
#include "latchkey/mlkem768.hpp"
#include "latchkey/seal.hpp"

namespace latchkey::cli {

void selftest() {
  if (const auto result = self_test(); !result) throw Failure(describe(result.error()));
  if (const auto result = crypto_self_test(); !result) {
    fail("self-test of what libcrypto does", result.error());
  }
  std::printf(
      "self-test passed: key generation, encapsulation, decapsulation and implicit rejection of "
      "ML-KEM-512, ML-KEM-768 and ML-KEM-1024, X25519 and X-Wing (backend %s); AES-GCM, "
      "ChaCha20-Poly1305, HKDF, P-256 and P-384 (libcrypto %s)\n",
      backend_name(), crypto_version());
}

}  // namespace latchkey::cli
