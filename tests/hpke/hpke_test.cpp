// HPKE's contexts as their users meet them; the vectors are kat/seal/hpke-pq.rsp.

#include "hpke/hpke.hpp"

#include "seal/support.hpp"

namespace latchkey::test {
namespace {

using hpke::Aead;
using hpke::Kdf;
using hpke::Parameters;
using hpke::ReceiverContext;
using hpke::SenderContext;

constexpr Kdf kKdfs[] = {Kdf::hkdf_sha256, Kdf::hkdf_sha384,   Kdf::shake128,
                         Kdf::shake256,    Kdf::turboshake128, Kdf::turboshake256};
constexpr Aead kAeads[] = {Aead::aes_128_gcm, Aead::aes_256_gcm, Aead::chacha20_poly1305};

Bytes sealed(SenderContext& context, View message, View aad) {
  Bytes box(message.size() + hpke::kTagSize);
  REQUIRE(context.seal_to(box, message, aad).has_value());
  return box;
}

template <class K>
struct Session {
  explicit Session(const Parameters& parameters)
      : key(K::DecapsulationKey::generate().value()),
        sender(hpke::setup_sender<K>(key.encapsulation_key(), parameters).value()),
        receiver(hpke::setup_receiver<K>(key, sender.enc, parameters).value()) {}

  typename K::DecapsulationKey key;
  hpke::Sender<K> sender;
  ReceiverContext receiver;
};

template <class K>
void require_exchange(Random& random) {
  const Bytes psk = random.vector(32), psk_id = random.vector(5), info = random.vector(40);
  for (const Kdf kdf : kKdfs) {
    for (const Aead aead : kAeads) {
      for (const bool with_psk : {false, true}) {
        Parameters parameters{.kdf = kdf, .aead = aead, .info = info, .psk = {}, .psk_id = {}};
        if (with_psk) parameters.psk = psk, parameters.psk_id = psk_id;
        Session<K> session(parameters);
        for (const std::size_t size : {0u, 1u, 100u, 5000u}) {
          const Bytes message = random.vector(size), aad = random.vector(size % 77);
          const Bytes box = sealed(session.sender.context, message, aad);
          REQUIRE(bytes_in(session.receiver.open(Exact(box), Exact(aad))) == message);
        }
        const Bytes context = random.vector(9);
        for (const std::size_t size : {0u, 1u, 32u, 255u}) {
          REQUIRE(bytes_in(session.sender.context.export_secret(context, size)) ==
                  bytes_in(session.receiver.export_secret(context, size)));
        }
      }
    }
  }
}

TEST_CASE("What an HPKE sender seals, the receiver opens, with every KEM, KDF, AEAD and mode") {
  Random random;
  require_exchange<MlKem768>(random);
  require_exchange<XWing>(random);
  require_exchange<MlKem768P256>(random);
  require_exchange<MlKem1024P384>(random);
  require_exchange<hpke::DhKemP256>(random);
  require_exchange<hpke::DhKemX25519>(random);
}

template <class K>
void require_single_shots(Random& random) {
  const Bytes psk = random.vector(32), psk_id = random.vector(5), info = random.vector(40),
              message = random.vector(100), aad = random.vector(10);
  const auto key = K::DecapsulationKey::generate();
  for (const bool with_psk : {false, true}) {
    Parameters parameters{.info = info, .psk = {}, .psk_id = {}};
    if (with_psk) parameters.psk = psk, parameters.psk_id = psk_id;
    Bytes box(message.size() + hpke::kTagSize);
    const auto enc =
        hpke::seal_to<K>(key->encapsulation_key(), parameters, box, Exact(message), Exact(aad));
    REQUIRE(enc.has_value());
    REQUIRE(bytes_in(hpke::open<K>(*key, Exact(*enc), parameters, Exact(box), aad)) == message);
    auto receiver = hpke::setup_receiver<K>(*key, *enc, parameters);
    REQUIRE(bytes_in(receiver->open(box, aad)) == message);
    require_error(hpke::open<K>(*key, *enc, parameters, box, info), Error::not_authentic);
    require_error(hpke::open<K>(*key, View(*enc).first(9), parameters, box, aad),
                  Error::ciphertext_length);

    const auto sent = hpke::send_export<K>(key->encapsulation_key(), parameters, aad, 50);
    REQUIRE(sent.has_value());
    const Bytes secret = bytes_in(hpke::receive_export<K>(*key, sent->enc, parameters, aad, 50));
    REQUIRE(secret.size() == 50);
    REQUIRE(sent->secret.equals(secret));
    receiver = hpke::setup_receiver<K>(*key, sent->enc, parameters);
    REQUIRE(bytes_in(receiver->export_secret(aad, 50)) == secret);
    require_error(hpke::receive_export<K>(*key, View(*enc).first(9), parameters, aad, 50),
                  Error::ciphertext_length);
  }
}

TEST_CASE("HPKE's single shots are contexts that serve once") {
  Random random;
  require_single_shots<MlKem768>(random);
  require_single_shots<XWing>(random);
  require_single_shots<MlKem768P256>(random);
  require_single_shots<MlKem1024P384>(random);
  require_single_shots<hpke::DhKemP256>(random);
  require_single_shots<hpke::DhKemX25519>(random);
}

TEST_CASE("HPKE's single shots say what they cannot do") {
  const auto key = DecapsulationKey::generate();
  const auto& ek = key->encapsulation_key();
  const Bytes psk(31);
  const Parameters base, half{.info = {}, .psk = psk, .psk_id = psk};
  Bytes box(20, 1);
  require_error(hpke::seal_to<MlKem768>(ek, half, box, Bytes(4), {}), Error::bad_psk);
  require_error(hpke::seal_to<MlKem768>({}, base, box, Bytes(4), {}), Error::moved_from);
  REQUIRE(box == Bytes(20, 1));
  require_error(hpke::seal_to<MlKem768>(ek, base, box, Bytes(5), {}), Error::wrong_size);
  REQUIRE(box == Bytes(20));
  require_error(hpke::send_export<MlKem768>(ek, half, {}, 4), Error::bad_psk);
  require_error(hpke::send_export<MlKem768>(ek, base, {}, 8161), Error::too_long);
  const auto sent = hpke::send_export<MlKem768>(ek, base, {}, 0);
  REQUIRE(sent.has_value());
  require_error(hpke::open<MlKem768>(*key, sent->enc, half, box, {}), Error::bad_psk);
  require_error(hpke::receive_export<MlKem768>(*key, sent->enc, half, {}, 4), Error::bad_psk);
  require_error(hpke::receive_export<MlKem768>(*key, sent->enc, base, {}, 8161), Error::too_long);
}

TEST_CASE("HPKE keys depend on info, psk, psk_id, KDF, AEAD and KEM") {
  Random random;
  const Bytes psk = random.vector(32), other_psk = random.vector(32), id = random.vector(4),
              other_id = random.vector(4), info = random.vector(8), other_info = random.vector(8);
  for (const Kdf kdf : {Kdf::hkdf_sha256, Kdf::shake256}) {
    const Parameters base{
        .kdf = kdf, .aead = Aead::aes_256_gcm, .info = info, .psk = psk, .psk_id = id};
    const auto key = DecapsulationKey::generate();
    auto sender = hpke::setup_sender<MlKem768>(key->encapsulation_key(), base);
    const Bytes box = sealed(sender->context, info, {});
    std::vector<Parameters> others(6, base);
    others[0].info = other_info;
    others[1].psk = other_psk;
    others[2].psk_id = other_id;
    others[3].kdf = Kdf::shake128;
    others[4].aead = Aead::chacha20_poly1305;
    others[5].psk = others[5].psk_id = {};
    for (const auto& parameters : others) {
      auto receiver = hpke::setup_receiver<MlKem768>(*key, sender->enc, parameters);
      require_error(receiver->open(box, {}), Error::not_authentic);
    }
    auto receiver = hpke::setup_receiver<MlKem768>(*key, sender->enc, base);
    REQUIRE(bytes_in(receiver->open(box, {})) == info);
  }
}

TEST_CASE("A changed HPKE message is refused, nothing of it is released, and the right one opens") {
  Random random;
  Session<XWing> session({});
  const Bytes message = random.vector(40), aad = random.vector(10);
  const Bytes box = sealed(session.sender.context, message, aad);
  for (std::size_t i = 0; i < box.size(); ++i) {
    Bytes changed = box, out(message.size(), 7);
    changed[i] ^= 1;
    require_error(session.receiver.open(changed, aad), Error::not_authentic);
    require_error(session.receiver.open_to(out, changed, aad), Error::not_authentic);
    REQUIRE(out == Bytes(message.size()));
  }
  for (std::size_t size = 0; size < box.size(); ++size) {
    require_error(session.receiver.open(View(box).first(size), aad), Error::not_authentic);
  }
  require_error(session.receiver.open(box, {}), Error::not_authentic);
  REQUIRE(bytes_in(session.receiver.open(box, aad)) == message);
  require_error(session.receiver.open(box, aad), Error::not_authentic);  // a second time
}

TEST_CASE("Empty HPKE messages need no place, whether they open or not") {
  Session<XWing> session({});
  const Bytes box = sealed(session.sender.context, {}, {});
  Bytes changed = box;
  changed[0] ^= 1;
  require_error(session.receiver.open_to({}, changed, {}), Error::not_authentic);
  require_error(session.receiver.open_to({}, View(box).first(15), {}), Error::not_authentic);
  REQUIRE(session.receiver.open_to({}, box, {}).has_value());
  require_error(session.sender.context.seal_to({}, {}, {}), Error::wrong_size);
}

TEST_CASE("HPKE takes an exporter context of any length that it can say") {
  Random random;
  const auto key = xwing::DecapsulationKey::generate();
  const Bytes context = random.vector(hpke::kMaxParameter);
  auto sender = hpke::setup_sender<XWing>(key->encapsulation_key(), {});
  const auto receiver = hpke::setup_receiver<XWing>(*key, sender->enc, {});
  for (const std::size_t size : {32'768u, 65'535u}) {
    CAPTURE(size);
    const View part = View(context).first(size);
    REQUIRE(bytes_in(sender->context.export_secret(part, 100)) ==
            bytes_in(receiver->export_secret(part, 100)));
  }
}

TEST_CASE("HPKE exports no bytes, if that is what is asked for") {
  for (const Kdf kdf : kKdfs) {
    Parameters parameters;
    parameters.kdf = kdf;
    Session<XWing> session(parameters);
    REQUIRE(bytes_in(session.receiver.export_secret({}, 0)).empty());
  }
}

TEST_CASE("HPKE messages open in their order alone") {
  Session<MlKem768> session({});
  const Bytes first = sealed(session.sender.context, Bytes{1}, {});
  const Bytes second = sealed(session.sender.context, Bytes{2}, {});
  require_error(session.receiver.open(second, {}), Error::not_authentic);
  REQUIRE(bytes_in(session.receiver.open(first, {})) == Bytes{1});
  REQUIRE(bytes_in(session.receiver.open(second, {})) == Bytes{2});
}

TEST_CASE("An HPKE context without a number left refuses to go on") {
  Session<MlKem768> session({});
  hpke::internal::ScheduleAccess::set_sequence(session.sender.context, UINT64_MAX - 1);
  hpke::internal::ScheduleAccess::set_sequence(session.receiver, UINT64_MAX - 1);
  const Bytes box = sealed(session.sender.context, Bytes{1}, {});
  REQUIRE(bytes_in(session.receiver.open(box, {})) == Bytes{1});
  Bytes out(17, 1);
  require_error(session.sender.context.seal_to(out, Bytes{2}, {}), Error::sequence_overflow);
  REQUIRE(out == Bytes(17));
  require_error(session.receiver.open(box, {}), Error::sequence_overflow);
}

TEST_CASE("HPKE refuses half a psk, a short one, and what its lengths cannot say") {
  const auto key = DecapsulationKey::generate();
  const Bytes psk(32, 1), most(hpke::kMaxParameter), more(hpke::kMaxParameter + 1);
  const auto setup = [&](const Parameters& parameters) {
    const auto sender = hpke::setup_sender<MlKem768>(key->encapsulation_key(), parameters);
    return sender ? Result<void>() : Result<void>(sender.error());
  };
  for (const Kdf kdf : kKdfs) {
    Parameters base;
    base.kdf = kdf;
    auto some = base;
    some.psk = psk;
    require_error(setup(some), Error::bad_psk);
    some.psk_id = psk;
    REQUIRE(setup(some).has_value());
    some.psk = View(psk).first(31);
    require_error(setup(some), Error::bad_psk);
    some = base;
    some.psk_id = psk;
    require_error(setup(some), Error::bad_psk);
    some = base;
    some.info = most;
    REQUIRE(setup(some).has_value());
    some.info = more;
    require_error(setup(some), Error::too_long);

    const auto sender = hpke::setup_sender<MlKem768>(key->encapsulation_key(), base);
    const std::size_t limit = kdf == Kdf::hkdf_sha256   ? 255 * 32
                              : kdf == Kdf::hkdf_sha384 ? 255 * 48
                                                        : 65'535;
    REQUIRE(sender->context.export_secret({}, limit).has_value());
    require_error(sender->context.export_secret({}, limit + 1), Error::too_long);
    require_error(sender->context.export_secret(more, 32), Error::too_long);
  }
}

TEST_CASE("HPKE takes no KDF and no AEAD of another number") {
  const auto key = DecapsulationKey::generate();
  for (const unsigned number : {0u, 3u, 4u, 0x0fu, 0x14u, 0xfffeu}) {
    Parameters kdf, aead;
    kdf.kdf = static_cast<Kdf>(number);
    require_error(hpke::setup_sender<MlKem768>(key->encapsulation_key(), kdf),
                  Error::unknown_version);
    if (number == 3) continue;
    aead.aead = static_cast<Aead>(number);
    require_error(hpke::setup_sender<MlKem768>(key->encapsulation_key(), aead),
                  Error::unknown_version);
  }
}

TEST_CASE("HPKE spans of the wrong size are refused and zeroed") {
  Session<MlKem768> session({});
  Bytes box(10, 1), message(10, 1);
  require_error(session.sender.context.seal_to(box, Bytes(10), {}), Error::wrong_size);
  REQUIRE(box == Bytes(10));
  for (const std::size_t size : {15u, 27u}) {  // less than a tag, and another message's
    message.assign(10, 1);
    require_error(session.receiver.open_to(message, Bytes(size), {}),
                  size < hpke::kTagSize ? Error::not_authentic : Error::wrong_size);
    REQUIRE(message == Bytes(10));
  }
}

TEST_CASE("HPKE does not write to a span whose size is that of a subtraction below zero") {
  Session<MlKem768> session({});
  Bytes memory(10, 1), cut(5);
  const std::span<std::uint8_t> message(memory.data(), cut.size() - hpke::kTagSize);
  require_error(session.receiver.open_to(message, cut, {}), Error::not_authentic);
  require_error(session.receiver.open_to(message, Bytes(20), {}), Error::wrong_size);
  require_error(session.sender.context.seal_to(message, cut, {}), Error::wrong_size);
  REQUIRE(memory == Bytes(10, 1));
}

TEST_CASE("Moved and purged HPKE contexts say so") {
  Session<MlKem768> session({});
  SenderContext moved = std::move(session.sender.context);
  Bytes box(17);
  require_error(session.sender.context.seal_to(box, Bytes{1}, {}), Error::moved_from);
  REQUIRE(moved.seal_to(box, Bytes{1}, {}).has_value());
  purge();
  require_error(moved.seal_to(box, Bytes{1}, {}), Error::purged);
  require_error(session.receiver.export_secret({}, 32), Error::purged);
}

// The overloads that know their KEM from the key do what those do to which it is named.
template <class K>
void require_deduced() {
  const auto key = K::DecapsulationKey::generate();
  const auto& ek = key->encapsulation_key();
  const std::string info = "mail, version 1";
  const Bytes message = {1, 2, 3};

  auto sender = hpke::setup_sender(ek, {.info = info});
  auto receiver = hpke::setup_receiver<K>(*key, sender->enc, {.info = "mail, version 1"});
  REQUIRE(bytes_in(receiver->open(sealed(sender->context, message, {}), {})) == message);
  sender = hpke::setup_sender<K>(ek, {.info = bytes(info)});
  receiver = hpke::setup_receiver(*key, sender->enc, {.info = std::string_view(info)});
  REQUIRE(bytes_in(receiver->open(sealed(sender->context, message, {}), {})) == message);

  Bytes box(message.size() + hpke::kTagSize);
  const auto enc = hpke::seal_to(ek, {.info = info}, box, message, {});
  REQUIRE(bytes_in(hpke::open(*key, *enc, {.info = info}, box, {})) == message);
  const auto sent = hpke::send_export(ek, {.info = info}, bytes("use"), 50);
  const auto secret = hpke::receive_export(*key, sent->enc, {.info = info}, bytes("use"), 50);
  REQUIRE(sent->secret.equals(*secret));
}

TEST_CASE("HPKE knows the KEM from the key, and takes text for info") {
  require_deduced<MlKem768>();
  require_deduced<XWing>();
}

}  // namespace
}  // namespace latchkey::test
