#include "crypto/sha256.hpp"

#include <openssl/evp.h>

#include "base/wipe.hpp"
#include "crypto/libcrypto.hpp"
#include "crypto/library_context.hpp"

namespace latchkey::crypto {

Result<void> sha256(std::span<std::uint8_t, kSha256Size> out,
                    std::span<const std::uint8_t> input) noexcept {
  const crypto::OwnErrors errors;
  if (EVP_Q_digest(library_context(), "SHA256", nullptr, input.data(), input.size(), out.data(),
                   nullptr) == 1) {
    return {};
  }
  base::wipe(out.data(), out.size());
  return errors.no_memory_or(failure());
}

}  // namespace latchkey::crypto
