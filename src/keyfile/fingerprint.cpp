#include "latchkey/fingerprint.hpp"

#include <algorithm>

#include "base/try.hpp"
#include "crypto/sha256.hpp"
#include "encoding/base64.hpp"
#include "latchkey/key_file.hpp"

namespace latchkey {

struct FingerprintAccess {
  template <class Key>
  static Result<Fingerprint> of(const Key& key) noexcept {
    const auto file = LATCHKEY_TRY(write_public_key(key, KeyEncoding::der));
    Fingerprint made;
    LATCHKEY_TRY(crypto::sha256(made.digest_, file.bytes()));
    static constexpr std::string_view kName = "SHA256:";
    std::array<std::uint8_t, encoding::base64_size(Fingerprint::kDigestSize)> padded;
    encoding::base64_encode(padded, made.digest_);
    auto* const digits = std::ranges::copy(kName, made.text_.data()).out;
    std::copy_n(padded.data(), padded.size() - 1, digits);  // one character of padding
    static_assert(kName.size() + padded.size() - 1 == Fingerprint::kTextSize);
    return made;
  }
};

template <MlKem set>
Result<Fingerprint> fingerprint(const MlKemEncapsulationKey<set>& key) noexcept {
  return FingerprintAccess::of(key);
}
Result<Fingerprint> fingerprint(const xwing::EncapsulationKey& key) noexcept {
  return FingerprintAccess::of(key);
}

template Result<Fingerprint> fingerprint(const mlkem512::EncapsulationKey&) noexcept;
template Result<Fingerprint> fingerprint(const mlkem768::EncapsulationKey&) noexcept;
template Result<Fingerprint> fingerprint(const mlkem1024::EncapsulationKey&) noexcept;

}  // namespace latchkey
