// HPKE's key schedule and its DeriveKeyPair(), written down once more on OpenSSL's hashes, with
// every KEM, KDF, AEAD and mode: the vectors of draft-ietf-hpke-pq have no pre-shared keys.

#include "api/access.hpp"
#include "api/shared_secret.hpp"
#include "hpke/hpke.hpp"
#include "mlkem/oracle_keccak.hpp"
#include "seal/oracle.hpp"

namespace latchkey::test {
namespace {

using hpke::Aead;
using hpke::Kdf;
using hpke::Parameters;

Bytes lp(View bytes) { return number(bytes.size(), 2) + bytes; }

struct Secrets {
  Bytes key, base_nonce, exporter_secret;
};

// RFC 9180, section 5.1, and the same with draft-ietf-hpke-pq's one stage.
struct Definition {
  Bytes suite_id;
  Kdf kdf;

  bool has_two_stages() const { return kdf == Kdf::hkdf_sha256 || kdf == Kdf::hkdf_sha384; }
  const EVP_MD* hash() const { return kdf == Kdf::hkdf_sha384 ? EVP_sha384() : EVP_sha256(); }

  Bytes extract(View salt, std::string_view label, View ikm) const {
    return hkdf_extract(salt, text("HPKE-v1") + suite_id + text(label) + ikm, hash());
  }
  Bytes expand(View prk, std::string_view label, View info, std::size_t size) const {
    return hkdf_expand(prk, number(size, 2) + text("HPKE-v1") + suite_id + text(label) + info, size,
                       hash());
  }
  Bytes derive(View ikm, std::string_view label, View context, std::size_t size) const {
    const Bytes rest = text("HPKE-v1") + suite_id + lp(text(label)) + number(size, 2) + context;
    if (kdf == Kdf::turboshake128) return oracle::turboshake(168, copy_of(ikm) + rest, size);
    if (kdf == Kdf::turboshake256) return oracle::turboshake(136, copy_of(ikm) + rest, size);
    return digest(kdf == Kdf::shake128 ? EVP_shake128() : EVP_shake256(), ikm, rest, size);
  }

  Secrets schedule(View shared_secret, const Parameters& p) const {
    const bool encrypts = p.aead != Aead::export_only;
    const std::size_t key_size = p.aead == Aead::aes_128_gcm ? 16
                                 : encrypts                  ? 32
                                                             : 0,
                      nonce_size = encrypts ? 12 : 0;
    const Bytes mode = {static_cast<std::uint8_t>(p.psk.empty() ? 0 : 1)};
    if (has_two_stages()) {
      const Bytes context =
          mode + extract({}, "psk_id_hash", p.psk_id) + extract({}, "info_hash", p.info);
      const Bytes secret = extract(shared_secret, "secret", p.psk);
      return {expand(secret, "key", context, key_size),
              expand(secret, "base_nonce", context, nonce_size),
              expand(secret, "exp", context, kdf == Kdf::hkdf_sha384 ? 48 : 32)};
    }
    const bool has_128_bits = kdf == Kdf::shake128 || kdf == Kdf::turboshake128;
    const std::size_t exporter_size = has_128_bits ? 32 : 64;
    const Bytes all =
        derive(lp(p.psk) + lp(shared_secret), "secret", mode + lp(p.psk_id) + lp(p.info),
               key_size + nonce_size + exporter_size);
    const View rest = View(all).subspan(key_size);
    return {copy_of(View(all).first(key_size)), copy_of(rest.first(nonce_size)),
            copy_of(rest.subspan(nonce_size))};
  }

  Bytes export_secret(View exporter_secret, View context, std::size_t size) const {
    return has_two_stages() ? expand(exporter_secret, "sec", context, size)
                            : derive(exporter_secret, "sec", context, size);
  }
};

Secrets secrets_of(const hpke::internal::Context& context, const Secrets& sizes) {
  return hpke::internal::ScheduleAccess::read(
             context,
             [&](const hpke::Secrets& secrets) {
               const auto first = [](View bytes, const Bytes& like) {
                 return copy_of(bytes.first(like.size()));
               };
               return Secrets{first(secrets.key, sizes.key),
                              first(secrets.base_nonce, sizes.base_nonce),
                              first(secrets.exporter_secret, sizes.exporter_secret)};
             })
      .value();
}

template <class K>
void require_schedule(Random& random) {
  const auto key = K::DecapsulationKey::generate();
  const Bytes psk = random.vector(33), psk_id = random.vector(5), info = random.vector(40),
              context = random.vector(9);
  for (const Kdf kdf : {Kdf::hkdf_sha256, Kdf::hkdf_sha384, Kdf::shake128, Kdf::shake256,
                        Kdf::turboshake128, Kdf::turboshake256}) {
    for (const Aead aead :
         {Aead::aes_128_gcm, Aead::aes_256_gcm, Aead::chacha20_poly1305, Aead::export_only}) {
      for (const bool with_psk : {false, true}) {
        Parameters parameters{.kdf = kdf, .aead = aead, .info = info, .psk = {}, .psk_id = {}};
        if (with_psk) parameters.psk = psk, parameters.psk_id = psk_id;
        const auto sent = key->encapsulation_key().encapsulate();
        const auto sender = hpke::sender_of<K>(*sent, parameters);
        const Definition definition{text("HPKE") + number(K::kHpkeId, 2) +
                                        number(static_cast<std::size_t>(kdf), 2) +
                                        number(static_cast<std::size_t>(aead), 2),
                                    kdf};
        const Secrets expected = definition.schedule(copy_of(sent->secret), parameters);
        const Secrets ours = secrets_of(sender->context, expected);
        REQUIRE(ours.key == expected.key);
        REQUIRE(ours.base_nonce == expected.base_nonce);
        REQUIRE(ours.exporter_secret == expected.exporter_secret);
        const auto exported = sender->context.export_secret(context, 100);
        REQUIRE(exported->equals(definition.export_secret(expected.exporter_secret, context, 100)));
      }
    }
  }
}

TEST_CASE("HPKE's key schedule is that of the standards, with every KEM, KDF, AEAD and mode") {
  Random random;
  require_schedule<MlKem768>(random);
  require_schedule<XWing>(random);
  require_schedule<MlKem1024P384>(random);
  require_schedule<hpke::DhKemX25519>(random);
}

template <class K>
void require_derived_keys(Random& random) {
  const Definition definition{text("KEM") + number(K::kHpkeId, 2), Kdf::shake256};
  for (const std::size_t size : {0u, 32u, 64u, 200u}) {
    const Bytes ikm = random.vector(size);
    const auto key = hpke::derive_key_pair<K>(Exact(ikm));
    REQUIRE(key.has_value());
    std::array<std::uint8_t, K::kSeedSize> seed;
    REQUIRE(key->export_seed(seed).has_value());
    REQUIRE(copy_of(seed) == definition.derive(ikm, "DeriveKeyPair", {}, K::kSeedSize));
  }
}

TEST_CASE("HPKE derives key pairs as draft-ietf-hpke-pq says") {
  Random random;
  require_derived_keys<MlKem768>(random);
  require_derived_keys<XWing>(random);
  require_derived_keys<MlKem768P256>(random);
  require_derived_keys<MlKem1024P384>(random);
}

Bytes from_hex(std::string_view hex) {
  Bytes bytes;
  for (; !hex.empty(); hex.remove_prefix(2)) {
    bytes.push_back(
        static_cast<std::uint8_t>(std::stoul(std::string(hex.substr(0, 2)), nullptr, 16)));
  }
  return bytes;
}

// From its shared_secret on; the KEM is one that is not here.
TEST_CASE("HPKE's PSK mode gives the messages and the export of RFC 9180, appendix A.1.2") {
  const Bytes shared_secret =
      from_hex("727699f009ffe3c076315019c69648366b69171439bd7dd0807743bde76986cd");
  const Bytes psk = from_hex("0247fd33b913760fa1fa51e1892d9f307fbe65eb171e8132c2af18555a738b82");
  const Bytes psk_id = text("Ennyn Durin aran Moria"), info = text("Ode on a Grecian Urn");
  const auto secret =
      make_secret([&](auto out) noexcept { std::ranges::copy(shared_secret, out.begin()); });
  hpke::SenderContext sender;
  REQUIRE(hpke::internal::ScheduleAccess::run(sender, 0x0020, *secret,
                                              {.kdf = Kdf::hkdf_sha256,
                                               .aead = Aead::aes_128_gcm,
                                               .info = info,
                                               .psk = psk,
                                               .psk_id = psk_id})
              .has_value());
  const Bytes message = text("Beauty is truth, truth beauty");
  const char* const boxes[] = {
      "e52c6fed7f758d0cf7145689f21bc1be6ec9ea097fef4e959440012f4feb73fb611b946199e681f4cfc34db8ea",
      "49f3b19b28a9ea9f43e8c71204c00d4a490ee7f61387b6719db765e948123b45b61633ef059ba22cd62437c8ba",
      "257ca6a08473dc851fde45afd598cc83e326ddd0abe1ef23baa3baa4dd8cde99fce2c1e8ce687b0b47ead1adc9"};
  for (std::size_t i = 0; i < std::size(boxes); ++i) {
    Bytes box(message.size() + hpke::kTagSize);
    REQUIRE(sender.seal_to(box, message, text("Count-" + std::to_string(i))).has_value());
    REQUIRE(box == from_hex(boxes[i]));
  }
  const auto exported = sender.export_secret({}, 32);
  REQUIRE(exported->equals(
      from_hex("dff17af354c8b41673567db6259fd6029967b4e1aad13023c2ae5df8f4f43bf6")));
}

TEST_CASE("Every KDF and every AEAD has its name, and what is none of them has none") {
  const auto name_of_kdf = [](Kdf kdf) { return std::string(hpke::name_of(kdf)); };
  REQUIRE(name_of_kdf(Kdf::hkdf_sha256) == "HKDF-SHA256");
  REQUIRE(name_of_kdf(Kdf::hkdf_sha384) == "HKDF-SHA384");
  REQUIRE(name_of_kdf(Kdf::turboshake128) == "TurboSHAKE128");
  REQUIRE(name_of_kdf(Kdf::turboshake256) == "TurboSHAKE256");
  REQUIRE(name_of_kdf(Kdf::shake128) == "SHAKE128");
  REQUIRE(name_of_kdf(Kdf::shake256) == "SHAKE256");
  REQUIRE(name_of_kdf(Kdf{0x7fff}) == "unknown");
  const auto name_of_aead = [](Aead aead) { return std::string(hpke::name_of(aead)); };
  REQUIRE(name_of_aead(Aead::aes_128_gcm) == "AES-128-GCM");
  REQUIRE(name_of_aead(Aead::aes_256_gcm) == "AES-256-GCM");
  REQUIRE(name_of_aead(Aead::chacha20_poly1305) == "ChaCha20-Poly1305");
  REQUIRE(name_of_aead(Aead::export_only) == "Export-only");
  REQUIRE(name_of_aead(Aead{0x7fff}) == "unknown");
}

}  // namespace
}  // namespace latchkey::test
