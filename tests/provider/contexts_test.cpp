// Several library contexts, threads, and a module that comes and goes; and what its section says.
#include <atomic>
#include <thread>

#include "latchkey/key_file.hpp"
#include "provider/evp.hpp"

namespace latchkey::test {
namespace {

// One exchange with that key. False if the secrets differ.
bool has_one_secret(OSSL_LIB_CTX* library, const Key& key) {
  const KeyContext sender = context_of(library, key), receiver = context_of(library, key);
  Bytes ciphertext(2000), sent(32), received(32);
  std::size_t size = 2000, sent_size = 32, received_size = 32;
  return EVP_PKEY_encapsulate_init(sender.get(), nullptr) == 1 &&
         EVP_PKEY_encapsulate(sender.get(), ciphertext.data(), &size, sent.data(), &sent_size) ==
             1 &&
         EVP_PKEY_decapsulate_init(receiver.get(), nullptr) == 1 &&
         EVP_PKEY_decapsulate(receiver.get(), received.data(), &received_size, ciphertext.data(),
                              size) == 1 &&
         sent == received;
}

TEST_CASE("Two library contexts have keys and settings of their own", "[provider][contexts]") {
  const Library first, second("ml-kem.output_formats = seed-only");
  REQUIRE(first.is_loaded());
  REQUIRE(second.is_loaded());
  const Bytes seed(64, 5);
  const Key a = generated(first, "ML-KEM-768", seed), b = generated(second, "ML-KEM-768", seed);
  CHECK(octets_of(a, "pub") == octets_of(b, "pub"));
  CHECK(has_one_secret(first, a));
  CHECK(has_one_secret(second, b));
  CHECK(private_der(a).size() == 2498);
  CHECK(private_der(b).size() == 86);
}

TEST_CASE("Many threads use one key, and make, write and read their own", "[provider][threads]") {
  const Library library;
  const Key shared = generated(library, "ML-KEM-768");
  std::atomic<int> faults{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      for (int round = 0; round < 20; ++round) {
        const Key own = generated(library, kNames[(i + round) % 4]);
        const Key again = decoded_private(library, private_der(own));
        if (!has_one_secret(library, shared) || !again || !has_one_secret(library, again) ||
            EVP_PKEY_eq(own.get(), again.get()) != 1) {
          ++faults;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(faults == 0);
}

// In a process of its own: meson.build says why.
TEST_CASE("The module is loaded and unloaded a hundred times", "[.reload]") {
  for (int i = 0; i < 100; ++i) {
    const Library library;
    REQUIRE(library.is_loaded());
    const Key key = generated(library, kNames[i % 4]);
    REQUIRE(has_one_secret(library, key));
    REQUIRE(decoded_private(library, private_der(key)) != nullptr);
  }
}

TEST_CASE("Each form of a private key is written and read", "[provider][settings]") {
  struct Case {
    const char* form;
    std::size_t size;  // of a key of ML-KEM-768, in bytes
    bool has_seed;
  };
  for (const auto& [form, size, has_seed] :
       {Case{"seed-priv", 2498, true}, Case{"priv-only", 2428, false}, Case{"seed-only", 86, true},
        Case{"oqskeypair", 3612, false}, Case{"bare-seed", 84, true},
        Case{"bare-priv", 2424, false}}) {
    INFO(form);
    const Library library(std::string("ml-kem.output_formats = ") + form);
    REQUIRE(library.is_loaded());
    const Key key = generated(library, "ML-KEM-768");
    const Bytes der = private_der(key);
    CHECK(der.size() == size);
    const Key read = decoded_private(library, der);
    REQUIRE(read != nullptr);
    CHECK(octets_of(read, "seed").empty() != has_seed);
    CHECK(octets_of(read, "priv") == octets_of(key, "priv"));

    const Library other(std::string("ml-kem.input_formats = ") +
                        (std::string(form) == "seed-priv" ? "seed-only" : "seed-priv"));
    REQUIRE(other.is_loaded());
    CHECK(decoded_private(other, der) == nullptr);
    CHECK(!last_error().empty());
  }
}

TEST_CASE("Settings say what happens to seeds", "[provider][settings]") {
  const Library usual, forgets("ml-kem.retain_seed = no"), dislikes("ml-kem.prefer_seed = no"),
      trusts("ml-kem.import_pct_type = none"), seeds("ml-kem.output_formats = seed-only");
  const Key key = generated(usual, "ML-KEM-512");
  const Bytes der = private_der(key);
  CHECK(octets_of(generated(forgets, "ML-KEM-512"), "seed").empty());
  CHECK(octets_of(decoded_private(forgets, der), "seed").empty());
  CHECK(octets_of(decoded_private(dislikes, der), "seed").empty());
  CHECK(octets_of(decoded_private(dislikes, der), "priv") == octets_of(key, "priv"));
  // The last byte is z's: no test sees it, and without the seed it is another key.
  Bytes changed = der;
  changed.back() ^= 1;
  CHECK(decoded_private(usual, changed) == nullptr);
  CHECK(decoded_private(dislikes, changed) != nullptr);
  ERR_clear_error();

  // A key whose secret half is another's passes the hash, and fails when it is tried out.
  Bytes priv = octets_of(key, "priv");
  const Bytes other = octets_of(generated(usual, "ML-KEM-512"), "priv");
  std::copy_n(other.begin(), 768, priv.begin());
  const auto import = [&](OSSL_LIB_CTX* library) {
    return Key(
        EVP_PKEY_new_raw_private_key_ex(library, "ML-KEM-512", kOurs, priv.data(), priv.size()));
  };
  CHECK(import(usual) == nullptr);
  CHECK(last_error().find("does not decapsulate") != std::string::npos);
  CHECK(import(trusts) != nullptr);

  const Bytes good = octets_of(key, "priv");
  const Key expanded(
      EVP_PKEY_new_raw_private_key_ex(seeds, "ML-KEM-512", kOurs, good.data(), good.size()));
  CHECK(private_der(expanded).empty());
  CHECK(last_error().find("its seed is not known") != std::string::npos);
}

TEST_CASE("A setting that means nothing keeps the module out", "[provider][settings]") {
  for (const char* const line :
       {"ml-kem.output_formats = seed", "ml-kem.output_formats = ,", "ml-kem.retain_seed = maybe",
        "ml-kem.input_formats = seed-priv;priv-only", "ml-kem.prefer_seed = 2"}) {
    INFO(line);
    const Library library(line);
    CHECK(!library.is_loaded());  // and libcrypto drops the reason that the module gave
  }
  for (const char* const line :
       {"ml-kem.output_formats = seed-only, priv-only", "ml-kem.retain_seed = YES",
        "ml-kem.input_formats = seed-only\tseed-priv", "ml-kem.prefer_seed = 0"}) {
    INFO(line);
    CHECK(Library(line).is_loaded());
  }
}

// What the tool writes, EVP reads, and the other way round.
TEST_CASE("Keys of X-Wing are those of key files", "[provider][der]") {
  const Library library;
  Random random;
  const Bytes seed = random.vector(32);
  const Key key = generated(library, "X-Wing", seed);
  const auto ours = xwing::DecapsulationKey::from_seed(seed);
  REQUIRE(ours.has_value());
  const auto file = write_private_key(*ours, KeyEncoding::der);
  REQUIRE(file.has_value());
  Bytes written;
  REQUIRE(file->read(
      [&](std::span<const std::uint8_t> bytes) { written.assign(bytes.begin(), bytes.end()); }));
  CHECK(written == private_der(key));
  CHECK(read_public_key(public_der(key)).has_value());
  const Bytes text = encoded(key, "TEXT", nullptr);
  CHECK(std::string(text.begin(), text.end()).rfind("X-Wing Private-Key:\nseed:\n    ", 0) == 0);
}

}  // namespace
}  // namespace latchkey::test
