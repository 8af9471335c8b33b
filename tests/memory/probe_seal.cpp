#include <array>
#include <span>
#include <vector>

#include "latchkey/bind.hpp"
#include "latchkey/seal.hpp"
#include "probe.hpp"

namespace latchkey {
namespace {

// More than fit a slot: pages of their own.
constexpr std::size_t kMessageSize = 3000;

std::vector<std::uint8_t> message() { return std::vector<std::uint8_t>(kMessageSize, 7); }

void require_message(const LockedBuffer& buffer) {
  const auto same = buffer.equals(message());
  if (same && !*same) std::exit(10);
}

void use_xwing(Outcome& outcome, const xwing::DecapsulationKey& key) {
  const auto& ek = key.encapsulation_key();
  const auto sent = ek.encapsulate();
  if (outcome("encapsulate", sent)) {
    const auto opened = key.decapsulate(sent->ciphertext);
    if (outcome("decapsulate", opened) &&
        !std::ranges::equal(*opened->expose(), *sent->secret.expose())) {
      std::exit(11);
    }
    for (const auto kdf : {BindingKdf::hkdf_sha256, BindingKdf::shake256}) {
      const auto keys = SessionKeys::bind(sent->secret, ek, sent->ciphertext, {}, kdf);
      if (outcome("bind", keys)) outcome("derive", keys->derive("label", 40));
    }
  }
  outcome("clone", ek.clone());
  outcome("parse", xwing::EncapsulationKey::parse(ek.bytes()));
  std::array<std::uint8_t, xwing::kSeedSize> seed;
  seed.fill(0xaa);
  if (outcome("export_seed", key.export_seed(seed))) {
    outcome("from_seed", xwing::DecapsulationKey::from_seed(seed, PairwiseTest::run));
  } else {
    require_zero(seed);
  }
}

void use_hpke(Outcome& outcome, const xwing::DecapsulationKey& key, const hpke::Parameters& suite) {
  auto sender = hpke::setup_sender<XWing>(key.encapsulation_key(), suite);
  if (!outcome("setup_sender", sender)) return;
  auto receiver = hpke::setup_receiver<XWing>(key, sender->enc, suite);
  std::vector<std::uint8_t> box(kMessageSize + hpke::kTagSize, 0xaa), out(kMessageSize, 0xaa);
  if (!outcome("seal_to", sender->context.seal_to(box, message(), {}))) return require_zero(box);
  if (!outcome("setup_receiver", receiver)) return;
  outcome("export_secret", receiver->export_secret({}, 64));
  if (!outcome("open_to", receiver->open_to(out, box, {}))) require_zero(out);
  if (sender->context.seal_to(box, message(), {})) {
    const auto opened = receiver->open(box, {});
    if (outcome("open", opened)) require_message(*opened);
  }
}

template <class Key>
void use_messages(Outcome& outcome, const Key& key) {
  const auto sealed = seal_for(key.encapsulation_key(), message(), {}, {});
  if (!outcome("seal_for", sealed)) return;
  const auto opened = open_sealed(key, sealed->bytes(), {}, {});
  if (outcome("open_sealed", opened)) require_message(*opened);
}

}  // namespace

void seal_everything(Outcome& outcome) {
  const auto key = xwing::DecapsulationKey::generate();
  if (outcome("generate", key)) {
    use_xwing(outcome, *key);
    for (const auto kdf : {hpke::Kdf::hkdf_sha256, hpke::Kdf::shake256}) {
      for (const auto aead : {hpke::Aead::aes_128_gcm, hpke::Aead::chacha20_poly1305}) {
        use_hpke(outcome, *key, {.kdf = kdf, .aead = aead, .info = {}, .psk = {}, .psk_id = {}});
      }
    }
    use_messages(outcome, *key);
  }
  const auto plain = DecapsulationKey::generate();
  if (outcome("generate", plain)) use_messages(outcome, *plain);
  purge();
  if (key && key->decapsulate(xwing::Ciphertext{})) std::exit(12);
}

}  // namespace latchkey
