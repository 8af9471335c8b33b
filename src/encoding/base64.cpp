#include "encoding/base64.hpp"

#include <array>

#include "base/mask.hpp"
#include "base/secrecy.hpp"
#include "base/stack.hpp"
#include "base/wipe.hpp"

namespace latchkey::encoding {
namespace {

// The alphabet in runs: characters `first` to `last` stand for `value` and what follows.
struct Run {
  std::uint32_t first, last, value;
};
constexpr std::array<Run, 5> kAlphabet = {
    {{'A', 'Z', 0}, {'a', 'z', 26}, {'0', '9', 52}, {'+', '+', 62}, {'/', '/', 63}}};

constexpr std::uint8_t kPad = '=';

// All ones if low <= x <= high; all below 2^31.
std::uint32_t within(std::uint32_t x, std::uint32_t low, std::uint32_t high) noexcept {
  const std::uint32_t outside = ((x - low) | (high - x)) >> 31;
  return base::Mask<std::uint32_t>::from_bit(1 - outside).bits();
}

std::uint8_t character_of(std::uint32_t value) noexcept {
  std::uint32_t character = 0;
  for (const Run& run : kAlphabet) {
    const std::uint32_t last_value = run.value + run.last - run.first;
    character |= within(value, run.value, last_value) & (run.first + value - run.value);
  }
  return static_cast<std::uint8_t>(character);
}

// Its six bits; with bit 31 set if it is no character of the alphabet.
std::uint32_t value_of(std::uint32_t character) noexcept {
  std::uint32_t value = 0, found = 0;
  for (const Run& run : kAlphabet) {
    const std::uint32_t here = within(character, run.first, run.last);
    value |= here & (run.value + character - run.first);
    found |= here;
  }
  return value | (~found & std::uint32_t{1} << 31);
}

void encode(std::span<std::uint8_t> text, std::span<const std::uint8_t> bytes) noexcept {
  while (!bytes.empty()) {
    const std::size_t taken = bytes.size() < 3 ? bytes.size() : 3;
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < 3; ++i) group = group << 8 | (i < taken ? bytes[i] : 0u);
    for (std::size_t i = 0; i < 4; ++i) {
      text[i] = i <= taken ? character_of(group >> (18 - 6 * i) & 63) : kPad;
    }
    text = text.subspan(4);
    bytes = bytes.subspan(taken);
  }
}

Result<std::size_t> decode(std::span<std::uint8_t> bytes, std::span<const std::uint8_t> text,
                           Padding padding) noexcept {
  const std::span<std::uint8_t> all = bytes;
  // How long the content is, is public, and so is where the padding begins.
  bool right_length = true;
  if (padding == Padding::required) {
    right_length = text.size() % 4 == 0;
    for (int i = 0; i < 2 && !text.empty() && text.back() == kPad; ++i) {
      text = text.first(text.size() - 1);
    }
  }
  right_length = right_length && text.size() % 4 != 1;

  std::uint32_t wrong = 0;
  std::size_t written = 0;
  while (right_length && !text.empty()) {
    const std::size_t taken = text.size() < 4 ? text.size() : 4;
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      const std::uint32_t value = i < taken ? value_of(text[i]) : 0;
      wrong |= value >> 31;
      group = group << 6 | (value & 63);
    }
    for (std::size_t i = 0; i + 1 < taken; ++i) {
      bytes[i] = static_cast<std::uint8_t>(group >> (16 - 8 * i));
    }
    // The bits behind the last whole byte.
    wrong |= group & ((std::uint32_t{1} << 8 * (4 - taken)) - 1);
    bytes = bytes.subspan(taken - 1);
    written += taken - 1;
    text = text.subspan(taken);
  }
  wrong = base::Mask<std::uint32_t>::if_nonzero(wrong).bits();
  base::declassify(&wrong, sizeof wrong);  // whether it is Base64 at all, the caller is told
  if (right_length && wrong == 0) return written;
  base::wipe(all.data(), all.size());
  return Error::not_canonical;
}

}  // namespace

// The bytes may be a private key.
void base64_encode(std::span<std::uint8_t> text, std::span<const std::uint8_t> bytes) noexcept {
  base::run_and_wipe<base::kCopyDepth>([&]() noexcept {
    encode(text, bytes);
    return true;
  });
}

Result<std::size_t> base64_decode(std::span<std::uint8_t> bytes, std::span<const std::uint8_t> text,
                                  Padding padding) noexcept {
  return base::run_and_wipe<base::kCopyDepth>(
      [&]() noexcept { return decode(bytes, text, padding); });
}

}  // namespace latchkey::encoding
