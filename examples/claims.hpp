// What the examples share. They claim things and check them: one that is not so ends the program
// with 1.
#pragma once

#include <latchkey/bind.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

// The value, or the end.
template <class T>
T need(latchkey::Result<T> result) {
  if (!result) {
    std::printf("not done: %s\n", latchkey::describe(result.error()));
    std::exit(1);
  }
  if constexpr (!std::is_void_v<T>) return std::move(result).value();
}

inline void claim(bool holds, const char* what) {
  std::printf("  %s%s\n", holds ? "" : "NOT SO: ", what);
  if (!holds) std::exit(1);
}

// Only a demonstration compares secrets, and in plain sight. A program uses them.
inline bool same(const latchkey::SharedSecret& a, const latchkey::SharedSecret& b) {
  const latchkey::OpenSecrets open;
  return std::ranges::equal(need(a.expose()), need(b.expose()));
}
inline bool same(const latchkey::LockedBuffer& a, const latchkey::LockedBuffer& b) {
  return a.equals(b).has_value();
}
inline bool same(const latchkey::SessionKeys& a, const latchkey::SessionKeys& b) {
  return same(need(a.derive("example", 32)), need(b.derive("example", 32)));
}
