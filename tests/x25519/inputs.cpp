#include "x25519/inputs.hpp"

#include <algorithm>

#include "hybrid/low_order.hpp"

namespace latchkey::test {
namespace {

constexpr std::size_t kBits = 256;

Octets filled(std::uint8_t byte) {
  Octets number;
  number.fill(byte);
  return number;
}

// n + 2^255 - 19, little-endian, for -237 <= n <= 18.
Octets near_p(int n) {
  Octets number = filled(0xff);
  number[0] = static_cast<std::uint8_t>(0xed + n);
  number[31] = 0x7f;
  return number;
}

Octets small(std::uint8_t n) {
  Octets number{};
  number[0] = n;
  return number;
}

void set_bit(Octets& number, std::size_t i) {
  number[i / 8] = static_cast<std::uint8_t>(number[i / 8] | 1 << i % 8);
}

// Ones in bits first to first + count - 1, as far as there are such.
Octets ones(std::size_t first, std::size_t count) {
  Octets number{};
  for (std::size_t i = first; i < std::min(first + count, kBits); ++i) set_bit(number, i);
  return number;
}

Octets complement(Octets number) {
  for (std::uint8_t& byte : number) byte = static_cast<std::uint8_t>(~byte);
  return number;
}

// Numbers in which one limb, or all but one, is all ones; and all limbs from one on.
void add_limbs(std::vector<Octets>& numbers, std::size_t bits) {
  for (std::size_t first = 0; first < kBits; first += bits) {
    numbers.push_back(ones(first, bits));
    numbers.push_back(complement(ones(first, bits)));
    numbers.push_back(ones(first, kBits));
    numbers.push_back(ones(first, 1));             // the lowest bit of a limb
    numbers.push_back(ones(first + bits - 1, 1));  // the highest
  }
}

// The digits of radix 16 from the lowest on, again and again.
Octets digits(std::initializer_list<unsigned> repeated) {
  Octets number;
  for (std::size_t i = 0; i < number.size(); ++i) {
    const auto digit = [&](std::size_t at) { return repeated.begin()[at % repeated.size()]; };
    number[i] = static_cast<std::uint8_t>(digit(2 * i) | digit(2 * i + 1) << 4);
  }
  return number;
}

}  // namespace

std::vector<Octets> edge_scalars() {
  std::vector<Octets> scalars = {filled(0), filled(0xff)};
  // Eight is added to every digit: seven becomes fifteen, which passes a carry on, and eight makes
  // one.
  for (const auto& repeated :
       {std::initializer_list<unsigned>{8}, {7}, {7, 8}, {8, 7}, {0, 15}, {15, 0}, {9}, {1}}) {
    scalars.push_back(digits(repeated));
  }
  Octets sevens = digits({7});
  sevens[0] = 0x78;  // a carry from the lowest digit to the highest
  scalars.push_back(sevens);
  for (std::size_t i = 1; i < sevens.size(); ++i) {
    Octets broken = sevens;  // the carry ends here, or begins again
    broken[i] = 0x76;
    scalars.push_back(broken);
    broken[i] = 0x87;
    scalars.push_back(broken);
  }
  for (const std::size_t bits : {51, 64}) add_limbs(scalars, bits);
  // j times the base point, in another way: m L + j, a multiple of 8 with bit 254 set, where L is
  // the point's order. (j, m) = (-1, 5), (2, 6), (-3, 7), (4, 4).
  for (const char* const multiple :
       {"a023cdd083ef5bb82f10d62e59e15a6800000000000000000000000000000050",
        "90f7c22d9e526e1006adcdd137db397d00000000000000000000000000000060",
        "78cbb88ab8b58068dc49c57416d5189200000000000000000000000000000070",
        "b84fd773698c49605973de8b7ae77b5300000000000000000000000000000040"}) {
    scalars.push_back(octets(multiple));
  }
  return scalars;
}

std::vector<Octets> low_order_peers() {
  std::vector<Octets> peers;
  for (const auto& point : low_order_points()) {
    Octets& peer = peers.emplace_back();
    std::copy_n(point.begin(), peer.size(), peer.begin());
  }
  return peers;
}

std::vector<Octets> edge_points() {
  std::vector<Octets> points;
  for (std::uint8_t u = 0; u < 20; ++u) points.push_back(small(u));
  for (int n = -20; n <= 18; ++n) points.push_back(near_p(n));  // the last is 2^255 - 1
  for (const std::size_t bits : {51, 64}) add_limbs(points, bits);
  for (Octets& point : points) point[31] &= 0x7f;
  for (const Octets& peer : low_order_peers()) points.push_back(peer);
  for (std::size_t i = points.size(); i-- > 0;) {
    points.push_back(points[i]);
    points.back()[31] ^= 0x80;
  }
  return points;
}

Exchange random_exchange(Random& random) {
  static const auto scalars = edge_scalars(), points = edge_points();
  const auto pick = [&random](const std::vector<Octets>& edges) {
    // One in eight is an edge.
    if (random.between(0, 7) != 0) return random.bytes<x25519::kSize>();
    return edges[random.between<std::size_t>(0, edges.size() - 1)];
  };
  return {pick(scalars), pick(points)};
}

}  // namespace latchkey::test
