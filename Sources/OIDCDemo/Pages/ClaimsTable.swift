import FoundationEssentials
import JOSE

/// Draws what a provider says about a user as a table: the claim, its meaning, its value.
enum ClaimsTable {
    /// More claims than this are counted, not shown.
    private static let maximumRows = 200
    /// Longer lists are counted, not shown.
    private static let maximumItems = 50
    private static let maximumCharacters = 500

    /// The table of all claims, the standard ones first.
    static func html(_ claims: JSONObject) -> HTML {
        let members = claims.members
        let ranked = members.indices.map { (rank: ClaimMeaning.rank(of: members[$0].name), place: $0) }
        let sorted = ranked.sorted { ($0.rank, $0.place) < ($1.rank, $1.place) }
        let rows = sorted.prefix(maximumRows).map { rank, place in
            row(members[place].name, members[place].value, ClaimMeaning.known(at: rank))
        }
        let left = sorted.count - rows.count
        let rest: HTML? = left > 0 ? "<p class=\"cut\">… and \(left) more claims</p>" : nil
        // The roles stay said aloud where a narrow page lays the table out as blocks.
        return """
            <table class="claims" role="table">
            <caption class="unseen">The claims of the user info</caption>
            <thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Claim</th>\
            <th role="columnheader" scope="col">Value</th><th role="columnheader" scope="col">Meaning</th></tr></thead>
            <tbody role="rowgroup">
            \(rows)</tbody>
            </table>
            \(rest)
            """
    }

    private static let own: HTML = "<span class=\"own\">The provider's own claim</span>"

    private static func row(_ claim: String, _ claimValue: JSONValue, _ known: ClaimMeaning.Known?) -> HTML {
        """
        <tr role="row"><th role="rowheader" scope="row"><code>\(.foreign(claim, limit: 100))</code></th>\
        <td role="cell" class="value">\(value(claimValue, isTime: known?.isTime ?? false))</td>\
        <td role="cell" class="meaning">\(known?.html ?? own)</td></tr>

        """
    }

    private static func value(_ value: JSONValue, isTime: Bool) -> HTML {
        switch value {
        case .number where isTime:
            if let seconds = value.integer, let time = UTCTime(secondsSince1970: seconds) {
                return "\(time.html) <span class=\"own\">\(value.text)</span>"
            }
            return scalar(value)
        case .array(let items) where items.allSatisfy(isScalar):
            if items.isEmpty { return "<span class=\"own\">none</span>" }
            let shown: [HTML] = items.prefix(maximumItems).map { "<li>\(scalar($0))</li>" }
            let left = items.count - shown.count
            let rest: HTML? = left > 0 ? "<li class=\"cut\">… and \(left) more</li>" : nil
            return "<ul class=\"items\">\(shown)\(rest)</ul>"
        case .object(let object)
        where object.count <= maximumItems && object.members.allSatisfy({ isScalar($0.value) }):
            let pairs: [HTML] = object.members.map { member in
                "<dt>\(.foreign(member.name, limit: 100))</dt><dd>\(scalar(member.value))</dd>"
            }
            return pairs.isEmpty ? "<span class=\"own\">nothing</span>" : "<dl class=\"parts\">\(pairs)</dl>"
        case .array, .object: return "<code>\(.foreign(value.text, limit: maximumCharacters))</code>"
        default: return scalar(value)
        }
    }

    private static func scalar(_ value: JSONValue) -> HTML {
        switch value {
        case .string(let text) where text.isEmpty: "<span class=\"own\">empty</span>"
        case .string(let text): "\(.foreign(text, limit: maximumCharacters))"
        default: "<code>\(.foreign(value.text, limit: maximumCharacters))</code>"
        }
    }

    private static func isScalar(_ value: JSONValue) -> Bool {
        switch value {
        case .array, .object: false
        default: true
        }
    }
}
