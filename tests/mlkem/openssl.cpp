#include "mlkem/openssl.hpp"

#include <openssl/evp.h>

#include <memory>
#include <stdexcept>

namespace latchkey::test::openssl {
namespace {

using oracle::Bytes;
using oracle::ByteView;

Bytes digest(const EVP_MD* algorithm, ByteView message, std::size_t size, bool extendable) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        &EVP_MD_CTX_free);
  Bytes out(size);
  const bool ok = EVP_DigestInit_ex(context.get(), algorithm, nullptr) == 1 &&
                  EVP_DigestUpdate(context.get(), message.data(), message.size()) == 1 &&
                  (extendable ? EVP_DigestFinalXOF(context.get(), out.data(), size)
                              : EVP_DigestFinal_ex(context.get(), out.data(), nullptr)) == 1;
  if (!ok) throw std::runtime_error("OpenSSL cannot hash");
  return out;
}

}  // namespace

Bytes sha3_256(ByteView message) { return digest(EVP_sha3_256(), message, 32, false); }
Bytes sha3_512(ByteView message) { return digest(EVP_sha3_512(), message, 64, false); }
Bytes shake128(ByteView message, std::size_t size) {
  return digest(EVP_shake128(), message, size, true);
}
Bytes shake256(ByteView message, std::size_t size) {
  return digest(EVP_shake256(), message, size, true);
}

}  // namespace latchkey::test::openssl
