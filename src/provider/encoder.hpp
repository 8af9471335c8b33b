// ENCODER: keys as files and as text (provider-encoder(7)), for the keys of kem_key.hpp.
//
// Each kind of output is an algorithm of its own for libcrypto, which finds it by the properties
// "output" and "structure". They are those of OpenSSL 3.5's own ML-KEM: a PrivateKeyInfo becomes an
// EncryptedPrivateKeyInfo where a cipher is given, and an EncryptedPrivateKeyInfo needs one.
#pragma once

#include "provider/dispatch.hpp"
#include "provider/kem_key.hpp"

namespace latchkey::provider {

enum class Structure : std::uint8_t { public_info, private_info, encrypted_info, text };
enum class Output : std::uint8_t { der, pem };  // der stands for text, too

// The functions of one kind of output.
template <class K, Structure structure, Output output>
[[nodiscard]] const OSSL_DISPATCH* encoder_table() noexcept;

}  // namespace latchkey::provider
