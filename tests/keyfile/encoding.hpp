// What the documented encodings are made of.
#pragma once

#include "api/support.hpp"

namespace latchkey::test {

inline Bytes text(std::string_view characters) { return {characters.begin(), characters.end()}; }

// The most significant byte first.
inline Bytes number(std::size_t n, std::size_t size) {
  Bytes bytes(size);
  for (; size > 0; n >>= 8) bytes[--size] = n & 0xff;
  return bytes;
}

inline Bytes eight(std::size_t n) { return number(n, 8); }

inline Bytes operator+(Bytes left, View right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

inline Bytes lp(View bytes) { return eight(bytes.size()) + bytes; }

}  // namespace latchkey::test
