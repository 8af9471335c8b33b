// `latchkey keygen` and `latchkey pubkey`: private keys, and the public ones of them.
#include <cstdio>

#include "commands.hpp"
#include "failure.hpp"
#include "key_output.hpp"
#include "keys.hpp"
#include "output.hpp"

namespace latchkey::cli {
namespace {

KeyEncoding encoding(bool der) { return der ? KeyEncoding::der : KeyEncoding::pem; }
Output::Force force_of(bool force) { return Output::Force{force}; }

// On standard error: standard output may be the key. The key is written by now, so it is only a
// warning that libcrypto forbids SHA-256.
void show_fingerprint(const AnyDecapsulationKey& any) try {
  const std::string shown =
      std::visit([](const auto& key) { return fingerprint_of(key.encapsulation_key()); }, any);
  std::fprintf(stderr, "fingerprint: %s (%s)\n", shown.c_str(), kem_of(any).name);
} catch (const Failure& failure) {
  warn(failure.what());
}

AnyDecapsulationKey generate(const std::string& type) {
  return with_kem(type.empty() ? "x-wing" : type, [](auto kem) -> AnyDecapsulationKey {
    return value_of(decltype(kem)::DecapsulationKey::generate(), "cannot generate a key");
  });
}

void write_recipient(Output& output, const PrivateKey& identity) {
  const auto* key = std::get_if<xwing::DecapsulationKey>(&identity.key);
  if (key == nullptr) {
    throw Failure(std::string("recipients of age are X-Wing keys, and this key is an ") +
                  kem_of(identity.key).name + " key");
  }
  const auto name =
      value_of(age::write_recipient(key->encapsulation_key()), "cannot write the recipient");
  output.write(std::string(name.text()) + "\n");
}

}  // namespace

void keygen(const Options& options) {
  const auto key = generate(options.type);
  Output output(options.output, Output::Content::secret, force_of(options.force));
  if (options.age) {
    write_identity_file(output, std::get<xwing::DecapsulationKey>(key), Created::now);
  } else {
    LockedBuffer password;
    if (options.password || options.pbkdf2 || options.source.is_given()) {
      password = read_password(options.source, "the new key", true);
    }
    write_key_file(output, key, encoding(options.der), password,
                   options.pbkdf2 ? PasswordHash::pbkdf2_sha256 : PasswordHash::scrypt);
  }
  output.commit();
  if (!options.quiet) show_fingerprint(key);
}

void pubkey(const Options& options) {
  const auto identities = load_identities(options.key, options.source);
  const auto& identity = identities.front();
  const bool for_age = options.age || (identity.form == KeyForm::age && !options.der);
  if (!for_age && identities.size() > 1) {
    throw Failure(quoted(options.key) +
                  " contains several keys, and --der can write only one: leave out --der");
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
