// What an analysis of the field's code objects to. The analyses run that code on other kinds of
// numbers, with the checks of limbs.hpp.
#pragma once

#include <string>

namespace latchkey::test {

struct Findings {
  int escapes = 0;    // results that may leave their word, and operands that an instruction cuts
  int beyond = 0;     // limbs that may not be below the bound of their type
  int misuses = 0;    // operations that the analysis knows nothing of
  std::string first;  // what it was

  void escape(const char* what) { add(escapes, what); }
  void exceed(const char* what) { add(beyond, what); }
  void misuse(const char* what) { add(misuses, what); }
  [[nodiscard]] bool none() const { return escapes + beyond + misuses == 0; }

 private:
  void add(int& count, const char* what) {
    if (none()) first = what;
    ++count;
  }
};
inline Findings findings;

template <class F>
Findings findings_of(F f) {
  findings = {};
  f();
  return findings;
}

}  // namespace latchkey::test
