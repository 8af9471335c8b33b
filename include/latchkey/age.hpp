// Files of age (https://c2sp.org/age). Writes what `age` 1.3 writes for post-quantum recipients;
// reads what it writes for all its native recipients: post-quantum, X25519, passphrases.
// In the library latchkey-seal.
//
//   auto key = latchkey::xwing::DecapsulationKey::generate();
//   auto name = latchkey::age::write_recipient(key->encapsulation_key());   // "age1pq1..."
//   auto peer = latchkey::age::parse_recipient(name->text());
//   const latchkey::xwing::EncapsulationKey* to[] = {&*peer};
//   auto sealed = latchkey::age::seal(to, read, write);    // read and write as in stream.hpp
//   const latchkey::xwing::DecapsulationKey* mine[] = {&*key};
//   auto opened = latchkey::age::open(mine, read, write);
//
// A recipient is an X-Wing key, and the stanza `mlkem768x25519`. Files for X25519 recipients, which
// a quantum computer could open, and files that are encrypted with a passphrase can be opened, but
// not written. Recipients of other kinds (SSH, plugins) are ignored in a file that is opened. A
// file is sealed and opened in chunks of 64 KiB, in constant memory; a chunk that was changed,
// moved or left out is an error, and nothing of it is released. Nothing says who sent a file.
//
// Thread-safe.
#pragma once

#include <string_view>

#include "latchkey/export.h"
#include "latchkey/stream.hpp"

namespace latchkey::age {
struct NamesAccess;
struct X25519Access;
}  // namespace latchkey::age

LATCHKEY_API_BEGIN

namespace latchkey::age {

// ---- Keys as text (Bech32)

inline constexpr std::size_t kRecipientSize = 1959;  // characters, "age1pq1..."
inline constexpr std::size_t kIdentitySize = 77;     // characters, "AGE-SECRET-KEY-PQ-1..."

// The name of a public key.
class Recipient {
 public:
  // kRecipientSize characters, which live as long as this object.
  [[nodiscard]] std::string_view text() const& noexcept LATCHKEY_LIFETIMEBOUND {
    return {text_.data(), text_.size()};
  }
  std::string_view text() const&& = delete;

 private:
  friend struct NamesAccess;

  std::array<char, kRecipientSize> text_{};
};

// The name of an X-Wing key. Errors: moved_from.
[[nodiscard]] Result<Recipient> write_recipient(const xwing::EncapsulationKey& key) noexcept;

// The key of that name. Errors: not_a_key, if it is no such text, or mistyped; other_algorithm, for
// a recipient of age's that is not of this kind; those of xwing::EncapsulationKey::parse().
[[nodiscard]] Result<xwing::EncapsulationKey> parse_recipient(std::string_view text) noexcept;

// A private key, kIdentitySize characters in locked memory. Errors: moved_from.
[[nodiscard]] Result<LockedBuffer> write_identity(const xwing::DecapsulationKey& key) noexcept;

// The private key in that text. Errors: not_a_key, if it is no such text, or mistyped;
// other_algorithm, for an identity of age's that is not of this kind; those of
// xwing::DecapsulationKey::from_seed().
[[nodiscard]] Result<xwing::DecapsulationKey> parse_identity(std::string_view text) noexcept;

inline constexpr std::size_t kX25519KeySize = 32;  // of a private and of a public key, in bytes

// The private key of an X25519 recipient (age1...), as age-keygen makes it without -pq. It opens
// files, and nothing is sealed to it here.
class X25519Identity {
 public:
  // Empty, as if moved away.
  X25519Identity() noexcept = default;

 private:
  friend struct X25519Access;

  LockedBuffer secret_;
  std::array<std::uint8_t, kX25519KeySize> public_{};
};

// The X25519 key in that text, "AGE-SECRET-KEY-1...". Errors: not_a_key, if it is no such text, or
// mistyped; other_algorithm, for an identity of age's that is not of this kind; those of
// LockedBuffer::create(); crypto_failed, crypto_policy.
[[nodiscard]] Result<X25519Identity> parse_x25519_identity(std::string_view text) noexcept;

// The kind of a recipient or identity, by its prefix only: the rest may still be mistyped.
enum class KeyKind : std::uint8_t {
  none,          // neither a recipient nor an identity
  post_quantum,  // X-Wing
  x25519,        // X25519 alone, as age-keygen makes without -pq: this library opens files with it
  ssh,           // ssh-ed25519, ssh-rsa
  plugin,        // of a plugin, or of a later version of age
};

// Reads no more of the text than its prefix.
[[nodiscard]] KeyKind kind_of_recipient(std::string_view text) noexcept;
// Reads no more of the text than its prefix, which is not secret.
[[nodiscard]] KeyKind kind_of_identity(std::string_view text) noexcept;

// ---- Files

// Whether the file is text: PEM (RFC 7468), a third longer.
enum class Armor : bool { no = false, yes = true };

// The most recipients that a file can have here.
inline constexpr std::size_t kMaxRecipients = 1'000;

// Seals all that `read` gives. Errors: those of read and write; moved_from, low_order, no_entropy,
// no_memory, crypto_failed; not_a_key, without any recipient; too_long, with more than
// kMaxRecipients.
[[nodiscard]] Result<void> seal(std::span<const xwing::EncapsulationKey* const> recipients,
                                StreamSource read, StreamSink write,
                                Armor armor = Armor::no) noexcept;

// Bytes that a file begins with that are enough for is_file(). An armored one may begin with white
// space, but for fewer.
inline constexpr std::size_t kFileInfoSize = 1'024;

// Whether a file that begins so may be one of age's, armored or not.
[[nodiscard]] bool is_file(std::span<const std::uint8_t> first_bytes) noexcept;

// Instead of a greater work factor, FileInfo::work_factor has this one.
inline constexpr unsigned kWorkFactorCap = ~0u;

// What an age file shows without a key.
struct FileInfo {
  Armor armor = Armor::no;          // whether it is text
  std::size_t recipients = 0;       // stanzas in its header
  std::size_t post_quantum = 0;     // of these, those for X-Wing keys
  std::size_t x25519 = 0;           // of these, those for X25519 keys
  bool is_passphrase_file = false;  // encrypted with a passphrase; no other stanzas then
  unsigned work_factor = 0;         // of the passphrase: the base-2 logarithm of scrypt's N, as the
                                    // file has it
  // The fault of the part after the header: sealed_length, if the size or the armor shows that the
  // file was cut off or continued; bad_header, if the armor is broken. Other changes of the content
  // cannot be seen without a key.
  Result<void> payload;
};

// Reads all that `read` gives, armored or not. Errors: those of read; not_sealed, unknown_version,
// bad_header and sealed_length as for open(), if the fault is in the header; no_memory.
[[nodiscard]] Result<FileInfo> inspect(StreamSource read) noexcept;

// open() tries at most this many pairs of a key and a recipient, of both kinds together, which
// takes less than 5 s.
inline constexpr std::size_t kMaxAttempts = 20'000;

// Opens all that `read` gives, armored or not, with the first of the keys that fits. The MAC of the
// header is checked before anything behind it is decrypted. Errors: those of read and write;
// not_sealed, if it is not an age file; unknown_version, for another version than v1; bad_header,
// if the header has more than 4 MiB, or the header or the armor is malformed; no_recipient, if none
// of the keys opens it; passphrase_file, if open_with_passphrase() is needed;
// unsupported_recipient, if it has neither an X-Wing nor an X25519 recipient; too_costly, if
// kMaxAttempts pairs did not open it; not_authentic, if anything was changed, cut off or added;
// sealed_length, if the size alone shows that; low_order, no_memory, crypto_failed.
[[nodiscard]] Result<void> open(std::span<const xwing::DecapsulationKey* const> identities,
                                StreamSource read, StreamSink write) noexcept;
// The same with X25519 keys besides.
[[nodiscard]] Result<void> open(std::span<const xwing::DecapsulationKey* const> identities,
                                std::span<const X25519Identity* const> x25519, StreamSource read,
                                StreamSink write) noexcept;

// The largest work factor that is accepted, which is also what `age -p` writes. scrypt takes 256
// MiB and about a second for it. Each increment of the work factor doubles both.
inline constexpr unsigned kMaxWorkFactor = 18;

// Opens a file that is encrypted with a passphrase, as `age -p` writes it. Errors: as for open(),
// but these instead of the errors about keys: no_recipient, if the file is encrypted to keys;
// work_factor, if its work factor exceeds kMaxWorkFactor; password_needed, if the passphrase is
// empty; too_long, if the passphrase has more than 65,536 bytes; wrong_password, if the passphrase
// is wrong, or the header was changed.
[[nodiscard]] Result<void> open_with_passphrase(std::span<const std::uint8_t> passphrase,
                                                StreamSource read, StreamSink write) noexcept;

}  // namespace latchkey::age

LATCHKEY_API_END
