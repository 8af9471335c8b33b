// What the targets share: taking an input apart, and the end when a check fails.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <vector>

#include "dispatch/dispatch.hpp"
#include "latchkey/result.hpp"

namespace latchkey::fuzz {

using Bytes = std::vector<std::uint8_t>;
using View = std::span<const std::uint8_t>;

// A check that fails is a crash, which is what the fuzzer looks for and what ends the corpus test.
inline void require(bool good, const char* what, const char* file = __builtin_FILE(),
                    int line = __builtin_LINE()) {
  if (good) return;
  std::fprintf(stderr, "%s:%d: not so: %s\n", file, line, what);
  std::abort();
}

// An input, read from its front. Where it has ended there are zeros.
class Input {
 public:
  explicit Input(View bytes) : rest_(bytes) {}

  [[nodiscard]] bool empty() const { return rest_.empty(); }

  std::uint8_t byte() {
    if (rest_.empty()) return 0;
    const std::uint8_t first = rest_.front();
    rest_ = rest_.subspan(1);
    return first;
  }

  // At most 65535.
  std::size_t number() {
    const std::size_t low = byte();
    return low | std::size_t{byte()} << 8;
  }

  // On the heap with nothing behind them, so that AddressSanitizer sees a read past the end.
  Bytes bytes(std::size_t size) {
    Bytes taken(size);
    for (auto& to : taken) to = byte();
    return taken;
  }
  Bytes rest() { return bytes(rest_.size()); }

  template <std::size_t N>
  std::array<std::uint8_t, N> array() {
    std::array<std::uint8_t, N> taken;
    for (auto& to : taken) to = byte();
    return taken;
  }

 private:
  View rest_;
};

// A stream's source: bytes in parts of at most so many.
class InParts {
 public:
  InParts(View bytes, std::size_t part) : rest_(bytes), part_(part) {}

  Result<std::size_t> operator()(std::span<std::uint8_t> to) {
    require(!to.empty() && !ended_, "it is read up to its end and no further");
    const std::size_t size = std::min({to.size(), rest_.size(), part_});
    std::copy_n(rest_.begin(), size, to.begin());
    rest_ = rest_.subspan(size);
    ended_ = size == 0;
    return size;
  }

 private:
  View rest_;
  std::size_t part_;
  bool ended_ = false;
};

// The backends that this CPU has.
inline const std::vector<dispatch::Backend>& supported_backends() {
  static const auto supported = [] {
    std::vector<dispatch::Backend> backends;
    for (const auto& backend : dispatch::backends()) {
      if (backend.supported()) backends.push_back(backend);
    }
    return backends;
  }();
  return supported;
}

inline const dispatch::Backend& pick_backend(Input& input) {
  return supported_backends()[input.byte() % supported_backends().size()];
}

// From now on the library's functions use a backend of the input's choice.
inline void use_row(Input& input) {
  require(dispatch::use(pick_backend(input).hash->name), "a supported backend can be used");
}

}  // namespace latchkey::fuzz
