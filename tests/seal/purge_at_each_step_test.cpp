// In the middle of every operation of the layers above a purge() by another thread, or memory that
// is refused, to us or to libcrypto: an error that says so, and nothing in the outputs.

#include "hybrid/tls_groups.hpp"
#include "latchkey/bind.hpp"
#include "latchkey/seal.hpp"
#include "seal/refusals.hpp"
#include "seal/support.hpp"

namespace latchkey::test {
namespace {

TEST_CASE("A purge, or refused memory, in an operation on an X-Wing key is an error") {
  Random random;
  const Bytes seed = random.vector(xwing::kSeedSize);
  require_errors(nothing, [&](Nothing) {
    return xwing::DecapsulationKey::from_seed(seed, PairwiseTest::run);
  });
  using Alice = Pair<XWing>;
  require_errors(pair<XWing>, [](Alice& own) { return own.pub().encapsulate(); });
  require_errors_and_input(pair<XWing>,
                           [](Alice& own) { return own.key.decapsulate(own.sent.ciphertext); });
  require_error_at_each_step(Trouble::purge, Error::purged, pair<XWing>, [](Alice& own) {
    std::array<std::uint8_t, xwing::kSeedSize> exported;
    exported.fill(0xaa);
    const auto result = own.key.export_seed(exported);
    REQUIRE(is_zero(exported) == !result);
    return result;
  });
}

TEST_CASE("An X-Wing key that gets no memory is not parsed and not cloned") {
  const auto alice = pair<XWing>();
  const Bytes bytes = copy_of(alice.pub().bytes());
  const auto use = [&](auto make) {
    int errors = 0;
    for (int step = 0;; ++step) {
      CAPTURE(step);
      const TroubleAt trouble(Trouble::refusal, step);
      const auto result = make();
      if (!trouble.happened()) break;
      errors += !result;
      if (result) REQUIRE(copy_of(result->bytes()) == bytes);
    }
    REQUIRE(errors > 0);
  };
  use([&] { return xwing::EncapsulationKey::parse(bytes); });
  use([&] { return alice.pub().clone(); });
}

template <Kem K>
void require_sealing_errors(SealingSuite suite) {
  const Bytes message(100, 1), aad(3000, 2), context(3000, 3);  // with pages of their own
  require_errors(pair<K>,
                 [&](Pair<K>& own) { return seal_for(own.pub(), message, aad, context, suite); });
  struct Sent {
    Pair<K> alice;
    Bytes sealed;
  };
  const auto sent = [&] {
    Sent all;
    all.sealed = bytes_in(seal_for(all.alice.pub(), message, aad, context, suite));
    return all;
  };
  require_errors_and_input(
      sent, [&](Sent& own) { return open_sealed(own.alice.key, own.sealed, aad, context); });
}

TEST_CASE("A purge, or refused memory, in sealing and opening is an error") {
  require_sealing_errors<MlKem768>({hpke::Kdf::hkdf_sha256, hpke::Aead::aes_256_gcm});
  require_sealing_errors<XWing>({hpke::Kdf::shake256, hpke::Aead::chacha20_poly1305});
}

template <hpke::Kdf kdf>
struct Session {
  Pair<MlKem768> alice;
  hpke::Sender<MlKem768> sender = hpke::setup_sender<MlKem768>(alice.pub(), {.kdf = kdf}).value();
  hpke::ReceiverContext receiver =
      hpke::setup_receiver<MlKem768>(alice.key, sender.enc, {.kdf = kdf}).value();
};

TEST_CASE(
    "A purge, or refused memory, in an HPKE context is an error, and leaves nothing in its "
    "output") {
  using Hkdf = Session<hpke::Kdf::hkdf_sha256>;
  using Shake = Session<hpke::Kdf::shake128>;
  const auto hkdf = [] { return Hkdf(); };
  const auto shake = [] { return Shake(); };
  const Bytes message(3000, 7);
  require_errors_and_input(
      hkdf, [&](Hkdf& own) { return own.sender.context.export_secret(message, 64); });
  require_errors_and_input(
      shake, [&](Shake& own) { return own.sender.context.export_secret(message, 64); });
  require_errors(hkdf, [&](Hkdf& own) {
    Bytes box(message.size() + hpke::kTagSize, 0xaa);
    const auto result = own.sender.context.seal_to(box, message, message);
    REQUIRE(is_zero(box) == !result);
    return result;
  });
  struct Arrived {
    Hkdf session;
    Bytes box;
  };
  const auto arrived = [&] {
    Arrived all{{}, Bytes(message.size() + hpke::kTagSize)};
    REQUIRE(all.session.sender.context.seal_to(all.box, message, message).has_value());
    return all;
  };
  require_errors_and_input(
      arrived, [&](Arrived& own) { return own.session.receiver.open(own.box, message); });
  require_errors(arrived, [&](Arrived& own) {
    Bytes out(message.size(), 0xaa);
    const auto result = own.session.receiver.open_to(out, own.box, message);
    REQUIRE(is_zero(out) == !result);
    return result;
  });
}

LATCHKEY_TEST_OF_GROUPS("A purge, or refused memory, in a key exchange of TLS is an error") {
  using Client = tls::ClientShareOf<group>;
  require_errors(nothing, [](Nothing) { return Client::generate(); });
  const auto client = [] { return Client::generate().value(); };
  require_errors(client, [](Client& own) { return tls::answer<group>(own.bytes()); });
  struct Answered {
    Client own;
    tls::ServerShareOf<group> theirs;
  };
  const auto answered = [&] {
    auto own = client();
    auto theirs = tls::answer<group>(own.bytes()).value();
    return Answered{std::move(own), std::move(theirs)};
  };
  require_errors_and_input(
      answered, [](Answered& both) { return std::move(both.own).secret(both.theirs.share); });
}

TEST_CASE("A purge, or refused memory, in binding and deriving keys is an error") {
  const Bytes context(3000, 5);
  for (const BindingKdf kdf : {BindingKdf::hkdf_sha256, BindingKdf::shake256}) {
    using Alice = Pair<MlKem768>;
    const auto bind = [&](const Alice& own) {
      return SessionKeys::bind(own.sent.secret, own.pub(), own.sent.ciphertext, context, kdf);
    };
    require_errors_and_input(pair<MlKem768>, bind);
    require_errors_and_input([&] { return bind(pair<MlKem768>()).value(); },
                             [&](SessionKeys& keys) { return keys.derive("key", 3000); });
  }
}

}  // namespace
}  // namespace latchkey::test
