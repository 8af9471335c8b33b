// The preamble of everything that this library seals, and the HPKE context behind it
// (docs/formats.md, which also says why a container commits to its key, context and aad).
#pragma once

#include <cstring>

#include "encoding/integers.hpp"
#include "hpke/hpke.hpp"
#include "latchkey/seal.hpp"

namespace latchkey::seal {

using Kind = SealedKind;

// The fixed part.
struct Header {
  static constexpr std::string_view kMagic = "LATCHKEY";
  static constexpr std::uint8_t kVersion = 2;
  static constexpr std::size_t kSize = kSealedInfoSize;

  Kind kind;
  std::uint16_t kem_id;
  SealingSuite suite;
  std::uint64_t size;  // of the encrypted message, or of the content of a stream's chunks

  void write(std::span<std::uint8_t, kSize> to) const noexcept {
    std::memcpy(to.data(), kMagic.data(), 8);
    to[8] = kVersion;
    to[9] = static_cast<std::uint8_t>(kind);
    std::memcpy(&to[10], encoding::Two(kem_id).bytes, 2);
    std::memcpy(&to[12], encoding::Two(static_cast<std::uint16_t>(suite.kdf)).bytes, 2);
    std::memcpy(&to[14], encoding::Two(static_cast<std::uint16_t>(suite.aead)).bytes, 2);
    std::memcpy(&to[16], encoding::Eight(size).bytes, 8);
  }

  // Parses the header of a message or a stream. Errors: not_sealed, unknown_version.
  [[nodiscard]] static Result<Header> parse(View from) noexcept;
  // Errors: not_sealed, unknown_version, other_kem.
  [[nodiscard]] static Result<Header> read(View from, Kind kind, std::uint16_t kem_id) noexcept;
};

// In bytes: header, enc and commitment.
template <Kem K>
inline constexpr std::size_t kPreambleSize =
    Header::kSize + K::kCiphertextSize + kSealingCommitmentSize;

template <Kem K>
[[nodiscard]] View enc_in(View preamble) noexcept {
  return preamble.subspan(Header::kSize, K::kCiphertextSize);
}

// What both sides bring to a container, beside the KEM's secret.
struct Agreed {
  View ek;  // the recipient's encapsulation key
  View aad, context;
};

// SHA3-256(header || enc || aad).
using ContainerDigest = std::array<std::uint8_t, 32>;

// Begins a container with that enc: writes its preamble, and makes the HPKE context that seals what
// follows. Errors: unknown_version, for a suite that does not encrypt; too_long, if the context is;
// crypto_failed, those on memory.
[[nodiscard]] Result<ContainerDigest> begin_container(hpke::internal::Context& context,
                                                      std::span<std::uint8_t> preamble,
                                                      const Header& header, View enc,
                                                      const SharedSecret& secret,
                                                      const Agreed& agreed) noexcept;

// The HPKE context that opens what follows that preamble, whose header was read. `context` is
// unchanged on an error. Errors: not_authentic, if the commitment is another; those of
// begin_container().
[[nodiscard]] Result<ContainerDigest> accept_container(hpke::internal::Context& context,
                                                       View preamble, const Header& header,
                                                       const SharedSecret& secret,
                                                       const Agreed& agreed) noexcept;

}  // namespace latchkey::seal
