// `latchkey seal`: a file for whoever has one of the private keys.
#include "commands.hpp"
#include "failure.hpp"
#include "flow.hpp"
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
  if (!options.context.empty()) throw Failure("age's files have no --context");
  std::vector<const xwing::EncapsulationKey*> keys;
  for (const auto& recipient : recipients) {
    keys.push_back(std::get_if<xwing::EncapsulationKey>(&recipient.key));
    if (keys.back() == nullptr) {
      throw Failure("age's files are for X-Wing keys, and one of the recipients is ML-KEM-768");
    }
  }
  Flow flow(input, {}, output);
  flow.check(age::seal(keys, flow.source(), flow.sink(), age::Armor{options.armor}), "cannot seal");
}

void seal_for_one(const std::vector<PublicKey>& recipients, const Options& options, Input& input,
                  Output& output) {
  if (recipients.size() > 1) throw Failure("several recipients have to be age's: use --age");
  if (options.armor) throw Failure("only age's files have an armor: use --age");
  const std::span context(reinterpret_cast<const std::uint8_t*>(options.context.data()),
                          options.context.size());
  Flow flow(input, {}, output);
  std::visit(
      [&](const auto& key) {
        flow.check(seal_stream(key, flow.source(), flow.sink(), {}, context), "cannot seal");
      },
      recipients.front().key);
}

}  // namespace

void seal(const Options& options) {
  const auto recipients = recipients_of(options);
  bool for_age = options.age;
  for (const auto& recipient : recipients) for_age |= recipient.form == KeyForm::age;
  Input input(options.input);
  Output output(options.output, Output::Content::plain, Output::Force{options.force});
  if (output.is_terminal() && !options.armor && !options.force) {
    throw Failure("what is sealed is no text: name a file by -o, or use --force");
  }
  (for_age ? seal_for_age : seal_for_one)(recipients, options, input, output);
  output.commit();
}

}  // namespace latchkey::cli
