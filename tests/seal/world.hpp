// What the operations of operations.cpp work on: all inputs and outputs of one suite, off the
// stack.
#pragma once

#include <algorithm>
#include <array>

#include "base/wipe.hpp"
#include "latchkey/bind.hpp"
#include "latchkey/enclave.hpp"
#include "seal/builder.hpp"
#include "seal/stream.hpp"
#include "seal/support.hpp"

namespace latchkey::test {

inline constexpr std::size_t kMessageSize = 150, kExported = 40;
inline constexpr std::string_view kLabel = "a label";

using Key = xwing::DecapsulationKey;

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
    random.fill(tls_client);
    random.fill(tls_server);
    client.make([&] { return derand::tls_client_share(tls_client); });
    server.make([&] { return derand::tls_answer((*client).bytes(), tls_server); });
    enclave.make([&] { return Enclave::seal(View(message)); });
    sealer.make([&] { return new_sealer(); });
    chunk_box.resize(kMessageSize + hpke::kTagSize);
    if (!(*sealer).seal_chunk(chunk_box, message, Last::yes)) throw std::runtime_error("no chunk");
    header = copy_of((*sealer).header());
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

  Result<StreamSealer> new_sealer() {
    return StreamAccess::sealer<XWing>(ek(), *sent, aad, aad, suite);
  }
  Result<StreamOpener> new_opener() { return StreamOpener::create(*key, header, aad, aad); }

  // Its one chunk goes to `out`.
  Result<void> open_whole_stream() {
    std::ranges::fill(out, std::uint8_t{0});
    int reads = 0;
    return open_stream(
        *key,
        [&](std::span<std::uint8_t> to) -> Result<std::size_t> {
          const Bytes& next = reads == 0 ? header : chunk_box;
          if (reads++ == 2) return std::size_t{0};
          std::ranges::copy(next, to.begin());
          return next.size();
        },
        [&](View chunk) -> Result<void> {
          std::ranges::copy(chunk, out.begin());
          base::clear_registers();  // what a caller's function leaves is the caller's affair
          return {};
        },
        aad, aad);
  }

  // Both contexts at their first message.
  void restart() {
    hpke::internal::ScheduleAccess::set_sequence((*sender).context, 0);
    if (!receiver.has_value()) {
      receiver.make(
          [&] { return hpke::setup_receiver<XWing>(*key, (*sent).ciphertext, parameters()); });
    }
    hpke::internal::ScheduleAccess::set_sequence(*receiver, 0);
  }

  Bytes sk, eseed, psk, message, aad, box, expected_box, out, derived, exported, header, chunk_box;
  SealingSuite suite;
  BindingKdf bind_kdf;
  xwing::Ciphertext changed, low_order;
  std::array<std::uint8_t, xwing::kSeedSize> seed_out;
  std::array<std::uint8_t, derand::kTlsClientRandomnessSize> tls_client;
  std::array<std::uint8_t, derand::kTlsServerRandomnessSize> tls_server;
  Place<Key> key, made;
  Place<xwing::EncapsulationKey> clone;
  Place<xwing::Encapsulation> sent, encapsulation;
  Place<SharedSecret> secret;
  Place<hpke::Sender<XWing>> sender, made_sender;
  Place<hpke::ReceiverContext> receiver, made_receiver;
  Place<SessionKeys> session, made_session;
  Place<LockedBuffer> opened;
  Place<SealedMessage> sealed, made_sealed;
  Place<Enclave> enclave, made_enclave;
  Place<tls::ClientShare> client, made_client;
  Place<tls::ServerShare> server, made_server;
  Place<StreamSealer> sealer, made_sealer;
  Place<StreamOpener> opener, made_opener;
};

inline void add_decapsulation(SealWorld& w, SealSecrets& secrets,
                              const xwing::Ciphertext& ciphertext) {
  secrets.add_xwing_key(w.sk);
  secrets.add_xwing_exchange(w.sk, ciphertext);
}
// Those of message_operations.cpp.
void add_messages(Builder<SealWorld>& builder);
void add_streams(Builder<SealWorld>& builder);
void add_tls(Builder<SealWorld>& builder);
void add_enclave(Builder<SealWorld>& builder);

}  // namespace latchkey::test
