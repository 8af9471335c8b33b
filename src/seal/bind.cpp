#include "latchkey/bind.hpp"

#include "api/hash.hpp"
#include "base/try.hpp"
#include "base/wipe.hpp"
#include "crypto/hkdf.hpp"
#include "encoding/integers.hpp"

namespace latchkey {
namespace {

using encoding::Eight;

constexpr std::string_view kLabel = "latchkey-bind-v1";
constexpr std::size_t kShakeRoot = 64;
constexpr std::size_t kMostOfHkdf = 255 * crypto::kSha256Size;

}  // namespace

struct BindingAccess {
  static Result<SessionKeys> make(const SharedSecret& secret, View ek, std::size_t ciphertext_size,
                                  View ciphertext, View context, BindingKdf kdf) noexcept {
    if (kdf != BindingKdf::hkdf_sha256 && kdf != BindingKdf::shake256) {
      return Error::unknown_version;
    }
    if (ek.empty()) return Error::moved_from;
    if (ciphertext.size() != ciphertext_size) return Error::ciphertext_length;
    const OpenSecrets open;
    const auto k = LATCHKEY_TRY(secret.expose());
    Result<SessionKeys> keys(std::in_place);
    keys->kdf_ = kdf;
    auto root = LATCHKEY_TRY(
        LockedBuffer::create(kdf == BindingKdf::shake256 ? kShakeRoot : crypto::kSha256Size));
    const std::uint8_t kdf_byte[] = {static_cast<std::uint8_t>(kdf)};
    const Eight k_size(k.size()), c_size(ciphertext.size()), ek_size(ek.size()),
        context_size(context.size());
    const auto done = root.write([&](std::span<std::uint8_t> out) noexcept -> Result<void> {
      if (kdf == BindingKdf::hkdf_sha256) {
        return crypto::hkdf_extract(out.first<crypto::kSha256Size>(), {},
                                    {bytes_of(kLabel), kdf_byte, k_size, k, c_size, ciphertext,
                                     ek_size, ek, context_size, context});
      }
      hash(out, mlkem::kShake256,
           {bytes_of(kLabel), kdf_byte, k_size, k, c_size, ciphertext, ek_size, ek, context_size,
            context});
      return {};
    });
    if (!done) return done.error();
    // The secret may have been purged before it was used up.
    LATCHKEY_TRY(secret.expose());
    keys->root_ = std::move(root);
    return keys;
  }
};

template <MlKem set>
Result<SessionKeys> SessionKeys::bind(const SharedSecret& secret,
                                      const MlKemEncapsulationKey<set>& key, View ciphertext,
                                      View context, BindingKdf kdf) noexcept {
  return BindingAccess::make(secret, key.bytes(), sizes_of(set).ciphertext, ciphertext, context,
                             kdf);
}

Result<SessionKeys> SessionKeys::bind(const SharedSecret& secret,
                                      const xwing::EncapsulationKey& key, View ciphertext,
                                      View context, BindingKdf kdf) noexcept {
  return BindingAccess::make(secret, key.bytes(), xwing::kCiphertextSize, ciphertext, context, kdf);
}

Result<LockedBuffer> SessionKeys::derive(std::string_view label, std::size_t size) const noexcept {
  if (kdf_ == BindingKdf::hkdf_sha256 && size > kMostOfHkdf) return Error::too_long;
  auto key = LockedBuffer::create(size);
  if (!key) return key;
  const Eight label_size(label.size()), size_bytes(size);
  const auto done = root_.read([&](View root) noexcept {
    return key->write([&](std::span<std::uint8_t> out) noexcept -> Result<void> {
      if (kdf_ == BindingKdf::hkdf_sha256) {
        return crypto::hkdf_expand(out, root,
                                   {bytes_of(kLabel), label_size, bytes_of(label), size_bytes});
      }
      hash(out, mlkem::kShake256,
           {Eight(root.size()), root, bytes_of(kLabel), label_size, bytes_of(label), size_bytes});
      return {};
    });
  });
  if (!done) return done.error();
  return key;
}

#define LATCHKEY_INSTANTIATE(set)                 \
  template Result<SessionKeys> SessionKeys::bind( \
      const SharedSecret&, const MlKemEncapsulationKey<set>&, View, View, BindingKdf) noexcept
LATCHKEY_INSTANTIATE(MlKem::k512);
LATCHKEY_INSTANTIATE(MlKem::k768);
LATCHKEY_INSTANTIATE(MlKem::k1024);
#undef LATCHKEY_INSTANTIATE

}  // namespace latchkey
