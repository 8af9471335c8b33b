// In place of libstdc++'s own, which is glibc's bits of <ctype.h>. The library classifies no
// characters, but <memory> includes the classes that would.
#pragma once

namespace std {
struct ctype_base {
  using __to_type = const int*;
  using mask = unsigned short;
  static const mask upper = 1, lower = 2, alpha = 4, digit = 8, xdigit = 16, space = 32, print = 64,
                    graph = alpha | digit | 128, cntrl = 256, punct = 128, alnum = alpha | digit,
                    blank = 512;
};
}  // namespace std
