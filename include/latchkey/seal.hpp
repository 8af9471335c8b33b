// Messages sealed to a public key: whoever has the private key opens them, nobody else can read or
// change them unnoticed. In the library latchkey-seal.
//
//   const auto context = latchkey::bytes("orders, version 1");             // without the NUL
//   auto sealed = latchkey::seal_for(recipient, secret, header, context);  // X-Wing or ML-KEM key
//   send(sealed->bytes());
//   auto opened = latchkey::open_sealed(my_key, received, header, context);  // in locked memory
//
// It is HPKE (RFC 9180, base mode) with a commitment: a sealed message opens for one key, one
// context and one aad, and is refused for any other before anything is decrypted. This holds even
// against its author, who would have to find a collision of a 256-bit hash. (HPKE alone does not
// commit: for ChaCha20-Poly1305 and AES-GCM, there are ciphertexts that open under two keys.)
// docs/formats.md describes the format byte by byte.
//
// `aad` (associated data) travels in the clear beside the message and must not be changed.
// `context` is what the message is for: "backup of host a", "login, version 2". Both sides must use
// the same aad and the same context; neither is in the sealed message. A message can be replayed,
// and does not say who sealed it.
//
// Thread-safe. Nothing is released of a message that is not whole.
#pragma once

#include <cstdlib>

#include "latchkey/bytes.hpp"
#include "latchkey/export.h"
#include "latchkey/hpke.hpp"

namespace latchkey {
struct SealingAccess;
}

LATCHKEY_API_BEGIN

namespace latchkey {

// A sealed message: bytes to store or send, and no secret.
class SealedMessage {
 public:
  // Empty, as if moved away.
  SealedMessage() noexcept = default;
  // Moving leaves the other one empty, or with what this one had.
  SealedMessage(SealedMessage&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  SealedMessage& operator=(SealedMessage&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~SealedMessage() { std::free(data_); }

  // They live as long as this object. Empty if moved away.
  [[nodiscard]] std::span<const std::uint8_t> bytes() const& noexcept LATCHKEY_LIFETIMEBOUND {
    return {data_, size_};
  }
  std::span<const std::uint8_t> bytes() const&& = delete;

 private:
  friend struct SealingAccess;

  std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
};

// What messages are sealed with. The opening side reads it from the message's header.
struct SealingSuite {
  hpke::Kdf kdf = hpke::Kdf::hkdf_sha256;           // makes the keys
  hpke::Aead aead = hpke::Aead::chacha20_poly1305;  // seals
};

// In bytes: the header, which inspect_sealed() reads; and the commitment to key, context and aad.
inline constexpr std::size_t kSealedInfoSize = 24;
inline constexpr std::size_t kSealingCommitmentSize = 32;

// In bytes: how much longer a sealed message is than its content.
template <Kem K>
inline constexpr std::size_t kSealingOverhead =
    kSealedInfoSize + K::kCiphertextSize + kSealingCommitmentSize + hpke::kTagSize;

// The longest context, in bytes.
inline constexpr std::size_t kMaxSealingContext = 60'000;

// The message, sealed: kSealingOverhead bytes more. Errors: those of encapsulate(); too_long, if
// the context is; unknown_version, for a suite of other numbers; no_memory, crypto_failed.
[[nodiscard]] Result<SealedMessage> seal_for(const xwing::EncapsulationKey& key,
                                             std::span<const std::uint8_t> plaintext,
                                             std::span<const std::uint8_t> aad,
                                             std::span<const std::uint8_t> context,
                                             SealingSuite suite = {}) noexcept;
template <MlKem set>
[[nodiscard]] LATCHKEY_API Result<SealedMessage> seal_for(const MlKemEncapsulationKey<set>& key,
                                                          std::span<const std::uint8_t> plaintext,
                                                          std::span<const std::uint8_t> aad,
                                                          std::span<const std::uint8_t> context,
                                                          SealingSuite suite = {}) noexcept;

// What was sealed, in locked memory. Errors: not_sealed, if it is no sealed message;
// unknown_version, if another version or another program made it (version 1, which had no
// commitment, is refused); other_kem, if it is for another kind of key; sealed_length, if it is cut
// or something follows it; not_authentic, if it was changed, or key, aad or context is
// another; too_long, low_order, moved_from, no_memory, crypto_failed.
[[nodiscard]] Result<LockedBuffer> open_sealed(const xwing::DecapsulationKey& key,
                                               std::span<const std::uint8_t> sealed,
                                               std::span<const std::uint8_t> aad,
                                               std::span<const std::uint8_t> context) noexcept;
template <MlKem set>
[[nodiscard]] LATCHKEY_API Result<LockedBuffer> open_sealed(
    const MlKemDecapsulationKey<set>& key, std::span<const std::uint8_t> sealed,
    std::span<const std::uint8_t> aad, std::span<const std::uint8_t> context) noexcept;

// ---- What a sealed message or stream says of itself, for whoever has no key

// By their numbers in the header.
enum class SealedKind : std::uint8_t {
  message = 1,  // of seal_for()
  stream = 2,   // of stream.hpp
};

// What inspect_sealed() reads.
struct SealedInfo {
  SealedKind kind{};              // a message or a stream
  std::uint16_t kem = 0;          // kHpkeId of MlKem512, MlKem768, MlKem1024 or XWing
  SealingSuite suite;             // what it is sealed with
  std::size_t preamble_size = 0;  // bytes before what is encrypted
  std::uint64_t size = 0;  // bytes behind them in a message; in each chunk of a stream, at most
};

// Reads the header from the first kSealedInfoSize bytes or more. Does not check whether they were
// changed, since that needs the key. Errors: not_sealed; unknown_version, if another version or
// another program made it.
[[nodiscard]] Result<SealedInfo> inspect_sealed(std::span<const std::uint8_t> first_bytes) noexcept;

// ---- libcrypto

// The version of libcrypto that is in use. Lasts as long as the process.
[[nodiscard]] const char* crypto_version() noexcept;

// Tests what this library uses of libcrypto against known answers: the AEADs of HPKE, HKDF with
// SHA-256 and SHA-384, P-256 and P-384. self_test() in mlkem.hpp tests ML-KEM, X25519 and X-Wing.
// Errors: self_test_failed; crypto_policy, if the configuration of libcrypto (openssl.cnf) forbids
// an algorithm; crypto_failed, no_memory.
[[nodiscard]] Result<void> crypto_self_test() noexcept;

// After an Error::crypto_policy: writes which algorithm libcrypto refuses and why, as text for
// people ("ChaCha20-Poly1305: unsupported: ..."). What does not fit into `text` is cut off; a NUL
// ends it. Returns the size without the NUL, in bytes; 0, and no text, if libcrypto refuses nothing
// now.
std::size_t describe_crypto_policy(std::span<char> text) noexcept;

}  // namespace latchkey

LATCHKEY_API_END
