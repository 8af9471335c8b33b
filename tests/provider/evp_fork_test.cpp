// Keys of EVP in children of fork(): with `inherit_keys = yes` they work there, whatever the parent
// does; without, there is an error that says so.

#include "provider/forked.hpp"
#include "provider/lock_limit.hpp"
#include "provider/params.hpp"
#include "provider/tls_library.hpp"
#include "support/sanitizers.hpp"

namespace latchkey::test {
namespace {

enum class Form { generated, seed, expanded };

Key fresh_key(OSSL_LIB_CTX* library, const char* name) {
  const auto operation = begin(library, name);
  EVP_PKEY* key = nullptr;
  if (EVP_PKEY_keygen_init(operation.get()) != 1 || EVP_PKEY_keygen(operation.get(), &key) != 1) {
    return {};
  }
  return Key(key);
}

Bytes octets_of(EVP_PKEY* key, const char* name) {
  std::size_t size = 0;
  if (EVP_PKEY_get_octet_string_param(key, name, nullptr, 0, &size) != 1) return {};
  Bytes bytes(size);
  REQUIRE(EVP_PKEY_get_octet_string_param(key, name, bytes.data(), size, &size) == 1);
  return bytes;
}

// A private key from an octet string of another one.
Key imported(OSSL_LIB_CTX* library, const char* name, const char* param, Bytes bytes) {
  const auto operation = begin(library, name);
  OSSL_PARAM params[] = {OSSL_PARAM_construct_octet_string(param, bytes.data(), bytes.size()),
                         OSSL_PARAM_construct_end()};
  EVP_PKEY* key = nullptr;
  if (EVP_PKEY_fromdata_init(operation.get()) != 1 ||
      EVP_PKEY_fromdata(operation.get(), &key, EVP_PKEY_KEYPAIR, params) != 1) {
    return {};
  }
  return Key(key);
}

Key make_key(OSSL_LIB_CTX* library, const char* name, Form form) {
  Key key = fresh_key(library, name);
  REQUIRE(key);
  if (form == Form::generated) return key;
  const char* const param = form == Form::seed ? provider::kSeedParam : OSSL_PKEY_PARAM_PRIV_KEY;
  return imported(library, name, param, octets_of(key.get(), param));
}

// A key, and a ciphertext with its secret.
struct Sample {
  Sample(OSSL_LIB_CTX* of, const char* name, Form form)
      : library(of), key(make_key(of, name, form)), sent(encapsulate(of, key.get())) {
    REQUIRE(works());
  }
  [[nodiscard]] bool works() const {
    return !sent.secret.empty() && decapsulate(library, key.get(), sent.share) == sent.secret;
  }

  OSSL_LIB_CTX* library;
  Key key;
  Encapsulated sent;
};

struct Kind {
  const char* name;
  Form form;
};
constexpr Kind kKinds[] = {{"ML-KEM-512", Form::generated},  {"ML-KEM-768", Form::generated},
                           {"ML-KEM-1024", Form::generated}, {"X-Wing", Form::generated},
                           {"ML-KEM-512", Form::seed},       {"ML-KEM-768", Form::expanded},
                           {"ML-KEM-1024", Form::expanded},  {"X-Wing", Form::expanded}};

constexpr const char* kInherits = "inherit_keys = yes\n";

// Runs f with a sample of each kind.
template <class F>
void each_kind(const char* lines, F f) {
  const Library library = library_with(lines);
  for (const Kind& kind : kKinds) {
    CAPTURE(kind.name, static_cast<int>(kind.form));
    Sample sample(library.get(), kind.name, kind.form);
    f(sample);
  }
}

TEST_CASE("Without inherit_keys, an EVP key is refused in a child as inherited") {
  each_kind("", [](Sample& sample) {
    const Child child([&] {
      Bytes rest;
      if (!decapsulate(sample.library, sample.key.get(), sample.sent.share, &rest).empty())
        return 1;
      if (last_reason() != reason_of(Error::inherited)) return 2;
      if (rest != Bytes(32)) return 3;
      return encapsulate(sample.library, sample.key.get()).secret.empty() ? 4 : 0;
    });
    REQUIRE(child.status() == 0);
    REQUIRE(sample.works());
  });
}

TEST_CASE("An inherited key works in a child, and in a child of the child") {
  each_kind(kInherits, [](Sample& sample) {
    const Child child([&] {
      const Child before([&] { return sample.works() ? 0 : 1; });
      if (before.status() != 0) return 1;
      if (!sample.works() || !sample.works()) return 2;
      const Child after([&] { return sample.works() ? 0 : 1; });
      return after.status() == 0 && sample.works() ? 0 : 3;
    });
    REQUIRE(child.status() == 0);
    REQUIRE(sample.works());
  });
}

TEST_CASE("An inherited key works after its parent freed it") {
  each_kind(kInherits, [](Sample& sample) {
    const Signal freed;
    const Child child([&] {
      static_cast<void>(freed.wait());
      return sample.works() && sample.works() ? 0 : 1;
    });
    sample.key.reset();
    freed.give();
    REQUIRE(child.status() == 0);
  });
}

TEST_CASE("A child that frees an inherited key leaves it to its parent") {
  each_kind(kInherits, [](Sample& sample) {
    const Child unused([&] {
      sample.key.reset();
      return 0;
    });
    REQUIRE(unused.status() == 0);
    REQUIRE(sample.works());
    const Child used([&] {
      const bool works = sample.works();
      sample.key.reset();
      return works ? 0 : 1;
    });
    REQUIRE(used.status() == 0);
    REQUIRE(sample.works());
  });
}

TEST_CASE("An inherited key works after its parent ended") {
  each_kind(kInherits, [](Sample& sample) {
    const Signal ended, result;
    for (const bool in_order : {true, false}) {  // with exit handlers, or killed
      const Child parent([&] {
        const pid_t process = fork();
        if (process == 0) {
          static_cast<void>(ended.wait());
          result.give(sample.works() ? 1 : 0);
          _exit(0);
        }
        if (!in_order) raise(SIGKILL);
        return process > 0 ? 0 : 1;
      });
      REQUIRE(parent.status() == (in_order ? 0 : 1000 + SIGKILL));
      ended.give();
      REQUIRE(result.wait() == 1);
    }
  });
}

TEST_CASE("Parent and children use an inherited key at the same time") {
  each_kind(kInherits, [](Sample& sample) {
    const auto use = [&] {
      for (int i = 0; i < 200; ++i) {
        if (!sample.works()) return 1;
      }
      return 0;
    };
    const Child one(use), other(use);
    REQUIRE(use() == 0);
    REQUIRE(one.status() == 0);
    REQUIRE(other.status() == 0);
  });
}

TEST_CASE("What parent and child allocate after the fork does not touch an inherited key") {
  each_kind(kInherits, [](Sample& sample) {
    const auto allocate = [&] {
      std::vector<Sample> more;
      for (int i = 0; i < 20; ++i) {
        more.emplace_back(sample.library, i % 2 == 0 ? "X-Wing" : "ML-KEM-768", Form::generated);
        if (!sample.works()) return 1;
      }
      for (const Sample& it : more) {
        if (!it.works()) return 2;
      }
      return sample.works() ? 0 : 3;
    };
    const Child child(allocate);
    REQUIRE(allocate() == 0);
    REQUIRE(child.status() == 0);
  });
}

#ifndef LATCHKEY_SANITIZED  // the sanitizers' mlock(2) does nothing, and succeeds

TEST_CASE("Where a child may lock no memory, an inherited key has an error that says so") {
  each_kind(kInherits, [](Sample& sample) {
    const Child child([&] {
      if (!limit_locked_memory(0)) return 99;
      const Child grandchild([&] {
        if (!decapsulate(sample.library, sample.key.get(), sample.sent.share).empty()) return 1;
        return last_reason() == reason_of(Error::memory_not_locked) ? 0 : 2;
      });
      return grandchild.status();
    });
    REQUIRE(child.status() == 0);
    REQUIRE(sample.works());
  });
}

#endif

}  // namespace
}  // namespace latchkey::test
