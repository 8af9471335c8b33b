// The algorithms of keys, and how they are named in key files.
#pragma once

#include <optional>
#include <span>

#include "encoding/der.hpp"
#include "latchkey/kem.hpp"

namespace latchkey::keyfile {

// The object identifier of K, a whole value in DER. (Functions, since a variable template with K in
// its name would be exported.)
template <class K>
constexpr auto id_of() {
  if constexpr (std::is_same_v<K, MlKem512>) {
    return encoding::der::kMlKem512Id;
  } else if constexpr (std::is_same_v<K, MlKem768>) {
    return encoding::der::kMlKem768Id;
  } else if constexpr (std::is_same_v<K, MlKem1024>) {
    return encoding::der::kMlKem1024Id;
  } else {
    static_assert(std::is_same_v<K, XWing>);
    return encoding::der::kXWingId;
  }
}

// The AlgorithmIdentifier of K.
template <class K>
constexpr auto identifier_of() {
  return encoding::der::value(encoding::der::kSequence, id_of<K>());
}

// The KEMs whose keys are read and written.
enum class Algorithm : std::uint8_t { mlkem512, mlkem768, mlkem1024, xwing };

// The one of the object identifier with that content; nothing for others.
[[nodiscard]] std::optional<Algorithm> algorithm_of_id(
    std::span<const std::uint8_t> content) noexcept;
// The same of an AlgorithmIdentifier, without parameters (RFC 9935, section 3; the X-Wing draft,
// appendix A).
[[nodiscard]] std::optional<Algorithm> algorithm_in(std::span<const std::uint8_t> content) noexcept;

}  // namespace latchkey::keyfile
