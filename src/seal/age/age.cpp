// Files of age: header, then the payload in chunks.
#include "latchkey/age.hpp"

#include <cstring>

#include "base/wipe.hpp"
#include "memory/entropy.hpp"
#include "seal/aead.hpp"
#include "seal/age/armor.hpp"
#include "seal/age/header.hpp"
#include "seal/hkdf.hpp"
#include "seal/integers.hpp"
#include "seal/pieces.hpp"

namespace latchkey::age {
namespace {

using seal::Ahead;
using seal::bytes_of;
using seal::fill;
using seal::View;
using seal::age::ArmorReader;
using seal::age::ArmorWriter;
using seal::age::kFileKeySize;
using seal::age::Text;

constexpr std::size_t kPayloadNonce = 16;  // bytes
constexpr std::size_t kFirstRead = 4'096, kMaxHeader = 4 << 20;

constexpr std::string_view kVersionPrefix = "age-encryption.org/", kArmorPrefix = "-----BEGIN AGE ";

// STREAM: ChaCha20-Poly1305 with a counter and a flag for a nonce.
class Payload {
 public:
  [[nodiscard]] static Result<Payload> create(const LockedBuffer& file_key, View nonce) noexcept {
    Payload payload;
    auto key = LockedBuffer::create(seal::kSha256Size);
    if (!key) return key.error();
    base::Scrubbed<std::array<std::uint8_t, seal::kSha256Size>> root;
    auto done = file_key.read(
        [&](View bytes) noexcept { return seal::hkdf_extract(*root, nonce, {bytes}); });
    if (done) {
      done = key->write([&](std::span<std::uint8_t> to) noexcept {
        return seal::hkdf_expand(to, *root, {bytes_of("payload")});
      });
    }
    if (!done) return done.error();
    payload.key_ = std::move(*key);
    return payload;
  }

  // The size of what is in `place` then.
  Result<std::size_t> seal(std::span<std::uint8_t> place, std::size_t size, Last last) noexcept {
    const auto box = place.first(size + hpke::kTagSize);
    const Nonce nonce(counter_++, last);
    const auto done = key_.read([&](View key) noexcept {
      return seal::aead_seal(box, kAead, key, nonce.bytes, box.first(size), {});
    });
    if (!done) return done.error();
    return box.size();
  }

  Result<std::size_t> open(std::span<std::uint8_t> place, std::size_t size, Last last) noexcept {
    const bool may_be_empty = counter_ == 0;
    if (size < hpke::kTagSize + (may_be_empty ? 0 : 1)) return Error::sealed_length;
    const auto chunk = place.first(size - hpke::kTagSize);
    const Nonce nonce(counter_++, last);
    const auto done = key_.read([&](View key) noexcept {
      return seal::aead_open(chunk, kAead, key, nonce.bytes, place.first(size), {});
    });
    if (!done) return done.error();
    return chunk.size();
  }

 private:
  static constexpr hpke::Aead kAead = hpke::Aead::chacha20_poly1305;

  struct Nonce {
    Nonce(std::uint64_t counter, Last last) noexcept {
      std::memcpy(&bytes[3], seal::Eight(counter).bytes, 8);
      bytes[11] = last == Last::yes ? 1 : 0;
    }
    std::uint8_t bytes[seal::kNonceSize] = {};
  };

  LockedBuffer key_;
  std::uint64_t counter_ = 0;  // 2^64 chunks are more than there will be
};

Result<void> seal_binary(std::span<const xwing::EncapsulationKey* const> recipients,
                         const StreamSource& read, const StreamSink& write) noexcept {
  const auto file_key = LockedBuffer::random(kFileKeySize);
  if (!file_key) return file_key.error();
  std::array<std::uint8_t, kPayloadNonce> nonce;
  if (!memory::random_bytes(nonce)) return Error::no_entropy;
  auto payload = Payload::create(*file_key, nonce);
  if (!payload) return payload.error();
  const auto header = seal::age::write_header(*file_key, recipients);
  if (!header) return header.error();
  auto written = write(header->bytes());
  if (written) written = write(nonce);
  if (!written) return written;
  return seal::in_pieces(kStreamChunk, read, write,
                         [&](std::span<std::uint8_t> place, std::size_t size, Last last) noexcept {
                           return payload->seal(place, size, last);
                         });
}

// The header, and what was read behind it.
struct Beginning {
  Text text;
  std::size_t header_size = 0, size = 0;

  [[nodiscard]] View header() const noexcept { return text.bytes().first(header_size); }
  [[nodiscard]] View behind() const noexcept {
    return text.bytes().first(size).subspan(header_size);
  }
};

Result<Beginning> read_beginning(const StreamSource& read) noexcept {
  Beginning beginning;
  seal::age::HeaderScan scan;
  for (std::size_t room = kFirstRead; room <= kMaxHeader; room *= 2) {
    if (const auto grown = beginning.text.grow(room); !grown) return grown.error();
    bool at_end = false;
    while (beginning.size < room) {
      const auto more = read(beginning.text.bytes().subspan(beginning.size));
      if (!more) return more.error();
      if (*more > room - beginning.size) return Error::read_failed;
      at_end = *more == 0;
      beginning.size += *more;
      const auto header_size = scan.size_in(beginning.text.bytes().first(beginning.size));
      if (!header_size) return header_size.error();
      beginning.header_size = *header_size;
      if (*header_size != 0) return beginning;
      if (at_end) return beginning.size == 0 ? Error::not_sealed : Error::bad_header;
    }
  }
  return Error::bad_header;
}

Result<void> open_binary(std::span<const xwing::DecapsulationKey* const> identities,
                         const StreamSource& read, const StreamSink& write) noexcept {
  const auto beginning = read_beginning(read);
  if (!beginning) return beginning.error();
  const auto file_key = seal::age::read_header(beginning->header(), identities);
  if (!file_key) return file_key.error();
  Ahead ahead{beginning->behind(), read, false};
  const StreamSource rest(ahead);
  std::array<std::uint8_t, kPayloadNonce> nonce;
  const auto size = fill(nonce, rest);
  if (!size) return size.error();
  if (*size != nonce.size()) return Error::sealed_length;
  auto payload = Payload::create(*file_key, nonce);
  if (!payload) return payload.error();
  return seal::in_pieces(kStreamChunk + hpke::kTagSize, rest, write,
                         [&](std::span<std::uint8_t> place, std::size_t piece, Last last) noexcept {
                           return payload->open(place, piece, last);
                         });
}

// Behind the white space that may stand before armor.
std::string_view content_of(View beginning) noexcept {
  std::string_view text(reinterpret_cast<const char*>(beginning.data()), beginning.size());
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  return text;
}

}  // namespace

Result<void> seal(std::span<const xwing::EncapsulationKey* const> recipients, StreamSource read,
                  StreamSink write, Armor armor) noexcept {
  if (armor == Armor::no) return seal_binary(recipients, read, write);
  ArmorWriter armored(write);
  const auto done = seal_binary(recipients, read, StreamSink(armored));
  return done ? armored.finish() : done;
}

bool is_file(View beginning) noexcept {
  const std::string_view text(reinterpret_cast<const char*>(beginning.data()), beginning.size());
  return text.starts_with(kVersionPrefix) || content_of(beginning).starts_with(kArmorPrefix);
}

Result<void> open(std::span<const xwing::DecapsulationKey* const> identities, StreamSource read,
                  StreamSink write) noexcept {
  // As much as shows whether it is armored.
  std::array<std::uint8_t, kFileInfoSize> beginning;
  std::size_t size = 0;
  bool at_end = false;
  while (!at_end && size < beginning.size() && content_of(View(beginning).first(size)).empty()) {
    const auto more = read(std::span(beginning).subspan(size));
    if (!more) return more.error();
    if (*more > beginning.size() - size) return Error::read_failed;
    at_end = *more == 0;
    size += *more;
  }
  Ahead ahead{View(beginning).first(size), read, at_end};
  const StreamSource whole(ahead);
  if (!content_of(View(beginning).first(size)).starts_with('-')) {
    return open_binary(identities, whole, write);
  }
  ArmorReader armored(whole);
  return open_binary(identities, StreamSource(armored), write);
}

}  // namespace latchkey::age
