// How everything that this library seals begins, and the keys that it is sealed with
// (docs/formats.md).
#pragma once

#include <cstring>

#include "latchkey/seal.hpp"
#include "seal/hkdf.hpp"
#include "seal/hpke.hpp"
#include "seal/integers.hpp"

namespace latchkey::seal {

using Kind = SealedKind;

struct Head {
  static constexpr std::string_view kMagic = "LATCHKEY";
  static constexpr std::uint8_t kVersion = 1;
  static constexpr std::size_t kSize = 24;

  Kind kind;
  std::uint16_t kem_id;
  SealingSuite suite;
  std::uint64_t size;  // of the box of a message, of the chunks of a stream

  void write(std::span<std::uint8_t, kSize> to) const noexcept {
    std::memcpy(to.data(), kMagic.data(), 8);
    to[8] = kVersion;
    to[9] = static_cast<std::uint8_t>(kind);
    std::memcpy(&to[10], Two(kem_id).bytes, 2);
    std::memcpy(&to[12], Two(static_cast<std::uint16_t>(suite.kdf)).bytes, 2);
    std::memcpy(&to[14], Two(static_cast<std::uint16_t>(suite.aead)).bytes, 2);
    std::memcpy(&to[16], Eight(size).bytes, 8);
  }

  // Whatever it is the head of. Errors: not_sealed, unknown_version.
  [[nodiscard]] static Result<Head> parse(View from) noexcept {
    if (from.size() < kSize || std::memcmp(from.data(), kMagic.data(), 8) != 0) {
      return Error::not_sealed;
    }
    if (from[8] != kVersion) return Error::unknown_version;
    const Head head{static_cast<Kind>(from[9]),
                    static_cast<std::uint16_t>(number_in(from.subspan(10, 2))),
                    {static_cast<hpke::Kdf>(number_in(from.subspan(12, 2))),
                     static_cast<hpke::Aead>(number_in(from.subspan(14, 2)))},
                    number_in(from.subspan(16, 8))};
    if (head.kind != Kind::message && head.kind != Kind::stream) return Error::not_sealed;
    if (!is_known(head.suite.kdf) || !is_known(head.suite.aead)) return Error::unknown_version;
    return head;
  }

  // Errors: not_sealed, unknown_version, other_kem.
  [[nodiscard]] static Result<Head> read(View from, Kind kind, std::uint16_t kem_id) noexcept {
    auto head = parse(from);
    if (!head) return head;
    if (head->kind != kind) return Error::not_sealed;
    if (head->kem_id != kem_id) return Error::other_kem;
    return head;
  }
};

// In bytes: the head and enc.
template <Kem K>
inline constexpr std::size_t kPrefixSize = Head::kSize + K::kCiphertextSize;

template <Kem K>
void write_prefix(std::span<std::uint8_t, kPrefixSize<K>> to, const Head& head,
                  const hpke::Sender<K>& sender) noexcept {
  head.write(to.template first<Head::kSize>());
  std::memcpy(&to[Head::kSize], sender.enc.data(), K::kCiphertextSize);
}

template <Kem K>
[[nodiscard]] View enc_in(View sealed) noexcept {
  return sealed.subspan(Head::kSize, K::kCiphertextSize);
}

// Calls f with the parameters of an HPKE context whose keys commit to a label, which says what is
// sealed, to the recipient's key and to the caller's context. Errors: those of f; too_long.
template <class F>
auto with_parameters(std::string_view label, View ek, View context, const SealingSuite& suite,
                     F f) noexcept -> std::invoke_result_t<F, const hpke::Parameters&> {
  if (context.size() > kMaxSealingContext) return Error::too_long;
  const auto info = joined({bytes_of(label), Eight(ek.size()), ek, Eight(context.size()), context});
  if (!info) return info.error();
  return info->read([&](View bytes) noexcept {
    return f(hpke::Parameters{
        .kdf = suite.kdf, .aead = suite.aead, .info = bytes, .psk = {}, .psk_id = {}});
  });
}

}  // namespace latchkey::seal
