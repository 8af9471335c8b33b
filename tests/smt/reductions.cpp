// Prints SMT-LIB: what the reductions claim, with the constants that the library has.
//
//   smt-reductions                    every claim, each negated: z3 must find all `unsat`
//   smt-reductions CONSTANT CHANGE    the same with one constant changed, for a control
//   smt-reductions list               the names of the constants
//
// All is bit vectors, as in the code, but wide enough that the claims themselves cannot overflow. A
// congruence is stated as an exact division: x = r 2^16 + m q. With a remainder it takes for ever.
//
// Not here: multiply() by each of its constants and compress() on vectors, which tests/mlkem goes
// through number by number.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "avx2/reciprocals.hpp"
#include "mlkem/reduce.hpp"

namespace latchkey::test {
namespace {

struct Constant {
  const char* name;
  std::int64_t value;
};

std::vector<Constant> constants = {
    {"q", mlkem::kQ},
    {"q-inverse", mlkem::kQInverse},
    {"barrett-factor", mlkem::kBarrettFactor},
    {"reciprocal", mlkem::kReciprocal},
    {"vector-reciprocal", avx2::kReciprocal},
};

// Numbers are 64 bits wide, and (half x) is what a conversion to int16_t makes of one.
constexpr const char* kPrelude = R"((set-logic QF_BV)
(define-sort Int64 () (_ BitVec 64))
(define-fun half ((x Int64)) Int64 ((_ sign_extend 48) ((_ extract 15 0) x)))
(define-fun is-half ((x Int64)) Bool (= x (half x)))
(define-fun is-word ((x Int64)) Bool (= x ((_ sign_extend 32) ((_ extract 31 0) x))))
(define-fun shift ((x Int64) (n Int64)) Int64 (bvashr x n))
(define-fun times ((x Int64) (y Int64)) Int64 (bvmul x y))
(define-fun within ((x Int64) (bound Int64)) Bool (and (bvsle (bvneg bound) x) (bvsle x bound)))
(define-fun mulhrs ((x Int64) (y Int64)) Int64
  (shift (bvadd (shift (times x y) #x000000000000000e) #x0000000000000001) #x0000000000000001))
)";

std::string number(std::int64_t x) {
  char text[32];
  std::snprintf(text, sizeof text, "#x%016llx", static_cast<unsigned long long>(x));
  return text;
}

void define(const std::string& name, const std::string& value) {
  std::printf("(define-fun %s () Int64 %s)\n", name.c_str(), value.c_str());
}

// In a text ` 5` stands for the number five, which SMT-LIB would have in 16 digits.
std::string with_numbers(const std::string& text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    result += text[i];
    if (text[i] != ' ' || text[i + 1] < '0' || text[i + 1] > '9') continue;
    std::size_t size = 0;
    result += number(std::stoll(text.substr(i + 1), &size));
    i += size;
  }
  return result;
}

// A claim on every x for which the condition holds. The definitions are its intermediate values.
struct Definition {
  const char* name;
  std::string value;
};
void claim(const char* name, const std::string& condition, std::vector<Definition> definitions,
           const std::string& conclusion) {
  std::printf("(push)\n(echo \"%s\")\n(declare-const x Int64)\n(assert %s)\n", name,
              with_numbers(condition).c_str());
  for (const auto& [what, value] : definitions) define(what, with_numbers(value));
  std::printf("(assert (not %s))\n(check-sat)\n(pop)\n", with_numbers(conclusion).c_str());
}

void claim_reductions() {
  const std::vector<Definition> montgomery = {
      {"m", "(half (times x q-inverse))"},
      {"r", "(bvsub (shift x 16) (shift (times m q) 16))"},
  };
  claim("montgomery_reduce is exact", "(is-word x)", montgomery,
        "(= x (bvadd (times r 65536) (times m q)))");
  claim("montgomery_reduce keeps its bound", "(within x 1073741823)", montgomery,
        "(and (is-half r) (within (bvsub r (shift x 16)) (bvadd (shift q 1) 2)))");
  claim("barrett_reduce is nearest to zero", "(is-half x)",
        {{"high", "(shift (times x barrett-factor) 16)"},
         {"quotient", "(shift (bvadd high 512) 10)"},
         {"r", "(bvsub x (times quotient q))"}},
        "(and (is-half high) (is-half quotient) (within r (shift q 1)))");
  claim("reduce on vectors is below q", "(is-half x)",
        {{"quotient", "(mulhrs x vector-reciprocal)"},
         {"r", "(half (bvsub x (half (times quotient q))))"}},
        "(and (= x (bvadd r (times quotient q))) (within r (bvsub q 1)))");
}

void claim_compression(unsigned d) {
  const std::string bits = std::to_string(d), power = std::to_string(1 << d);
  // round(2^d x / q) is the y with |2^d x - y q| < q / 2.
  claim(("compress rounds to " + bits + " bits").c_str(), "(and (bvsle 0 x) (bvslt x q))",
        {{"n", "(bvadd (times x " + power + " ) (shift q 1))"},
         {"y", "(bvlshr (times n reciprocal) 40)"}},
        "(within (bvsub (times x " + power + " ) (times y q)) (shift q 1))");
  // round(q x / 2^d): half-way goes up.
  const std::string range = "(and (bvsle 0 x) (bvslt x " + power + " ))";
  const std::string rounded = "(and (bvsle (times " + power + " (bvsub (times r 2) 1)) " +
                              "(times 2 (times q x))) (bvslt (times 2 (times q x)) (times " +
                              power + " (bvadd (times r 2) 1))))";
  claim(("decompress rounds from " + bits + " bits").c_str(), range,
        {{"r", "(shift (bvadd (times x q) " + std::to_string(1 << (d - 1)) + " ) " + bits + " )"}},
        rounded);
  claim(("decompress on vectors rounds from " + bits + " bits").c_str(), range,
        {{"r", "(mulhrs (times x " + std::to_string(1 << (15 - d)) + " ) q)"}}, rounded);
}

int run(int argc, char** argv) {
  const std::string name = argc > 1 ? argv[1] : "";
  if (name == "list") {
    for (const auto& constant : constants) std::puts(constant.name);
    return 0;
  }
  bool known = argc == 1;
  for (auto& constant : constants) {
    if (argc == 3 && constant.name == name) {
      constant.value += std::atoi(argv[2]);
      known = true;
    }
  }
  if (!known) return 2;
  std::fputs(kPrelude, stdout);
  for (const auto& constant : constants) define(constant.name, number(constant.value));
  claim_reductions();
  for (const unsigned d : {1u, 4u, 10u}) claim_compression(d);
  return 0;
}

}  // namespace
}  // namespace latchkey::test

int main(int argc, char** argv) { return latchkey::test::run(argc, argv); }
