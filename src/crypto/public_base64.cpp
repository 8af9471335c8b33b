#include "crypto/public_base64.hpp"

#include <openssl/evp.h>

namespace latchkey::crypto {

std::size_t base64_encode_vartime(std::span<std::uint8_t> text, View bytes) noexcept {
  return static_cast<std::size_t>(
      EVP_EncodeBlock(text.data(), bytes.data(), static_cast<int>(bytes.size())));
}

std::size_t base64_decode_vartime(std::span<std::uint8_t> bytes, std::string_view text) noexcept {
  const int size =
      EVP_DecodeBlock(bytes.data(), bytes_of(text).data(), static_cast<int>(text.size()));
  return size < 0 ? 0 : static_cast<std::size_t>(size);
}

}  // namespace latchkey::crypto
