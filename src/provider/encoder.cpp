#include "provider/encoder.hpp"

#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include <string_view>

#include "base/stack.hpp"
#include "base/try.hpp"
#include "crypto/clean.hpp"
#include "encoding/pem.hpp"
#include "latchkey/secret_memory.hpp"
#include "provider/core_bio.hpp"
#include "provider/key_info.hpp"
#include "provider/key_text.hpp"
#include "provider/keymgmt_kem.hpp"

namespace latchkey::provider {
namespace {

using Cipher = crypto::Owned<EVP_CIPHER, EVP_CIPHER_free>;

// libcrypto's name and properties of a cipher have fewer bytes.
constexpr std::size_t kNameSize = 128;
// Bytes of a passphrase, as libcrypto's own encoders have room for.
constexpr std::size_t kPassphraseSize = 1024;
// How deep encryption under a passphrase goes, in bytes of stack.
constexpr std::size_t kEncryptionDepth = 16 * 1024;

// An encoder at work.
struct Work {
  explicit Work(const Context& of) noexcept : context(of) {}

  const Context& context;
  Cipher cipher;
  bool encrypts = false;
};

// ---- Encryption under a passphrase

// An object that libcrypto wrote.
struct Encoded {
  unsigned char* data = nullptr;
  int size = 0;

  Encoded() noexcept = default;
  ~Encoded() { OPENSSL_free(data); }
  Encoded(const Encoded&) = delete;
  Encoded& operator=(const Encoded&) = delete;
};

// Errors: crypto_failed.
Result<void> encrypt(Encoded& out, const Work& work, View info, View passphrase) noexcept {
  const unsigned char* at = info.data();
  const crypto::Owned<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free> plain(
      d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, static_cast<long>(info.size())));
  if (!plain) return Error::crypto_failed;
  const crypto::Owned<X509_SIG, X509_SIG_free> encrypted(
      PKCS8_encrypt_ex(-1, work.cipher.get(), reinterpret_cast<const char*>(passphrase.data()),
                       static_cast<int>(passphrase.size()), nullptr, 0, 0, plain.get(),
                       work.context.child, nullptr));
  if (!encrypted) return Error::crypto_failed;
  out.size = i2d_X509_SIG(encrypted.get(), &out.data);
  if (out.size <= 0) return Error::crypto_failed;
  return {};
}

// The same with the passphrase that the program is asked for.
Result<void> encrypt(Encoded& out, const Work& work, View info, OSSL_PASSPHRASE_CALLBACK* ask,
                     void* argument) noexcept {
  base::Scrubbed<std::array<char, kPassphraseSize>> passphrase;
  std::size_t size = 0;
  if (ask == nullptr ||
      ask(passphrase->data(), passphrase->size(), &size, nullptr, argument) != 1 ||
      size > passphrase->size()) {
    return Error::password_needed;
  }
  const View given(reinterpret_cast<const std::uint8_t*>(passphrase->data()), size);
  return crypto::cleanly<kEncryptionDepth>(
      [&]() noexcept { return encrypt(out, work, info, given); });
}

// ---- Writing

Result<void> write(const Work& work, OSSL_CORE_BIO* out, View der, std::string_view label,
                   Output output) noexcept {
  if (output == Output::der) {
    return write_all(work.context, out, der) ? Result<void>() : Error::write_failed;
  }
  auto text = LATCHKEY_TRY(LockedBuffer::create(encoding::pem_size(label, der.size())));
  LATCHKEY_TRY(text.write(
      [&](std::span<std::uint8_t> to) noexcept { encoding::write_pem(to, label, der); }));
  return text.read([&](View all) noexcept -> Result<void> {
    if (!write_all(work.context, out, all)) return Error::write_failed;
    return {};
  });
}

template <class K>
Result<void> write_public(const Work& work, OSSL_CORE_BIO* out, const KemKey<K>& key,
                          Output output) noexcept {
  PublicInfo<K> info;
  LATCHKEY_TRY(write_public_info(info, key));
  return write(work, out, info, "PUBLIC KEY", output);
}

template <class K>
Result<void> write_private(const Work& work, OSSL_CORE_BIO* out, const KemKey<K>& key,
                           Output output, OSSL_PASSPHRASE_CALLBACK* ask, void* argument) noexcept {
  const auto info = LATCHKEY_TRY(write_private_info(key));
  return info.read([&](View der) noexcept -> Result<void> {
    if (!work.encrypts) return write(work, out, der, "PRIVATE KEY", output);
    Encoded encrypted;
    LATCHKEY_TRY(encrypt(encrypted, work, der, ask, argument));
    const View all(encrypted.data, static_cast<std::size_t>(encrypted.size));
    return write(work, out, all, "ENCRYPTED PRIVATE KEY", output);
  });
}

// ---- libcrypto's functions

void* create(void* provider) noexcept {
  const auto& context = *static_cast<const Context*>(provider);
  auto* const work = make<Work>(context);
  if (work == nullptr) fail(context, Error::no_memory);
  return work;
}

void release(void* work) noexcept { destroy(static_cast<Work*>(work)); }

const OSSL_PARAM* settable(void*) noexcept {
  static constexpr OSSL_PARAM kParams[] = {text(OSSL_ENCODER_PARAM_CIPHER),
                                           text(OSSL_ENCODER_PARAM_PROPERTIES), kEnd};
  return kParams;
}

// The cipher to encrypt with. One without a name means that nothing is encrypted.
int set_params(void* state, const OSSL_PARAM params[]) noexcept {
  auto& work = *static_cast<Work*>(state);
  const OSSL_PARAM* const cipher = find(params, OSSL_ENCODER_PARAM_CIPHER);
  if (cipher == nullptr) return 1;
  std::array<char, kNameSize> name{}, properties{};
  char* const name_at = name.data();
  char* const properties_at = properties.data();
  char* to = name_at;
  if (cipher->data != nullptr && OSSL_PARAM_get_utf8_string(cipher, &to, name.size()) != 1) {
    return fail(work.context, Error::unknown_value);
  }
  to = properties_at;
  const OSSL_PARAM* const wanted = find(params, OSSL_ENCODER_PARAM_PROPERTIES);
  if (wanted != nullptr && wanted->data != nullptr &&
      OSSL_PARAM_get_utf8_string(wanted, &to, properties.size()) != 1) {
    return fail(work.context, Error::unknown_value);
  }
  work.cipher.reset();
  work.encrypts = *name_at != 0;
  if (!work.encrypts) return 1;
  work.cipher.reset(EVP_CIPHER_fetch(work.context.child, name_at, properties_at));
  return work.cipher ? 1
                     : fail(work.context, Error::crypto_failed, "there is no cipher '%s'", name_at);
}

// Of a private key, its public half, and parameters, the first that is asked for decides.
template <Structure structure>
int does_selection(void*, int selection) noexcept {
  if (structure == Structure::text) return (selection & OSSL_KEYMGMT_SELECT_ALL) != 0;
  const bool is_public = structure == Structure::public_info;
  if ((selection & OSSL_KEYMGMT_SELECT_PRIVATE_KEY) != 0) return !is_public;
  return (selection & OSSL_KEYMGMT_SELECT_PUBLIC_KEY) != 0 && is_public;
}

template <class K, Structure structure, Output output>
int encode(void* state, OSSL_CORE_BIO* out, const void* object, const OSSL_PARAM abstract[],
           int selection, OSSL_PASSPHRASE_CALLBACK* ask, void* argument) noexcept {
  const auto& work = *static_cast<const Work*>(state);
  // What is no key of ours comes by import_object() before.
  if (object == nullptr || abstract != nullptr) {
    return fail(work.context, Error::null_argument, "there is no key to encode");
  }
  const auto& key = *static_cast<const KemKey<K>*>(object);
  if constexpr (structure == Structure::text) {
    if (!key.has_public()) return fail(work.context, Error::not_a_key, "the key is empty");
    return write_text(key, out, (selection & OSSL_KEYMGMT_SELECT_PRIVATE_KEY) != 0);
  } else if constexpr (structure == Structure::public_info) {
    return finish(work.context, write_public(work, out, key, output));
  } else {
    if (!key.has_private()) {
      return fail(work.context, Error::not_a_key, "the key has no private half");
    }
    if (structure == Structure::encrypted_info && !work.encrypts) {
      return fail(work.context, Error::null_argument, "no cipher was given");
    }
    return finish(work.context, write_private(work, out, key, output, ask, argument));
  }
}

// A key of another provider.
template <class K>
void* import_object(void* state, int selection, const OSSL_PARAM params[]) noexcept {
  const Context& context = static_cast<const Work*>(state)->context;
  auto* const key = make<KemKey<K>>(context);
  if (key == nullptr) {
    fail(context, Error::no_memory);
    return nullptr;
  }
  const auto done = KemKeyFunctions<K>::import(*key, selection, params);
  if (done) return key;
  fail(context, done.error());
  destroy(key);
  return nullptr;
}
template <class K>
void free_object(void* key) noexcept {
  destroy(static_cast<KemKey<K>*>(key));
}

template <class K, Structure structure, Output output>
const OSSL_DISPATCH kTable[] = {
    row(OSSL_FUNC_ENCODER_NEWCTX, create),
    row(OSSL_FUNC_ENCODER_FREECTX, release),
    row(OSSL_FUNC_ENCODER_SET_CTX_PARAMS, set_params),
    row(OSSL_FUNC_ENCODER_SETTABLE_CTX_PARAMS, settable),
    row(OSSL_FUNC_ENCODER_DOES_SELECTION, does_selection<structure>),
    row(OSSL_FUNC_ENCODER_ENCODE, encode<K, structure, output>),
    row(OSSL_FUNC_ENCODER_IMPORT_OBJECT, import_object<K>),
    row(OSSL_FUNC_ENCODER_FREE_OBJECT, free_object<K>),
    kEndOfTable,
};

}  // namespace

template <class K, Structure structure, Output output>
const OSSL_DISPATCH* encoder_table() noexcept {
  return kTable<K, structure, output>;
}

#define LATCHKEY_OUTPUT(K, structure, output) \
  template const OSSL_DISPATCH* encoder_table<K, Structure::structure, Output::output>() noexcept
#define LATCHKEY_INSTANTIATE(K)            \
  LATCHKEY_OUTPUT(K, public_info, der);    \
  LATCHKEY_OUTPUT(K, public_info, pem);    \
  LATCHKEY_OUTPUT(K, private_info, der);   \
  LATCHKEY_OUTPUT(K, private_info, pem);   \
  LATCHKEY_OUTPUT(K, encrypted_info, der); \
  LATCHKEY_OUTPUT(K, encrypted_info, pem); \
  LATCHKEY_OUTPUT(K, text, der)
LATCHKEY_INSTANTIATE(MlKem512);
LATCHKEY_INSTANTIATE(MlKem768);
LATCHKEY_INSTANTIATE(MlKem1024);
LATCHKEY_INSTANTIATE(XWing);
#undef LATCHKEY_INSTANTIATE
#undef LATCHKEY_OUTPUT

}  // namespace latchkey::provider
