// What `latchkey inspect` says of age's files, and of its names of keys.
#include <algorithm>

#include "failure.hpp"
#include "finding.hpp"
#include "hardening.hpp"
#include "identities.hpp"
#include "latchkey/age.hpp"
#include "memory_source.hpp"
#include "password.hpp"

namespace latchkey::cli {
namespace {

// Kinds of recipients or identities, and how many there are of each.
struct Counts {
  std::uint64_t all = 0, post_quantum = 0, x25519 = 0;
};

void add_counts(Finding& finding, const char* what, const Counts& counts) {
  const std::string name = what;
  finding.add(name, counts.all);
  finding.add("post_quantum_" + name, counts.post_quantum);
  if (counts.x25519 > 0) finding.add("x25519_" + name, counts.x25519);
  const std::uint64_t others = counts.all - counts.post_quantum - counts.x25519;
  if (others > 0) finding.add("other_" + name, others);
}

// What was read before, and then the input. What the input throws is kept.
class Source {
 public:
  Source(std::vector<std::uint8_t> ahead, Input& input) : ahead_(std::move(ahead)), input_(input) {}

  Result<std::size_t> operator()(std::span<std::uint8_t> to) noexcept {
    if (used_ < ahead_.size()) {
      const View part = View(ahead_).subspan(used_, std::min(to.size(), ahead_.size() - used_));
      std::ranges::copy(part, to.begin());
      used_ += part.size();
      return part.size();
    }
    try {
      return input_.read(to);
    } catch (...) {
      kept_ = std::current_exception();
      return Error::read_failed;
    }
  }

  void check() const {
    if (kept_) std::rethrow_exception(kept_);
  }

 private:
  std::vector<std::uint8_t> ahead_;
  std::size_t used_ = 0;
  Input& input_;
  std::exception_ptr kept_;
};

// What is found of a list of names: one key has a fingerprint, several have a list of them.
void add_list(Finding& finding, const char* what, const Counts& counts,
              std::vector<std::string> fingerprints) {
  add_counts(finding, what, counts);
  if (fingerprints.empty()) return;
  finding.add("algorithm", XWing::kName);
  if (fingerprints.size() == 1) return finding.add("fingerprint", std::move(fingerprints.front()));
  finding.add("fingerprints", std::move(fingerprints));
}

void add_identities(Finding& finding, const IdentityList& list) {
  std::vector<std::string> fingerprints;
  for (const auto& key : list.keys) fingerprints.push_back(fingerprint_of(key.encapsulation_key()));
  add_list(finding, "identities", {list.size(), list.keys.size(), list.x25519.size()},
           std::move(fingerprints));
  if (!list.keys.empty()) return;
  if (list.x25519.empty()) return finding.is_unsupported(list.fault());
  finding.add("algorithm", "X25519");
}

void add_info(Finding& finding, const age::FileInfo& info) {
  finding.add("armor", info.armor == age::Armor::yes);
  finding.add("under_a_password", info.is_passphrase_file);
  if (info.is_passphrase_file) {
    finding.add("work_factor", std::uint64_t{info.work_factor});
    if (info.work_factor > age::kMaxWorkFactor)
      finding.is_unsupported(too_costly(info.work_factor));
    return;
  }
  add_counts(finding, "recipients", {info.recipients, info.post_quantum, info.x25519});
  if (info.post_quantum + info.x25519 > 0) return;
  finding.is_unsupported(describe(Error::unsupported_recipient));
}

// What is under a passphrase: identities, or anything else, of which nothing is kept.
class Content {
 public:
  explicit Content(const std::string& name)
      : list_(name),
        lines_(name, kMostOfIdentities, [this](std::string_view line, std::size_t number) {
          if (list_.size() == 0 && age::kind_of_identity(line) == age::KeyKind::none) {
            throw Failure("no identities");
          }
          has_begun_ = true;
          list_.add(line, number);
        }) {}

  // Throws a Failure for a list of identities with a fault.
  void add(View bytes) {
    use([&] { lines_.add(bytes); });
  }
  void finish() {
    use([&] { lines_.finish(); });
  }
  [[nodiscard]] bool has_identities() const { return has_begun_; }
  [[nodiscard]] const IdentityList& identities() const { return list_; }

 private:
  template <class Use>
  void use(Use use) {
    if (!may_be_list_) return;
    try {
      use();
    } catch (const Failure&) {
      if (has_begun_) throw;
      may_be_list_ = false;
    }
  }

  bool may_be_list_ = true, has_begun_ = false;
  IdentityList list_;
  SecretLines lines_;
};

// Decrypts all of a file under a passphrase, which is given.
Finding inspect_with_passphrase(Source& source, const std::string& name,
                                const PasswordSource& password, Finding finding) {
  const auto passphrase = read_password(password, name, false);
  Content content(name);
  std::exception_ptr kept;  // the library calls back without exceptions
  const auto use = [&](View bytes) -> Result<void> {
    try {
      content.add(bytes);
      return {};
    } catch (...) {
      kept = std::current_exception();
      return Error::write_failed;
    }
  };
  const auto opened =
      passphrase.read([&](View words) { return age::open_with_passphrase(words, source, use); });
  source.check();
  if (kept) std::rethrow_exception(kept);
  if (opened) {
    content.finish();
    if (content.has_identities()) add_identities(finding, content.identities());
    return finding;
  }
  switch (opened.error()) {
    case Error::not_authentic:
    case Error::sealed_length:
    case Error::bad_header:
      finding.fails(opened.error());
      return finding;
    default:
      fail("cannot use " + name, opened.error());
  }
}

Finding inspect_encrypted(const LockedBuffer& first_bytes, Input& input, const Options& options) {
  const auto ahead = value_of(first_bytes.read([](View bytes) {
    return std::vector<std::uint8_t>(bytes.begin(), bytes.end());
  }),
                              "cannot read");
  Finding finding("age file");
  Source source(ahead, input);
  if (options.source.is_given()) {
    const auto info = age::inspect(source_of(ahead));
    if (info && info->is_passphrase_file && info->work_factor <= age::kMaxWorkFactor) {
      add_info(finding, *info);
      return inspect_with_passphrase(source, input.name(), options.source, std::move(finding));
    }
  }
  const auto info = age::inspect(source);
  source.check();
  if (!info) return finding.fails(info.error()), finding;
  add_info(finding, *info);
  if (!info->payload) finding.fails(info->payload.error());
  return finding;
}

Finding inspect_identities(const FirstBytes& first_bytes, Input& input) {
  require_hardened();
  Finding finding("age identities");
  const auto list = read_identities(first_bytes, input);
  if (list.size() == 1) finding.kind = "age identity";
  if (list.keys.empty() && list.x25519.empty()) finding.sound = std::nullopt;
  add_identities(finding, list);
  return finding;
}

Finding inspect_recipients(const FirstBytes& first_bytes, Input& input) {
  Finding finding("age recipients");
  Counts counts;
  std::vector<std::string> fingerprints;
  SecretLines lines(
      input.name(), kMostOfIdentities, [&](std::string_view line, std::size_t number) {
        ++counts.all;
        auto key = age::parse_recipient(line);
        if (key) {
          ++counts.post_quantum;
          fingerprints.push_back(fingerprint_of(*key));
        } else if (key.error() == Error::other_algorithm) {
          counts.x25519 += age::kind_of_recipient(line) == age::KeyKind::x25519;
        } else {
          fail("cannot use line " + std::to_string(number) + " of " + input.name(), key.error());
        }
      });
  read_lines(first_bytes, input, lines);
  if (counts.all == 1) finding.kind = "age recipient";
  if (fingerprints.empty()) {
    finding.sound = std::nullopt;
    finding.is_unsupported(counts.x25519 > 0
                               ? "the recipients are for X25519, to which Latchkey does not seal: "
                                 "a quantum computer could open the files later"
                               : describe(Error::other_algorithm));
  }
  add_list(finding, "recipients", counts, std::move(fingerprints));
  return finding;
}

// A line that is wrong ends the reading.
template <class Inspect>
Finding inspect_lines(const char* kind, Inspect inspect) {
  try {
    return inspect();
  } catch (const Failure& failure) {
    Finding finding(kind);
    finding.fails(std::string(failure.what()));
    return finding;
  }
}

}  // namespace

std::optional<Finding> inspect_age_file(const FirstBytes& first_bytes, Input& input,
                                        const Options& options) {
  switch (first_bytes.kind) {
    case AgeFile::encrypted:
      return inspect_encrypted(first_bytes.bytes, input, options);
    case AgeFile::identities:
      return inspect_lines("age identities",
                           [&] { return inspect_identities(first_bytes, input); });
    case AgeFile::recipients:
      return inspect_lines("age recipients",
                           [&] { return inspect_recipients(first_bytes, input); });
    case AgeFile::none:
    case AgeFile::undecided:
      break;
  }
  return std::nullopt;
}

}  // namespace latchkey::cli
