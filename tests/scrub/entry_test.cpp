// The ways out of an operation (base/entry.hpp) and out of libcrypto (crypto/clean.hpp), seen to
// wipe what was injected and to miss what it must miss; and the scan, seen to find what was left.

#include "base/entry.hpp"

#include "crypto/clean.hpp"
#include "scrub/finder.hpp"
#include "scrub/private_stack.hpp"
#include "support/catch.hpp"
#include "support/random.hpp"

#ifdef __x86_64__

// Operations that leave eight secret bytes wherever a compiler may leave some. In assembly, so that
// it is known where. `fill` writes them to as much of its stack as it is told, from its return
// address down; `spread` to every register that a function need not preserve.
asm(R"(
  .text
  .type latchkey_fill, @function
  .globl latchkey_fill
latchkey_fill:
  movq (%rdi), %rax
1:
  negq %rsi
  movq %rax, (%rsp, %rsi)
  negq %rsi
  subq $8, %rsi
  jnz 1b
  ret
  .size latchkey_fill, .-latchkey_fill

  .type latchkey_spread, @function
  .globl latchkey_spread
latchkey_spread:
  movq (%rdi), %rax
  .irp i, rcx, rdx, rsi, rdi, r8, r9, r10, r11
  movq %rax, %\i
  .endr
  .irp i, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
  movq %rax, %xmm\i
  .endr
  ret
  .size latchkey_spread, .-latchkey_spread
)");

extern "C" void latchkey_fill(const std::uint8_t (&secret)[8], std::size_t size) noexcept;
extern "C" void latchkey_spread(const std::uint8_t (&secret)[8]) noexcept;

namespace latchkey::test {
namespace {

constexpr std::size_t kDepth = 8192;

struct Here;  // keeps the entries apart from those of the library

template <bool wiped, std::size_t Depth = kDepth>
constexpr auto fill = base::Entry<Here, &latchkey_fill, Depth, wiped>::call;
template <bool wiped>
constexpr auto spread = base::Entry<Here, &latchkey_spread, kDepth, wiped>::call;

// Off the private stack.
std::uint8_t secret[8];

struct Left {
  std::size_t on_stack, in_general, in_vectors;
};

template <class F>
Left left_by(F f) {
  static PrivateStack stack;
  Random().fill(secret);
  const Finder finder({{"the secret", Bytes(secret, secret + sizeof secret)}});
  stack.run(f);
  const auto& registers = stack.registers();
  const auto in = [&](const auto& part) {
    return total(finder.find(View(reinterpret_cast<const std::uint8_t*>(&part), sizeof part)));
  };
  return {total(finder.find(stack.bytes())), in(registers.general), in(registers.vectors)};
}

TEST_CASE("A secret that an operation leaves on the stack is found, and is not after wiping") {
  REQUIRE(left_by([] { fill<false>(secret, kDepth); }).on_stack == kDepth / 8);
  REQUIRE(left_by([] { fill<true>(secret, kDepth); }).on_stack == 0);
  REQUIRE(left_by([] { fill<true>(secret, 8); }).on_stack == 0);
}

TEST_CASE("An operation that goes deeper than it said is not wiped whole, which shows") {
  const std::size_t depth = kDepth + base::kUnoptimisedDepth + base::signal_depth();
  REQUIRE(left_by([&] { fill<true, kDepth - 1024>(secret, depth); }).on_stack > 1024 / 8 - 64);
}

TEST_CASE("A secret in a register is found, and is not after clearing") {
  const Left left = left_by([] { spread<false>(secret); });
  REQUIRE(left.in_general >= 8);  // the way back to here may use one
  REQUIRE(left.in_vectors == 16);
  const Left cleared = left_by([] { spread<true>(secret); });
  REQUIRE(cleared.in_general == 0);
  REQUIRE(cleared.in_vectors == 0);
}

TEST_CASE("Nor is what libcrypto might leave on the stack or in a register") {
  const auto after_call = [](std::size_t depth) {
    return left_by([&] {
      crypto::cleanly([&]() noexcept {
        latchkey_fill(secret, depth);
        latchkey_spread(secret);
        return 0;
      });
    });
  };
  const Left left = after_call(crypto::kLibcryptoDepth);
  REQUIRE(left.on_stack == 0);
  REQUIRE(left.in_general == 0);
  REQUIRE(left.in_vectors == 0);
  REQUIRE(after_call(8).on_stack == 0);
  REQUIRE(
      after_call(crypto::kLibcryptoDepth + base::kUnoptimisedDepth + base::signal_depth() + 1024)
          .on_stack > 64);
}

}  // namespace
}  // namespace latchkey::test

#endif
