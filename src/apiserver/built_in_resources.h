// The resources that are served without any CustomResourceDefinition: the kinds of Kubernetes that one machine needs, our
// five, and those of Gateway API. Names, short names and categories are those that kubectl users know.
#pragma once

#include <vector>

#include "apiserver/served_resources.h"

namespace canaria::apiserver {

std::vector<ServedResource> built_in_resources();

// The subresources that follow from a resource's policy and scale ("status", "scale"), by name.
std::vector<Subresource> general_subresources(const ServedResource& served);

}  // namespace canaria::apiserver
