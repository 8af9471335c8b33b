// Shares of TLS peers that no honest party sends, and which error each is.
#pragma once

#include <functional>

#include "hybrid/low_order.hpp"
#include "hybrid/tls_groups.hpp"

namespace latchkey::test {

inline constexpr std::size_t kLongestShare = 1700;  // the longest good one has 1665 bytes

struct BadShare {
  std::string what;
  Bytes bytes;
  Error error;
};

// Every length but the right one: the beginning of a good share, or one with zeros behind it.
inline std::vector<BadShare> wrong_lengths(const Bytes& good, Error error) {
  std::vector<BadShare> shares;
  for (std::size_t size = 0; size <= kLongestShare; ++size) {
    if (size == good.size()) continue;
    shares.push_back({"length " + std::to_string(size), good, error});
    shares.back().bytes.resize(size);
  }
  return shares;
}

// Where the halves of a share begin.
template <Group group>
constexpr std::size_t kMlKemAt = group == Group::x25519_mlkem768 ? 0
                                                                 : tls::curve_sizes_of(group).share;
template <Group group>
constexpr std::size_t curve_at(std::size_t share_size) {
  return group == Group::x25519_mlkem768 ? share_size - 32 : 0;
}

// Each coefficient of the encapsulation key, one at a time, is q, or the largest that 12 bits hold.
template <Group group>
std::vector<BadShare> unreduced(const Bytes& good) {
  constexpr std::size_t kEncoded = sizes_of(tls::mlkem_of(group)).encapsulation_key - 32;
  std::vector<BadShare> shares;
  for (const int value : {kQ, 4095}) {
    for (std::size_t i = 0; i < kEncoded * 2 / 3; ++i) {
      shares.push_back({"coefficient " + std::to_string(i) + " is " + std::to_string(value), good,
                        Error::not_reduced});
      set_coefficient(std::span(shares.back().bytes).subspan(kMlKemAt<group>, kEncoded), i, value);
    }
  }
  return shares;
}

// What is in place of a point on P-256 or P-384.
inline std::vector<Bytes> bad_points(const Bytes& good) {
  std::vector<Bytes> points;
  const auto add = [&](const std::function<void(Bytes&)>& change) {
    points.push_back(good);
    change(points.back());
  };
  for (const int form : {0, 1, 2, 3, 5, 6, 7, 0x84, 0xff}) {  // infinity, compressed, hybrid
    add([&](Bytes& point) { point[0] = static_cast<std::uint8_t>(form); });
  }
  add([](Bytes& point) { point.back() ^= 1; });
  add([](Bytes& point) { point[1] ^= 0x80; });
  add([](Bytes& point) { std::fill(point.begin(), point.end(), std::uint8_t{0}); });
  add([](Bytes& point) { std::fill(point.begin() + 1, point.end(), std::uint8_t{0}); });
  add([](Bytes& point) { std::fill(point.begin() + 1, point.end(), std::uint8_t{0xff}); });
  const auto half = static_cast<std::ptrdiff_t>(good.size() / 2);
  add([&](Bytes& point) { std::rotate(point.begin() + 1, point.begin() + 1 + half, point.end()); });
  add([&](Bytes& point) { std::fill(point.begin() + 1 + half, point.end(), std::uint8_t{0}); });
  return points;
}

// The curve's half replaced by what is no public key of it. None of groups of ML-KEM alone.
template <Group group>
std::vector<BadShare> bad_curve_halves(const Bytes& good) {
  constexpr std::size_t kSize = tls::curve_sizes_of(group).share;
  if constexpr (kSize == 0) {
    return {};
  } else {
    const auto points =
        is_nist(group) ? bad_points(curve_half(group, good, kSize)) : low_order_points();
    std::vector<BadShare> shares;
    for (const Bytes& point : points) {
      shares.push_back({"point " + Catch::StringMaker<Bytes>::convert(point), good,
                        is_nist(group) ? Error::bad_point : Error::low_order});
      std::ranges::copy(point, shares.back().bytes.begin() +
                                   static_cast<std::ptrdiff_t>(curve_at<group>(good.size())));
    }
    return shares;
  }
}

// All that is wrong with a client's share.
template <Group group>
std::vector<BadShare> bad_client_shares(const Bytes& good) {
  auto shares = wrong_lengths(good, Error::encapsulation_key_length);
  for (auto& more : {unreduced<group>(good), bad_curve_halves<group>(good)}) {
    shares.insert(shares.end(), more.begin(), more.end());
  }
  return shares;
}
// And with a server's.
template <Group group>
std::vector<BadShare> bad_server_shares(const Bytes& good) {
  auto shares = wrong_lengths(good, Error::ciphertext_length);
  const auto more = bad_curve_halves<group>(good);
  shares.insert(shares.end(), more.begin(), more.end());
  return shares;
}

}  // namespace latchkey::test
