#include "tls_config.hpp"

#include <fcntl.h>
#include <openssl/conf.h>
#include <openssl/crypto.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <new>
#include <string_view>

#include "openssl_errors.hpp"
#include "openssl_owned.hpp"
#include "text/provider_section.hpp"

namespace latchkey::cli {
namespace {

// A value, or an empty text where there is none. Section null is the file's beginning.
std::string value_in(const CONF& conf, const char* section, const char* name) {
  const char* const value = NCONF_get_string(&conf, section, name);
  forget_openssl_errors();
  return value != nullptr ? value : "";
}

// Calls visit(name, value) for each line of a section.
template <class Visit>
void visit_section(const CONF& conf, const std::string& section, Visit visit) {
  const STACK_OF(CONF_VALUE)* const lines = NCONF_get_section(&conf, section.c_str());
  forget_openssl_errors();
  for (int i = 0; lines != nullptr && i < sk_CONF_VALUE_num(lines); ++i) {
    const CONF_VALUE* const line = sk_CONF_VALUE_value(lines, i);
    visit(std::string(line->name), std::string(line->value));
  }
}

// libcrypto ignores what is before the first dot of a name, so that a name can stand there twice.
const char* plain_name(const std::string& name) {
  const auto dot = name.find('.');
  return name.c_str() + (dot == name.npos ? 0 : dot + 1);
}

// Before 3.2, `activate` activates whatever its value is.
bool activates(const std::string& value) {
  const bool reads_value = OPENSSL_version_major() > 3 || OPENSSL_version_minor() >= 2;
  for (const char* const no : {"0", "no", "off", "false"}) {
    if (reads_value && ::strcasecmp(value.c_str(), no) == 0) return false;
  }
  return true;
}

bool is_libcryptos_line(std::string_view plain) {
  constexpr std::string_view kNames[] = {"identity", "module", "activate", "soft_load"};
  return std::ranges::find(kNames, plain) != std::end(kNames);
}

// What the module sees of a line: where the value is the name of a section, the lines of that one.
void add_parameters(const CONF& conf, const std::string& name, const std::string& value, int depth,
                    TlsConfiguration::Lines& lines) {
  const bool is_section = NCONF_get_section(&conf, value.c_str()) != nullptr;
  forget_openssl_errors();
  if (!is_section || depth == 0) {
    lines.emplace_back(name, value);
    return;
  }
  visit_section(conf, value, [&](const std::string& inner, const std::string& of_inner) {
    add_parameters(conf, name + "." + inner, of_inner, depth - 1, lines);
  });
}

// The lines of the module's section that are for the module.
void read_module_lines(const TlsConfiguration::Lines& lines, TlsConfiguration& found) {
  found.module_lines = lines;
  for (const auto& [name, value] : lines) {
    if (name == "tls") found.is_switched_off = value == "off";
    if (name == "counters") found.counters = value;
    if (std::ranges::find(text::kProviderLines, name) == std::end(text::kProviderLines)) {
      found.unknown_lines.push_back(name);
    }
  }
}

void read_provider(const CONF& conf, const std::string& name, const std::string& section,
                   TlsConfiguration& found) {
  constexpr int kDepth = 10;  // of sections in sections; a section may name itself
  std::string identity = name, module_path;
  TlsConfiguration::Lines lines;
  bool is_active = false;
  visit_section(conf, section, [&](const std::string& key, const std::string& value) {
    const std::string_view plain = plain_name(key);
    if (plain == "identity") identity = value;
    if (plain == "module") module_path = value;
    if (plain == "activate") is_active = activates(value);
    if (!is_libcryptos_line(plain)) add_parameters(conf, key, value, kDepth, lines);
  });
  found.activates_any |= is_active;
  if (identity == "default") found.activates_default = is_active;
  if (identity != kTlsModule) return;
  found.names_module = true;
  found.activates_module = is_active;
  found.module_path = module_path;
  read_module_lines(lines, found);
}

void read_sections(const CONF& conf, TlsConfiguration& found) {
  const std::string start = value_in(conf, nullptr, "openssl_conf");
  if (start.empty()) return;
  const std::string providers = value_in(conf, start.c_str(), "providers");
  if (!providers.empty()) {
    visit_section(conf, providers, [&](const std::string& name, const std::string& section) {
      read_provider(conf, plain_name(name), section, found);
    });
  }
  const std::string of_ssl = value_in(conf, start.c_str(), "ssl_conf");
  if (of_ssl.empty()) return;
  const std::string system_default = value_in(conf, of_ssl.c_str(), "system_default");
  if (system_default.empty()) return;
  visit_section(conf, system_default, [&](const std::string& name, const std::string& value) {
    const char* const plain = plain_name(name);
    if (::strcasecmp(plain, "Groups") == 0 || ::strcasecmp(plain, "Curves") == 0) {
      found.groups = value;
    }
  });
}

// Why the file cannot be read, or an empty text. libcrypto says less of it.
std::string fault_of_file(const std::string& path, bool& is_there) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  is_there = file >= 0 || errno != ENOENT;
  if (file < 0) return std::strerror(errno);
  struct stat status = {};
  const bool is_known = ::fstat(file, &status) == 0;
  ::close(file);
  if (!is_known || !S_ISREG(status.st_mode)) return "not a regular file";
  return {};
}

}  // namespace

TlsConfiguration read_tls_configuration(const std::string& path) {
  TlsConfiguration found;
  found.path = path;
  if (path.empty()) {
    char* const usual = CONF_get1_default_config_file();
    if (usual == nullptr) throw std::bad_alloc();
    found.path = usual;
    OPENSSL_free(usual);
    if (found.path.empty()) return found;
  }
  bool is_there = true;
  found.fault = fault_of_file(found.path, is_there);
  const bool is_named = !path.empty() || secure_getenv("OPENSSL_CONF") != nullptr;
  found.is_missing = !is_there && !is_named;
  if (!found.fault.empty()) return found;
  const Owned<CONF> conf(NCONF_new(nullptr));
  if (!conf) throw std::bad_alloc();
  long line = 0;
  if (NCONF_load(conf.get(), found.path.c_str(), &line) <= 0) {
    const std::string reason = take_openssl_errors();
    found.fault = (line > 0 ? "line " + std::to_string(line) + ": " : "") + reason;
    return found;
  }
  read_sections(*conf, found);
  return found;
}

std::string file_of_tls_module(const TlsConfiguration& configuration) {
  const std::string& path = configuration.module_path;
  if (path.starts_with('/')) return path;
  const char* folder = secure_getenv("OPENSSL_MODULES");
  if (folder == nullptr) folder = OPENSSL_info(OPENSSL_INFO_MODULES_DIR);
  const char* const extension = OPENSSL_info(OPENSSL_INFO_DSO_EXTENSION);
  const std::string file = path.empty() ? std::string(kTlsModule) + extension : path;
  return std::string(folder) + "/" + file;
}

}  // namespace latchkey::cli
