#include "command_table.hpp"

#include <limits>

#include "backends.hpp"
#include "latchkey/seal.hpp"

namespace latchkey::cli {
namespace {

// ---- Functions that make a row. Names are "-o,--output" or "--output".

constexpr OptionRow flag(std::string_view names, Field field, std::string_view help,
                         std::string_view more = {}) {
  OptionRow row;
  if (names[1] != '-') row.letter = names[1];
  row.name = names.substr(names.find("--") + 2);
  row.field = field;
  row.help = help;
  row.more = more;
  return row;
}

constexpr OptionRow valued(Value value, std::string_view shown, std::string_view names, Field field,
                           std::string_view help, std::string_view more = {}) {
  OptionRow row = flag(names, field, help, more);
  row.value = value;
  row.shown = shown;
  return row;
}

constexpr OptionRow file(std::string_view names, Field field, std::string_view help,
                         std::string_view more = {}) {
  return valued(Value::file, "FILE", names, field, help, more);
}

constexpr OptionRow key(std::string_view names, Field field, std::string_view help,
                        std::string_view more = {}) {
  return valued(Value::key, "KEY", names, field, help, more);
}

constexpr OptionRow text(std::string_view names, std::uint64_t most, Field field,
                         std::string_view help, std::string_view more = {}) {
  OptionRow row = valued(Value::text, "TEXT", names, field, help, more);
  row.most = most;
  return row;
}

constexpr OptionRow number(std::string_view names, std::uint64_t least, std::uint64_t most,
                           Field field, std::string_view help, std::string_view more = {}) {
  OptionRow row = valued(Value::number, "N", names, field, help, more);
  row.least = least;
  row.most = most;
  return row;
}

constexpr OptionRow choice(std::string_view shown, std::string_view choices, std::string_view names,
                           Field field, std::string_view help, std::string_view more = {}) {
  OptionRow row = valued(Value::choice, shown, names, field, help, more);
  row.choices = choices;
  return row;
}

// ---- Options

constexpr auto kHelp = flag("-h,--help", field<&Options::help>, "Print this help and exit");
constexpr auto kVersion = flag("--version", field<&Options::version>, "Print the version and exit");

constexpr auto kOutput =
    file("-o,--output", field<&Options::output>, "Write to this file; standard output by default");
constexpr auto kForce =
    flag("--force", field<&Options::force>, "Replace a file that exists, and write to a terminal",
         "Without it, neither a secret nor a sealed file goes to a terminal.");
constexpr auto kQuiet =
    flag("-q,--quiet", field<&Options::quiet>, "Show no progress on standard error");

constexpr auto kNoFingerprint =
    flag("-q,--quiet", field<&Options::quiet>, "Show no fingerprint on standard error");

constexpr auto kPasswordFile =
    file("--password-file", field<&Options::source, &PasswordSource::file>,
         "Read the password from the first line of this file",
         "If it is '-', the password is the next line of standard input, as with --password-fd 0.");
constexpr auto kPasswordFd =
    number("--password-fd", 0, std::numeric_limits<int>::max(),
           field<&Options::source, &PasswordSource::descriptor>,
           "Read the password from the next line of this file descriptor",
           "Reading the password consumes only this line. If the encrypted file comes through the "
           "same descriptor, the line with the password must come before the file.");

constexpr auto kNewPasswordFile =
    file("--new-password-file", field<&Options::new_source, &PasswordSource::file>,
         "Read the new password from the first line of this file");
constexpr auto kNewPasswordFd =
    number("--new-password-fd", 0, std::numeric_limits<int>::max(),
           field<&Options::new_source, &PasswordSource::descriptor>,
           "Read the new password from the next line of this file descriptor",
           "The old and the new password may use one descriptor; the old one comes first.");
constexpr auto kAllowReadable = flag(
    "--allow-readable-secrets", field<&Options::allow_readable>,
    "Use a key or password file that others may read, with a warning",
    "For file systems without modes, and for secrets that containers mount read-only. Two kinds of "
    "files are still refused: a file that others may change, and a file that others may read and "
    "that belongs to a user other than you or root.");

constexpr std::string_view kOfIdentity =
    "The file is a key file, or has identities of age (at most 16 MiB and 1,000 identities). "
    "Identities for X25519 (AGE-SECRET-KEY-1...) open age files, and are not used otherwise. A "
    "file of identities may be encrypted with a passphrase (age -p), with a work factor of at most "
    "18. A file that others may read is refused, unless --allow-readable-secrets is given.";
constexpr auto kKey = file("-i,--identity", field<&Options::key>, "The private key", kOfIdentity);
constexpr auto kKeyOrInput = file("-i,--identity", field<&Options::key>,
                                  "The private key; standard input by default", kOfIdentity);
constexpr auto kKeys =
    file("-i,--identity", field<&Options::keys>,
         "A private key; may be repeated; age files with a passphrase need none", kOfIdentity);

constexpr std::string_view kOfRecipient =
    "The key is a file, or a recipient of age (age1pq1...). For a file whose name begins with "
    "'age1', write './age1...'.";
constexpr auto kRecipient =
    key("-r,--recipient", field<&Options::recipient>, "The public key", kOfRecipient);
constexpr auto kRecipients = key("-r,--recipient", field<&Options::recipients>,
                                 "A public key to seal to; may be repeated", kOfRecipient);
constexpr auto kRecipientsFile =
    file("-R,--recipients-file", field<&Options::recipient_files>,
         "A file with recipients of age, one on each line; may be repeated");

constexpr std::string_view kKemTypes = "x-wing ml-kem-512 ml-kem-768 ml-kem-1024";
constexpr auto kType =
    choice("TYPE", kKemTypes, "-t,--type", field<&Options::type>,
           "The algorithm: x-wing (by default), ml-kem-512, ml-kem-768 or ml-kem-1024");
constexpr auto kTypeOfRaw = choice("TYPE", kKemTypes, "-t,--type", field<&Options::type>,
                                   "The algorithm of a key without a file format (--from)",
                                   "TYPE is x-wing, ml-kem-512, ml-kem-768 or ml-kem-1024.");
constexpr auto kDer = flag("--der", field<&Options::der>, "Write DER, not PEM");
constexpr auto kPassword =
    flag("-p,--password", field<&Options::password>,
         "Encrypt the key with a password that is asked for on the terminal");
constexpr auto kPbkdf2 = flag("--pbkdf2", field<&Options::pbkdf2>,
                              "Hash the password with PBKDF2, for programs that lack scrypt");
constexpr auto kTo = choice("FORM", "pem der age seed expanded", "--to", field<&Options::to>,
                            "The form to write: pem, der, age, seed or expanded");
constexpr auto kFrom = choice(
    "FORM", "seed expanded", "--from", field<&Options::from>,
    "The form of a key without a file format: seed or expanded",
    "A seed has 32 bytes for X-Wing and 64 for ML-KEM; without -t, a seed of 64 bytes is for "
    "ML-KEM-768. An expanded key has 1632 bytes for ML-KEM-512, 2400 for ML-KEM-768 and "
    "3168 for ML-KEM-1024. Files in the other forms are recognized without this option.");
constexpr auto kNoPassword =
    flag("--no-password", field<&Options::no_password>,
         "Write the key without encryption, although the input is encrypted");
constexpr auto kRemove = flag("--remove", field<&Options::remove>, "Remove the password");
constexpr auto kAgeIdentity =
    flag("--age", field<&Options::age>, "Write an identity file of age, as age-keygen does");
constexpr auto kAgeRecipient =
    flag("--age", field<&Options::age>, "Write a recipient of age (age1pq1...)");
constexpr auto kAgeFile =
    flag("--age", field<&Options::age>, "Write an age file; the default for recipients of age");
constexpr auto kArmor = flag("-a,--armor", field<&Options::armor>, "Write the age file as text");
constexpr auto kContext =
    text("-c,--context", kMaxSealingContext, field<&Options::context>,
         "What the file is for; opening it needs the same text",
         "The text has at most 60,000 bytes and is not secret. Files of age have no context.");
constexpr auto kAad = text("--aad", std::numeric_limits<std::size_t>::max(), field<&Options::aad>,
                           "Associated data; opening the file needs the same text",
                           "The text is not secret and not in the file. A command line cannot "
                           "contain a zero byte: if a program sealed a file with a zero byte in "
                           "its aad or context, latchkey cannot open it. Files of age have no "
                           "associated data.");
constexpr auto kSecret = file("-s,--secret", field<&Options::secret>,
                              "Write the secret to this file; - is standard output");

constexpr auto kJson = flag("--json", field<&Options::json>, "Print JSON: one object on each line");
constexpr auto kOnlyThisBackend = flag("--only-this-backend", field<&Options::only_this_backend>,
                                       "Measure only the backend in use, and print no title");
constexpr auto kConnect = [] {
  OptionRow row = valued(Value::text, "HOST:PORT", "--connect", field<&Options::connect>,
                         "Make a TLS connection with this server, too",
                         "An IPv6 address is written in brackets. The server must speak TLS from "
                         "the first byte. Its certificate is not checked. The check takes at most "
                         "10 seconds.");
  row.least = 1;
  row.most = 300;
  return row;
}();
constexpr auto kConfig = file("--config", field<&Options::config>,
                              "Check this configuration file instead of libcrypto's");
constexpr auto kGroup = choice(
    "NAME",
    "X25519MLKEM768 SecP256r1MLKEM768 SecP384r1MLKEM1024 MLKEM512 MLKEM768 MLKEM1024 x25519 "
    "secp256r1 secp384r1 secp521r1 x448",
    "--group", field<&Options::group>,
    "Check this group; by default any post-quantum group is good enough",
    "NAME is X25519MLKEM768, SecP256r1MLKEM768, SecP384r1MLKEM1024, MLKEM512, MLKEM768, "
    "MLKEM1024 or, to compare, a classical group: x25519, secp256r1, secp384r1, secp521r1 or "
    "x448.");
constexpr auto kBackend =
    choice("NAME", kBackendsOrAll, "--backend", field<&Options::backend>,
           "Check this backend, or all; by default the fastest one of this machine");
constexpr auto kAccumulated =
    number("--accumulated", 1, 1'000'000'000'000, field<&Options::rounds>,
           "Check the accumulated digest of N rounds, 10,000 by default; may be repeated");
constexpr auto kNoAccumulated =
    flag("--no-accumulated", field<&Options::no_accumulated>, "Check only the vector files");

// ---- The options of each command

constexpr const OptionRow* kOfKeygen[] = {
    &kType,       &kAgeIdentity,   &kDer,    &kPassword, &kPbkdf2,        &kPasswordFile,
    &kPasswordFd, &kAllowReadable, &kOutput, &kForce,    &kNoFingerprint, &kHelp};
constexpr const OptionRow* kOfPubkey[] = {&kKeyOrInput,   &kAgeRecipient, &kDer,
                                          &kPasswordFile, &kPasswordFd,   &kAllowReadable,
                                          &kOutput,       &kForce,        &kHelp};
constexpr const OptionRow* kOfFingerprint[] = {&kPasswordFile, &kPasswordFd, &kAllowReadable,
                                               &kHelp};
constexpr const OptionRow* kOfConvert[] = {
    &kKeyOrInput,    &kTo,     &kFrom,  &kTypeOfRaw, &kNoPassword, &kPasswordFile, &kPasswordFd,
    &kAllowReadable, &kOutput, &kForce, &kHelp};
constexpr const OptionRow* kOfPasswd[] = {&kKey,           &kRemove,        &kPbkdf2,
                                          &kPasswordFile,  &kPasswordFd,    &kNewPasswordFile,
                                          &kNewPasswordFd, &kAllowReadable, &kHelp};
constexpr const OptionRow* kOfSeal[] = {
    &kRecipients, &kRecipientsFile, &kAgeFile, &kArmor, &kContext,
    &kAad,        &kOutput,         &kForce,   &kQuiet, &kHelp};
constexpr const OptionRow* kOfOpen[] = {&kKeys,       &kContext,       &kAad,    &kPasswordFile,
                                        &kPasswordFd, &kAllowReadable, &kOutput, &kForce,
                                        &kQuiet,      &kHelp};
constexpr const OptionRow* kOfEncaps[] = {&kRecipient, &kSecret, &kOutput, &kForce, &kHelp};
constexpr const OptionRow* kOfDecaps[] = {&kKey,    &kPasswordFile, &kPasswordFd, &kAllowReadable,
                                          &kOutput, &kForce,        &kHelp};
constexpr const OptionRow* kOfInspect[] = {&kJson, &kPasswordFile, &kPasswordFd, &kAllowReadable,
                                           &kHelp};
constexpr const OptionRow* kOfKat[] = {&kBackend, &kAccumulated, &kNoAccumulated, &kJson, &kHelp};
constexpr const OptionRow* kOfSpeed[] = {&kJson, &kOnlyThisBackend, &kHelp};
constexpr const OptionRow* kOfTlsCheck[] = {&kConnect, &kConfig, &kGroup, &kJson, &kHelp};
constexpr const OptionRow* kOfNone[] = {&kHelp};
constexpr const OptionRow* kOfTool[] = {&kHelp, &kVersion};

constexpr OperandRow input(std::string_view help) {
  return {"FILE", Value::file, field<&Options::input>, help};
}

constexpr std::string_view kOnePassword = "password-file|password-fd";

constexpr CommandRow kCommands[] = {
    {"keygen",
     "Make a private key",
     kOfKeygen,
     {},
     {},
     "age|type age|der age|password age|pbkdf2 age|password-file age|password-fd "
     "password-file|password-fd"},
    {"pubkey",
     "Make the public key of a private key",
     kOfPubkey,
     {},
     {},
     "age|der password-file|password-fd"},
    {"fingerprint",
     "Show the fingerprint of a key, by which people compare keys",
     kOfFingerprint,
     {"KEY", Value::key, field<&Options::key>,
      "A public or private key, a file or a recipient of age; standard input by default"},
     {},
     kOnePassword},
    {"convert", "Write a private key in another form", kOfConvert, {}, "to", kOnePassword},
    {"passwd",
     "Set, change or remove the password of a private key",
     kOfPasswd,
     {},
     "identity",
     "password-file|password-fd new-password-file|new-password-fd remove|new-password-file "
     "remove|new-password-fd remove|pbkdf2"},
    {"seal", "Seal a file to public keys", kOfSeal,
     input("The file to seal; standard input by default"), "recipient|recipients-file"},
    {"open",
     "Open a sealed file or an age file",
     kOfOpen,
     input("The file to open; standard input by default"),
     {},
     kOnePassword},
    {"encaps", "Make a shared secret and its ciphertext", kOfEncaps, {}, "recipient secret"},
    {"decaps", "Get the shared secret from a ciphertext", kOfDecaps,
     input("The ciphertext; standard input by default"), "identity", kOnePassword},
    {"inspect",
     "Show what a file is, and whether it is sound",
     kOfInspect,
     input("The file; standard input by default"),
     {},
     kOnePassword},
    {"kat",
     "Check the library against known answers",
     kOfKat,
     {"FILE", Value::file, field<&Options::files>, "Vector files; kat/README.md has the format"},
     {},
     "accumulated|no-accumulated"},
    {"tls-check",
     "Tell whether this machine's OpenSSL uses post-quantum TLS, and if not, why",
     kOfTlsCheck,
     {},
     {},
     "connect|config"},
    {"speed", "Measure the speed of this machine", kOfSpeed},
    {"selftest", "Check the library against fixed answers", kOfNone},
    {"demo", "Show a key exchange, step by step", kOfNone},
    {"version", "Print versions, and what this machine supports", kOfNone},
    {"help",
     "Explain a command, or list the commands",
     kOfNone,
     {"COMMAND", Value::choice, field<&Options::topic>, "The command to explain"}},
};

constexpr CommandRow kNoCommand = {"", "ML-KEM (FIPS 203) and X-Wing: keys, secrets, sealed files",
                                   kOfTool};

}  // namespace

std::span<const CommandRow> commands() noexcept { return kCommands; }

const CommandRow& no_command() noexcept { return kNoCommand; }

}  // namespace latchkey::cli
