// HPKE with the export-only AEAD: contexts that export, and refuse to seal and to open.

#include "hpke/hpke.hpp"

#include "seal/support.hpp"

namespace latchkey::test {
namespace {

using hpke::Aead;
using hpke::Kdf;
using hpke::Parameters;

constexpr Kdf kKdfs[] = {Kdf::hkdf_sha256, Kdf::hkdf_sha384,   Kdf::shake128,
                         Kdf::shake256,    Kdf::turboshake128, Kdf::turboshake256};

TEST_CASE("An export-only context exports the same on both sides, with every KDF and mode") {
  Random random;
  const Bytes psk = random.vector(32), psk_id = random.vector(5), context = random.vector(9);
  const auto key = xwing::DecapsulationKey::generate();
  for (const Kdf kdf : kKdfs) {
    for (const bool with_psk : {false, true}) {
      Parameters parameters{.kdf = kdf, .aead = Aead::export_only};
      if (with_psk) parameters.psk = psk, parameters.psk_id = psk_id;
      auto sender = hpke::setup_sender(key->encapsulation_key(), parameters);
      REQUIRE(sender.has_value());
      auto receiver = hpke::setup_receiver(*key, sender->enc, parameters);
      const Bytes exported = bytes_in(sender->context.export_secret(context, 70));
      REQUIRE(exported == bytes_in(receiver->export_secret(context, 70)));
      parameters.aead = Aead::aes_128_gcm;
      const auto other = hpke::setup_receiver(*key, sender->enc, parameters);
      REQUIRE(exported != bytes_in(other->export_secret(context, 70)));
    }
  }
}

TEST_CASE("An export-only context neither seals nor opens, and says so") {
  const auto key = xwing::DecapsulationKey::generate();
  const Parameters parameters{.aead = Aead::export_only};
  auto sender = hpke::setup_sender(key->encapsulation_key(), parameters);
  auto receiver = hpke::setup_receiver(*key, sender->enc, parameters);
  for (const std::size_t size : {0u, 16u, 40u}) {
    Bytes box(size + hpke::kTagSize, 1);
    require_error(sender->context.seal_to(box, Bytes(size), {}), Error::export_only);
    REQUIRE(box == Bytes(size + hpke::kTagSize));
    Bytes message(size, 1);
    require_error(receiver->open_to(message, box, {}), Error::export_only);
    REQUIRE(message == Bytes(size));
    require_error(receiver->open(box, {}), Error::export_only);
    require_error(hpke::seal_to(key->encapsulation_key(), parameters, box, Bytes(size), {}),
                  Error::export_only);
    require_error(hpke::open(*key, sender->enc, parameters, box, {}), Error::export_only);
  }
  require_error(receiver->open({}, {}), Error::export_only);
  const hpke::ReceiverContext moved = std::move(*receiver);
  require_error(receiver->open(Bytes(16), {}), Error::moved_from);
}

TEST_CASE("An export-only context has no key and no nonce") {
  const auto key = xwing::DecapsulationKey::generate();
  for (const Kdf kdf : kKdfs) {
    const auto sender =
        hpke::setup_sender(key->encapsulation_key(), {.kdf = kdf, .aead = Aead::export_only});
    const auto secrets =
        hpke::internal::ScheduleAccess::read(sender->context, [](const hpke::Secrets& secrets) {
          return std::pair(copy_of(secrets.key), copy_of(secrets.base_nonce));
        });
    REQUIRE(secrets->first == Bytes(crypto::kMaxKeySize));
    REQUIRE(secrets->second == Bytes(crypto::kNonceSize));
  }
}

}  // namespace
}  // namespace latchkey::test
