// What the operations of operations.cpp work on: all inputs and outputs of one suite, off the
// stack.
#pragma once

#include <algorithm>
#include <array>

#include "latchkey/bind.hpp"
#include "latchkey/seal.hpp"
#include "scrub/place.hpp"
#include "seal/hpke.hpp"
#include "seal/support.hpp"

namespace latchkey::test {

inline constexpr std::size_t kMessageSize = 150, kExported = 40;
inline constexpr std::string_view kLabel = "a label";

using Key = xwing::DecapsulationKey;

inline bool same(const SharedSecret& a, const SharedSecret& b) { return copy_of(a) == copy_of(b); }
inline bool holds(const LockedBuffer& buffer, View bytes) {
  const auto equal = buffer.equals(bytes);
  return equal && *equal;
}
inline bool is_zero(View bytes) {
  return std::ranges::all_of(bytes, [](std::uint8_t byte) { return byte == 0; });
}

struct SealWorld {
  SealWorld(Random& random, hpke::Kdf kdf, hpke::Aead aead)
      : sk(random.vector(xwing::kSeedSize)),
        eseed(random.vector(xwing::kEncapsulationSeedSize)),
        psk(random.vector(32)),
        message(random.vector(kMessageSize)),
        aad(random.vector(20)),
        box(kMessageSize + hpke::kTagSize),
        out(kMessageSize),
        suite{kdf, aead},
        bind_kdf(kdf == hpke::Kdf::hkdf_sha256 ? BindingKdf::hkdf_sha256 : BindingKdf::shake256) {
    key.make([&] { return Key::from_seed(sk); });
    sent.make([&] { return derand::encapsulate(ek(), seed()); });
    changed = (*sent).ciphertext;
    changed[random.between<std::size_t>(0, kCiphertextSize - 1)] ^= 1;
    low_order = (*sent).ciphertext;
    std::fill_n(low_order.end() - 32, 32, std::uint8_t{0});
    sender.make([&] { return hpke::sender_of<XWing>(*sent, parameters()); });
    restart();
    if (!(*sender).context.seal_to(box, message, aad)) throw std::runtime_error("no box");
    expected_box = box;
    sealed.make([&] { return seal_for(ek(), message, aad, aad, suite); });
    session.make([&] { return bound(); });
    derived = copy_of((*session).derive(kLabel, kExported).value());
    exported = copy_of((*sender).context.export_secret(aad, kExported).value());
  }

  [[nodiscard]] const xwing::EncapsulationKey& ek() { return (*key).encapsulation_key(); }
  [[nodiscard]] std::span<const std::uint8_t, xwing::kEncapsulationSeedSize> seed() const {
    return View(eseed).first<xwing::kEncapsulationSeedSize>();
  }
  [[nodiscard]] hpke::Parameters parameters() const {
    return {.kdf = suite.kdf, .aead = suite.aead, .info = aad, .psk = psk, .psk_id = aad};
  }
  Result<SessionKeys> bound() {
    return SessionKeys::bind((*sent).secret, ek(), (*sent).ciphertext, aad, bind_kdf);
  }

  // Both contexts at their first message.
  void restart() {
    hpke::internal::Schedule::set_sequence((*sender).context, 0);
    if (!receiver.has_value()) {
      receiver.make(
          [&] { return hpke::setup_receiver<XWing>(*key, (*sent).ciphertext, parameters()); });
    }
    hpke::internal::Schedule::set_sequence(*receiver, 0);
  }

  Bytes sk, eseed, psk, message, aad, box, expected_box, out, derived, exported;
  SealingSuite suite;
  BindingKdf bind_kdf;
  xwing::Ciphertext changed, low_order;
  std::array<std::uint8_t, xwing::kSeedSize> seed_out;
  Place<Key> key, made;
  Place<xwing::EncapsulationKey> clone;
  Place<xwing::Encapsulation> sent, encapsulation;
  Place<SharedSecret> secret;
  Place<hpke::Sender<XWing>> sender, made_sender;
  Place<hpke::ReceiverContext> receiver, made_receiver;
  Place<SessionKeys> session, made_session;
  Place<LockedBuffer> opened;
  Place<SealedMessage> sealed, made_sealed;
};

}  // namespace latchkey::test
