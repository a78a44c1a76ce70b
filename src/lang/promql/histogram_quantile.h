// histogram_quantile(): the value below which a share of the observations of a histogram lies, from its cumulative buckets.
#pragma once

#include <vector>

namespace canaria::lang::promql {

struct Bucket {
  double upper_bound = 0;
  double count = 0;  // of all observations up to the bound
};

// Linear within the bucket that holds the rank; the first bucket starts at 0 when its bound is positive. The last bound where
// the rank lies in the bucket without bound. NaN without a +Inf bucket, with fewer than two buckets, without observations.
double histogram_quantile(double q, std::vector<Bucket> buckets);

}  // namespace canaria::lang::promql
