// In place of libstdc++'s own, which is glibc's locale model: here there is the C locale and no
// other. The library has no use for locales, but <iterator> and <memory> include their classes.
#pragma once

#include <clocale>

#define _GLIBCXX_NUM_CATEGORIES 0

namespace std {
using __c_locale = int*;
int __convert_from_v(const __c_locale&, char*, int, const char*, ...);
}  // namespace std
