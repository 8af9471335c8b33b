// Keys in DER that are cut, changed or something else: refused, with a reason, and nothing else.
#include "provider/evp.hpp"

namespace latchkey::test {
namespace {

TEST_CASE("A key that is cut anywhere is refused", "[provider][der]") {
  const Library library;
  for (const char* const name : kNames) {
    INFO(name);
    const Key key = generated(library, name);
    for (const bool is_private : {true, false}) {
      const Bytes whole = is_private ? private_der(key) : public_der(key);
      REQUIRE(whole.size() > 32);
      for (std::size_t size = 0; size < whole.size(); ++size) {
        const Bytes part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        const Key read =
            is_private ? decoded_private(library, part) : decoded_public(library, part);
        if (read != nullptr || ERR_peek_error() == 0) FAIL("after " << size << " bytes");
        ERR_clear_error();
      }
    }
  }
}

// A private key with its seed and its expanded form has two of everything; of X-Wing's, and of a
// public key, some changes give another key.
TEST_CASE("A private key of ML-KEM with a bit changed anywhere is refused", "[provider][der]") {
  const Library library;
  Random random;
  for (const char* const name : {"ML-KEM-512", "ML-KEM-768", "ML-KEM-1024"}) {
    INFO(name);
    const Key key = generated(library, name);
    const Bytes whole = private_der(key);
    int ours = 0;
    for (std::size_t i = 0; i < whole.size(); ++i) {
      Bytes changed = whole;
      changed[i] ^= static_cast<std::uint8_t>(1 << random.between(0, 7));
      const Key read = decoded_private(library, changed);
      if (read != nullptr || ERR_peek_error() == 0) FAIL("byte " << i);
      ours += !last_error().empty();
    }
    // What is not about the kind of key says which of our reasons it is.
    CHECK(ours >= static_cast<int>(whole.size()) - 40);
  }
}

TEST_CASE("A public key with a byte changed is refused or another key", "[provider][der]") {
  const Library library;
  Random random;
  for (const char* const name : kNames) {
    INFO(name);
    const Key key = generated(library, name);
    const Bytes whole = public_der(key);
    int refused = 0;
    for (std::size_t i = 0; i < whole.size(); ++i) {
      Bytes changed = whole;
      changed[i] ^= static_cast<std::uint8_t>(random.between(1, 255));
      const Key read = decoded_public(library, changed);
      if (read == nullptr) {
        ++refused;
      } else if (EVP_PKEY_eq(read.get(), key.get()) == 1 || public_der(read) != changed) {
        FAIL("byte " << i);
      }
      ERR_clear_error();
    }
    CHECK(refused >= 20);
  }
}

TEST_CASE("Reasons say what is wrong with a key", "[provider][der]") {
  const Library library;
  const Key key = generated(library, "ML-KEM-768");
  const Bytes whole = private_der(key);
  REQUIRE(whole.size() == 2498);
  const auto error_of = [&](std::size_t at) {
    Bytes changed = whole;
    changed[at] ^= 1;
    CHECK(decoded_private(library, changed) == nullptr);
    return last_error();
  };
  CHECK(error_of(40) == "the seed and the expanded key in the file are different keys");
  CHECK(error_of(2490) == "the seed and the expanded key in the file are different keys");
  CHECK(error_of(29).find("DER") != std::string::npos);  // the tag of the seed

  Bytes pub = public_der(key);
  pub[22] = pub[23] = pub[24] = 0xff;
  // d2i_PUBKEY() drops what decoders say.
  EVP_PKEY* read = nullptr;
  const Decoder decoder(
      OSSL_DECODER_CTX_new_for_pkey(&read, "DER", nullptr, nullptr, 0, library, nullptr));
  const unsigned char* at = pub.data();
  std::size_t size = pub.size();
  CHECK(OSSL_DECODER_from_data(decoder.get(), &at, &size) != 1);
  CHECK(last_error().find("3329") != std::string::npos);
}

TEST_CASE("A decoder reads one key and leaves the rest", "[provider][der]") {
  const Library library;
  for (const char* const name : kNames) {
    const Key key = generated(library, name);
    for (const bool is_private : {true, false}) {
      Bytes der = is_private ? private_der(key) : public_der(key);
      const std::size_t size = der.size();
      der.resize(size + 100, 0x30);
      EVP_PKEY* read = nullptr;
      const Decoder decoder(
          OSSL_DECODER_CTX_new_for_pkey(&read, "DER", nullptr, name, 0, library, nullptr));
      const unsigned char* at = der.data();
      std::size_t rest = der.size();
      CHECK(OSSL_DECODER_from_data(decoder.get(), &at, &rest) == 1);
      CHECK(rest == 100);
      const Key owned(read);
      CHECK(EVP_PKEY_eq(read, key.get()) == 1);
    }
  }
}

TEST_CASE("What says that it is very long is not read", "[provider][der]") {
  const Library library;
  Bytes der = private_der(generated(library, "ML-KEM-512"));
  for (const int size : {0x4100, 0xffff}) {
    der[2] = static_cast<std::uint8_t>(size >> 8), der[3] = static_cast<std::uint8_t>(size);
    Bytes longer = der;
    longer.resize(70'000);
    CHECK(decoded_private(library, longer) == nullptr);
    CHECK(ERR_peek_error() != 0);
    ERR_clear_error();
  }
}

}  // namespace
}  // namespace latchkey::test
