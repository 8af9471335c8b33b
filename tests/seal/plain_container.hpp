// Containers as docs/formats.md has them, put together from HPKE's public functions and the plain
// definitions of tests/mlkem: what the library's are compared with, and what attacks begin with.
#pragma once

#include <span>
#include <string_view>

#include "hpke/hpke.hpp"
#include "latchkey/seal.hpp"
#include "mlkem/oracle_mlkem.hpp"

namespace latchkey::test {

using Octets = oracle::Bytes;
using OctetView = std::span<const std::uint8_t>;

inline Octets octets(std::string_view characters) { return {characters.begin(), characters.end()}; }

// The most significant byte first.
inline Octets big_endian(std::uint64_t n, std::size_t size) {
  Octets bytes(size);
  for (std::size_t i = size; i-- > 0; n >>= 8) bytes[i] = static_cast<std::uint8_t>(n);
  return bytes;
}

// What a container is made of, beside the key and the KEM's ciphertext and secret.
struct PlainInputs {
  SealedKind kind = SealedKind::message;
  std::uint64_t size = 0;  // the last field of the header
  Octets aad, context;
  SealingSuite suite = {};
};

struct PlainContainer {
  Octets preamble;  // header, enc and commitment
  Octets digest;    // SHA3-256(header || enc || aad)
  hpke::SenderContext context;

  // The aad of the AEAD: of a message, and of a chunk.
  [[nodiscard]] Octets message_aad(OctetView aad) const { return oracle::concat({preamble, aad}); }
  [[nodiscard]] Octets chunk_aad(bool is_last) const {
    return oracle::concat({Octets{is_last}, digest, OctetView(preamble).last(32)});
  }
};

inline Octets plain_header(std::uint16_t kem_id, const PlainInputs& in) {
  return oracle::concat(
      {octets("LATCHKEY"), Octets{2, static_cast<std::uint8_t>(in.kind)}, big_endian(kem_id, 2),
       big_endian(static_cast<std::uint64_t>(in.suite.kdf), 2),
       big_endian(static_cast<std::uint64_t>(in.suite.aead), 2), big_endian(in.size, 8)});
}

// `ek` is whose name is in the info, in place of the key's that has the secret.
template <class K>
PlainContainer plain_container(OctetView ek, const typename K::Encapsulation& sent,
                               const PlainInputs& in) {
  const bool is_message = in.kind == SealedKind::message;
  const Octets info =
      oracle::concat({octets(is_message ? "latchkey-seal-v2" : "latchkey-seal-stream-v2"),
                      big_endian(ek.size(), 8), ek, big_endian(in.context.size(), 8), in.context});
  auto sender = hpke::sender_of<K>(
      sent, {.kdf = in.suite.kdf, .aead = in.suite.aead, .info = info, .psk = {}, .psk_id = {}});
  PlainContainer made;
  made.context = std::move(sender.value().context);
  const Octets header_and_enc = oracle::concat({plain_header(K::kHpkeId, in), sent.ciphertext});
  made.digest = oracle::H(oracle::concat({header_and_enc, in.aad}));
  const auto commitment = made.context.export_secret(
      oracle::concat({octets("latchkey-commitment-v2"), made.digest}), 32);
  Octets bytes(32);
  static_cast<void>(commitment.value().read(
      [&](OctetView from) noexcept { std::copy(from.begin(), from.end(), bytes.begin()); }));
  made.preamble = oracle::concat({header_and_enc, bytes});
  return made;
}

}  // namespace latchkey::test
