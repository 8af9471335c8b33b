// What the portable backend computes with polynomials.
#pragma once

#include "ref/encode.hpp"
#include "ref/ntt.hpp"
#include "ref/sample.hpp"

namespace latchkey::ref {
namespace {

using mlkem::NttPoly;
using mlkem::NttProduct;
using mlkem::Poly;

struct Polynomials {
  using Multiplier = ref::Multiplier;

  static void ntt(NttPoly& f_hat, const Poly& f) noexcept { ref::ntt(f_hat.c, f.c); }
  static void inverse_ntt(Poly& f, const NttProduct& f_hat) noexcept {
    ref::inverse_ntt(f.c, f_hat.c);
  }
  static void make_multiplier(Multiplier& multiplier, const NttPoly& b) noexcept {
    ref::make_multiplier(multiplier, b.c);
  }
  // Inlined, it would make the backend 11 KB larger.
  template <std::size_t k>
  [[gnu::noinline]] static void dot(NttProduct& result, const mlkem::NttPointers<k>& a,
                                    const Multiplier (&b)[k]) noexcept {
    const std::int16_t* left[k];
    for (std::size_t i = 0; i < k; ++i) left[i] = a[i]->c;
    ref::dot<k>(result.c, left, b);
  }
  static void add_product(NttPoly& result, const NttProduct& product,
                          const NttPoly& e_hat) noexcept {
    ref::add_product(result.c, product.c, e_hat.c);
  }
  static void add(Poly& f, const Poly& g) noexcept { ref::add(f.c, g.c); }
  static void subtract_from(Poly& f, const Poly& g) noexcept { ref::subtract_from(f.c, g.c); }

  static constexpr auto reject_vartime = ref::reject_vartime;
  template <unsigned eta>
  static constexpr auto sample_cbd = ref::sample_cbd<eta>;
  static constexpr auto decode12 = ref::decode12;
  static constexpr auto encode12 = ref::encode12;
  template <unsigned d>
  static constexpr auto decode_decompress = ref::decode_decompress<d>;
  template <unsigned d>
  static constexpr auto compress_encode = ref::compress_encode<d>;
};

}  // namespace
}  // namespace latchkey::ref
