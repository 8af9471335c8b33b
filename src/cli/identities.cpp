#include "identities.hpp"

#include <algorithm>
#include <exception>

#include "failure.hpp"
#include "memory_source.hpp"

namespace latchkey::cli {
namespace {

// The longest encrypted identity file, in bytes: armor writes four characters for three bytes, and
// each chunk has a tag.
constexpr std::size_t kMostOfEncrypted = kMostOfIdentities / 2 * 3;

void require_passphrase_file(View file, const std::string& name) {
  const auto info = age::inspect(source_of(file));
  const std::string what = "cannot use " + name;
  if (!info) fail(what, info.error());
  if (!info->is_passphrase_file) {
    throw Failure(what + ": the age file is encrypted to keys, not with a passphrase");
  }
  if (info->work_factor > age::kMaxWorkFactor) {
    throw Failure(what + ": " + too_costly(info->work_factor));
  }
  if (!info->payload) fail(what, info->payload.error());
}

}  // namespace

void IdentityList::add(std::string_view line, std::size_t number) {
  const std::string what = "cannot use line " + std::to_string(number) + " of " + name_;
  switch (age::kind_of_identity(line)) {
    case age::KeyKind::x25519: {
      auto key = value_of(age::parse_x25519_identity(line), what.c_str());
      require_room();
      x25519.push_back(std::move(key));
      break;
    }
    case age::KeyKind::plugin:
      ++plugins;
      break;
    default: {
      auto key = value_of(age::parse_identity(line), what.c_str());
      require_room();
      keys.push_back(std::move(key));
    }
  }
}

void IdentityList::require_room() const {
  if (keys.size() + x25519.size() == kMostIdentities) {
    throw Failure(name_ + " has more than " + std::to_string(kMostIdentities) + " identities");
  }
}

std::string IdentityList::fault() const {
  if (size() == 0) return "it contains no identity";
  if (!x25519.empty()) {
    return std::string("its identities are for X25519") +
           (plugins > 0 ? " and for plugins of age" : "") +
           ", and only 'latchkey open' uses those for X25519: age-keygen -pq makes post-quantum "
           "ones";
  }
  return "its identities are for plugins of age, which Latchkey does not support";
}

std::string too_costly(unsigned work_factor) {
  const bool is_whole = work_factor != age::kWorkFactorCap;
  return "the scrypt work factor of the age file is above " + std::to_string(age::kMaxWorkFactor) +
         " (" + std::to_string(work_factor) + (is_whole ? "" : " or more") +
         "): its passphrase would take too much time and memory";
}

namespace {

// What is in front of the first line that says something: comments and empty lines.
class Remarks {
 public:
  // Returns what follows them in the next bytes of the file, nothing if they go on.
  std::string_view skip(std::string_view text) {
    const std::size_t size = text.size();
    while (in_remark_ || text.starts_with('#') || text.starts_with('\n') ||
           text.starts_with("\r\n")) {
      const std::size_t end = text.find('\n');
      in_remark_ = end == text.npos;
      text.remove_prefix(in_remark_ ? text.size() : end + 1);
      if (in_remark_) break;
      ++skipped.lines;
    }
    skipped.bytes += size - text.size();
    return text;
  }

  Skipped skipped;

 private:
  bool in_remark_ = false;
};

// The kind of a file by what follows its remarks.
AgeFile kind_by_lines(std::string_view rest) {
  constexpr std::size_t kLongestPrefix = 19;  // "AGE-SECRET-KEY-PQ-1"
  const std::string_view line = rest.substr(0, rest.find('\n'));
  if (age::kind_of_identity(line) != age::KeyKind::none) return AgeFile::identities;
  if (age::kind_of_recipient(line) != age::KeyKind::none) return AgeFile::recipients;
  return rest.size() < kLongestPrefix ? AgeFile::undecided : AgeFile::none;
}

// Reads on behind kMostOfKey bytes that are only remarks. No key file is so long.
FirstBytes read_behind_remarks(LockedBuffer bytes, Input& input) {
  constexpr std::size_t kPiece = 4'096;
  Remarks remarks;
  while (true) {
    auto kind = AgeFile::undecided;
    auto rest = value_of(bytes.read([&](View all) {
      const std::string_view text = remarks.skip(text_of(all));
      kind = kind_by_lines(text);
      return LockedBuffer::copy_of(all.last(text.size()));
    }),
                         "cannot read");
    if (kind == AgeFile::none || remarks.skipped.bytes > kMostOfIdentities) {
      throw Failure(input.name() + " is too long");
    }
    if (kind != AgeFile::undecided) return {std::move(rest), kind, remarks.skipped};
    const std::size_t before = rest.size();
    auto more = read_locked(input, kPiece, std::move(rest));
    if (more.size() == before) throw Failure(input.name() + " has no key behind its comments");
    bytes = std::move(more);
  }
}

}  // namespace

AgeFile age_file_kind(View first_bytes) {
  if (age::is_file(first_bytes)) return AgeFile::encrypted;
  return kind_by_lines(Remarks().skip(text_of(first_bytes)));
}

FirstBytes read_first_bytes(Input& input) {
  std::size_t size = 4'096;
  for (LockedBuffer bytes;; size *= 2) {
    bytes = read_locked(input, size, std::move(bytes));
    const auto kind = value_of(bytes.read(age_file_kind), "cannot read");
    if (kind != AgeFile::undecided || bytes.size() < size) return {std::move(bytes), kind, {}};
    if (size >= kMostOfKey) return read_behind_remarks(std::move(bytes), input);
  }
}

void read_lines(const FirstBytes& first_bytes, Input& input, SecretLines& lines) {
  lines.skip(first_bytes.skipped.bytes, first_bytes.skipped.lines);
  value_of(first_bytes.bytes.read([&](View bytes) { lines.add(bytes); }), "cannot read");
  auto piece = value_of(LockedBuffer::create(4'096), "cannot keep a secret");
  for (bool at_end = false; !at_end;) {
    value_of(piece.write([&](std::span<std::uint8_t> to) {
      const std::size_t size = input.read(to);
      at_end = size == 0;
      lines.add(to.first(size));
    }),
             "cannot read");
  }
  lines.finish();
}

IdentityList read_identities(const FirstBytes& first_bytes, Input& input) {
  IdentityList list(input.name());
  SecretLines lines(input.name(), kMostOfIdentities,
                    [&](std::string_view line, std::size_t number) { list.add(line, number); });
  read_lines(first_bytes, input, lines);
  return list;
}

std::vector<std::uint8_t> read_encrypted_identities(const LockedBuffer& first_bytes, Input& input) {
  auto file = value_of(first_bytes.read([](View bytes) {
    return std::vector<std::uint8_t>(bytes.begin(), bytes.end());
  }),
                       "cannot read");
  for (std::size_t room = 64 << 10;; room *= 2) {
    const std::size_t before = file.size();
    file.resize(before + room);
    const std::size_t size = input.fill(std::span(file).subspan(before));
    file.resize(before + size);
    if (file.size() > kMostOfEncrypted) throw Failure(input.name() + " is too long");
    if (size < room) break;
  }
  require_passphrase_file(file, input.name());
  return file;
}

IdentityList decrypt_identities(View file, const std::string& name,
                                const LockedBuffer& passphrase) {
  IdentityList list(name);
  SecretLines lines(name, kMostOfIdentities, [&](std::string_view line, std::size_t number) {
    if (age::kind_of_identity(line) == age::KeyKind::none) {
      throw Failure("cannot use " + name +
                    ": it is an age file with a passphrase, but what it holds are not "
                    "identities (line " +
                    std::to_string(number) + ")");
    }
    list.add(line, number);
  });
  std::exception_ptr kept;  // the library calls back without exceptions
  const auto use = [&](View bytes) -> Result<void> {
    try {
      lines.add(bytes);
      return {};
    } catch (...) {
      kept = std::current_exception();
      return Error::write_failed;
    }
  };
  const auto opened = passphrase.read(
      [&](View words) { return age::open_with_passphrase(words, source_of(file), use); });
  if (kept) std::rethrow_exception(kept);
  if (!opened) fail("cannot use " + name, opened.error());
  lines.finish();
  return list;
}

}  // namespace latchkey::cli
