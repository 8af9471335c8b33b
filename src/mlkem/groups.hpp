// How many blocks the hashes of a parameter set have, and in which groups its A_hat is sampled.
#pragma once

#include "mlkem/sample.hpp"

namespace latchkey::mlkem {

// Blocks of the padded messages of H(ek) and J(z || c).
constexpr std::size_t blocks_of_h(ParameterSet p) {
  return p.encapsulation_key_size() / kSha3_256Rate + 1;
}
constexpr std::size_t blocks_of_j(ParameterSet p) {
  return (kSymBytes + p.ciphertext_size()) / kShake256Rate + 1;
}

// Blocks that the PRF gives for one encryption (Algorithm 14, steps 9 to 17).
template <ParameterSet p>
inline constexpr std::size_t kBlocksOfNoise = prf_blocks(p.eta1) * p.k +
                                              prf_blocks(p.eta2) * (p.k + 1);

// Entries of A_hat that are sampled at once, in row-major order.
struct Group {
  std::size_t first, size;
};
template <std::size_t k>
struct Groups {
  Group group[k * k];
  std::size_t count = 0;
};

// All of A_hat, in groups of size_of(number of the group, first entry).
template <std::size_t k, class F>
consteval Groups<k> make_groups(F size_of) {
  Groups<k> groups{};
  std::size_t first = 0;
  while (first < k * k) {
    const std::size_t size = std::min<std::size_t>(size_of(groups.count, first), k * k - first);
    groups.group[groups.count++] = {first, size};
    first += size;
  }
  return groups;
}

inline constexpr std::size_t kPermutationsOfGroup = 3;  // at least

// H(ek) rides from the first group on, until it is done.
template <ParameterSet p>
constexpr Groups<p.k> kGroupsBesideHash = make_groups<p.k>([](std::size_t g, std::size_t) {
  return g * kPermutationsOfGroup < blocks_of_h(p) ? 3u : 4u;
});

// Calls f(number, first, size) for each group, with compile-time arguments.
template <auto groups, class F>
[[gnu::always_inline]] inline void for_each_group(F f) noexcept {
  static_for<groups.count>([&](auto g) __attribute__((always_inline)) {
    f(g, std::integral_constant<std::size_t, groups.group[g].first>{},
      std::integral_constant<std::size_t, groups.group[g].size>{});
  });
}

}  // namespace latchkey::mlkem
