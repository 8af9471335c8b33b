// The field in four words of 64 bits, with the two carry chains of ADX side by side, which
// compilers do not make. An element is any number below 2^256, and 2^256 = 38 modulo p.
#pragma once

#include "base/mask.hpp"
#include "x25519/encoding.hpp"

// r0 to r3, + high 2^256 where high < 2^58.
#define LATCHKEY_ADX_FOLD                                                     \
  "imul $38, %[high], %[high]\n\t"                                            \
  "add %[high], %[r0]\n\tadc $0, %[r1]\n\tadc $0, %[r2]\n\tadc $0, %[r3]\n\t" \
  "sbb %[low], %[low]\n\tand $38, %[low]\n\tadd %[low], %[r0]"
// r0 to r7
#define LATCHKEY_ADX_REDUCE                                                       \
  "movl $38, %%edx\n\txor %k[low], %k[low]\n\t"                                   \
  "mulxq %[r4], %[low], %[high]\n\tadcx %[low], %[r0]\n\tadox %[high], %[r1]\n\t" \
  "mulxq %[r5], %[low], %[high]\n\tadcx %[low], %[r1]\n\tadox %[high], %[r2]\n\t" \
  "mulxq %[r6], %[low], %[high]\n\tadcx %[low], %[r2]\n\tadox %[high], %[r3]\n\t" \
  "mulxq %[r7], %[low], %[high]\n\tadcx %[low], %[r3]\n\t"                        \
  "movl $0, %k[low]\n\tadox %[low], %[high]\n\tadcx %[low], %[high]\n\t" LATCHKEY_ADX_FOLD
#define LATCHKEY_ADX_ROW(i, r, r0, r1, r2, r3, r4)                                     \
  "movq " #i "(%[a]), %%rdx\n\txor %k[" #r4 "], %k[" #r4                               \
  "]\n\t"                                                                              \
  "mulxq (%[b]), %[low], %[high]\n\tadcx %[low], %[" #r0 "]\n\tadox %[high], %[" #r1   \
  "]\n\t"                                                                              \
  "mulxq 8(%[b]), %[low], %[high]\n\tadcx %[low], %[" #r1 "]\n\tadox %[high], %[" #r2  \
  "]\n\t"                                                                              \
  "mulxq 16(%[b]), %[low], %[high]\n\tadcx %[low], %[" #r2 "]\n\tadox %[high], %[" #r3 \
  "]\n\t"                                                                              \
  "mulxq 24(%[b]), %[low], %[high]\n\tadcx %[low], %[" #r3 "]\n\tadox %[high], %[" #r4 \
  "]\n\t"                                                                              \
  "adc $0, %[" #r4 "]\n\t"

namespace latchkey::x25519 {

struct AdxField {
  struct Product {
    std::uint64_t word[4];
  };
  using Factor = Product;

  static constexpr Product number(std::uint64_t n) noexcept { return {{n, 0, 0, 0}}; }
  [[gnu::always_inline]] static Factor from_limbs(std::uint64_t a, std::uint64_t b, std::uint64_t c,
                                                  std::uint64_t d, std::uint64_t e) noexcept {
    return {{a | b << 51, b >> 13 | c << 38, c >> 26 | d << 25, d >> 39 | e << 12}};
  }
  [[gnu::always_inline]] static const Factor& factor(const Product& a) noexcept { return a; }

#define LATCHKEY_SUM(name, op, opc)                                                              \
  [[gnu::always_inline]] static Factor name(const Product& a, const Product& b) noexcept {       \
    Factor r = a;                                                                                \
    std::uint64_t fold;                                                                          \
    asm(op " %[b0], %[r0]\n\t" opc " %[b1], %[r1]\n\t" opc " %[b2], %[r2]\n\t" opc               \
           " %[b3], %[r3]\n\t"                                                                   \
           "sbb %[fold], %[fold]\n\tand $38, %[fold]\n\t" op " %[fold], %[r0]\n\t" opc           \
           " $0, %[r1]\n\t" opc " $0, %[r2]\n\t" opc                                             \
           " $0, %[r3]\n\t"                                                                      \
           "sbb %[fold], %[fold]\n\tand $38, %[fold]\n\t" op " %[fold], %[r0]"                   \
        : [r0] "+&r"(r.word[0]), [r1] "+&r"(r.word[1]), [r2] "+&r"(r.word[2]),                   \
          [r3] "+&r"(r.word[3]), [fold] "=&r"(fold)                                              \
        : [b0] "rm"(b.word[0]), [b1] "rm"(b.word[1]), [b2] "rm"(b.word[2]), [b3] "rm"(b.word[3]) \
        : "cc");                                                                                 \
    return r;                                                                                    \
  }
  LATCHKEY_SUM(add, "add", "adc")
  LATCHKEY_SUM(subtract, "sub", "sbb")

  [[gnu::always_inline]] static Product multiply(const Factor& a, const Factor& b) noexcept {
    std::uint64_t r0, r1, r2, r3, r4, r5, r6, r7, low, high;
    asm("movq (%[a]), %%rdx\n\t"
        "mulxq (%[b]), %[r0], %[r1]\n\t"
        "mulxq 8(%[b]), %[low], %[r2]\n\tadd %[low], %[r1]\n\t"
        "mulxq 16(%[b]), %[low], %[r3]\n\tadc %[low], %[r2]\n\t"
        "mulxq 24(%[b]), %[low], %[r4]\n\tadc %[low], %[r3]\n\tadc $0, %[r4]\n\t" LATCHKEY_ADX_ROW(
            8, 1, r1, r2, r3, r4, r5) LATCHKEY_ADX_ROW(16, 1, r2, r3, r4, r5, r6)
            LATCHKEY_ADX_ROW(24, 1, r3, r4, r5, r6, r7) LATCHKEY_ADX_REDUCE
        : [r0] "=&r"(r0), [r1] "=&r"(r1), [r2] "=&r"(r2), [r3] "=&r"(r3), [r4] "=&r"(r4),
          [r5] "=&r"(r5), [r6] "=&r"(r6), [r7] "=&r"(r7), [low] "=&r"(low), [high] "=&r"(high)
        : [a] "r"(a.word), [b] "r"(b.word), "m"(a), "m"(b)
        : "rdx", "cc");
    return {{r0, r1, r2, r3}};
  }

  [[gnu::always_inline]] static Product square(const Factor& a) noexcept {
    std::uint64_t r0, r1, r2, r3, r4, r5, r6, r7, low, high;
    asm("movq (%[a]), %%rdx\n\t"
        "mulxq 8(%[a]), %[r1], %[r2]\n\t"
        "mulxq 16(%[a]), %[low], %[r3]\n\tadd %[low], %[r2]\n\t"
        "mulxq 24(%[a]), %[low], %[r4]\n\tadc %[low], %[r3]\n\tadc $0, %[r4]\n\t"
        "movq 8(%[a]), %%rdx\n\txor %k[r5], %k[r5]\n\t"
        "mulxq 16(%[a]), %[low], %[high]\n\tadcx %[low], %[r3]\n\tadox %[high], %[r4]\n\t"
        "mulxq 24(%[a]), %[low], %[high]\n\tadcx %[low], %[r4]\n\tadox %[high], %[r5]\n\t"
        "adc $0, %[r5]\n\t"
        "movq 16(%[a]), %%rdx\n\t"
        "mulxq 24(%[a]), %[low], %[r6]\n\tadd %[low], %[r5]\n\tadc $0, %[r6]\n\t"
        "xor %k[r7], %k[r7]\n\t"
        "movq (%[a]), %%rdx\n\tmulxq %%rdx, %[r0], %[high]\n\t"
        "adcx %[r1], %[r1]\n\tadox %[high], %[r1]\n\t"
        "movq 8(%[a]), %%rdx\n\tmulxq %%rdx, %[low], %[high]\n\t"
        "adcx %[r2], %[r2]\n\tadox %[low], %[r2]\n\tadcx %[r3], %[r3]\n\tadox %[high], %[r3]\n\t"
        "movq 16(%[a]), %%rdx\n\tmulxq %%rdx, %[low], %[high]\n\t"
        "adcx %[r4], %[r4]\n\tadox %[low], %[r4]\n\tadcx %[r5], %[r5]\n\tadox %[high], %[r5]\n\t"
        "movq 24(%[a]), %%rdx\n\tmulxq %%rdx, %[low], %[high]\n\t"
        "adcx %[r6], %[r6]\n\tadox %[low], %[r6]\n\tadcx %[r7], %[r7]\n\tadox %[high], "
        "%[r7]\n\t" LATCHKEY_ADX_REDUCE
        : [r0] "=&r"(r0), [r1] "=&r"(r1), [r2] "=&r"(r2), [r3] "=&r"(r3), [r4] "=&r"(r4),
          [r5] "=&r"(r5), [r6] "=&r"(r6), [r7] "=&r"(r7), [low] "=&r"(low), [high] "=&r"(high)
        : [a] "r"(a.word), "m"(a)
        : "rdx", "cc");
    return {{r0, r1, r2, r3}};
  }

  // n a, for n below 2^20.
  [[gnu::always_inline]] static Product multiply(const Factor& a, std::uint32_t n) noexcept {
    std::uint64_t r0, r1, r2, r3, low, high;
    asm("mulxq (%[a]), %[r0], %[r1]\n\t"
        "mulxq 8(%[a]), %[low], %[r2]\n\tadd %[low], %[r1]\n\t"
        "mulxq 16(%[a]), %[low], %[r3]\n\tadc %[low], %[r2]\n\t"
        "mulxq 24(%[a]), %[low], %[high]\n\tadc %[low], %[r3]\n\tadc $0, "
        "%[high]\n\t" LATCHKEY_ADX_FOLD
        : [r0] "=&r"(r0), [r1] "=&r"(r1), [r2] "=&r"(r2), [r3] "=&r"(r3), [low] "=&r"(low),
          [high] "=&r"(high)
        : [a] "r"(a.word), "d"(std::uint64_t{n}), "m"(a)
        : "cc");
    return {{r0, r1, r2, r3}};
  }

  [[gnu::always_inline]] static void swap_if(base::Mask<std::uint64_t> swap, Product& a,
                                             Product& b) noexcept {
    for (std::size_t i = 0; i < 4; ++i) {
      const std::uint64_t difference = swap.bits() & (a.word[i] ^ b.word[i]);
      a.word[i] ^= difference;
      b.word[i] ^= difference;
    }
  }

  // In limbs of 51 bits. The highest one has 52.
  [[gnu::always_inline]] static ScalarField::Factor to_limbs(const Factor& a) noexcept {
    auto limbs = ScalarField::factor(from_words({{a.word[0], a.word[1], a.word[2], a.word[3]}}));
    limbs.limb[4] = a.word[3] >> 12;
    return limbs;
  }
};

}  // namespace latchkey::x25519
