// `latchkey convert`: a private key in another form.
#include "bytes.hpp"
#include "commands.hpp"
#include "failure.hpp"
#include "key_output.hpp"
#include "keys.hpp"

namespace latchkey::cli {
namespace {

Result<AnyDecapsulationKey> from_seed(View seed) {
  if (seed.size() == xwing::kSeedSize) {
    auto key = xwing::DecapsulationKey::from_seed(seed);
    if (!key) return key.error();
    return AnyDecapsulationKey(std::move(*key));
  }
  auto key = DecapsulationKey::from_seed(seed);
  if (!key) return key.error();
  return AnyDecapsulationKey(std::move(*key));
}

Result<AnyDecapsulationKey> from_expanded(View bytes) {
  auto key = DecapsulationKey::import_expanded(bytes);
  if (!key) return key.error();
  return AnyDecapsulationKey(std::move(*key));
}

// Bytes without a format: the command line says what they are.
PrivateKey load_raw(const Options& options) {
  const auto file = read_secret(options.key, kDecapsulationKeySize);
  file.require_private();
  auto* const read = options.from == "seed" ? from_seed : from_expanded;
  auto key = value_of(file.bytes.read([&](View bytes) { return read(bytes); }),
                      ("cannot use " + quoted(options.key)).c_str());
  return {std::move(key), KeyForm::file, {}};
}

void write(Output& output, const PrivateKey& key, const Options& options) {
  if (options.to == "pem" || options.to == "der") {
    const KeyEncoding encoding = options.to == "der" ? KeyEncoding::der : KeyEncoding::pem;
    static const LockedBuffer none;
    const bool encrypts = key.password && !options.no_password;
    write_key_file(output, key.key, encoding, encrypts ? *key.password : none);
  } else if (options.to == "age") {
    const auto* xwing = std::get_if<xwing::DecapsulationKey>(&key.key);
    if (xwing == nullptr)
      throw Failure(
          "an ML-KEM-768 key cannot be an identity of age: age has identities only for X-Wing "
          "keys");
    write_identity_file(output, *xwing, Created::unknown);
  } else if (options.to == "seed") {
    write_seed(output, key.key);
  } else {
    write_expanded(output, key.key);
  }
}

}  // namespace

void convert(const Options& options) {
  const PrivateKey key =
      options.from.empty() ? load_identity(options.key, options.source) : load_raw(options);
  const bool keeps_password = options.to == "pem" || options.to == "der";
  if (key.password && !keeps_password && !options.no_password) {
    throw Failure(quoted(options.key) + " is encrypted with a password, and the form '" +
                  options.to +
                  "' cannot be: use --no-password to write the key without encryption");
  }
  Output output(options.output, Output::Content::secret, Output::Force{options.force});
  write(output, key, options);
  output.commit();
}

}  // namespace latchkey::cli
