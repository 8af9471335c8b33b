// The field in four words of 64 bits, by the instructions of BMI2 and ADX: `mulx` leaves all
// carries as they are, and `adcx` and `adox` keep a carry each, so that the lower and the upper
// halves of products are added up side by side. Compilers do not make such code.
//
// 2^256 = 38 and 2^255 = 19 modulo p. Each operation folds what it has above these, once.
//
// An operation is one asm statement, which also writes the result to its place in memory. For what
// a compiler has in registers it copies by 16 or 32 bytes at once, and a processor that is to load
// as many bytes as four stores have just written waits for all of them. Pointers lead to results
// and factors, since clang without optimisation takes a register for every operand in memory. So
// "memory" stands for all of them, and only `volatile` keeps the statements.
#pragma once

#include "base/mask.hpp"
#include "x25519/encoding.hpp"

namespace latchkey::x25519 {

// clang-format off
// (r1, r0) += rdx * factor. Lower halves carry in CF, and upper halves in OF.
#define LATCHKEY_ADD_PRODUCT(factor, r0, r1) \
  "mulxq " factor ", %[low], %[high]\n\t"    \
  "adcx %[low], %[" r0 "]\n\t"               \
  "adox %[high], %[" r1 "]\n\t"

// (r4, r3, r2, r1, r0) += word * b, where the word is at `offset` in a. r4 is new.
#define LATCHKEY_ADD_ROW(offset, r0, r1, r2, r3, r4) \
  "movq " offset "(%[a]), %%rdx\n\t"                 \
  "xorl %k[" r4 "], %k[" r4 "]\n\t" /* no carries */ \
  LATCHKEY_ADD_PRODUCT("(%[b])", r0, r1)             \
  LATCHKEY_ADD_PRODUCT("8(%[b])", r1, r2)            \
  LATCHKEY_ADD_PRODUCT("16(%[b])", r2, r3)           \
  LATCHKEY_ADD_PRODUCT("24(%[b])", r3, r4)           \
  "adcq $0, %[" r4 "]\n\t"

// (r2, r1) += the square of rdx, after (r2, r1) was doubled. Doubling carries in CF.
#define LATCHKEY_DOUBLE_ADD_SQUARE(r1, r2) \
  "mulxq %%rdx, %[low], %[high]\n\t"       \
  "adcx %[" r1 "], %[" r1 "]\n\t"          \
  "adox %[low], %[" r1 "]\n\t"             \
  "adcx %[" r2 "], %[" r2 "]\n\t"          \
  "adox %[high], %[" r2 "]\n\t"

// `high` = 19 times the bits of (high, r3) from 63 on. r3 keeps the others.
#define LATCHKEY_CUT              \
  "addq %[r3], %[r3]\n\t"         \
  "adcq %[high], %[high]\n\t"     \
  "shrq %[r3]\n\t"                \
  "imulq $19, %[high], %[high]\n\t"

// (r3, r2, r1, r0) = (r3, r2, r1, r0) + 38 (r7, r6, r5, r4).
//
// First the part that belongs to r3: (high, r3) < 39 2^64, so that 78 is above what is cut off.
// What is left is below 2^255, and 19 * 78 + 38 (r6, r5, r4) is below 39 2^192: a Product.
#define LATCHKEY_REDUCE(r7)                \
  "movl $38, %%edx\n\t"                    \
  "mulxq %[" r7 "], %[low], %[high]\n\t"   \
  "addq %[low], %[r3]\n\t"                 \
  "adcq $0, %[high]\n\t"                   \
  LATCHKEY_CUT                             \
  "xorl %k[" r7 "], %k[" r7 "]\n\t"        \
  "adcx %[high], %[r0]\n\t"                \
  "mulxq %[r4], %[low], %[high]\n\t"       \
  "adox %[low], %[r0]\n\t"                 \
  "adcx %[high], %[r1]\n\t"                \
  "mulxq %[r5], %[low], %[high]\n\t"       \
  "adox %[low], %[r1]\n\t"                 \
  "adcx %[high], %[r2]\n\t"                \
  "mulxq %[r6], %[low], %[high]\n\t"       \
  "adox %[low], %[r2]\n\t"                 \
  "adcx %[high], %[r3]\n\t"                \
  "adox %[" r7 "], %[r3]\n\t"
// clang-format on

#define LATCHKEY_STORE        \
  "movq %[r0], (%[to])\n\t"   \
  "movq %[r1], 8(%[to])\n\t"  \
  "movq %[r2], 16(%[to])\n\t" \
  "movq %[r3], 24(%[to])"

// Operands: r0 to r3, a number that is in registers, and b0 to b3, one that is in memory.
#define LATCHKEY_REGISTERS(r0, r1, r2, r3) \
  [r0] "+&r"(r0), [r1] "+&r"(r1), [r2] "+&r"(r2), [r3] "+&r"(r3)
#define LATCHKEY_MEMORY(b) \
  [b0] "m"((b).word[0]), [b1] "m"((b).word[1]), [b2] "m"((b).word[2]), [b3] "m"((b).word[3])

struct AdxField {
  // Any number below 2^256.
  struct Factor {
    std::uint64_t word[4];
  };
  // A number below 2^255 + 39 2^192.
  struct Product : Factor {};

  static constexpr Product number(std::uint64_t n) noexcept { return {{{n, 0, 0, 0}}}; }

  // A number below 2^255.
  [[gnu::always_inline]] static Product from_words(const Words& a) noexcept {
    return {{{a.word[0], a.word[1], a.word[2], a.word[3]}}};
  }
  // Limbs below 2^51.
  [[gnu::always_inline]] static Factor from_limbs(std::uint64_t a, std::uint64_t b, std::uint64_t c,
                                                  std::uint64_t d, std::uint64_t e) noexcept {
    return {{a | b << 51, b >> 13 | c << 38, c >> 26 | d << 25, d >> 39 | e << 12}};
  }
  // Limb 4 has 52 bits.
  [[gnu::always_inline]] static ScalarField::Factor to_limbs(const Factor& a) noexcept {
    const Words words{{a.word[0], a.word[1], a.word[2], a.word[3]}};
    auto limbs = ScalarField::factor(x25519::from_words(words));
    limbs.limb[4] = a.word[3] >> 12;
    return limbs;
  }

  [[gnu::always_inline]] static const Factor& factor(const Product& a) noexcept { return a; }

  // If the sum reaches 2^256, it is less than 2^200 above, and 38 more do not reach it again.
  [[gnu::always_inline]] static Factor add(const Product& a, const Product& b) noexcept {
    Factor r;
    std::uint64_t r0 = a.word[0], r1 = a.word[1], r2 = a.word[2], r3 = a.word[3], fold;
    asm volatile(
        "addq %[b0], %[r0]\n\t"
        "adcq %[b1], %[r1]\n\t"
        "adcq %[b2], %[r2]\n\t"
        "adcq %[b3], %[r3]\n\t"
        "sbbq %[fold], %[fold]\n\t"
        "andl $38, %k[fold]\n\t"
        "addq %[fold], %[r0]\n\t"
        "adcq $0, %[r1]\n\t"
        "adcq $0, %[r2]\n\t"
        "adcq $0, %[r3]\n\t"  //
        LATCHKEY_STORE
        : LATCHKEY_REGISTERS(r0, r1, r2, r3), [fold] "=&r"(fold)
        : [to] "r"(r.word), LATCHKEY_MEMORY(b)
        : "cc", "memory");
    return r;
  }
  // If the difference is negative, it is still above -2^256 + 2^254, and with 2^256 - 38 more it is
  // not.
  [[gnu::always_inline]] static Factor subtract(const Product& a, const Product& b) noexcept {
    Factor r;
    std::uint64_t r0 = a.word[0], r1 = a.word[1], r2 = a.word[2], r3 = a.word[3], fold;
    asm volatile(
        "subq %[b0], %[r0]\n\t"
        "sbbq %[b1], %[r1]\n\t"
        "sbbq %[b2], %[r2]\n\t"
        "sbbq %[b3], %[r3]\n\t"
        "sbbq %[fold], %[fold]\n\t"
        "andl $38, %k[fold]\n\t"
        "subq %[fold], %[r0]\n\t"
        "sbbq $0, %[r1]\n\t"
        "sbbq $0, %[r2]\n\t"
        "sbbq $0, %[r3]\n\t"  //
        LATCHKEY_STORE
        : LATCHKEY_REGISTERS(r0, r1, r2, r3), [fold] "=&r"(fold)
        : [to] "r"(r.word), LATCHKEY_MEMORY(b)
        : "cc", "memory");
    return r;
  }

  // Registers are scarce: in the end `a` is the highest word of the product.
  [[gnu::always_inline]] static Product multiply(const Factor& a, const Factor& b) noexcept {
    Product r;
    std::uint64_t r0, r1, r2, r3, r4, r5, r6, low, high;
    const std::uint64_t* words = a.word;
    asm volatile(
        "movq (%[a]), %%rdx\n\t"
        "mulxq (%[b]), %[r0], %[r1]\n\t"
        "mulxq 8(%[b]), %[low], %[r2]\n\t"
        "addq %[low], %[r1]\n\t"
        "mulxq 16(%[b]), %[low], %[r3]\n\t"
        "adcq %[low], %[r2]\n\t"
        "mulxq 24(%[b]), %[low], %[r4]\n\t"
        "adcq %[low], %[r3]\n\t"
        "adcq $0, %[r4]\n\t"  //
        LATCHKEY_ADD_ROW("8", "r1", "r2", "r3", "r4", "r5") LATCHKEY_ADD_ROW(
            "16", "r2", "r3", "r4", "r5", "r6") LATCHKEY_ADD_ROW("24", "r3", "r4", "r5", "r6", "a")
            LATCHKEY_REDUCE("a") LATCHKEY_STORE
        : [a] "+&r"(words), [r0] "=&r"(r0), [r1] "=&r"(r1), [r2] "=&r"(r2), [r3] "=&r"(r3),
          [r4] "=&r"(r4), [r5] "=&r"(r5), [r6] "=&r"(r6), [low] "=&r"(low), [high] "=&r"(high)
        : [to] "r"(r.word), [b] "r"(b.word)
        : "rdx", "cc", "memory");
    return r;
  }

  // The products of different words, all of them twice, and the squares of words.
  [[gnu::always_inline]] static Product square(const Factor& a) noexcept {
    Product r;
    std::uint64_t r0, r1, r2, r3, r4, r5, r6, r7, low, high;
    asm volatile("movq (%[a]), %%rdx\n\t"
        "mulxq 8(%[a]), %[r1], %[r2]\n\t"
        "mulxq 16(%[a]), %[low], %[r3]\n\t"
        "addq %[low], %[r2]\n\t"
        "mulxq 24(%[a]), %[low], %[r4]\n\t"
        "adcq %[low], %[r3]\n\t"
        "adcq $0, %[r4]\n\t"
        "movq 8(%[a]), %%rdx\n\t"
        "xorl %k[r5], %k[r5]\n\t"  //
        LATCHKEY_ADD_PRODUCT("16(%[a])", "r3", "r4")
        LATCHKEY_ADD_PRODUCT("24(%[a])", "r4", "r5")
        "adcq $0, %[r5]\n\t"
        "movq 16(%[a]), %%rdx\n\t"
        "mulxq 24(%[a]), %[low], %[r6]\n\t"
        "addq %[low], %[r5]\n\t"
        "adcq $0, %[r6]\n\t"
        "xorl %k[r7], %k[r7]\n\t"
        "movq (%[a]), %%rdx\n\t"
        "mulxq %%rdx, %[r0], %[high]\n\t"
        "adcx %[r1], %[r1]\n\t"
        "adox %[high], %[r1]\n\t"
        "movq 8(%[a]), %%rdx\n\t"  //
        LATCHKEY_DOUBLE_ADD_SQUARE("r2", "r3")
        "movq 16(%[a]), %%rdx\n\t"  //
        LATCHKEY_DOUBLE_ADD_SQUARE("r4", "r5")
        "movq 24(%[a]), %%rdx\n\t"  //
        LATCHKEY_DOUBLE_ADD_SQUARE("r6", "r7")
        LATCHKEY_REDUCE("r7")
        LATCHKEY_STORE
        : [r0] "=&r"(r0), [r1] "=&r"(r1), [r2] "=&r"(r2), [r3] "=&r"(r3), [r4] "=&r"(r4),
          [r5] "=&r"(r5), [r6] "=&r"(r6), [r7] "=&r"(r7), [low] "=&r"(low), [high] "=&r"(high)
        : [to] "r"(r.word), [a] "r"(a.word)
        : "rdx", "cc", "memory");
    return r;
  }

  // a + n b, for n below 2^20: then what is cut off is below 2^22.
  [[gnu::always_inline]] static Product add_multiple(const Factor& a, const Factor& b,
                                                     std::uint32_t n) noexcept {
    Product r;
    std::uint64_t r0, r1, r2, r3, low, high;
    asm volatile(
        "mulxq %[b0], %[r0], %[r1]\n\t"
        "mulxq %[b1], %[low], %[r2]\n\t"
        "addq %[low], %[r1]\n\t"
        "mulxq %[b2], %[low], %[r3]\n\t"
        "adcq %[low], %[r2]\n\t"
        "mulxq %[b3], %[low], %[high]\n\t"
        "adcq %[low], %[r3]\n\t"
        "adcq $0, %[high]\n\t"
        "addq (%[a]), %[r0]\n\t"
        "adcq 8(%[a]), %[r1]\n\t"
        "adcq 16(%[a]), %[r2]\n\t"
        "adcq 24(%[a]), %[r3]\n\t"
        "adcq $0, %[high]\n\t"  //
        LATCHKEY_CUT
        "addq %[high], %[r0]\n\t"
        "adcq $0, %[r1]\n\t"
        "adcq $0, %[r2]\n\t"
        "adcq $0, %[r3]\n\t"  //
        LATCHKEY_STORE
        : [r0] "=&r"(r0), [r1] "=&r"(r1), [r2] "=&r"(r2), [r3] "=&r"(r3), [low] "=&r"(low),
          [high] "=&r"(high)
        : [to] "r"(r.word), [a] "r"(a.word), LATCHKEY_MEMORY(b), "d"(std::uint64_t{n})
        : "cc", "memory");
    return r;
  }

  // `bit` is 0 or 1.
  [[gnu::always_inline]] static Factor choose(std::uint64_t bit, const Factor& if_1,
                                              const Factor& if_0) noexcept {
    Factor r;
    std::uint64_t r0 = if_0.word[0], r1 = if_0.word[1], r2 = if_0.word[2], r3 = if_0.word[3];
    asm volatile(
        "testq %[bit], %[bit]\n\t"
        "cmovnzq %[b0], %[r0]\n\t"
        "cmovnzq %[b1], %[r1]\n\t"
        "cmovnzq %[b2], %[r2]\n\t"
        "cmovnzq %[b3], %[r3]\n\t"  //
        LATCHKEY_STORE
        : LATCHKEY_REGISTERS(r0, r1, r2, r3)
        : [to] "r"(r.word), LATCHKEY_MEMORY(if_1), [bit] "r"(bit)
        : "cc", "memory");
    return r;
  }
};

#undef LATCHKEY_ADD_PRODUCT
#undef LATCHKEY_ADD_ROW
#undef LATCHKEY_DOUBLE_ADD_SQUARE
#undef LATCHKEY_CUT
#undef LATCHKEY_REDUCE
#undef LATCHKEY_STORE
#undef LATCHKEY_REGISTERS
#undef LATCHKEY_MEMORY

}  // namespace latchkey::x25519
