// Every entry of the table, and what is looked up in it, against their definition: by the affine
// addition law, with arithmetic of the tests' own.

#include <vector>

#include "support/catch.hpp"
#include "x25519/comb.hpp"
#include "x25519/lanes.hpp"
#include "x25519/proofs/curve.hpp"

namespace latchkey::test {
namespace {

using namespace x25519;

// (j + 1) 16^i B
const Affine& multiple(std::size_t i, std::size_t j) {
  static const std::vector<Affine> multiples = [] {
    std::vector<Affine> all;
    Affine power = kBasePoint;
    for (std::size_t position = 0; position < kPositions; ++position) {
      Affine sum = power;
      for (std::size_t entry = 0; entry < kEntries; ++entry) {
        all.push_back(sum);
        sum = sum + power;
      }
      const Affine eight = all.back();
      power = eight + eight;
    }
    return all;
  }();
  return multiples[i * kEntries + j];
}

// Three numbers from 0 to p - 1, in limbs from 0 to 2^51 - 1.
struct Coordinates {
  std::uint64_t half_sum[kLimbs], half_difference[kLimbs], dxy[kLimbs];
};
bool is_canonical(const std::uint64_t (&limb)[kLimbs]) {
  bool is_below_p = limb[0] < modulus_limb(0);
  for (std::size_t k = 0; k < kLimbs; ++k) {
    if (limb[k] > kLimbMask) return false;
    if (k > 0 && limb[k] < kLimbMask) is_below_p = true;
  }
  return is_below_p;
}
bool is_point(const Coordinates& seen, const Affine& p) {
  const Residue half = inverse(Residue(2));
  return value_of(seen.half_sum) == half * (p.y + p.x) &&
         value_of(seen.half_difference) == half * (p.y - p.x) &&
         value_of(seen.dxy) == kCurveD * p.x * p.y;
}

TEST_CASE("Entry j of position i is (j + 1) 16^i B, and its coordinates are canonical") {
  for (std::size_t i = 0; i < kPositions; ++i) {
    for (std::size_t j = 0; j < kEntries; ++j) {
      const CombEntry& entry = comb_table.row[i / kLanes][j];
      Coordinates seen;
      for (std::size_t k = 0; k < kLimbs; ++k) {
        seen.half_sum[k] = entry.half_sum[k][i % kLanes];
        seen.half_difference[k] = entry.half_difference[k][i % kLanes];
        seen.dxy[k] = entry.dxy[k][i % kLanes];
      }
      INFO("position " << i << ", entry " << j);
      CHECK(is_point(seen, multiple(i, j)));
      CHECK(is_canonical(seen.half_sum));
      CHECK(is_canonical(seen.half_difference));
      CHECK(is_canonical(seen.dxy));
      // look_up() subtracts it from p, limb by limb.
      CHECK(seen.dxy[0] <= modulus_limb(0));
      CHECK(!is_point(seen, multiple((i + 1) % kPositions, j)));
    }
  }
}

template <class V>
void check_look_up() {
  const std::size_t lanes = V::kLanes;
  for (std::size_t first = 0; first < kPositions; first += lanes) {
    for (unsigned digit = 0; digit < 16; ++digit) {
      Words sum;
      for (auto& word : sum.word) word = digit * std::uint64_t{0x1111111111111111};
      const auto found = look_up<V>(sum, first);
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        const std::size_t i = first + lane;
        if (i == kPositions - 1 && digit > kEntries) continue;  // k < 2^255
        const int value = static_cast<int>(digit) - (i == kPositions - 1 ? 0 : 8);
        const Affine expected = value == 0  ? kNeutral
                                : value > 0 ? multiple(i, static_cast<std::size_t>(value - 1))
                                            : -multiple(i, static_cast<std::size_t>(-value - 1));
        Coordinates seen;
        bool is_bounded = true;
        for (std::size_t k = 0; k < kLimbs; ++k) {
          seen.half_sum[k] = found.half_sum.limb[k].lane[lane];
          seen.half_difference[k] = found.half_difference.limb[k].lane[lane];
          seen.dxy[k] = found.dxy.limb[k].lane[lane];
          is_bounded &= seen.half_sum[k] <= kLimbMask && seen.half_difference[k] <= kLimbMask &&
                        seen.dxy[k] <= kLimbMask;
        }
        INFO("position " << i << ", digit " << value);
        CHECK(is_point(seen, expected));
        CHECK(is_bounded);
      }
    }
  }
}
TEST_CASE("look_up finds the multiple of each digit at each position, in limbs below 2^51") {
  check_look_up<Octet>();
}

TEST_CASE("The digits of add_eights() have the value of the scalar") {
  Random random;
  for (int round = 0; round < 1000; ++round) {
    Words k;
    for (auto& word : k.word) {
      word = base::load_le64(random.bytes<8>().data());
      if (round % 4 == 1) word |= 0x7777777777777777 << (round % 3);
      if (round < 2) word = round == 0 ? 0 : ~std::uint64_t{0};
    }
    k.word[3] &= ~std::uint64_t{0} >> 1;
    const Words sum = add_eights(k);
    Residue expected, seen;
    for (std::size_t i = 4; i-- > 0;)
      expected = expected * Residue::power_of_two(64) + Residue(k.word[i]);
    for (std::size_t i = kPositions; i-- > 0;) {
      const std::uint64_t digit = sum.word[i / 16] >> (4 * (i % 16)) & 15;
      if (i == kPositions - 1) CHECK(digit <= kEntries);
      seen = seen * Residue(16) + Residue(digit) - Residue(i == kPositions - 1 ? 0 : 8);
    }
    CHECK(seen == expected);
  }
}

}  // namespace
}  // namespace latchkey::test
