// The operations of RFC 7748, section 5, over a form. A form is a type with
//
//     static Ratio ladder(const Words& k, const ScalarField::Product& u);   // k times the point u
//     static Ratio comb(const Words& k);                                    // k times the base
//     point static void ladders(Ratio (&)[kBatch], const Job*, std::size_t n);    // n ladders
#pragma once

#include "base/entry.hpp"
#include "x25519/inverse.hpp"
#include "x25519/ladder.hpp"

namespace latchkey::x25519 {

// A u-coordinate before the division.
using Ratio = RatioOf<ScalarField::Factor>;

// numerator / denominator, and 0 where the denominator is 0: RFC 7748 has it as x2 z2^(p - 2).
[[gnu::always_inline]] inline ScalarField::Factor quotient(const Ratio& u) noexcept {
  const auto inverse = ScalarField::factor(invert(u.denominator));
  return ScalarField::factor(ScalarField::multiply(u.numerator, inverse));
}

// A denominator of 0 becomes 1, and its numerator 0: in a product of many it would spoil all.
[[gnu::always_inline]] inline void avoid_zero(Ratio& u) noexcept {
  const Words z = to_words(u.denominator);
  const auto is_not_zero =
      base::Mask<std::uint64_t>::if_nonzero(z.word[0] | z.word[1] | z.word[2] | z.word[3]);
  for (std::size_t k = 0; k < kLimbs; ++k) {
    u.numerator.limb[k] &= is_not_zero.bits();
    u.denominator.limb[k] = is_not_zero.select(u.denominator.limb[k], k == 0 ? 1 : 0);
  }
}

// Divides n ratios with one inversion (P. L. Montgomery's trick). The quotients take the places of
// the numerators.
[[gnu::always_inline]] inline void divide(Ratio* u, std::size_t n) noexcept {
  ScalarField::Factor before[2 * kBatch];  // before[i]: the product of the denominators up to i - 1
  ScalarField::Factor all = ScalarField::factor(ScalarField::number(1));
  for (std::size_t i = 0; i < n; ++i) {
    avoid_zero(u[i]);
    before[i] = all;
    all = ScalarField::factor(ScalarField::multiply(all, u[i].denominator));
  }
  auto inverse = ScalarField::factor(invert(all));  // of the product of those that are left
  for (std::size_t i = n; i-- > 0;) {
    const auto own = ScalarField::factor(ScalarField::multiply(inverse, before[i]));
    inverse = ScalarField::factor(ScalarField::multiply(inverse, u[i].denominator));
    u[i].numerator = ScalarField::factor(ScalarField::multiply(u[i].numerator, own));
  }
}

template <class Form>
void public_key(Out<kSize> pub, In<kSize> secret) noexcept {
  encode_u(pub, quotient(Form::comb(decode_scalar(secret))));
}

template <class Form>
void shared_secret(Out<kSize> shared, In<kSize> secret, In<kSize> peer) noexcept {
  encode_u(shared, quotient(Form::ladder(decode_scalar(secret), decode_u(peer))));
}

template <class Form>
void public_and_shared(Out<kSize> pub, Out<kSize> shared, In<kSize> secret,
                       In<kSize> peer) noexcept {
  const Words k = decode_scalar(secret);
  Ratio u[] = {Form::ladder(k, decode_u(peer)), Form::comb(k)};
  divide(u, 2);
  encode_u(shared, u[0].numerator);
  encode_u(pub, u[1].numerator);
}

template <class Form>
void run_jobs(const Job* jobs, std::size_t n) noexcept {
  Ratio u[2 * kBatch];
  Form::ladders(u, jobs, n);
  std::size_t all = n;
  for (std::size_t i = 0; i < n; ++i) {
    if (jobs[i].pub != nullptr)
      u[all++] = Form::comb(decode_scalar(In<kSize>(jobs[i].secret, kSize)));
  }
  divide(u, all);
  std::size_t pub = n;
  for (std::size_t i = 0; i < n; ++i) {
    encode_u(Out<kSize>(jobs[i].shared, kSize), u[i].numerator);
    if (jobs[i].pub != nullptr) encode_u(Out<kSize>(jobs[i].pub, kSize), u[pub++].numerator);
  }
}

// One ladder after the other.
template <class Form>
[[gnu::always_inline]] inline void ladders_in_turn(Ratio* u, const Job* jobs,
                                                   std::size_t n) noexcept {
  for (std::size_t i = 0; i < n; ++i) {
    u[i] = Form::ladder(decode_scalar(In<kSize>(jobs[i].secret, kSize)),
                        decode_u(In<kSize>(jobs[i].peer, kSize)));
  }
}

// The entries, and how many bytes of stack each may use, as in mlkem/make_tables.hpp: a form's
// kCombDepth, kLadderDepth and kJobsDepth are about 1 KiB more than tests/scrub has measured. They
// are those of -O3, with which the forms are compiled in every build. The checks of debug builds
// take twice as much, and compilers inline less around them.
inline constexpr std::size_t kDepthOfChecks = kCheckBounds ? 16 * 1024 : 0;

template <class Form, bool wiped = true>
consteval Table make_table() {
  constexpr std::size_t kCombDepth = Form::kCombDepth + kDepthOfChecks;
  constexpr std::size_t kLadderDepth = Form::kLadderDepth + kDepthOfChecks;
  constexpr std::size_t kJobsDepth = Form::kJobsDepth + kDepthOfChecks;
  return {
      .name = Form::kName,
      .public_key = base::Entry<Form, &public_key<Form>, kCombDepth, wiped>::call,
      .shared_secret = base::Entry<Form, &shared_secret<Form>, kLadderDepth, wiped>::call,
      .public_and_shared = base::Entry<Form, &public_and_shared<Form>, kCombDepth, wiped>::call,
      .run_jobs = base::Entry<Form, &run_jobs<Form>, kJobsDepth, wiped>::call,
  };
}

}  // namespace latchkey::x25519
