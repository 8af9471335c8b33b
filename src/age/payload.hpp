// The payload of age files: chunks under a key that comes from the file key and a nonce.
#pragma once

#include "age/header.hpp"

namespace latchkey::age::internal {

inline constexpr std::size_t kPayloadNonce = 16;  // bytes, before the first chunk

// STREAM: ChaCha20-Poly1305 with a counter and a flag as its nonce.
class Payload {
 public:
  // Errors: those on memory, crypto_failed.
  [[nodiscard]] static Result<Payload> create(const LockedBuffer& file_key, View nonce) noexcept;

  // Each changes the first `size` bytes of `place`, and returns the size of what is there then.
  // Errors: sealed_length, not_authentic, crypto_failed, those on memory.
  Result<std::size_t> seal(std::span<std::uint8_t> place, std::size_t size, Last last) noexcept;
  Result<std::size_t> open(std::span<std::uint8_t> place, std::size_t size, Last last) noexcept;

 private:
  LockedBuffer key_;
  std::uint64_t counter_ = 0;  // 2^64 chunks are more than there will be
};

// Whether the payload of a file can have so many bytes.
[[nodiscard]] bool is_payload_size(std::uint64_t size) noexcept;

}  // namespace latchkey::age::internal
