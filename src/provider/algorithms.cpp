// The list of what the provider has. libcrypto reads it when it looks for an algorithm.
#include "provider/decoder.hpp"
#include "provider/dispatch.hpp"
#include "provider/encoder.hpp"
#include "provider/kem.hpp"
#include "provider/keymgmt_kem.hpp"
#include "provider/keymgmt_tls.hpp"

namespace latchkey::provider {
namespace {

constexpr OSSL_ALGORITHM algorithm(const char* names, const OSSL_DISPATCH* table,
                                   const char* description) noexcept {
  return {names, kProperties, table, description};
}
constexpr OSSL_ALGORITHM kEndOfList = {nullptr, nullptr, nullptr, nullptr};

template <class K>
constexpr OSSL_ALGORITHM key_of_kem() noexcept {
  return algorithm(KemKey<K>::kNames, kKemKeyTable<K>.rows, "Latchkey");
}
template <Group group>
constexpr OSSL_ALGORITHM key_of_group() noexcept {
  return algorithm(TlsKey<group>::kNames, kTlsKeyTable<group>.rows, "Latchkey, for TLS");
}
template <class Key>
constexpr OSSL_ALGORITHM kem_of() noexcept {
  return algorithm(Key::kNames, kKemTable<Key>.rows, "Latchkey");
}

constexpr OSSL_ALGORITHM kKeyManagements[] = {
    key_of_kem<MlKem512>(),
    key_of_kem<MlKem768>(),
    key_of_kem<MlKem1024>(),
    key_of_kem<XWing>(),
    key_of_group<Group::x25519_mlkem768>(),
    key_of_group<Group::secp256r1_mlkem768>(),
    key_of_group<Group::secp384r1_mlkem1024>(),
    key_of_group<Group::mlkem512>(),
    key_of_group<Group::mlkem768>(),
    key_of_group<Group::mlkem1024>(),
    kEndOfList,
};

constexpr OSSL_ALGORITHM kKems[] = {
    kem_of<KemKey<MlKem512>>(),
    kem_of<KemKey<MlKem768>>(),
    kem_of<KemKey<MlKem1024>>(),
    kem_of<KemKey<XWing>>(),
    kem_of<TlsKey<Group::x25519_mlkem768>>(),
    kem_of<TlsKey<Group::secp256r1_mlkem768>>(),
    kem_of<TlsKey<Group::secp384r1_mlkem1024>>(),
    kem_of<TlsKey<Group::mlkem512>>(),
    kem_of<TlsKey<Group::mlkem768>>(),
    kem_of<TlsKey<Group::mlkem1024>>(),
    kEndOfList,
};

// An encoder or a decoder of keys, found by its properties.
template <class K, Structure structure, Output output>
OSSL_ALGORITHM encoder_of(const char* properties) noexcept {
  return {KemKey<K>::kNames, properties, encoder_table<K, structure, output>(), "Latchkey"};
}
template <class K, bool is_private>
OSSL_ALGORITHM decoder_of(const char* properties) noexcept {
  return {KemKey<K>::kNames, properties, decoder_table<K, is_private>(), "Latchkey"};
}

// Where a program leaves the structure open, libcrypto takes the last one that fits: a
// PrivateKeyInfo rather than an encrypted one, which needs a cipher.
#define LATCHKEY_ENCODERS(K)                                                 \
  encoder_of<K, Structure::encrypted_info, Output::der>(                     \
      "provider=latchkey,output=der,structure=EncryptedPrivateKeyInfo"),     \
      encoder_of<K, Structure::encrypted_info, Output::pem>(                 \
          "provider=latchkey,output=pem,structure=EncryptedPrivateKeyInfo"), \
      encoder_of<K, Structure::private_info, Output::der>(                   \
          "provider=latchkey,output=der,structure=PrivateKeyInfo"),          \
      encoder_of<K, Structure::private_info, Output::pem>(                   \
          "provider=latchkey,output=pem,structure=PrivateKeyInfo"),          \
      encoder_of<K, Structure::public_info, Output::der>(                    \
          "provider=latchkey,output=der,structure=SubjectPublicKeyInfo"),    \
      encoder_of<K, Structure::public_info, Output::pem>(                    \
          "provider=latchkey,output=pem,structure=SubjectPublicKeyInfo"),    \
      encoder_of<K, Structure::text, Output::der>("provider=latchkey,output=text")
#define LATCHKEY_DECODERS(K)                                                   \
  decoder_of<K, true>("provider=latchkey,input=der,structure=PrivateKeyInfo"), \
      decoder_of<K, false>("provider=latchkey,input=der,structure=SubjectPublicKeyInfo")

const OSSL_ALGORITHM kEncoders[] = {LATCHKEY_ENCODERS(MlKem512), LATCHKEY_ENCODERS(MlKem768),
                                    LATCHKEY_ENCODERS(MlKem1024), LATCHKEY_ENCODERS(XWing),
                                    kEndOfList};
const OSSL_ALGORITHM kDecoders[] = {LATCHKEY_DECODERS(MlKem512), LATCHKEY_DECODERS(MlKem768),
                                    LATCHKEY_DECODERS(MlKem1024), LATCHKEY_DECODERS(XWing),
                                    kEndOfList};
// Where libcrypto has ML-KEM itself: it would take our decoders rather than its own, and then our
// keys.
const OSSL_ALGORITHM kEncodersOfXWing[] = {LATCHKEY_ENCODERS(XWing), kEndOfList};
const OSSL_ALGORITHM kDecodersOfXWing[] = {LATCHKEY_DECODERS(XWing), kEndOfList};
#undef LATCHKEY_ENCODERS
#undef LATCHKEY_DECODERS

}  // namespace

const OSSL_ALGORITHM* algorithms_of(const Context& context, int operation) noexcept {
  switch (operation) {
    case OSSL_OP_KEYMGMT:
      return kKeyManagements;
    case OSSL_OP_KEM:
      return kKems;
    case OSSL_OP_ENCODER:
      return context.settings.stands_aside ? kEncodersOfXWing : kEncoders;
    case OSSL_OP_DECODER:
      return context.settings.stands_aside ? kDecodersOfXWing : kDecoders;
    default:
      return nullptr;
  }
}

}  // namespace latchkey::provider
