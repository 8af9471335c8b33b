// Keccak-f[1600] as FIPS 202, section 3, writes it: five step mappings, one after another.
#pragma once

#include <cstdint>

namespace latchkey::test::oracle {

// Word x + 5 y is the lane A[x, y], its bit z the bit A[x, y, z].
void keccak_f1600(std::uint64_t (&words)[25]);

}  // namespace latchkey::test::oracle
