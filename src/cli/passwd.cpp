// `latchkey passwd`: sets, changes or removes the password of a key file.
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "bytes.hpp"
#include "commands.hpp"
#include "failure.hpp"
#include "key_output.hpp"
#include "keys.hpp"

namespace latchkey::cli {
namespace {

// The file itself, which is replaced: neither a pipe nor a link to somewhere else.
struct stat status_of_file(const Options& options) {
  if (is_standard(options.key))
    throw Failure(
        "the password of a key is changed in its file, and standard input is not a file: use -i "
        "FILE");
  struct stat status;
  if (::lstat(options.key.c_str(), &status) != 0) {
    throw Failure("cannot open " + quoted(options.key) + ": " + std::strerror(errno));
  }
  if (!S_ISREG(status.st_mode)) {
    throw Failure(quoted(options.key) + " is not a regular file, so it cannot be replaced");
  }
  return status;
}

bool is_same(const timespec& a, const timespec& b) {
  return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

// Somebody else may have put another key into the file's place while the passwords were typed. That
// key would be lost. Between this and the replacement are two system calls.
void require_unchanged(const struct stat& before, const Options& options) {
  const struct stat now = status_of_file(options);
  if (now.st_dev != before.st_dev || now.st_ino != before.st_ino || now.st_size != before.st_size ||
      !is_same(now.st_mtim, before.st_mtim) || !is_same(now.st_ctim, before.st_ctim)) {
    throw Failure("cannot change the password of " + quoted(options.key) +
                  ": the file was changed meanwhile; run 'latchkey passwd' again");
  }
}

LockedBuffer changed(View file, const Options& options) {
  const std::string name = quoted(options.key);
  const std::string what = "cannot change the password of " + name;
  if (is_identity_of_age(file)) {
    throw Failure(name + " contains identities of age, which cannot be encrypted one by one: " +
                  "'latchkey convert --to pem' makes a key file from one identity");
  }
  const bool encrypted = kind_of_key_file(file) == KeyFileKind::encrypted_private_key;
  LockedBuffer old_password, new_password;
  if (const auto key = read_private_key(file); !key && key.error() != Error::password_needed) {
    fail(what, key.error());  // before anybody is asked for a password
  }
  if (encrypted) old_password = read_password(options.source, name, false);
  if (options.remove && !encrypted) throw Failure(name + " is not encrypted with a password");
  if (!options.remove) new_password = read_password(options.new_source, name + ", new", true);
  const auto with_old = [&](View old_words) -> Result<LockedBuffer> {
    if (options.remove) return remove_password(file, old_words);
    return new_password.read([&](View words) {
      return set_password(
          file, old_words,
          {.password = words,
           .hash = options.pbkdf2 ? PasswordHash::pbkdf2_sha256 : PasswordHash::scrypt});
    });
  };
  return value_of(encrypted ? old_password.read(with_old) : with_old({}), what.c_str());
}

}  // namespace

void passwd(const Options& options) {
  const struct stat status = status_of_file(options);
  const auto file = read_secret(options.key, kMaxKeyFileSize);
  file.require_private();
  const auto made = value_of(
      file.bytes.read([&](View bytes) -> Result<LockedBuffer> { return changed(bytes, options); }),
      "cannot read a key");
  Output output(options.key, Output::Content::secret, Output::Force::yes);
  write_secret(output, made);
  output.take_owner_and_mode(status);  // after the writing, which clears set-user-ID bits
  require_unchanged(status, options);
  output.commit();
}

}  // namespace latchkey::cli
