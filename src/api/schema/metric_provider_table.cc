// Where measurements come from: one block per metric provider.
#include "api/schema/tables.h"

namespace canaria::api::schema {

const std::string_view kMetricProviderTable = R"(
MetricProvider {
  prometheus: PrometheusMetric "A query to Prometheus."
  kayenta: KayentaMetric "A canary analysis by Kayenta."
  web: WebMetric "A value out of the JSON of an HTTP answer."
  datadog: DatadogMetric "A query to Datadog."
  wavefront: WavefrontMetric "A query to Wavefront."
  newRelic: NewRelicMetric "A NRQL query to New Relic."
  job: JobMetric "A Job: successful when it completes."
  cloudWatch: CloudWatchMetric "A query to Amazon CloudWatch."
  graphite: GraphiteMetric "A query to Graphite."
  influxdb: InfluxdbMetric "A Flux query to InfluxDB."
  skywalking: SkyWalkingMetric "A GraphQL query to SkyWalking."
  plugin: any-object "Settings of a plugin, under its name."
}
MetricHeader {
  key: string required always "Name of the header."
  value: string required always "Value of the header."
}
MetricAuthentication {
  sigv4: Sigv4Authentication always "Signs requests for Amazon."
  oauth2: OAuth2Authentication always "Gets a token by client credentials."
  basicAuth: BasicAuthentication always "Sends user name and password."
}
Sigv4Authentication {
  region: string "Region of Amazon."
  profile: string "Profile of the credentials file."
  roleArn: string "Role that is taken on."
}
OAuth2Authentication {
  tokenUrl: string "Address that gives the token."
  clientId: string "Name of the client."
  clientSecret: string "Secret of the client."
  scopes: [string] "Scopes that are asked for."
}
BasicAuthentication {
  username: string "User name."
  password: string "Password."
}
PrometheusMetric {
  address: string "Address of Prometheus, like http://prometheus:9090."
  query: string "The query, in PromQL."
  authentication: MetricAuthentication always "How to log in."
  timeout: int64? "Seconds to wait for the answer; 30 when unset."
  insecure: bool "True does not check the certificate."
  headers: [MetricHeader] atomic "Further headers of the request."
  rangeQuery: PrometheusRangeQuery "Asks for values over a time instead of one."
}
PrometheusRangeQuery {
  start: string "Expression for the start of the time, like now() - duration('1h')."
  end: string "Expression for the end of the time."
  step: string "Distance of the values, like 1m."
}
KayentaMetric {
  address: string always "Address of Kayenta."
  application: string always "Name of the application."
  canaryConfigName: string always "Name of the canary configuration."
  metricsAccountName: string always "Account the metrics are read with."
  configurationAccountName: string always "Account the configuration is read with."
  storageAccountName: string always "Account the results are kept with."
  threshold: KayentaThreshold always "Scores for success."
  scopes: [KayentaScope] always atomic "What is compared."
  lookback: bool "True starts each measurement at the start of the first one."
}
KayentaThreshold {
  pass: int64 always "Score, 0 to 100, from which on it is successful."
  marginal: int64 always "Score, 0 to 100, below which it has failed."
}
KayentaScope {
  name: string always "Name of the scope."
  controlScope: KayentaScopeDetail always "The pods that are compared with."
  experimentScope: KayentaScopeDetail always "The pods that are judged."
}
KayentaScopeDetail {
  scope: string always "Name of what is measured."
  region: string always "Its region."
  step: int64 always "Seconds between two values."
  start: string always "Start of the time, RFC 3339."
  end: string always "End of the time, RFC 3339."
}
WebMetric {
  method: string "GET, POST or PUT; GET when unset."
  url: string required always "Address to ask."
  headers: [MetricHeader] atomic "Further headers of the request."
  body: string "Body of the request; not together with jsonBody."
  timeoutSeconds: int64 "Seconds to wait for the answer; 10 when unset."
  jsonPath: string "Path of the value in the answer, like {$.data.ok}; the whole answer when unset."
  insecure: bool "True does not check the certificate."
  jsonBody: any-object "Body of the request, as JSON."
  authentication: MetricAuthentication always "How to log in."
}
DatadogMetric {
  interval: string default("5m") "Time the query looks back."
  query: string "The query; not together with queries."
  queries: {string} "Queries by name, for formula; only with apiVersion v2."
  formula: string "Formula over the queries; only with apiVersion v2."
  apiVersion: string default("v1") "Version of the API: v1 or v2."
  aggregator: string "How several values become one, like avg, max or last; last when unset. Only with apiVersion v2."
  secretRef: DatadogSecretRef always "Secret with address and keys."
  requestTimeout: string default("10s") "Time to wait for the answer."
}
DatadogSecretRef {
  name: string "Name of the Secret."
  namespaced: bool "True takes it from the namespace of the run instead of the controller's."
}
WavefrontMetric {
  address: string "Address of Wavefront."
  query: string "The query."
}
NewRelicMetric {
  profile: string "Secret with the account; newrelic when unset."
  query: string required always "The query, in NRQL."
  timeout: int64? "Seconds to wait for the answer; 5 when unset."
}
JobMetric {
  metadata: ObjectMeta always only(labels,annotations) "Labels and annotations of the Job."
  spec: JobSpec required always "What the Job runs."
}
CloudWatchMetric {
  interval: string "Time the queries look back; 5m when unset."
  metricDataQueries: [CloudWatchQuery] always atomic "The queries, as CloudWatch takes them."
}
CloudWatchQuery {
  id: string "Name of the query, for expressions."
  expression: string? "Expression over other queries, or a SQL query; not together with metricStat."
  label: string? "Name for people."
  metricStat: CloudWatchMetricStat "The metric; not together with expression."
  period: int-or-string? "Seconds of one value."
  returnData: bool? "False keeps the values out of the answer."
}
CloudWatchMetricStat {
  metric: CloudWatchMetricId always "The metric."
  period: int-or-string always "Seconds of one value."
  stat: string "Statistic, like Average or p99."
  unit: string "Unit of the values."
}
CloudWatchMetricId {
  dimensions: [CloudWatchDimension] atomic "Dimensions of the metric."
  metricName: string "Name of the metric."
  namespace: string? "Namespace of the metric, like AWS/ApplicationELB."
}
CloudWatchDimension {
  name: string "Name of the dimension."
  value: string "Value of the dimension."
}
GraphiteMetric {
  address: string "Address of Graphite."
  query: string "The query."
}
InfluxdbMetric {
  profile: string "Secret with address, token and organization; influxdb when unset."
  query: string "The query, in Flux."
}
SkyWalkingMetric {
  address: string "Address of SkyWalking."
  query: string "The query, in GraphQL."
  interval: string "Time the query looks back; 5m when unset."
}
)";

}  // namespace canaria::api::schema
