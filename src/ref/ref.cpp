// The portable backend: C++20 without intrinsics, for any CPU.

#include "core/rows.hpp"
#include "ref/encode.hpp"
#include "ref/keccak.hpp"
#include "ref/ntt.hpp"
#include "ref/rows.hpp"
#include "ref/sample.hpp"

namespace latchkey::ref {
namespace {

struct Ref {
  static constexpr const char* kName = "ref";
  using Keccak4 = ref::Keccak4;
  using Multiplier = ref::Multiplier;

  static constexpr auto keccak_f1600 = ref::keccak_f1600;
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

constinit const core::KemOps kem_ops = core::kem_row<Ref>();
constinit const core::KernelOps kernel_ops = core::kernel_row<Ref>();

}  // namespace latchkey::ref
