// The operations on key files.
#include <openssl/evp.h>

#include <array>

#include "encoding/der.hpp"
#include "keyfile/algorithms.hpp"
#include "keyfile/cheap_password.hpp"
#include "keyfile/encoding.hpp"
#include "latchkey/key_file.hpp"
#include "seal/builder.hpp"

namespace latchkey::test {
namespace {

namespace der = encoding::der;

constexpr std::size_t kPlainHead = 22;  // bytes of DER before a seed, of either kind of key

// An ML-KEM key of a parameter set, and one of X-Wing, with their files.
template <MlKem set>
struct World {
  using Key = MlKemDecapsulationKey<set>;
  static constexpr std::size_t kExpandedSize = sizes_of(set).decapsulation_key;

  explicit World(Random& random)
      : seed(random.vector(kSeedSize)),
        sk(random.vector(xwing::kSeedSize)),
        password(random.vector(20)),
        other_password(random.vector(20)) {
    mlkem.make([&] { return Key::from_seed(seed); });
    xwing.make([&] { return xwing::DecapsulationKey::from_seed(sk); });
    dk.resize(kExpandedSize);
    if (!(*mlkem).export_expanded(typename Key::Expanded(dk))) {
      throw std::runtime_error("no expanded key");
    }
    pem = written(write_private_key(*mlkem, KeyEncoding::pem));
    xwing_der = written(write_private_key(*xwing, KeyEncoding::der));
    constexpr auto kAlgorithm = keyfile::identifier_of<MlKemOf<set>>();
    constexpr auto kChoice = der::header<kExpandedSize>(der::kOctetString);
    expanded = with(der::private_key_prefix<kExpandedSize>(kAlgorithm, kChoice), dk);
    constexpr auto kSeed = der::header<kSeedSize>(der::kOctetString);
    constexpr std::size_t kInside = kSeed.size() + kSeedSize + kChoice.size() + kExpandedSize;
    constexpr auto kBoth = der::joined(der::header<kInside>(der::kSequence), kSeed);
    both = with(der::private_key_prefix<kInside - kSeed.size()>(kAlgorithm, kBoth), seed);
    both = both + with(kChoice, dk);
    mismatched = both;
    mismatched.back() ^= 1;  // z
    for (const PasswordHash hash : {PasswordHash::scrypt, PasswordHash::pbkdf2_sha256}) {
      Encrypted& one = encrypted[static_cast<std::size_t>(hash)];
      one.file = written(write(*xwing, KeyEncoding::pem, hash));
      one.salt = CheapPasswords::latest_salt();
    }
    for (const KeyEncoding encoding : {KeyEncoding::pem, KeyEncoding::der}) {
      const auto file = write_public_key((*xwing).encapsulation_key(), encoding);
      (encoding == KeyEncoding::pem ? public_pem : public_der) = copy_of(file->bytes());
    }
  }

  template <class AnyKey>
  Result<LockedBuffer> write(const AnyKey& key, KeyEncoding encoding, PasswordHash hash) const {
    const CheapPasswords cheap;
    return write_private_key(key, encoding, {.password = password, .hash = hash});
  }

  // Whether it is the key of one of the seeds.
  [[nodiscard]] bool is_ours(const AnyDecapsulationKey& key) {
    if (const auto* ours = std::get_if<Key>(&key)) {
      return std::ranges::equal(ours->encapsulation_key().bytes(),
                                (*mlkem).encapsulation_key().bytes());
    }
    return std::ranges::equal(std::get<xwing::DecapsulationKey>(key).encapsulation_key().bytes(),
                              (*xwing).encapsulation_key().bytes());
  }
  [[nodiscard]] bool opens_as_ours(const LockedBuffer& encrypted_file) {
    const Bytes bytes = written(LockedBuffer::copy_of(View(contents(encrypted_file))));
    const auto key = read_private_key(bytes, password);
    return key && is_ours(*key);
  }

  static Bytes contents(const LockedBuffer& buffer) {
    return buffer.read([](View bytes) { return copy_of(bytes); }).value();
  }
  static Bytes written(const Result<LockedBuffer>& buffer) { return contents(buffer.value()); }
  static Bytes with(View prefix, View content) { return copy_of(prefix) + content; }

  struct Encrypted {
    Bytes file;
    std::array<std::uint8_t, CheapPasswords::kSaltSize> salt;
  };
  Bytes seed, sk, password, other_password, dk;
  Bytes pem, xwing_der, expanded, both, mismatched, public_pem, public_der;
  Encrypted encrypted[2];  // by hash
  Place<Key> mlkem;
  Place<xwing::DecapsulationKey> xwing;
  Place<LockedBuffer> file;
  Place<AnyDecapsulationKey> key;
  Place<PublicKeyFile> public_file;
  Place<AnyEncapsulationKey> public_key;
};

// ---- What secrets arise

// Of the DER of a seed, also its Base64, but for what each such file has.
void add_text(SealSecrets& secrets, View seed) {
  const Bytes all = Bytes(kPlainHead) + seed;
  Bytes characters(4 * ((all.size() + 2) / 3) + 1);
  EVP_EncodeBlock(characters.data(), all.data(), static_cast<int>(all.size()));
  secrets.add("text", View(characters).subspan(4 * ((kPlainHead + 2) / 3)));
}

constexpr auto add_mlkem = [](auto& w, SealSecrets& secrets) {
  secrets.add("d", View(w.seed).first(32));
  secrets.add("z", View(w.seed).last(32));
  secrets.add("s", View(w.dk).first((w.dk.size() - 96) / 2));
  add_text(secrets, w.seed);
};
constexpr auto add_xwing = [](auto& w, SealSecrets& secrets) {
  secrets.add_xwing_key(w.sk);
  add_text(secrets, w.sk);
};
void add_password(SealSecrets& secrets, View password, PasswordHash hash, View salt) {
  secrets.add_hmac_key("password", password);
  Bytes key(32);
  const auto* const characters = reinterpret_cast<const char*>(password.data());
  if (hash == PasswordHash::scrypt) {
    if (EVP_PBE_scrypt(characters, password.size(), salt.data(), salt.size(), CheapPasswords::kN,
                       CheapPasswords::kR, CheapPasswords::kP, 0, key.data(), key.size()) != 1) {
      throw std::runtime_error("OpenSSL failed");
    }
    secrets.add("scrypt's B",
                hmac_sha256(password, copy_of(salt) + Bytes{0, 0, 0, 1}));  // its beginning
  } else {
    if (PKCS5_PBKDF2_HMAC(characters, static_cast<int>(password.size()), salt.data(),
                          static_cast<int>(salt.size()), CheapPasswords::kRounds, EVP_sha256(),
                          static_cast<int>(key.size()), key.data()) != 1) {
      throw std::runtime_error("OpenSSL failed");
    }
    secrets.add("U_1", hmac_sha256(password, copy_of(salt) + Bytes{0, 0, 0, 1}));
  }
  secrets.add_aes_key(key);
}

// ---- The operations

// Without a password.
template <class W>
void add_mlkem_files(Builder<W>& builder) {
  builder.make(
      "write_private_key, ML-KEM, PEM", &W::file,
      [](W& w) { return write_private_key(*w.mlkem, KeyEncoding::pem); },
      [](W& w) { return holds(*w.file, w.pem); }, add_mlkem);
  const auto add = [&](const char* name, Bytes W::*file, auto secrets) -> SealOperation& {
    return builder.make(
        name, &W::key, [file](W& w) { return read_private_key(w.*file); },
        [](W& w) { return w.is_ours(*w.key); }, secrets);
  };
  add("read_private_key, seed, PEM", &W::pem, add_mlkem);
  add("read_private_key, expanded, DER", &W::expanded, add_mlkem);
  add("read_private_key, both, DER", &W::both, add_mlkem);
  add("read_private_key, both, of two keys", &W::mismatched, add_mlkem).refuses =
      Error::seed_mismatch;
}

template <class W>
void add_writing(Builder<W>& builder) {
  builder.make(
      "write_private_key, X-Wing, DER", &W::file,
      [](W& w) { return write_private_key(*w.xwing, KeyEncoding::der); },
      [](W& w) { return holds(*w.file, w.xwing_der); }, add_xwing);
  builder.make(
      "write_private_key, scrypt, PEM", &W::file,
      [](W& w) { return w.write(*w.mlkem, KeyEncoding::pem, PasswordHash::scrypt); },
      [](W& w) { return w.opens_as_ours(*w.file); },
      [](W& w, SealSecrets& secrets) {
        add_mlkem(w, secrets);
        add_password(secrets, w.password, PasswordHash::scrypt, CheapPasswords::latest_salt());
      });
  builder.make(
      "write_private_key, PBKDF2, DER", &W::file,
      [](W& w) { return w.write(*w.xwing, KeyEncoding::der, PasswordHash::pbkdf2_sha256); },
      [](W& w) { return w.opens_as_ours(*w.file); },
      [](W& w, SealSecrets& secrets) {
        add_xwing(w, secrets);
        add_password(secrets, w.password, PasswordHash::pbkdf2_sha256,
                     CheapPasswords::latest_salt());
      });
  builder.make(
      "write_public_key, PEM", &W::public_file,
      [](W& w) { return write_public_key((*w.xwing).encapsulation_key(), KeyEncoding::pem); },
      [](W& w) { return std::ranges::equal((*w.public_file).bytes(), w.public_pem); }, add_xwing);
}

template <class W>
void add_reading(Builder<W>& builder) {
  builder.make(
      "read_private_key, X-Wing, DER", &W::key, [](W& w) { return read_private_key(w.xwing_der); },
      [](W& w) { return w.is_ours(*w.key); }, add_xwing);
  for (const PasswordHash hash : {PasswordHash::scrypt, PasswordHash::pbkdf2_sha256}) {
    const std::string of = hash == PasswordHash::scrypt ? ", scrypt" : ", PBKDF2";
    const auto i = static_cast<std::size_t>(hash);
    builder.make(("read_private_key" + of).c_str(), &W::key,
                 [i](W& w) { return read_private_key(w.encrypted[i].file, w.password); },
                 [](W& w) { return w.is_ours(*w.key); },
                 [i, hash](W& w, SealSecrets& secrets) {
                   add_xwing(w, secrets);
                   add_password(secrets, w.password, hash, w.encrypted[i].salt);
                 });
    builder
        .make(("read_private_key" + of + ", refused").c_str(), &W::key,
              [i](W& w) { return read_private_key(w.encrypted[i].file, w.other_password); },
              [](W&) { return false; },
              [i, hash](W& w, SealSecrets& secrets) {
                add_password(secrets, w.other_password, hash, w.encrypted[i].salt);
              })
        .refuses = Error::wrong_password;
  }
  for (const auto& [name, file] : {std::pair("read_public_key, PEM", &W::public_pem),
                                   std::pair("read_public_key, DER", &W::public_der)}) {
    builder.make(
        name, &W::public_key, [file = file](W& w) { return read_public_key(w.*file); },
        [](W& w) {
          const auto* const key = std::get_if<xwing::EncapsulationKey>(&*w.public_key);
          return key != nullptr &&
                 std::ranges::equal(key->bytes(), (*w.xwing).encapsulation_key().bytes());
        },
        add_xwing);
  }
}

}  // namespace

void add_key_files(std::vector<SealOperation>& all, Random& random) {
  Builder builder(all, std::make_shared<World<MlKem::k768>>(random), "");
  add_mlkem_files(builder);
  add_writing(builder);
  add_reading(builder);
  // The largest keys, of which an expanded one is on the stack while it is compared.
  Builder large(all, std::make_shared<World<MlKem::k1024>>(random), ", ML-KEM-1024");
  add_mlkem_files(large);
}

}  // namespace latchkey::test
