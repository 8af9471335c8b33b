// `latchkey encaps` and `latchkey decaps`: the KEM itself, for protocols of one's own.
#include "commands.hpp"
#include "failure.hpp"
#include "keys.hpp"
#include "output.hpp"

namespace latchkey::cli {
namespace {

constexpr const char* kOnePlace =
    "the ciphertext (-o) and the secret (-s) cannot go to the same place";

void write_secret(Output& output, const SharedSecret& secret) {
  const OpenSecrets open;
  output.write(value_of(secret.expose(), "cannot read the secret"));
}

std::string length_fault(std::size_t size, const AnyDecapsulationKey& key) {
  const KemRow& kem = kem_of(key);
  std::string fault = "it has " + std::to_string(size) +
                      " bytes, and the ciphertext for a key of " + kem.name + " has " +
                      std::to_string(kem.ciphertext_size);
  for (const KemRow& other : kKems) {
    if (size == other.ciphertext_size) {
      fault += std::string("; this is a ciphertext for ") + other.name + ", by its size";
    }
  }
  return fault;
}

}  // namespace

void encaps(const Options& options) {
  if (options.output == options.secret || (options.output.empty() && options.secret == "-")) {
    throw Failure(kOnePlace);
  }
  const auto recipient = load_recipient(options.recipient);
  const Output::Force force{options.force};
  Output output(options.output, Output::Content::plain, force);
  Output secret(options.secret, Output::Content::secret, force);
  if (output.is_same_file(secret)) throw Failure(kOnePlace);
  std::visit(
      [&](const auto& key) {
        const auto sent = value_of(key.encapsulate(), "cannot encapsulate");
        output.write(sent.ciphertext);
        write_secret(secret, sent.secret);
      },
      recipient.key);
  secret.commit();
  try {
    output.commit();
  } catch (...) {
    secret.withdraw();  // it is of no use without its ciphertext
    throw;
  }
}

void decaps(const Options& options) {
  const auto identity = load_identity(options.key, options.source);
  const auto ciphertext = read_whole(options.input, 64 << 10);
  Output output(options.output, Output::Content::secret, Output::Force{options.force});
  std::visit(
      [&](const auto& key) {
        const auto secret = key.decapsulate(ciphertext);
        if (!secret && secret.error() == Error::ciphertext_length) {
          throw Failure("cannot decapsulate " + quoted(options.input) + ": " +
                        length_fault(ciphertext.size(), identity.key));
        }
        if (!secret) fail("cannot decapsulate " + quoted(options.input), secret.error());
        write_secret(output, *secret);
      },
      identity.key);
  output.commit();
}

}  // namespace latchkey::cli
