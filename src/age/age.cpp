// Files of age: the header, then the payload in chunks.
#include "latchkey/age.hpp"

#include <algorithm>

#include "age/armor.hpp"
#include "age/file_key.hpp"
#include "age/header_writer.hpp"
#include "age/payload.hpp"
#include "base/try.hpp"
#include "memory/entropy.hpp"
#include "seal/pieces.hpp"

namespace latchkey::age {
namespace {

using age::internal::ArmorReader;
using age::internal::ArmorWriter;
using age::internal::Header;
using age::internal::kFileKeySize;
using age::internal::kPayloadNonce;
using age::internal::Payload;
using age::internal::Stanza;
using seal::PeekableSource;
using seal::read_full;

constexpr std::string_view kVersionPrefix = "age-encryption.org/", kArmorPrefix = "-----BEGIN AGE ";

Result<void> seal_binary(std::span<const xwing::EncapsulationKey* const> recipients,
                         const StreamSource& read, const StreamSink& write) noexcept {
  const auto file_key = LATCHKEY_TRY(LockedBuffer::random(kFileKeySize));
  std::array<std::uint8_t, kPayloadNonce> nonce;
  if (!memory::random_bytes(nonce)) return Error::no_entropy;
  auto payload = LATCHKEY_TRY(Payload::create(file_key, nonce));
  const auto header = LATCHKEY_TRY(age::internal::write_header(file_key, recipients));
  auto written = write(header.bytes());
  if (written) written = write(nonce);
  if (!written) return written;
  return seal::transform_chunks(
      kStreamChunk, read, write,
      [&](std::span<std::uint8_t> place, std::size_t size, Last last) noexcept {
        return payload.seal(place, size, last);
      });
}

Result<void> open_payload(const LockedBuffer& file_key, const StreamSource& read,
                          const StreamSink& write) noexcept {
  std::array<std::uint8_t, kPayloadNonce> nonce;
  const auto size = LATCHKEY_TRY(read_full(nonce, read));
  if (size != nonce.size()) return Error::sealed_length;
  auto payload = LATCHKEY_TRY(Payload::create(file_key, nonce));
  return seal::transform_chunks(
      kStreamChunk + hpke::kTagSize, read, write,
      [&](std::span<std::uint8_t> place, std::size_t piece, Last last) noexcept {
        return payload.open(place, piece, last);
      });
}

// Behind the white space that may stand before armor.
std::string_view content_of(View first_bytes) noexcept {
  std::string_view text = text_of(first_bytes);
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  return text;
}

// Returns use(source, armor), where the source gives the file without armor.
template <class Use>
std::invoke_result_t<Use&, const StreamSource&, Armor> without_armor(const StreamSource& read,
                                                                     Use use) noexcept {
  // As much as shows whether it is armored.
  std::array<std::uint8_t, kFileInfoSize> first_bytes;
  std::size_t size = 0;
  bool at_end = false;
  while (!at_end && size < first_bytes.size() &&
         content_of(View(first_bytes).first(size)).empty()) {
    const auto more = LATCHKEY_TRY(read(std::span(first_bytes).subspan(size)));
    if (more > first_bytes.size() - size) return Error::read_failed;
    at_end = more == 0;
    size += more;
  }
  PeekableSource ahead{View(first_bytes).first(size), read, at_end};
  const StreamSource whole(ahead);
  if (!content_of(View(first_bytes).first(size)).starts_with('-')) return use(whole, Armor::no);
  ArmorReader armored(whole);
  return use(StreamSource(armored), Armor::yes);
}

// find_key(header) gives the file key, or why there is none.
template <class FindKey>
Result<void> open_file(const StreamSource& read, const StreamSink& write,
                       FindKey find_key) noexcept {
  return without_armor(read, [&](const StreamSource& source, Armor) noexcept -> Result<void> {
    const auto header = LATCHKEY_TRY(Header::read(source));
    const auto file_key = LATCHKEY_TRY(find_key(header));
    PeekableSource rest{header.behind(), source, false};
    return open_payload(file_key, StreamSource(rest), write);
  });
}

FileInfo info_of(const Header& header, Armor armor) noexcept {
  FileInfo info;
  info.armor = armor;
  info.recipients = header.stanza_count();
  age::internal::Stanzas stanzas(header);
  while (const auto stanza = stanzas.next()) {
    switch (stanza->kind) {
      case Stanza::Kind::hybrid:
        ++info.post_quantum;
        break;
      case Stanza::Kind::x25519:
        ++info.x25519;
        break;
      case Stanza::Kind::scrypt:
        info.is_passphrase_file = true;
        if (const auto of = scrypt_parameters_of(*stanza)) info.work_factor = of->work_factor;
        break;
      case Stanza::Kind::grease:
      case Stanza::Kind::other:
        break;
    }
  }
  return info;
}

// Sets what is said of the payload. Errors: those of read.
Result<void> check_payload(FileInfo& info, View behind_header,
                           const StreamSource& source) noexcept {
  std::array<std::uint8_t, 4'096> piece;
  std::uint64_t size = behind_header.size();
  for (;;) {
    const auto more = source(piece);
    if (!more) {
      const bool is_of_armor =
          more.error() == Error::sealed_length || more.error() == Error::bad_header;
      if (!is_of_armor) return more.error();
      info.payload = more.error();
      return {};
    }
    if (*more > piece.size()) return Error::read_failed;
    if (*more == 0) break;
    size += *more;
  }
  if (!age::internal::is_payload_size(size)) info.payload = Error::sealed_length;
  return {};
}

}  // namespace

Result<void> seal(std::span<const xwing::EncapsulationKey* const> recipients, StreamSource read,
                  StreamSink write, Armor armor) noexcept {
  if (armor == Armor::no) return seal_binary(recipients, read, write);
  ArmorWriter armored(write);
  const auto done = seal_binary(recipients, read, StreamSink(armored));
  return done ? armored.finish() : done;
}

bool is_file(View first_bytes) noexcept {
  return text_of(first_bytes).starts_with(kVersionPrefix) ||
         content_of(first_bytes).starts_with(kArmorPrefix);
}

Result<FileInfo> inspect(StreamSource read) noexcept {
  return without_armor(read,
                       [](const StreamSource& source, Armor armor) noexcept -> Result<FileInfo> {
                         const auto header = LATCHKEY_TRY(Header::read(source));
                         auto info = info_of(header, armor);
                         LATCHKEY_TRY(check_payload(info, header.behind(), source));
                         return info;
                       });
}

Result<void> open(std::span<const xwing::DecapsulationKey* const> identities, StreamSource read,
                  StreamSink write) noexcept {
  return open(identities, {}, read, write);
}

Result<void> open(std::span<const xwing::DecapsulationKey* const> identities,
                  std::span<const X25519Identity* const> x25519, StreamSource read,
                  StreamSink write) noexcept {
  return open_file(read, write, [&](const Header& header) noexcept {
    return age::internal::file_key_of(header, age::internal::Identities{identities, x25519});
  });
}

Result<void> open_with_passphrase(View passphrase, StreamSource read, StreamSink write) noexcept {
  return open_file(read, write, [&](const Header& header) noexcept {
    return age::internal::file_key_of(header, passphrase);
  });
}

}  // namespace latchkey::age
