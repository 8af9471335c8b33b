// What the tests of the provider share: EVP's objects, library contexts, and errors.
//
// OPENSSL_MODULES says where the module is.
#pragma once

#include <openssl/conf.h>
#include <openssl/core_names.h>
#include <openssl/decoder.h>
#include <openssl/encoder.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/provider.h>
#include <openssl/x509.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/random.hpp"

namespace latchkey::test {

using Bytes = std::vector<std::uint8_t>;

template <auto f>
struct Frees {
  template <class T>
  void operator()(T* object) const {
    f(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Frees<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Frees<EVP_PKEY_CTX_free>>;
using Encoder = std::unique_ptr<OSSL_ENCODER_CTX, Frees<OSSL_ENCODER_CTX_free>>;
using Decoder = std::unique_ptr<OSSL_DECODER_CTX, Frees<OSSL_DECODER_CTX_free>>;
using Bio = std::unique_ptr<BIO, Frees<BIO_free_all>>;

inline constexpr const char* kNames[] = {"ML-KEM-512", "ML-KEM-768", "ML-KEM-1024", "X-Wing"};

// A library context with the default provider and ours, with these lines in its section.
class Library {
 public:
  explicit Library(const std::string& lines = "") {
    char name[] = "/tmp/latchkey-provider-XXXXXX";
    const int file = mkstemp(name);
    close(file);
    std::ofstream(name) << "openssl_conf = start\n[start]\nproviders = providers\n[providers]\n"
                           "default = of_default\nlatchkey = of_latchkey\n[of_default]\n"
                           "activate = 1\n[of_latchkey]\nactivate = 1\n"
                        << lines << "\n";
    OSSL_LIB_CTX_load_config(context_, name);
    unlink(name);
  }
  ~Library() { OSSL_LIB_CTX_free(context_); }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

  operator OSSL_LIB_CTX*() const { return context_; }
  bool is_loaded() const { return OSSL_PROVIDER_available(context_, "latchkey") == 1; }

 private:
  OSSL_LIB_CTX* context_ = OSSL_LIB_CTX_new();
};

// Where libcrypto has ML-KEM itself, keys are its own unless they are asked of us.
inline constexpr const char* kOurs = "provider=latchkey";

inline KeyContext context_for(OSSL_LIB_CTX* library, const char* name) {
  return KeyContext(EVP_PKEY_CTX_new_from_name(library, name, kOurs));
}
inline KeyContext context_of(OSSL_LIB_CTX* library, const Key& key) {
  return KeyContext(EVP_PKEY_CTX_new_from_pkey(library, key.get(), kOurs));
}

inline Key generated(OSSL_LIB_CTX* library, const char* name, const Bytes& seed = {}) {
  const KeyContext context = context_for(library, name);
  EVP_PKEY* key = nullptr;
  const OSSL_PARAM params[] = {OSSL_PARAM_construct_octet_string(
                                   "seed", const_cast<std::uint8_t*>(seed.data()), seed.size()),
                               OSSL_PARAM_construct_end()};
  REQUIRE(context != nullptr);
  REQUIRE(EVP_PKEY_keygen_init(context.get()) == 1);
  if (!seed.empty()) REQUIRE(EVP_PKEY_CTX_set_params(context.get(), params) == 1);
  REQUIRE(EVP_PKEY_generate(context.get(), &key) == 1);
  return Key(key);
}

inline Bytes octets_of(const Key& key, const char* name) {
  Bytes bytes(4000);
  std::size_t size = 0;
  if (EVP_PKEY_get_octet_string_param(key.get(), name, bytes.data(), bytes.size(), &size) != 1) {
    return {};
  }
  bytes.resize(size);
  return bytes;
}

inline Bytes encoded(const Key& key, const char* type, const char* structure,
                     int selection = EVP_PKEY_KEYPAIR) {
  const Encoder encoder(
      OSSL_ENCODER_CTX_new_for_pkey(key.get(), selection, type, structure, nullptr));
  unsigned char* data = nullptr;
  std::size_t size = 0;
  if (!encoder || OSSL_ENCODER_to_data(encoder.get(), &data, &size) != 1) return {};
  const Bytes bytes(data, data + size);
  OPENSSL_free(data);
  return bytes;
}
inline Bytes private_der(const Key& key) { return encoded(key, "DER", "PrivateKeyInfo"); }
inline Bytes public_der(const Key& key) {
  return encoded(key, "DER", "SubjectPublicKeyInfo", EVP_PKEY_PUBLIC_KEY);
}

inline Key decoded_private(OSSL_LIB_CTX* library, const Bytes& der) {
  const unsigned char* at = der.data();
  return Key(d2i_AutoPrivateKey_ex(nullptr, &at, static_cast<long>(der.size()), library, nullptr));
}
inline Key decoded_public(OSSL_LIB_CTX* library, const Bytes& der) {
  const unsigned char* at = der.data();
  return Key(d2i_PUBKEY_ex(nullptr, &at, static_cast<long>(der.size()), library, nullptr));
}

// Empties libcrypto's list of errors of this thread; the text of the last one of ours, or "".
inline std::string last_error() {
  std::string ours;
  const char *file, *function, *data;
  int line, flags;
  for (unsigned long error;
       (error = ERR_get_error_all(&file, &line, &function, &data, &flags)) != 0;) {
    const char* const library = ERR_lib_error_string(error);
    // A module that was not loaded has no name any more.
    if (library != nullptr && std::string(library) != "latchkey") continue;
    const char* const reason = ERR_reason_error_string(error);
    ours =
        std::string(reason == nullptr ? "" : reason) + ((flags & ERR_TXT_STRING) != 0 ? data : "");
  }
  return ours;
}

}  // namespace latchkey::test
