#include "keyfile/password.hpp"

#include <openssl/x509.h>

#include "base/bytes.hpp"
#include "base/try.hpp"
#include "crypto/libcrypto.hpp"
#include "crypto/pbes2.hpp"

namespace latchkey::keyfile {
namespace {

using crypto::Direction;

constexpr std::size_t kMaxPassword = 1 << 16;  // bytes

using Envelope = crypto::Owned<X509_SIG, X509_SIG_free>;

Envelope read_envelope(View der) noexcept {
  const unsigned char* at = der.data();
  return Envelope(d2i_X509_SIG(nullptr, &at, static_cast<long>(der.size())));
}

Result<void> check_password(View password) noexcept {
  if (password.empty()) return Error::password_needed;
  if (password.size() > kMaxPassword) return Error::too_long;
  return {};
}

}  // namespace

Result<LockedBuffer> encrypt_key(View key, PasswordProtection protection) noexcept {
  LATCHKEY_TRY(check_password(protection.password));
  const crypto::OwnErrors errors;
  const auto algorithm = LATCHKEY_TRY(crypto::new_pbes2(protection.hash));
  const auto encrypted = LATCHKEY_TRY(
      crypto::pbes2_crypt(algorithm.get(), protection.password, key, Direction::encrypt));
  const Envelope envelope(X509_SIG_new());
  if (!envelope) return Error::crypto_failed;
  X509_ALGOR* its_algorithm;
  ASN1_OCTET_STRING* its_content;
  X509_SIG_getm(envelope.get(), &its_algorithm, &its_content);
  const auto done = encrypted.read([&](View bytes) noexcept -> Result<void> {
    const int size = static_cast<int>(bytes.size());
    if (X509_ALGOR_copy(its_algorithm, algorithm.get()) != 1 ||
        ASN1_OCTET_STRING_set(its_content, bytes.data(), size) != 1) {
      return Error::crypto_failed;
    }
    return {};
  });
  if (!done) return done.error();
  const crypto::Encoding der(envelope.get(), ASN1_ITEM_rptr(X509_SIG));
  if (der.bytes().empty()) return Error::crypto_failed;
  return LockedBuffer::copy_of(der.bytes());
}

Result<LockedBuffer> decrypt_key(View der, View password) noexcept {
  const crypto::OwnErrors errors;
  const Envelope envelope = read_envelope(der);
  if (!envelope) return errors.no_memory_or(Error::not_a_key);
  LATCHKEY_TRY(crypto::check_encoding(envelope.get(), ASN1_ITEM_rptr(X509_SIG), der));
  const X509_ALGOR* algorithm;
  const ASN1_OCTET_STRING* content;
  X509_SIG_get0(envelope.get(), &algorithm, &content);
  // Before the password is asked for: whoever has none is told that it would not help.
  LATCHKEY_TRY(crypto::check_pbes2(algorithm));
  LATCHKEY_TRY(check_password(password));
  const View encrypted(ASN1_STRING_get0_data(content),
                       static_cast<std::size_t>(ASN1_STRING_length(content)));
  return crypto::pbes2_crypt(algorithm, password, encrypted, Direction::decrypt);
}

}  // namespace latchkey::keyfile
