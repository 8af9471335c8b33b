// Files with keys of the OpenSSL provider, read and written by libcrypto's own calls: what is
// accepted is a key that works, and is written and read again as the same key.

#include <openssl/conf.h>
#include <openssl/core_names.h>
#include <openssl/decoder.h>
#include <openssl/encoder.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/provider.h>

#include <memory>
#include <string>

#include "keys.hpp"
#include "targets.hpp"

extern "C" OSSL_provider_init_fn OSSL_provider_init;

namespace latchkey::fuzz {
namespace {

template <auto f>
struct Frees {
  template <class T>
  void operator()(T* object) const {
    f(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Frees<EVP_PKEY_free>>;
using Operation = std::unique_ptr<EVP_PKEY_CTX, Frees<EVP_PKEY_CTX_free>>;
using Encoder = std::unique_ptr<OSSL_ENCODER_CTX, Frees<OSSL_ENCODER_CTX_free>>;
using Decoder = std::unique_ptr<OSSL_DECODER_CTX, Frees<OSSL_DECODER_CTX_free>>;

// The provider, linked in, with a line in its section.
OSSL_LIB_CTX* library_with(const std::string& line) {
  OSSL_LIB_CTX* const library = OSSL_LIB_CTX_new();
  require(OSSL_PROVIDER_add_builtin(library, "latchkey", OSSL_provider_init) == 1,
          "libcrypto takes the provider");
  const std::string text =
      "openssl_conf = start\n[start]\nproviders = list\n[list]\ndefault = of_default\n"
      "latchkey = of_latchkey\n[of_default]\nactivate = 1\n[of_latchkey]\nactivate = 1\n" +
      line + "\n";
  BIO* const input = BIO_new_mem_buf(text.data(), static_cast<int>(text.size()));
  CONF* const conf = NCONF_new_ex(library, nullptr);
  require(NCONF_load_bio(conf, input, nullptr) == 1 && CONF_modules_load(conf, nullptr, 0) == 1 &&
              OSSL_PROVIDER_available(library, "latchkey") == 1,
          "the provider loads");
  NCONF_free(conf);
  BIO_free(input);
  return library;
}

Key generate(OSSL_LIB_CTX* library, const char* name, std::size_t seed_size) {
  Bytes seed(seed_size, 0x4c);
  const OSSL_PARAM params[] = {OSSL_PARAM_construct_octet_string("seed", seed.data(), seed.size()),
                               OSSL_PARAM_construct_end()};
  const Operation operation(EVP_PKEY_CTX_new_from_name(library, name, nullptr));
  EVP_PKEY* key = nullptr;
  require(EVP_PKEY_keygen_init(operation.get()) == 1 &&
              EVP_PKEY_CTX_set_params(operation.get(), params) == 1 &&
              EVP_PKEY_generate(operation.get(), &key) == 1,
          "a key is made of its seed");
  return Key(key);
}

// Empty on an error.
Bytes encode(const Key& key, int selection, const char* type, const char* structure) {
  const Encoder encoder(
      OSSL_ENCODER_CTX_new_for_pkey(key.get(), selection, type, structure, nullptr));
  unsigned char* data = nullptr;
  std::size_t size = 0;
  if (OSSL_ENCODER_to_data(encoder.get(), &data, &size) != 1) return {};
  Bytes bytes(data, data + size);
  OPENSSL_clear_free(data, size);
  return bytes;
}
Bytes private_der(const Key& key) { return encode(key, EVP_PKEY_KEYPAIR, "DER", "PrivateKeyInfo"); }
Bytes public_der(const Key& key) {
  return encode(key, EVP_PKEY_PUBLIC_KEY, "DER", "SubjectPublicKeyInfo");
}

// Null on an error.
Key decode(OSSL_LIB_CTX* library, int selection, View der) {
  EVP_PKEY* key = nullptr;
  const Decoder decoder(
      OSSL_DECODER_CTX_new_for_pkey(&key, "DER", nullptr, nullptr, selection, library, nullptr));
  const unsigned char* at = der.data();
  std::size_t size = der.size();
  const bool done = OSSL_DECODER_from_data(decoder.get(), &at, &size) == 1;
  require(done || key == nullptr, "an error gives no key");
  return Key(key);
}

struct Files {
  OSSL_LIB_CTX* library;  // of the provider with its usual settings
  std::vector<Bytes> of_private_keys, of_public_keys;
};

// One of each kind and form.
const Files& files() {
  static const Files made = [] {
    Files all{library_with(""), {}, {}};
    for (const char* const form :
         {"seed-priv", "priv-only", "seed-only", "oqskeypair", "bare-seed", "bare-priv"}) {
      OSSL_LIB_CTX* const library = library_with(std::string("ml-kem.output_formats = ") + form);
      for (const char* const name : {"ML-KEM-512", "ML-KEM-768", "ML-KEM-1024", "X-Wing"}) {
        const Key key = generate(library, name, name[0] == 'X' ? 32 : 64);
        all.of_private_keys.push_back(private_der(key));
        all.of_public_keys.push_back(public_der(key));
        require(!all.of_private_keys.back().empty() && !all.of_public_keys.back().empty(),
                "a key is written");
      }
      OSSL_LIB_CTX_free(library);
    }
    return all;
  }();
  return made;
}

// What a key encapsulates, and what it opens if it has a private half: the same.
void require_that_it_works(OSSL_LIB_CTX* library, const Key& key, bool is_private) {
  const Operation operation(EVP_PKEY_CTX_new_from_pkey(library, key.get(), nullptr));
  Bytes ciphertext(2000), sent(32), got(32);
  std::size_t size = ciphertext.size(), secret_size = sent.size(), got_size = got.size();
  require(EVP_PKEY_encapsulate_init(operation.get(), nullptr) == 1 &&
              EVP_PKEY_encapsulate(operation.get(), ciphertext.data(), &size, sent.data(),
                                   &secret_size) == 1,
          "a key that was read encapsulates");
  if (!is_private) return;
  require(EVP_PKEY_decapsulate_init(operation.get(), nullptr) == 1 &&
              EVP_PKEY_decapsulate(operation.get(), got.data(), &got_size, ciphertext.data(),
                                   size) == 1,
          "a private key that was read decapsulates");
  require(got == sent, "its halves belong together");
}

void require_that_it_is_written(OSSL_LIB_CTX* library, const Key& key, bool is_private) {
  const int selection = is_private ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY;
  const Bytes der = is_private ? private_der(key) : public_der(key);
  require(!der.empty(), "a key that was read is written");
  const Key again = decode(library, selection, der);
  require(again != nullptr && EVP_PKEY_eq(key.get(), again.get()) == 1,
          "what is written is read as the same key");
  require((is_private ? private_der(again) : public_der(again)) == der,
          "it is written again with the same bytes");
  require(!encode(key, selection, "TEXT", nullptr).empty(), "it is printed");
}

}  // namespace

void provider_files(View data) {
  Input input(data);
  const Files& known = files();
  use_row(input);
  const std::uint8_t what = input.byte();
  const bool is_private = what % 2 == 0, is_known = what % 8 < 6;
  Bytes der;
  if (is_known) {
    const auto& list = is_private ? known.of_private_keys : known.of_public_keys;
    der = list[input.byte() % list.size()];
    const Bytes before = der;
    mutate(der, input, 4);
    if (what % 16 > 7) der.resize(input.number() % (der.size() + 16));
    const bool is_whole = der == before;
    const Key key = decode(known.library, is_private ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, der);
    require(!is_whole || key != nullptr, "what was written is read");
    if (key != nullptr) {
      require_that_it_works(known.library, key, is_private);
      require_that_it_is_written(known.library, key, is_private);
    }
  } else {
    der = input.rest();
    if (const Key key = decode(known.library, 0, der)) {
      require_that_it_works(known.library, key, false);
    }
  }
  ERR_clear_error();
}

}  // namespace latchkey::fuzz
