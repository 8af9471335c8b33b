// bind(): its exact encoding against OpenSSL's HMAC and SHAKE256, and that each input counts.

#include "latchkey/bind.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include "keyfile/encoding.hpp"
#include "seal/oracle.hpp"
#include "seal/support.hpp"
#include "support/child.hpp"

namespace latchkey::test {
namespace {

// As bind.hpp states it.
Bytes input(BindingKdf kdf, View secret, View c, View ek, View context) {
  return text("latchkey-bind-v1") + Bytes{static_cast<std::uint8_t>(kdf)} + lp(secret) + lp(c) +
         lp(ek) + lp(context);
}

Bytes expected(BindingKdf kdf, View input, std::string_view label, std::size_t size) {
  const Bytes info = text("latchkey-bind-v1") + lp(text(label)) + eight(size);
  if (kdf == BindingKdf::shake256) {
    return digest(EVP_shake256(), lp(digest(EVP_shake256(), input, {}, 64)), info, size);
  }
  return hkdf_expand(hkdf_extract({}, input), info, size);
}

Bytes derived(const Result<SessionKeys>& keys, std::string_view label, std::size_t size) {
  REQUIRE(keys.has_value());
  const auto key = keys->derive(label, size);
  REQUIRE(key.has_value());
  REQUIRE(key->is_locked());
  return copy_of(*key);
}

template <class K>
void require_documented_encoding(Random& random) {
  const auto key = K::DecapsulationKey::generate();
  const auto sent = key->encapsulation_key().encapsulate();
  const auto opened = key->decapsulate(sent->ciphertext);
  for (const BindingKdf kdf : {BindingKdf::hkdf_sha256, BindingKdf::shake256}) {
    for (const std::size_t context_size : {0u, 1u, 200u, 5000u}) {
      const Bytes context = random.vector(context_size);
      const auto ours =
          SessionKeys::bind(sent->secret, key->encapsulation_key(), sent->ciphertext, context, kdf);
      const auto theirs =
          SessionKeys::bind(*opened, key->encapsulation_key(), sent->ciphertext, context, kdf);
      const Bytes hashed = input(kdf, copy_of(sent->secret), sent->ciphertext,
                                 key->encapsulation_key().bytes(), context);
      for (const std::size_t size : {0u, 1u, 16u, 32u, 33u, 64u, 300u}) {
        for (const char* label : {"", "client", "server"}) {
          REQUIRE(derived(ours, label, size) == expected(kdf, hashed, label, size));
          REQUIRE(derived(theirs, label, size) == expected(kdf, hashed, label, size));
        }
      }
    }
  }
}

TEST_CASE("bind() hashes what its documentation says, in that order") {
  Random random;
  require_documented_encoding<MlKem512>(random);
  require_documented_encoding<MlKem768>(random);
  require_documented_encoding<MlKem1024>(random);
  require_documented_encoding<XWing>(random);
}

TEST_CASE("Session keys differ as soon as secret, ciphertext, key, context, KDF or label does") {
  Random random;
  const KeyMaterial alice(random), mallory(random);
  const auto sent = alice.key.encapsulation_key().encapsulate();
  const auto other = alice.key.encapsulation_key().encapsulate();
  const Bytes context = random.vector(20), longer = context + Bytes{0};
  const auto& ek = alice.key.encapsulation_key();
  const auto keys = SessionKeys::bind(sent->secret, ek, sent->ciphertext, context);
  const Bytes key = derived(keys, "key", 32);
  REQUIRE(derived(SessionKeys::bind(other->secret, ek, sent->ciphertext, context), "key", 32) !=
          key);
  REQUIRE(derived(SessionKeys::bind(sent->secret, ek, other->ciphertext, context), "key", 32) !=
          key);
  REQUIRE(derived(SessionKeys::bind(sent->secret, mallory.key.encapsulation_key(), sent->ciphertext,
                                    context),
                  "key", 32) != key);
  REQUIRE(derived(SessionKeys::bind(sent->secret, ek, sent->ciphertext, longer), "key", 32) != key);
  REQUIRE(
      derived(SessionKeys::bind(sent->secret, ek, sent->ciphertext, context, BindingKdf::shake256),
              "key", 32) != key);
  REQUIRE(derived(keys, "kex", 32) != key);
  const Bytes wide = derived(keys, "key", 64);  // no prefix of one is the other
  REQUIRE(copy_of(View(wide).first(32)) != key);
}

// What bind() takes, each as bytes.
struct Inputs {
  Bytes secret, ek, ciphertext, context, label;
};

template <class K>
Bytes session_key(const Inputs& in, BindingKdf kdf) {
  const auto ek = K::EncapsulationKey::parse(in.ek);
  if (!ek) return {};  // a coefficient is q or more now
  return derived(SessionKeys::bind(secret_of(in.secret), *ek, in.ciphertext, in.context, kdf),
                 {reinterpret_cast<const char*>(in.label.data()), in.label.size()}, 32);
}

template <class K>
void require_each_byte_to_count(Random& random) {
  const auto key = K::DecapsulationKey::generate();
  const auto sent = key->encapsulation_key().encapsulate();
  Inputs in = {copy_of(sent->secret), copy_of(key->encapsulation_key().bytes()),
               copy_of(sent->ciphertext), random.vector(20), random.vector(6)};
  for (const BindingKdf kdf : {BindingKdf::hkdf_sha256, BindingKdf::shake256}) {
    const Bytes before = session_key<K>(in, kdf);
    for (Bytes Inputs::*input :
         {&Inputs::secret, &Inputs::ek, &Inputs::ciphertext, &Inputs::context, &Inputs::label}) {
      Bytes& bytes = in.*input;
      std::size_t tried = 0;
      // Every byte of the short ones; of the long ones, some, and each of their last 40.
      for (std::size_t i = 0; i < bytes.size(); i += i + 40 < bytes.size() ? 23 : 1) {
        bytes[i] ^= 1;
        const Bytes after = session_key<K>(in, kdf);
        bytes[i] ^= 1;
        REQUIRE(after != before);
        tried += !after.empty();
      }
      REQUIRE(tried >= std::min<std::size_t>(bytes.size(), 40));
    }
    REQUIRE(session_key<K>(in, kdf) == before);
  }
}

TEST_CASE("One changed byte of any input changes the session key") {
  Random random;
  require_each_byte_to_count<MlKem512>(random);
  require_each_byte_to_count<MlKem768>(random);
  require_each_byte_to_count<MlKem1024>(random);
  require_each_byte_to_count<XWing>(random);
}

LATCHKEY_TEST_OF_KEMS("bind() takes no ciphertext of another length") {
  const auto key = MlKemDecapsulationKey<set>::generate();
  const auto sent = key->encapsulation_key().encapsulate();
  const Bytes longer = copy_of(sent->ciphertext) + Bytes{0};
  for (const std::size_t size : {std::size_t{0}, longer.size() - 2, longer.size()}) {
    require_error(
        SessionKeys::bind(sent->secret, key->encapsulation_key(), View(longer).first(size), {}),
        Error::ciphertext_length);
  }
}

TEST_CASE("bind() says what it cannot do") {
  Random random;
  KeyMaterial alice(random);
  const auto sent = alice.key.encapsulation_key().encapsulate();
  const auto& ek = alice.key.encapsulation_key();
  require_error(SessionKeys::bind(sent->secret, ek, View(sent->ciphertext).first(1087), {}),
                Error::ciphertext_length);
  require_error(SessionKeys::bind(SharedSecret(), ek, sent->ciphertext, {}), Error::moved_from);
  require_error(SessionKeys::bind(sent->secret, EncapsulationKey(), sent->ciphertext, {}),
                Error::moved_from);
  require_error(
      SessionKeys::bind(sent->secret, ek, sent->ciphertext, {}, static_cast<BindingKdf>(3)),
      Error::unknown_version);
  const auto keys = SessionKeys::bind(sent->secret, ek, sent->ciphertext, {});
  REQUIRE(keys->derive("long", 8160).has_value());
  require_error(keys->derive("longer", 8161), Error::too_long);
  const auto by_shake =
      SessionKeys::bind(sent->secret, ek, sent->ciphertext, {}, BindingKdf::shake256);
  REQUIRE(by_shake.has_value());
  REQUIRE(by_shake->derive("longer", 8161).has_value());
  purge();
  require_error(keys->derive("gone", 32), Error::purged);
  require_error(SessionKeys::bind(sent->secret, ek, sent->ciphertext, {}), Error::purged);
}

// Contexts are public and may be long: locked memory is for the secret and the keys alone.
TEST_CASE("A context of 9 MiB is bound where 8 MiB can be locked") {
  constexpr rlim_t kLimit = 8 << 20;
  constexpr std::size_t kContext = 9 << 20;
  constexpr int kNotCounted = 50;  // some kernels do not count memfd_secret
  const Bytes context(kContext, 0x5a);
  const Ending ending = in_child([&] {
    const rlimit limit = {kLimit, kLimit};
    if (setrlimit(RLIMIT_MEMLOCK, &limit) != 0) return 1;
    constexpr uid_t kNobody = 65534;  // root may lock more
    if (geteuid() == 0 && setuid(kNobody) != 0) return 2;
    if (LockedBuffer::create(kContext)) return kNotCounted;
    const auto key = DecapsulationKey::generate();
    const auto sent = key->encapsulation_key().encapsulate();
    if (!sent) return 4;
    for (const BindingKdf kdf : {BindingKdf::hkdf_sha256, BindingKdf::shake256}) {
      const auto keys =
          SessionKeys::bind(sent->secret, key->encapsulation_key(), sent->ciphertext, context, kdf);
      if (!keys) return 5;
      const Bytes hashed = input(kdf, copy_of(sent->secret), sent->ciphertext,
                                 key->encapsulation_key().bytes(), context);
      if (derived(keys, "client", 32) != expected(kdf, hashed, "client", 32)) return 6;
    }
    return 0;
  });
  REQUIRE(ending.signal == 0);
  if (ending.status == kNotCounted) {
    WARN("this kernel does not limit memfd_secret: a long context is not tested");
    return;
  }
  REQUIRE(ending.status == 0);
}

}  // namespace
}  // namespace latchkey::test
