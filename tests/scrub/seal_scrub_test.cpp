// What the sealing layer leaves on the stack, in registers and in the heap that libcrypto gives
// back: nothing. Built once more without the wiping of crypto/clean.hpp, it leaves much, so the
// scan sees what there is.

#include <openssl/crypto.h>

#include <cstdio>

#include "crypto/clean.hpp"
#include "crypto/hkdf.hpp"
#include "crypto/libcrypto_heap.hpp"
#include "crypto/nist_curve.hpp"
#include "mlkem/backends.hpp"
#include "scrub/private_stack.hpp"
#include "seal/operations.hpp"
#include "support/catch.hpp"

namespace latchkey::test {
namespace {

void add(Found& sum, const Found& found) {
  for (const auto& [name, count] : found) sum[name] += count;
}

struct Remains {
  Found on_stack, in_registers, in_heap;
  std::size_t used = 0;  // bytes of stack
};

// Twice: what is scanned for arises in the first run.
Remains remains_of(const SealOperation& operation) {
  static PrivateStack stack;
  Result<void> done;
  auto run = [&] { done = operation.run(); };
  stack.run(run);
  REQUIRE(done.has_value() == !operation.refuses);
  REQUIRE((operation.refuses ? operation.zeroed() : operation.right()));
  std::vector<Bytes> freed;
  LibcryptoHeap watch;
  watch.on_free = [&](View bytes) { freed.emplace_back(bytes.begin(), bytes.end()); };
  stack.run(run);
  watch.on_free = nullptr;
  REQUIRE(done.has_value() == !operation.refuses);
  const Finder finder(operation.secrets().all());
  Remains remains{
      finder.find(stack.bytes()), finder.find(stack.register_bytes()), {}, stack.used()};
  for (const Bytes& bytes : freed) add(remains.in_heap, finder.find(bytes));
  return remains;
}

TEST_CASE("A secret in a block that libcrypto frees is found, and is not in one that it wipes") {
  REQUIRE(heap_is_watched());
  const Bytes secret = Random().vector(16);
  const Finder finder({{"the secret", secret}});
  Found found;
  LibcryptoHeap watch;
  watch.on_free = [&](View bytes) { add(found, finder.find(bytes)); };
  OPENSSL_clear_free(OPENSSL_memdup(secret.data(), secret.size()), secret.size());
  REQUIRE(total(found) == 0);
  OPENSSL_free(OPENSSL_memdup(secret.data(), secret.size()));
  REQUIRE(total(found) == 9);
}

#ifdef LATCHKEY_UNWIPED
constexpr const char* kName = "without wiping";

TEST_CASE("libcrypto needs less stack than is wiped below it") {
  static PrivateStack stack;
  Random random;
  const Bytes key = random.vector(32), nonce = random.vector(12), message = random.vector(100);
  Bytes out(32), box(100 + hpke::kTagSize), opened(100);
  const auto measure = [&](const char* name, auto f) {
    bool good = false;
    auto run = [&] { good = f().has_value(); };
    run();  // before, so that libcrypto has what it fetches
    stack.run(run);
    CAPTURE(name);
    std::printf("scrub: %-16s %5zu of %zu bytes of stack\n", name, stack.used(),
                crypto::kLibcryptoDepth);
    CHECK(good);
    CHECK(stack.used() + 512 <= crypto::kLibcryptoDepth);
  };
  measure("hkdf_extract",
          [&] { return crypto::hkdf_extract(std::span(out).first<32>(), key, {message}); });
  measure("hkdf_expand", [&] { return crypto::hkdf_expand(out, key, {message}); });
  Bytes root(48);
  measure("hkdf_extract 384", [&] {
    return crypto::hkdf_extract<crypto::Hash::sha384>(std::span(root).first<48>(), key, {message});
  });
  measure("hkdf_expand 384",
          [&] { return crypto::hkdf_expand<crypto::Hash::sha384>(out, root, {message}); });
  for (const auto curve : {crypto::Curve::p256, crypto::Curve::p384}) {
    const Bytes scalar(crypto::scalar_size(curve), 0x77);
    Bytes point(crypto::point_size(curve)), x(scalar.size());
    measure("nist_public", [&] { return crypto::nist_public_key(curve, scalar, point); });
    measure("nist_shared", [&] { return crypto::nist_shared_secret(curve, scalar, point, x); });
  }
  for (const auto aead :
       {hpke::Aead::aes_128_gcm, hpke::Aead::aes_256_gcm, hpke::Aead::chacha20_poly1305}) {
    const View aead_key = View(key).first(crypto::key_size(aead));
    measure("aead_seal", [&] {
      return crypto::aead_seal(box, aead, aead_key, View(nonce).first<12>(), message, {key});
    });
    measure("aead_open", [&] {
      return crypto::aead_open(opened, aead, aead_key, View(nonce).first<12>(), box, {key});
    });
  }
}
#else
constexpr const char* kName = "sealing layer";
#endif

TEST_CASE("No operation of the sealing layer leaves a secret behind") {
  LATCHKEY_EACH_BACKEND(backend);
  REQUIRE(dispatch::use(backend.hash->name));
  Random random;
  std::printf("scrub: %s, %s\n", kName, backend.hash->name);
  [[maybe_unused]] std::size_t left = 0;
  for (const SealOperation& operation : seal_operations(random)) {
    CAPTURE(operation.name);
    const Remains remains = remains_of(operation);
    std::printf("scrub: %-40s %6zu bytes of stack; %s; %s; %s\n", operation.name.c_str(),
                remains.used, describe(remains.on_stack).c_str(),
                describe(remains.in_registers).c_str(), describe(remains.in_heap).c_str());
    left += total(remains.on_stack) + total(remains.in_registers);
#ifndef LATCHKEY_UNWIPED
    CHECK(describe(remains.on_stack) == "nothing");
    CHECK(describe(remains.in_registers) == "nothing");
    CHECK(describe(remains.in_heap) == "nothing");
#endif
  }
#ifdef LATCHKEY_UNWIPED
  CHECK(left > 10);
#endif
}

}  // namespace
}  // namespace latchkey::test
