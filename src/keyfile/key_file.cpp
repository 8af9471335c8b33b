// Key files (RFC 9935; RFC 5958; RFC 7468). What is written is a fixed prefix (der.hpp) and the
// key's bytes.
#include "latchkey/key_file.hpp"

#include <algorithm>
#include <string_view>

#include "base/bytes.hpp"
#include "base/try.hpp"
#include "crypto/clean.hpp"
#include "encoding/der.hpp"
#include "encoding/pem.hpp"
#include "keyfile/algorithms.hpp"
#include "keyfile/der_outline.hpp"
#include "keyfile/password.hpp"
#include "keyfile/plain_key.hpp"
#include "keyfile/public_key_info.hpp"

namespace latchkey {
namespace {

constexpr std::string_view kPublicLabel = "PUBLIC KEY", kPrivateLabel = "PRIVATE KEY",
                           kEncryptedLabel = "ENCRYPTED PRIVATE KEY";
// The labels of what a command can need: one kind each.
constexpr std::array kPublicLabels = {kPublicLabel};
constexpr std::array kPrivateLabels = {kPrivateLabel, kEncryptedLabel};

// How much stack reading a key takes, in bytes, a password left aside.
constexpr std::size_t kReadDepth = 20 * 1024;

// What comes before a seed within the OCTET STRING: the tag of RFC 9935, section 6, and nothing for
// X-Wing.
template <class K>
constexpr auto first_of_seed() {
  if constexpr (std::is_same_v<K, XWing>) {
    return encoding::der::Octets<0>{};
  } else {
    return encoding::der::header<K::kSeedSize>(encoding::der::kContext0);
  }
}

// What comes before the bytes of a key that is written.
template <class K>
struct Forms {
  static constexpr auto kPublic =
      encoding::der::public_key_prefix<K::kEncapsulationKeySize>(keyfile::identifier_of<K>());
  static constexpr auto kSeed = encoding::der::private_key_prefix<K::kSeedSize>(
      keyfile::identifier_of<K>(), first_of_seed<K>());
};

static_assert(Forms<MlKem768>::kSeed.size() + kSeedSize == 86);  // RFC 9935, appendix C
static_assert(Forms<XWing>::kSeed.size() + xwing::kSeedSize == 54);

template <class K>
Result<AnyEncapsulationKey> parse_public_key(View bytes) noexcept {
  auto key = LATCHKEY_TRY(K::EncapsulationKey::parse(bytes));
  return AnyEncapsulationKey(std::move(key));
}

Result<AnyEncapsulationKey> read_public_der(View der) noexcept {
  const auto info = LATCHKEY_TRY(keyfile::parse_public_key_info(der));
  switch (info.algorithm) {
    case keyfile::Algorithm::mlkem512:
      return parse_public_key<MlKem512>(info.key);
    case keyfile::Algorithm::mlkem768:
      return parse_public_key<MlKem768>(info.key);
    case keyfile::Algorithm::mlkem1024:
      return parse_public_key<MlKem1024>(info.key);
    case keyfile::Algorithm::xwing:
      return parse_public_key<XWing>(info.key);
  }
  return Error::other_algorithm;  // there is no such value
}

// Whether a file is meant to be PEM, with objects of whatever kind.
bool is_pem(View file) noexcept {
  std::string_view text = text_of(file);
  return !encoding::next_pem_label(text).empty();
}

// The object in a file that is a private key.
struct PrivateObject {
  View der;
  bool encrypted;
  View place;  // in the file: all of it in DER, the object with its lines in PEM
};

// Calls f(PrivateObject). Errors: those of f; too_long, not_a_key, several_keys, not_canonical,
// those on memory.
template <class F>
auto with_private_object(View file, F f) noexcept -> decltype(f(PrivateObject())) {
  if (file.size() > kMaxKeyFileSize) return Error::too_long;
  if (!is_pem(file)) {
    const bool encrypted = kind_of_key_file(file) == KeyFileKind::encrypted_private_key;
    return f(PrivateObject{file, encrypted, file});
  }
  const auto pem = LATCHKEY_TRY(encoding::find_pem(file, kPrivateLabels));
  const auto bytes = LATCHKEY_TRY(encoding::decode_pem(pem));
  return bytes.read([&](View der) noexcept {
    return f(PrivateObject{der, pem.label == kEncryptedLabel, pem.whole});
  });
}

// Calls f with the DER of a private key that was encrypted. Errors: those of f, of decrypt_key().
template <class F>
auto with_decrypted(View der, View password, F f) noexcept -> decltype(f(der)) {
  const auto plain = LATCHKEY_TRY(keyfile::decrypt_key(der, password));
  auto result = plain.read(f);
  // What a wrong password makes of the bytes now and then has a valid padding.
  if (!result && result.error() == Error::not_a_key) return Error::wrong_password;
  return result;
}

Result<AnyDecapsulationKey> read_encrypted(View der, View password) noexcept {
  return with_decrypted(der, password,
                        [](View plain) noexcept { return keyfile::read_plain_key(plain); });
}

Result<LockedBuffer> in_pem(View bytes, std::string_view label,
                            encoding::LineEnd line_end) noexcept {
  if (bytes.size() > kMaxKeyFileSize / 4 * 3) return Error::too_long;  // it would not be read
  auto text = LockedBuffer::create(encoding::pem_size(label, bytes.size(), line_end));
  if (!text) return text;
  const auto done = text->write([&](std::span<std::uint8_t> to) noexcept {
    encoding::write_pem(to, label, bytes, line_end);
  });
  if (!done) return done.error();
  return text;
}

// `file` with `by` in the place of one of its parts.
Result<LockedBuffer> with_replaced(View file, View part, View by) noexcept {
  const auto begin = static_cast<std::size_t>(part.data() - file.data());
  const std::size_t size = file.size() - part.size() + by.size();
  if (size > kMaxKeyFileSize) return Error::too_long;
  auto all = LockedBuffer::create(size);
  if (!all) return all;
  const auto done = all->write([&](std::span<std::uint8_t> to) noexcept {
    auto* at = std::ranges::copy(file.first(begin), to.data()).out;
    at = std::ranges::copy(by, at).out;
    std::ranges::copy(file.subspan(begin + part.size()), at);
  });
  if (!done) return done.error();
  return all;
}

}  // namespace

struct KeyFileAccess {
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
      file->size_ = encoding::pem_size(kPublicLabel, all.size());
      encoding::write_pem(std::span(file->bytes_).first(file->size_), kPublicLabel, all);
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
    return plain->read([&](View der) noexcept { return protect(der, encoding, protection); });
  }

  // The same file with its private key under that protection, or none.
  static Result<LockedBuffer> rewrite(View file, View password,
                                      const PasswordProtection* protection) noexcept {
    return crypto::cleanly<kReadDepth>([&]() noexcept {
      return with_private_object(file, [&](const PrivateObject& object) noexcept {
        const auto write_again = [&](View plain) noexcept -> Result<LockedBuffer> {
          // What cannot be read is not written.
          LATCHKEY_TRY(keyfile::read_plain_key(plain));
          const KeyEncoding encoding = is_pem(file) ? KeyEncoding::pem : KeyEncoding::der;
          const auto written = LATCHKEY_TRY(
              protect(plain, encoding, protection, encoding::line_end_of(object.place)));
          return written.read(
              [&](View bytes) noexcept { return with_replaced(file, object.place, bytes); });
        };
        return object.encrypted ? with_decrypted(object.der, password, write_again)
                                : write_again(object.der);
      });
    });
  }

 private:
  // The file of a private key in DER.
  static Result<LockedBuffer> protect(View plain, KeyEncoding encoding,
                                      const PasswordProtection* protection,
                                      encoding::LineEnd line_end = encoding::LineEnd::lf) noexcept {
    auto bytes = protection == nullptr ? LockedBuffer::copy_of(plain)
                                       : keyfile::encrypt_key(plain, *protection);
    if (!bytes || encoding == KeyEncoding::der) return bytes;
    const auto label = protection == nullptr ? kPrivateLabel : kEncryptedLabel;
    return bytes->read([&](View all) noexcept { return in_pem(all, label, line_end); });
  }
};

KeyFileKind kind_of_key_file(View file) noexcept {
  std::string_view text = text_of(file);
  std::string_view label = encoding::next_pem_label(text);
  if (label.empty()) return keyfile::outline_of(file).kind;
  KeyFileKind kind = KeyFileKind::none;
  for (; !label.empty(); label = encoding::next_pem_label(text)) {
    if (label == kPrivateLabel) return KeyFileKind::private_key;
    if (label == kEncryptedLabel) return KeyFileKind::encrypted_private_key;
    if (label == kPublicLabel) kind = KeyFileKind::public_key;
  }
  return kind;
}

template <MlKem set>
Result<PublicKeyFile> write_public_key(const MlKemEncapsulationKey<set>& key,
                                       KeyEncoding encoding) noexcept {
  return KeyFileAccess::write<MlKemOf<set>>(key, encoding);
}
Result<PublicKeyFile> write_public_key(const xwing::EncapsulationKey& key,
                                       KeyEncoding encoding) noexcept {
  return KeyFileAccess::write<XWing>(key, encoding);
}

Result<AnyEncapsulationKey> read_public_key(View file) noexcept {
  if (file.size() > kMaxKeyFileSize) return Error::too_long;
  if (!is_pem(file)) return read_public_der(file);
  const auto pem = LATCHKEY_TRY(encoding::find_pem(file, kPublicLabels));
  const auto bytes = LATCHKEY_TRY(encoding::decode_pem(pem));
  return bytes.read(read_public_der);
}

template <MlKem set>
Result<LockedBuffer> write_private_key(const MlKemDecapsulationKey<set>& key,
                                       KeyEncoding encoding) noexcept {
  return KeyFileAccess::write<MlKemOf<set>>(key, encoding, nullptr);
}
Result<LockedBuffer> write_private_key(const xwing::DecapsulationKey& key,
                                       KeyEncoding encoding) noexcept {
  return KeyFileAccess::write<XWing>(key, encoding, nullptr);
}
template <MlKem set>
Result<LockedBuffer> write_private_key(const MlKemDecapsulationKey<set>& key, KeyEncoding encoding,
                                       PasswordProtection protection) noexcept {
  return KeyFileAccess::write<MlKemOf<set>>(key, encoding, &protection);
}
Result<LockedBuffer> write_private_key(const xwing::DecapsulationKey& key, KeyEncoding encoding,
                                       PasswordProtection protection) noexcept {
  return KeyFileAccess::write<XWing>(key, encoding, &protection);
}

Result<AnyDecapsulationKey> read_private_key(View file, View password) noexcept {
  // A compiler may have parts of a seed in vectors while it is decoded or compared.
  return crypto::cleanly<kReadDepth>([&]() noexcept {
    return with_private_object(file, [&](const PrivateObject& object) noexcept {
      return object.encrypted ? read_encrypted(object.der, password)
                              : keyfile::read_plain_key(object.der);
    });
  });
}

Result<LockedBuffer> set_password(View file, View password,
                                  PasswordProtection protection) noexcept {
  return KeyFileAccess::rewrite(file, password, &protection);
}

Result<LockedBuffer> remove_password(View file, View password) noexcept {
  return KeyFileAccess::rewrite(file, password, nullptr);
}

#define LATCHKEY_INSTANTIATE(set)                                                                 \
  template Result<PublicKeyFile> write_public_key(const MlKemEncapsulationKey<set>&,              \
                                                  KeyEncoding) noexcept;                          \
  template Result<LockedBuffer> write_private_key(const MlKemDecapsulationKey<set>&,              \
                                                  KeyEncoding) noexcept;                          \
  template Result<LockedBuffer> write_private_key(const MlKemDecapsulationKey<set>&, KeyEncoding, \
                                                  PasswordProtection) noexcept
LATCHKEY_INSTANTIATE(MlKem::k512);
LATCHKEY_INSTANTIATE(MlKem::k768);
LATCHKEY_INSTANTIATE(MlKem::k1024);
#undef LATCHKEY_INSTANTIATE

}  // namespace latchkey
