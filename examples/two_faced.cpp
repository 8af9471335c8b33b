// One sealed file that opens twice with different content: HPKE's AEADs do not commit to their key.
// Containers of this library do. (docs/holding-kems.md)
#include <latchkey/seal.hpp>

#include <string>

#include "claims.hpp"
// What Mallory works with: ciphertexts for two keys, and the container without the library.
#include "seal/two_faced.hpp"

using latchkey::XWing;
using latchkey::xwing::DecapsulationKey;
using namespace latchkey::test;
namespace hpke = latchkey::hpke;

namespace {

constexpr std::string_view kSaysFirst = "pay 100 to Bob", kSaysSecond = "pay 900 to Mallory";

// One way to open a file.
struct Side {
  const DecapsulationKey& key;
  std::string_view context;
  Octets aad;

  [[nodiscard]] Octets info() const {
    const auto ek = key.encapsulation_key().bytes();
    return oracle::concat({big_endian(ek.size(), 8), ek, octets(context)});
  }
};

// What each side makes of an enc. Mallory knows it for the first side because she encapsulated, and
// for the second because that is the same, or because the key is hers.
latchkey::xwing::Encapsulation seen_by(const Side& side, const latchkey::xwing::Ciphertext& enc) {
  return {enc, need(side.key.decapsulate(enc))};
}

bool says(const latchkey::Result<latchkey::LockedBuffer>& opened, std::size_t at,
          std::string_view text) {
  if (!opened) return false;
  bool equal = false;
  const auto done = opened->read([&](auto bytes) {
    equal = std::ranges::equal(bytes.subspan(at, text.size()), octets(text));
  });
  return done && equal;
}

bool is_refused(const latchkey::Result<latchkey::LockedBuffer>& opened) {
  return !opened && opened.error() == latchkey::Error::not_authentic;
}

// Two keys of the AEAD, and one ciphertext. HPKE alone is enc, then the encrypted content, with the
// recipient's key and the context in info.
void two_keys(const Side& first, const Side& second) {
  const auto sent = need(first.key.encapsulation_key().encapsulate());
  const auto call = [&](const Side& side) {
    const Octets info = side.info();
    const auto sender = hpke::sender_of<XWing>(seen_by(side, sent.ciphertext), {.info = info});
    return first_call(sender->context, side.aad);
  };
  const Octets encrypted = two_faced_texts(call(first), call(second), kSaysFirst, kSaysSecond);
  const auto open = [&](const Side& side) {
    const Octets info = side.info();
    return hpke::open<XWing>(side.key, sent.ciphertext, {.info = info}, encrypted, side.aad);
  };
  claim(says(open(first), 0, kSaysFirst), "HPKE alone opens it as the first: pay 100 to Bob");
  claim(says(open(second), second_at(kSaysFirst), kSaysSecond),
        "and as the second: pay 900 to Mallory");

  // A container of this library can hold the commitment of one side only.
  const auto container = [&](const Side& side) {
    return plain_container<XWing>(side.key.encapsulation_key().bytes(),
                                  seen_by(side, sent.ciphertext),
                                  {.size = two_faced_size(kSaysFirst, kSaysSecond),
                                   .aad = side.aad,
                                   .context = octets(side.context)});
  };
  const auto one = container(first), other = container(second);
  const Octets file = oracle::concat(
      {one.preamble, two_faced_texts(first_call(one.context, one.message_aad(first.aad)),
                                     first_call(other.context, one.message_aad(second.aad)),
                                     kSaysFirst, kSaysSecond)});
  const auto open_ours = [&](const Side& side) {
    return latchkey::open_sealed(side.key, file, side.aad, octets(side.context));
  };
  claim(says(open_ours(first), 0, kSaysFirst), "a sealed message, made so, opens as the first");
  claim(is_refused(open_ours(second)),
        "and is refused as the second, before anything is decrypted");
}

// One key of the AEAD, and two aads that have one tag. `aad` is as long as it takes: both in HPKE
// and behind a preamble, the AEAD's aad is to end with a block.
void two_aads(const DecapsulationKey& key) {
  const auto sent = need(key.encapsulation_key().encapsulate());
  Octets encrypted(kSaysFirst.size() + hpke::kTagSize), order_17 = octets("order 17");
  const auto seal = [&](hpke::SenderContext& context, OctetView aad) {
    need(context.seal_to(encrypted, octets(kSaysFirst), aad));
  };
  order_17.resize(48, ' ');
  const Side side{key, "invoice", order_17};
  const Octets info = side.info();
  auto sender = need(hpke::sender_of<XWing>(sent, {.info = info}));
  seal(sender.context, order_17);
  const Octets order_18 = other_aad(first_call(sender.context, order_17), 0, "order 18");
  const auto open = [&](OctetView aad) {
    return hpke::open<XWing>(key, sent.ciphertext, {.info = info}, encrypted, aad);
  };
  claim(says(open(order_17), 0, kSaysFirst), "HPKE alone opens it with order 17");
  claim(says(open(order_18), 0, kSaysFirst), "and with order 18 and some bytes behind it");

  order_17.resize(40);
  auto made = plain_container<XWing>(
      key.encapsulation_key().bytes(), sent,
      {.size = encrypted.size(), .aad = order_17, .context = octets("invoice")});
  seal(made.context, made.message_aad(order_17));
  const Octets file = oracle::concat({made.preamble, encrypted});
  const Octets other = other_aad(first_call(made.context, made.message_aad(order_17)),
                                 made.preamble.size(), "order 18");
  const auto open_ours = [&](OctetView aad) {
    return latchkey::open_sealed(key, file, aad, octets("invoice"));
  };
  claim(says(open_ours(order_17), 0, kSaysFirst), "a sealed message, made so, opens with order 17");
  claim(is_refused(open_ours(other)),
        "and is refused with the other, before anything is decrypted");
}

}  // namespace

int main() {
  const auto alice = need(DecapsulationKey::generate());
  const auto mallory = need(DecapsulationKey::generate());
  std::puts("Mallory makes one file for two contexts, invoice and refund.");
  two_keys({alice, "invoice", {}}, {alice, "refund", {}});
  std::puts("She makes one file for two recipients, Alice and a key of her own.");
  two_keys({alice, "invoice", {}}, {mallory, "invoice", {}});
  std::puts("She makes one file for two aads, order 17 and order 18.");
  two_aads(alice);
}
