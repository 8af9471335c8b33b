// P-256 and P-384: known answers, libcrypto's EVP as the oracle, and what is refused.

#include "crypto/nist_curve.hpp"

#include <openssl/core_names.h>
#include <openssl/ec.h>

#include "crypto/libcrypto.hpp"
#include "crypto/nist_curve_answers.hpp"
#include "keyfile/key_files.hpp"

namespace latchkey::test {
namespace {

using namespace crypto;

constexpr Curve kCurves[] = {Curve::p256, Curve::p384};

const char* name_of(Curve curve) { return curve == Curve::p256 ? "P-256" : "P-384"; }

Bytes public_key(Curve curve, View scalar) {
  Bytes point(point_size(curve), 0xaa);
  const auto made = nist_public_key(curve, Exact(scalar), point);
  REQUIRE(made.has_value());
  return point;
}

Bytes shared_secret(Curve curve, View scalar, View peer) {
  Bytes x(scalar_size(curve), 0xaa);
  const auto agreed = nist_shared_secret(curve, Exact(scalar), Exact(peer), x);
  REQUIRE(agreed.has_value());
  return x;
}

TEST_CASE("P-256 and P-384 give known answers") {
  for (const CurveAnswer& answer : kCurveAnswers) {
    CAPTURE(answer.what, name_of(answer.curve));
    const Bytes scalar = from_hex(answer.scalar);
    REQUIRE(is_valid_scalar(answer.curve, scalar));
    REQUIRE(public_key(answer.curve, scalar) == from_hex(answer.own));
    REQUIRE(shared_secret(answer.curve, scalar, from_hex(answer.peer)) == from_hex(answer.x));
  }
}

// A key pair of libcrypto's, and what its ECDH makes of it.
class Peer {
 public:
  explicit Peer(Curve curve) : key_(EVP_EC_gen(name_of(curve))), bits_(scalar_size(curve)) {}

  [[nodiscard]] Bytes point() const {
    unsigned char* encoded = nullptr;
    const std::size_t size = EVP_PKEY_get1_encoded_public_key(key_.get(), &encoded);
    Bytes result(encoded, encoded + size);
    OPENSSL_free(encoded);
    return result;
  }
  [[nodiscard]] Bytes scalar() const {
    BIGNUM* number = nullptr;
    REQUIRE(EVP_PKEY_get_bn_param(key_.get(), OSSL_PKEY_PARAM_PRIV_KEY, &number) == 1);
    Bytes result(bits_);
    BN_bn2binpad(number, result.data(), static_cast<int>(result.size()));
    BN_free(number);
    return result;
  }
  [[nodiscard]] Bytes agree(const Bytes& other) const {
    const Owned<EVP_PKEY, EVP_PKEY_free> peer(EVP_PKEY_new());
    REQUIRE(EVP_PKEY_copy_parameters(peer.get(), key_.get()) == 1);
    REQUIRE(EVP_PKEY_set1_encoded_public_key(peer.get(), other.data(), other.size()) == 1);
    const Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free> context(EVP_PKEY_CTX_new(key_.get(), nullptr));
    Bytes x(bits_);
    std::size_t size = x.size();
    REQUIRE(EVP_PKEY_derive_init(context.get()) == 1);
    REQUIRE(EVP_PKEY_derive_set_peer(context.get(), peer.get()) == 1);
    REQUIRE(EVP_PKEY_derive(context.get(), x.data(), &size) == 1);
    REQUIRE(size == x.size());
    return x;
  }

 private:
  Owned<EVP_PKEY, EVP_PKEY_free> key_;
  std::size_t bits_;
};

TEST_CASE("P-256 and P-384 agree with libcrypto's EVP") {
  for (const Curve curve : kCurves) {
    for (int i = 0; i < 30; ++i) {
      const Peer mine(curve), other(curve);
      CAPTURE(name_of(curve), mine.scalar(), other.point());
      REQUIRE(public_key(curve, mine.scalar()) == mine.point());
      REQUIRE(shared_secret(curve, mine.scalar(), other.point()) == mine.agree(other.point()));
      REQUIRE(shared_secret(curve, mine.scalar(), other.point()) ==
              shared_secret(curve, other.scalar(), mine.point()));
    }
  }
}

// ---- What is refused

// n + difference, from the number that libcrypto has.
Bytes near_order(Curve curve, int difference) {
  const Owned<EC_GROUP, EC_GROUP_free> group(
      EC_GROUP_new_by_curve_name(curve == Curve::p256 ? NID_X9_62_prime256v1 : NID_secp384r1));
  const Owned<BIGNUM, BN_free> number(BN_dup(EC_GROUP_get0_order(group.get())));
  if (difference < 0) {
    BN_sub_word(number.get(), static_cast<BN_ULONG>(-difference));
  } else {
    BN_add_word(number.get(), static_cast<BN_ULONG>(difference));
  }
  Bytes bytes(scalar_size(curve));
  BN_bn2binpad(number.get(), bytes.data(), static_cast<int>(bytes.size()));
  return bytes;
}

void require_scalar_refused(Curve curve, const Bytes& scalar) {
  CAPTURE(name_of(curve), scalar);
  const Bytes peer = Peer(curve).point();
  Bytes point(point_size(curve), 0xaa), x(scalar_size(curve), 0xaa);
  REQUIRE_FALSE(is_valid_scalar(curve, Exact(scalar)));
  require_error(nist_public_key(curve, Exact(scalar), point), Error::bad_scalar);
  require_error(nist_shared_secret(curve, Exact(scalar), peer, x), Error::bad_scalar);
  REQUIRE(point == Bytes(point.size()));
  REQUIRE(x == Bytes(x.size()));
}

TEST_CASE("A scalar outside 1 to n - 1 is refused, whichever byte decides") {
  for (const Curve curve : kCurves) {
    const std::size_t size = scalar_size(curve);
    require_scalar_refused(curve, Bytes(size));
    for (const int above : {0, 1, 2, 1000}) require_scalar_refused(curve, near_order(curve, above));
    require_scalar_refused(curve, Bytes(size, 0xff));
    for (const std::size_t wrong : {std::size_t{0}, size - 1, size + 1, std::size_t{80} - size}) {
      require_scalar_refused(curve, Bytes(wrong, 1));
    }
    for (const int below : {-1, -2, -1000}) {
      REQUIRE(is_valid_scalar(curve, near_order(curve, below)));
    }
    // A number below n in each place, and above it: what decides is the highest byte that differs.
    const Bytes order = near_order(curve, 0);
    for (std::size_t i = 0; i < size; ++i) {
      CAPTURE(i);
      Bytes one(size);
      one[i] = 1;
      REQUIRE(is_valid_scalar(curve, one));
      Bytes below = order, above = order;
      std::fill(below.begin() + static_cast<std::ptrdiff_t>(i) + 1, below.end(), 0xff);
      std::fill(above.begin() + static_cast<std::ptrdiff_t>(i) + 1, above.end(), 0);
      if (order[i] != 0) {
        --below[i];
        REQUIRE(is_valid_scalar(curve, below));
      }
      if (order[i] != 0xff) {
        ++above[i];
        REQUIRE_FALSE(is_valid_scalar(curve, above));
      }
    }
  }
}

void require_point_refused(Curve curve, const Bytes& point) {
  CAPTURE(name_of(curve), point);
  Bytes x(scalar_size(curve), 0xaa);
  const Bytes one = Peer(curve).scalar();
  require_error(nist_shared_secret(curve, one, Exact(point), x), Error::bad_point);
  REQUIRE(x == Bytes(x.size()));
  REQUIRE(ERR_peek_error() == 0);
}

// A coordinate with p added, which is that number for who reduces it; p and b are libcrypto's.
struct Numbers {
  explicit Numbers(Curve curve)
      : group(EC_GROUP_new_by_curve_name(curve == Curve::p256 ? NID_X9_62_prime256v1
                                                              : NID_secp384r1)),
        p(BN_new()) {
    EC_GROUP_get_curve(group.get(), p.get(), nullptr, nullptr, nullptr);
  }
  Owned<EC_GROUP, EC_GROUP_free> group;
  Owned<BIGNUM, BN_free> p;
};

TEST_CASE("A peer's point is refused unless it is uncompressed and on the curve") {
  for (const Curve curve : kCurves) {
    const std::size_t size = scalar_size(curve);
    const Bytes good = Peer(curve).point();
    for (int first = 0; first < 256; ++first) {
      if (first == 4) continue;
      Bytes point = good;  // of hybrid form, too: 6 and 7
      point[0] = static_cast<std::uint8_t>(first);
      require_point_refused(curve, point);
    }
    for (const std::uint8_t sign : {2, 3}) {  // compressed
      Bytes compressed(good.begin(), good.begin() + 1 + static_cast<std::ptrdiff_t>(size));
      compressed[0] = sign;
      require_point_refused(curve, compressed);
      compressed.resize(good.size());
      require_point_refused(curve, compressed);
    }
    require_point_refused(curve, {});
    require_point_refused(curve, {0});                 // infinity
    require_point_refused(curve, Bytes(good.size()));  // and with zeros behind it
    Bytes zeros(good.size());
    zeros[0] = 4;
    require_point_refused(curve, zeros);
    require_point_refused(curve, Bytes(good.begin(), good.end() - 1));
    require_point_refused(curve, good + Bytes{0});
    require_point_refused(curve, Peer(curve == Curve::p256 ? Curve::p384 : Curve::p256).point());
    for (std::size_t i = 1; i < good.size(); i += 7) {  // off the curve
      Bytes point = good;
      point[i] ^= 1;
      require_point_refused(curve, point);
    }
  }
}

TEST_CASE("A peer's coordinate of p or more is refused, even if it is a point modulo p") {
  for (const Curve curve : kCurves) {
    const int size = static_cast<int>(scalar_size(curve));
    const Numbers numbers(curve);
    const Owned<EC_POINT, EC_POINT_free> point(EC_POINT_new(numbers.group.get()));
    const Owned<BIGNUM, BN_free> x(BN_new()), y(BN_new());
    int found = 0;
    for (BN_ULONG i = 0; i < 50; ++i) {
      BN_set_word(x.get(), i);
      const bool is_there = EC_POINT_set_compressed_coordinates(numbers.group.get(), point.get(),
                                                                x.get(), 0, nullptr) == 1;
      ERR_clear_error();
      if (!is_there) continue;
      ++found;
      EC_POINT_get_affine_coordinates(numbers.group.get(), point.get(), x.get(), y.get(), nullptr);
      Bytes bytes(point_size(curve), 4);
      BN_bn2binpad(x.get(), &bytes[1], size);
      BN_bn2binpad(y.get(), &bytes[1 + scalar_size(curve)], size);
      (void)shared_secret(curve, Peer(curve).scalar(), bytes);
      BN_add(x.get(), x.get(), numbers.p.get());
      BN_bn2binpad(x.get(), &bytes[1], size);
      require_point_refused(curve, bytes);
      std::fill(bytes.begin() + 1, bytes.end(), 0xff);
      require_point_refused(curve, bytes);
    }
    REQUIRE(found > 10);
  }
}

TEST_CASE("An output of another size is refused, and zeroed") {
  for (const Curve curve : kCurves) {
    const Peer peer(curve);
    for (const std::size_t more : {0u, 1u, 31u}) {
      for (const bool is_longer : {true, false}) {
        if (more == 0 && is_longer) continue;
        const auto changed = [&](std::size_t size) {
          return is_longer ? size + more : more == 0 ? 0 : size - more;
        };
        Bytes point(changed(point_size(curve)), 0xaa), x(changed(scalar_size(curve)), 0xaa);
        require_error(nist_public_key(curve, peer.scalar(), point), Error::wrong_size);
        require_error(nist_shared_secret(curve, peer.scalar(), peer.point(), x), Error::wrong_size);
        REQUIRE(point == Bytes(point.size()));
        REQUIRE(x == Bytes(x.size()));
      }
    }
  }
}

}  // namespace
}  // namespace latchkey::test
