// Where measurements come from: one block per metric provider.
#include "api/schema/tables.h"

namespace canaria::api::schema {

const std::string_view kMetricProviderTable = R"(
MetricProvider {
  prometheus: PrometheusMetric
  kayenta: KayentaMetric
  web: WebMetric
  datadog: DatadogMetric
  wavefront: WavefrontMetric
  newRelic: NewRelicMetric
  job: JobMetric
  cloudWatch: CloudWatchMetric
  graphite: GraphiteMetric
  influxdb: InfluxdbMetric
  skywalking: SkyWalkingMetric
  plugin: any-object
}
MetricHeader {
  key: string required always
  value: string required always
}
MetricAuthentication {
  sigv4: Sigv4Authentication always
  oauth2: OAuth2Authentication always
  basicAuth: BasicAuthentication always
}
Sigv4Authentication {
  region: string
  profile: string
  roleArn: string
}
OAuth2Authentication {
  tokenUrl: string
  clientId: string
  clientSecret: string
  scopes: [string]
}
BasicAuthentication {
  username: string
  password: string
}
PrometheusMetric {
  address: string
  query: string
  authentication: MetricAuthentication always
  timeout: int64?
  insecure: bool
  headers: [MetricHeader] atomic
  rangeQuery: PrometheusRangeQuery
}
PrometheusRangeQuery {
  start: string
  end: string
  step: string
}
KayentaMetric {
  address: string always
  application: string always
  canaryConfigName: string always
  metricsAccountName: string always
  configurationAccountName: string always
  storageAccountName: string always
  threshold: KayentaThreshold always
  scopes: [KayentaScope] always atomic
  lookback: bool
}
KayentaThreshold {
  pass: int64 always
  marginal: int64 always
}
KayentaScope {
  name: string always
  controlScope: KayentaScopeDetail always
  experimentScope: KayentaScopeDetail always
}
KayentaScopeDetail {
  scope: string always
  region: string always
  step: int64 always
  start: string always
  end: string always
}
WebMetric {
  method: string
  url: string required always
  headers: [MetricHeader] atomic
  body: string
  timeoutSeconds: int64
  jsonPath: string
  insecure: bool
  jsonBody: any-object
  authentication: MetricAuthentication always
}
DatadogMetric {
  interval: string default("5m")
  query: string
  queries: {string}
  formula: string
  apiVersion: string default("v1")
  aggregator: string
  secretRef: DatadogSecretRef always
  requestTimeout: string default("10s")
}
DatadogSecretRef {
  name: string
  namespaced: bool
}
WavefrontMetric {
  address: string
  query: string
}
NewRelicMetric {
  profile: string
  query: string required always
  timeout: int64?
}
JobMetric {
  metadata: ObjectMeta always only(labels,annotations)
  spec: JobSpec required always
}
CloudWatchMetric {
  interval: string
  metricDataQueries: [CloudWatchQuery] always atomic
}
CloudWatchQuery {
  id: string
  expression: string?
  label: string?
  metricStat: CloudWatchMetricStat
  period: int-or-string?
  returnData: bool?
}
CloudWatchMetricStat {
  metric: CloudWatchMetricId always
  period: int-or-string always
  stat: string
  unit: string
}
CloudWatchMetricId {
  dimensions: [CloudWatchDimension] atomic
  metricName: string
  namespace: string?
}
CloudWatchDimension {
  name: string
  value: string
}
GraphiteMetric {
  address: string
  query: string
}
InfluxdbMetric {
  profile: string
  query: string
}
SkyWalkingMetric {
  address: string
  query: string
  interval: string
}
)";

}  // namespace canaria::api::schema
