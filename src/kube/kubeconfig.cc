#include "kube/kubeconfig.h"

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <map>
#include <sstream>

#include "json/value.h"
#include "json/yaml.h"
#include "kube/base64.h"
#include "net/url.h"

namespace canaria::kube {
namespace {

// A named entry and the file it came from: relative paths in it are meant from there.
struct Entry {
  json::Value body;
  std::string file;
};

struct Merged {
  std::map<std::string, Entry> clusters;
  std::map<std::string, Entry> users;
  std::map<std::string, Entry> contexts;
  std::string current_context;
  std::string files;  // for messages
};

std::string text(const json::Value& value, std::string_view path) { return std::string(json::text_at(value, path)); }

bool is_true(const json::Value& value, std::string_view key) {
  const json::Value* found = json::find(value, key);
  return found && found->is_bool() && found->get_bool();
}

Status add_entries(const json::Value& document, std::string_view list, std::string_view member, const std::string& file,
                   std::map<std::string, Entry>& into) {
  const json::Value* entries = json::find(document, list);
  if (!entries || entries->is_null()) return {};
  if (!entries->is_array()) return fail(Code::kInvalid, fmt::format("{}: {}: must be a list", file, list));
  for (const json::Value& entry : entries->get_array()) {
    const json::Value* body = json::find(entry, member);
    into.try_emplace(text(entry, "name"), Entry{body ? *body : json::Value(json::Object()), file});
  }
  return {};
}

Status add_file(const std::string& file, Merged& merged) {
  TRY(const std::string content, read_file(file));
  auto document = json::parse_yaml(content);
  if (!document) return fail(Code::kInvalid, fmt::format("kubeconfig {}: {}; correct the file", file, document.error().message));
  if (document->is_null()) return {};
  if (!document->is_object()) return fail(Code::kInvalid, fmt::format("kubeconfig {}: is not a kubeconfig file", file));
  CHECK_OK(add_entries(*document, "clusters", "cluster", file, merged.clusters));
  CHECK_OK(add_entries(*document, "users", "user", file, merged.users));
  CHECK_OK(add_entries(*document, "contexts", "context", file, merged.contexts));
  if (merged.current_context.empty()) merged.current_context = text(*document, "current-context");
  return {};
}

std::vector<std::string> split_path_list(const std::string& list) {
  std::vector<std::string> result;
  std::istringstream parts(list);
  for (std::string part; std::getline(parts, part, ':');)
    if (!part.empty()) result.push_back(part);
  return result;
}

bool exists(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

Result<Merged> load_files(const AccessFlags& flags, const Surroundings& surroundings) {
  Merged merged;
  if (!flags.kubeconfig.empty()) {
    merged.files = flags.kubeconfig;
    CHECK_OK(add_file(flags.kubeconfig, merged));
    return merged;
  }
  std::vector<std::string> candidates = split_path_list(surroundings.environment("KUBECONFIG"));
  if (candidates.empty()) {
    const std::string home = surroundings.environment("HOME");
    if (!home.empty()) candidates.push_back(home + "/.kube/config");
  }
  for (const std::string& file : candidates) {
    if (!exists(file)) continue;
    CHECK_OK(add_file(file, merged));
    merged.files += (merged.files.empty() ? "" : ":") + file;
  }
  return merged;
}

std::string absolute(const std::string& path, const std::string& file) {
  if (path.empty() || path.front() == '/') return path;
  return std::filesystem::path(file).parent_path() / path;
}

// The text of PEM that is given as data or as a file.
Result<std::string> pem(const Entry& entry, const std::string& field) {
  const std::string data = text(entry.body, field + "-data");
  if (!data.empty()) {
    const auto decoded = decode_base64(data);
    if (!decoded) return fail(Code::kInvalid, fmt::format("kubeconfig {}: {}-data: is not base64", entry.file, field));
    return *decoded;
  }
  const std::string path = text(entry.body, field);
  if (path.empty()) return std::string();
  auto content = read_file(absolute(path, entry.file));
  if (!content) return wrap(fmt::format("kubeconfig {}: {}", entry.file, field), content.error());
  return content;
}

Result<ExecPlugin> exec_plugin(const json::Value& body, const std::string& file) {
  ExecPlugin plugin;
  plugin.api_version = text(body, "apiVersion");
  if (plugin.api_version != "client.authentication.k8s.io/v1" && plugin.api_version != "client.authentication.k8s.io/v1beta1")
    return fail(Code::kInvalid, fmt::format("kubeconfig {}: exec.apiVersion \"{}\": must be client.authentication.k8s.io/v1 "
                                            "or v1beta1; update the plugin",
                                            file, plugin.api_version));
  plugin.command = text(body, "command");
  if (plugin.command.empty()) return fail(Code::kInvalid, fmt::format("kubeconfig {}: exec.command: required", file));
  if (plugin.command.find('/') != std::string::npos) plugin.command = absolute(plugin.command, file);
  if (text(body, "interactiveMode") == "Always")
    return fail(Code::kInvalid, fmt::format("kubeconfig {}: exec.interactiveMode Always: a terminal is not supported; use a "
                                            "plugin that can run without",
                                            file));
  if (const json::Value* arguments = json::find(body, "args"); arguments && arguments->is_array())
    for (const json::Value& argument : arguments->get_array())
      if (argument.is_string()) plugin.arguments.emplace_back(argument.get_string());
  if (const json::Value* variables = json::find(body, "env"); variables && variables->is_array())
    for (const json::Value& variable : variables->get_array())
      plugin.environment.emplace_back(text(variable, "name"), text(variable, "value"));
  plugin.install_hint = text(body, "installHint");
  plugin.wants_cluster = is_true(body, "provideClusterInfo");
  return plugin;
}

Status apply_cluster(const Entry& cluster, const AccessFlags& flags, ClusterAccess& access) {
  const std::string server = flags.server.empty() ? text(cluster.body, "server") : flags.server;
  if (server.empty())
    return fail(Code::kInvalid, access.origin + ": the cluster has no server address; set cluster.server or pass --server");
  auto address = net::normalise_server(server);
  if (!address) return wrap(access.origin, address.error());
  access.server = *address;
  const bool insecure = flags.insecure_skip_tls_verify || is_true(cluster.body, "insecure-skip-tls-verify");
  access.peer.verify = insecure ? Verify::kNo : Verify::kYes;
  if (!flags.certificate_authority.empty()) {
    TRY(access.peer.ca_pem, read_file(flags.certificate_authority));
  } else if (!flags.insecure_skip_tls_verify) {
    TRY(access.peer.ca_pem, pem(cluster, "certificate-authority"));
  }
  if (insecure && !access.peer.ca_pem.empty())
    return fail(Code::kInvalid, access.origin +
                                    ": a certificate authority together with insecure-skip-tls-verify is not "
                                    "allowed; remove one of them");
  access.peer.server_name = !flags.tls_server_name.empty() ? flags.tls_server_name
                            : flags.server.empty()         ? text(cluster.body, "tls-server-name")
                                                           : "";
  access.peer.proxy_url = text(cluster.body, "proxy-url");
  return {};
}

Status apply_user(const Entry& user, const AccessFlags& flags, ClusterAccess& access) {
  if (!flags.client_certificate.empty()) {
    TRY(access.peer.certificate_pem, read_file(flags.client_certificate));
  } else {
    TRY(access.peer.certificate_pem, pem(user, "client-certificate"));
  }
  if (!flags.client_key.empty()) {
    TRY(access.peer.key_pem, read_file(flags.client_key));
  } else {
    TRY(access.peer.key_pem, pem(user, "client-key"));
  }
  if (access.peer.certificate_pem.empty() != access.peer.key_pem.empty())
    return fail(Code::kInvalid, access.origin + ": client-certificate and client-key must be given together");
  if (!flags.token.empty()) {
    access.token = flags.token;
    return {};
  }
  access.token = text(user.body, "token");
  access.token_file = absolute(text(user.body, "tokenFile"), user.file);
  access.username = text(user.body, "username");
  access.password = text(user.body, "password");
  if (const json::Value* exec = json::find(user.body, "exec"); exec && exec->is_object()) {
    TRY(access.exec, exec_plugin(*exec, user.file));
  }
  if (json::find(user.body, "auth-provider") && access.token.empty() && !access.exec)
    return fail(Code::kInvalid, access.origin + ": auth-provider is no longer supported by Kubernetes; use an exec plugin");
  return {};
}

void apply_impersonation(const json::Value& user, const AccessFlags& flags, ClusterAccess& access) {
  const std::string as = flags.as.empty() ? text(user, "as") : flags.as;
  const std::string uid = flags.as_uid.empty() ? text(user, "as-uid") : flags.as_uid;
  std::vector<std::string> groups = flags.as_groups;
  if (const json::Value* own = json::find(user, "as-groups"); groups.empty() && own && own->is_array())
    for (const json::Value& group : own->get_array())
      if (group.is_string()) groups.emplace_back(group.get_string());
  if (!as.empty()) access.impersonation.emplace_back("Impersonate-User", as);
  if (!uid.empty()) access.impersonation.emplace_back("Impersonate-Uid", uid);
  for (const std::string& group : groups) access.impersonation.emplace_back("Impersonate-Group", group);
  const json::Value* extra = json::find(user, "as-user-extra");
  if (!extra || !extra->is_object()) return;
  for (const auto& [key, values] : extra->get_object())
    if (values.is_array())
      for (const json::Value& value : values.get_array())
        if (value.is_string())
          access.impersonation.emplace_back("Impersonate-Extra-" + net::escape(key), std::string(value.get_string()));
}

// "0", "30" (seconds), or Go's notation: "1m30s", "500ms".
Result<Millis> parse_timeout(const std::string& given) {
  const auto bad = [&given] {
    return fail(Code::kInvalid, fmt::format("--request-timeout \"{}\": must be seconds or a duration such as 30s or 1m", given));
  };
  double total = 0;
  std::string_view rest = given;
  if (rest.empty()) return Millis(0);
  while (!rest.empty()) {
    double number = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    if (error != std::errc() || !(number >= 0 && number < 1e12)) return bad();
    const bool whole = end == rest.data() + rest.size() && rest.size() == given.size();
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    const std::string_view unit = rest.substr(0, rest.find_first_of("0123456789."));
    rest.remove_prefix(unit.size());
    const double factor = whole || unit == "s" ? 1000 : unit == "ms" ? 1 : unit == "m" ? 60'000 : unit == "h" ? 3'600'000 : 0;
    if (factor == 0) return bad();
    total += number * factor;
  }
  return Millis(static_cast<std::int64_t>(total));
}

std::string trimmed(std::string value) {
  while (!value.empty() && (value.back() == '\n' || value.back() == ' ')) value.pop_back();
  return value;
}

Result<ClusterAccess> in_cluster(const Surroundings& surroundings) {
  ClusterAccess access;
  access.origin = "the pod's service account";
  std::string host = surroundings.environment("KUBERNETES_SERVICE_HOST");
  if (host.find(':') != std::string::npos) host = "[" + host + "]";
  access.server = fmt::format("https://{}:{}", host, surroundings.environment("KUBERNETES_SERVICE_PORT"));
  access.token_file = surroundings.service_account + "/token";
  TRY(access.peer.ca_pem, read_file(surroundings.service_account + "/ca.crt"));
  const auto own = read_file(surroundings.service_account + "/namespace");
  access.namespace_ = own ? trimmed(*own) : "";
  return access;
}

bool runs_in_cluster(const Surroundings& surroundings) {
  return !surroundings.environment("KUBERNETES_SERVICE_HOST").empty() && exists(surroundings.service_account + "/token");
}

// The entry of that name; an unset name is an empty entry, because flags may give everything.
Result<Entry> pick(const std::map<std::string, Entry>& entries, const std::string& name, const std::string& what,
                   const std::string& files) {
  if (name.empty()) return Entry{json::Value(json::Object()), files};
  const auto found = entries.find(name);
  if (found != entries.end()) return found->second;
  std::string known;
  for (const auto& [other, entry] : entries) known += (known.empty() ? "" : ", ") + other;
  return fail(Code::kInvalid, fmt::format("kubeconfig {}: {} \"{}\" does not exist; known are: {}",
                                          files.empty() ? "(none)" : files, what, name, known.empty() ? "none" : known));
}

Result<ClusterAccess> from_kubeconfig(const Merged& merged, const AccessFlags& flags) {
  const std::string context_name = flags.context.empty() ? merged.current_context : flags.context;
  TRY(const Entry context, pick(merged.contexts, context_name, "context", merged.files));
  const std::string cluster_name = flags.cluster.empty() ? text(context.body, "cluster") : flags.cluster;
  const std::string user_name = flags.user.empty() ? text(context.body, "user") : flags.user;
  TRY(const Entry cluster, pick(merged.clusters, cluster_name, "cluster", merged.files));
  TRY(const Entry user, pick(merged.users, user_name, "user", merged.files));
  if (cluster_name.empty() && flags.server.empty())
    return fail(Code::kInvalid,
                fmt::format("kubeconfig {}: no current context; set current-context or pass --context", merged.files));
  ClusterAccess access;
  access.origin = merged.files.empty() ? "--server" : "kubeconfig " + merged.files;
  if (!context_name.empty()) access.origin += ", context " + context_name;
  access.namespace_ = text(context.body, "namespace");
  CHECK_OK(apply_cluster(cluster, flags, access));
  CHECK_OK(apply_user(user, flags, access));
  apply_impersonation(user.body, flags, access);
  return access;
}

}  // namespace

Surroundings process_surroundings() {
  Surroundings surroundings;
  surroundings.environment = [](const char* name) {
    const char* value = std::getenv(name);
    return std::string(value ? value : "");
  };
  return surroundings;
}

Result<std::string> read_file(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return fail(Code::kInvalid, path + ": is a directory, not a file");
  if (!file) return fail(Code::kNotFound, fmt::format("{}: {}; check the path", path, std::strerror(errno ? errno : ENOENT)));
  content << file.rdbuf();
  return std::move(content).str();
}

Result<ClusterAccess> load_access(const AccessFlags& flags, const Surroundings& surroundings) {
  TRY(const Millis timeout, parse_timeout(flags.request_timeout));
  TRY(const Merged merged, load_files(flags, surroundings));
  const bool nothing_given = merged.files.empty() && flags.server.empty();
  if (nothing_given && !runs_in_cluster(surroundings))
    return fail(Code::kNotFound,
                "no kubeconfig found: neither --kubeconfig nor KUBECONFIG names one, ~/.kube/config does not "
                "exist, and this is not a pod; pass --kubeconfig or set KUBECONFIG");
  auto access = nothing_given ? in_cluster(surroundings) : from_kubeconfig(merged, flags);
  if (!access) return access;
  if (nothing_given && !flags.token.empty()) {
    access->token = flags.token;
    access->token_file.clear();
  }
  if (nothing_given) apply_impersonation(json::Value(json::Object()), flags, *access);
  if (!flags.namespace_.empty()) access->namespace_ = flags.namespace_;
  if (access->namespace_.empty()) access->namespace_ = "default";
  access->request_timeout = timeout;
  return access;
}

std::string own_namespace(const Surroundings& surroundings) {
  const std::string given = surroundings.environment("POD_NAMESPACE");
  if (!given.empty()) return given;
  const auto file = read_file(surroundings.service_account + "/namespace");
  if (file && !trimmed(*file).empty()) return trimmed(*file);
  return "argo-rollouts";
}

}  // namespace canaria::kube
