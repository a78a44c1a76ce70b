// Reading YAML: yaml-cpp splits the text into events, the builder below makes JSON values of them.
//
// Working on events and not on YAML::Node gives a position for every fault, keeps quoted and plain scalars apart, and lets
// aliases be paid for as they are expanded (a few hundred bytes of nested aliases can describe gigabytes).
#include "json/yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <boost/json/stream_parser.hpp>
#include <map>
#include <optional>
#include <sstream>
#include <utility>

#include "json/write.h"
#include "json/yaml_scalar.h"

namespace canaria::json {
namespace {

constexpr std::string_view kTagPrefix = "tag:yaml.org,2002:";

// A value with its price and height, so that copying it can be refused before it happens.
struct Built {
  Value value;
  std::size_t cost = 1;  // values plus bytes of text
  int height = 0;        // levels of lists and maps
};

struct OpenCollection {
  YAML::Mark mark;
  YAML::anchor_t anchor = 0;
  Built built;
  YAML::EmitterStyle::value style = YAML::EmitterStyle::Default;
  std::optional<std::string> key;  // of the map member whose value comes next
  YAML::Mark key_mark;
  bool is_merge_key = false;
  std::vector<Value> merges;
};

std::string position(const YAML::Mark& mark) { return std::to_string(mark.line + 1) + ":" + std::to_string(mark.column + 1); }

// yaml-cpp writes the escapes "\N" and "\_" as the bytes 85 and A0, which are no UTF-8, instead of U+0085 and U+00A0, and
// its messages cite single bytes of longer characters. The text that went in was UTF-8, so there are no other cases.
std::string valid_text(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t bytes = code_point_bytes(text);
    if (bytes > 0) out += text.substr(0, bytes);
    else if (text.front() == '\x85' || text.front() == '\xA0') out.append("\xC2").append(1, text.front());
    else out += '?';
    text.remove_prefix(bytes == 0 ? 1 : bytes);
  }
  return out;
}

// Whether the scalar at the start of the text (behind its tag and anchor) opens a quote without an end.
bool lacks_end_quote(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  while (!text.empty() && (text.front() == '&' || text.front() == '!')) {
    text.remove_prefix(std::min(text.size(), text.find_first_of(kBlanks)));
    text.remove_prefix(std::min(text.size(), text.find_first_not_of(kBlanks)));
  }
  if (text.empty() || (text.front() != '\'' && text.front() != '"')) return false;
  const char quote = text.front();
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (quote == '"' && text[i] == '\\') ++i;
    else if (text[i] == quote && quote == '\'' && i + 1 < text.size() && text[i + 1] == quote) ++i;
    else if (text[i] == quote) return false;
  }
  return true;
}

// The only way to stop the parser from within an event; caught at the end of this file together with its own errors.
[[noreturn]] void refuse(const YAML::Mark& mark, const std::string& reason) { throw YAML::ParserException(mark, reason); }

class DocumentBuilder final : public YAML::EventHandler {
 public:
  explicit DocumentBuilder(std::string_view text) : text_(text) {
    if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);  // marks leave the byte order mark out
  }

  std::vector<YamlDocument> take_documents() {
    // yaml-cpp ends a quoted scalar at the end of the text when its quote is missing; only the last one can be so.
    if (last_quoted_ && lacks_end_quote(from(*last_quoted_))) refuse(*last_quoted_, "a quote that is never closed");
    return std::move(documents_);
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    anchors_.clear();
    // yaml-cpp takes `{a: 1} b` for two documents, everybody else for a mistake. A token that fits nowhere even makes it
    // start documents at the same place for ever.
    const bool is_separated = mark.column == 0 && from(mark).starts_with("---");
    if (last_start_ >= 0 && (mark.line == last_start_ || !is_separated)) refuse(mark, "text after the end of the document");
    last_start_ = mark.line;
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    // A last line without colon ("replicas 3") comes as a key whose null has no position of its own.
    if (!open_.empty() && open_.back().key && open_.back().style == YAML::EmitterStyle::Block &&
        open_.back().key_mark.pos == mark.pos)
      refuse(mark, "a map key without \":\"");
    add_scalar(mark, Value(nullptr), anchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, const std::string& raw) override {
    const std::string text = tag == "?" ? raw : valid_text(raw);
    if (tag != "?") last_quoted_ = mark;
    if (awaits_key() && ((tag == "?" && text == "<<") || tag == "tag:yaml.org,2002:merge")) {
      open_.back().is_merge_key = true;
      open_.back().key = "<<";
      open_.back().key_mark = mark;
      return;
    }
    // .inf has no JSON form as a value but is a fine member name.
    if (awaits_key() && tag == "?" && !resolve_plain(text)) add_scalar(mark, Value(text), anchor);
    else add_scalar(mark, typed_scalar(mark, tag, text), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) refuse(mark, "an alias inside of what it stands for");
    const Built& built = found->second;
    if (built.height + static_cast<int>(open_.size()) > YamlLimits::kDepth) refuse_depth(mark);
    charge(mark, built.cost);
    if (awaits_key()) add_key(mark, built.value);
    else add(mark, built);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    open(mark, anchor, style, Array());
  }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor, YAML::EmitterStyle::value style) override {
    open(mark, anchor, style, Object());
  }
  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override {
    Object& object = open_.back().built.value.get_object();
    // What the map says itself wins, then the earlier of several merged maps.
    for (const Value& source : open_.back().merges)
      for (const auto& [key, item] : source.get_object()) object.emplace(key, item);  // keeps what is there
    close();
  }

 private:
  bool awaits_key() const { return !open_.empty() && open_.back().built.value.is_object() && !open_.back().key; }

  [[noreturn]] static void refuse_depth(const YAML::Mark& mark) {
    refuse(mark, "nested more than " + std::to_string(YamlLimits::kDepth) + " levels deep");
  }

  void charge(const YAML::Mark& mark, std::size_t cost) {
    alias_cost_ += cost;
    if (alias_cost_ > YamlLimits::kAliasCost) refuse(mark, "aliases multiply the document too much");
  }

  // The text from a mark on; marks count bytes.
  std::string_view from(const YAML::Mark& mark) const {
    return text_.substr(std::min(text_.size(), static_cast<std::size_t>(mark.pos)));
  }

  void open(const YAML::Mark& mark, YAML::anchor_t anchor, YAML::EmitterStyle::value style, Value empty) {
    if (awaits_key()) refuse(mark, "a list or map cannot be a map key");
    if (open_.size() >= static_cast<std::size_t>(YamlLimits::kDepth)) refuse_depth(mark);
    OpenCollection& collection = open_.emplace_back();
    collection.mark = mark;
    collection.anchor = anchor;
    collection.style = style;
    collection.built.value = std::move(empty);
    collection.built.height = 1;
  }

  void close() {
    OpenCollection done = std::move(open_.back());
    open_.pop_back();
    remember(done.mark, done.anchor, done.built);
    add(done.mark, std::move(done.built));
  }

  void remember(const YAML::Mark& mark, YAML::anchor_t anchor, const Built& built) {
    if (anchor == 0) return;
    charge(mark, built.cost);
    anchors_.insert_or_assign(anchor, built);
  }

  void add_scalar(const YAML::Mark& mark, Value value, YAML::anchor_t anchor) {
    Built built;
    if (value.is_string()) built.cost += value.get_string().size();
    built.value = std::move(value);
    remember(mark, anchor, built);
    if (awaits_key()) add_key(mark, built.value);
    else add(mark, std::move(built));
  }

  void add_key(const YAML::Mark& mark, const Value& scalar) {
    auto key = key_text(scalar);
    if (!key) refuse(mark, scalar.is_null() ? "a map key is missing" : "a list or map cannot be a map key");
    OpenCollection& map = open_.back();
    if (map.built.value.get_object().contains(*key)) refuse(mark, "duplicate key " + write(Value(*key)));
    map.built.cost += key->size();
    map.key = std::move(key);
    map.key_mark = mark;
  }

  void add(const YAML::Mark& mark, Built built) {
    if (open_.empty()) {
      if (!built.value.is_null()) documents_.push_back({std::move(built.value), mark.line + 1});
      return;
    }
    OpenCollection& parent = open_.back();
    parent.built.cost += built.cost;
    parent.built.height = std::max(parent.built.height, built.height + 1);
    if (parent.built.value.is_array()) {
      parent.built.value.get_array().push_back(std::move(built.value));
    } else if (std::exchange(parent.is_merge_key, false)) {
      add_merge(mark, parent, std::move(built.value));
      parent.key.reset();
    } else {
      parent.built.value.get_object().emplace(*parent.key, std::move(built.value));
      parent.key.reset();
    }
  }

  static void add_merge(const YAML::Mark& mark, OpenCollection& map, Value source) {
    if (source.is_object()) return map.merges.push_back(std::move(source));
    Array* sources = source.if_array();
    if (!sources || !std::all_of(sources->begin(), sources->end(), [](const Value& v) { return v.is_object(); }))
      refuse(mark, "what << merges must be a map or a list of maps");
    for (Value& item : *sources) map.merges.push_back(std::move(item));
  }

  static Value typed_scalar(const YAML::Mark& mark, const std::string& tag, const std::string& text) {
    if (tag == "?") {
      auto value = resolve_plain(text);
      if (!value) refuse(mark, "JSON has no " + text);
      return *std::move(value);
    }
    const std::string_view type = tag.starts_with(kTagPrefix) ? std::string_view(tag).substr(kTagPrefix.size()) : "";
    if (type == "binary") refuse(mark, "!!binary is not supported; write the text itself");
    if (type != "int" && type != "float" && type != "bool" && type != "null") return Value(text);
    auto value = resolve_plain(text);
    const bool fits = value && (type == "int"    ? value->is_int64() || value->is_uint64()
                                : type == "bool" ? value->is_bool()
                                : type == "null" ? value->is_null()
                                                 : value->is_number());
    if (!fits) refuse(mark, "not a value of type !!" + std::string(type) + ": " + write(Value(text)));
    return *std::move(value);
  }

  std::string_view text_;
  std::optional<YAML::Mark> last_quoted_;
  int last_start_ = -1;  // line where the latest document began
  std::vector<OpenCollection> open_;
  std::map<YAML::anchor_t, Built> anchors_;
  std::size_t alias_cost_ = 0;
  std::vector<YamlDocument> documents_;
};

// Bytes that no YAML text has. yaml-cpp would guess at other encodings or drop them.
Status check_characters(std::string_view text) {
  YAML::Mark mark;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t bytes = code_point_bytes(rest);
    if (bytes == 0) return fail(Code::kInvalid, "malformed YAML at " + position(mark) + ": not UTF-8");
    const auto c = static_cast<unsigned char>(rest.front());
    if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F)
      return fail(Code::kInvalid, "malformed YAML at " + position(mark) + ": control character");
    mark.column += static_cast<int>(bytes);
    if (c == '\n') {
      ++mark.line;
      mark.column = 0;
    }
    rest.remove_prefix(bytes);
  }
  return {};
}

// JSON documents one after another; empty when the text is anything else. YAML covers nearly all of JSON, but neither
// tabs, "\/" nor surrogate pairs, and is far slower.
std::optional<std::vector<YamlDocument>> parse_json_documents(std::string_view text) {
  std::vector<YamlDocument> documents;
  int line = 1;
  const auto skip = [&text, &line](std::size_t bytes) {
    line += static_cast<int>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(bytes), '\n'));
    text.remove_prefix(bytes);
  };
  for (;;) {
    const std::size_t start = text.find_first_not_of(" \t\r\n");
    if (start == std::string_view::npos) break;
    skip(start);
    if (text.front() != '{' && text.front() != '[') return std::nullopt;
    boost::json::parse_options options;
    options.max_depth = YamlLimits::kDepth;
    boost::json::stream_parser parser({}, options);
    boost::json::error_code error;
    const std::size_t read = parser.write_some(text.data(), text.size(), error);
    if (error || !parser.done()) return std::nullopt;
    documents.push_back({parser.release(), line});
    skip(read);
  }
  return documents;
}

}  // namespace

Result<std::vector<YamlDocument>> locate_yaml_documents(std::string_view text) {
  if (text.size() > YamlLimits::kTextBytes)
    return fail(Code::kInvalid, "text of " + std::to_string(text.size()) + " bytes is too long; the limit is " +
                                    std::to_string(YamlLimits::kTextBytes));
  if (auto documents = parse_json_documents(text)) return *std::move(documents);
  CHECK_OK(check_characters(text));
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    DocumentBuilder builder(text);
    while (parser.HandleNextDocument(builder)) {}
    return builder.take_documents();
  } catch (const YAML::Exception& error) {
    return fail(Code::kInvalid, "malformed YAML at " + position(error.mark) + ": " + valid_text(error.msg));
  }
}

Result<std::vector<Value>> parse_yaml_documents(std::string_view text) {
  TRY(auto located, locate_yaml_documents(text));
  std::vector<Value> documents;
  for (YamlDocument& document : located) documents.push_back(std::move(document.value));
  return documents;
}

Result<Value> parse_yaml(std::string_view text) {
  TRY(auto documents, parse_yaml_documents(text));
  if (documents.empty()) return Value(nullptr);
  if (documents.size() > 1) return fail(Code::kInvalid, "more than one document where one is expected");
  return std::move(documents.front());
}

}  // namespace canaria::json
