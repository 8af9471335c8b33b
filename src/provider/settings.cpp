#include "provider/settings.hpp"

#include <openssl/core_names.h>
#include <openssl/params.h>
#include <strings.h>

#include <cstdlib>
#include <cstring>
#include <iterator>
#include <string_view>

#include "provider/context.hpp"
#include "text/provider_section.hpp"

namespace latchkey::provider {
namespace {

using text::kProviderLines;

// A line of the section.
struct Line {
  const char* name;
  const char* value = nullptr;  // null if it is not there
};

// A name in kProviderLines. Another one does not compile.
struct LineName {
  std::size_t index = 0;

  consteval LineName(const char* name) {
    while (kProviderLines[index] != name) ++index;
  }
};

int refuse(const Context& context, const Line& line, const char* expected) noexcept {
  return fail(context, Error::unknown_value, "latchkey: '%s = %s' in openssl.cnf is not %s",
              line.name, line.value, expected);
}

int read_switch(const Context& context, const Line& line, const char* on, const char* off,
                bool& out) noexcept {
  if (line.value == nullptr) return 1;
  const std::string_view value(line.value);
  if (value != on && value != off) {
    return fail(context, Error::unknown_value,
                "latchkey: '%s = %s' in openssl.cnf is neither %s nor %s", line.name, line.value,
                on, off);
  }
  out = value == on;
  return 1;
}

// A boolean as OSSL_PROVIDER_conf_get_bool(3) has them.
int read_bool(const Context& context, const Line& line, bool& out) noexcept {
  if (line.value == nullptr) return 1;
  for (const char* const yes : {"1", "on", "true", "yes"}) {
    if (strcasecmp(line.value, yes) == 0) return out = true, 1;
  }
  for (const char* const no : {"0", "off", "false", "no"}) {
    if (strcasecmp(line.value, no) == 0) return out = false, 1;
  }
  return refuse(context, line, "yes or no");
}

int read_forms(const Context& context, const Line& line, Forms& out) noexcept {
  if (line.value == nullptr || out.parse(line.value)) return 1;
  return refuse(context, line,
                "a list of seed-priv, priv-only, seed-only, oqskeypair, bare-seed and bare-priv");
}

int read_groups(const Context& context, const Line& line, Settings& settings) noexcept {
  if (line.value == nullptr) return 1;
  for (bool& offers : settings.offers) offers = false;
  for (std::string_view rest(line.value); !rest.empty();) {
    const std::string_view name = rest.substr(0, rest.find(':'));
    rest.remove_prefix(name.size() < rest.size() ? name.size() + 1 : name.size());
    std::size_t i = 0;
    while (i < kGroupCount && name != kGroups[i].name) ++i;
    if (i == kGroupCount) {
      return fail(context, Error::unknown_value,
                  "latchkey: 'groups' in openssl.cnf names '%.*s'; the groups are X25519MLKEM768, "
                  "SecP256r1MLKEM768, SecP384r1MLKEM1024, MLKEM512, MLKEM768 and MLKEM1024",
                  static_cast<int>(name.size()), name.data());
    }
    settings.offers[i] = true;
  }
  return 1;
}

int read_policy(const Context& context, const Line& line, Policy& policy) noexcept {
  if (line.value == nullptr) return 1;
  const std::string_view value(line.value);
  if (value == "require") {
    policy = Policy::require;
  } else if (value == "best_effort") {
    policy = Policy::best_effort;
  } else if (value == "no_memfd_secret") {
    policy = Policy::no_memfd_secret;
  } else if (value == "no_memfd_secret+best_effort") {
    policy = Policy::no_memfd_secret | Policy::best_effort;
  } else {
    return refuse(context, line,
                  "require, best_effort, no_memfd_secret or no_memfd_secret+best_effort");
  }
  return 1;
}

// Whether libcrypto has these groups itself: from 3.5 on.
bool has_native_groups(const char* version) noexcept {
  if (version == nullptr) return false;
  char* end = nullptr;
  const unsigned long major = std::strtoul(version, &end, 10);
  const unsigned long minor = *end == '.' ? std::strtoul(end + 1, nullptr, 10) : 0;
  return major > 3 || (major == 3 && minor >= 5);
}

}  // namespace

int read_settings(Context& context) noexcept {
  const char* version = nullptr;
  const char* values[std::size(kProviderLines)] = {};
  OSSL_PARAM params[std::size(values) + 2];
  const auto ask = [](const char* name, const char*& value) noexcept {
    return OSSL_PARAM_construct_utf8_ptr(name, const_cast<char**>(&value), 0);
  };
  for (std::size_t i = 0; i < std::size(values); ++i) {
    params[i] = ask(kProviderLines[i].data(), values[i]);
  }
  params[std::size(values)] = ask(OSSL_PROV_PARAM_CORE_VERSION, version);
  params[std::size(values) + 1] = OSSL_PARAM_construct_end();
  if (context.upcalls.get_params == nullptr ||
      context.upcalls.get_params(context.core, params) != 1) {
    return fail(context, Error::crypto_failed,
                "latchkey: libcrypto cannot read the provider's section of openssl.cnf");
  }
  const auto line = [&](LineName name) noexcept {
    return Line{kProviderLines[name.index].data(), values[name.index]};
  };

  Settings settings;
  settings.stands_aside = has_native_groups(version);
  for (std::size_t i = 0; i < kGroupCount; ++i) {
    settings.offers[i] = kGroups[i].is_default && !settings.stands_aside;
  }
  settings.counters = line("counters").value;
  bool offers = true;
  if (read_groups(context, line("groups"), settings) == 0 ||
      read_policy(context, line("memory"), settings.policy) == 0 ||
      read_switch(context, line("inherit_keys"), "yes", "no", settings.inherit_keys) == 0 ||
      read_switch(context, line("tls"), "on", "off", offers) == 0 ||
      read_forms(context, line("ml-kem.input_formats"), settings.input) == 0 ||
      read_forms(context, line("ml-kem.output_formats"), settings.output) == 0 ||
      read_bool(context, line("ml-kem.retain_seed"), settings.retain_seed) == 0 ||
      read_bool(context, line("ml-kem.prefer_seed"), settings.prefer_seed) == 0) {
    return 0;
  }
  // With "fixed", OpenSSL's test uses no randomness. Ours always uses fresh randomness.
  const char* const test = line("ml-kem.import_pct_type").value;
  settings.import_test =
      test == nullptr || std::string_view(test) == "random" || std::string_view(test) == "fixed";
  if (!offers) {
    for (bool& offer : settings.offers) offer = false;
  }
  context.settings = settings;
  return 1;
}

}  // namespace latchkey::provider
