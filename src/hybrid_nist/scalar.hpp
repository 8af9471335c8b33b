// Scalars of the NIST curves, sampled from a seed.
#pragma once

#include "crypto/nist_curve.hpp"

namespace latchkey::hybrid_nist {

// RandomScalar() of draft-irtf-cfrg-concrete-hybrid-kems, section 3.1.1: of the candidates in
// `seed`, side by side, the first that is in range. What is returned is a part of `seed`. Which
// candidate it is may be known: those before it are used for nothing. Errors: bad_scalar, if none
// is in range.
[[nodiscard]] inline Result<View> sample_scalar(crypto::Curve curve, View seed) noexcept {
  const std::size_t size = crypto::scalar_size(curve);
  for (; seed.size() >= size; seed = seed.subspan(size)) {
    if (crypto::is_valid_scalar(curve, seed.first(size))) return seed.first(size);
  }
  return Error::bad_scalar;
}

}  // namespace latchkey::hybrid_nist
