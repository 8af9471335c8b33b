#include "mlkem/compare.hpp"

#include <algorithm>

namespace latchkey::test {

std::vector<Coefficients> inputs(Range range, Random& random) {
  const auto low = static_cast<std::int16_t>(range.low);
  const auto high = static_cast<std::int16_t>(range.high);
  std::vector<Coefficients> all;
  const auto add = [&](auto value_at) {
    Coefficients f;
    for (std::size_t i = 0; i < f.size(); ++i) f[i] = static_cast<std::int16_t>(value_at(i));
    all.push_back(f);
  };

  add([](std::size_t) { return 0; });
  for (const int value : {1, -1, range.low, range.high}) {
    if (value < range.low || value > range.high || value == 0) continue;
    for (std::size_t p = 0; p < mlkem::kN; ++p) {
      add([&](std::size_t i) { return i == p ? value : 0; });
    }
  }
  add([&](std::size_t) { return low; });
  add([&](std::size_t) { return high; });
  for (std::size_t run = 1; run < mlkem::kN; run *= 2) {
    add([&](std::size_t i) { return i / run % 2 == 0 ? low : high; });
    add([&](std::size_t i) { return i / run % 2 == 0 ? high : low; });
  }
  for (int n = 0; n < 200; ++n) {
    all.push_back(random_coefficients(range, random));
    add([&](std::size_t) { return random.between(0, 1) == 0 ? low : high; });
  }
  return all;
}

Coefficients random_coefficients(Range range, Random& random) {
  Coefficients f;
  for (auto& c : f) c = static_cast<std::int16_t>(random.between(range.low, range.high));
  return f;
}

Coefficients walk(Range range, int n) {
  Coefficients f;
  for (std::size_t i = 0; i < f.size(); ++i) {
    f[i] = static_cast<std::int16_t>(range.low + (n + static_cast<int>(i)) % steps(range));
  }
  return f;
}

void assign(std::int16_t (&to)[mlkem::kN], const Coefficients& from) {
  std::copy(from.begin(), from.end(), to);
}

bool equal(const std::int16_t (&a)[mlkem::kN], const Coefficients& b) {
  return std::equal(b.begin(), b.end(), a);
}

oracle::Poly modulo_q(CoefficientView f) {
  oracle::Poly result;
  for (std::size_t i = 0; i < f.size(); ++i) result.c[i] = oracle::mod_q(f[i]);
  return result;
}

std::string fault(CoefficientView actual, Range range, const oracle::Poly& expected) {
  for (std::size_t i = 0; i < actual.size(); ++i) {
    if (actual[i] < range.low || actual[i] > range.high) {
      return "coefficient " + std::to_string(i) + " is " + std::to_string(actual[i]) +
             ", outside of " + std::to_string(range.low) + " to " + std::to_string(range.high);
    }
  }
  for (std::size_t i = 0; i < actual.size(); ++i) {
    if (oracle::mod_q(actual[i]) != oracle::mod_q(expected.c[i])) {
      return "coefficient " + std::to_string(i) + " is " + std::to_string(actual[i]) +
             ", not congruent to " + std::to_string(expected.c[i]);
    }
  }
  return {};
}

std::string fault(oracle::ByteView actual, oracle::ByteView expected) {
  if (actual.size() != expected.size()) return "the sizes differ";
  for (std::size_t i = 0; i < actual.size(); ++i) {
    if (actual[i] != expected[i]) {
      return "byte " + std::to_string(i) + " is " + std::to_string(actual[i]) + ", not " +
             std::to_string(expected[i]);
    }
  }
  return {};
}

}  // namespace latchkey::test
