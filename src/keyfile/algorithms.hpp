// The algorithms of keys, and how they are named in key files.
#pragma once

#include <optional>
#include <span>

#include "encoding/der.hpp"
#include "latchkey/kem.hpp"

namespace latchkey::keyfile {

// The object identifier of K, a whole value in DER.
template <class K>
inline constexpr auto kIdOf = encoding::der::Octets<0>{};  // of no other K
template <>
inline constexpr auto kIdOf<MlKem512> = encoding::der::kMlKem512Id;
template <>
inline constexpr auto kIdOf<MlKem768> = encoding::der::kMlKem768Id;
template <>
inline constexpr auto kIdOf<MlKem1024> = encoding::der::kMlKem1024Id;
template <>
inline constexpr auto kIdOf<XWing> = encoding::der::kXWingId;

// The AlgorithmIdentifier of K.
template <class K>
inline constexpr auto kAlgorithmOf = encoding::der::value(encoding::der::kSequence, kIdOf<K>);

// The KEMs whose keys are read and written.
enum class Algorithm : std::uint8_t { mlkem512, mlkem768, mlkem1024, xwing };

// The one of the object identifier with that content; nothing for others.
[[nodiscard]] std::optional<Algorithm> algorithm_of_id(
    std::span<const std::uint8_t> content) noexcept;
// The same of an AlgorithmIdentifier, without parameters (RFC 9935, section 3; the X-Wing draft,
// appendix A).
[[nodiscard]] std::optional<Algorithm> algorithm_in(std::span<const std::uint8_t> content) noexcept;

}  // namespace latchkey::keyfile
