// The operations on key files.
#include <openssl/evp.h>

#include <array>

#include "encoding/der.hpp"
#include "keyfile/cheap_password.hpp"
#include "keyfile/encoding.hpp"
#include "latchkey/key_file.hpp"
#include "seal/builder.hpp"

namespace latchkey::test {
namespace {

namespace der = encoding::der;

constexpr std::size_t kPlainHead = 22;  // bytes of DER before a seed, of either kind of key

struct World {
  explicit World(Random& random)
      : seed(random.vector(kSeedSize)),
        sk(random.vector(xwing::kSeedSize)),
        password(random.vector(20)),
        other_password(random.vector(20)) {
    mlkem.make([&] { return DecapsulationKey::from_seed(seed); });
    xwing.make([&] { return xwing::DecapsulationKey::from_seed(sk); });
    dk.resize(kDecapsulationKeySize);
    if (!(*mlkem).export_expanded(std::span(dk).first<kDecapsulationKeySize>())) {
      throw std::runtime_error("no expanded key");
    }
    pem = written(write_private_key(*mlkem, KeyEncoding::pem));
    xwing_der = written(write_private_key(*xwing, KeyEncoding::der));
    constexpr auto kChoice = der::header<kDecapsulationKeySize>(der::kOctetString);
    expanded = with(der::private_key_prefix<kDecapsulationKeySize>(der::kMlKem768, kChoice), dk);
    constexpr auto kSeed = der::header<kSeedSize>(der::kOctetString);
    constexpr std::size_t kInside =
        kSeed.size() + kSeedSize + kChoice.size() + kDecapsulationKeySize;
    constexpr auto kBoth = der::joined(der::header<kInside>(der::kSequence), kSeed);
    both = with(der::private_key_prefix<kInside - kSeed.size()>(der::kMlKem768, kBoth), seed);
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

  template <class Key>
  Result<LockedBuffer> write(const Key& key, KeyEncoding encoding, PasswordHash hash) const {
    const CheapPasswords cheap;
    return write_private_key(key, encoding, {.password = password, .hash = hash});
  }

  // Whether it is the key of one of the seeds.
  [[nodiscard]] bool is_ours(const AnyDecapsulationKey& key) {
    if (const auto* ours = std::get_if<DecapsulationKey>(&key)) {
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
  Place<DecapsulationKey> mlkem;
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

void add_mlkem(World& w, SealSecrets& secrets) {
  secrets.add("d", View(w.seed).first(32));
  secrets.add("z", View(w.seed).last(32));
  secrets.add("s", View(w.dk).first(kDecapsulationKeySize - kEncapsulationKeySize - 64));
  add_text(secrets, w.seed);
}
void add_xwing(World& w, SealSecrets& secrets) {
  secrets.add_xwing_key(w.sk);
  add_text(secrets, w.sk);
}
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

void add_writing(Builder<World>& builder) {
  builder.make(
      "write_private_key, ML-KEM, PEM", &World::file,
      [](World& w) { return write_private_key(*w.mlkem, KeyEncoding::pem); },
      [](World& w) { return holds(*w.file, w.pem); }, add_mlkem);
  builder.make(
      "write_private_key, X-Wing, DER", &World::file,
      [](World& w) { return write_private_key(*w.xwing, KeyEncoding::der); },
      [](World& w) { return holds(*w.file, w.xwing_der); }, add_xwing);
  builder.make(
      "write_private_key, scrypt, PEM", &World::file,
      [](World& w) { return w.write(*w.mlkem, KeyEncoding::pem, PasswordHash::scrypt); },
      [](World& w) { return w.opens_as_ours(*w.file); },
      [](World& w, SealSecrets& secrets) {
        add_mlkem(w, secrets);
        add_password(secrets, w.password, PasswordHash::scrypt, CheapPasswords::latest_salt());
      });
  builder.make(
      "write_private_key, PBKDF2, DER", &World::file,
      [](World& w) { return w.write(*w.xwing, KeyEncoding::der, PasswordHash::pbkdf2_sha256); },
      [](World& w) { return w.opens_as_ours(*w.file); },
      [](World& w, SealSecrets& secrets) {
        add_xwing(w, secrets);
        add_password(secrets, w.password, PasswordHash::pbkdf2_sha256,
                     CheapPasswords::latest_salt());
      });
  builder.make(
      "write_public_key, PEM", &World::public_file,
      [](World& w) { return write_public_key((*w.xwing).encapsulation_key(), KeyEncoding::pem); },
      [](World& w) { return std::ranges::equal((*w.public_file).bytes(), w.public_pem); },
      add_xwing);
}

void add_reading(Builder<World>& builder) {
  const auto add = [&](const char* name, Bytes World::*file, auto secrets) -> SealOperation& {
    return builder.make(
        name, &World::key, [file](World& w) { return read_private_key(w.*file); },
        [](World& w) { return w.is_ours(*w.key); }, secrets);
  };
  add("read_private_key, seed, PEM", &World::pem, add_mlkem);
  add("read_private_key, expanded, DER", &World::expanded, add_mlkem);
  add("read_private_key, both, DER", &World::both, add_mlkem);
  add("read_private_key, both, of two keys", &World::mismatched, add_mlkem).refuses =
      Error::seed_mismatch;
  add("read_private_key, X-Wing, DER", &World::xwing_der, add_xwing);
  for (const PasswordHash hash : {PasswordHash::scrypt, PasswordHash::pbkdf2_sha256}) {
    const std::string of = hash == PasswordHash::scrypt ? ", scrypt" : ", PBKDF2";
    const auto i = static_cast<std::size_t>(hash);
    builder.make(("read_private_key" + of).c_str(), &World::key,
                 [i](World& w) { return read_private_key(w.encrypted[i].file, w.password); },
                 [](World& w) { return w.is_ours(*w.key); },
                 [i, hash](World& w, SealSecrets& secrets) {
                   add_xwing(w, secrets);
                   add_password(secrets, w.password, hash, w.encrypted[i].salt);
                 });
    builder
        .make(("read_private_key" + of + ", refused").c_str(), &World::key,
              [i](World& w) { return read_private_key(w.encrypted[i].file, w.other_password); },
              [](World&) { return false; },
              [i, hash](World& w, SealSecrets& secrets) {
                add_password(secrets, w.other_password, hash, w.encrypted[i].salt);
              })
        .refuses = Error::wrong_password;
  }
  for (const auto& [name, file] : {std::pair("read_public_key, PEM", &World::public_pem),
                                   std::pair("read_public_key, DER", &World::public_der)}) {
    builder.make(
        name, &World::public_key, [file = file](World& w) { return read_public_key(w.*file); },
        [](World& w) {
          const auto* const key = std::get_if<xwing::EncapsulationKey>(&*w.public_key);
          return key != nullptr &&
                 std::ranges::equal(key->bytes(), (*w.xwing).encapsulation_key().bytes());
        },
        add_xwing);
  }
}

}  // namespace

void add_key_files(std::vector<SealOperation>& all, Random& random) {
  Builder builder(all, std::make_shared<World>(random), "");
  add_writing(builder);
  add_reading(builder);
}

}  // namespace latchkey::test
