// Eight 64-bit lanes in a 512-bit register, with AVX-512 IFMA. lanes.hpp has the same in portable
// C++, and says what each function does.
#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

namespace latchkey::x25519 {

class Zmm {
 public:
  static constexpr std::size_t kLanes = 8;

  [[gnu::always_inline]] Zmm() noexcept = default;

  [[gnu::always_inline]] static Zmm all(std::uint64_t x) noexcept {
    return Zmm(Bits{x, x, x, x, x, x, x, x});
  }
  [[gnu::always_inline]] static Zmm load(const std::uint64_t* lanes) noexcept {
    return Zmm(_mm512_loadu_si512(lanes));
  }
  [[gnu::always_inline]] static Zmm of(std::uint64_t a, std::uint64_t b, std::uint64_t c,
                                       std::uint64_t d) noexcept {
    return Zmm(Bits{a, b, c, d, a, b, c, d});
  }
  [[gnu::always_inline]] void store(std::uint64_t* lanes) const noexcept {
    _mm512_storeu_si512(lanes, v());
  }

  [[gnu::always_inline]] friend Zmm operator+(Zmm a, Zmm b) noexcept {
    return Zmm(a.bits_ + b.bits_);
  }
  [[gnu::always_inline]] friend Zmm operator-(Zmm a, Zmm b) noexcept {
    return Zmm(a.bits_ - b.bits_);
  }
  [[gnu::always_inline]] friend Zmm operator&(Zmm a, Zmm b) noexcept {
    return Zmm(a.bits_ & b.bits_);
  }
  [[gnu::always_inline]] friend Zmm operator^(Zmm a, Zmm b) noexcept {
    return Zmm(a.bits_ ^ b.bits_);
  }
  [[gnu::always_inline]] friend Zmm operator>>(Zmm a, unsigned n) noexcept {
    return Zmm(a.bits_ >> n);
  }
  [[gnu::always_inline]] friend Zmm operator>>(Zmm a, Zmm n) noexcept {
    return Zmm(a.bits_ >> n.bits_);
  }
  template <unsigned n>
  [[gnu::always_inline]] friend Zmm shift_right(Zmm a) noexcept {
    return Zmm(a.bits_ >> n);
  }
  template <unsigned n>
  [[gnu::always_inline]] friend Zmm shift_left(Zmm a) noexcept {
    return Zmm(a.bits_ << n);
  }
  [[gnu::always_inline]] friend Zmm multiply_low(Zmm sum, Zmm a, Zmm b) noexcept {
    return Zmm(_mm512_madd52lo_epu64(sum.v(), a.v(), b.v()));
  }
  [[gnu::always_inline]] friend Zmm multiply_high(Zmm sum, Zmm a, Zmm b) noexcept {
    return Zmm(_mm512_madd52hi_epu64(sum.v(), a.v(), b.v()));
  }
  [[gnu::always_inline]] friend Zmm opaque(Zmm a) noexcept {
    asm("" : "+v"(a.bits_));
    return a;
  }

  template <unsigned lanes>
  [[gnu::always_inline]] friend Zmm choose(Zmm others, Zmm chosen) noexcept {
    return Zmm(_mm512_mask_mov_epi64(others.v(), static_cast<__mmask8>(lanes), chosen.v()));
  }
  template <unsigned lanes>
  [[gnu::always_inline]] friend Zmm add_in(Zmm a, Zmm b) noexcept {
    return Zmm(_mm512_mask_add_epi64(a.v(), static_cast<__mmask8>(lanes), a.v(), b.v()));
  }
  template <unsigned lanes>
  [[gnu::always_inline]] friend Zmm subtract_in(Zmm a, Zmm b) noexcept {
    return Zmm(_mm512_mask_sub_epi64(a.v(), static_cast<__mmask8>(lanes), a.v(), b.v()));
  }
  [[gnu::always_inline]] friend Zmm equals(Zmm a, Zmm b) noexcept {
    return Zmm(_mm512_movm_epi64(_mm512_cmpeq_epi64_mask(a.v(), b.v())));
  }
  [[gnu::always_inline]] friend Zmm select(Zmm mask, Zmm if_set, Zmm if_clear) noexcept {
    return Zmm(_mm512_ternarylogic_epi64(if_clear.v(), mask.v(), if_set.v(), 0xb8));
  }
  [[gnu::always_inline]] friend Zmm permute(Zmm x, Zmm index) noexcept {
    return Zmm(_mm512_maskz_permutexvar_epi64(0xff, index.v(), x.v()));
  }
  template <unsigned a, unsigned b, unsigned c, unsigned d>
  [[gnu::always_inline]] friend Zmm permute(Zmm x) noexcept {
    return Zmm(__builtin_shufflevector(x.bits_, x.bits_, a, b, c, d, 4 + a, 4 + b, 4 + c, 4 + d));
  }
  [[gnu::always_inline]] friend Zmm swap_halves(Zmm x) noexcept {
    return Zmm(__builtin_shufflevector(x.bits_, x.bits_, 4, 5, 6, 7, 0, 1, 2, 3));
  }
  [[gnu::always_inline]] friend Zmm high_halves(Zmm a, Zmm b) noexcept {
    return Zmm(__builtin_shufflevector(a.bits_, b.bits_, 4, 5, 6, 7, 12, 13, 14, 15));
  }

 private:
  // The compiler's own vectors, where they will do: gcc 12 warns of its intrinsics.
  using Bits = unsigned long long __attribute__((vector_size(64)));

  [[gnu::always_inline]] explicit Zmm(Bits bits) noexcept : bits_(bits) {}
  [[gnu::always_inline]] explicit Zmm(__m512i v) noexcept : bits_(reinterpret_cast<Bits>(v)) {}
  [[gnu::always_inline]] __m512i v() const noexcept { return reinterpret_cast<__m512i>(bits_); }

  Bits bits_;
};

}  // namespace latchkey::x25519
