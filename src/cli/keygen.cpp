// `latchkey keygen` and `latchkey pubkey`: private keys, and the public ones of them.
#include <ctime>

#include "commands.hpp"
#include "failure.hpp"
#include "keys.hpp"
#include "output.hpp"

namespace latchkey::cli {
namespace {

using View = std::span<const std::uint8_t>;

KeyEncoding encoding(bool der) { return der ? KeyEncoding::der : KeyEncoding::pem; }
Output::Force force_of(bool force) { return Output::Force{force}; }

LockedBuffer file_of(const AnyDecapsulationKey& any, const Options& options) {
  LockedBuffer password;
  if (options.password || options.pbkdf2 || options.source.is_given()) {
    password = read_password(options.source, "the new key", true);
  }
  return std::visit(
      [&](const auto& key) {
        if (password.size() == 0) {
          return value_of(write_private_key(key, encoding(options.der)), "cannot write the key");
        }
        return value_of(password.read([&](View words) {
          return write_private_key(
              key, encoding(options.der),
              {.password = words,
               .hash = options.pbkdf2 ? PasswordHash::pbkdf2_sha256 : PasswordHash::scrypt});
        }),
                        "cannot write the key");
      },
      any);
}

// What age-keygen writes: two remarks, and the identity.
void write_identity_file(Output& output, const xwing::DecapsulationKey& key) {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  char date[32];
  std::strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &parts));
  const auto name = value_of(age::write_recipient(key.encapsulation_key()), "cannot name the key");
  output.write("# created: " + std::string(date) + "\n# public key: " + std::string(name.text()) +
               "\n");
  const auto identity = value_of(age::write_identity(key), "cannot write the key");
  value_of(identity.read([&](View text) {
    output.write(text);
    return true;
  }),
           "cannot write the key");
  output.write("\n");
}

AnyDecapsulationKey generate(const std::string& type) {
  constexpr const char* kWhat = "cannot generate a key";
  if (type == "ml-kem-768") return value_of(DecapsulationKey::generate(), kWhat);
  return value_of(xwing::DecapsulationKey::generate(), kWhat);
}

void write_recipient(Output& output, const PrivateKey& identity) {
  const auto* key = std::get_if<xwing::DecapsulationKey>(&identity.key);
  if (key == nullptr) throw Failure("age has no recipients with ML-KEM-768 alone");
  const auto name = value_of(age::write_recipient(key->encapsulation_key()), "cannot name the key");
  output.write(std::string(name.text()) + "\n");
}

}  // namespace

void keygen(const Options& options) {
  const auto key = generate(options.type);
  Output output(options.output, Output::Content::secret, force_of(options.force));
  if (options.age) {
    write_identity_file(output, std::get<xwing::DecapsulationKey>(key));
  } else {
    const auto file = file_of(key, options);
    value_of(file.read([&](View bytes) {
      output.write(bytes);
      return true;
    }),
             "cannot write the key");
  }
  output.commit();
}

void pubkey(const Options& options) {
  const auto identities = load_identities(options.key, options.source);
  const auto& identity = identities.front();
  const bool for_age = options.age || (identity.form == KeyForm::age && !options.der);
  if (!for_age && identities.size() > 1) {
    throw Failure(quoted(options.key) + " has several keys, and --der writes one: leave it out");
  }
  Output output(options.output, Output::Content::plain, force_of(options.force));
  if (for_age) {
    for (const auto& each : identities) write_recipient(output, each);
  } else {
    std::visit(
        [&](const auto& key) {
          const auto file =
              value_of(write_public_key(key.encapsulation_key(), encoding(options.der)),
                       "cannot write the key");
          output.write(file.bytes());
        },
        identity.key);
  }
  output.commit();
}

}  // namespace latchkey::cli
