// What the documented encodings are made of.
#pragma once

#include "api/support.hpp"

namespace latchkey::test {

inline Bytes text(std::string_view characters) { return {characters.begin(), characters.end()}; }

inline Bytes eight(std::size_t n) {
  Bytes bytes(8);
  for (int i = 7; i >= 0; --i, n >>= 8) bytes[static_cast<std::size_t>(i)] = n & 0xff;
  return bytes;
}

inline Bytes operator+(Bytes left, View right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

inline Bytes lp(View bytes) { return eight(bytes.size()) + bytes; }

}  // namespace latchkey::test
