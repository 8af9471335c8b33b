#include "tls_context.hpp"

#include <openssl/core_names.h>
#include <openssl/provider.h>
#include <openssl/x509.h>

#include <cstdlib>
#include <new>
#include <string_view>

#include "command_table.hpp"
#include "openssl_errors.hpp"
#include "text/provider_section.hpp"

namespace latchkey::cli {
namespace {

// What libssl passes when a program starts.
constexpr unsigned long kAsForPrograms =
    CONF_MFLAGS_DEFAULT_SECTION | CONF_MFLAGS_IGNORE_MISSING_FILE | CONF_MFLAGS_IGNORE_RETURN_CODES;

Owned<OSSL_LIB_CTX> make_library() {
  Owned<OSSL_LIB_CTX> library(OSSL_LIB_CTX_new());
  if (!library) throw std::bad_alloc();
  return library;
}

bool load(OSSL_LIB_CTX* library, const std::string& path, unsigned long flags) {
  return CONF_modules_load_file_ex(library, path.c_str(), nullptr, flags) > 0;
}

struct GroupsOf {
  OSSL_LIB_CTX* library;
  std::vector<ProviderGroup>& groups;
  const OSSL_PROVIDER* provider = nullptr;
};

// As libssl asks: of several providers with a group, it takes that whose keys libcrypto would use.
bool has_keys(const GroupsOf& found, const char* algorithm) {
  EVP_KEYMGMT* const keys = EVP_KEYMGMT_fetch(found.library, algorithm, nullptr);
  const bool has_them = keys != nullptr && EVP_KEYMGMT_get0_provider(keys) == found.provider;
  EVP_KEYMGMT_free(keys);
  return has_them;
}

// libcrypto calls these two, and no exception may pass through it: this program ends without
// memory.
int add_group(const OSSL_PARAM params[], void* state) noexcept {
  const auto& found = *static_cast<const GroupsOf*>(state);
  const OSSL_PARAM* const name = OSSL_PARAM_locate_const(params, OSSL_CAPABILITY_TLS_GROUP_NAME);
  const OSSL_PARAM* const keys = OSSL_PARAM_locate_const(params, OSSL_CAPABILITY_TLS_GROUP_ALG);
  const OSSL_PARAM* const id = OSSL_PARAM_locate_const(params, OSSL_CAPABILITY_TLS_GROUP_ID);
  if (name == nullptr || keys == nullptr || id == nullptr) return 1;
  const char *text = nullptr, *algorithm = nullptr;
  unsigned int number = 0;
  if (OSSL_PARAM_get_utf8_string_ptr(name, &text) != 0 &&
      OSSL_PARAM_get_utf8_string_ptr(keys, &algorithm) != 0 &&
      OSSL_PARAM_get_uint(id, &number) != 0 && number <= 0xffff && has_keys(found, algorithm)) {
    found.groups.push_back(
        {OSSL_PROVIDER_get0_name(found.provider), text, static_cast<std::uint16_t>(number)});
  }
  return 1;
}

int add_groups(OSSL_PROVIDER* provider, void* state) noexcept {
  auto& found = *static_cast<GroupsOf*>(state);
  found.provider = provider;
  OSSL_PROVIDER_get_capabilities(provider, "TLS-GROUP", add_group, &found);
  return 1;
}

std::string line_of_section(const std::string& name, const std::string& value) {
  std::string line = name + " = ";
  for (const char c : value) {
    if (std::string_view("\\$#\"'`").find(c) != std::string_view::npos) line += '\\';
    line += c;
  }
  return line + "\n";
}

// A configuration that has the module's lines and leaves it to the program to load it.
std::string text_without_activate(const TlsConfiguration& configuration) {
  std::string text = "openssl_conf = start\n[start]\nproviders = list\n[list]\n" +
                     std::string(kTlsModule) + " = module\n[module]\n";
  if (!configuration.module_path.empty()) {
    text += line_of_section("module", configuration.module_path);
  }
  for (const auto& [name, value] : configuration.module_lines) {
    text += line_of_section(name, value);
  }
  return text;
}

Owned<X509> make_certificate(OSSL_LIB_CTX* library, EVP_PKEY* key) {
  constexpr long kHour = 3600;
  Owned<X509> certificate(X509_new_ex(library, nullptr));
  if (!certificate) return nullptr;
  X509* const made = certificate.get();
  X509_NAME* const name = X509_get_subject_name(made);
  const auto* const text = reinterpret_cast<const unsigned char*>("latchkey tls-check");
  const bool is_made =
      X509_set_version(made, X509_VERSION_3) != 0 &&
      ASN1_INTEGER_set(X509_get_serialNumber(made), 1) != 0 &&
      X509_gmtime_adj(X509_getm_notBefore(made), -kHour) != nullptr &&
      X509_gmtime_adj(X509_getm_notAfter(made), kHour) != nullptr &&
      X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, text, -1, -1, 0) != 0 &&
      X509_set_issuer_name(made, name) != 0 && X509_set_pubkey(made, key) != 0 &&
      X509_sign(made, key, EVP_sha256()) > 0;
  return is_made ? std::move(certificate) : nullptr;
}

}  // namespace

void start_openssl() noexcept {
  ::setenv(text::kCountersVariable, "off", 1);
  OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
}

TlsContext load_tls_context(const TlsConfiguration& configuration) {
  TlsContext context;
  const bool is_readable = !configuration.path.empty() && configuration.fault.empty();
  if (is_readable && !load(make_library().get(), configuration.path, CONF_MFLAGS_DEFAULT_SECTION)) {
    context.fault = take_openssl_errors();
  }
  context.library = make_library();
  if (is_readable) {
    context.is_refused = !load(context.library.get(), configuration.path, kAsForPrograms);
  }
  forget_openssl_errors();
  return context;
}

bool is_provider_active(const TlsContext& context, const char* name) {
  return OSSL_PROVIDER_available(context.library.get(), name) != 0;
}

std::string try_tls_module(const TlsConfiguration& configuration) {
  const auto library = make_library();
  const std::string text = text_without_activate(configuration);
  const Owned<BIO> input(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  const Owned<CONF> conf(NCONF_new_ex(library.get(), nullptr));
  if (!input || !conf) throw std::bad_alloc();
  long line = 0;
  if (NCONF_load_bio(conf.get(), input.get(), &line) <= 0 ||
      CONF_modules_load(conf.get(), nullptr, CONF_MFLAGS_DEFAULT_SECTION) <= 0) {
    return take_openssl_errors();
  }
  OSSL_PROVIDER* const module = OSSL_PROVIDER_load(library.get(), kTlsModule);
  if (module == nullptr) return take_openssl_errors();
  OSSL_PROVIDER_unload(module);
  return {};
}

std::vector<ProviderGroup> groups_of_providers(const TlsContext& context) {
  std::vector<ProviderGroup> groups;
  GroupsOf found{context.library.get(), groups};
  OSSL_PROVIDER_do_all(context.library.get(), add_groups, &found);
  forget_openssl_errors();
  return groups;
}

Owned<SSL_CTX> make_tls_client(const TlsContext& context) {
  return Owned<SSL_CTX>(SSL_CTX_new_ex(context.library.get(), nullptr, TLS_client_method()));
}

Owned<SSL_CTX> make_tls_server(const TlsContext& context) {
  OSSL_LIB_CTX* const library = context.library.get();
  Owned<SSL_CTX> server(SSL_CTX_new_ex(library, nullptr, TLS_server_method()));
  const Owned<EVP_PKEY> key(EVP_PKEY_Q_keygen(library, nullptr, "EC", "P-256"));
  if (!server || !key) return nullptr;
  const auto certificate = make_certificate(library, key.get());
  const bool is_ready = certificate &&
                        SSL_CTX_use_certificate(server.get(), certificate.get()) > 0 &&
                        SSL_CTX_use_PrivateKey(server.get(), key.get()) > 0;
  return is_ready ? std::move(server) : nullptr;
}

std::vector<std::string> unknown_groups(const TlsContext& context, const std::string& list) {
  std::vector<std::string> unknown;
  const auto client = make_tls_client(context);
  if (client && SSL_CTX_set1_groups_list(client.get(), list.c_str()) <= 0) {
    for (const std::string_view entry : split(list, ':')) {
      const std::string name(entry);
      if (SSL_CTX_set1_groups_list(client.get(), name.c_str()) <= 0) unknown.push_back(name);
    }
    if (unknown.empty()) unknown.push_back(list);
  }
  forget_openssl_errors();
  return unknown;
}

}  // namespace latchkey::cli
