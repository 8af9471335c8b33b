// The arithmetic kernels of every backend: the NTT, products in its domain, sums.
#include <algorithm>

#include "mlkem/backends.hpp"
#include "mlkem/compare.hpp"
#include "mlkem/fenced.hpp"
#include "support/catch.hpp"

namespace latchkey::test {
namespace {

using mlkem::kN;
using mlkem::kQ;
using mlkem::NttPoly;
using mlkem::NttProduct;
using mlkem::NttVector;
using mlkem::Poly;

constexpr std::int64_t kR = 65536;
constexpr Range kProductRange = below(4096);

// Runs kernel(out, in) on every input at every site.
template <class Out, class In, class Kernel, class Expected>
void check_unary(Kernel kernel, Range in_range, Range out_range, Expected expected) {
  Random random;
  for (const Site site : kAlignedSites) {
    Fenced<In> in(site);
    Fenced<Out> out(site);
    for (const Coefficients& f : inputs(in_range, random)) {
      assign(in->c, f);
      out.poison();
      kernel(*out, *in);
      REQUIRE(out.intact());
      REQUIRE(equal(in->c, f));
      REQUIRE(fault(out->c, out_range, expected(modulo_q(f))) == "");
    }
  }
}

TEST_CASE("ntt agrees with its defining sums") {
  LATCHKEY_EACH_BACKEND(backend);
  check_unary<NttPoly, Poly>(backend.kernels->ntt, at_most(kQ), below(kQ), oracle::ntt);
}

TEST_CASE("inverse_ntt agrees with the inverse formula, and multiplies by R") {
  LATCHKEY_EACH_BACKEND(backend);
  check_unary<Poly, NttProduct>(
      backend.kernels->inverse_ntt, kProductRange, below(kQ),
      [](const oracle::Poly& f_hat) { return kR * oracle::inverse_ntt(f_hat); });
}

// Equal coefficients add up all the way, and some of these sums are furthest from zero when they
// are reduced on the way: what overflows without it, does so here.
TEST_CASE("inverse_ntt is exact on every polynomial of equal coefficients") {
  LATCHKEY_EACH_BACKEND(backend);
  Coefficients f;
  f.fill(1);
  const oracle::Poly ones = kR * oracle::inverse_ntt(modulo_q(f));
  for (int c = kProductRange.low; c <= kProductRange.high; ++c) {
    NttProduct product;
    Poly out;
    std::fill_n(product.c, kN, static_cast<std::int16_t>(c));
    backend.kernels->inverse_ntt(out, product);
    INFO(c);
    REQUIRE(fault(out.c, below(kQ), c * ones) == "");
  }
}

TEST_CASE("inverse_ntt undoes ntt, but for the factor R, on every basis vector and at the bounds") {
  LATCHKEY_EACH_BACKEND(backend);
  Random random;
  for (const Coefficients& f : inputs(at_most(kQ), random)) {
    Poly before, after;
    NttPoly f_hat;
    NttProduct product;
    assign(before.c, f);
    backend.kernels->ntt(f_hat, before);
    std::copy_n(f_hat.c, kN, product.c);
    backend.kernels->inverse_ntt(after, product);
    REQUIRE(fault(after.c, below(kQ), kR * modulo_q(f)) == "");
    // And ntt(inverse_ntt(f)).
    std::copy_n(f.data(), kN, product.c);
    backend.kernels->inverse_ntt(after, product);
    backend.kernels->ntt(f_hat, after);
    REQUIRE(fault(f_hat.c, below(kQ), kR * modulo_q(f)) == "");
  }
}

template <std::size_t k>
using CoefficientVector = std::array<Coefficients, k>;

template <std::size_t k>
oracle::Poly sum_of_products(const CoefficientVector<k>& a, const CoefficientVector<k>& b) {
  oracle::Poly sum;
  for (std::size_t i = 0; i < k; ++i) {
    sum = sum + oracle::multiply_ntts(modulo_q(a[i]), modulo_q(b[i]));
  }
  return sum;
}

// The kernel that adds k products.
template <std::size_t k>
auto multiply_ntts_of(const mlkem::KernelTable& kernels) {
  if constexpr (k == 2) return kernels.multiply_ntts_2;
  if constexpr (k == 3) return kernels.multiply_ntts_3;
  if constexpr (k == 4) return kernels.multiply_ntts_4;
}

template <std::size_t k>
class Multiplication {
 public:
  Multiplication(const mlkem::KernelTable& kernels, Site site)
      : kernel_(multiply_ntts_of<k>(kernels)), left_(site), right_(site), product_(site) {}

  void check(const CoefficientVector<k>& a, const CoefficientVector<k>& b) {
    static const std::int64_t r_inverse = oracle::inverse(kR);
    for (std::size_t i = 0; i < k; ++i) {
      assign((*left_)[i].c, a[i]);
      assign((*right_)[i].c, b[i]);
    }
    product_.poison();
    kernel_(*product_, *left_, *right_);
    REQUIRE(product_.intact());
    for (std::size_t i = 0; i < k; ++i) {
      REQUIRE((equal((*left_)[i].c, a[i]) && equal((*right_)[i].c, b[i])));
    }
    REQUIRE(fault(product_->c, kProductRange, r_inverse * sum_of_products(a, b)) == "");
  }

 private:
  void (*kernel_)(NttProduct&, const NttVector<k>&, const NttVector<k>&) noexcept;
  Fenced<NttVector<k>> left_, right_;
  Fenced<NttProduct> product_;
};

TEMPLATE_TEST_CASE_SIG("multiply_ntts agrees with BaseCaseMultiply by definition, and divides by R",
                       "", ((std::size_t k), k), 2, 3, 4) {
  LATCHKEY_EACH_BACKEND(backend);
  constexpr Range kLeft = below(4096), kRight = below(kQ);
  Random random;
  const auto random_vector = [&](Range range) {
    CoefficientVector<k> v;
    for (auto& f : v) f = random_coefficients(range, random);
    return v;
  };
  const auto all_of = [](const Coefficients& f) {
    CoefficientVector<k> v;
    v.fill(f);
    return v;
  };
  for (const Site site : kAlignedSites) {
    Multiplication<k> multiplication(*backend.kernels, site);
    std::size_t n = 0;
    for (const Coefficients& f : inputs(kLeft, random)) {
      CoefficientVector<k> a = random_vector(kLeft);
      a[n++ % k] = f;
      multiplication.check(a, random_vector(kRight));
      multiplication.check(all_of(f), random_vector(kRight));
    }
    for (const Coefficients& f : inputs(kRight, random)) {
      CoefficientVector<k> b = random_vector(kRight);
      b[n++ % k] = f;
      multiplication.check(random_vector(kLeft), b);
      multiplication.check(random_vector(kLeft), all_of(f));
    }
    // The largest sums: each factor at an end of its range, in every pattern of signs.
    const auto extreme = [](Range range, const Coefficients& signs) {
      Coefficients f;
      for (std::size_t i = 0; i < kN; ++i) {
        f[i] = static_cast<std::int16_t>(signs[i] < 0 ? range.low : range.high);
      }
      return f;
    };
    const auto signs = inputs(at_most(1), random);
    for (std::size_t i = 0; i < signs.size(); ++i) {
      const Coefficients a = extreme(kLeft, signs[i]);
      const Coefficients b = extreme(kRight, signs[signs.size() - 1 - i]);
      const Coefficients c = extreme(kRight, signs[i]);
      multiplication.check(all_of(a), all_of(b));
      multiplication.check(all_of(a), all_of(c));
    }
  }
}

TEST_CASE("a product through the NTT is the schoolbook product modulo X^256 + 1") {
  LATCHKEY_EACH_BACKEND(backend);
  Random random;
  for (int n = 0; n < 50; ++n) {
    NttVector<3> a_hat, b_hat;
    oracle::Poly expected;
    for (std::size_t i = 0; i < 3; ++i) {
      Poly a, b;
      assign(a.c, random_coefficients(at_most(kQ), random));
      assign(b.c, random_coefficients(at_most(n % 2 == 0 ? 2 : kQ), random));
      backend.kernels->ntt(a_hat[i], a);
      backend.kernels->ntt(b_hat[i], b);
      expected = expected + oracle::schoolbook(modulo_q(a.c), modulo_q(b.c));
    }
    NttProduct product;
    Poly sum;
    backend.kernels->multiply_ntts_3(product, a_hat, b_hat);
    backend.kernels->inverse_ntt(sum, product);
    REQUIRE(fault(sum.c, below(kQ), expected) == "");
  }
}

TEST_CASE("add_product adds, and multiplies by R") {
  LATCHKEY_EACH_BACKEND(backend);
  Random random;
  const auto products = inputs(kProductRange, random);
  const auto addends = inputs(below(kQ), random);
  for (const Site site : kAlignedSites) {
    Fenced<NttProduct> product(site);
    Fenced<NttPoly> e_hat(site), out(site);
    const auto check = [&](const Coefficients& f, const Coefficients& e) {
      assign(product->c, f);
      assign(e_hat->c, e);
      out.poison();
      backend.kernels->add_product(*out, *product, *e_hat);
      REQUIRE(out.intact());
      REQUIRE((equal(product->c, f) && equal(e_hat->c, e)));
      REQUIRE(fault(out->c, below(kQ), kR * modulo_q(f) + modulo_q(e)) == "");
    };
    for (const auto& f : products) check(f, random_coefficients(below(kQ), random));
    for (const auto& e : addends) check(random_coefficients(kProductRange, random), e);
    for (int n = 0; n < steps(kProductRange); n += 16) {
      check(walk(kProductRange, n), walk(below(kQ), n / 3));
    }
  }
}

TEST_CASE("add and subtract_from are exact to the ends of 16 bits") {
  LATCHKEY_EACH_BACKEND(backend);
  constexpr Range kWord = {-32768, 32767};
  Random random;
  for (const Site site : kAlignedSites) {
    Fenced<Poly> f(site), g(site);
    // kernel(f, g) for an f at random and the g that makes the result what is wanted, or comes as
    // near to it as 16 bits allow.
    const auto check = [&](auto kernel, const Coefficients& wanted, int sign) {
      const Coefficients before = random_coefficients(kWord, random);
      Coefficients other, result;
      for (std::size_t i = 0; i < kN; ++i) {
        const int exact = std::clamp(wanted[i] - sign * before[i], kWord.low, kWord.high);
        other[i] = static_cast<std::int16_t>(exact);
        result[i] = static_cast<std::int16_t>(exact + sign * before[i]);
      }
      assign(f->c, before);
      assign(g->c, other);
      kernel(*f, *g);
      REQUIRE((f.intact() && g.intact()));
      REQUIRE(equal(g->c, other));
      REQUIRE(equal(f->c, result));
    };
    for (const Coefficients& wanted : inputs(kWord, random)) {
      check(backend.kernels->add, wanted, 1);
      check(backend.kernels->subtract_from, wanted, -1);
    }
  }
}

}  // namespace
}  // namespace latchkey::test
