#include "encoding/bech32.hpp"

#include <cstring>

#include "base/mask.hpp"
#include "base/secrecy.hpp"
#include "base/wipe.hpp"

namespace latchkey::encoding {
namespace {

constexpr std::string_view kDigits = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
constexpr std::uint32_t kNone = 32;
constexpr unsigned kUpper = 'a' - 'A';

// BCH code over GF(32), by its generator.
class Checksum {
 public:
  explicit Checksum(std::string_view lower_prefix) noexcept {
    for (const char c : lower_prefix) add(static_cast<std::uint32_t>(c) >> 5);
    add(0);
    for (const char c : lower_prefix) add(static_cast<std::uint32_t>(c) & 31);
  }

  void add(std::uint32_t digit) noexcept {
    constexpr std::uint32_t kGenerator[] = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd,
                                            0x2a1462b3};
    const std::uint32_t top = state_ >> 25;
    state_ = (state_ & 0x1ffffff) << 5 ^ digit;
    for (unsigned i = 0; i < 5; ++i) {
      state_ ^= base::Mask<std::uint32_t>::from_bit(top >> i & 1).bits() & kGenerator[i];
    }
  }

  [[nodiscard]] std::uint32_t state() const noexcept { return state_; }

 private:
  std::uint32_t state_ = 1;
};

constexpr std::uint32_t kRight = 1;  // the state behind a right checksum

// A prefix as the checksum has it: in lower case.
struct Lower {
  explicit Lower(std::string_view prefix) noexcept : size(prefix.size()) {
    for (std::size_t i = 0; i < size; ++i) {
      const bool upper = prefix[i] >= 'A' && prefix[i] <= 'Z';
      text[i] = static_cast<char>(prefix[i] + (upper ? static_cast<char>(kUpper) : 0));
    }
  }
  operator std::string_view() const noexcept { return {text, size}; }  // NOLINT: implicit
  char text[24];
  std::size_t size;
};

bool is_upper(std::string_view prefix) noexcept { return prefix[0] >= 'A' && prefix[0] <= 'Z'; }

// All ones if the two are equal.
std::uint32_t equal(std::uint32_t a, std::uint32_t b) noexcept {
  return ~base::Mask<std::uint32_t>::if_nonzero(a ^ b).bits();
}

std::uint32_t in_case(char digit, bool upper) noexcept {
  const bool letter = digit >= 'a';
  return static_cast<std::uint8_t>(digit) - (upper && letter ? kUpper : 0);
}

std::uint8_t character_of(std::uint32_t value, bool upper) noexcept {
  std::uint32_t character = 0;
  for (std::uint32_t i = 0; i < kDigits.size(); ++i) {
    character |= equal(value, i) & in_case(kDigits[i], upper);
  }
  return static_cast<std::uint8_t>(character);
}

std::uint32_t value_of(char character, bool upper) noexcept {
  std::uint32_t value = 0, found = 0;
  for (std::uint32_t i = 0; i < kDigits.size(); ++i) {
    const std::uint32_t here =
        equal(static_cast<std::uint8_t>(character), in_case(kDigits[i], upper));
    value |= here & i;
    found |= here;
  }
  return value | (~found & kNone);
}

}  // namespace

void bech32_encode(std::span<std::uint8_t> text, std::string_view prefix,
                   std::span<const std::uint8_t> bytes) noexcept {
  const bool upper = is_upper(prefix);
  Checksum checksum{Lower(prefix)};
  std::memcpy(text.data(), prefix.data(), prefix.size());
  std::size_t at = prefix.size();
  text[at++] = '1';
  const auto put = [&](std::uint32_t value) noexcept {
    text[at++] = character_of(value, upper);
    checksum.add(value);
  };
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const std::uint8_t byte : bytes) {
    bits = (bits << 8 | byte) & 0xfff;
    for (count += 8; count >= 5; count -= 5) put(bits >> (count - 5) & 31);
  }
  if (count > 0) put(bits << (5 - count) & 31);
  for (std::size_t i = 0; i < kBech32Checksum; ++i) checksum.add(0);
  const std::uint32_t rest = checksum.state() ^ kRight;
  for (std::size_t i = kBech32Checksum; i-- > 0;) put(rest >> 5 * i & 31);
}

Result<void> bech32_decode(std::span<std::uint8_t> bytes, std::string_view prefix,
                           std::string_view text) noexcept {
  const std::string_view first_bytes = text.substr(0, prefix.size());
  if (text.size() != bech32_size(prefix, bytes.size()) || first_bytes != prefix ||
      text[prefix.size()] != '1') {
    base::wipe(bytes.data(), bytes.size());
    return Error::not_a_key;
  }
  text.remove_prefix(prefix.size() + 1);
  const bool upper = is_upper(prefix);
  Checksum checksum{Lower(prefix)};
  std::uint32_t bits = 0, wrong = 0;
  unsigned count = 0;
  std::size_t written = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::uint32_t value = value_of(text[i], upper);
    wrong |= value & kNone;
    checksum.add(value & 31);
    if (i >= bech32_digits(bytes.size())) continue;
    bits = (bits << 5 | (value & 31)) & 0xfff;
    count += 5;
    if (count >= 8) {
      count -= 8;
      bytes[written++] = static_cast<std::uint8_t>(bits >> count);
    }
  }
  wrong |= bits & ((1u << count) - 1);  // bits that stand for nothing
  wrong |= checksum.state() ^ kRight;
  wrong = base::Mask<std::uint32_t>::if_nonzero(wrong).bits();
  base::declassify(&wrong, sizeof wrong);  // whether it is well-formed, the caller is told
  if (wrong == 0) return {};
  base::wipe(bytes.data(), bytes.size());
  return Error::not_a_key;
}

}  // namespace latchkey::encoding
