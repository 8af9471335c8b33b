// The operations on sealed messages, streams and enclaves.
#include "seal/world.hpp"

namespace latchkey::test {
namespace {

// Of a sealed message, whose own encapsulation nobody has seen.
void add_sealed(SealWorld& w, SealSecrets& secrets, const SealedMessage& sealed) {
  xwing::Ciphertext ciphertext;
  std::ranges::copy(sealed.bytes().subspan(24, ciphertext.size()), ciphertext.begin());
  add_decapsulation(w, secrets, ciphertext);
  secrets.add("message", w.message);
}

// Of a stream with one chunk, which is the last.
void add_stream(SealWorld& w, SealSecrets& secrets) {
  add_decapsulation(w, secrets, (*w.sent).ciphertext);
  secrets.add("message", w.message);
}

}  // namespace

void add_messages(Builder<SealWorld>& builder) {
  builder.make(
      "seal_for", &SealWorld::made_sealed,
      [](SealWorld& w) { return seal_for(w.ek(), w.message, w.aad, w.aad, w.suite); },
      [](SealWorld& w) {
        return holds(*open_sealed(*w.key, (*w.made_sealed).bytes(), w.aad, w.aad), w.message);
      },
      [](SealWorld& w, SealSecrets& secrets) { add_sealed(w, secrets, *w.made_sealed); });
  builder.make(
      "open_sealed", &SealWorld::opened,
      [](SealWorld& w) { return open_sealed(*w.key, (*w.sealed).bytes(), w.aad, w.aad); },
      [](SealWorld& w) { return holds(*w.opened, w.message); },
      [](SealWorld& w, SealSecrets& secrets) { add_sealed(w, secrets, *w.sealed); });
  builder
      .make(
          "open_sealed, refused", &SealWorld::opened,
          [](SealWorld& w) { return open_sealed(*w.key, (*w.sealed).bytes(), w.aad, w.message); },
          [](SealWorld&) { return false; },
          [](SealWorld& w, SealSecrets& secrets) { add_sealed(w, secrets, *w.sealed); })
      .refuses = Error::not_authentic;
}

void add_streams(Builder<SealWorld>& builder) {
  builder.make(
      "stream sealer", &SealWorld::made_sealer, [](SealWorld& w) { return w.new_sealer(); },
      [](SealWorld& w) {
        return std::ranges::equal((*w.made_sealer).header(), (*w.sealer).header());
      },
      add_stream);
  builder.make(
      "stream opener", &SealWorld::made_opener, [](SealWorld& w) { return w.new_opener(); },
      [](SealWorld&) { return true; }, add_stream);
  builder.call(
      "stream seal_chunk",
      [](SealWorld& w) {
        w.sealer.make([&] { return w.new_sealer(); });
        std::ranges::fill(w.box, std::uint8_t{0xaa});
        if (!w.sealer.has_value()) {
          std::ranges::fill(w.box, std::uint8_t{0});
          return outcome(w.sealer);
        }
        return (*w.sealer).seal_chunk(w.box, w.message, Last::yes);
      },
      [](SealWorld& w) { return w.box == w.chunk_box; },
      [](SealWorld& w) { return is_zero(w.box); }, add_stream);
  builder.call(
      "stream open_chunk",
      [](SealWorld& w) {
        w.opener.make([&] { return w.new_opener(); });
        std::ranges::fill(w.out, std::uint8_t{0xaa});
        if (!w.opener.has_value()) {
          std::ranges::fill(w.out, std::uint8_t{0});
          return outcome(w.opener);
        }
        return (*w.opener).open_chunk(w.out, w.chunk_box, Last::yes);
      },
      [](SealWorld& w) { return w.out == w.message; }, [](SealWorld& w) { return is_zero(w.out); },
      add_stream);
  builder.call(
      "open_stream", [](SealWorld& w) { return w.open_whole_stream(); },
      [](SealWorld& w) { return w.out == w.message; }, [](SealWorld& w) { return is_zero(w.out); },
      add_stream);
}

void add_tls(Builder<SealWorld>& builder) {
  const auto add_client = [](SealWorld& w, SealSecrets& secrets) {
    const View randomness(w.tls_client);
    secrets.add("d", randomness.first(32));
    secrets.add("z", randomness.subspan(32, 32));
    secrets.add("sk_X", randomness.last(32));
  };
  const auto add_secret = [](SealWorld& w, SealSecrets& secrets) {
    secrets.add("secret", copy_of((*w.server).secret));
    secrets.add("server", w.tls_server);
  };
  builder.make(
      "tls client share", &SealWorld::made_client,
      [](SealWorld& w) { return derand::tls_client_share(w.tls_client); },
      [](SealWorld& w) {
        return std::ranges::equal((*w.made_client).bytes(), (*w.client).bytes());
      },
      add_client);
  builder.make(
      "tls answer", &SealWorld::made_server,
      [](SealWorld& w) { return derand::tls_answer((*w.client).bytes(), w.tls_server); },
      [](SealWorld& w) { return holds((*w.made_server).secret, copy_of((*w.server).secret)); },
      add_secret);
  builder.make(
      "tls secret", &SealWorld::opened,
      [](SealWorld& w) -> Result<LockedBuffer> {
        w.made_client.make([&] { return derand::tls_client_share(w.tls_client); });
        if (!w.made_client.has_value()) return w.made_client.error();
        auto secret = std::move(*w.made_client).secret((*w.server).share);
        w.made_client.clear();
        return secret;
      },
      [](SealWorld& w) { return holds(*w.opened, copy_of((*w.server).secret)); },
      [=](SealWorld& w, SealSecrets& secrets) {
        add_client(w, secrets);
        secrets.add("secret", copy_of((*w.server).secret));
      });
}

void add_enclave(Builder<SealWorld>& builder) {
  const auto add = [](SealWorld& w, SealSecrets& secrets) { secrets.add("message", w.message); };
  builder.make(
      "enclave seal", &SealWorld::made_enclave,
      [](SealWorld& w) { return Enclave::seal(View(w.message)); },
      [](SealWorld& w) { return holds((*w.made_enclave).open().value(), w.message); }, add);
  builder.make(
      "enclave open", &SealWorld::opened, [](SealWorld& w) { return (*w.enclave).open(); },
      [](SealWorld& w) { return holds(*w.opened, w.message); }, add);
  builder.make(
      "enclave seal_for", &SealWorld::made_sealed,
      [](SealWorld& w) { return (*w.enclave).seal_for(w.ek(), w.aad, w.aad, w.suite); },
      [](SealWorld& w) {
        return holds(*open_sealed(*w.key, (*w.made_sealed).bytes(), w.aad, w.aad), w.message);
      },
      [](SealWorld& w, SealSecrets& secrets) { add_sealed(w, secrets, *w.made_sealed); });
}

}  // namespace latchkey::test
