#include "seal/container_attacks.hpp"

#include "crypto/aead.hpp"
#include "encoding/base64.hpp"
#include "encoding/integers.hpp"
#include "latchkey/age.hpp"
#include "latchkey/stream.hpp"
#include "seal/oracle.hpp"
#include "seal/stream_support.hpp"
#include "seal/support.hpp"

namespace latchkey::test {
namespace {

constexpr std::size_t kEnc = xwing::kCiphertextSize;
constexpr std::string_view kSaysFirst = "pay 100 to Bob", kSaysSecond = "pay 900 to Mallory";

xwing::Encapsulation encapsulated_to(const Side& side) {
  return side.key.encapsulation_key().encapsulate().value();
}

// What a side has of an enc.
xwing::Encapsulation received(const Side& side, const xwing::Ciphertext& enc) {
  return {enc, side.key.decapsulate(enc).value()};
}

std::optional<Octets> bytes_of(const Result<LockedBuffer>& opened) {
  if (!opened) return std::nullopt;
  return copy_of(*opened);
}

// ---- HPKE alone

Octets info_of(const Side& side) {
  return text("example") + lp(side.key.encapsulation_key().bytes()) + lp(side.context);
}

bool has_one_key(const Side& first, const Side& second) {
  return &first.key == &second.key && first.context == second.context;
}

// What is encrypted for both sides. `before` bytes stand in front of the caller's in the AEAD's
// aad.
Octets encrypted_for(const AeadCall& one, const AeadCall& two, std::size_t before,
                     hpke::SenderContext& sender, const Side& first, Side& second) {
  if (!has_one_key(first, second)) return two_faced_texts(one, two, kSaysFirst, kSaysSecond);
  second.aad =
      other_aad(one, before, {reinterpret_cast<const char*>(second.aad.data()), second.aad.size()});
  Octets encrypted(kSaysFirst.size() + hpke::kTagSize);
  REQUIRE(sender.seal_to(encrypted, text(kSaysFirst), one.aad).has_value());
  return encrypted;
}

Octets make_hpke(const Side& first, Side& second) {
  const auto sent = encapsulated_to(first), other = received(second, sent.ciphertext);
  const Octets info_1 = info_of(first), info_2 = info_of(second);
  auto one = hpke::sender_of<XWing>(sent, {.info = info_1}).value();
  const auto two = hpke::sender_of<XWing>(other, {.info = info_2}).value();
  return copy_of(View(sent.ciphertext)) + encrypted_for(first_call(one.context, first.aad),
                                                        first_call(two.context, second.aad), 0,
                                                        one.context, first, second);
}

std::optional<Octets> open_hpke(const Side& side, OctetView file) {
  const Octets info = info_of(side);
  return bytes_of(
      hpke::open<XWing>(side.key, file.first(kEnc), {.info = info}, file.subspan(kEnc), side.aad));
}

// ---- Sealed messages and streams

PlainContainer container_for(const Side& side, const xwing::Encapsulation& seen, SealedKind kind,
                             std::uint64_t size) {
  return plain_container<XWing>(
      side.key.encapsulation_key().bytes(), seen,
      {.kind = kind, .size = size, .aad = side.aad, .context = side.context});
}

Octets make_message(const Side& first, Side& second) {
  const auto sent = encapsulated_to(first), other = received(second, sent.ciphertext);
  const std::size_t size = has_one_key(first, second) ? kSaysFirst.size() + hpke::kTagSize
                                                      : two_faced_size(kSaysFirst, kSaysSecond);
  auto one = container_for(first, sent, SealedKind::message, size);
  const auto two = container_for(second, other, SealedKind::message, size);
  // There is one preamble.
  return one.preamble + encrypted_for(first_call(one.context, one.message_aad(first.aad)),
                                      first_call(two.context, one.message_aad(second.aad)),
                                      one.preamble.size(), one.context, first, second);
}

// The digest is in the aad of a chunk, so no second aad can be computed: the second is as it is.
Octets make_stream(const Side& first, Side& second) {
  const auto sent = encapsulated_to(first), other = received(second, sent.ciphertext);
  auto one = container_for(first, sent, SealedKind::stream, kStreamChunk);
  auto two = container_for(second, other, SealedKind::stream, kStreamChunk);
  two.preamble = one.preamble;
  if (has_one_key(first, second)) {
    Octets encrypted(kSaysFirst.size() + hpke::kTagSize);
    REQUIRE(one.context.seal_to(encrypted, text(kSaysFirst), one.chunk_aad(true)).has_value());
    return one.preamble + encrypted;
  }
  return one.preamble + two_faced_texts(first_call(one.context, one.chunk_aad(true)),
                                        first_call(two.context, two.chunk_aad(true)), kSaysFirst,
                                        kSaysSecond);
}

std::optional<Octets> open_message(const Side& side, OctetView file) {
  return bytes_of(open_sealed(side.key, file, side.aad, side.context));
}

std::optional<Octets> open_whole_stream(const Side& side, OctetView file) {
  Octets content;
  const auto done =
      open_stream(side.key, reading(file), appending_to(content), side.aad, side.context);
  if (!done && content.empty()) return std::nullopt;
  return content;
}

// ---- Files of age

constexpr std::string_view kAgeInfo = "age-encryption.org/mlkem768x25519";
constexpr std::string_view kAgeStart = "age-encryption.org/v1\n-> mlkem768x25519 ";
constexpr std::size_t kWrapped = 32;

Octets base64(OctetView bytes) {
  Octets characters(encoding::base64_size(bytes.size()));
  encoding::base64_encode(characters, bytes);
  while (characters.back() == '=') characters.pop_back();
  return characters;
}

Octets make_age(const Side& first, Side& second) {
  const hpke::Parameters parameters{.info = latchkey::bytes_of(kAgeInfo)};
  for (;;) {
    const auto sent = encapsulated_to(first), other = received(second, sent.ciphertext);
    const auto one = hpke::sender_of<XWing>(sent, parameters).value();
    const auto two = hpke::sender_of<XWing>(other, parameters).value();
    const AeadCall call = first_call(one.context, {});
    const auto body = two_faced(call, first_call(two.context, {}), {});
    if (!body) continue;
    Octets file_key = keystream(call, 16);
    for (std::size_t i = 0; i < 16; ++i) file_key[i] ^= (*body)[i];
    Octets file =
        text(kAgeStart) + base64(sent.ciphertext) + text("\n") + base64(*body) + text("\n---");
    const Octets mac = hmac(hkdf_expand(hkdf_extract({}, file_key), text("header"), 32), file);
    const Octets salt(16);
    file = file + text(" ") + base64(mac) + text("\n") + salt;
    const Octets key = hkdf_expand(hkdf_extract(salt, file_key), text("payload"), 32);
    Octets nonce(12), encrypted(kSaysFirst.size() + 16);
    nonce[11] = 1;  // the last chunk
    const auto done = crypto::aead_seal(encrypted, hpke::Aead::chacha20_poly1305, key,
                                        OctetView(nonce).first<12>(), text(kSaysFirst), {});
    REQUIRE(done.has_value());
    return file + encrypted;
  }
}

std::optional<Octets> open_age_file(const Side& side, OctetView file) {
  const xwing::DecapsulationKey* const keys[] = {&side.key};
  Octets content;
  const auto done = age::open(keys, reading(file), appending_to(content));
  if (!done && content.empty()) return std::nullopt;
  return content;
}

std::optional<Octets> open_age_stanza(const Side& side, OctetView file) {
  const std::size_t enc_size = (8 * kEnc + 5) / 6, body_size = (8 * kWrapped + 5) / 6;
  Octets enc(kEnc + 3), body(kWrapped + 3);
  const auto at = kAgeStart.size();
  REQUIRE(encoding::base64_decode(enc, file.subspan(at, enc_size), encoding::Padding::none)
              .has_value());
  REQUIRE(encoding::base64_decode(body, file.subspan(at + enc_size + 1, body_size),
                                  encoding::Padding::none)
              .has_value());
  return bytes_of(hpke::open<XWing>(side.key, OctetView(enc).first(kEnc),
                                    {.info = latchkey::bytes_of(kAgeInfo)},
                                    OctetView(body).first(kWrapped), {}));
}

}  // namespace

const AttackedContainer kHpkeAlone = {make_hpke, open_hpke};
const AttackedContainer kMessage = {make_message, open_message};
const AttackedContainer kStream = {make_stream, open_whole_stream};
const AttackedContainer kAgeFile = {make_age, open_age_file};
const AttackedContainer kAgeStanza = {make_age, open_age_stanza};

}  // namespace latchkey::test
