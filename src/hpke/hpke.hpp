// HPKE's key schedule (RFC 9180, section 5.1, and draft-ietf-hpke-pq), behind its contexts.
#pragma once

#include "base/try.hpp"
#include "crypto/aead.hpp"
#include "hpke/labeled.hpp"
#include "latchkey/hpke.hpp"

namespace latchkey::hpke {

inline constexpr std::size_t kMaxExporterSize = 64;

// In bytes: Nh, the size of the exporter secret; 0 for a number that stands for none.
[[nodiscard]] constexpr std::size_t hash_size(Kdf kdf) noexcept {
  switch (kdf) {
    case Kdf::hkdf_sha256:
    case Kdf::shake128:
    case Kdf::turboshake128:
      return 32;
    case Kdf::hkdf_sha384:
      return 48;
    case Kdf::shake256:
    case Kdf::turboshake256:
      return 64;
  }
  return 0;
}

// A number of the registries need not be one that is known here.
[[nodiscard]] constexpr bool is_known(Kdf kdf) noexcept { return hash_size(kdf) != 0; }
[[nodiscard]] constexpr bool is_known(Aead aead) noexcept {
  return crypto::key_size(aead) != 0 || aead == Aead::export_only;
}

// What a context keeps locked. With the export-only AEAD the first two are unused.
struct Secrets {
  std::uint8_t key[crypto::kMaxKeySize];
  std::uint8_t base_nonce[crypto::kNonceSize];
  std::uint8_t exporter_secret[kMaxExporterSize];
};

namespace internal {
struct ScheduleAccess {
  // KeySchedule() into a new context. Errors: unknown_version, too_long, bad_psk, crypto_failed,
  // those on memory.
  [[nodiscard]] static Result<void> run(Context& context, std::uint16_t kem_id,
                                        const SharedSecret& shared_secret,
                                        const Parameters& parameters) noexcept {
    return run(context, kem_id, shared_secret, parameters, {parameters.info});
  }
  // The same with `info` in place of parameters.info.
  [[nodiscard]] static Result<void> run(Context& context, std::uint16_t kem_id,
                                        const SharedSecret& shared_secret,
                                        const Parameters& parameters,
                                        const InfoParts& info) noexcept;

  // What a context keeps locked, of a shared secret of any size: other KEMs have 48 or 64 bytes.
  // Errors: those of run().
  [[nodiscard]] static Result<LockedBuffer> derive(std::uint16_t kem_id, View shared_secret,
                                                   const Parameters& parameters,
                                                   const InfoParts& info) noexcept;
  // A new context with such secrets.
  static void start(Context& context, std::uint16_t kem_id, const Parameters& parameters,
                    LockedBuffer secrets) noexcept;

  // Export() of section 5.3, to memory of the caller's. `out` is zeroed on error. Errors: those of
  // export_secret(), but those on memory.
  [[nodiscard]] static Result<void> export_to(const Context& context, std::span<std::uint8_t> out,
                                              View exporter_context) noexcept;

  // What the two contexts do, with the associated data in parts. Errors: those of seal_to(),
  // open_to() and open().
  [[nodiscard]] static Result<void> crypt(Context& context, bool encrypt,
                                          std::span<std::uint8_t> out, View in,
                                          Parts aad) noexcept {
    return context.crypt(encrypt, out, in, aad);
  }
  [[nodiscard]] static Result<LockedBuffer> open(Context& context, View box, Parts aad) noexcept;

  [[nodiscard]] static bool is_empty(const Context& context) noexcept {
    return context.secrets_.size() == 0;
  }

  // For tests.
  template <class F>
  static auto read(const Context& context, F f) noexcept {
    return context.secrets_.read(
        [&](View bytes) noexcept { return f(*reinterpret_cast<const Secrets*>(bytes.data())); });
  }
  static void set_sequence(Context& context, std::uint64_t sequence) noexcept {
    context.sequence_ = sequence;
  }
};
}  // namespace internal

// The sender's half, once the secret is there: for vectors with their own randomness.
template <Kem K>
[[nodiscard]] Result<Sender<K>> sender_of(const typename K::Encapsulation& sent,
                                          const Parameters& parameters) noexcept {
  Result<Sender<K>> sender(std::in_place);
  sender->enc = sent.ciphertext;
  LATCHKEY_TRY(internal::ScheduleAccess::run(sender->context, K::kHpkeId, sent.secret, parameters));
  return sender;
}

}  // namespace latchkey::hpke
