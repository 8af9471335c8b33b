// Prints SMT-LIB: what the words of X25519's numbers claim, in the formulas of the library's own
// templates. As reductions.cpp, which tells about the arguments.
//
// A multiplication of two words is no formula of bits that z3 decides soon. What two words multiply
// is said by the products of their halves, which may be any numbers below 2^64.

#include <cstdlib>
#include <vector>

#include "smt/terms.hpp"
#include "x25519/comb.hpp"
#include "x25519/lanes.hpp"

namespace latchkey::test {
namespace {

using namespace x25519;

struct Constant {
  const char* name;
  std::uint64_t value;
};
// What the conclusions are stated with.
std::vector<Constant> constants = {
    {"nineteen", kFold},
    {"limb-bits", kLimbBits},
    {"eight", kEntries},
};
std::uint64_t value_of(const std::string& name) {
  for (const auto& constant : constants) {
    if (constant.name == name) return constant.value;
  }
  std::abort();
}

constexpr const char* kPrelude = R"((set-logic QF_BV)
(define-sort Word () (_ BitVec 64))
(define-sort Double () (_ BitVec 128))
(define-fun double ((x Word)) Double ((_ zero_extend 64) x))
(define-fun ones () Word #xffffffffffffffff)
(define-fun zeros () Word #x0000000000000000)
)";

template <class F>
void claim(const char* name, F f) {
  std::printf("(push)\n(echo \"%s\")\n", name);
  f();
  std::printf("(check-sat)\n(pop)\n");
}
void conclude(const std::string& conclusion) {
  std::printf("(assert (not %s))\n", conclusion.c_str());
}
void suppose(const std::string& condition) { std::printf("(assert %s)\n", condition.c_str()); }

// The words as one number, the highest first: the lowest `bits` bits of each.
std::string number_of(const Term* word, std::size_t n, std::uint64_t bits) {
  std::string number;
  for (std::size_t i = n; i-- > 0;) {
    number += " ((_ extract " + std::to_string(bits - 1) + " 0) " + word[i].text() + ")";
  }
  return "(concat" + number + ")";
}
// n, in this many bits.
std::string in_bits(std::uint64_t n, std::uint64_t bits) {
  return "(_ bv" + std::to_string(n) + " " + std::to_string(bits) + ")";
}

// Below a bound that is a power of two.
std::string is_below(const Term* word, std::size_t n, std::uint64_t bits) {
  std::string all = "(and true";
  for (std::size_t i = 0; i < n; ++i) {
    all += " (bvult " + word[i].text() + " " + word_number(std::uint64_t{1} << bits) + ")";
  }
  return all + ")";
}
void declare(Term* word, std::size_t n, const char* name) {
  for (std::size_t i = 0; i < n; ++i) word[i] = Term::variable(name + std::to_string(i));
}

// That carry_around() keeps the value modulo p is an identity: tests/x25519/proofs has it.
void claim_canonical() {
  const std::uint64_t bits = value_of("limb-bits");
  claim("carry_around() ends in limbs of 51 bits", [&] {
    Term limb[kLimbs];
    declare(limb, kLimbs, "a");
    conclude(is_below(carry_around(limb).limb, kLimbs, bits));
  });
  claim("subtract_modulus() is a or a - p, from 0 to p - 1", [&] {
    CanonicalLimbs<Term> a;
    declare(a.limb, kLimbs, "a");
    suppose(is_below(a.limb, kLimbs, bits));
    const auto result = subtract_modulus(a);
    const std::string before = number_of(a.limb, kLimbs, bits),
                      p = "(bvneg " + in_bits(value_of("nineteen"), 5 * bits) + ")";
    conclude("(and " + is_below(result.limb, kLimbs, bits) +
             " (= " + number_of(result.limb, kLimbs, bits) + " (ite (bvuge " + before + " " + p +
             ") (bvsub " + before + " " + p + ") " + before + ")))");
  });
}

void claim_words() {
  const std::uint64_t bits = value_of("limb-bits"), all = 5 * bits;
  const std::string highest = "((_ extract " + std::to_string(all - 1) + " 0) ";
  claim("join() has the value of the limbs", [&] {
    CanonicalLimbs<Term> limbs;
    declare(limbs.limb, kLimbs, "a");
    suppose(is_below(limbs.limb, kLimbs, bits));
    const auto words = join(limbs);
    conclude("(= " + number_of(words.word, 4, 64) + " (concat " + in_bits(0, 256 - all) + " " +
             number_of(limbs.limb, kLimbs, bits) + "))");
  });
  claim("split() has the value of the words without bit 255", [&] {
    WordsOf<Term> words;
    declare(words.word, 4, "w");
    const auto limbs = split(words);
    conclude("(and " + is_below(limbs.limb, kLimbs, bits) +
             " (= " + number_of(limbs.limb, kLimbs, bits) + " " + highest +
             number_of(words.word, 4, 64) + ")))");
  });
  claim("add_eights() adds eight to each digit but the highest", [&] {
    WordsOf<Term> k;
    declare(k.word, 4, "w");
    suppose(is_below(&k.word[3], 1, 63));
    const auto sum = add_eights(k);
    std::string eights = "(concat " + in_bits(0, 4);
    for (unsigned i = 1; i < kPositions; ++i) eights += " " + in_bits(value_of("eight"), 4);
    // Without a carry from bit 255.
    const auto longer = [](const std::string& x) {
      return "(concat " + in_bits(0, 1) + " " + x + ")";
    };
    conclude("(= " + longer(number_of(sum.word, 4, 64)) + " (bvadd " +
             longer(number_of(k.word, 4, 64)) + " " + longer(eights + ")") + "))");
  });
}

void claim_masks() {
  for (const std::uint64_t carry_in : {0u, 1u}) {
    claim(carry_in == 0 ? "carry_of() is the carry" : "carry_of() is the carry, with one before it",
          [&] {
            const Term a = Term::variable("a"), b = Term::variable("b"),
                       sum = a + b + Term(carry_in);
            const Term carry = carry_of(a, b, sum);
            const auto longer = [](const std::string& x) {
              return "(concat " + in_bits(0, 64) + " " + x + ")";
            };
            conclude("(= (concat " + carry.text() + " " + sum.text() + ") (bvadd " + longer("a") +
                     " " + longer("b") + " " + longer(word_number(carry_in)) + "))");
          });
  }
  claim("equality_mask() is all ones for what is equal, else zeros", [] {
    const Term a = Term::variable("a"), b = Term::variable("b");
    suppose("(bvslt zeros (bvadd (bvxor a b) #x0000000000000001))");
    conclude("(= " + equality_mask(a, b).text() + " (ite (= a b) ones zeros))");
  });
  claim("select_bits() selects", [] {
    const Term a = Term::variable("a"), b = Term::variable("b"), mask = Term::variable("mask");
    suppose("(or (= mask ones) (= mask zeros))");
    conclude("(= " + select_bits(mask, a, b).text() + " (ite (= mask ones) a b))");
  });
  claim("fold() multiplies by nineteen", [] {
    const Term a = Term::variable("a");
    conclude("(= " + fold(a).text() + " (bvmul a " + word_number(value_of("nineteen")) + "))");
  });
}

// The products of the halves of a and b, which are any numbers of at most (2^32 - 1)^2; and the
// lowest word of a b, which follows.
Term product_of_halves(const Term& x, const Term& y) {
  const auto is_high = [](const Term& half) { return half.value().find("bvlshr") == 1; };
  if (x.text() == "a" && y.text() == "b") {
    return Term::named("(bvadd ll (bvshl (bvadd hl lh) #x0000000000000020))");
  }
  return Term::named(std::string(is_high(x) ? "h" : "l") + (is_high(y) ? "h" : "l"));
}
void say_products() {
  for (const char* name : {"ll", "lh", "hl", "hh"}) {
    check_below(Term::variable(name), 0xfffffffe00000002, "");
  }
}
const std::string kWholeProduct =
    "(bvadd (double ll) (bvshl (double hl) (double #x0000000000000020))"
    " (bvshl (double lh) (double #x0000000000000020)) (concat hh zeros))";

std::string double_of(const TwoWordsOf<Term>& x) {
  return "(concat " + x.high().text() + " " + x.from_bit<0>().text() + ")";
}

void claim_two_words() {
  Term::product = product_of_halves;
  claim("a product in two words is that of 128 bits", [] {
    const Term a = Term::variable("a"), b = Term::variable("b");
    say_products();
    conclude("(= " + double_of(TwoWordsOf<Term>::product(a, b)) + " " + kWholeProduct + ")");
  });
  // A negative number is its word less 2^64.
  claim("a signed product is the other one without what the signs added", [] {
    const Term a = Term::variable("a"), b = Term::variable("b");
    say_products();
    TwoWordsOf<Term> sum;
    sum.add_signed_product(a, b);
    const auto product = TwoWordsOf<Term>::product(a, b);
    conclude("(and (= " + sum.from_bit<0>().text() + " " + product.from_bit<0>().text() +
             ") (= " + sum.high().text() + " (bvsub (bvsub " + product.high().text() +
             " (ite (bvslt a zeros) b zeros)) (ite (bvslt b zeros) a zeros))))");
  });
  claim("a sum in two words is that of 128 bits", [] {
    TwoWordsOf<Term> sum(Term::variable("a"), Term::variable("b"));
    const TwoWordsOf<Term> other(Term::variable("c"), Term::variable("d"));
    sum += other;
    conclude("(= " + double_of(sum) + " (bvadd (concat b a) (concat d c)))");
  });
  claim("a shift in two words is that of 128 bits", [] {
    TwoWordsOf<Term> number(Term::variable("a"), Term::variable("b"));
    number.shift_right_signed<kLimbBits>();
    conclude("(= " + double_of(number) + " (bvashr (concat b a) (double " +
             word_number(value_of("limb-bits")) + ")))");
  });
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
      constant.value += static_cast<std::uint64_t>(std::atoi(argv[2]));
      known = true;
    }
  }
  if (!known) return 2;
  std::fputs(kPrelude, stdout);
  claim_canonical();
  claim_words();
  claim_masks();
  claim_two_words();
  return 0;
}

}  // namespace
}  // namespace latchkey::test

int main(int argc, char** argv) { return latchkey::test::run(argc, argv); }
