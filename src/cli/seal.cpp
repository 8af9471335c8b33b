// `latchkey seal`: a file for whoever has one of the private keys.
#include "commands.hpp"
#include "failure.hpp"
#include "flow.hpp"
#include "hardening.hpp"
#include "keys.hpp"

namespace latchkey::cli {
namespace {

std::vector<PublicKey> recipients_of(const Options& options) {
  std::vector<PublicKey> all;
  const auto add = [&](std::vector<PublicKey> more) {
    for (auto& key : more) all.push_back(std::move(key));
  };
  for (const auto& name : options.recipients) add(load_recipients(name));
  for (const auto& path : options.recipient_files) add(load_recipients_file(path));
  return all;
}

void seal_for_age(const std::vector<PublicKey>& recipients, const Options& options, Input& input,
                  Output& output) {
  if (!options.context.empty()) throw Failure("age files have no context: leave out -c");
  if (!options.aad.empty()) throw Failure("age files have no associated data: leave out --aad");
  std::vector<const xwing::EncapsulationKey*> keys;
  for (const auto& recipient : recipients) {
    keys.push_back(std::get_if<xwing::EncapsulationKey>(&recipient.key));
    if (keys.back() == nullptr) {
      throw Failure(std::string("age files are for X-Wing keys, and one of the recipients is an ") +
                    kem_of(recipient.key).name + " key");
    }
  }
  Flow flow(input, {}, output, Flow::Quiet{options.quiet});
  flow.check(age::seal(keys, flow.source(), flow.sink(), age::Armor{options.armor}), "cannot seal");
}

void seal_for_one(const std::vector<PublicKey>& recipients, const Options& options, Input& input,
                  Output& output) {
  if (recipients.size() > 1) throw Failure("only age files can have several recipients: add --age");
  if (options.armor) throw Failure("only age files can be text (-a): add --age");
  const auto bytes_of = [](const std::string& text) {
    return std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  };
  Flow flow(input, {}, output, Flow::Quiet{options.quiet});
  std::visit(
      [&](const auto& key) {
        flow.check(seal_stream(key, flow.source(), flow.sink(), bytes_of(options.aad),
                               bytes_of(options.context)),
                   "cannot seal");
      },
      recipients.front().key);
}

}  // namespace

void seal(const Options& options) {
  require_hardened();
  const auto recipients = recipients_of(options);
  bool for_age = options.age;
  for (const auto& recipient : recipients) for_age |= recipient.form == KeyForm::age;
  Input input(options.input);
  Output output(options.output, Output::Content::plain, Output::Force{options.force});
  output.require_other_file(input);
  if (output.is_terminal() && !options.armor && !options.force) {
    throw Failure(
        "a sealed file is not text, and is not written to a terminal: name a file with -o, or use "
        "--force");
  }
  (for_age ? seal_for_age : seal_for_one)(recipients, options, input, output);
  output.commit();
}

}  // namespace latchkey::cli
