// A key as text for people, as `openssl pkey -text` prints it.
#pragma once

#include "provider/kem_key.hpp"

namespace latchkey::provider {

// Writes the private key with its seed, or the public key alone. 0 on an error, which is in
// libcrypto's list. Both halves of a key may be asked for; a half that is not there is left out.
template <class K>
[[nodiscard]] int write_text(const KemKey<K>& key, OSSL_CORE_BIO* out, bool with_private) noexcept;

}  // namespace latchkey::provider
