#include "seal/two_faced.hpp"

#include <openssl/bn.h>
#include <openssl/evp.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace latchkey::test {
namespace {

constexpr std::size_t kBlock = 16;

// Integers, and their residues modulo 2^130 - 5.
class Number {
 public:
  Number() : n_(BN_new(), BN_free) {}
  explicit Number(std::uint64_t n) : Number() { BN_set_word(n_.get(), n); }
  explicit Number(OctetView little_endian) : Number() {
    BN_lebin2bn(little_endian.data(), static_cast<int>(little_endian.size()), n_.get());
  }
  Number(const Number& other) : n_(BN_dup(other.n_.get()), BN_free) {}
  Number& operator=(const Number&) = delete;

  friend Number operator+(const Number& a, const Number& b) {
    Number sum;
    BN_add(sum.n_.get(), a.n_.get(), b.n_.get());
    return sum;
  }
  friend Number operator-(const Number& a, const Number& b) {
    Number difference;
    BN_sub(difference.n_.get(), a.n_.get(), b.n_.get());
    return difference;
  }
  friend Number times(const Number& a, const Number& b) {
    Number product;
    BN_mod_mul(product.n_.get(), a.n_.get(), b.n_.get(), modulus().n_.get(), scratch());
    return product;
  }
  // Zero has none, and then the result is zero.
  [[nodiscard]] Number inverse() const {
    Number inverted;
    BN_mod_inverse(inverted.n_.get(), n_.get(), modulus().n_.get(), scratch());
    return inverted;
  }
  [[nodiscard]] Number reduced() const {
    Number rest;
    BN_nnmod(rest.n_.get(), n_.get(), modulus().n_.get(), scratch());
    return rest;
  }
  [[nodiscard]] bool fits_a_block() const { return BN_num_bits(n_.get()) <= 128; }
  // The lowest 16 bytes of a number of no more than 160 bits.
  [[nodiscard]] Octets block() const {
    Octets bytes(20);
    BN_bn2lebinpad(n_.get(), bytes.data(), static_cast<int>(bytes.size()));
    bytes.resize(kBlock);
    return bytes;
  }
  static Number power_of_two(int bits) {
    Number power;
    BN_set_bit(power.n_.get(), bits);
    return power;
  }

 private:
  static const Number& modulus() {
    static const Number p = power_of_two(130) - Number(5);
    return p;
  }
  static BN_CTX* scratch() {
    static const std::unique_ptr<BN_CTX, void (*)(BN_CTX*)> context(BN_CTX_new(), BN_CTX_free);
    return context.get();
  }

  std::unique_ptr<BIGNUM, void (*)(BIGNUM*)> n_;
};

Octets padded(OctetView bytes) {
  Octets whole(bytes.begin(), bytes.end());
  whole.resize((bytes.size() + kBlock - 1) / kBlock * kBlock);
  return whole;
}

// Counter 0 on.
Octets chacha20(const AeadCall& call, std::size_t size) {
  const std::unique_ptr<EVP_CIPHER_CTX, void (*)(EVP_CIPHER_CTX*)> context(EVP_CIPHER_CTX_new(),
                                                                           EVP_CIPHER_CTX_free);
  const Octets zeros(size), iv = oracle::concat({Octets(4), call.nonce});
  Octets out(size);
  int written = 0;
  if (EVP_EncryptInit_ex(context.get(), EVP_chacha20(), nullptr, call.key.data(), iv.data()) != 1 ||
      EVP_EncryptUpdate(context.get(), out.data(), &written, zeros.data(),
                        static_cast<int>(size)) != 1) {
    throw std::runtime_error("OpenSSL failed");
  }
  return out;
}

// One call's Poly1305 as a function of the last block of the ciphertext.
class Tag {
 public:
  // The value of whole blocks, each taken in and multiplied by r.
  static Number of_blocks(const AeadCall& call, OctetView blocks) {
    Octets key = chacha20(call, 32);
    return value(blocks, clamped(key));
  }

  Tag(const AeadCall& call, OctetView ciphertext) : Tag(chacha20(call, 32), call.aad, ciphertext) {}

  // What the block is multiplied with.
  [[nodiscard]] const Number& factor() const { return factor_; }
  // The value for a block of zeros, before the second half of the key is added; and that half.
  [[nodiscard]] const Number& rest() const { return rest_; }
  [[nodiscard]] const Number& mask() const { return mask_; }
  [[nodiscard]] Octets of(const Number& block) const {
    return ((rest_ + times(block, factor_)).reduced() + mask_).block();
  }

 private:
  // RFC 8439, sections 2.5 and 2.8.
  Tag(Octets key, OctetView aad, OctetView ciphertext)
      : r_(clamped(key)),
        mask_(OctetView(key).last(kBlock)),
        factor_(times(r_, r_)),
        rest_(value(oracle::concat({padded(aad), ciphertext, Octets(kBlock), size(aad.size()),
                                    size(ciphertext.size() + kBlock)}),
                    r_)) {}

  static Number clamped(Octets& key) {
    for (const std::size_t i : {3u, 7u, 11u, 15u}) key[i] &= 15;
    for (const std::size_t i : {4u, 8u, 12u}) key[i] &= 252;
    return Number(OctetView(key).first(kBlock));
  }
  static Octets size(std::size_t n) {
    Octets bytes = big_endian(n, 8);
    std::ranges::reverse(bytes);
    return bytes;
  }
  static Number value(OctetView message, const Number& r) {
    auto sum = std::make_unique<Number>();
    for (; !message.empty(); message = message.subspan(kBlock)) {
      const Number block = Number(message.first(kBlock)) + Number::power_of_two(128);
      sum = std::make_unique<Number>(times((*sum + block).reduced(), r));
    }
    return *sum;
  }

  Number r_, mask_, factor_, rest_;
};

}  // namespace

AeadCall first_call(const hpke::internal::Context& context, OctetView aad) {
  AeadCall call{{}, {}, {aad.begin(), aad.end()}};
  const auto done =
      hpke::internal::ScheduleAccess::read(context, [&](const hpke::Secrets& secrets) {
        call.key.assign(std::begin(secrets.key), std::end(secrets.key));
        call.nonce.assign(std::begin(secrets.base_nonce), std::end(secrets.base_nonce));
      });
  if (!done) throw std::runtime_error("no context");
  return call;
}

Octets keystream(const AeadCall& call, std::size_t size) {
  const Octets all = chacha20(call, 64 + size);
  return {all.begin() + 64, all.end()};
}

// Both values, with their masks, have to be the same tag modulo 2^128. They are below 2^131, so
// they differ by a few times 2^128, and for each such difference there is one block.
std::optional<Octets> two_faced(const AeadCall& first, const AeadCall& second,
                                OctetView ciphertext) {
  const Tag a(first, ciphertext), b(second, ciphertext);
  const Number inverse = (a.factor() - b.factor()).reduced().inverse();
  const Number constant = (b.rest() + b.mask()) - (a.rest() + a.mask());
  for (int i = -4; i <= 4; ++i) {
    const Number carry =
        times(Number(static_cast<std::uint64_t>(i < 0 ? -i : i)), Number::power_of_two(128));
    const Number wanted = i < 0 ? constant - carry : constant + carry;
    const Number block = times(wanted.reduced(), inverse);
    if (!block.fits_a_block() || a.of(block) != b.of(block)) continue;
    return oracle::concat({ciphertext, block.block(), a.of(block)});
  }
  return std::nullopt;
}

Octets two_faced_texts(const AeadCall& first, const AeadCall& second, std::string_view says_first,
                       std::string_view says_second) {
  const std::size_t from = second_at(says_first), counter_at = from + second_at(says_second);
  Octets ciphertext(counter_at + kBlock);
  const Octets key_1 = keystream(first, from), key_2 = keystream(second, counter_at);
  for (std::size_t i = 0; i < from; ++i) {
    ciphertext[i] = key_1[i] ^ (i < says_first.size() ? octets(says_first)[i] : ' ');
  }
  for (std::size_t i = from; i < counter_at; ++i) {
    const std::size_t j = i - from;
    ciphertext[i] = key_2[i] ^ (j < says_second.size() ? octets(says_second)[j] : ' ');
  }
  for (;; ++ciphertext[counter_at]) {
    if (auto made = two_faced(first, second, ciphertext)) return *made;
  }
}

// Both values are to be equal behind the last block, so before it they differ by as much as the
// last blocks do.
Octets other_aad(const AeadCall& call, std::size_t before, std::string_view says) {
  const std::size_t last_at = call.aad.size() - kBlock;
  Octets aad = call.aad;
  std::fill(aad.begin() + static_cast<std::ptrdiff_t>(before), aad.end(), ' ');
  std::copy(says.begin(), says.end(), aad.begin() + static_cast<std::ptrdiff_t>(before));
  const Number value = Tag::of_blocks(call, OctetView(call.aad).first(last_at));
  const Number last(OctetView(call.aad).last(kBlock));
  for (;; ++aad[last_at - 1]) {
    const Number other = Tag::of_blocks(call, OctetView(aad).first(last_at));
    const Number block = (value + last - other).reduced();
    if (!block.fits_a_block()) continue;
    std::ranges::copy(block.block(), aad.end() - kBlock);
    return {aad.begin() + static_cast<std::ptrdiff_t>(before), aad.end()};
  }
}

}  // namespace latchkey::test
