// Comparison and choice by masks (base/mask.hpp), of any size.
#include "base/mask.hpp"

#include <array>

#include "support/catch.hpp"
#include "support/random.hpp"

namespace latchkey::test {
namespace {

using Mask = base::Mask<std::uint64_t>;

TEST_CASE("bytes differ if a bit of them does, whichever, and none beyond them matters") {
  Random random;
  for (std::size_t size = 0; size <= 40; ++size) {
    const auto a = random.bytes<48>();
    auto b = a;
    for (std::size_t i = size; i < b.size(); ++i) b[i] = static_cast<std::uint8_t>(~a[i]);
    INFO(size << " bytes");
    REQUIRE(base::difference(a.data(), b.data(), size) == 0);
    for (std::size_t bit = 0; bit < 8 * size; ++bit) {
      INFO("bit " << bit);
      auto c = b;
      c[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
      REQUIRE(base::difference(a.data(), c.data(), size) != 0);
    }
  }
}

TEST_CASE("a mask is set by any bit, and chooses one of two") {
  constexpr std::uint64_t kSet = 0x0123456789abcdef, kClear = 0xf0e1d2c3b4a59687;
  CHECK(Mask::from_bit(1).select(kSet, kClear) == kSet);
  CHECK(Mask::from_bit(0).select(kSet, kClear) == kClear);
  CHECK(Mask::if_nonzero(0).bits() == 0);
  for (unsigned bit = 0; bit < 64; ++bit) {
    CHECK(Mask::if_nonzero(std::uint64_t{1} << bit).bits() == ~std::uint64_t{0});
  }
}

}  // namespace
}  // namespace latchkey::test
