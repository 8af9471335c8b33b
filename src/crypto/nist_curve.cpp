// libcrypto has several multiplications, and the group decides which one runs. That of a named
// curve (nistz256, nistp384 from 3.2 on) is fast. But for a point other than the generator, it
// copies the scalar to the heap and frees the copy unwiped; so does ECDH by EVP or EC_KEY, which
// calls it. A group that is made from explicit parameters has the Montgomery ladder instead, on
// blinded coordinates, and wipes all its memory. So the first multiplies the generator, and the
// second a peer's point.
#include "crypto/nist_curve.hpp"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>

#include "base/mask.hpp"
#include "base/secrecy.hpp"
#include "base/try.hpp"
#include "base/wipe.hpp"
#include "crypto/clean.hpp"
#include "crypto/libcrypto.hpp"
#include "crypto/library_context.hpp"

namespace latchkey::crypto {
namespace {

constexpr std::uint8_t kOrder256[] = {
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51};
constexpr std::uint8_t kOrder384[] = {
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xc7, 0x63, 0x4d, 0x81, 0xf4, 0x37, 0x2d, 0xdf,
    0x58, 0x1a, 0x0d, 0xb2, 0x48, 0xb0, 0xa7, 0x7a, 0xec, 0xec, 0x19, 0x6a, 0xcc, 0xc5, 0x29, 0x73};
static_assert(sizeof kOrder256 == scalar_size(Curve::p256) &&
              sizeof kOrder384 == scalar_size(Curve::p384));

View order_of(Curve curve) noexcept {
  return curve == Curve::p256 ? View(kOrder256) : View(kOrder384);
}

using Number = Owned<BIGNUM, BN_clear_free>;
using Numbers = Owned<BN_CTX, BN_CTX_free>;  // which clears them
using Point = Owned<EC_POINT, EC_POINT_clear_free>;
using Group = Owned<EC_GROUP, EC_GROUP_free>;

// A curve with libcrypto's fastest multiplication.
Group group_by_name(Curve curve) noexcept {
  return Group(EC_GROUP_new_by_curve_name_ex(
      library_context(), nullptr, curve == Curve::p256 ? NID_X9_62_prime256v1 : NID_secp384r1));
}

// The same curve with the ladder. Null on error.
Group group_of_numbers(const EC_GROUP* named, BN_CTX* numbers) noexcept {
  if (named == nullptr) return nullptr;
  const Number p(BN_new()), a(BN_new()), b(BN_new());
  if (!p || !a || !b || EC_GROUP_get_curve(named, p.get(), a.get(), b.get(), numbers) != 1) {
    return nullptr;
  }
  Group group(EC_GROUP_new_curve_GFp(p.get(), a.get(), b.get(), numbers));
  if (!group) return nullptr;
  // libcrypto sets the order, which is needed, only with a generator, which is not.
  const BIGNUM* const order = EC_GROUP_get0_order(named);
  const Point generator(EC_POINT_new(group.get()));
  const EC_POINT* const its = EC_GROUP_get0_generator(named);
  if (!generator || EC_POINT_get_affine_coordinates(named, its, a.get(), b.get(), numbers) != 1 ||
      EC_POINT_set_affine_coordinates(group.get(), generator.get(), a.get(), b.get(), numbers) !=
          1 ||
      EC_GROUP_set_generator(group.get(), generator.get(), order, BN_value_one()) != 1) {
    return nullptr;
  }
  return group;
}

Number secret_number(View bytes) noexcept {
  Number number(BN_secure_new());
  if (!number) return number;
  BN_set_flags(number.get(), BN_FLG_CONSTTIME);
  if (BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), number.get()) == nullptr) {
    number.reset();
  }
  return number;
}

// In the constant-time check, which does not cover libcrypto's curves: the scalar is public to
// memcheck while this lives.
class UncheckedScalar {
 public:
  explicit UncheckedScalar(View scalar) noexcept : scalar_(scalar) {
    base::declassify(scalar.data(), scalar.size());  // libcrypto branches on its leading zeros
  }
  ~UncheckedScalar() { base::mark_secret(scalar_.data(), scalar_.size()); }
  UncheckedScalar(const UncheckedScalar&) = delete;
  UncheckedScalar& operator=(const UncheckedScalar&) = delete;

 private:
  View scalar_;
};

// Whether no policy forbids what follows.
bool is_allowed() noexcept {
  const Owned<EVP_KEYEXCH, EVP_KEYEXCH_free> found(
      EVP_KEYEXCH_fetch(library_context(), "ECDH", "provider=default"));
  return found != nullptr;
}

// What oct2point refused: the point, or the work.
bool is_points_fault() noexcept {
  const unsigned long code = ERR_peek_last_error();
  const int reason = ERR_GET_REASON(code);
  return ERR_GET_LIB(code) == ERR_LIB_EC &&
         (reason == EC_R_INVALID_ENCODING || reason == EC_R_POINT_IS_NOT_ON_CURVE);
}

// The peer's public key in `to`, a point of `group`, with the checks of SP 800-56A,
// section 5.6.2.3.4.
Result<void> parse_point(const EC_GROUP* group, EC_POINT* to, View peer_point, BN_CTX* numbers,
                         const OwnErrors& errors) noexcept {
  if (EC_POINT_oct2point(group, to, peer_point.data(), peer_point.size(), numbers) == 1) return {};
  return is_points_fault() ? Error::bad_point : errors.no_memory_or(Error::crypto_failed);
}

bool has_form_of_point(Curve curve, View point) noexcept {
  constexpr std::uint8_t kUncompressed = 4;
  return point.size() == point_size(curve) && point[0] == kUncompressed;
}

Result<void> public_key(Curve curve, View scalar, std::span<std::uint8_t> out) noexcept {
  const OwnErrors errors;
  if (!is_allowed()) return errors.no_memory_or(failure());
  const Numbers numbers(BN_CTX_secure_new_ex(library_context()));
  const Group group = group_by_name(curve);
  const Number secret = secret_number(scalar);
  const Point product(group ? EC_POINT_new(group.get()) : nullptr);
  if (!numbers || !secret || !product ||
      EC_POINT_mul(group.get(), product.get(), secret.get(), nullptr, nullptr, numbers.get()) !=
          1 ||
      EC_POINT_point2oct(group.get(), product.get(), POINT_CONVERSION_UNCOMPRESSED, out.data(),
                         out.size(), numbers.get()) != out.size()) {
    return errors.no_memory_or(Error::crypto_failed);
  }
  return {};
}

Result<void> shared_secret(Curve curve, View scalar, View peer_point,
                           std::span<std::uint8_t> out) noexcept {
  const OwnErrors errors;
  if (!is_allowed()) return errors.no_memory_or(failure());
  const Numbers numbers(BN_CTX_secure_new_ex(library_context()));
  if (!numbers) return Error::no_memory;
  const Group group = group_of_numbers(group_by_name(curve).get(), numbers.get());
  const Point peer(group ? EC_POINT_new(group.get()) : nullptr);
  const Point product(group ? EC_POINT_new(group.get()) : nullptr);
  if (!peer || !product) return errors.no_memory_or(Error::crypto_failed);
  LATCHKEY_TRY(parse_point(group.get(), peer.get(), peer_point, numbers.get(), errors));
  const Number secret = secret_number(scalar), x(BN_secure_new());
  const int size = static_cast<int>(out.size());
  if (!secret || !x ||
      EC_POINT_mul(group.get(), product.get(), nullptr, peer.get(), secret.get(), numbers.get()) !=
          1 ||
      EC_POINT_get_affine_coordinates(group.get(), product.get(), x.get(), nullptr,
                                      numbers.get()) != 1 ||
      BN_bn2binpad(x.get(), out.data(), size) != size) {
    return errors.no_memory_or(Error::crypto_failed);
  }
  return {};
}

}  // namespace

bool is_valid_scalar(Curve curve, View scalar) noexcept {
  const View order = order_of(curve);
  if (scalar.size() != order.size()) return false;
  std::uint32_t borrow = 0;  // of scalar - n
  std::uint32_t bits = 0;
  for (std::size_t i = scalar.size(); i-- > 0;) {
    borrow = (std::uint32_t{scalar[i]} - order[i] - borrow) >> 31;
    bits |= scalar[i];
  }
  std::uint32_t is_valid = base::Mask<std::uint32_t>::if_nonzero(bits).bits() & borrow;
  base::declassify(&is_valid, sizeof is_valid);  // an invalid one is used for nothing
  return is_valid != 0;
}

Result<void> nist_check_point_vartime(Curve curve, View point) noexcept {
  if (!has_form_of_point(curve, point)) return Error::bad_point;
  const OwnErrors errors;
  if (!is_allowed()) return errors.no_memory_or(failure());
  const Numbers numbers(BN_CTX_new_ex(library_context()));
  const Group group = group_by_name(curve);
  const Point parsed(group ? EC_POINT_new(group.get()) : nullptr);
  if (!numbers || !parsed) return errors.no_memory_or(Error::crypto_failed);
  return parse_point(group.get(), parsed.get(), point, numbers.get(), errors);
}

Result<void> nist_public_key(Curve curve, View scalar, std::span<std::uint8_t> out) noexcept {
  base::wipe_output(out.data(), out.size());
  if (out.size() != point_size(curve)) return Error::wrong_size;
  if (!is_valid_scalar(curve, scalar)) return Error::bad_scalar;
  const UncheckedScalar unchecked(scalar);
  const auto made =
      cleanly([&]() noexcept -> Result<void> { return public_key(curve, scalar, out); });
  if (made) {
    base::declassify(out.data(), out.size());  // it is sent in the clear
  } else {
    base::wipe(out.data(), out.size());
  }
  return made;
}

Result<void> nist_shared_secret(Curve curve, View scalar, View peer_point,
                                std::span<std::uint8_t> out) noexcept {
  base::wipe_output(out.data(), out.size());
  if (out.size() != scalar_size(curve)) return Error::wrong_size;
  if (!has_form_of_point(curve, peer_point)) return Error::bad_point;
  if (!is_valid_scalar(curve, scalar)) return Error::bad_scalar;
  const UncheckedScalar unchecked(scalar);
  const auto agreed = cleanly(
      [&]() noexcept -> Result<void> { return shared_secret(curve, scalar, peer_point, out); });
  if (agreed) {
    base::mark_secret(out.data(), out.size());
  } else {
    base::wipe(out.data(), out.size());
  }
  return agreed;
}

}  // namespace latchkey::crypto
