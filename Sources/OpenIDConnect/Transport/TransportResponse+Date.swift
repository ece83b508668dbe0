import ByteText
package import FoundationEssentials

extension TransportResponse {
    /// When the answer was made, by the provider's clock (`Date`, RFC 9110 §6.6.1); `nil` where it does not say so in the form
    /// that is to be sent, `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7).
    package var date: Date? {
        let values = values("Date")
        guard values.count == 1 else { return nil }
        let parts = values[0].utf8.split(at: " ")
        guard parts.map(\.utf8.count) == [4, 2, 3, 4, 8, 3], parts[0].utf8.hasSuffix(","), parts[5].isExactly("GMT"),
            let month = Self.months.firstIndex(where: { $0.isExactly(parts[2]) })
        else { return nil }
        let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        return try? Date("\(parts[3])-\(number)-\(parts[1])T\(parts[4])Z", strategy: .iso8601)
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
