#include "age/payload.hpp"

#include <cstring>

#include "base/try.hpp"
#include "base/wipe.hpp"
#include "crypto/aead.hpp"

namespace latchkey::age::internal {
namespace {

constexpr hpke::Aead kAead = hpke::Aead::chacha20_poly1305;

struct Nonce {
  Nonce(std::uint64_t counter, Last last) noexcept {
    std::memcpy(&bytes[3], encoding::Eight(counter).bytes, 8);
    bytes[11] = last == Last::yes ? 1 : 0;
  }
  std::uint8_t bytes[crypto::kNonceSize] = {};
};

}  // namespace

Result<Payload> Payload::create(const LockedBuffer& file_key, View nonce) noexcept {
  Payload payload;
  auto key = LATCHKEY_TRY(LockedBuffer::create(crypto::kSha256Size));
  base::Scrubbed<std::array<std::uint8_t, crypto::kSha256Size>> root;
  auto done = file_key.read(
      [&](View bytes) noexcept { return crypto::hkdf_extract(*root, nonce, {bytes}); });
  if (done) {
    done = key.write([&](std::span<std::uint8_t> to) noexcept {
      return crypto::hkdf_expand(to, *root, {bytes_of("payload")});
    });
  }
  if (!done) return done.error();
  payload.key_ = std::move(key);
  return payload;
}

Result<std::size_t> Payload::seal(std::span<std::uint8_t> place, std::size_t size,
                                  Last last) noexcept {
  const auto box = place.first(size + hpke::kTagSize);
  const Nonce nonce(counter_++, last);
  const auto done = key_.read([&](View key) noexcept {
    return crypto::aead_seal(box, kAead, key, nonce.bytes, box.first(size), {});
  });
  if (!done) return done.error();
  return box.size();
}

Result<std::size_t> Payload::open(std::span<std::uint8_t> place, std::size_t size,
                                  Last last) noexcept {
  const bool may_be_empty = counter_ == 0;
  if (size < hpke::kTagSize + (may_be_empty ? 0 : 1)) return Error::sealed_length;
  const auto chunk = place.first(size - hpke::kTagSize);
  const Nonce nonce(counter_++, last);
  const auto done = key_.read([&](View key) noexcept {
    return crypto::aead_open(chunk, kAead, key, nonce.bytes, place.first(size), {});
  });
  if (!done) return done.error();
  return chunk.size();
}

bool is_payload_size(std::uint64_t size) noexcept {
  constexpr std::uint64_t kSealedChunk = kStreamChunk + hpke::kTagSize;
  if (size < kPayloadNonce + hpke::kTagSize) return false;
  const std::uint64_t chunks = size - kPayloadNonce, last = chunks % kSealedChunk;
  // The last chunk is empty only if it is the first.
  return chunks == hpke::kTagSize || last == 0 || last > hpke::kTagSize;
}

}  // namespace latchkey::age::internal
