#include "crypto/library_context.hpp"

#include <openssl/conf.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/provider.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <iterator>

#include "crypto/libcrypto.hpp"
#include "latchkey/seal.hpp"

namespace latchkey::crypto {
namespace {

// Once true, it stays true: if a later configuration forbids an algorithm, the fetch fails.
constinit std::atomic<bool> programs_is_usable{false};
constinit std::atomic<OSSL_LIB_CTX*> own_context{nullptr};

template <auto fetch, auto free>
bool has(OSSL_LIB_CTX* context, const char* name) noexcept {
  auto* const found = fetch(context, name, nullptr);
  if (found != nullptr) free(found);
  return found != nullptr;
}

// nist_curve.cpp calls the default provider's code without EVP.
bool has_default_exchange(OSSL_LIB_CTX* context, const char* name) noexcept {
  auto* const found = EVP_KEYEXCH_fetch(context, name, "provider=default");
  EVP_KEYEXCH_free(found);
  return found != nullptr;
}

struct Needed {
  const char* name;
  bool (*is_in)(OSSL_LIB_CTX* context, const char* name) noexcept;
};

// What this library asks libcrypto for.
constexpr Needed kNeeded[] = {
    {"ChaCha20-Poly1305", has<EVP_CIPHER_fetch, EVP_CIPHER_free>},
    {"AES-256-GCM", has<EVP_CIPHER_fetch, EVP_CIPHER_free>},
    {"AES-256-CBC", has<EVP_CIPHER_fetch, EVP_CIPHER_free>},
    {"SHA256", has<EVP_MD_fetch, EVP_MD_free>},
    {"SHA384", has<EVP_MD_fetch, EVP_MD_free>},
    {"HMAC", has<EVP_MAC_fetch, EVP_MAC_free>},
    {"SCRYPT", has<EVP_KDF_fetch, EVP_KDF_free>},
    {"PBKDF2", has<EVP_KDF_fetch, EVP_KDF_free>},
    {"ECDH", has_default_exchange},
};

// The first that a context lacks, or null.
const Needed* missing_from(OSSL_LIB_CTX* context) noexcept {
  const auto* const found = std::ranges::find_if(kNeeded, [&](const Needed& algorithm) noexcept {
    return !algorithm.is_in(context, algorithm.name);
  });
  return found == std::end(kNeeded) ? nullptr : found;
}

// Whether the configuration file that the program reads has default properties. libcrypto 3.0 has
// no function that tells which are in force, but for fips=yes.
bool file_has_properties() noexcept {
  struct Freed {
    ~Freed() { OPENSSL_free(path); }
    char* path = CONF_get1_default_config_file();
  } const file;
  const Owned<CONF, NCONF_free> conf(NCONF_new(nullptr));
  long line = 0;
  if (file.path == nullptr || !conf || NCONF_load(conf.get(), file.path, &line) != 1) return false;
  const char* const modules = NCONF_get_string(conf.get(), nullptr, "openssl_conf");
  if (modules == nullptr) return false;
  const char* const algorithms = NCONF_get_string(conf.get(), modules, "alg_section");
  return algorithms != nullptr &&
         (NCONF_get_string(conf.get(), algorithms, "default_properties") != nullptr ||
          NCONF_get_string(conf.get(), algorithms, "fips_mode") != nullptr);
}

// A loaded FIPS provider without the default provider is a policy, too.
bool policy_is_stated() noexcept {
  if (EVP_default_properties_is_fips_enabled(nullptr) == 1) return true;
  const bool fips_alone = OSSL_PROVIDER_available(nullptr, "fips") == 1 &&
                          OSSL_PROVIDER_available(nullptr, "default") != 1;
  return fips_alone || file_has_properties();
}

// Null if it cannot be made. If two threads make a context, the first one is kept.
OSSL_LIB_CTX* make_own_context() noexcept {
  Owned<OSSL_LIB_CTX, OSSL_LIB_CTX_free> made(OSSL_LIB_CTX_new());
  if (!made || missing_from(made.get()) != nullptr) return nullptr;
  OSSL_LIB_CTX* first = nullptr;
  if (own_context.compare_exchange_strong(first, made.get())) return made.release();
  return first;
}

}  // namespace

OSSL_LIB_CTX* library_context() noexcept {
  if (programs_is_usable.load(std::memory_order_relaxed)) return nullptr;
  if (OSSL_LIB_CTX* const own = own_context.load()) {
    return EVP_default_properties_is_fips_enabled(nullptr) == 1 ? nullptr : own;
  }
  const OwnErrors errors;
  if (OSSL_PROVIDER_available(nullptr, "default") == 1 || missing_from(nullptr) == nullptr) {
    programs_is_usable.store(true, std::memory_order_relaxed);
    return nullptr;
  }
  return policy_is_stated() ? nullptr : make_own_context();
}

Error failure() noexcept {
  const OwnErrors errors;
  return policy_is_stated() ? Error::crypto_policy : Error::crypto_failed;
}

}  // namespace latchkey::crypto

namespace latchkey {

std::size_t describe_crypto_policy(std::span<char> text) noexcept {
  if (text.empty()) return 0;
  text[0] = '\0';
  const crypto::OwnErrors errors;
  const auto* const missing = crypto::missing_from(crypto::library_context());
  int size = 0;
  if (missing != nullptr) {
    const char* details = nullptr;
    int flags = 0;
    const unsigned long code = ERR_peek_last_error_all(nullptr, nullptr, nullptr, &details, &flags);
    const char* const reason = ERR_reason_error_string(code);
    size = std::snprintf(text.data(), text.size(), "%s: %s%s%s", missing->name,
                         reason != nullptr ? reason : "refused",
                         (flags & ERR_TXT_STRING) != 0 ? ": " : "",
                         (flags & ERR_TXT_STRING) != 0 ? details : "");
  }
  return size < 0 ? 0 : std::min(static_cast<std::size_t>(size), text.size() - 1);
}

const char* crypto_version() noexcept { return OpenSSL_version(OPENSSL_VERSION_STRING); }

}  // namespace latchkey
