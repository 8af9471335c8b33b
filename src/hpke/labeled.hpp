// The labeled derivations of HPKE: LabeledExtract() and LabeledExpand() (RFC 9180, section 4), and
// LabeledDerive() of draft-ietf-hpke-pq. `suite_id` says what a derivation is for: a context, or
// the keys of a KEM.
#pragma once

#include <array>

#include "api/hash.hpp"
#include "crypto/hkdf.hpp"
#include "encoding/integers.hpp"

namespace latchkey::hpke {

inline constexpr std::string_view kVersion = "HPKE-v1";

// Input in parts, which are hashed one after another and copied nowhere.
using InfoParts = std::array<View, 5>;

// Errors: crypto_failed.
template <crypto::Hash hash>
[[nodiscard]] Result<void> labeled_extract(std::span<std::uint8_t, crypto::kDigestSize<hash>> out,
                                           View salt, View suite_id, std::string_view label,
                                           const InfoParts& ikm) noexcept {
  return crypto::hkdf_extract<hash>(
      out, salt,
      {bytes_of(kVersion), suite_id, bytes_of(label), ikm[0], ikm[1], ikm[2], ikm[3], ikm[4]});
}

// Up to 255 digests. Errors: crypto_failed.
template <crypto::Hash hash>
[[nodiscard]] Result<void> labeled_expand(std::span<std::uint8_t> out, View prk, View suite_id,
                                          std::string_view label, View info) noexcept {
  return crypto::hkdf_expand<hash>(
      out, prk, {encoding::Two(out.size()), bytes_of(kVersion), suite_id, bytes_of(label), info});
}

// The key material and the context come in parts. The context is `before` and then `context`. Up to
// 65,535 bytes.
inline void labeled_derive(std::span<std::uint8_t> out, mlkem::SpongeKind kind,
                           std::array<View, 4> ikm, View suite_id, std::string_view label,
                           std::array<View, 4> before, const InfoParts& context) noexcept {
  using encoding::Two;
  hash(out, kind,
       {ikm[0], ikm[1], ikm[2], ikm[3], bytes_of(kVersion), suite_id, Two(label.size()),
        bytes_of(label), Two(out.size()), before[0], before[1], before[2], before[3], context[0],
        context[1], context[2], context[3], context[4]});
}

}  // namespace latchkey::hpke
