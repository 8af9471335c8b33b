#include "seal/operations.hpp"

#include "seal/world.hpp"

namespace latchkey::test {
namespace {

// ---- What secrets arise

void add_key(SealWorld& w, SealSecrets& secrets) { secrets.add_xwing_key(w.sk); }
void add_encapsulation(SealWorld& w, SealSecrets& secrets) {
  secrets.add("m", View(w.eseed).first(32));
  secrets.add("ek_X", View(w.eseed).last(32));
  secrets.add_xwing_exchange(w.sk, (*w.sent).ciphertext);
}
void add_session(SealWorld& w, SealSecrets& secrets) {
  secrets.add_hmac_key("K", copy_of((*w.sent).secret));
  secrets.add("derived", w.derived);
}
void add_context(SealWorld& w, SealSecrets& secrets) {
  secrets.add_schedule((*w.sender).context, XWing::kHpkeId, (*w.sent).secret, w.parameters());
}
void add_message(SealWorld& w, SealSecrets& secrets) {
  add_context(w, secrets);
  secrets.add("message", w.message);
}
// ---- The operations

void add_xwing(Builder<SealWorld>& builder) {
  builder.make(
      "xwing from_seed", &SealWorld::made, [](SealWorld& w) { return Key::from_seed(w.sk); },
      [](SealWorld& w) {
        return std::ranges::equal((*w.made).encapsulation_key().bytes(), w.ek().bytes());
      },
      add_key);
  builder.make(
      "xwing from_seed, with the test", &SealWorld::made,
      [](SealWorld& w) { return Key::from_seed(w.sk, PairwiseTest::run); },
      [](SealWorld& w) {
        return std::ranges::equal((*w.made).encapsulation_key().bytes(), w.ek().bytes());
      },
      add_key);
  builder.make(
      "xwing generate", &SealWorld::made, [](SealWorld&) { return Key::generate(); },
      [](SealWorld& w) {
        return !std::ranges::equal((*w.made).encapsulation_key().bytes(), w.ek().bytes());
      },
      [](SealWorld& w, SealSecrets& secrets) {
        if (!(*w.made).export_seed(w.seed_out)) throw std::runtime_error("no seed");
        secrets.add_xwing_key(w.seed_out);
      });
  builder.call(
      "xwing export_seed",
      [](SealWorld& w) {
        w.seed_out.fill(0xaa);
        return (*w.key).export_seed(w.seed_out);
      },
      [](SealWorld& w) { return std::ranges::equal(w.seed_out, w.sk); },
      [](SealWorld& w) { return is_zero(w.seed_out); }, add_key);
  builder.make(
      "xwing clone", &SealWorld::clone, [](SealWorld& w) { return w.ek().clone(); },
      [](SealWorld& w) { return std::ranges::equal((*w.clone).bytes(), w.ek().bytes()); }, add_key);
  builder.make(
      "xwing parse", &SealWorld::clone,
      [](SealWorld& w) { return xwing::EncapsulationKey::parse(w.ek().bytes()); },
      [](SealWorld& w) { return std::ranges::equal((*w.clone).bytes(), w.ek().bytes()); }, add_key);
  builder.make(
      "xwing derand::encapsulate", &SealWorld::encapsulation,
      [](SealWorld& w) { return derand::encapsulate(w.ek(), w.seed()); },
      [](SealWorld& w) {
        return (*w.encapsulation).ciphertext == (*w.sent).ciphertext &&
               same((*w.encapsulation).secret, (*w.sent).secret);
      },
      add_encapsulation);
  builder.make(
      "xwing encapsulate", &SealWorld::encapsulation,
      [](SealWorld& w) { return w.ek().encapsulate(); },
      [](SealWorld& w) {
        return same((*w.encapsulation).secret,
                    *(*w.key).decapsulate((*w.encapsulation).ciphertext));
      },
      [](SealWorld& w, SealSecrets& secrets) {
        secrets.add_xwing_exchange(w.sk, (*w.encapsulation).ciphertext);
      });
  builder.make(
      "xwing decapsulate", &SealWorld::secret,
      [](SealWorld& w) { return (*w.key).decapsulate((*w.sent).ciphertext); },
      [](SealWorld& w) { return same(*w.secret, (*w.sent).secret); },
      [](SealWorld& w, SealSecrets& secrets) {
        add_decapsulation(w, secrets, (*w.sent).ciphertext);
      });
  builder.make(
      "xwing decapsulate, rejected", &SealWorld::secret,
      [](SealWorld& w) { return (*w.key).decapsulate(w.changed); },
      [](SealWorld& w) { return !same(*w.secret, (*w.sent).secret); },
      [](SealWorld& w, SealSecrets& secrets) { add_decapsulation(w, secrets, w.changed); });
  builder
      .make(
          "xwing decapsulate, low order", &SealWorld::secret,
          [](SealWorld& w) { return (*w.key).decapsulate(w.low_order); },
          [](SealWorld&) { return false; }, add_key)
      .refuses = Error::low_order;
}

void add_bind(Builder<SealWorld>& builder) {
  builder.make(
      "bind", &SealWorld::made_session, [](SealWorld& w) { return w.bound(); },
      [](SealWorld& w) { return holds(*(*w.made_session).derive(kLabel, kExported), w.derived); },
      add_session);
  builder.make(
      "derive", &SealWorld::opened,
      [](SealWorld& w) { return (*w.session).derive(kLabel, kExported); },
      [](SealWorld& w) { return holds(*w.opened, w.derived); }, add_session);
}

void add_hpke(Builder<SealWorld>& builder) {
  builder.make(
      "hpke sender", &SealWorld::made_sender,
      [](SealWorld& w) { return hpke::sender_of<XWing>(*w.sent, w.parameters()); },
      [](SealWorld& w) {
        return holds(*(*w.made_sender).context.export_secret(w.aad, kExported), w.exported);
      },
      add_context);
  builder.make(
      "hpke setup_sender", &SealWorld::made_sender,
      [](SealWorld& w) { return hpke::setup_sender<XWing>(w.ek(), w.parameters()); },
      [](SealWorld& w) { return (*w.key).decapsulate((*w.made_sender).enc).has_value(); },
      [](SealWorld& w, SealSecrets& secrets) {
        const auto secret = (*w.key).decapsulate((*w.made_sender).enc);
        secrets.add_schedule((*w.made_sender).context, XWing::kHpkeId, *secret, w.parameters());
      });
  builder.make(
      "hpke setup_receiver", &SealWorld::made_receiver,
      [](SealWorld& w) {
        return hpke::setup_receiver<XWing>(*w.key, (*w.sent).ciphertext, w.parameters());
      },
      [](SealWorld& w) {
        return holds(*(*w.made_receiver).export_secret(w.aad, kExported), w.exported);
      },
      [](SealWorld& w, SealSecrets& secrets) {
        add_decapsulation(w, secrets, (*w.sent).ciphertext);
        add_context(w, secrets);
      });
  builder.make(
      "hpke export_secret", &SealWorld::opened,
      [](SealWorld& w) { return (*w.receiver).export_secret(w.aad, kExported); },
      [](SealWorld& w) { return holds(*w.opened, w.exported); },
      [](SealWorld& w, SealSecrets& secrets) {
        add_context(w, secrets);
        secrets.add("exported", w.exported);
      });
  builder.call(
      "hpke seal_to",
      [](SealWorld& w) {
        w.restart();
        std::ranges::fill(w.box, std::uint8_t{0xaa});
        return (*w.sender).context.seal_to(w.box, w.message, w.aad);
      },
      [](SealWorld& w) { return w.box == w.expected_box; },
      [](SealWorld& w) { return is_zero(w.box); }, add_message);
  builder.call(
      "hpke open_to",
      [](SealWorld& w) {
        w.restart();
        std::ranges::fill(w.out, std::uint8_t{0xaa});
        return (*w.receiver).open_to(w.out, w.expected_box, w.aad);
      },
      [](SealWorld& w) { return w.out == w.message; }, [](SealWorld& w) { return is_zero(w.out); },
      add_message);
  builder.make(
      "hpke open", &SealWorld::opened,
      [](SealWorld& w) {
        w.restart();
        return (*w.receiver).open(w.expected_box, w.aad);
      },
      [](SealWorld& w) { return holds(*w.opened, w.message); }, add_message);
  builder
      .call(
          "hpke open_to, refused",
          [](SealWorld& w) {
            w.restart();
            std::ranges::fill(w.out, std::uint8_t{0xaa});
            return (*w.receiver).open_to(w.out, w.expected_box, w.message);
          },
          [](SealWorld&) { return false; }, [](SealWorld& w) { return is_zero(w.out); },
          add_message)
      .refuses = Error::not_authentic;
}

}  // namespace

std::vector<SealOperation> seal_operations(Random& random) {
  std::vector<SealOperation> all;
  constexpr struct {
    const char* name;
    hpke::Kdf kdf;
    hpke::Aead aead;
  } kSuites[] = {
      {", HKDF, AES-128", hpke::Kdf::hkdf_sha256, hpke::Aead::aes_128_gcm},
      {", SHAKE128, AES-256", hpke::Kdf::shake128, hpke::Aead::aes_256_gcm},
      {", SHAKE256, ChaCha20", hpke::Kdf::shake256, hpke::Aead::chacha20_poly1305},
  };
  for (const auto& suite : kSuites) {
    const auto world = std::make_shared<SealWorld>(random, suite.kdf, suite.aead);
    Builder builder(all, world, suite.name);
    if (&suite == kSuites) {
      Builder plain(all, world, "");
      add_xwing(plain);
      add_tls(plain);
      add_enclave(plain);
    }
    if (suite.kdf != hpke::Kdf::shake128) add_bind(builder);
    add_hpke(builder);
    add_messages(builder);
    add_streams(builder);
  }
  add_key_files(all, random);
  add_age(all, random);
  add_tls_groups(all, random);
  return all;
}

}  // namespace latchkey::test
