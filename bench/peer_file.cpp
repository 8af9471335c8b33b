// Peers from shared objects, loaded while running: README.md says what they must export.
#include <dlfcn.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <stdexcept>

#include "peer.hpp"

namespace latchkey::bench {
namespace {

[[noreturn]] void fail(const Peer& peer, const std::string& what) {
  throw std::runtime_error("peer " + peer.name + ": " + what);
}

void* open(const Peer& peer, const std::string& file) {
  if (!std::filesystem::exists(file)) fail(peer, "no file " + file);
#if defined(__SANITIZE_ADDRESS__)
  constexpr int kOwnSymbols = 0;
#else
  constexpr int kOwnSymbols = RTLD_DEEPBIND;  // a peer may contain another libcrypto
#endif
  void* library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL | kOwnSymbols);
  if (library == nullptr) fail(peer, dlerror());
  return library;
}

// False if it is not there.
template <class F>
bool look_for(void* library, const char* symbol, F*& function) {
  function = reinterpret_cast<F*>(dlsym(library, symbol));
  return function != nullptr;
}

template <class F>
void find(const Peer& peer, void* library, const char* symbol, F*& function) {
  if (!look_for(library, symbol, function)) fail(peer, std::string("no function ") + symbol);
}

// What a library may lack: its X25519, X-Wing and X25519MLKEM768. The first function of a group
// says whether the others have to be there.
void find_hybrids(Peer& peer, void* library) {
  if (look_for(library, "latchkey_peer_x25519_public", peer.x25519.public_key)) {
    find(peer, library, "latchkey_peer_x25519_shared", peer.x25519.shared_secret);
  }
  if (look_for(library, "latchkey_peer_xwing_keypair", peer.xwing.keypair)) {
    find(peer, library, "latchkey_peer_xwing_enc", peer.xwing.enc);
    find(peer, library, "latchkey_peer_xwing_dec", peer.xwing.dec);
  }
  if (look_for(library, "latchkey_peer_tls_server", peer.tls.server)) {
    find(peer, library, "latchkey_peer_tls_client", peer.tls.client);
  }
}

}  // namespace

Peer load_peer(const std::string& argument) {
  const auto equals = argument.find('=');
  Peer peer{argument.substr(0, equals), "", nullptr, nullptr, nullptr};
  const auto in_names = [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '_'; };
  if (equals == 0 || equals >= argument.size() - 1 ||
      !std::all_of(peer.name.begin(), peer.name.end(), in_names)) {
    throw std::invalid_argument(
        "--peer: expected NAME=FILE.so, with letters, digits, - and _ in NAME, not '" + argument +
        "'");
  }
  // Without a slash, the loader would look in the system's folders.
  const std::string file = std::filesystem::absolute(argument.substr(equals + 1)).string();
  void* library = open(peer, file);
  find(peer, library, "crypto_kem_keypair_derand", peer.keypair);
  find(peer, library, "crypto_kem_enc_derand", peer.enc);
  find(peer, library, "crypto_kem_dec", peer.dec);
  find_hybrids(peer, library);
  const char* (*version)() = nullptr;
  peer.version = peer.name;
  if (look_for(library, "latchkey_peer_version", version)) {
    peer.version += std::string(" ") + version();
  }
  return peer;
}

}  // namespace latchkey::bench
