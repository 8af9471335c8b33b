// Words that print what is computed with them, as SMT-LIB: the library's templates make the
// formulas that z3 is asked about.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>

namespace latchkey::test {

inline std::string word_number(std::uint64_t n) {
  char text[32];
  std::snprintf(text, sizeof text, "#x%016llx", static_cast<unsigned long long>(n));
  return text;
}

// A word of 64 bits. Each operation defines a constant of the current claim.
class Term {
 public:
  Term(std::uint64_t n = 0) : text_(word_number(n)) {}
  static Term named(const std::string& name) { return Term(name); }
  static Term variable(const std::string& name) {
    std::printf("(declare-const %s Word)\n", name.c_str());
    return Term(name);
  }
  [[nodiscard]] const std::string& text() const { return text_; }
  // The operation that it is defined by.
  [[nodiscard]] const std::string& value() const { return value_; }

  friend Term operator+(const Term& a, const Term& b) { return make("bvadd", a, b); }
  friend Term operator-(const Term& a, const Term& b) { return make("bvsub", a, b); }
  // A claim may say what it knows of products.
  friend Term operator*(const Term& a, const Term& b) {
    return product != nullptr ? product(a, b) : make("bvmul", a, b);
  }
  static inline Term (*product)(const Term&, const Term&) = nullptr;
  friend Term operator&(const Term& a, const Term& b) { return make("bvand", a, b); }
  friend Term operator|(const Term& a, const Term& b) { return make("bvor", a, b); }
  friend Term operator^(const Term& a, const Term& b) { return make("bvxor", a, b); }
  friend Term operator<<(const Term& a, unsigned n) { return make("bvshl", a, Term(n)); }
  friend Term operator>>(const Term& a, unsigned n) { return make("bvlshr", a, Term(n)); }
  Term operator~() const { return defined("(bvnot " + text_ + ")"); }

  // The assumption that this holds.
  friend void check_below(const Term& x, std::uint64_t bound, const char*) {
    std::printf("(assert (bvult %s %s))\n", x.text_.c_str(), word_number(bound).c_str());
  }

 private:
  explicit Term(const std::string& text) : text_(text) {}
  static Term make(const char* operation, const Term& a, const Term& b) {
    return defined(std::string("(") + operation + " " + a.text_ + " " + b.text_ + ")");
  }
  static Term defined(const std::string& value) {
    static unsigned count = 0;
    const std::string name = "t" + std::to_string(count++);
    std::printf("(define-fun %s () Word %s)\n", name.c_str(), value.c_str());
    Term term(name);
    term.value_ = value;
    return term;
  }

  std::string text_, value_;
};

}  // namespace latchkey::test
