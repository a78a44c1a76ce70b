// Reads the table language of schema.h. Tables are compiled in, so mistakes are bugs: they abort with the offending word.
#include <array>
#include <cctype>
#include <cstdio>
#include <cstdlib>

#include "json/schema.h"

namespace canaria::json {

namespace {

struct Scalar {
  std::string_view name;
  Type type;
};
constexpr std::array kScalars{
    Scalar{"string", Type::kString},
    Scalar{"int32", Type::kInt32},
    Scalar{"int64", Type::kInt64},
    Scalar{"bool", Type::kBool},
    Scalar{"number", Type::kNumber},
    Scalar{"quantity", Type::kQuantity},
    Scalar{"int-or-string", Type::kIntOrString},
    Scalar{"time", Type::kTime},
    Scalar{"any", Type::kAny},
    Scalar{"any-object", Type::kAnyObject},
};

std::vector<std::string> split_names(std::string_view text) {
  std::vector<std::string> names;
  while (!text.empty()) {
    const auto comma = text.find(',');
    names.emplace_back(text.substr(0, comma));
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
  }
  return names;
}

}  // namespace

class TableReader {
 public:
  TableReader(SchemaSet& set, CanonicalText quantity, bool built_in) : set_(set), quantity_(quantity), built_in_(built_in) {}

  enum class Descriptions { kKept, kLeftOut };
  void read(std::string_view table, Descriptions descriptions) {
    rest_ = table;
    descriptions_ = descriptions;
    for (std::string_view word = next_word(); !word.empty(); word = next_word()) read_type(word);
  }

 private:
  [[noreturn]] void stop(std::string_view what, std::string_view word) const {
    std::fprintf(stderr, "schema table: %.*s: \"%.*s\" near \"%.*s\"\n", static_cast<int>(what.size()), what.data(),
                 static_cast<int>(word.size()), word.data(), static_cast<int>(std::min<std::size_t>(rest_.size(), 60)),
                 rest_.data());
    std::abort();
  }

  void skip_blanks(std::string_view blanks) {
    for (;;) {
      rest_.remove_prefix(std::min(rest_.find_first_not_of(blanks), rest_.size()));
      if (!rest_.starts_with('#')) return;
      rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size()));
    }
  }

  // The next word on any line; words end at blanks, quoted text and parenthesized text belong to their word.
  std::string_view next_word() {
    skip_blanks(" \n");
    return take_word();
  }
  // The next word on this line, or empty.
  std::string_view next_attribute() {
    skip_blanks(" ");
    return rest_.starts_with('\n') ? std::string_view() : take_word();
  }
  std::string_view take_word() {
    std::size_t end = 0;
    bool quoted = false;
    int depth = 0;
    for (; end < rest_.size(); ++end) {
      const char letter = rest_[end];
      if (letter == '"') quoted = !quoted;
      if (letter == '\n' || (letter == ' ' && !quoted && depth == 0)) break;
      if (!quoted && letter == '(') ++depth;
      if (!quoted && letter == ')') --depth;
    }
    const std::string_view word = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return word;
  }

  Schema& named(std::string_view name) {
    const auto known = set_.types_.find(name);
    if (known != set_.types_.end()) return *known->second;
    Schema& node = set_.nodes_.emplace_back();
    node.type = Type::kObject;
    node.name = name;
    set_.types_.emplace(name, &node);
    return node;
  }

  const Schema& type_of(std::string_view text) {
    if (text.size() > 2 && (text.front() == '[' || text.front() == '{')) {
      const Schema& element = type_of(text.substr(1, text.size() - 2));
      Schema& node = set_.nodes_.emplace_back();
      node.type = text.front() == '[' ? Type::kArray : Type::kMap;
      node.element = &element;
      return node;
    }
    for (const Scalar& scalar : kScalars) {
      if (scalar.name != text) continue;
      Schema& node = set_.nodes_.emplace_back();
      node.type = scalar.type;
      if (scalar.type == Type::kQuantity) node.canonical_text = quantity_;
      return node;
    }
    if (text.empty() || !std::isupper(static_cast<unsigned char>(text.front()))) stop("unknown type", text);
    return named(text);
  }

  void read_type(std::string_view name) {
    Schema& type = named(name);
    if (!set_.defined_.insert(&type).second) stop("type defined twice", name);
    std::string_view word = next_word();
    for (; word != "{"; word = next_word()) {
      if (word == "atomic") type.atomic = true;
      else if (word == "atomic-built-in") type.atomic = built_in_;
      else if (word.starts_with('"')) type.description = description(word);
      else stop("expected {", word);
    }
    std::vector<Field> fields;
    for (word = next_word(); word != "}"; word = next_word()) {
      if (!word.ends_with(':')) stop("expected \"field:\"", word);
      fields.push_back(read_field(word.substr(0, word.size() - 1)));
    }
    type.fields = std::move(fields);
  }

  Field read_field(std::string_view name) {
    Field field;
    field.name = name;
    std::string_view type = next_attribute();
    if (type.ends_with('?')) {
      field.pointer = true;
      type.remove_suffix(1);
    }
    field.schema = &type_of(type);
    for (std::string_view word = next_attribute(); !word.empty(); word = next_attribute()) read_attribute(field, word);
    return field;
  }

  void read_attribute(Field& field, std::string_view word) {
    const auto argument = [&](std::string_view attribute) -> std::optional<std::string_view> {
      if (!word.starts_with(attribute) || !word.substr(attribute.size()).starts_with('(')) return std::nullopt;
      return word.substr(attribute.size() + 1, word.size() - attribute.size() - 2);
    };
    const bool is_list = field.schema->type == Type::kArray;
    if (word == "required") field.required = true;
    else if (word == "always") field.always = true;
    else if (word == "opaque") field.opaque = !built_in_;
    else if (word == "bare") field.bare = true;
    else if (word == "immutable") field.immutable = true;
    else if (word == "retain-keys") field.retain_keys = true;
    else if (word == "atomic" && is_list) field.list = ListType::kAtomic;
    else if (word == "atomic") field.atomic = true;
    else if (word == "set") field.list = ListType::kSet;
    else if (const auto keys = argument("keys")) field.list = ListType::kMap, field.keys = split_names(*keys);
    else if (const auto only = argument("only")) field.only = built_in_ ? std::vector<std::string>() : split_names(*only);
    else if (const auto text = argument("default")) field.default_value = read_default(*text);
    else if (word.starts_with('"')) field.description = description(word);
    else stop("unknown attribute", word);
  }

  std::string_view description(std::string_view quoted) const {
    return descriptions_ == Descriptions::kKept ? quoted.substr(1, quoted.size() - 2) : std::string_view();
  }

  Value read_default(std::string_view text) const {
    auto value = parse(text);
    if (!value) stop("default is no JSON", text);
    return *std::move(value);
  }

  SchemaSet& set_;
  CanonicalText quantity_;
  bool built_in_;
  Descriptions descriptions_ = Descriptions::kKept;
  std::string_view rest_;
};

const Field* Schema::field(std::string_view field_name) const {
  for (const Field& candidate : fields)
    if (candidate.name == field_name) return &candidate;
  return nullptr;
}

SchemaSet::SchemaSet(const std::vector<std::string_view>& tables, CanonicalText quantity, const TableReading& reading) {
  TableReader reader(*this, quantity, reading.built_in);
  for (const std::string_view table : tables) reader.read(table, TableReader::Descriptions::kKept);
  for (const std::string_view table : reading.undescribed) reader.read(table, TableReader::Descriptions::kLeftOut);
  for (const auto& [name, type] : types_) {
    if (defined_.contains(type)) continue;
    std::fprintf(stderr, "schema table: type \"%s\" is used but not defined\n", name.c_str());
    std::abort();
  }
}

const Schema* SchemaSet::find(std::string_view type_name) const {
  const auto known = types_.find(type_name);
  return known == types_.end() ? nullptr : known->second;
}

const Schema& SchemaSet::operator[](std::string_view type_name) const {
  const Schema* known = find(type_name);
  if (!known) {
    std::fprintf(stderr, "schema table: no type \"%.*s\"\n", static_cast<int>(type_name.size()), type_name.data());
    std::abort();
  }
  return *known;
}

}  // namespace canaria::json
