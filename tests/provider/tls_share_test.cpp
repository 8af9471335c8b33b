// TLS shares at the provider's keys, as libssl hands them on: what is wrong with a client's share
// is refused when it is set, which libssl answers with the alert illegal_parameter.

#include "provider/tls_library.hpp"
#include "provider/tls_shares.hpp"

namespace latchkey::test {
namespace {

LATCHKEY_TEST_OF_GROUPS("A malformed client share is refused when it is set, with its reason") {
  const Library library = library_with(kAllGroups);
  const Bytes good = share_of(client_key<group>(library.get()).get());
  REQUIRE(good.size() == tls::sizes_of(group).client);
  const Key key = empty_key<group>(library.get());
  for (const BadShare& share : bad_client_shares<group>(good)) {
    CAPTURE(share.what);
    REQUIRE_FALSE(take_share(key.get(), Exact(share.bytes)));
    REQUIRE(last_reason() == reason_of(share.error));
    REQUIRE(share_of(key.get()).empty());
    REQUIRE(encapsulate(library.get(), key.get()).share.empty());
  }
  // The key is as it was: it takes a good share.
  REQUIRE(take_share(key.get(), Exact(good)));
  REQUIRE(share_of(key.get()) == good);
  REQUIRE(encapsulate(library.get(), key.get()).share.size() == tls::sizes_of(group).server);
}

LATCHKEY_TEST_OF_GROUPS("A key that has a share keeps it, whatever else is set") {
  const Library library = library_with(kAllGroups);
  const Key own = client_key<group>(library.get()), other = client_key<group>(library.get());
  const Key peer = empty_key<group>(library.get());
  const Bytes first = share_of(own.get()), second = share_of(other.get());
  REQUIRE(take_share(peer.get(), first));
  for (EVP_PKEY* const key : {own.get(), peer.get()}) {
    REQUIRE_FALSE(take_share(key, second));
    REQUIRE(last_reason() == reason_of(Error::unknown_value));
    REQUIRE_FALSE(take_share(key, View(second).first(5)));
    REQUIRE(share_of(key) == first);
  }
  const Encapsulated sent = encapsulate(library.get(), peer.get());
  REQUIRE(decapsulate(library.get(), own.get(), sent.share) == sent.secret);
}

LATCHKEY_TEST_OF_GROUPS("Import refuses what set_params does") {
  const Library library = library_with(kAllGroups);
  const Bytes good = share_of(client_key<group>(library.get()).get());
  const auto import = [&](View share) {
    const auto operation = begin(library.get(), kRowOf<group>.algorithm);
    EVP_PKEY* key = nullptr;
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY,
                                          const_cast<std::uint8_t*>(share.data()), share.size()),
        OSSL_PARAM_construct_end()};
    REQUIRE(EVP_PKEY_fromdata_init(operation.get()) == 1);
    ERR_clear_error();
    const bool done = EVP_PKEY_fromdata(operation.get(), &key, EVP_PKEY_PUBLIC_KEY, params) == 1;
    EVP_PKEY_free(key);
    return done;
  };
  const auto shares = bad_client_shares<group>(good);
  for (std::size_t i = 0; i < shares.size(); i += i < 8 ? 1 : 97) {
    CAPTURE(shares[i].what);
    REQUIRE_FALSE(import(Exact(shares[i].bytes)));
    REQUIRE(last_reason() == reason_of(shares[i].error));
  }
  REQUIRE(import(Exact(good)));
}

LATCHKEY_TEST_OF_GROUPS("A malformed server share is refused, and the secret is zeroed") {
  const Library library = library_with(kAllGroups);
  const Key key = client_key<group>(library.get());
  const Bytes client_share = share_of(key.get());
  const Key peer = empty_key<group>(library.get());
  REQUIRE(take_share(peer.get(), client_share));
  const Encapsulated sent = encapsulate(library.get(), peer.get());
  for (const BadShare& share : bad_server_shares<group>(sent.share)) {
    CAPTURE(share.what);
    Bytes rest;
    if (share.bytes.empty()) {  // libcrypto does not ask the provider
      REQUIRE(decapsulate(library.get(), key.get(), share.bytes).empty());
      continue;
    }
    REQUIRE(decapsulate(library.get(), key.get(), share.bytes, &rest).empty());
    REQUIRE(last_reason() == reason_of(share.error));
    REQUIRE(rest == Bytes(tls::sizes_of(group).secret));
  }
  REQUIRE(decapsulate(library.get(), key.get(), sent.share) == sent.secret);
  // Implicit rejection: another ciphertext of ML-KEM is no error.
  Bytes changed = sent.share;
  changed[kMlKemAt<group>] ^= 1;
  const Bytes other = decapsulate(library.get(), key.get(), changed);
  REQUIRE(other.size() == sent.secret.size());
  REQUIRE(other != sent.secret);
}

LATCHKEY_TEST_OF_GROUPS("A key without a private half decapsulates nothing") {
  const Library library = library_with(kAllGroups);
  const Key own = client_key<group>(library.get()), peer = empty_key<group>(library.get());
  const Bytes any(tls::sizes_of(group).server);
  REQUIRE(decapsulate(library.get(), peer.get(), any).empty());
  REQUIRE(take_share(peer.get(), share_of(own.get())));
  REQUIRE(decapsulate(library.get(), peer.get(), any).empty());
  REQUIRE(last_reason() == reason_of(Error::not_a_key));
}

}  // namespace
}  // namespace latchkey::test
