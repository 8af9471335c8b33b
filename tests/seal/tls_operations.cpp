// The operations of TLS's groups but X25519MLKEM768, whose are in message_operations.cpp.

#include "hybrid/tls_groups.hpp"
#include "seal/builder.hpp"

namespace latchkey::test {
namespace {

template <Group group>
struct TlsWorld {
  explicit TlsWorld(Random& random) : both(random) {
    client_randomness = View(both.client_randomness);
    server_randomness = View(both.server_randomness);
    secret = copy_of(both.server.secret);
  }

  [[nodiscard]] Result<LockedBuffer> finish() {
    made_client.make([&] { return both.begin(); });
    if (!made_client.has_value()) return made_client.error();
    auto result = std::move(*made_client).secret(both.server_share);
    made_client.clear();
    return result;
  }

  GroupHandshake<group> both;
  View client_randomness, server_randomness;
  Bytes secret;
  Place<tls::ClientShareOf<group>> made_client;
  Place<tls::ServerShareOf<group>> made_server;
  Place<LockedBuffer> opened;
};

template <Group group>
void add_group(std::vector<SealOperation>& all, Random& random, const char* name) {
  using World = TlsWorld<group>;
  Builder<World> builder(all, std::make_shared<World>(random), name);
  const auto add_client = [](World& w, SealSecrets& secrets) {
    secrets.add("d", w.client_randomness.first(32));
    secrets.add("z", w.client_randomness.subspan(32, 32));
    secrets.add("scalar", w.client_randomness.subspan(64));
  };
  builder.make(
      "tls client share", &World::made_client, [](World& w) { return w.both.begin(); },
      [](World& w) { return std::ranges::equal((*w.made_client).bytes(), w.both.client_share); },
      add_client);
  builder.make(
      "tls answer", &World::made_server,
      [](World& w) { return w.both.answer(w.both.client_share); },
      [](World& w) { return holds((*w.made_server).secret, w.secret); },
      [](World& w, SealSecrets& secrets) {
        secrets.add("secret", w.secret);
        secrets.add("m", w.server_randomness.first(32));
        secrets.add("scalar", w.server_randomness.subspan(32));
      });
  builder.make(
      "tls secret", &World::opened, [](World& w) { return w.finish(); },
      [](World& w) { return holds(*w.opened, w.secret); },
      [=](World& w, SealSecrets& secrets) {
        add_client(w, secrets);
        secrets.add("secret", w.secret);
      });
}

}  // namespace

void add_tls_groups(std::vector<SealOperation>& all, Random& random) {
  add_group<Group::mlkem512>(all, random, ", MLKEM512");
  add_group<Group::mlkem1024>(all, random, ", MLKEM1024");
  add_group<Group::secp256r1_mlkem768>(all, random, ", SecP256r1MLKEM768");
  add_group<Group::secp384r1_mlkem1024>(all, random, ", SecP384r1MLKEM1024");
}

}  // namespace latchkey::test
