// Files of age: the header, then the payload in chunks.
#include "latchkey/age.hpp"

#include <algorithm>

#include "memory/entropy.hpp"
#include "seal/age/armor.hpp"
#include "seal/age/file_key.hpp"
#include "seal/age/header_writer.hpp"
#include "seal/age/payload.hpp"
#include "seal/pieces.hpp"

namespace latchkey::age {
namespace {

using seal::Ahead;
using seal::fill;
using seal::View;
using seal::age::ArmorReader;
using seal::age::ArmorWriter;
using seal::age::Header;
using seal::age::kFileKeySize;
using seal::age::kPayloadNonce;
using seal::age::Payload;
using seal::age::Stanza;

constexpr std::string_view kVersionPrefix = "age-encryption.org/", kArmorPrefix = "-----BEGIN AGE ";

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

Result<void> open_payload(const LockedBuffer& file_key, const StreamSource& read,
                          const StreamSink& write) noexcept {
  std::array<std::uint8_t, kPayloadNonce> nonce;
  const auto size = fill(nonce, read);
  if (!size) return size.error();
  if (*size != nonce.size()) return Error::sealed_length;
  auto payload = Payload::create(file_key, nonce);
  if (!payload) return payload.error();
  return seal::in_pieces(kStreamChunk + hpke::kTagSize, read, write,
                         [&](std::span<std::uint8_t> place, std::size_t piece, Last last) noexcept {
                           return payload->open(place, piece, last);
                         });
}

// Behind the white space that may stand before armor.
std::string_view content_of(View beginning) noexcept {
  std::string_view text = seal::age::text_of(beginning);
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  return text;
}

// Returns use(source, armor), where the source gives the file without armor.
template <class Use>
std::invoke_result_t<Use&, const StreamSource&, Armor> without_armor(const StreamSource& read,
                                                                     Use use) noexcept {
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
  if (!content_of(View(beginning).first(size)).starts_with('-')) return use(whole, Armor::no);
  ArmorReader armored(whole);
  return use(StreamSource(armored), Armor::yes);
}

// find_key(header) gives the file key, or why there is none.
template <class FindKey>
Result<void> open_file(const StreamSource& read, const StreamSink& write,
                       FindKey find_key) noexcept {
  return without_armor(read, [&](const StreamSource& source, Armor) noexcept -> Result<void> {
    const auto header = Header::read(source);
    if (!header) return header.error();
    const auto file_key = find_key(*header);
    if (!file_key) return file_key.error();
    Ahead rest{header->behind(), source, false};
    return open_payload(*file_key, StreamSource(rest), write);
  });
}

FileInfo info_of(const Header& header, Armor armor) noexcept {
  FileInfo info;
  info.armor = armor;
  info.recipients = header.stanza_count();
  seal::age::Stanzas stanzas(header);
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
  if (!seal::age::is_payload_size(size)) info.payload = Error::sealed_length;
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

bool is_file(View beginning) noexcept {
  return seal::age::text_of(beginning).starts_with(kVersionPrefix) ||
         content_of(beginning).starts_with(kArmorPrefix);
}

Result<FileInfo> inspect(StreamSource read) noexcept {
  return without_armor(read,
                       [](const StreamSource& source, Armor armor) noexcept -> Result<FileInfo> {
                         const auto header = Header::read(source);
                         if (!header) return header.error();
                         auto info = info_of(*header, armor);
                         const auto read_on = check_payload(info, header->behind(), source);
                         if (!read_on) return read_on.error();
                         return info;
                       });
}

Result<void> open(std::span<const xwing::DecapsulationKey* const> identities, StreamSource read,
                  StreamSink write) noexcept {
  return open_file(read, write, [&](const Header& header) noexcept {
    return seal::age::file_key_of(header, identities);
  });
}

Result<void> open_with_passphrase(View passphrase, StreamSource read, StreamSink write) noexcept {
  return open_file(read, write, [&](const Header& header) noexcept {
    return seal::age::file_key_of(header, passphrase);
  });
}

}  // namespace latchkey::age
