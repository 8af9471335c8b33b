// The provider as a program has it: in a library context of libcrypto that an openssl.cnf sets up.
//
// libcrypto looks for the module in the folder OPENSSL_MODULES, which meson sets.
#pragma once

#include <openssl/conf.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>

#include "hybrid/tls_groups.hpp"
#include "provider/groups.hpp"

namespace latchkey::test {

struct FreeObject {
  void operator()(OSSL_LIB_CTX* library) const { OSSL_LIB_CTX_free(library); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_PKEY_CTX* operation) const { EVP_PKEY_CTX_free(operation); }
};
using Library = std::unique_ptr<OSSL_LIB_CTX, FreeObject>;
using Key = std::unique_ptr<EVP_PKEY, FreeObject>;
using Operation = std::unique_ptr<EVP_PKEY_CTX, FreeObject>;

inline constexpr const char* kAllGroups =
    "groups = X25519MLKEM768:SecP256r1MLKEM768:SecP384r1MLKEM1024:MLKEM512:MLKEM768:MLKEM1024\n";

// The properties by which this provider's algorithms are fetched also where libcrypto has its own.
inline constexpr const char* kOurs = "?provider=latchkey";

// A configuration whose section of this provider has these lines.
inline std::string configuration_with(const std::string& lines) {
  return "openssl_conf = init\n[init]\nproviders = all\n[all]\ndefault = other\nlatchkey = ours\n"
         "[other]\nactivate = 1\n[ours]\nactivate = 1\n" +
         lines;
}

// A library context of such a configuration; null if libcrypto refuses it.
inline Library try_library(const std::string& lines) {
  char name[] = "/tmp/latchkey-test-XXXXXX";
  const int file = mkstemp(name);
  const std::string text = configuration_with(lines);
  const bool written =
      file >= 0 && write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  if (file >= 0) close(file);
  Library library(OSSL_LIB_CTX_new());
  const bool done = written && OSSL_LIB_CTX_load_config(library.get(), name) == 1;
  unlink(name);
  return done ? std::move(library) : Library();
}

inline Library library_with(const std::string& lines) {
  Library library = try_library(lines);
  if (!library) {
    ERR_print_errors_fp(stderr);
    throw std::runtime_error("the provider does not load: is OPENSSL_MODULES its folder?");
  }
  return library;
}

// Of the last error in libcrypto's list: that of the library which the provider reported.
inline int last_reason() { return ERR_GET_REASON(ERR_peek_last_error()); }
inline int reason_of(Error error) { return 100 + static_cast<int>(error); }

// ---- What libssl does with a group

template <Group group>
constexpr const provider::GroupRow& kRowOf = provider::kGroups[provider::index_of(group)];

inline Operation begin(OSSL_LIB_CTX* library, const char* algorithm) {
  Operation operation(EVP_PKEY_CTX_new_from_name(library, algorithm, kOurs));
  if (!operation) throw std::runtime_error(std::string("there is no ") + algorithm);
  return operation;
}

// A client's pair.
template <Group group>
Key client_key(OSSL_LIB_CTX* library) {
  const auto operation = begin(library, kRowOf<group>.algorithm);
  EVP_PKEY* key = nullptr;
  if (EVP_PKEY_keygen_init(operation.get()) != 1 ||
      EVP_PKEY_CTX_set_group_name(operation.get(), kRowOf<group>.name) != 1 ||
      EVP_PKEY_keygen(operation.get(), &key) != 1) {
    return {};
  }
  return Key(key);
}

// An empty key, for a client's share.
template <Group group>
Key empty_key(OSSL_LIB_CTX* library) {
  const auto operation = begin(library, kRowOf<group>.algorithm);
  EVP_PKEY* key = nullptr;
  if (EVP_PKEY_paramgen_init(operation.get()) != 1 ||
      EVP_PKEY_CTX_set_group_name(operation.get(), kRowOf<group>.name) != 1 ||
      EVP_PKEY_paramgen(operation.get(), &key) != 1) {
    return {};
  }
  return Key(key);
}

inline bool take_share(EVP_PKEY* key, View share) {
  ERR_clear_error();
  return EVP_PKEY_set1_encoded_public_key(key, share.data(), share.size()) == 1;
}

// The key's share; empty if it has none.
inline Bytes share_of(EVP_PKEY* key) {
  unsigned char* bytes = nullptr;
  const std::size_t size = EVP_PKEY_get1_encoded_public_key(key, &bytes);
  Bytes share(bytes, bytes + size);
  OPENSSL_free(bytes);
  return share;
}

struct Encapsulated {
  Bytes share, secret;  // empty if libcrypto refuses
};
inline Encapsulated encapsulate(OSSL_LIB_CTX* library, EVP_PKEY* key) {
  const Operation operation(EVP_PKEY_CTX_new_from_pkey(library, key, kOurs));
  std::size_t share_size = 0, secret_size = 0;
  ERR_clear_error();
  if (!operation || EVP_PKEY_encapsulate_init(operation.get(), nullptr) != 1 ||
      EVP_PKEY_encapsulate(operation.get(), nullptr, &share_size, nullptr, &secret_size) != 1) {
    return {};
  }
  Encapsulated sent{Bytes(share_size), Bytes(secret_size)};
  if (EVP_PKEY_encapsulate(operation.get(), sent.share.data(), &share_size, sent.secret.data(),
                           &secret_size) != 1) {
    return {};
  }
  return sent;
}

// The secret; empty if libcrypto refuses, and then what was written to its place is in *rest.
inline Bytes decapsulate(OSSL_LIB_CTX* library, EVP_PKEY* key, View share, Bytes* rest = nullptr) {
  const Operation operation(EVP_PKEY_CTX_new_from_pkey(library, key, kOurs));
  const Exact in(share);
  std::size_t size = 0;
  ERR_clear_error();
  if (!operation || EVP_PKEY_decapsulate_init(operation.get(), nullptr) != 1 ||
      EVP_PKEY_decapsulate(operation.get(), nullptr, &size, View(in).data(), share.size()) != 1) {
    return {};
  }
  Bytes secret(size, 0xa5);
  if (EVP_PKEY_decapsulate(operation.get(), secret.data(), &size, View(in).data(), share.size()) ==
      1) {
    return secret;
  }
  if (rest != nullptr) *rest = secret;
  return {};
}

}  // namespace latchkey::test
