// The header of age's files, as a value: the stanzas, each with the file key wrapped for one
// recipient, and the MAC (https://c2sp.org/age). Both open() and inspect() use it.
//
//   version line        age-encryption.org/v1
//   stanza, at least 1  -> TYPE ARGUMENT ...
//                       the wrapped file key in Base64, lines of 64 characters, the last shorter
//   MAC line            --- 43 characters of Base64
//
// Nothing in a header is secret.
#pragma once

#include <array>
#include <optional>

#include "age/text.hpp"
#include "crypto/hkdf.hpp"
#include "encoding/integers.hpp"
#include "latchkey/age.hpp"

namespace latchkey::age::internal {

inline constexpr std::string_view kVersionLine = "age-encryption.org/v1\n", kStanzaBegin = "-> ",
                                  kMacBegin = "---";
inline constexpr std::string_view kHybridType = "mlkem768x25519", kScryptType = "scrypt",
                                  kX25519Type = "X25519";

inline constexpr std::size_t kFileKeySize = 16;                             // bytes
inline constexpr std::size_t kWrappedSize = kFileKeySize + hpke::kTagSize;  // a wrapped file key
inline constexpr std::size_t kMacSize = crypto::kSha256Size;
inline constexpr std::size_t kScryptSaltSize = 16;
inline constexpr std::size_t kMaxHeader = 4 << 20;

// Characters of Base64 without padding.
[[nodiscard]] constexpr std::size_t unpadded(std::size_t size) noexcept {
  return (8 * size + 5) / 6;
}

inline constexpr std::size_t kMacLine = kMacBegin.size() + 1 + unpadded(kMacSize) + 1;

// A stanza that is well-formed. Views live as long as the header.
struct Stanza {
  enum class Kind : std::uint8_t {
    hybrid,  // X-Wing: the argument is enc, the body a wrapped file key
    scrypt,  // a passphrase: the arguments are salt and work factor, the body a wrapped file key
    x25519,  // a classic recipient: the argument is a share, the body a wrapped file key
    other,
    grease,  // stands for nobody
  };

  Kind kind = Kind::other;
  std::string_view arguments;  // behind the type
  std::array<std::uint8_t, kWrappedSize> body;
  std::size_t body_size = 0;  // that it has; kWrappedSize bytes at most are kept
};

// HPKE's, for a hybrid stanza.
[[nodiscard]] inline hpke::Parameters hybrid_parameters() noexcept {
  return {.info = bytes_of("age-encryption.org/mlkem768x25519"), .psk = {}, .psk_id = {}};
}

// What the argument of a hybrid stanza stands for.
using Enc = std::array<std::uint8_t, xwing::kCiphertextSize>;
[[nodiscard]] Result<Enc> enc_of(const Stanza& stanza) noexcept;

// What the argument of an X25519 stanza stands for: the sender's public key of this file.
using Share = std::array<std::uint8_t, latchkey::age::kX25519KeySize>;
[[nodiscard]] Result<Share> share_of(const Stanza& stanza) noexcept;

// What the arguments of a scrypt stanza stand for.
struct ScryptParameters {
  std::array<std::uint8_t, kScryptSaltSize> salt;
  unsigned work_factor = 0;  // the base-2 logarithm of N; its largest value stands for more, too
};
[[nodiscard]] Result<ScryptParameters> scrypt_parameters_of(const Stanza& stanza) noexcept;

class Header {
 public:
  // Reads a header, and checks all of it but the MAC's value: how each line is written, the sizes
  // of what is wrapped for recipients that are known here, and that a passphrase is the only
  // recipient. Each byte is examined a fixed number of times. Errors: those of read; not_sealed,
  // unknown_version; bad_header, also for more than kMaxHeader bytes; sealed_length, where the
  // input ends within it; no_memory.
  [[nodiscard]] static Result<Header> read(const StreamSource& source) noexcept;

  [[nodiscard]] std::size_t stanza_count() const noexcept { return stanza_count_; }
  [[nodiscard]] std::span<const std::uint8_t, kMacSize> mac() const noexcept { return mac_; }
  // What the MAC is of.
  [[nodiscard]] View authenticated() const noexcept;
  // What was read behind the header.
  [[nodiscard]] View behind() const noexcept;

 private:
  friend class Stanzas;

  Result<void> find_end(const StreamSource& source) noexcept;
  Result<void> check_lines() noexcept;
  [[nodiscard]] std::string_view stanzas() const noexcept;

  Text text_;
  std::size_t size_ = 0;       // of the header
  std::size_t read_size_ = 0;  // of all that was read
  std::size_t stanza_count_ = 0;
  std::array<std::uint8_t, kMacSize> mac_{};
};

// The stanzas of a header, one after another.
class Stanzas {
 public:
  explicit Stanzas(const Header& header) noexcept : rest_(header.stanzas()) {}
  // Nothing behind the last.
  [[nodiscard]] std::optional<Stanza> next() noexcept;

 private:
  std::string_view rest_;
};

}  // namespace latchkey::age::internal
