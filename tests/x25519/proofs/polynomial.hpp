// Polynomials in the limbs of the inputs, in place of the words that the field computes with: each
// is known by its value modulo p at a random point. Words that a shift divides are polynomials,
// too, because the upper part of one is a new variable h, and its lower part is x - 2^n h. So if
// two results are the same number modulo p for every h, they are so for the h that the code
// computes.
//
// Two polynomials of degree d that differ modulo p have the same value at a random point with a
// probability of at most d / p (J. T. Schwartz 1980, R. Zippel 1979). No degree here reaches 2^20,
// so a wrong identity passes with a probability below 2^-230.
#pragma once

#include <map>
#include <utility>

#include "x25519/proofs/findings.hpp"
#include "x25519/proofs/residue.hpp"

namespace latchkey::test {

// A word of any width: that nothing leaves 64 bits is for the analysis of bounds.
class Polynomial {
 public:
  Polynomial(std::uint64_t n = 0) : value_(n) {}
  explicit Polynomial(const Residue& value) : value_(value) {}
  static Polynomial variable() { return Polynomial(Residue::of_random(random())); }
  friend Residue residue_of(const Polynomial& x) {
    x.require_whole();
    return x.value_;
  }
  static Random& random() {
    static Random random;
    return random;
  }

  // Variables are never that small.
  friend std::uint64_t known_number(const Polynomial& x) {
    if (!x.is_number()) findings.misuse("a number that is not known");
    const auto& words = x.value_.words();
    return std::uint64_t{words[1]} << 32 | words[0];
  }

  friend Polynomial operator+(const Polynomial& a, const Polynomial& b) {
    return Polynomial(residue_of(a) + residue_of(b));
  }
  friend Polynomial operator-(const Polynomial& a, const Polynomial& b) {
    return Polynomial(residue_of(a) - residue_of(b));
  }
  friend Polynomial operator*(const Polynomial& a, const Polynomial& b) {
    return Polynomial(residue_of(a) * residue_of(b));
  }
  Polynomial& operator+=(const Polynomial& other) { return *this = *this + other; }
  friend Polynomial operator<<(const Polynomial& a, unsigned n) {
    return Polynomial(residue_of(a) * Residue::power_of_two(n));
  }
  friend Polynomial operator>>(const Polynomial& a, unsigned n) {
    a.require_whole();
    return a.upper(n);
  }
  // With a mask of the lowest bits.
  friend Polynomial operator&(const Polynomial& a, const Polynomial& mask) {
    const std::uint64_t bits = known_number(mask);
    const auto n = static_cast<unsigned>(__builtin_popcountll(bits));
    if ((bits & (bits + 1)) != 0) findings.misuse("not a mask");
    return Polynomial(a.value_ - a.upper(n).value_ * Residue::power_of_two(n));
  }

  friend Polynomial product_low(const Polynomial& a, const Polynomial& b) {
    return a * b & Polynomial((std::uint64_t{1} << 52) - 1);
  }
  friend Polynomial product_high(const Polynomial& a, const Polynomial& b) { return a * b >> 52; }

  friend void check_below(const Polynomial&, std::uint64_t, const char*) {}

  // Only the lowest 64 bits are there, so only the lowest bits of these may be used.
  [[nodiscard]] Polynomial cut() const {
    Polynomial result = *this;
    result.is_cut_ = true;
    return result;
  }

 private:
  [[nodiscard]] bool is_number() const {
    for (std::size_t i = 2; i < Residue::kWords; ++i) {
      if (value_.words()[i] != 0) return false;
    }
    return true;
  }
  void require_whole() const {
    if (is_cut_) findings.misuse("upper bits that are cut");
  }
  // The same for the same polynomial.
  [[nodiscard]] Polynomial upper(unsigned n) const {
    if (is_number()) return known_number(*this) >> n;
    static std::map<std::pair<unsigned, Residue>, Residue> known;
    const auto [entry, is_new] = known.try_emplace({n, value_});
    if (is_new) entry->second = Residue::of_random(random());
    return Polynomial(entry->second);
  }

  Residue value_;
  bool is_cut_ = false;
};

// A sum of products.
class PolynomialWide {
 public:
  static PolynomialWide product(const Polynomial& a, const Polynomial& b) {
    PolynomialWide result;
    result.sum_ = a * b;
    return result;
  }
  PolynomialWide& operator+=(const PolynomialWide& other) {
    sum_ = sum_ + other.sum_;
    return *this;
  }
  PolynomialWide& operator+=(const Polynomial& word) {
    sum_ = sum_ + word;
    return *this;
  }
  template <unsigned n>
  [[nodiscard]] Polynomial from_bit() const {
    return n == 0 ? sum_.cut() : sum_ >> n;
  }

 private:
  Polynomial sum_;
};

inline Residue value_of(const Polynomial (&limb)[5]) {
  Residue value;
  for (std::size_t k = 5; k-- > 0;) {
    value = value * Residue::power_of_two(51) + residue_of(limb[k]);
  }
  return value;
}

}  // namespace latchkey::test
