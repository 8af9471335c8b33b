#include "key_output.hpp"

#include <ctime>

#include "bytes.hpp"
#include "failure.hpp"
#include "kems.hpp"

namespace latchkey::cli {
namespace {

constexpr const char* kCannotWrite = "cannot write the key";

void check(const Result<void>& done) {
  if (!done) fail(kCannotWrite, done.error());
}

// As age-keygen writes it (RFC 3339).
std::string date_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  char date[32];
  std::strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &parts));
  return date;
}

// Makes bytes in locked memory and writes them: make(std::span<std::uint8_t, Size>).
template <std::size_t Size, class Make>
void write_made(Output& output, Make make) {
  auto bytes = value_of(LockedBuffer::create(Size), kCannotWrite);
  check(bytes.write([&](std::span<std::uint8_t> to) { return make(to.template first<Size>()); }));
  write_secret(output, bytes);
}

}  // namespace

void write_secret(Output& output, const LockedBuffer& bytes) {
  check(bytes.read([&](View all) { output.write(all); }));
}

void write_key_file(Output& output, const AnyDecapsulationKey& any, KeyEncoding encoding,
                    const LockedBuffer& password, PasswordHash hash) {
  std::visit(
      [&](const auto& key) {
        if (password.size() == 0) {
          write_secret(output, value_of(write_private_key(key, encoding), kCannotWrite));
          return;
        }
        const auto write = [&](View words) {
          return write_private_key(key, encoding, {.password = words, .hash = hash});
        };
        write_secret(output, value_of(password.read(write), kCannotWrite));
      },
      any);
}

void write_identity_file(Output& output, const xwing::DecapsulationKey& key, Created created) {
  const auto name =
      value_of(age::write_recipient(key.encapsulation_key()), "cannot write the recipient");
  if (created == Created::now) output.write("# created: " + date_now() + "\n");
  output.write("# public key: " + std::string(name.text()) + "\n");
  write_secret(output, value_of(age::write_identity(key), kCannotWrite));
  output.write("\n");
}

void write_seed(Output& output, const AnyDecapsulationKey& any) {
  std::visit(
      [&]<class Key>(const Key& key) {
        write_made<KemOf<Key>::Kem::kSeedSize>(output,
                                               [&](auto to) { return key.export_seed(to); });
      },
      any);
}

void write_expanded(Output& output, const AnyDecapsulationKey& any) {
  std::visit(
      [&]<class Key>(const Key& key) {
        if constexpr (std::is_same_v<Key, xwing::DecapsulationKey>) {
          throw Failure(kNoExpandedForm);
        } else {
          write_made<Key::Expanded::extent>(output,
                                            [&](auto to) { return key.export_expanded(to); });
        }
      },
      any);
}

}  // namespace latchkey::cli
