// age's names of keys.
#include "latchkey/age.hpp"

#include <algorithm>

#include "age/x25519.hpp"
#include "base/try.hpp"
#include "encoding/bech32.hpp"

namespace latchkey::age {
namespace {

using encoding::bech32_decode;
using encoding::bech32_encode;
using encoding::bech32_size;

constexpr std::string_view kRecipientPrefix = "age1pq", kIdentityPrefix = "AGE-SECRET-KEY-PQ-",
                           kX25519Prefix = "AGE-SECRET-KEY-";

static_assert(bech32_size(kRecipientPrefix, xwing::kEncapsulationKeySize) == kRecipientSize);
static_assert(bech32_size(kIdentityPrefix, xwing::kSeedSize) == kIdentitySize);

constexpr std::size_t kSecretSize = 32;  // bytes of an identity, of either kind
static_assert(kSecretSize == xwing::kSeedSize && kSecretSize == kX25519KeySize);

// The part of a recipient in front of the digits, of which '1' is none: the last one ends it. A
// mistyped recipient may have others.
std::string_view prefix_of(std::string_view text) noexcept {
  return text.substr(0, std::min(text.rfind('1'), text.size()));
}

// Why a text of that kind could not be read as one of kind `wanted`.
Error reason_of(KeyKind kind, KeyKind wanted) noexcept {
  const bool is_mistyped = kind == wanted || kind == KeyKind::none;
  return is_mistyped ? Error::not_a_key : Error::other_algorithm;
}

// The 32 bytes in the text of an identity.
Result<LockedBuffer> secret_in(std::string_view text, std::string_view prefix,
                               KeyKind wanted) noexcept {
  auto secret = LATCHKEY_TRY(LockedBuffer::create(kSecretSize));
  const auto decoded = secret.write(
      [&](std::span<std::uint8_t> to) noexcept { return bech32_decode(to, prefix, text); });
  if (!decoded) {
    return decoded.error() == Error::not_a_key ? reason_of(kind_of_identity(text), wanted)
                                               : decoded.error();
  }
  return secret;
}

}  // namespace

KeyKind kind_of_recipient(std::string_view text) noexcept {
  if (text.starts_with("ssh-")) return KeyKind::ssh;
  if (!text.starts_with("age1")) return KeyKind::none;
  if (text.starts_with("age1pq1")) return KeyKind::post_quantum;
  return prefix_of(text) == "age" ? KeyKind::x25519 : KeyKind::plugin;
}

KeyKind kind_of_identity(std::string_view text) noexcept {
  if (text.starts_with("AGE-SECRET-KEY-PQ-1")) return KeyKind::post_quantum;
  if (text.starts_with("AGE-SECRET-KEY-1")) return KeyKind::x25519;
  const bool is_other = text.starts_with("AGE-PLUGIN-") || text.starts_with("AGE-SECRET-KEY-");
  return is_other ? KeyKind::plugin : KeyKind::none;
}

struct NamesAccess {
  static Result<Recipient> write(const xwing::EncapsulationKey& key) noexcept {
    if (key.bytes().empty()) return Error::moved_from;
    Result<Recipient> name(std::in_place);
    bech32_encode({reinterpret_cast<std::uint8_t*>(name->text_.data()), kRecipientSize},
                  kRecipientPrefix, key.bytes());
    return name;
  }
};

Result<Recipient> write_recipient(const xwing::EncapsulationKey& key) noexcept {
  return NamesAccess::write(key);
}

Result<xwing::EncapsulationKey> parse_recipient(std::string_view text) noexcept {
  std::array<std::uint8_t, xwing::kEncapsulationKeySize> bytes;
  if (!bech32_decode(bytes, kRecipientPrefix, text)) {
    return reason_of(kind_of_recipient(text), KeyKind::post_quantum);
  }
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
  const auto seed = LATCHKEY_TRY(secret_in(text, kIdentityPrefix, KeyKind::post_quantum));
  return seed.read([](std::span<const std::uint8_t> bytes) noexcept {
    return xwing::DecapsulationKey::from_seed(bytes);
  });
}

Result<X25519Identity> parse_x25519_identity(std::string_view text) noexcept {
  return X25519Access::make(LATCHKEY_TRY(secret_in(text, kX25519Prefix, KeyKind::x25519)));
}

}  // namespace latchkey::age
