import ByteText
import FoundationEssentials

extension Metrics {
    /// The media type of ``text``: Prometheus's text format, version 0.0.4.
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// All metrics in Prometheus's text format.
    var text: String {
        let current = current
        var text = ""
        for metric in Metric.allCases {
            text += "# HELP \(metric.rawValue) \(metric.help)\n# TYPE \(metric.rawValue) \(metric.kind)\n"
            switch metric {
            case .build: text += Self.line(metric.rawValue, [("version", About.version)], "1")
            case .start: text += Self.line(metric.rawValue, [], Self.number(startedAt.timeIntervalSince1970))
            case .providerSeconds:
                for (series, histogram) in Self.sorted(current.times, metric) { text += Self.lines(series, histogram) }
            default:
                for (series, count) in Self.sorted(current.counts, metric) {
                    text += Self.line(metric.rawValue, Self.labels(series), "\(count)")
                }
            }
        }
        return text
    }

    private static func sorted<Value>(_ all: [Series: Value], _ metric: Metric) -> [(Series, Value)] {
        all.filter { $0.key.metric == metric }.map { ($0.key, $0.value) }
            .sorted { $0.0.values.lexicographicallyPrecedes($1.0.values) }
    }

    private static func labels(_ series: Series) -> [(String, String)] {
        Array(zip(series.metric.labels, series.values))
    }

    private static func lines(_ series: Series, _ histogram: Histogram) -> String {
        let (name, labels) = (series.metric.rawValue, labels(series))
        var text = ""
        var sum: UInt64 = 0
        for (bound, count) in zip(Histogram.bounds, histogram.buckets) {
            sum += count
            text += line(name + "_bucket", labels + [("le", number(bound))], "\(sum)")
        }
        text += line(name + "_bucket", labels + [("le", "+Inf")], "\(histogram.count)")
        text += line(name + "_sum", labels, number(histogram.sum))
        return text + line(name + "_count", labels, "\(histogram.count)")
    }

    /// One sample. A backslash, a quotation mark and a line end in a label's value are escaped.
    static func line(_ name: String, _ labels: [(String, String)], _ value: String) -> String {
        let pairs = labels.map { label, value in
            let escaped = value.replacing(["\\": "\\\\", "\"": "\\\"", "\n": "\\n"])
            return "\(label)=\"\(escaped)\""
        }
        return name + (pairs.isEmpty ? "" : "{\(pairs.joined(separator: ","))}") + " \(value)\n"
    }

    /// Whole numbers without a fraction.
    private static func number(_ value: Double) -> String {
        Int(exactly: value).map { "\($0)" } ?? "\(value)"
    }
}
