// DECODER: keys from DER (provider-decoder(7)), for the keys of kem_key.hpp. What is PEM, or
// encrypted, libcrypto's default provider turns into DER.
#pragma once

#include "provider/dispatch.hpp"
#include "provider/kem_key.hpp"

namespace latchkey::provider {

// The functions of one kind of input: PrivateKeyInfo, or SubjectPublicKeyInfo.
template <class K, bool is_private>
[[nodiscard]] const OSSL_DISPATCH* decoder_table() noexcept;

}  // namespace latchkey::provider
