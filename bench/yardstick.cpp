// The yardstick: a hash that every system has, used the way that is fastest.
#include <openssl/evp.h>

#include <memory>
#include <stdexcept>

#include "candidates.hpp"
#include "inputs.hpp"
#include "measure.hpp"

namespace latchkey::bench {

void add_yardstick() {
  const std::shared_ptr<EVP_MD> sha3_256(EVP_MD_fetch(nullptr, "SHA3-256", nullptr), &EVP_MD_free);
  const std::shared_ptr<EVP_MD_CTX> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  if (!sha3_256 || !context) throw std::runtime_error("libcrypto has no SHA3-256");
  struct Message {
    Message() { Inputs().fill(bytes); }
    std::uint8_t bytes[mlkem::kMlKem768.encapsulation_key_size()];
  };
  add("yardstick/openssl_sha3_256_1184", [sha3_256, context, message = Message()] {
    std::uint8_t digest[32];
    EVP_DigestInit_ex2(context.get(), sha3_256.get(), nullptr);
    EVP_DigestUpdate(context.get(), message.bytes, sizeof message.bytes);
    EVP_DigestFinal_ex(context.get(), digest, nullptr);
    benchmark::DoNotOptimize(digest);
  });
}

}  // namespace latchkey::bench
