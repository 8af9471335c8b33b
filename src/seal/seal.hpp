// What is behind the functions of latchkey/seal.hpp.
#pragma once

#include "latchkey/seal.hpp"

namespace latchkey {

struct SealingAccess {
  // What seal_for() makes, once the secret is there: for vectors with their own randomness.
  // K is no concept: newer compilers make that part of the symbol's name, and older ones do not.
  template <class K>
  [[nodiscard]] static Result<SealedMessage> seal(const typename K::EncapsulationKey& key,
                                                  const typename K::Encapsulation& sent,
                                                  hpke::View plaintext, hpke::View aad,
                                                  hpke::View context, SealingSuite suite) noexcept;
  template <class K>
  [[nodiscard]] static Result<LockedBuffer> open(const typename K::DecapsulationKey& key,
                                                 hpke::View sealed, hpke::View aad,
                                                 hpke::View context) noexcept;
};

}  // namespace latchkey
