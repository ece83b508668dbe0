package import FoundationEssentials

extension TransportResponse {
    /// When the answer was made, by the provider's clock (`Date`, RFC 9110 §6.6.1); `nil` where it does not say so in the form
    /// that is to be sent, `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7).
    package var date: Date? {
        let values = values("Date")
        guard values.count == 1, values[0].utf8.count == 29, values[0].utf8.allSatisfy({ $0 < 0x80 }) else {
            return nil
        }
        let parts = values[0].split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0].count == 4, parts[0].last == ",", parts[5] == "GMT", parts[1].count == 2,
            parts[3].count == 4, parts[4].count == 8, let month = Self.months.firstIndex(of: String(parts[2]))
        else { return nil }
        let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        return try? Date("\(parts[3])-\(number)-\(parts[1])T\(parts[4])Z", strategy: .iso8601)
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
