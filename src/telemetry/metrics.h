// Counters, gauges and histograms with labels, written in the Prometheus text format. Lives on the loop, takes no locks.
//
// A series exists from its first use until it is forgotten; a family without labels exists at once. What is cheaper to compute
// than to keep (info about objects, the process) is set by a collector just before the text is written.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace canaria::telemetry {

// The values of a family's labels, in the order of its names.
using LabelValues = std::vector<std::string>;

struct FamilyHeader {
  std::string name;
  std::string help;
  std::vector<std::string> labels;
};

class Family {
 public:
  virtual ~Family() = default;
  virtual void write(std::string& out) const = 0;
  // Removes the series whose first labels have these values.
  virtual void forget(const LabelValues& first) = 0;
};

// Values by labels: what counters and gauges have in common.
class NumberFamily : public Family {
 public:
  NumberFamily(FamilyHeader header, const char* type);
  void write(std::string& out) const override;
  void forget(const LabelValues& first) override;
  // 0 when there is no such series.
  double value(const LabelValues& labels) const;
  std::size_t size() const { return series_.size(); }

 protected:
  double& at(const LabelValues& labels);
  std::map<LabelValues, double> series_;

 private:
  FamilyHeader header_;
  const char* type_;
};

class CounterFamily final : public NumberFamily {
 public:
  explicit CounterFamily(FamilyHeader header) : NumberFamily(std::move(header), "counter") {}
  void add(const LabelValues& labels, double amount = 1) { at(labels) += amount; }
  // For a collector that reads a total kept elsewhere.
  void set_total(const LabelValues& labels, double total) { at(labels) = total; }
};

class GaugeFamily final : public NumberFamily {
 public:
  explicit GaugeFamily(FamilyHeader header) : NumberFamily(std::move(header), "gauge") {}
  void set(const LabelValues& labels, double value) { at(labels) = value; }
  void clear() { series_.clear(); }
};

class HistogramFamily final : public Family {
 public:
  // bounds: upper bounds in increasing order, without infinity.
  HistogramFamily(FamilyHeader header, std::vector<double> bounds);
  void observe(const LabelValues& labels, double value);
  void write(std::string& out) const override;
  void forget(const LabelValues& first) override;
  std::uint64_t count(const LabelValues& labels) const;

 private:
  struct Series {
    std::vector<std::uint64_t> buckets;  // not cumulative; the last one is above all bounds
    double sum = 0;
    std::uint64_t count = 0;
  };
  FamilyHeader header_;
  std::vector<double> bounds_;
  std::map<LabelValues, Series> series_;
};

class Registry {
 public:
  Registry();
  ~Registry();
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  // REQUIRES: a valid name that is not taken. The family lives as long as the registry.
  CounterFamily& counter(std::string name, std::string help, std::vector<std::string> labels = {});
  GaugeFamily& gauge(std::string name, std::string help, std::vector<std::string> labels = {});
  HistogramFamily& histogram(std::string name, std::string help, std::vector<std::string> labels, std::vector<double> bounds);

  // Called before each text().
  void on_collect(std::function<void()> collector);

  // Everything, by name; families without series are left out. Content type: text/plain; version=0.0.4; charset=utf-8.
  std::string text();

 private:
  template <class T>
  T& keep(const std::string& name, std::unique_ptr<T> family);

  std::map<std::string, std::unique_ptr<Family>> families_;
  std::vector<std::function<void()>> collectors_;
};

// `count` bounds from `start`, each `factor` times the one before.
std::vector<double> exponential_bounds(double start, double factor, int count);

}  // namespace canaria::telemetry
