// The polynomial kernels on 256-bit registers, for the backends that share them.
#pragma once

#include "avx2/encode.hpp"
#include "avx2/product.hpp"
#include "avx2/sample.hpp"

namespace latchkey::avx2 {
namespace {

struct Polynomials {
  using Multiplier = avx2::Multiplier;

  static constexpr auto ntt = avx2::ntt;
  static constexpr auto inverse_ntt = avx2::inverse_ntt;
  static constexpr auto make_multiplier = avx2::make_multiplier;
  template <std::size_t k>
  static void dot(mlkem::NttProduct& result, const mlkem::NttPointers<k>& a,
                  const Multiplier (&b)[k]) noexcept {
    avx2::dot<k>(result, a, b);
  }
  static constexpr auto add_product = avx2::add_product;
  static constexpr auto add = avx2::add;
  static constexpr auto subtract_from = avx2::subtract_from;
  static constexpr auto reject_vartime = avx2::reject_vartime;
  template <unsigned eta>
  static constexpr auto sample_cbd = avx2::sample_cbd<eta>;
  static constexpr auto decode12 = avx2::decode12;
  static constexpr auto encode12 = avx2::encode12;
  template <unsigned d>
  static constexpr auto decode_decompress = avx2::decode_decompress<d>;
  template <unsigned d>
  static constexpr auto compress_encode = avx2::compress_encode<d>;
};

}  // namespace
}  // namespace latchkey::avx2
