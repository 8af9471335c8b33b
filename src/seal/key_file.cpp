// Key files (RFC 9935; RFC 5958; RFC 7468). Each form of a key is a fixed prefix (der.hpp) and the
// key's bytes, so reading is a comparison.
#include "latchkey/key_file.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "base/mask.hpp"
#include "base/secrecy.hpp"
#include "base/wipe.hpp"
#include "seal/clean.hpp"
#include "seal/der.hpp"
#include "seal/der_outline.hpp"
#include "seal/password.hpp"
#include "seal/pem.hpp"

namespace latchkey {
namespace {

using base::Scrubbed;
using View = std::span<const std::uint8_t>;
namespace der = seal::der;

constexpr std::string_view kPublicLabel = "PUBLIC KEY", kPrivateLabel = "PRIVATE KEY",
                           kEncryptedLabel = "ENCRYPTED PRIVATE KEY";

// How much stack reading a key takes, in bytes, a password left aside.
constexpr std::size_t kReadDepth = 20 * 1024;

// The three forms of RFC 9935, section 6, and the one of X-Wing: what comes before the key's bytes.
constexpr auto kSeedChoice = der::head<kSeedSize>(der::kContext0);
constexpr auto kExpandedChoice = der::head<kDecapsulationKeySize>(der::kOctetString);
constexpr auto kSeedInBoth = der::head<kSeedSize>(der::kOctetString);
constexpr auto kBothChoice = der::joined(
    der::head<kSeedInBoth.size() + kSeedSize + kExpandedChoice.size() + kDecapsulationKeySize>(
        der::kSequence),
    kSeedInBoth);

template <Kem K>
struct Forms;

template <>
struct Forms<MlKem768> {
  static constexpr auto kPublic = der::public_key_prefix<kEncapsulationKeySize>(der::kMlKem768);
  static constexpr auto kSeed = der::private_key_prefix<kSeedSize>(der::kMlKem768, kSeedChoice);
  static constexpr auto kExpanded =
      der::private_key_prefix<kDecapsulationKeySize>(der::kMlKem768, kExpandedChoice);
  static constexpr auto kBoth =
      der::private_key_prefix<kSeedSize + kExpandedChoice.size() + kDecapsulationKeySize>(
          der::kMlKem768, kBothChoice);
};

template <>
struct Forms<XWing> {
  static constexpr auto kPublic = der::public_key_prefix<xwing::kEncapsulationKeySize>(der::kXWing);
  static constexpr auto kSeed =
      der::private_key_prefix<xwing::kSeedSize>(der::kXWing, der::Octets<0>{});
};

static_assert(Forms<MlKem768>::kSeed.size() + kSeedSize == 86);  // RFC 9935, appendix C
static_assert(Forms<XWing>::kSeed.size() + xwing::kSeedSize == 54);

// What stands behind `prefix`, if `size` bytes do and nothing else.
template <std::size_t N>
bool strip(View& bytes, const der::Octets<N>& prefix, std::size_t size) noexcept {
  if (bytes.size() != N + size || std::memcmp(bytes.data(), prefix.data(), N) != 0) return false;
  bytes = bytes.subspan(N);
  return true;
}

// Why a file that is in none of our forms is no key of this kind, for people.
Error reason_of(View bytes, KeyFileKind kind) noexcept {
  const der::Outline outline = der::outline_of(bytes);
  if (outline.kind != kind) return Error::not_a_key;
  return outline.is_ours ? Error::not_canonical : Error::other_algorithm;
}

template <class Any, class Key>
Result<Any> as_any(Result<Key> key) noexcept {
  if (!key) return key.error();
  return Any(std::move(*key));
}

// RFC 9935, section 8: a seed and an expanded key have to be of one key.
Result<DecapsulationKey> read_both(View seed, View expanded) noexcept {
  auto key = DecapsulationKey::from_seed(seed);
  if (!key) return key;
  Scrubbed<std::array<std::uint8_t, kDecapsulationKeySize>> own;
  if (const auto done = key->export_expanded(*own); !done) return done.error();
  std::uint64_t differs =
      base::differ<kDecapsulationKeySize>(*own, expanded.first<kDecapsulationKeySize>()).bits();
  base::declassify(&differs, sizeof differs);  // the caller is told
  if (differs != 0) return Error::seed_mismatch;
  return key;
}

Result<AnyDecapsulationKey> read_plain(View bytes) noexcept {
  using Any = AnyDecapsulationKey;
  using MlKem = Forms<MlKem768>;
  View key = bytes;
  if (strip(key, Forms<XWing>::kSeed, xwing::kSeedSize)) {
    return as_any<Any>(xwing::DecapsulationKey::from_seed(key));
  }
  if (strip(key, MlKem::kSeed, kSeedSize)) return as_any<Any>(DecapsulationKey::from_seed(key));
  if (strip(key, MlKem::kExpanded, kDecapsulationKeySize)) {
    return as_any<Any>(DecapsulationKey::import_expanded(key));
  }
  if (strip(key, MlKem::kBoth, kSeedSize + kExpandedChoice.size() + kDecapsulationKeySize)) {
    const View seed = key.first(kSeedSize);
    View expanded = key.subspan(kSeedSize);
    if (!strip(expanded, kExpandedChoice, kDecapsulationKeySize)) return Error::not_canonical;
    return as_any<Any>(read_both(seed, expanded));
  }
  return reason_of(bytes, KeyFileKind::private_key);
}

Result<AnyDecapsulationKey> read_encrypted(View bytes, View password) noexcept {
  const auto plain = seal::decrypt_key(bytes, password);
  if (!plain) return plain.error();
  auto key = plain->read([](View inside) noexcept { return read_plain(inside); });
  // What a wrong password makes of the bytes now and then has a valid padding.
  if (!key && key.error() == Error::not_a_key) return Error::wrong_password;
  return key;
}

Result<AnyDecapsulationKey> read_private(View bytes, bool encrypted, View password) noexcept {
  return encrypted ? read_encrypted(bytes, password) : read_plain(bytes);
}

Result<LockedBuffer> in_pem(View bytes, std::string_view label) noexcept {
  auto text = LockedBuffer::create(seal::pem_size(label, bytes.size()));
  if (!text) return text;
  const auto done =
      text->write([&](std::span<std::uint8_t> to) noexcept { seal::write_pem(to, label, bytes); });
  if (!done) return done.error();
  return text;
}

}  // namespace

struct KeyFiles {
  template <Kem K>
  static Result<PublicKeyFile> write(const typename K::EncapsulationKey& key,
                                     KeyEncoding encoding) noexcept {
    constexpr auto& kPrefix = Forms<K>::kPublic;
    constexpr std::size_t kSize = kPrefix.size() + K::kEncapsulationKeySize;
    const View content = key.bytes();
    if (content.empty()) return Error::moved_from;
    std::array<std::uint8_t, kSize> all;
    std::ranges::copy(kPrefix, all.begin());
    std::ranges::copy(content, all.begin() + kPrefix.size());
    Result<PublicKeyFile> file(std::in_place);
    if (encoding == KeyEncoding::der) {
      file->size_ = all.size();
      std::ranges::copy(all, file->bytes_.begin());
    } else {
      file->size_ = seal::pem_size(kPublicLabel, all.size());
      seal::write_pem(std::span(file->bytes_).first(file->size_), kPublicLabel, all);
    }
    return file;
  }

  template <Kem K>
  static Result<LockedBuffer> write(const typename K::DecapsulationKey& key, KeyEncoding encoding,
                                    const PasswordProtection* protection) noexcept {
    constexpr auto& kPrefix = Forms<K>::kSeed;
    auto plain = LockedBuffer::create(kPrefix.size() + K::kSeedSize);
    if (!plain) return plain;
    const auto done = plain->write([&](std::span<std::uint8_t> to) noexcept {
      std::ranges::copy(kPrefix, to.begin());
      return key.export_seed(to.subspan(kPrefix.size()).template first<K::kSeedSize>());
    });
    if (!done) return done.error();
    if (protection == nullptr) return encoded(std::move(*plain), encoding, kPrivateLabel);
    auto encrypted =
        plain->read([&](View bytes) noexcept { return seal::encrypt_key(bytes, *protection); });
    if (!encrypted) return encrypted;
    return encoded(std::move(*encrypted), encoding, kEncryptedLabel);
  }

 private:
  static Result<LockedBuffer> encoded(LockedBuffer bytes, KeyEncoding encoding,
                                      std::string_view label) noexcept {
    if (encoding == KeyEncoding::der) return bytes;
    return bytes.read([&](View all) noexcept { return in_pem(all, label); });
  }
};

KeyFileKind kind_of_key_file(View file) noexcept {
  const std::string_view label = seal::pem_label(file);
  if (label.empty()) return der::outline_of(file).kind;
  if (label == kPublicLabel) return KeyFileKind::public_key;
  if (label == kPrivateLabel) return KeyFileKind::private_key;
  if (label == kEncryptedLabel) return KeyFileKind::encrypted_private_key;
  return KeyFileKind::none;
}

Result<PublicKeyFile> write_public_key(const EncapsulationKey& key, KeyEncoding encoding) noexcept {
  return KeyFiles::write<MlKem768>(key, encoding);
}
Result<PublicKeyFile> write_public_key(const xwing::EncapsulationKey& key,
                                       KeyEncoding encoding) noexcept {
  return KeyFiles::write<XWing>(key, encoding);
}

Result<AnyEncapsulationKey> read_public_key(View file) noexcept {
  const auto read = [](View bytes) noexcept -> Result<AnyEncapsulationKey> {
    using Any = AnyEncapsulationKey;
    View key = bytes;
    if (strip(key, Forms<MlKem768>::kPublic, kEncapsulationKeySize)) {
      return as_any<Any>(EncapsulationKey::parse(key));
    }
    if (strip(key, Forms<XWing>::kPublic, xwing::kEncapsulationKeySize)) {
      return as_any<Any>(xwing::EncapsulationKey::parse(key));
    }
    return reason_of(bytes, KeyFileKind::public_key);
  };
  if (seal::pem_label(file).empty()) return read(file);
  const auto pem = seal::find_pem(file);
  if (!pem) return pem.error();
  if (pem->label != kPublicLabel) return Error::not_a_key;
  const auto bytes = seal::decode_pem(*pem);
  if (!bytes) return bytes.error();
  return bytes->read(read);
}

Result<LockedBuffer> write_private_key(const DecapsulationKey& key, KeyEncoding encoding) noexcept {
  return KeyFiles::write<MlKem768>(key, encoding, nullptr);
}
Result<LockedBuffer> write_private_key(const xwing::DecapsulationKey& key,
                                       KeyEncoding encoding) noexcept {
  return KeyFiles::write<XWing>(key, encoding, nullptr);
}
Result<LockedBuffer> write_private_key(const DecapsulationKey& key, KeyEncoding encoding,
                                       PasswordProtection protection) noexcept {
  return KeyFiles::write<MlKem768>(key, encoding, &protection);
}
Result<LockedBuffer> write_private_key(const xwing::DecapsulationKey& key, KeyEncoding encoding,
                                       PasswordProtection protection) noexcept {
  return KeyFiles::write<XWing>(key, encoding, &protection);
}

Result<AnyDecapsulationKey> read_private_key(View file, View password) noexcept {
  // A compiler may have parts of a seed in vectors while it is decoded or compared.
  return seal::cleanly<kReadDepth>([&]() noexcept -> Result<AnyDecapsulationKey> {
    if (seal::pem_label(file).empty()) {
      const bool encrypted = kind_of_key_file(file) == KeyFileKind::encrypted_private_key;
      return read_private(file, encrypted, password);
    }
    const auto pem = seal::find_pem(file);
    if (!pem) return pem.error();
    const bool encrypted = pem->label == kEncryptedLabel;
    if (!encrypted && pem->label != kPrivateLabel) return Error::not_a_key;
    const auto bytes = seal::decode_pem(*pem);
    if (!bytes) return bytes.error();
    return bytes->read(
        [&](View inside) noexcept { return read_private(inside, encrypted, password); });
  });
}

}  // namespace latchkey
