#include "store/object_selection.h"

#include <algorithm>

#include "json/write.h"

namespace canaria::store {
namespace {

// The pieces between unescaped commas, escapes still in them.
std::vector<std::string_view> split_terms(std::string_view text) {
  std::vector<std::string_view> terms;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\') ++at;
    else if (text[at] == ',') {
      terms.push_back(text.substr(begin, at - begin));
      begin = at + 1;
    }
  }
  terms.push_back(text.substr(begin));
  return terms;
}

Result<std::string> unescape(std::string_view text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == ',' || text[at] == '=')
      return fail(Code::kInvalid, "invalid field selector: unescaped character in value: " + std::string(1, text[at]));
    if (text[at] == '\\') {
      ++at;
      if (at == text.size() || (text[at] != '\\' && text[at] != ',' && text[at] != '='))
        return fail(Code::kInvalid, "invalid field selector: invalid escape sequence: " + std::string(text.substr(at - 1, 2)));
    }
    plain += text[at];
  }
  return plain;
}

Result<FieldRequirement> parse_term(std::string_view term) {
  for (std::size_t at = 0; at < term.size(); ++at) {
    const std::string_view rest = term.substr(at);
    std::size_t width = 0;
    if (rest.starts_with("!=") || rest.starts_with("==")) width = 2;
    else if (rest.starts_with("=")) width = 1;
    else continue;
    FieldRequirement requirement;
    requirement.field = std::string(term.substr(0, at));
    requirement.match = rest.front() == '!' ? FieldMatch::kNotEquals : FieldMatch::kEquals;
    TRY(requirement.value, unescape(rest.substr(width)));
    return requirement;
  }
  return fail(Code::kInvalid, "invalid selector: '" + std::string(term) + "'; can't understand '" + std::string(term) + "'");
}

// Field values are compared as text, whatever they are in the object.
std::string field_text(const json::Value& object, std::string_view path) {
  const json::Value* value = json::find(object, path);
  if (!value || value->is_null()) return "";
  return value->is_string() ? std::string(value->get_string()) : json::write(*value);
}

}  // namespace

Result<std::vector<FieldRequirement>> parse_field_selector(std::string_view text) {
  std::vector<FieldRequirement> requirements;
  for (const std::string_view term : split_terms(text)) {
    if (term.empty()) continue;
    TRY(FieldRequirement requirement, parse_term(term));
    requirements.push_back(std::move(requirement));
  }
  return requirements;
}

Result<ObjectSelection::FieldTest> ObjectSelection::find_field(const ResourcePolicy& policy,
                                                               const FieldRequirement& requirement) {
  FieldTest test;
  test.match = requirement.match;
  test.value = requirement.value;
  if (requirement.field == "metadata.name") {
    test.source = Source::kName;
    return test;
  }
  if (requirement.field == "metadata.namespace") {
    test.source = Source::kNamespace;
    return test;
  }
  // Compat: the field of an Event's source.component is called "source".
  const std::string path = requirement.field == "source" ? "source.component" : requirement.field;
  const auto found = std::find(policy.selectable_fields.begin(), policy.selectable_fields.end(), path);
  if (found == policy.selectable_fields.end()) return fail(Code::kInvalid, "field label not supported: " + requirement.field);
  test.index = static_cast<std::size_t>(found - policy.selectable_fields.begin());
  return test;
}

Result<ObjectSelection> ObjectSelection::make(const ResourcePolicy& policy, std::string namespace_,
                                              const std::string& label_selector, const std::string& field_selector) {
  ObjectSelection selection;
  selection.namespace_ = std::move(namespace_);
  TRY(selection.labels_, lang::parse_selector(label_selector));
  TRY(const std::vector<FieldRequirement> fields, parse_field_selector(field_selector));
  for (const FieldRequirement& requirement : fields) {
    TRY(FieldTest test, find_field(policy, requirement));
    selection.fields_.push_back(std::move(test));
  }
  return selection;
}

bool ObjectSelection::matches(const api::ObjectKey& key, const StoredObject& object) const {
  if (!namespace_.empty() && key.namespace_ != namespace_) return false;
  for (const FieldTest& test : fields_) {
    static const std::string kNothing;
    const std::string& value = test.source == Source::kName        ? key.name
                               : test.source == Source::kNamespace ? key.namespace_
                               : test.index < object.fields.size() ? object.fields[test.index]
                                                                   : kNothing;
    if ((value == test.value) != (test.match == FieldMatch::kEquals)) return false;
  }
  return lang::matches(labels_, object.labels);
}

void index_object(const ResourcePolicy& policy, const json::Value& object, StoredObject& stored) {
  const json::Value* labels = json::find(object, "metadata.labels");
  if (labels && labels->is_object())
    for (const auto& [key, value] : labels->get_object())
      if (value.is_string()) stored.labels.emplace(key, value.get_string());
  stored.fields.reserve(policy.selectable_fields.size());
  for (const std::string& path : policy.selectable_fields) stored.fields.push_back(field_text(object, path));
}

}  // namespace canaria::store
