// P-256 and P-384: known answers, libcrypto's EVP as the oracle, and what is refused.

#include "crypto/nist_curve.hpp"

#include <openssl/core_names.h>
#include <openssl/ec.h>

#include "crypto/libcrypto.hpp"
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

struct Answer {
  const char* what;
  Curve curve;
  const char *scalar, *own, *peer, *x;
};

// Those of the RFC, and of our own, by the group law on Python's integers.
constexpr Answer kAnswers[] = {
    {"RFC 5903, section 8.1", Curve::p256,
     "c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433",
     "04dad0b65394221cf9b051e1feca5787d098dfe637fc90b9ef945d0c37725811805271a0461cdb82"
     "52d61f1c456fa3e59ab1f45b33accf5f58389e0577b8990bb3",
     "04d12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf6356fbf3ca366cc2"
     "3e8157854c13c58d6aac23f046ada30f8353e74f33039872ab",
     "d6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de"},
    {"1 and the generator", Curve::p256,
     "0000000000000000000000000000000000000000000000000000000000000001",
     "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f"
     "9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
     "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f"
     "9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
     "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"},
    {"n - 1 and the generator", Curve::p256,
     "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550",
     "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296b01cbd1c01e580"
     "65711814b583f061e9d431cca994cea1313449bf97c840ae0a",
     "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f"
     "9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
     "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"},
    {"2 and a point", Curve::p256,
     "0000000000000000000000000000000000000000000000000000000000000002",
     "047cf27b188d034f7e8a52380304b51ac3c08969e277f21b35a60b48fc4766997807775510db8ed0"
     "40293d9ac69f7430dbba7dade63ce982299e04b79d227873d1",
     "045ecbe4d1a6330a44c8f7ef951d4bf165e6c6b721efada985fb41661bc6e7fd6c78cb9bf2b66700"
     "82c8b4f931e59b5d1327d54fcac7b047c265864ed85d82afcd",
     "b01a172a76a4602c92d3242cb897dde3024c740debb215b4c6b0aae93c2291a9"},
    {"n - 2 and a point", Curve::p256,
     "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc63254f",
     "047cf27b188d034f7e8a52380304b51ac3c08969e277f21b35a60b48fc47669978f888aaee24712f"
     "c0d6c26539608bcf244582521ac3167dd661fb4862dd878c2e",
     "0451590b7a515140d2d784c85608668fdfef8c82fd1f5be52421554a0dc3d033ede0c17da8904a72"
     "7d8ae1bf36bf8a79260d012f00d4d80888d1d0bb44fda16da4",
     "cef66d6b2a3a993e591214d1ea223fb545ca6c471c48306e4c36069404c5723f"},
    {"a scalar with eleven zero bytes", Curve::p256,
     "0000000000000000000000f9b0078b5df596d2ea19010c001bbd009e651de2c5",
     "049cf9847f22be6ec2665f592f7ec858a480fd405bb0eec8a97726cc92e6f8d27731ebdfd4d4add1"
     "1fdc49df05de8067d498b43f9e77c3fc518b6274ef2f283f81",
     "04ecf269583287f9c20ced5bb358f0005f2946e89ca7d0115cf4867eabec4e3185e9e66c446f5855"
     "0ed2e8ce0b093999ccf1e700df0e251e8a314e42812fd342c7",
     "952fae53ba56f24fc81008846e2f5f98fa5f622e327ae180bd19a506d8434ea8"},
    {"an x that begins with a zero byte", Curve::p256,
     "0000000000000000000000000000000000000000000000000000000000000077",
     "04050f1973f020476859f33217266fa0af41af2eae2ba4b223d19c9b1d4d5a20c5e3a723ef8d64df"
     "2ad1fea9a5a272feaf13d0e0a9b6b540aeb02b3a1092e16df0",
     "048e533b6fa0bf7b4625bb30667c01fb607ef9f8b8a80fef5b300628703187b2a373eb1dbde03318"
     "366d069f83a6f5900053c73633cb041b21c55e1a86c1f400b4",
     "00f909ebbc5335e5e9dfea6672f753e90db9e56dd1f0c6cae42c928710b141a2"},
    {"RFC 5903, section 8.2", Curve::p384,
     "099f3c7034d4a2c699884d73a375a67f7624ef7c6b3c0f160647b67414dce655e35b538041e649ee"
     "3faef896783ab194",
     "04667842d7d180ac2cde6f74f37551f55755c7645c20ef73e31634fe72b4c55ee6de3ac808acb4bd"
     "b4c88732aee95f41aa9482ed1fc0eeb9cafc4984625ccfc23f65032149e0e144ada024181535a0f3"
     "8eeb9fcff3c2c947dae69b4c634573a81c",
     "04e558dbef53eecde3d3fccfc1aea08a89a987475d12fd950d83cfa41732bc509d0d1ac43a0336de"
     "f96fda41d0774a3571dcfbec7aacf3196472169e838430367f66eebe3c6e70c416dd5f0c68759dd1"
     "fff83fa40142209dff5eaad96db9e6386c",
     "11187331c279962d93d604243fd592cb9d0a926f422e47187521287e7156c5c4d603135569b9e9d0"
     "9cf5d4a270f59746"},
    {"1 and the generator", Curve::p384,
     "00000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "0000000000000001",
     "04aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf5529"
     "6c3a545e3872760ab73617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8"
     "c00a60b1ce1d7e819d7a431d7c90ea0e5f",
     "04aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf5529"
     "6c3a545e3872760ab73617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8"
     "c00a60b1ce1d7e819d7a431d7c90ea0e5f",
     "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c"
     "3a545e3872760ab7"},
    {"n - 1 and the generator", Curve::p384,
     "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77a"
     "ecec196accc52972",
     "04aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf5529"
     "6c3a545e3872760ab7c9e821b569d9d390a26167406d6d23d6070be242d765eb831625ceec4a0f47"
     "3ef59f4e30e2817e6285bce2846f15f1a0",
     "04aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf5529"
     "6c3a545e3872760ab73617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8"
     "c00a60b1ce1d7e819d7a431d7c90ea0e5f",
     "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c"
     "3a545e3872760ab7"},
    {"2 and a point", Curve::p384,
     "00000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "0000000000000002",
     "0408d999057ba3d2d969260045c55b97f089025959a6f434d651d207d19fb96e9e4fe0e86ebe0e64"
     "f85b96a9c75295df618e80f1fa5b1b3cedb7bfe8dffd6dba74b275d875bc6cc43e904e505f256ab4"
     "255ffd43e94d39e22d61501e700a940e80",
     "04077a41d4606ffa1464793c7e5fdc7d98cb9d3910202dcd06bea4f240d3566da6b408bbae502658"
     "0d02d7e5c70500c831366a0835f4f3bd7c82f44169fd5603667adf4be37aeea55a0897b3f123eee1"
     "523db542931b4a2d6749a0d7a0f5d0e20e",
     "627be1acd064d2b2226fe0d26f2d15d3c33ebcbb7f0f5da51cbd41f26257383021317d7202ff30e5"
     "0937f0854e35c5df"},
    {"n - 2 and a point", Curve::p384,
     "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77a"
     "ecec196accc52971",
     "0408d999057ba3d2d969260045c55b97f089025959a6f434d651d207d19fb96e9e4fe0e86ebe0e64"
     "f85b96a9c75295df61717f0e05a4e4c312484017200292458b4d8a278a43933bc16fb1afa0da954b"
     "d9a002bc15b2c61dd29eafe190f56bf17f",
     "0411de24a2c251c777573cac5ea025e467f208e51dbff98fc54f6661cbe56583b037882f4a1ca297"
     "e60abcdbc3836d84bc8fa696c77440f92d0f5837e90a00e7c5284b447754d5dee88c986533b6901a"
     "eb3177686d0ae8fb33184414abe6c1713a",
     "a669c5563bd67eec678d29d6ef4fde864f372d90b79b9e88931d5c29291238cced8e85ab507bf91a"
     "a9cb2d13186658fb"},
    {"a scalar with eleven zero bytes", Curve::p384,
     "00000000000000000000000000000000f9b0078b5df596d2ea19010c001bbd009e651de2c57e8fb7"
     "e355f31eb9d3f739",
     "048506bf75045a632bf481529f95993591c856a127e6193050e8d7fd9046b03a48f7edfa6958f9bc"
     "bdb09ae51cc93110606a47a6f1861680da2a9d0821b4b621cd85584bbf325f4c8f8ed7deda4f242d"
     "4ecf9a5399fa87566523a0bc8a8256801e",
     "048aac1db4c5951f63215f8d4b8f60f0adcb5efbc4a63c4c6a758da16cce83df1f0cbeb797982556"
     "9755afb3b7f3197bed4ca721c462caffce7424066554d719361616206f67f1bec1bfd0fb4184e047"
     "7ef039d85d15cb37ee18159f890ad0764e",
     "0ab5a3329f486a945df7639fe7f81ecd9c7520ca5fdf59a80854d1c295624a849a5767d4b1366821"
     "3b5cf7917869b694"},
    {"an x that begins with a zero byte", Curve::p384,
     "00000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "0000000000000195",
     "043acc8808262836099dc8033091ef1ac5b9c731a8801938dab1789a561a69a1a36694ad540a3465"
     "2fab6126add66242591c85c4280e34a1bae7cc4ebac4e8191296c06b2ae73551474e787cd76936a3"
     "900790e2dc82533dec9e3522dc7e92b636",
     "04283c1d7365ce4788f29f8ebf234edffead6fe997fbea5ffa2d58cc9dfa7b1c508b05526f55b9eb"
     "b2040f05b48fb6d0e19475c99061e41b88ba52efdb8c1690471a61d867ed799729d9c92cd01dbd22"
     "5630d84ede32a78f9e64664cdac512ef8c",
     "00b2abd984a93dfd51367c15eec66602a1edbffed64de45b3217fa6cee94b44242f76ba5aa507d09"
     "8d48d90f912712f6"},
};

TEST_CASE("P-256 and P-384 give known answers") {
  for (const Answer& answer : kAnswers) {
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
  require_error(nist_public_key(curve, Exact(scalar), point), Error::unknown_value);
  require_error(nist_shared_secret(curve, Exact(scalar), peer, x), Error::unknown_value);
  REQUIRE(point == Bytes(point.size()));
  REQUIRE(x == Bytes(x.size()));
}

TEST_CASE("A scalar is from 1 to n - 1, in all its bytes") {
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

TEST_CASE("A peer's point is an uncompressed one, and on the curve") {
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

TEST_CASE("A peer's coordinate of p or more is refused, also where it is a point modulo p") {
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
