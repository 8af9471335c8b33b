// What the tests of the memory for secrets share.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "latchkey/secret_memory.hpp"
#include "memory/slots.hpp"
#include "support/catch.hpp"
#include "support/child.hpp"
#include "support/random.hpp"

namespace latchkey::test {

using Bytes = std::vector<std::uint8_t>;
using View = std::span<const std::uint8_t>;

template <class T>
void require_error(const Result<T>& result, Error expected) {
  REQUIRE_FALSE(result.has_value());
  REQUIRE(describe(result.error()) == std::string(describe(expected)));
}

template <class T>
T need(Result<T> result) {
  REQUIRE(result.has_value());
  return std::move(result).value();
}

inline Bytes copy_of(const LockedBuffer& buffer) {
  return need(buffer.read([](View bytes) { return Bytes(bytes.begin(), bytes.end()); }));
}

// Whether a child faults that makes a secret and then runs f on it.
template <class F>
bool faults(F f) {
  return in_child([&] {
           f();
           return 0;
         }).signal == SIGSEGV;
}

}  // namespace latchkey::test
