// Keccak-p[1600] as FIPS 202, section 3, writes it: five step mappings, one after another; and
// TurboSHAKE (RFC 9861) on it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace latchkey::test::oracle {

// Word x + 5 y is the lane A[x, y], its bit z the bit A[x, y, z].
void keccak_f1600(std::uint64_t (&words)[25]);
// The last `rounds` of the 24.
void keccak_p1600(std::uint64_t (&words)[25], int rounds);

// TurboSHAKE128 with a rate of 168 bytes, TurboSHAKE256 with one of 136, and the domain byte 1F.
std::vector<std::uint8_t> turboshake(std::size_t rate, std::span<const std::uint8_t> message,
                                     std::size_t size);

}  // namespace latchkey::test::oracle
