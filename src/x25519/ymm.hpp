// Four 64-bit lanes in a 256-bit register, with AVX2. lanes.hpp has the same in portable C++, and
// says what each function does.
#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

namespace latchkey::x25519 {

class Ymm {
 public:
  static constexpr std::size_t kLanes = 4;

  [[gnu::always_inline]] Ymm() noexcept = default;

  [[gnu::always_inline]] static Ymm all(std::uint64_t x) noexcept { return Ymm(Bits{x, x, x, x}); }
  [[gnu::always_inline]] static Ymm of(std::uint64_t a, std::uint64_t b, std::uint64_t c,
                                       std::uint64_t d) noexcept {
    return Ymm(Bits{a, b, c, d});
  }
  [[gnu::always_inline]] static Ymm load(const std::uint64_t* lanes) noexcept {
    return Ymm(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(lanes)));
  }
  [[gnu::always_inline]] void store(std::uint64_t* lanes) const noexcept {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(lanes), v());
  }

  [[gnu::always_inline]] friend Ymm operator+(Ymm a, Ymm b) noexcept {
    return Ymm(a.bits_ + b.bits_);
  }
  [[gnu::always_inline]] friend Ymm operator-(Ymm a, Ymm b) noexcept {
    return Ymm(a.bits_ - b.bits_);
  }
  [[gnu::always_inline]] friend Ymm operator&(Ymm a, Ymm b) noexcept {
    return Ymm(a.bits_ & b.bits_);
  }
  [[gnu::always_inline]] friend Ymm operator^(Ymm a, Ymm b) noexcept {
    return Ymm(a.bits_ ^ b.bits_);
  }
  [[gnu::always_inline]] friend Ymm operator>>(Ymm a, unsigned n) noexcept {
    return Ymm(a.bits_ >> n);
  }
  [[gnu::always_inline]] friend Ymm operator>>(Ymm a, Ymm n) noexcept {
    return Ymm(a.bits_ >> n.bits_);
  }
  template <unsigned n>
  [[gnu::always_inline]] friend Ymm shift_right(Ymm a) noexcept {
    return Ymm(a.bits_ >> n);
  }
  template <unsigned n>
  [[gnu::always_inline]] friend Ymm shift_left(Ymm a) noexcept {
    return Ymm(a.bits_ << n);
  }
  [[gnu::always_inline]] friend Ymm multiply32(Ymm a, Ymm b) noexcept {
    return Ymm(_mm256_mul_epu32(a.v(), b.v()));
  }
  [[gnu::always_inline]] friend Ymm opaque(Ymm a) noexcept {
    asm("" : "+x"(a.bits_));
    return a;
  }

  template <unsigned lanes>
  [[gnu::always_inline]] friend Ymm choose(Ymm others, Ymm chosen) noexcept {
    constexpr int kHalves = (lanes & 1) * 3 | (lanes & 2) * 6 | (lanes & 4) * 12 | (lanes & 8) * 24;
    return Ymm(_mm256_blend_epi32(others.v(), chosen.v(), kHalves));
  }
  template <unsigned lanes>
  [[gnu::always_inline]] friend Ymm add_in(Ymm a, Ymm b) noexcept {
    return choose<lanes>(a, a + b);
  }
  [[gnu::always_inline]] friend Ymm equals(Ymm a, Ymm b) noexcept {
    return Ymm(_mm256_cmpeq_epi64(a.v(), b.v()));
  }
  [[gnu::always_inline]] friend Ymm select(Ymm mask, Ymm if_set, Ymm if_clear) noexcept {
    return Ymm(_mm256_blendv_epi8(if_clear.v(), if_set.v(), mask.v()));
  }
  // The instruction takes indices of lanes of 32 bits.
  [[gnu::always_inline]] friend Ymm permute(Ymm x, Ymm index) noexcept {
    const Ymm lower = index + index;
    const Ymm both = lower ^ shift_left<32>(lower + all(1));
    return Ymm(_mm256_permutevar8x32_epi32(x.v(), both.v()));
  }
  template <unsigned a, unsigned b, unsigned c, unsigned d>
  [[gnu::always_inline]] friend Ymm permute(Ymm x) noexcept {
    return Ymm(__builtin_shufflevector(x.bits_, x.bits_, a, b, c, d));
  }

 private:
  using Bits = unsigned long long __attribute__((vector_size(32)));

  [[gnu::always_inline]] explicit Ymm(Bits bits) noexcept : bits_(bits) {}
  [[gnu::always_inline]] explicit Ymm(__m256i v) noexcept : bits_(reinterpret_cast<Bits>(v)) {}
  [[gnu::always_inline]] __m256i v() const noexcept { return reinterpret_cast<__m256i>(bits_); }

  Bits bits_;
};

}  // namespace latchkey::x25519
