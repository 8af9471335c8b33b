// What the reductions on vectors multiply by, in place of dividing by q.
#pragma once

#include "mlkem/params.hpp"

namespace latchkey::avx2 {

// round(2^15 / q), for reduce().
inline constexpr std::int16_t kReciprocal = ((1 << 15) + mlkem::kQ / 2) / mlkem::kQ;
static_assert(kReciprocal == 10);

// round(2^(15 + d) / q), for compress<d>().
template <unsigned d>
inline constexpr std::int16_t kRatio =
    static_cast<std::int16_t>(((std::int64_t{1} << (15 + d)) + mlkem::kQ / 2) / mlkem::kQ);

}  // namespace latchkey::avx2
