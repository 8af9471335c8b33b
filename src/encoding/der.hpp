// The DER (X.690) of keys. Every key of a kind has the same size, so what stands before its bytes
// is always the same: it is built here, by the compiler, and files are compared with it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace latchkey::encoding::der {

template <std::size_t N>
using Octets = std::array<std::uint8_t, N>;

enum Tag : std::uint8_t {
  kInteger = 0x02,
  kBitString = 0x03,
  kOctetString = 0x04,
  kObjectIdentifier = 0x06,
  kSequence = 0x30,
  kSet = 0x31,
  kContext0 = 0x80,    // IMPLICIT [0] of a string
  kPublicKey = 0x81,   // IMPLICIT [1] of a BIT STRING (RFC 5958, section 2)
  kAttributes = 0xa0,  // IMPLICIT [0] of a SET OF
};

template <std::size_t... Ns>
constexpr auto joined(const Octets<Ns>&... parts) {
  Octets<(Ns + ... + 0)> all{};
  std::size_t at = 0;
  const auto append = [&](const auto& part) {
    for (const std::uint8_t byte : part) all[at++] = byte;
  };
  (append(parts), ...);
  return all;
}

// Tag and length of a value of `Size` bytes (X.690, 8.1.3: the short form below 128).
template <std::size_t Size>
constexpr auto header(Tag tag) {
  static_assert(Size < 1 << 16);
  constexpr auto kHigh = static_cast<std::uint8_t>(Size >> 8);
  constexpr auto kLow = static_cast<std::uint8_t>(Size);
  if constexpr (Size < 128) {
    return Octets<2>{tag, kLow};
  } else if constexpr (Size < 256) {
    return Octets<3>{tag, 0x81, kLow};
  } else {
    return Octets<4>{tag, 0x82, kHigh, kLow};
  }
}

template <std::size_t N>
constexpr auto value(Tag tag, const Octets<N>& content) {
  return joined(header<N>(tag), content);
}

constexpr std::size_t arc_size(std::uint64_t arc) {
  std::size_t size = 1;
  while (arc >>= 7) ++size;
  return size;
}

// The first two numbers share one (X.690, 8.19).
template <std::uint64_t First, std::uint64_t Second, std::uint64_t... Rest>
constexpr auto object_identifier() {
  Octets<(arc_size(First * 40 + Second) + ... + arc_size(Rest))> content{};
  std::size_t at = 0;
  for (const std::uint64_t arc : {First * 40 + Second, Rest...}) {
    for (std::size_t left = arc_size(arc); left-- > 0;) {
      const auto digit = static_cast<std::uint8_t>(arc >> 7 * left & 0x7f);
      content[at++] = static_cast<std::uint8_t>(digit | (left > 0 ? 0x80 : 0));
    }
  }
  return value(kObjectIdentifier, content);
}

// RFC 9935, section 3; the X-Wing draft, appendix A.
inline constexpr auto kMlKem512Id = object_identifier<2, 16, 840, 1, 101, 3, 4, 4, 1>();
inline constexpr auto kMlKem768Id = object_identifier<2, 16, 840, 1, 101, 3, 4, 4, 2>();
inline constexpr auto kMlKem1024Id = object_identifier<2, 16, 840, 1, 101, 3, 4, 4, 3>();
inline constexpr auto kXWingId = object_identifier<1, 3, 6, 1, 4, 1, 62253, 25722>();

// All of a SubjectPublicKeyInfo (RFC 5280, section 4.1) but the key of `Size` bytes at its end.
template <std::size_t Size, std::size_t N>
constexpr auto public_key_prefix(const Octets<N>& algorithm) {
  const auto bits = joined(header<1 + Size>(kBitString), Octets<1>{0});  // no unused bits
  return joined(header<N + bits.size() + Size>(kSequence), algorithm, bits);
}

// All of a PrivateKeyInfo (RFC 5208, section 5; RFC 5958) but the last `Rest` bytes of the key,
// whose first ones are given.
template <std::size_t Rest, std::size_t N, std::size_t M>
constexpr auto private_key_prefix(const Octets<N>& algorithm, const Octets<M>& first) {
  const auto content =
      joined(value(kInteger, Octets<1>{0}), algorithm, header<M + Rest>(kOctetString), first);
  return joined(header<content.size() + Rest>(kSequence), content);
}

}  // namespace latchkey::encoding::der
