// `latchkey convert`: a private key in another form.
#include "bytes.hpp"
#include "commands.hpp"
#include "failure.hpp"
#include "key_output.hpp"
#include "keys.hpp"

namespace latchkey::cli {
namespace {

template <class Key>
Result<AnyDecapsulationKey> any(Result<Key> key) {
  if (!key) return key.error();
  return AnyDecapsulationKey(std::move(*key));
}

Result<AnyDecapsulationKey> from_seed(View seed, std::string_view type) {
  if (type.empty()) type = seed.size() == xwing::kSeedSize ? "x-wing" : "ml-kem-768";
  return with_kem(type,
                  [&](auto kem) { return any(decltype(kem)::DecapsulationKey::from_seed(seed)); });
}

// By its size, where no type is given.
Result<AnyDecapsulationKey> from_expanded(View bytes, std::string_view type) {
  if (type.empty()) {
    type = bytes.size() == mlkem512::kDecapsulationKeySize    ? "ml-kem-512"
           : bytes.size() == mlkem1024::kDecapsulationKeySize ? "ml-kem-1024"
                                                              : "ml-kem-768";
  }
  return with_kem(type, [&](auto kem) -> Result<AnyDecapsulationKey> {
    if constexpr (std::is_same_v<decltype(kem), XWing>) {
      throw Failure(kNoExpandedForm);
    } else {
      return any(decltype(kem)::DecapsulationKey::import_expanded(bytes));
    }
  });
}

// Bytes without a format: the command line says what they are.
PrivateKey load_raw(const Options& options) {
  const auto file = read_secret(options.key, mlkem1024::kDecapsulationKeySize);
  file.require_private();
  auto* const read = options.from == "seed" ? from_seed : from_expanded;
  auto key = value_of(file.bytes.read([&](View bytes) { return read(bytes, options.type); }),
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
      throw Failure(std::string("an ") + kem_of(key.key).name +
                    " key cannot be an identity of age: age has identities only for X-Wing keys");
    write_identity_file(output, *xwing, Created::unknown);
  } else if (options.to == "seed") {
    write_seed(output, key.key);
  } else {
    write_expanded(output, key.key);
  }
}

}  // namespace

void convert(const Options& options) {
  if (options.from.empty() && !options.type.empty()) {
    throw Failure("a key file says its algorithm: use -t only with --from", Failure::kUsage);
  }
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
