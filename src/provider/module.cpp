// The OpenSSL provider: what libcrypto calls when it loads the module latchkey.so (provider(7)).
//
// One Context for each library context. They share this copy of the library: its secrets, its
// memory policy, its backend.
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/params.h>
#include <openssl/provider.h>

#include <atomic>

#include "memory/arena.hpp"
#include "memory/ending.hpp"
#include "mlkem/poly.hpp"
#include "provider/context.hpp"
#include "provider/counters.hpp"
#include "provider/dispatch.hpp"
#include "provider/ephemeral.hpp"
#include "provider/object.hpp"
#include "provider/params.hpp"

namespace latchkey::provider {
namespace {

constinit std::atomic<int> contexts{0};

// libcrypto unloads the module after it has torn down the last context, often within exit(3). If a
// context still exists here, the process exits, and libcrypto does not clean up.
[[gnu::destructor]] void tell_unloading_from_exit() noexcept {
  if (contexts.load() == 0) memory::expect_unloading();
}

void tear_down(void* provider) noexcept {
  auto* const context = static_cast<Context*>(provider);
  close_counters(*context);
  OSSL_LIB_CTX_free(context->child);
  destroy(context);
  contexts.fetch_sub(1);
}

const OSSL_PARAM* gettable_params(void*) noexcept {
  static constexpr OSSL_PARAM kParams[] = {
      text(OSSL_PROV_PARAM_NAME), text(OSSL_PROV_PARAM_VERSION), text(OSSL_PROV_PARAM_BUILDINFO),
      number(OSSL_PROV_PARAM_STATUS), kEnd};
  return kParams;
}

int get_params(void*, OSSL_PARAM params[]) noexcept {
  const auto give = [&](const char* name, const char* value) noexcept {
    OSSL_PARAM* const param = find(params, name);
    return param == nullptr || OSSL_PARAM_set_utf8_ptr(param, value) == 1;
  };
  OSSL_PARAM* const status = find(params, OSSL_PROV_PARAM_STATUS);
  return give(OSSL_PROV_PARAM_NAME, "Latchkey") &&
         give(OSSL_PROV_PARAM_VERSION, LATCHKEY_VERSION) &&
         give(OSSL_PROV_PARAM_BUILDINFO, backend_name()) &&
         (status == nullptr || OSSL_PARAM_set_int(status, 1) == 1);
}

const OSSL_ALGORITHM* query(void* provider, int operation, int* no_cache) noexcept {
  *no_cache = 0;
  return algorithms_of(*static_cast<const Context*>(provider), operation);
}

const OSSL_ITEM* reason_strings(void*) noexcept { return reasons(); }

const OSSL_DISPATCH kTable[] = {
    row(OSSL_FUNC_PROVIDER_TEARDOWN, tear_down),
    row(OSSL_FUNC_PROVIDER_GETTABLE_PARAMS, gettable_params),
    row(OSSL_FUNC_PROVIDER_GET_PARAMS, get_params),
    row(OSSL_FUNC_PROVIDER_QUERY_OPERATION, query),
    row(OSSL_FUNC_PROVIDER_GET_REASON_STRINGS, reason_strings),
    row(OSSL_FUNC_PROVIDER_GET_CAPABILITIES, get_capabilities),
    kEndOfTable,
};

Upcalls upcalls_in(const OSSL_DISPATCH* in) noexcept {
  Upcalls upcalls;
  for (; in->function_id != 0; ++in) {
    switch (in->function_id) {
      case OSSL_FUNC_CORE_NEW_ERROR:
        upcalls.new_error = OSSL_FUNC_core_new_error(in);
        break;
      case OSSL_FUNC_CORE_SET_ERROR_DEBUG:
        upcalls.set_error_debug = OSSL_FUNC_core_set_error_debug(in);
        break;
      case OSSL_FUNC_CORE_VSET_ERROR:
        upcalls.vset_error = OSSL_FUNC_core_vset_error(in);
        break;
      case OSSL_FUNC_CORE_GET_PARAMS:
        upcalls.get_params = OSSL_FUNC_core_get_params(in);
        break;
      case OSSL_FUNC_BIO_READ_EX:
        upcalls.read = OSSL_FUNC_BIO_read_ex(in);
        break;
      case OSSL_FUNC_BIO_WRITE_EX:
        upcalls.write = OSSL_FUNC_BIO_write_ex(in);
        break;
      default:
        break;
    }
  }
  return upcalls;
}

// The process has one memory policy. A second library context cannot have another one.
int set_policy(const Context& context) noexcept {
  static constinit std::atomic<int> policy_in_force{-1};
  const int wanted = static_cast<int>(context.settings.policy);
  int before = -1;
  if (!policy_in_force.compare_exchange_strong(before, wanted) && before != wanted) {
    return fail(
        context, Error::unknown_value,
        "latchkey: another library context of this process uses another value of 'memory' in "
        "openssl.cnf; use the same value in both");
  }
  return finish(context, set_memory_policy(context.settings.policy));
}

// Locks the memory that one operation needs at the same time: the root of the TLS keys, two shared
// secrets, and a private key of ML-KEM-768 and of ML-KEM-1024. If the system refuses it, loading
// the module fails, and not the first handshake.
int reserve_memory(const Context& context) noexcept {
  auto done = memory::reserve({kSharedSecretSize, kSharedSecretSize, kSharedSecretSize,
                               sizeof(mlkem::SecretKey<mlkem::kMlKem768>),
                               sizeof(mlkem::SecretKey<mlkem::kMlKem1024>)});
  if (done && !watch_forks()) done = Error::no_memory;
  if (done) return 1;
  return fail(context, done.error(),
              "latchkey: cannot reserve memory for keys: %s; with 'memory = best_effort' in "
              "openssl.cnf, keys can be in ordinary memory",
              describe(done.error()));
}

int initialise(const OSSL_CORE_HANDLE* core, const OSSL_DISPATCH* in, const OSSL_DISPATCH** out,
               void** provider) noexcept {
  Context* const context = make<Context>();
  if (context == nullptr) return 0;
  context->core = core;
  context->upcalls = upcalls_in(in);
  if (read_settings(*context) == 1 && set_policy(*context) == 1 && reserve_memory(*context) == 1) {
    context->child = OSSL_LIB_CTX_new_child(core, in);
    if (context->child != nullptr) {
      open_counters(*context);
      contexts.fetch_add(1);
      *out = kTable;
      *provider = context;
      return 1;
    }
    fail(*context, Error::crypto_failed,
         "latchkey: libcrypto cannot create a child library context");
  }
  destroy(context);
  return 0;
}

}  // namespace
}  // namespace latchkey::provider

extern "C" [[gnu::visibility("default")]] int OSSL_provider_init(const OSSL_CORE_HANDLE* core,
                                                                 const OSSL_DISPATCH* in,
                                                                 const OSSL_DISPATCH** out,
                                                                 void** provider) {
  return latchkey::provider::initialise(core, in, out, provider);
}
