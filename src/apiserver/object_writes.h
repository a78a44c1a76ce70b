// create, update, patch and delete: the body and the options of the request become one write of the store, whose outcome is
// the answer.
#pragma once

#include "apiserver/api_request.h"
#include "ports/clock.h"
#include "store/object_store.h"

namespace canaria::apiserver {

class ObjectWrites {
 public:
  ObjectWrites(store::ObjectStore& store, const Clock& clock) : store_(store), clock_(clock) {}

  Task<net::ServerResponse> create(RequestPointer request);
  Task<net::ServerResponse> update(RequestPointer request);
  Task<net::ServerResponse> patch(RequestPointer request);
  Task<net::ServerResponse> remove(RequestPointer request);
  Task<net::ServerResponse> remove_all(RequestPointer request);

 private:
  // A patch of an object that is stored in another form: read in this form, patched, written back.
  Task<Result<json::Value>> patch_shown_form(RequestPointer request, PatchKind kind, json::Value patch, WriteOptions options);
  net::ServerResponse show_removed(const ApiRequest& request, const json::Value& object);

  store::ObjectStore& store_;
  const Clock& clock_;
};

}  // namespace canaria::apiserver
