// age's names of keys.
#include "latchkey/age.hpp"
#include "seal/age/bech32.hpp"

namespace latchkey::age {
namespace {

using seal::age::bech32_decode;
using seal::age::bech32_encode;
using seal::age::bech32_size;

constexpr std::string_view kRecipientPrefix = "age1pq", kIdentityPrefix = "AGE-SECRET-KEY-PQ-";

static_assert(bech32_size(kRecipientPrefix, xwing::kEncapsulationKeySize) == kRecipientSize);
static_assert(bech32_size(kIdentityPrefix, xwing::kSeedSize) == kIdentitySize);

// A name of age's that is not one of ours belongs to another kind of key, or to a plugin.
Error reason_of(std::string_view text, std::string_view any, std::string_view ours) noexcept {
  return text.starts_with(any) && !text.starts_with(ours) ? Error::other_algorithm
                                                          : Error::not_a_key;
}

}  // namespace

struct Names {
  static Result<Recipient> write(const xwing::EncapsulationKey& key) noexcept {
    if (key.bytes().empty()) return Error::moved_from;
    Result<Recipient> name(std::in_place);
    bech32_encode({reinterpret_cast<std::uint8_t*>(name->text_.data()), kRecipientSize},
                  kRecipientPrefix, key.bytes());
    return name;
  }
};

Result<Recipient> write_recipient(const xwing::EncapsulationKey& key) noexcept {
  return Names::write(key);
}

Result<xwing::EncapsulationKey> parse_recipient(std::string_view text) noexcept {
  std::array<std::uint8_t, xwing::kEncapsulationKeySize> bytes;
  if (!bech32_decode(bytes, kRecipientPrefix, text)) return reason_of(text, "age1", "age1pq1");
  return xwing::EncapsulationKey::parse(bytes);
}

Result<LockedBuffer> write_identity(const xwing::DecapsulationKey& key) noexcept {
  auto seed = LockedBuffer::create(xwing::kSeedSize);
  if (!seed) return seed;
  const auto done = seed->write([&](std::span<std::uint8_t> to) noexcept {
    return key.export_seed(to.first<xwing::kSeedSize>());
  });
  if (!done) return done.error();
  auto text = LockedBuffer::create(kIdentitySize);
  if (!text) return text;
  const auto written = seed->read([&](std::span<const std::uint8_t> bytes) noexcept {
    return text->write(
        [&](std::span<std::uint8_t> to) noexcept { bech32_encode(to, kIdentityPrefix, bytes); });
  });
  if (!written) return written.error();
  return text;
}

Result<xwing::DecapsulationKey> parse_identity(std::string_view text) noexcept {
  auto seed = LockedBuffer::create(xwing::kSeedSize);
  if (!seed) return seed.error();
  const auto decoded = seed->write([&](std::span<std::uint8_t> to) noexcept {
    return bech32_decode(to, kIdentityPrefix, text);
  });
  if (!decoded) {
    return decoded.error() == Error::not_a_key
               ? reason_of(text, "AGE-SECRET-KEY-", "AGE-SECRET-KEY-PQ-1")
               : decoded.error();
  }
  return seed->read([](std::span<const std::uint8_t> bytes) noexcept {
    return xwing::DecapsulationKey::from_seed(bytes);
  });
}

}  // namespace latchkey::age
