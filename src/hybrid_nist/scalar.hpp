// Scalars of the NIST curves, sampled from a seed.
#pragma once

#include "crypto/nist_curve.hpp"

namespace latchkey::hybrid_nist {

// RandomScalar() of draft-irtf-cfrg-concrete-hybrid-kems, section 3.1.1: the first candidate in
// `seed` that is in range, as a part of `seed`. Which candidate it is, is not secret, since
// rejected ones are not used. Errors: bad_scalar, if none is in range.
[[nodiscard]] inline Result<View> sample_scalar(crypto::Curve curve, View seed) noexcept {
  const std::size_t size = crypto::scalar_size(curve);
  for (; seed.size() >= size; seed = seed.subspan(size)) {
    if (crypto::is_valid_scalar(curve, seed.first(size))) return seed.first(size);
  }
  return Error::bad_scalar;
}

}  // namespace latchkey::hybrid_nist
