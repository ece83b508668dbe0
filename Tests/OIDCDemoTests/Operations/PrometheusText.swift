import Foundation

/// A strict reader of Prometheus's text format, version 0.0.4: `HELP` and `TYPE` once for each metric, before its samples
/// and nobody else's; every escape one of the format's; each series once; histograms that add up.
struct PrometheusText {
    struct Malformed: Error, CustomStringConvertible {
        let description: String
        init(_ what: String, _ line: some StringProtocol) { description = "\(what): \(String(line).debugDescription)" }
    }

    struct Sample: Hashable {
        let name: String
        let labels: [String: String]
    }

    /// The samples' values.
    private(set) var values: [Sample: Double] = [:]
    /// The metrics' types.
    private(set) var types: [String: String] = [:]

    /// The value of a series; 0 where it is not there.
    func value(_ name: String, _ labels: [String: String] = [:]) -> Double {
        values[Sample(name: name, labels: labels)] ?? 0
    }

    init(_ text: String) throws {
        guard text.hasSuffix("\n") else { throw Malformed("no line end at the end", text.suffix(20)) }
        var (name, helped) = ("", Set<String>())
        for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
            if let help = line.wholeMatch(of: /# HELP ([a-z_]+) [^\\]+/) {
                name = String(help.1)
                guard helped.insert(name).inserted else { throw Malformed("HELP again", line) }
            } else if let type = line.wholeMatch(of: /# TYPE ([a-z_]+) (counter|gauge|histogram)/) {
                guard type.1 == name, types.updateValue(String(type.2), forKey: name) == nil else {
                    throw Malformed("TYPE out of place", line)
                }
            } else {
                let (sample, value) = try Self.sample(line)
                let suffixes = types[name] == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
                guard suffixes.contains(where: { sample.name == name + $0 }) else {
                    throw Malformed("sample out of place", line)
                }
                guard values.updateValue(value, forKey: sample) == nil else { throw Malformed("series again", line) }
            }
        }
        for (name, type) in types where type == "histogram" { try checkHistogram(name) }
    }

    private static func sample(_ line: Substring) throws -> (Sample, Double) {
        guard let match = line.wholeMatch(of: /([a-z_]+)(?:\{(.+)\})? ([0-9.e+-]+)/), let value = Double(match.3) else {
            throw Malformed("no sample", line)
        }
        var labels: [String: String] = [:]
        var rest = match.2 ?? ""
        while !rest.isEmpty {
            guard let pair = rest.prefixMatch(of: /([a-z_]+)="((?:[^\\"]|\\[\\"n])*)"(,|$)/) else {
                throw Malformed("no label", rest)
            }
            let text = pair.2.replacing("\\\\", with: "\u{0}").replacing("\\\"", with: "\"")
                .replacing("\\n", with: "\n").replacing("\u{0}", with: "\\")
            guard labels.updateValue(String(text), forKey: String(pair.1)) == nil else {
                throw Malformed("label again", rest)
            }
            rest = rest[pair.range.upperBound...]
        }
        return (Sample(name: String(match.1), labels: labels), value)
    }

    private func checkHistogram(_ name: String) throws {
        for (sample, count) in values where sample.name == name + "_count" {
            let buckets = values.filter { other, _ in
                var labels = other.labels
                labels["le"] = nil
                return other.name == name + "_bucket" && labels == sample.labels
            }.map { (Double($0.key.labels["le"] ?? "") ?? .nan, $0.value) }.sorted { $0.0 < $1.0 }
            guard buckets.last?.0 == .infinity, buckets.last?.1 == count,
                zip(buckets, buckets.dropFirst()).allSatisfy({ $0.1 <= $1.1 }),
                values[Sample(name: name + "_sum", labels: sample.labels)] != nil
            else { throw Malformed("histogram that does not add up", name) }
        }
    }
}
