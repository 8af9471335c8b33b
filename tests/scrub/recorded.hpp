// The arithmetic of X25519, which notes every number that it computes: what a form has in its words
// and lanes.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <span>

#include "x25519/lanes.hpp"

namespace latchkey::test {

// Who is told. Not thread-safe.
inline std::function<void(std::span<const std::uint64_t>)> note_words;

// A field of one element at a time, whose results are noted.
template <class Base>
struct Recorded : Base {
  using Factor = typename Base::Factor;
  using Product = typename Base::Product;

  static Factor add(const Product& a, const Product& b) { return noted(Base::add(a, b)); }
  static Factor subtract(const Product& a, const Product& b) { return noted(Base::subtract(a, b)); }
  static Product multiply(const Factor& a, const Factor& b) { return noted(Base::multiply(a, b)); }
  static Product square(const Factor& a) { return noted(Base::square(a)); }
  static auto add_multiple(const auto& a, const Factor& b, std::uint32_t n) {
    return noted(Base::add_multiple(a, b, n));
  }

 private:
  template <class T>
  static T noted(const T& a) {
    if constexpr (requires { a.limb; }) {
      note_words(a.limb);
    } else {
      note_words(a.word);
    }
    return a;
  }
};

// Eight lanes, each of which is noted.
struct RecordedOctet : x25519::Octet {
  RecordedOctet() = default;
  RecordedOctet(const x25519::Octet& lanes) : x25519::Octet(lanes) { note_words(lane); }

  // The code chooses between sums and vectors, which have to be of one type.
  template <std::same_as<RecordedOctet> V>
  friend RecordedOctet operator+(const V& a, const V& b) {
    return static_cast<const x25519::Octet&>(a) + static_cast<const x25519::Octet&>(b);
  }
};

}  // namespace latchkey::test
