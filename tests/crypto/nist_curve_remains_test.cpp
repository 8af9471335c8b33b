// What P-256 and P-384 leave behind: nothing of a scalar or of a shared secret on the stack, in
// registers or in the heap that libcrypto gives back. And allocations that fail.

#include <openssl/ec.h>

#include <cstdio>

#include "api/support.hpp"
#include "crypto/libcrypto.hpp"
#include "crypto/libcrypto_heap.hpp"
#include "crypto/nist_curve.hpp"
#include "scrub/finder.hpp"
#include "scrub/private_stack.hpp"
#include "support/sanitizers.hpp"

namespace latchkey::test {
namespace {

using namespace crypto;
using Number = Owned<BIGNUM, BN_free>;

// A sanitizer has a second stack, with copies of ours.
#ifdef LATCHKEY_SANITIZED
constexpr bool kSanitizer = true;
#else
constexpr bool kSanitizer = false;
#endif

constexpr Curve kCurves[] = {Curve::p256, Curve::p384};

// A number in both byte orders: as bytes, and as words.
void add(std::vector<Secret>& secrets, const char* name, const BIGNUM* number, std::size_t size) {
  Bytes bytes(size);
  BN_bn2binpad(number, bytes.data(), static_cast<int>(size));
  secrets.push_back({name, bytes});
  std::ranges::reverse(bytes);
  secrets.push_back({name, bytes});
}

// One exchange: its inputs, off the stack, and its secrets in all forms that libcrypto has them in.
struct Exchange {
  explicit Exchange(Curve curve, Random& random)
      : curve(curve),
        scalar(random.vector(scalar_size(curve))),
        point(point_size(curve)),
        peer(point_size(curve)),
        x(scalar_size(curve)) {
    scalar[0] &= 0x7f;
    Bytes other = random.vector(scalar_size(curve));
    other[0] &= 0x7f;
    REQUIRE(nist_public_key(curve, other, peer).has_value());
    REQUIRE(nist_shared_secret(curve, scalar, peer, x).has_value());
    const Owned<EC_GROUP, EC_GROUP_free> group(
        EC_GROUP_new_by_curve_name(curve == Curve::p256 ? NID_X9_62_prime256v1 : NID_secp384r1));
    const Number p(BN_new()), number(BN_new());
    const Owned<BN_CTX, BN_CTX_free> context(BN_CTX_new());
    EC_GROUP_get_curve(group.get(), p.get(), nullptr, nullptr, nullptr);
    BN_bin2bn(scalar.data(), static_cast<int>(scalar.size()), number.get());
    add(secrets, "the scalar", number.get(), scalar.size());
    for (int i = 0; i < 2; ++i) {  // as the ladder lengthens it
      BN_add(number.get(), number.get(), EC_GROUP_get0_order(group.get()));
      add(secrets, "the scalar, lengthened", number.get(),
          static_cast<std::size_t>(BN_num_bytes(number.get())));
    }
    BN_bin2bn(x.data(), static_cast<int>(x.size()), number.get());
    add(secrets, "x", number.get(), x.size());
    BN_lshift(number.get(), number.get(), static_cast<int>(8 * x.size()));
    BN_mod(number.get(), number.get(), p.get(), context.get());
    add(secrets, "x in Montgomery form", number.get(), x.size());
  }

  Curve curve;
  Bytes scalar, point, peer, x;
  std::vector<Secret> secrets;
};

TEST_CASE("P-256 and P-384 leave no secret on the stack, in registers or on the heap") {
  REQUIRE(heap_is_watched());
  Random random;
  static PrivateStack stack;
  for (const Curve curve : kCurves) {
    Exchange exchange(curve, random);
    const Finder finder(exchange.secrets);
    const auto require_nothing = [&](const char* what, auto call) {
      Result<void> done;
      auto run = [&] { done = call(); };
      run();
      std::vector<Bytes> freed;
      LibcryptoHeap watch;
      watch.on_free = [&](View bytes) { freed.emplace_back(bytes.begin(), bytes.end()); };
      if (kSanitizer) {
        run();
      } else {
        stack.run(run);
      }
      watch.on_free = nullptr;
      CAPTURE(what, scalar_size(curve));
      REQUIRE(done.has_value());
      REQUIRE(freed.size() > 5);
      CHECK(watch.alive == 0);
      for (const Bytes& bytes : freed) CHECK(describe(finder.find(bytes)) == "nothing");
      if (!kSanitizer) {
        std::printf("scrub: %-20s %6zu bytes of stack\n", what, stack.used());
        CHECK(describe(finder.find(stack.bytes())) == "nothing");
        CHECK(describe(finder.find(stack.register_bytes())) == "nothing");
      }
    };
    require_nothing("nist_public_key",
                    [&] { return nist_public_key(curve, exchange.scalar, exchange.point); });
    require_nothing("nist_shared_secret", [&] {
      return nist_shared_secret(curve, exchange.scalar, exchange.peer, exchange.x);
    });
  }
}

// Control: libcrypto's own ECDH does leave what the test above looks for.
TEST_CASE("libcrypto's multiplication for a named curve leaves the scalar on the heap",
          "[control]") {
  Random random;
  Exchange exchange(Curve::p256, random);
  const Finder finder(exchange.secrets);
  const Owned<EC_GROUP, EC_GROUP_free> group(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
  const Owned<EC_POINT, EC_POINT_free> point(EC_POINT_new(group.get()));
  const Number number(
      BN_bin2bn(exchange.scalar.data(), static_cast<int>(exchange.scalar.size()), nullptr));
  std::size_t found = 0;
  LibcryptoHeap watch;
  watch.on_free = [&](View bytes) { found += total(finder.find(bytes)); };
  EC_POINT_mul(group.get(), point.get(), nullptr, EC_GROUP_get0_generator(group.get()),
               number.get(), nullptr);
  watch.on_free = nullptr;
  REQUIRE(found > 0);
}

TEST_CASE("An allocation that fails is an error of P-256 and P-384, and no other") {
  REQUIRE(heap_is_watched());
  // libcrypto's list of errors keeps the memory of a text for the next one in its place.
  for (int i = 0; i < ERR_NUM_ERRORS; ++i) ERR_raise_data(ERR_LIB_USER, 1, "a text");
  ERR_clear_error();
  Random random;
  for (const Curve curve : kCurves) {
    Exchange exchange(curve, random);
    const Bytes x = exchange.x;
    for (const bool is_shared : {false, true}) {
      std::size_t n = 0, failures = 0;
      for (;; ++n) {
        CAPTURE(scalar_size(curve), is_shared, n);
        std::ranges::fill(exchange.point, std::uint8_t{0xaa});
        std::ranges::fill(exchange.x, std::uint8_t{0xaa});
        Result<void> done;
        std::size_t allocations = 0;
        {
          LibcryptoHeap watch;
          watch.failing = n;
          done = is_shared ? nist_shared_secret(curve, exchange.scalar, exchange.peer, exchange.x)
                           : nist_public_key(curve, exchange.scalar, exchange.point);
          watch.failing = SIZE_MAX;
          allocations = watch.allocations;
          CHECK(watch.alive == 0);
        }
        if (done) {
          REQUIRE((!is_shared || exchange.x == x));
          if (allocations <= n) break;
          continue;
        }
        ++failures;
        CAPTURE(describe(done.error()));
        CHECK((done.error() == Error::no_memory || done.error() == Error::crypto_failed));
        const Bytes& out = is_shared ? exchange.x : exchange.point;
        CHECK(out == Bytes(out.size()));
      }
      std::printf("heap: %zu allocations, %zu errors\n", n, failures);
      REQUIRE(failures > 10);
    }
  }
}

}  // namespace
}  // namespace latchkey::test
