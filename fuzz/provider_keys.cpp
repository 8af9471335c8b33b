// The OpenSSL provider's functions for keys and KEMs, called by their tables as libcrypto calls
// them, in an order that the input says: whatever an application or a peer hands on must give an
// error or a key that works, and an error must leave the key as it was.

#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/params.h>
#include <openssl/provider.h>

#include <cstring>
#include <optional>

#include "keys.hpp"
#include "provider/params.hpp"
#include "targets.hpp"

extern "C" OSSL_provider_init_fn OSSL_provider_init;

namespace latchkey::fuzz {
namespace {

// The provider in a library context, as a program has it, but linked in.
struct Provider {
  Provider() {
    OSSL_LIB_CTX* const library = OSSL_LIB_CTX_new();
    require(OSSL_PROVIDER_add_builtin(library, "latchkey", OSSL_provider_init) == 1,
            "libcrypto takes the provider");
    // The child context has P-256 and P-384 from here.
    require(OSSL_PROVIDER_load(library, "default") != nullptr, "there is the default provider");
    provider = OSSL_PROVIDER_load(library, "latchkey");
    require(provider != nullptr, "the provider loads");
    context = OSSL_PROVIDER_get0_provider_ctx(provider);
  }
  [[nodiscard]] const OSSL_ALGORITHM* of(int operation) const {
    int no_cache = 0;
    return OSSL_PROVIDER_query_operation(provider, operation, &no_cache);
  }

  OSSL_PROVIDER* provider;
  void* context;
};

const Provider& provider() {
  static const Provider loaded;
  return loaded;
}

// A function of a table, by its number.
template <class F>
F* find(const OSSL_DISPATCH* table, int number) {
  for (; table->function_id != 0; ++table) {
    if (table->function_id == number) return reinterpret_cast<F*>(table->function);
  }
  return nullptr;
}

#define LATCHKEY_CALL(table, name, NAME) (*find<OSSL_FUNC_##name##_fn>(table, OSSL_FUNC_##NAME))

// One algorithm, and some keys of it.
class Session {
 public:
  explicit Session(std::size_t algorithm) {
    const OSSL_ALGORITHM* const keys = provider().of(OSSL_OP_KEYMGMT);
    std::size_t count = 0;
    while (keys[count].algorithm_names != nullptr) ++count;
    keymgmt_ = keys[algorithm % count].implementation;
    kem_ = provider().of(OSSL_OP_KEM)[algorithm % count].implementation;
    for (void*& key : keys_) key = LATCHKEY_CALL(keymgmt_, keymgmt_new, KEYMGMT_NEW)(context());
  }
  ~Session() {
    for (void* const key : keys_) release(key);
    ERR_clear_error();
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void step(Input& input) {
    const std::uint8_t what = input.byte();
    void*& key = pick(input);
    switch (what % 10) {
      case 0:
        return replace(key, LATCHKEY_CALL(keymgmt_, keymgmt_new, KEYMGMT_NEW)(context()));
      case 1:
      case 2:
        return generate(key, input);
      case 3:
        return set_public(key, input);
      case 4:
        return import(key, input);
      case 5:
        return read(key, input);
      case 6:
        return compare(key, input);
      case 7:
        return export_to(key, pick(input), input);
      default:
        return exchange(key, input);
    }
  }

 private:
  static void* context() { return provider().context; }
  void*& pick(Input& input) { return keys_[input.byte() % std::size(keys_)]; }

  void release(void* key) { LATCHKEY_CALL(keymgmt_, keymgmt_free, KEYMGMT_FREE)(key); }
  void replace(void*& key, void* with) {
    release(key);
    key = with != nullptr ? with : LATCHKEY_CALL(keymgmt_, keymgmt_new, KEYMGMT_NEW)(context());
  }
  bool has(void* key, int selection) {
    return LATCHKEY_CALL(keymgmt_, keymgmt_has, KEYMGMT_HAS)(key, selection) == 1;
  }
  // An octet string of a key, in a buffer of just its size. Empty if it has none.
  Bytes octets_of(void* key, const char* name) {
    OSSL_PARAM params[] = {OSSL_PARAM_construct_octet_string(name_of(name), nullptr, 0),
                           OSSL_PARAM_construct_end()};
    auto* const get = find<OSSL_FUNC_keymgmt_get_params_fn>(keymgmt_, OSSL_FUNC_KEYMGMT_GET_PARAMS);
    if (get(key, params) != 1 || OSSL_PARAM_modified(params) == 0) return {};
    Bytes bytes(params[0].return_size);
    params[0] = OSSL_PARAM_construct_octet_string(name_of(name), bytes.data(), bytes.size());
    return get(key, params) == 1 ? bytes : Bytes();
  }
  static char* name_of(const char* name) { return const_cast<char*>(name); }
  Bytes public_of(void* key) { return octets_of(key, OSSL_PKEY_PARAM_PUB_KEY); }

  // Bytes of the input's, or those of a key with changes.
  Bytes some_bytes(const char* name, Input& input) {
    if (input.byte() % 4 == 0) return input.bytes(input.number() % 4096);
    Bytes bytes = octets_of(pick(input), name);
    switch (input.byte() % 4) {
      case 0:
        if (!bytes.empty()) mutate(bytes, input, 3);
        break;
      case 1:
        bytes.resize(input.number() % 4096);
        break;
      default:
        break;
    }
    return bytes;
  }

  // A parameter with these bytes, of a type that it should not have for some inputs.
  static OSSL_PARAM param(const char* name, Bytes& bytes, Input& input) {
    OSSL_PARAM made = OSSL_PARAM_construct_octet_string(name_of(name), bytes.data(), bytes.size());
    const unsigned wrong = input.byte();
    if (wrong == 1) made.data_type = OSSL_PARAM_UTF8_STRING;
    if (wrong == 2) made.data_type = OSSL_PARAM_UNSIGNED_INTEGER;
    if (wrong == 3) made.data = nullptr;
    return made;
  }

  void generate(void*& key, Input& input) {
    const int selection = input.byte();
    Bytes seed = some_bytes(provider::kSeedParam, input);
    OSSL_PARAM params[] = {param(provider::kSeedParam, seed, input), OSSL_PARAM_construct_end()};
    const bool at_once = input.byte() % 2 == 0, with_seed = input.byte() % 2 == 0;
    void* const state = LATCHKEY_CALL(keymgmt_, keymgmt_gen_init, KEYMGMT_GEN_INIT)(
        context(), selection, with_seed && at_once ? params : nullptr);
    if (state == nullptr) return;
    if (with_seed && !at_once) {
      LATCHKEY_CALL(keymgmt_, keymgmt_gen_set_params, KEYMGMT_GEN_SET_PARAMS)(state, params);
    }
    void* const made = LATCHKEY_CALL(keymgmt_, keymgmt_gen, KEYMGMT_GEN)(state, nullptr, nullptr);
    LATCHKEY_CALL(keymgmt_, keymgmt_gen_cleanup, KEYMGMT_GEN_CLEANUP)(state);
    if (made == nullptr) return;
    replace(key, made);
    require(
        has(key, OSSL_KEYMGMT_SELECT_KEYPAIR) == ((selection & OSSL_KEYMGMT_SELECT_KEYPAIR) != 0),
        "a pair is generated if it is asked for");
  }

  void set_public(void* key, Input& input) {
    Bytes share = some_bytes(OSSL_PKEY_PARAM_PUB_KEY, input);
    const Bytes before = public_of(key);
    OSSL_PARAM params[] = {param(OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY, share, input),
                           OSSL_PARAM_construct_end()};
    const bool done =
        LATCHKEY_CALL(keymgmt_, keymgmt_set_params, KEYMGMT_SET_PARAMS)(key, params) == 1;
    require(public_of(key) == (done ? share : before), "a key takes a share as it is, or none");
    require(!done || before.empty(), "a key that has a share keeps it");
  }

  void import(void*& key, Input& input) {
    const int selection = input.byte();
    const std::uint8_t which = input.byte();
    const char* const names[] = {OSSL_PKEY_PARAM_PUB_KEY, OSSL_PKEY_PARAM_PRIV_KEY,
                                 provider::kSeedParam};
    Bytes bytes[std::size(names)];
    OSSL_PARAM params[std::size(names) + 1];
    std::size_t count = 0;
    for (std::size_t i = 0; i < std::size(names); ++i) {
      if ((which >> i & 1) == 0) continue;
      bytes[i] = some_bytes(names[i], input);
      params[count++] = param(names[i], bytes[i], input);
    }
    params[count] = OSSL_PARAM_construct_end();
    // libcrypto imports into new keys, and drops those that could not be imported.
    void* const fresh = LATCHKEY_CALL(keymgmt_, keymgmt_new, KEYMGMT_NEW)(context());
    const bool done =
        LATCHKEY_CALL(keymgmt_, keymgmt_import, KEYMGMT_IMPORT)(fresh, selection, params) == 1;
    require(!done || has(fresh, OSSL_KEYMGMT_SELECT_PUBLIC_KEY),
            "what is imported has its public half");
    if (done) return replace(key, fresh);
    release(fresh);
  }

  void read(void* key, Input& input) {
    Bytes room(input.number() % 4096);
    int number = 0;
    const char* const names[] = {OSSL_PKEY_PARAM_PUB_KEY, OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY,
                                 OSSL_PKEY_PARAM_PRIV_KEY, provider::kSeedParam};
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_octet_string(name_of(names[input.byte() % std::size(names)]),
                                          room.data(), room.size()),
        OSSL_PARAM_construct_int(OSSL_PKEY_PARAM_BITS, &number),
        OSSL_PARAM_construct_int(OSSL_PKEY_PARAM_SECURITY_BITS, &number),
        OSSL_PARAM_construct_int(OSSL_PKEY_PARAM_MAX_SIZE, &number), OSSL_PARAM_construct_end()};
    LATCHKEY_CALL(keymgmt_, keymgmt_get_params, KEYMGMT_GET_PARAMS)(key, params);
  }

  void compare(void*& key, Input& input) {
    void* const other = pick(input);
    const int selection = input.byte();
    const bool same =
        LATCHKEY_CALL(keymgmt_, keymgmt_match, KEYMGMT_MATCH)(key, other, selection) == 1;
    require(same || (selection & OSSL_KEYMGMT_SELECT_KEYPAIR) != 0,
            "nothing is the same as nothing");
    if (auto* const validate =
            find<OSSL_FUNC_keymgmt_validate_fn>(keymgmt_, OSSL_FUNC_KEYMGMT_VALIDATE)) {
      const bool whole = has(key, OSSL_KEYMGMT_SELECT_KEYPAIR);
      require((*validate)(key, OSSL_KEYMGMT_SELECT_KEYPAIR, 0) == (whole ? 1 : 0),
              "a pair that there is is one");
    }
    auto* const duplicate = find<OSSL_FUNC_keymgmt_dup_fn>(keymgmt_, OSSL_FUNC_KEYMGMT_DUP);
    if (duplicate == nullptr) return;
    if (void* const copy = (*duplicate)(key, selection)) {
      require((selection & OSSL_KEYMGMT_SELECT_KEYPAIR) == 0 || public_of(copy) == public_of(key),
              "a copy has the same public half");
      replace(key, copy);
    }
  }

  void export_to(void* from, void*& to, Input& input) {
    struct Request {
      Session* session;
      void* key;
      int selection;
    };
    Request request{this, LATCHKEY_CALL(keymgmt_, keymgmt_new, KEYMGMT_NEW)(context()),
                    input.byte()};
    const auto take = [](const OSSL_PARAM params[], void* argument) {
      const auto& it = *static_cast<Request*>(argument);
      return LATCHKEY_CALL(it.session->keymgmt_, keymgmt_import, KEYMGMT_IMPORT)(
          it.key, it.selection, params);
    };
    const int done = LATCHKEY_CALL(keymgmt_, keymgmt_export, KEYMGMT_EXPORT)(
        from, request.selection, take, &request);
    if (done == 1) {
      require(public_of(request.key) == public_of(from), "what is exported can be imported");
    }
    replace(to, request.key);
  }

  // Encapsulates to a key, and decapsulates with all keys: its owner gets the same secret.
  void exchange(void* key, Input& input) {
    void* const operation = LATCHKEY_CALL(kem_, kem_newctx, KEM_NEWCTX)(context());
    if (const auto sent = encapsulate(operation, key, input)) {
      Bytes share = sent->first;
      const bool changes = input.byte() % 2 == 0;
      if (changes) mutate(share, input, 3);
      if (changes && input.byte() % 4 == 0) share.resize(input.number() % 4096);
      for (void* const other : keys_) {
        const auto got = decapsulate(operation, other, share);
        const bool owns = public_of(other) == public_of(key);
        if (share == sent->first && owns && has(other, OSSL_KEYMGMT_SELECT_PRIVATE_KEY)) {
          require(got == sent->second, "the owner of the key gets the secret");
        } else if (got) {
          require(share.size() == sent->first.size(), "the length is checked");
          require(owns || *got != sent->second, "nobody else gets it");
        }
      }
    }
    LATCHKEY_CALL(kem_, kem_freectx, KEM_FREECTX)(operation);
  }

  std::optional<std::pair<Bytes, Bytes>> encapsulate(void* operation, void* key, Input& input) {
    Bytes ikme = input.bytes(input.byte() % 3 * 32);
    OSSL_PARAM params[] = {param(provider::kIkmeParam, ikme, input), OSSL_PARAM_construct_end()};
    const bool has_public = has(key, OSSL_KEYMGMT_SELECT_PUBLIC_KEY);
    const bool begun = LATCHKEY_CALL(kem_, kem_encapsulate_init, KEM_ENCAPSULATE_INIT)(
                           operation, key, input.byte() % 2 == 0 ? params : nullptr) == 1;
    require(has_public || !begun, "nobody encapsulates to a key without a public half");
    if (!begun) return std::nullopt;
    const auto call = [&](Bytes* share, Bytes* secret, std::size_t& share_size,
                          std::size_t& secret_size) {
      return LATCHKEY_CALL(kem_, kem_encapsulate, KEM_ENCAPSULATE)(
                 operation, share == nullptr ? nullptr : share->data(), &share_size,
                 secret == nullptr ? nullptr : secret->data(), &secret_size) == 1;
    };
    std::size_t share_size = 0, secret_size = 0;
    require(call(nullptr, nullptr, share_size, secret_size), "the sizes are told");
    Bytes share(share_size), secret(secret_size);
    if (input.byte() % 8 == 0) {  // room that is too small
      Bytes small(input.number() % share_size);
      std::size_t size = small.size();
      require(small.empty() || !call(&small, &secret, size, secret_size),
              "a buffer that is too small is refused");
    }
    if (!call(&share, &secret, share_size, secret_size)) return std::nullopt;
    return std::pair(share, secret);
  }

  std::optional<Bytes> decapsulate(void* operation, void* key, const Bytes& share) {
    if (LATCHKEY_CALL(kem_, kem_decapsulate_init, KEM_DECAPSULATE_INIT)(operation, key, nullptr) !=
        1) {
      require(!has(key, OSSL_KEYMGMT_SELECT_PRIVATE_KEY), "whoever has a private key can begin");
      return std::nullopt;
    }
    const auto& call = LATCHKEY_CALL(kem_, kem_decapsulate, KEM_DECAPSULATE);
    std::size_t size = 0;
    require(call(operation, nullptr, &size, share.data(), share.size()) == 1, "the size is told");
    Bytes secret(size, 0xa5);
    if (call(operation, secret.data(), &size, share.data(), share.size()) == 1) return secret;
    require(secret == Bytes(size), "the secret is zeroed on error");
    return std::nullopt;
  }

  const OSSL_DISPATCH* keymgmt_;
  const OSSL_DISPATCH* kem_;
  void* keys_[3];
};

}  // namespace

void provider_keys(View data) {
  Input input(data);
  provider();
  use_row(input);
  Session session(input.byte());
  for (int steps = 0; steps < 24 && !input.empty(); ++steps) session.step(input);
}

}  // namespace latchkey::fuzz
