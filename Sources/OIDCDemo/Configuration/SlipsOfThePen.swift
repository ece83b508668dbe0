import ByteText
import WebLogin

/// Settings that nobody reads but somebody may have meant: unknown ones in our own file or behind a provider's prefix,
/// and those of the environment that are one or two characters away from one of ours.
func slipsOfThePen(
    environment: [String: String], file: [String: String], prefixes names: [ProviderName]
) -> [SettingProblem] {
    let prefixes = names.map(settingPrefix)
    var known = Set(Setting.allCases.map(\.rawValue))
    for prefix in prefixes { known.formUnion(Setting.withPrefix.map { prefix + $0.rawValue }) }
    let home: Set = ["HOME", "XDG_STATE_HOME"]
    return Set(environment.keys).union(file.keys).subtracting(known).subtracting(home).sorted().compactMap { name in
        let nearest = known.sorted().first { isNear(name, $0) }
        let isOurs = file[name] != nil || prefixes.contains { name.utf8.hasPrefix($0) }
        guard isOurs || nearest != nil else { return nil }
        return SettingProblem(
            .unknown, name, "is no setting of oidc-demo, and nothing reads it",
            remedy: nearest.map { "Did you mean \($0)?" } ?? "See oidc-demo --help for the settings.")
    }
}

/// Whether two names differ by at most two characters put in, left out or exchanged. Short names do not count: too many
/// programs have one.
private func isNear(_ name: String, _ setting: String) -> Bool {
    let (left, right) = (Array(name.utf8), Array(setting.utf8))
    guard left.count >= 7, right.count >= 7, abs(left.count - right.count) <= 2 else { return false }
    var distances = Array(0...right.count)
    for (row, byte) in left.enumerated() {
        var diagonal = distances[0]
        distances[0] = row + 1
        for (column, other) in right.enumerated() {
            let exchanged = diagonal + (byte == other ? 0 : 1)
            diagonal = distances[column + 1]
            distances[column + 1] = min(exchanged, diagonal + 1, distances[column] + 1)
        }
    }
    return distances[right.count] <= 2
}
