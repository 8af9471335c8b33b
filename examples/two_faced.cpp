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
  std::string_view context, aad;

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
  return need(opened->read([&](auto bytes) {
    return std::ranges::equal(bytes.subspan(at, text.size()), octets(text));
  }));
}

// HPKE, with the recipient's key and the context in its info, as one might build it: enc, then the
// encrypted content.
void hpke_alone(const Side& first, const Side& second) {
  const auto sent = need(first.key.encapsulation_key().encapsulate());
  const auto call = [&](const Side& side) {
    const Octets info = side.info();
    const auto sender = hpke::sender_of<XWing>(seen_by(side, sent.ciphertext), {.info = info});
    return first_call(sender->context, octets(side.aad));
  };
  const Octets encrypted = two_faced_texts(call(first), call(second), kSaysFirst, kSaysSecond);
  const auto open = [&](const Side& side) {
    const Octets info = side.info();
    return hpke::open<XWing>(side.key, sent.ciphertext, {.info = info}, encrypted,
                             octets(side.aad));
  };
  claim(says(open(first), 0, kSaysFirst), "HPKE alone opens it as the first: pay 100 to Bob");
  claim(says(open(second), second_at(kSaysFirst), kSaysSecond),
        "and as the second: pay 900 to Mallory");
}

// The same attack on a container of this library, which can commit to one side only.
void with_commitment(const Side& first, const Side& second) {
  const auto sent = need(first.key.encapsulation_key().encapsulate());
  const std::size_t size = second_at(kSaysFirst) + second_at(kSaysSecond) + 2 * 16 + 16;
  const auto container = [&](const Side& side) {
    return plain_container<XWing>(
        side.key.encapsulation_key().bytes(), seen_by(side, sent.ciphertext),
        {.size = size, .aad = octets(side.aad), .context = octets(side.context)});
  };
  const auto one = container(first), other = container(second);
  const auto call = [&](const PlainContainer& made, const Side& side) {
    return first_call(made.context, one.message_aad(octets(side.aad)));
  };
  const Octets file =
      oracle::concat({one.preamble, two_faced_texts(call(one, first), call(other, second),
                                                    kSaysFirst, kSaysSecond)});
  const auto open = [&](const Side& side) {
    return latchkey::open_sealed(side.key, file, octets(side.aad), octets(side.context));
  };
  claim(says(open(first), 0, kSaysFirst), "a sealed message, made so, opens as the first");
  const auto refused = open(second);
  claim(!refused && refused.error() == latchkey::Error::not_authentic,
        "and is refused as the second, before anything is decrypted");
}

}  // namespace

int main() {
  const auto alice = need(DecapsulationKey::generate());
  const auto mallory = need(DecapsulationKey::generate());
  const struct {
    const char* what;
    Side first, second;
  } attacks[] = {
      {"Mallory makes one file for two contexts, invoice and refund.",
       {alice, "invoice", "order 17"},
       {alice, "refund", "order 17"}},
      {"She makes one file for two aads, order 17 and order 18.",
       {alice, "invoice", "order 17"},
       {alice, "invoice", "order 18"}},
      {"She makes one file for two recipients, Alice and a key of her own.",
       {alice, "invoice", "order 17"},
       {mallory, "invoice", "order 17"}},
  };
  for (const auto& attack : attacks) {
    std::puts(attack.what);
    hpke_alone(attack.first, attack.second);
    with_commitment(attack.first, attack.second);
  }
}
