// What the portable backend computes with polynomials.
#pragma once

#include "ref/encode.hpp"
#include "ref/ntt.hpp"
#include "ref/sample.hpp"

namespace latchkey::ref {
namespace {

struct Polynomials {
  using Multiplier = ref::Multiplier;

  static constexpr auto ntt = ref::ntt;
  static constexpr auto inverse_ntt = ref::inverse_ntt;
  static constexpr auto prepare = ref::prepare;
  static constexpr auto dot = ref::dot;
  static constexpr auto add_product = ref::add_product;
  static constexpr auto add = ref::add;
  static constexpr auto subtract_from = ref::subtract_from;
  static constexpr auto reject_vartime = ref::reject_vartime;
  static constexpr auto sample_cbd2 = ref::sample_cbd2;
  static constexpr auto decode12 = ref::decode12;
  static constexpr auto encode12 = ref::encode12;
  template <unsigned d>
  static constexpr auto decode_decompress = ref::decode_decompress<d>;
  template <unsigned d>
  static constexpr auto compress_encode = ref::compress_encode<d>;
};

}  // namespace
}  // namespace latchkey::ref
